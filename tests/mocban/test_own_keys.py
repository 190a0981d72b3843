"""A whole round trip through the command line: the ledger only ever sees the officer's signatures, never the key."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from ledger.founding import founded_origin
from mocban.acts.own_key import SCRYPT_N
from mocban.bootstrap import open_product
from mocban.database import Databases
from tests.mocban.one_body import BODY, record_body
from tests.mocban.signing_elsewhere import Machines


@pytest.fixture
def machines(module_database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machines:
    """The ledger's machine and the signer's."""
    return Machines(module_database, tmp_path, capsys)


def test_an_own_key_is_enrolled_given_a_role_and_signs(
    machines: Machines, module_database: Databases, tmp_path: Path
) -> None:
    """Given a key made elsewhere, it is enrolled by its own proof, given a role, and signs a sealed name."""
    revoke = ("registry.revoke", "--kid", "AAAA", "--reason", "x", "--out", tmp_path / "none.json")
    assert machines.here("act", "prepare", *revoke)[1]["problem"]["code"] == "act-not-permitted"  # and it is founded
    origin = founded_origin(module_database.main_url("mocban_ledger_writer"))
    assert origin is not None
    machines.scrypt = SCRYPT_N
    actor, vkey, key = machines.new_key(origin)
    assert json.loads((key.parent / "keystore.json").read_text())["n"] == SCRYPT_N == 131_072

    enrol = tmp_path / "enrol.json"
    told = machines.done("act", "prepare", "registry.enrol", "--vkey", vkey, "--out", enrol)
    assert told["awaited"] == [f"{origin}/{actor}"]
    signed = {"id": told["id"], "file": str(enrol), "awaited": []}
    assert machines.away("act", "sign", enrol, "--key", key, "--yes") == (0, signed)
    assert enrol.stat().st_mode & 0o777 == 0o600
    first = machines.done("act", "submit", enrol)
    assert machines.done("act", "submit", enrol) == first

    grant = tmp_path / "grant.json"
    words = ("registry.grant", "--actor", actor, "--role", "head", "--acts", "principal.*", "--out", grant)
    assert machines.done("act", "prepare", *words)["awaited"] == []
    machines.done("act", "submit", grant)

    with open_product(machines.settings) as product:
        record_body(product)
    name, appoint, openings = tmp_path / "name", tmp_path / "appoint.json", tmp_path / "openings.json"
    name.write_text("Nguyễn Thị Thử", encoding="utf-8")
    whom = ("--signer", actor, "--principal", uuid4(), "--agency", BODY, "--office", "Lưu trữ viên")
    files = ("--name-file", name, "--out", appoint, "--openings", openings)
    machines.done("act", "prepare", "principal.appoint", *whom, *files)
    assert "Thử" not in appoint.read_text(encoding="utf-8")
    code, shown = machines.away("act", "show", appoint, "--openings", openings)
    assert (code, shown["problems"], shown["sealed"]) == (0, [], 1)
    assert shown["opened"] == ['   1/Name = "Nguyễn Thị Thử"']
    assert any("Lưu trữ viên" in line for line in shown["lines"])
    assert machines.away("act", "sign", appoint, "--key", key, said="sign\n")[0] == 0
    last = machines.done("act", "submit", appoint)

    report = machines.done("key", "list")
    [mine] = [row for row in report["keys"] if row["actor"] == actor]
    assert (mine["revoked_at"], mine["registrar"], report["questioned"]) == (None, False, [])
    since = ("--reason", "mất", "--compromised-since", last["act"], "--out", tmp_path / "r.json")
    machines.done("act", "prepare", "registry.revoke", "--kid", mine["kid"], *since)
    machines.done("act", "submit", tmp_path / "r.json")
    assert [act["index"] for act in machines.done("key", "list")["questioned"]] == [last["act"]]


def test_the_last_registrars_keep_a_key(
    database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given one registrar of one, when the only key is to be revoked, then no: nobody could enrol another."""
    machines = Machines(database, tmp_path, capsys)
    none = ("registry.revoke", "--kid", "AAAA", "--reason", "x", "--out", tmp_path / "none.json")
    machines.here("act", "prepare", *none)  # and it is founded
    keys = machines.done("key", "list")["keys"]
    [last] = [row["kid"] for row in keys if row["registrar"] and row["revoked_at"] is None]
    words = ("--reason", "x", "--out", tmp_path / "revoke.json")
    told = machines.here("act", "prepare", "registry.revoke", "--kid", last, *words)[1]
    assert told["problem"]["code"] == "registrars-exhausted"
    other = next(row["kid"] for row in keys if not row["registrar"] and row["revoked_at"] is None)
    machines.done("act", "prepare", "registry.revoke", "--kid", other, *words)
