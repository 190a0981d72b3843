"""The custody certificate: readable, nothing cut, PDF/A-3b, and its proof verifies with nothing of ours."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest

from digitization.archival_pdf import Attachment, archival
from domain.errors import TEXTS
from mocban import typeface
from mocban.certificate import Certificate, ChainLink, issue
from mocban.certificate_page import draw
from mocban.environment_problem import EnvironmentProblem
from signing import log_verifier, standalone_verifier
from signing.pades import PROOF_NAME
from signing.pades_key import make_pades_key
from tests.signing.small_log import SmallLog, b64, leaf, root

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not there")

KEY = make_pades_key("Lưu trữ thử nghiệm", 1_767_225_600, 10)
PLAIN = Attachment(name="a.json", media="application/json", told="thử / test", data=b"{}")


def certificate(
    links: int = 3, title: str = "Hồ sơ xây dựng trường học xã Đông Mỹ năm 1998", uses: int = 1, sentence: int = 1
) -> Certificate:
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
        sentence=(
            "Lập bởi Ủy ban nhân dân; ở kho của Lưu trữ. " * sentence,
            "Made by it; with the Archive. " * sentence,
        ),
        archive="LƯU TRỮ LỊCH SỬ THỬ NGHIỆM",
        issued="22/11/2026",
        file_code="001.HS.1998.000123",
        title=title,
        holder="Lưu trữ lịch sử thành phố",
        assigned_to="Ủy ban nhân dân phường Hoàn Kiếm",
        state="có tranh chấp / disputed",
        may_use=(("kế thừa chức năng (1656/NQ): UBND phường Cửa Nam", "took over the function (1656/NQ)"),) * uses,
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
    ("links", "title", "uses", "sentence", "pages"),
    [
        (0, "Hồ sơ", 0, 1, 1),
        (3, "Hồ sơ về việc nhà nước thu hồi đất <b>& đền bù</b>", 1, 1, 1),
        (60, "Quyết định, báo cáo, công văn về việc giải quyết khiếu nại kéo dài " * 9, 3, 1, 4),
        (60, "x" * 4_000, 1, 1, 5),
        (60, "Hồ sơ", 40, 100, 8),
    ],
)
def test_every_act_is_on_it_whatever_is_on_it(
    links: int, title: str, uses: int, sentence: int, pages: int, tmp_path: Path
) -> None:
    """Given short and endless titles, sentences, readers and chains, then A4 pages hold all parts, acts in order."""
    pdf = draw(certificate(links, title, uses, sentence))
    info = run("pdfinfo", pdf, tmp_path)
    assert int(next(line.split()[1] for line in info.splitlines() if line.startswith("Pages:"))) <= pages
    assert "(A4)" in info
    text = " ".join(run("pdftotext", pdf, tmp_path, "-layout").split())
    for part in (
        "GIẤY CHỨNG NHẬN LƯU GIỮ HỒ SƠ",
        "CUSTODY CERTIFICATE",
        "Chuỗi lưu giữ",
        "How to verify",
        "Đầy đủ theo sổ của kho tại điểm kiểm",
        "Complete according to the archive at checkpoint",
        "có tranh chấp / disputed",
        "Lập bởi Ủy ban nhân dân",
        "Made by",
    ):
        assert part in text
    assert ("Xem tiếp trang sau" in text) == (links == 60)
    assert text.count("UBND phường Cửa Nam") == uses
    assert sentence - pages < text.count("Lập bởi Ủy ban nhân dân") <= sentence  # a page's foot may stand in one
    told = [int(number) for number in re.findall(r"Bàn giao lần (\d+)", text)]
    assert told == [5 + at + 1 for at in range(links)] == sorted(told)


def test_only_letters_used_are_embedded(tmp_path: Path) -> None:
    """Given a certificate, then every typeface in it is an embedded subset."""
    fonts = [line.split() for line in run("pdffonts", issue(certificate(60), KEY), tmp_path).splitlines()[2:]]
    assert len(fonts) >= 4
    assert all("+" in font[0] and font[-5] == "yes" for font in fonts)


def test_same_certificate_same_bytes() -> None:
    """Given the same facts, then the page is drawn to the same bytes, and so it is when made archival."""
    assert draw(certificate()) == draw(certificate())
    made = [archival(draw(certificate(60)), title="t", author="a", attached=[PLAIN]) for _ in range(2)]
    assert made[0] == made[1]


def test_issued_certificate_verifies_alone(tmp_path: Path) -> None:
    """Given an issued certificate, when the one file is run by itself against the trust file, then it is valid."""
    pdf = issue(certificate(), KEY)
    code, report = verified(pdf, tmp_path)
    assert (code, report["verdict"], report["bad"], report["acts"]) == (0, "valid", [], 3)
    assert report["complete"] == "according to the archive at checkpoint"
    assert "Signature is Valid." in run("pdfsig", pdf, tmp_path)


@pytest.mark.parametrize("place", [b"%MOCBAN-PROOF-BEGIN", b"/MediaBox", b"pdfaid:part", b"stream\n"])
def test_one_changed_byte_is_caught(place: bytes, tmp_path: Path) -> None:
    """Given one bit turned in the proof, the page, its metadata or a stream, then it is not valid any more."""
    pdf = bytearray(issue(certificate(), KEY))
    pdf[pdf.index(place) + len(place) + 3] ^= 1
    code, report = verified(bytes(pdf), tmp_path)
    assert (code, report["verdict"]) == (4, "invalid")


def verified(pdf: bytes, tmp_path: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and report of the stand-alone verifier, run by itself on PDF and trust file; `verify` agrees."""
    log = SmallLog()
    log.found()
    (tmp_path / "certificate.pdf").write_bytes(pdf)
    (tmp_path / "trust.json").write_bytes(msgspec.json.encode({**log.trust(), "pades": b64(KEY.public)}))
    shutil.copy(standalone_verifier.__file__, tmp_path / "verify.py")
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "certificate.pdf", "--trust", "trust.json", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    report = msgspec.json.decode(done.stdout)
    fast = log_verifier.verify(tmp_path / "certificate.pdf", log_verifier.Trust.load(tmp_path / "trust.json"))
    assert (fast["verdict"], fast["acts"]) == (report["verdict"], report["acts"]), fast["bad"]
    return done.returncode, report


