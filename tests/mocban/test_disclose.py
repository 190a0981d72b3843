"""One sealed field for one person: on record first, a file that verifies by itself, and nothing else opens."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mocban.__main__ import main
from mocban.bootstrap import Product, open_product
from mocban.database import Databases
from mocban.drills.sealed_files import SealedFile, make_files
from mocban.offices import Office
from mocban.publication import write_trust
from mocban.settings import Settings
from signing import standalone_verifier
from signing.disclosure import open_disclosure
from signing.verification_error import VerificationError


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """An archive of two files, and the environment that commands find it by."""

    settings: Settings
    files: list[SealedFile]
    folder: Path

    def disclose(self, capsys: pytest.CaptureFixture[str], name: str, *words: str) -> tuple[int, dict[str, Any], Path]:
        out = self.folder / name
        code = main(["disclose", *words, "--json", str(out)])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1]), out


@pytest.fixture(scope="module")
def archive(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three files, one for each test that discloses."""
    folder = tmp_path_factory.mktemp("disclose")
    settings = Settings(
        home=folder / "home",
        database_url=module_database.main_admin,
        keys_database_url=module_database.keys_admin,
        passphrase="x",
    )
    with open_product(settings) as product:
        return Desk(settings=settings, files=make_files(product, 3), folder=folder)


