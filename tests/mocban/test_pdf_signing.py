"""The house's PDFs and its authorities of time: named in genesis and trust file, asked, let be when they are dead."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mocban import pdf_signing
from mocban.database import Databases
from mocban.pdf_signing import DerivedSigner, level_of
from mocban.timestamps import authorities
from mocban.timestamps.authorities import add_authority
from mocban.timestamps.client import ask
from signing.keystore import FileKeystore
from tests.mocban.authority_server import answering
from tests.mocban.signing_elsewhere import Machines
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts
from tests.signing.test_pades import page

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """As much of an open product as signing asks for."""
    keystore = FileKeystore(tmp_path / "keys", "a passphrase", n=2**4)
    return cast("Any", SimpleNamespace(keystore=keystore, settings=SimpleNamespace(home=tmp_path)))


def test_derived_pdfs_are_stamped_over_http(house: Any, tmp_path: Path) -> None:
    """Given an authority on the network whose list can be had, when many PDFs are signed at once, then each is B-LT."""
    lists: dict[str, bytes] = {}
    with answering(lambda query: local.answer(query), lists) as url:  # noqa: PLW0108  it is made with this address
        local = LocalAuthority(tmp_path / "one", crl_url=f"{url}/ca.crl")
        lists["/ca.crl"] = local.crl()
        add_authority(tmp_path, "one", url, local.folder / "ca.pem")
        signer = DerivedSigner(house)
        with ThreadPoolExecutor(3) as pool:
            signed = list(pool.map(signer, [page()] * 3))
    assert [level_of(house, pdf) for pdf in signed] == ["B-LT"] * 3
    assert all(pdf.startswith(page()) for pdf in signed)


def test_a_dead_authority_is_not_asked_for_every_pdf(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an authority that is away, when PDFs are signed, then they are B-B, and it was asked once a minute."""
    asked: list[str] = []

    def counted(name: str, url: str, query: bytes) -> bytes:
        asked.append(url)
        return ask(name, url, query)

    monkeypatch.setattr(authorities, "ask", counted)
    local = LocalAuthority(tmp_path / "one")
    add_authority(tmp_path, "one", "http://127.0.0.1:9/", local.folder / "ca.pem")
    signer = DerivedSigner(house)
    assert [level_of(house, signer(page())) for _ in range(3)] == ["B-B"] * 3
    assert len(asked) == 1
    monkeypatch.setattr(pdf_signing, "LET_BE_SECONDS", 0.0)
    signer(page())
    assert len(asked) == 2
    assert signer(b"%PDF-1.7\n") == b"%PDF-1.7\n"  # what cannot be signed stays as it is


def test_authorities_are_named_in_the_genesis_and_in_the_trust_file(
    database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given an authority named before the founding, then genesis and trust file hold its certificate."""
    machines = Machines(database, tmp_path, capsys)
    local = LocalAuthority(tmp_path / "one")
    certificate = ("--certificate", local.folder / "ca.pem")
    machines.done("timestamp", "authority", "add", "--name", "one", "--url", "http://127.0.0.1:9/", *certificate)
    machines.done("log", "export", tmp_path / "log")
    pinned = b64encode(local.pinned[0])
    [events] = (tmp_path / "log/tile/events").glob("*.p/*")
    assert events.read_bytes().count(b'"timestamp_authorities":["' + pinned + b'"]') == 1
    machines.done("log", "trust", tmp_path / "trust.json")
    trust = json.loads((tmp_path / "trust.json").read_bytes())
    assert trust["timestamp_authorities"] == {"one": [pinned.decode()]}
    assert b64decode(trust["pades_issuer"])
    assert machines.done("verify", tmp_path / "log", "--trust", tmp_path / "trust.json")["verdict"] == "valid"