def test_it_is_pdf_a_3b(tmp_path: Path) -> None:
    """Given a signed certificate, then what ISO 19005-3 asks of such a file is so (veraPDF is not asked here)."""
    pdf = issue(certificate(60), KEY)
    assert pdf.startswith(b"%PDF-1.7\n%")
    assert all(byte > 127 for byte in pdf[10:14])
    with pikepdf.open(BytesIO(pdf)) as opened:
        root = opened.Root
        assert not opened.is_encrypted
        assert "/ID" in opened.trailer
        with opened.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
            assert metadata["dc:title"].startswith("Giấy chứng nhận lưu giữ hồ sơ")
        assert "/Filter" not in root.Metadata
        (intent,) = root.OutputIntents
        assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        (spec,) = root.AF
        assert [str(spec[key]) for key in ("/AFRelationship", "/UF", "/F")] == ["/Data", PROOF_NAME, PROOF_NAME]
        assert spec.EF.F.Subtype == "/application/json"
        assert "/Filter" not in spec.EF.F
        assert root.Names.EmbeddedFiles.Names[1].objgen == spec.objgen
        for name in ("/AA", "/OpenAction", "/NeedsRendering", "/Requirements", "/OCProperties"):
            assert name not in root
        for page in opened.pages:
            used = {str(one.operands[0]) for one in pikepdf.parse_content_stream(page) if str(one.operator) == "Tf"}
            assert used == set(page.obj.Resources.Font.keys()) or used < set(page.obj.Resources.Font.keys())
            for font in page.obj.Resources.Font.values():
                check_font(font)
            for note in page.obj.get("/Annots", []):
                assert (int(note.F) & 4, int(note.F) & 3) == (4, 0)  # printed, neither hidden nor invisible


def check_font(font: Any) -> None:
    """An embedded symbolic TrueType subset: no encoding of its own, one mapping inside (ISO 19005-2, 6.2.11.6)."""
    described = font.FontDescriptor
    assert (font.Subtype, int(described.Flags) & 4) == ("/TrueType", 4)
    assert "/Encoding" not in font
    assert len(font.Widths) == int(font.LastChar) - int(font.FirstChar) + 1
    data = described.FontFile2.read_bytes()
    tables = {data[at : at + 4]: data[at + 8 : at + 12] for at in range(12, 12 + 16 * data[5], 16)}
    start = int.from_bytes(tables[b"cmap"])
    assert int.from_bytes(data[start + 2 : start + 4]) == 1


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