@pytest.fixture
def desk(archive: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The archive, in the environment that commands find it by, with a folder of the test's own."""
    monkeypatch.setenv("MOCBAN_HOME", str(archive.settings.home))
    monkeypatch.setenv("DATABASE_URL", archive.settings.database_url or "")
    monkeypatch.setenv("MOCBAN_KEYS_DATABASE_URL", archive.settings.keys_database_url or "")
    monkeypatch.setenv("MOCBAN_PASSPHRASE", "x")
    return msgspec.structs.replace(archive, folder=tmp_path)


def opened_by_hand(data: bytes) -> Any:
    """The field's value as ledger-format has it, by a reader who has nothing of ours but AES, SHA-256 and JSON."""
    given = json.loads(data)
    extra = base64.b64decode(re.search(r"^extra (.+)$", given["proof"], re.MULTILINE)[1])  # type: ignore[index]
    rest = extra[2 + int.from_bytes(extra[:2], "big") :]
    rest = rest[5 + 32 * rest[4] :]
    entry = rest[4 : 4 + int.from_bytes(rest[:4], "big")]
    stream, version, named = entry[:16], entry[16:24], int.from_bytes(entry[24:26], "big")
    sealed = json.loads(entry[26 + named :])[given["field"][1:]]
    key, ciphertext = base64.b64decode(given["sub_key"]), base64.b64decode(given["ciphertext"])
    assert base64.b64encode(hashlib.sha256(b"mocban/sub-key/v1" + key).digest()).decode() == sealed["kc"]
    assert base64.b64encode(hashlib.sha256(ciphertext).digest()).decode() == sealed["ct"]
    parts = (b"field", stream, version, given["field"].encode())
    info = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return json.loads(AESGCM(key).decrypt(base64.b64decode(sealed["nonce"]), ciphertext, info))


def test_a_disclosed_field_opens_and_is_on_record(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a title for one person, then the file proves and opens it, only its owner reads it, and the act stands."""
    file = desk.files[0]
    words = ("--file", file.code, "--field", "title", "--to", "Bà Trần Thị Mẫu", "--basis", "QĐ 7/QĐ-UBND")
    code, said, out = desk.disclose(capsys, "one.json", *words)
    data = out.read_bytes()
    assert (code, opened_by_hand(data)) == (0, file.title)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert said["field"] == "/Title"
    assert "Trần" not in json.dumps(said)
    assert _verified(desk, out) == (0, file.title)
    spoilt = {**json.loads(data), "field": "/FileCode"}
    (desk.folder / "spoilt.json").write_text(json.dumps(spoilt), encoding="utf-8")
    assert _verified(desk, desk.folder / "spoilt.json")[0] == 4
    with open_product(desk.settings) as product:
        shown = open_disclosure(data, product.main.log_keys())
        assert json.loads(shown.value) == file.title
        assert product.access.note_of(said["act"]).splitlines()[1].count(b'"access.disclose"') == 1
        assert product.actor(Office.ARCHIVIST).id.encode() in product.access.note_of(said["act"])
        _, access = product.runners()
        access.drain()
    with psycopg.connect(desk.settings.database_url or "") as connection:
        row = connection.execute(
            "SELECT what, rule, records FROM projection.reading WHERE records @> %s", ([file.id],)
        ).fetchall()
        stored = connection.execute("SELECT state FROM access_log.event").fetchall()
    assert row == [("disclosure /Title", "by-decision", [file.id])]
    assert not any("Trần".encode() in state for (state,) in stored)


def _verified(desk: Desk, path: Path) -> tuple[int, Any]:
    """What the stand-alone verifier says of a disclosure, with the trust file: exit code and value."""
    trust = desk.folder / "trust.json"
    with open_product(desk.settings) as product:
        write_trust(product, trust)
    command = [sys.executable, "-I", str(standalone_verifier.__file__), str(path), "--trust", str(trust), "--json"]
    done = subprocess.run(command, check=False, capture_output=True)
    return done.returncode, json.loads(done.stdout).get("disclosed")


def test_a_second_run_repeats_no_act_and_overwrites_no_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Given the same order twice, there is one act; a file that is there is left alone before anything is recorded."""
    words = ("--file", desk.files[1].code, "--document", "2", "--field", "signer", "--to", "Ông Mẫu", "--basis", "QĐ 8")
    first, second = (desk.disclose(capsys, name, *words) for name in ("one.json", "two.json"))
    assert [first[1]["act"], first[1]["again"]] == [second[1]["act"], not second[1]["again"]]
    assert opened_by_hand(second[2].read_bytes()) == desk.files[1].documents[1].signer
    code, said, _ = desk.disclose(capsys, "one.json", *words)
    assert (code, said["problem"]["code"]) == (1, "output-exists")


def test_a_sub_key_opens_nothing_else(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Given one field's key, no other field of the same file or document opens by it, nor the same field elsewhere."""
    words = ("--document", "1", "--field", "subject", "--to", "Ông Mẫu", "--basis", "QĐ 8")
    _, said, out = desk.disclose(capsys, "one.json", "--file", desk.files[2].code, *words)
    given = json.loads(out.read_bytes())
    key = base64.b64decode(given["sub_key"])
    with psycopg.connect(desk.settings.database_url or "") as connection:
        rows: list[tuple[bytes, UUID, int, str]] = connection.execute(
            "SELECT ciphertext, stream, version, pointer FROM sealed.field"
        ).fetchall()
        nonces = {bytes(n) for n in _nonces(connection)}
    opened = 0
    for ciphertext, stream, version, pointer in rows:
        parts = (b"field", stream.bytes, version.to_bytes(8, "big"), pointer.encode())
        info = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
        for nonce in nonces:
            try:
                AESGCM(key).decrypt(nonce, bytes(ciphertext), info)
                opened += 1
            except InvalidTag:
                continue
    assert (opened, len(rows) > 10) == (1, True)
    with open_product(desk.settings) as product:
        for spoilt in (
            {**given, "field": "/SignerInfo"},
            {**given, "field": "/FileCode"},
            {**given, "sub_key": base64.b64encode(bytes(32)).decode()},
            {**given, "ciphertext": base64.b64encode(bytes(40)).decode()},
            {**given, "proof": given["proof"].replace("index ", "index 1")},
            {**given, "more": 1},
        ):
            with pytest.raises(VerificationError):
                open_disclosure(json.dumps(spoilt).encode(), product.main.log_keys())
    assert said["field"] == "/Subject"


def _nonces(connection: psycopg.Connection[tuple[Any, ...]]) -> Iterator[bytes]:
    for (state,) in connection.execute("SELECT state FROM main_log.event"):
        yield from (base64.b64decode(found) for found in re.findall(rb'"nonce":"([^"]+)"', state))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--file", "X.1.Y", "--field", "title"), "file-not-found"),
        (("--file", "DT.01.2001.H000", "--document", "9", "--field", "subject"), "document-not-in-file"),
        (("--file", "DT.01.2001.H000", "--document", "1", "--field", "organ"), "field-not-sealed"),
        (("--file", "DT.01.2001.H000", "--field", "subject"), "field-not-sealed"),
        (("--file", "DT.01.2001.H000", "--field", "title", "--to", " "), "text-empty"),
    ],
)
def test_what_cannot_be_disclosed_is_said(
    desk: Desk, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: str
) -> None:
    """Given a field that is not there, then a refusal, no act and no file."""
    count = "SELECT count(*) FROM access_log.event"
    with psycopg.connect(desk.settings.database_url or "", autocommit=True) as connection:
        before = connection.execute(count).fetchone()
        exit_code, said, out = desk.disclose(capsys, "no.json", "--to", "A", "--basis", "B", *words)
        assert (exit_code, said["problem"]["code"], out.exists()) == (1, code, False)
        assert connection.execute(count).fetchone() == before


def test_without_the_act_there_is_no_file(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an officer whose act the registry refuses, then nothing is given out."""
    office_of = Product.actor
    monkeypatch.setattr(Product, "actor", lambda self, _office: office_of(self, Office.DIGITIZER))
    words = ("--file", desk.files[0].code, "--field", "title", "--to", "A", "--basis", "B")
    code, said, out = desk.disclose(capsys, "no.json", *words)
    assert (code, said["problem"]["code"], out.exists()) == (1, "act-not-permitted", False)
