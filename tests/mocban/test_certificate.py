"""The custody certificate: one page, readable, nothing cut, and its proof verifies with nothing of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from domain.errors import TEXTS
from mocban import typeface
from mocban.certificate import Certificate, ChainLink, issue
from mocban.certificate_page import draw
from mocban.environment_problem import EnvironmentProblem
from signing import standalone_verifier
from signing.pades_key import make_pades_key
from tests.signing.small_log import SmallLog, b64, leaf, root

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not there")


def certificate(links: int = 3, title: str = "Hồ sơ xây dựng trường học xã Đông Mỹ năm 1998") -> Certificate:
    """Over a small log, whose registrations are the chain."""
    log = SmallLog()
    log.found()
    acts = [log.register() for _ in range(links)]
    note = log.publish()
    chain = [
        ChainLink(
            date=f"0{n % 9 + 1}/07/2025", vi=f"Bàn giao lần {n}", en=f"Handover {n}", act=n, leaf=sha256(b"").digest()
        )
        for n in acts
    ]
    return Certificate(
        archive="LƯU TRỮ LỊCH SỬ THỬ NGHIỆM",
        issued="22/11/2026",
        file_code="001.HS.1998.000123",
        title=title,
        holder="Lưu trữ lịch sử thành phố",
        assigned_to="Ủy ban nhân dân phường Hoàn Kiếm",
        may_use=("Ủy ban nhân dân phường Cửa Nam",),
        chain=tuple(chain),
        origin=log.origin,
        size=len(log.entries),
        root=root([leaf(entry) for entry in log.entries]),
        checkpoint=note.decode(),
        genesis=log.entries[0],
        registry=tuple(log.proof(index, checkpoint=note) for index in range(5)),
        proofs=tuple(log.proof(index, checkpoint=note) for index in acts),
    )


def run(program: str, pdf: bytes, folder: Path, *words: str) -> str:
    """What a poppler program says of the PDF."""
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        [program, *words, str(path), *(["-"] if program == "pdftotext" else [])], capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("links", "title"),
    [
        (0, "Hồ sơ"),
        (3, "Hồ sơ về việc nhà nước thu hồi đất <b>& đền bù</b>"),
        (60, "Quyết định, báo cáo, công văn về việc giải quyết khiếu nại kéo dài " * 9),
        (60, "x" * 4_000),
    ],
)
def test_one_page_whatever_is_on_it(links: int, title: str, tmp_path: Path) -> None:
    """Given short and endless titles and chains, then there is one A4 page and all its parts are on it."""
    pdf = draw(certificate(links, title))
    info = run("pdfinfo", pdf, tmp_path)
    assert "Pages:           1\n" in info
    assert "(A4)" in info
    text = " ".join(run("pdftotext", pdf, tmp_path, "-layout").split())
    for part in (
        "GIẤY CHỨNG NHẬN LƯU GIỮ HỒ SƠ",
        "CUSTODY CERTIFICATE",
        "Chuỗi lưu giữ",
        "How to verify",
        "Đầy đủ theo",
    ):
        assert part in text
    assert ("hành vi khác" in text) == (links == 60)
    assert links == 0 or f"Bàn giao lần {5 + links}" in text


def test_hidden_acts_are_counted(tmp_path: Path) -> None:
    """Given a chain too long for the page, then those shown and those counted are all."""
    lines = run("pdftotext", draw(certificate(60)), tmp_path, "-layout").splitlines()
    shown = sum("Bàn giao lần" in line for line in lines)
    (hidden,) = (int(line.split()[2]) for line in lines if "hành vi khác" in line)
    assert shown + hidden == 60
    assert shown > 5


def test_only_letters_used_are_embedded(tmp_path: Path) -> None:
    """Given a page, then every typeface in it is an embedded subset."""
    fonts = [line.split() for line in run("pdffonts", draw(certificate()), tmp_path).splitlines()[2:]]
    assert fonts
    assert all("+" in font[0] for font in fonts if font[0] != "Helvetica")


def test_same_certificate_same_bytes() -> None:
    """Given the same facts, then the page is drawn to the same bytes."""
    assert draw(certificate()) == draw(certificate())


def test_issued_certificate_verifies_alone(tmp_path: Path) -> None:
    """Given an issued certificate, when the one file is run by itself against the trust file, then it is valid."""
    key = make_pades_key("Lưu trữ thử nghiệm", 1_767_225_600, 10)
    log = SmallLog()
    log.found()
    (tmp_path / "certificate.pdf").write_bytes(issue(certificate(), key))
    (tmp_path / "trust.json").write_bytes(msgspec.json.encode({**log.trust(), "pades": b64(key.public)}))
    shutil.copy(standalone_verifier.__file__, tmp_path / "verify.py")
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "certificate.pdf", "--trust", "trust.json", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    report = msgspec.json.decode(done.stdout)
    assert (done.returncode, report["verdict"], report["bad"], report["acts"]) == (0, "valid", [], 3)


def test_no_vietnamese_typeface(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Given a machine without a fit typeface, then the refusal says what to install, in both languages."""
    monkeypatch.setattr(typeface, "_FOLDERS", (str(tmp_path),))
    typeface.register.cache_clear()
    with pytest.raises(EnvironmentProblem) as refused:
        typeface.register()
    monkeypatch.undo()
    typeface.register.cache_clear()
    assert refused.value.code == "typeface-missing"
    assert "fonts-liberation" in TEXTS["typeface-missing"][0]
