"""Steps of a reorganization, results of an audit and moves of boxes, signed with keys that only their officers have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.act_id import new_act_id
from ledger.commands.administrative_unit import record_units
from ledger.founding import founded_origin
from mocban.bootstrap import Product, open_product
from mocban.custody.freshness import caught_up
from mocban.database import Databases
from mocban.drills.sealed_files import make_files
from mocban.hanoi import unit_entries
from mocban.offices import Office
from mocban.publication import publish
from mocban.settings import Settings
from tests.mocban.auditing import drawn, filled
from tests.mocban.signing_elsewhere import Machines
from tests.mocban.test_reorganization_life import CORRECTION, PLAN

ACTS = "reorganization.*,audit.*,container.*"


class Officer(Machines):
    """Whoever signs elsewhere: an own key with a role for all three."""

    def enrol(self, origin: str) -> None:
        """Make the key, enrol it and grant the role."""
        self.actor, vkey, self.key = self.new_key(origin)
        enrol, grant = self.folder / "enrol.json", self.folder / "grant.json"
        self.done("act", "prepare", "registry.enrol", "--vkey", vkey, "--out", enrol)
        assert self.away("act", "sign", enrol, "--key", self.key, "--yes")[0] == 0
        self.done("act", "submit", enrol)
        words = ("registry.grant", "--actor", self.actor, "--role", "officer", "--acts", ACTS, "--out", grant)
        self.done("act", "prepare", *words)
        self.done("act", "submit", grant)

    def signs(self, name: str, *prepared: object) -> tuple[list[str], int]:
        """What the officer reads before signing, and the act's index. prepared: the words that prepare it."""
        out = self.folder / f"{name}.act"
        told = self.done(*prepared, "--signer", self.actor, "--out", out)
        assert [one.rpartition("/")[2] for one in told["awaited"]] == [self.actor]
        code, shown = self.away("act", "show", out)
        assert (code, shown["problems"]) == (0, [])
        assert self.away("act", "sign", out, "--key", self.key, "--yes")[0] == 0
        return shown["lines"], self.done("act", "submit", out)["act"]

    def code(self, *words: object) -> str:
        """The code of a refusal."""
        code, told = self.here(*words, "--signer", self.actor, "--out", self.folder / "none.act")
        assert code != 0
        assert not (self.folder / "none.act").exists()
        return str(told["problem"]["code"])


def opened(officer: Officer, database: Databases) -> Any:
    """The product of the officer's ledger."""
    return open_product(
        Settings(
            home=officer.folder / "home", passphrase="the server's", database_url=database.main_admin,
            keys_database_url=database.keys_admin,
        )
    )  # fmt: skip


@pytest.fixture
def officer(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Officer:
    """An officer with an own key, in a ledger that knows nobody else yet."""
    made = Officer(database, tmp_path, capsys)
    with opened(made, database):
        pass
    origin = founded_origin(database.main_url("mocban_ledger_writer"))
    assert origin is not None
    made.enrol(origin)
    return made


def sampled(product: Product, folder: Path) -> tuple[Path, Path]:
    """A sample, and its table filled in."""
    sample = drawn(product, wanted=3)
    given = folder / "sample.json"
    given.write_bytes(msgspec.json.encode(sample))
    return given, filled(sample, folder / "filled.csv")


def test_each_step_is_read_and_signed_elsewhere(officer: Officer, database: Databases, tmp_path: Path) -> None:
    """Given a plan and a box, when an officer signs each act with an own key, then each is recorded so."""
    with opened(officer, database) as product:
        for entries in unit_entries(product.naming):
            record_units(product.main, product.actor(Office.ARCHIVIST), new_act_id(), entries)
    step = ("act", "prepare")
    plan = ("--plan", PLAN)
    assert officer.code(*step, "reorganization.adopt", *plan) == "reorganization-unknown"
    lines, _ = officer.signs("draft", *step, "reorganization.draft", *plan)
    assert any("Dự thảo sắp xếp" in line and "Drafts a reorganization" in line for line in lines)
    assert officer.code(*step, "reorganization.draft", *plan) == "reorganization-already-drafted"
    assert officer.code(*step, "reorganization.enact", *plan) == "reorganization-not-adopted"
    officer.signs("adopt", *step, "reorganization.adopt", *plan)
    lines, act = officer.signs("enact", *step, "reorganization.enact", *plan)
    assert any("Thi hành phương án từ ngày 2025-07-01" in line for line in lines)
    assert sum("Giao phông" in line for line in lines) > 1_600
    (row,) = officer.done("reorganization", "list")["reorganizations"]
    assert (row["state"], row["enacted"]) == ("enacted", act)
    correction = tmp_path / "correction.yaml"
    correction.write_text(CORRECTION.replace("RECEIVER", "H26"), encoding="utf-8")
    lines, _ = officer.signs(
        "correct", *step, "reorganization.correct", "--plan", row["id"], "--correction", correction
    )
    assert any("Điều chỉnh việc giao 1 phông" in line for line in lines)
    store = ("--store", "H26", "--repository", "Kho số 1", "--on", "2025-06-01")
    box = ("container", "register", "--fonds", "P-H2658", "--label", "H1", *store)
    lines, act = officer.signs("box", *box)
    assert any("Đăng ký" in line for line in lines)
    assert officer.done("container", "show", "P-H2658/H1")["because"] == act


def test_an_audit_is_signed_by_its_auditor(officer: Officer, database: Databases, tmp_path: Path) -> None:
    """Given results of a sample, when the auditor signs them with an own key, then they are on record, once."""
    with opened(officer, database) as product:
        make_files(product, 6)
        caught_up(product)
        publish(product)
        given, table = sampled(product, tmp_path)
    words = ("act", "prepare", "audit.record", "--sample", given, "--results", table)
    lines, act = officer.signs("audit", *words)
    assert any("Ghi kết quả kiểm tra kho" in line for line in lines)
    assert officer.done("audit", "record", "--sample", given, "--results", table)["act"] == act
    assert officer.code(*words) == "audit-recorded-so"


def test_what_does_not_fit_is_not_prepared(officer: Officer, tmp_path: Path) -> None:
    """Given a plan file with faults and a table with bad rows, then nothing waits to be signed."""
    bad = tmp_path / "plan.yaml"
    bad.write_text("title: x\n", encoding="utf-8")
    assert officer.code("act", "prepare", "reorganization.draft", "--plan", bad) == "plan-file-unfit"
    none = tmp_path / "none.json"
    none.write_text(json.dumps({}), encoding="utf-8")
    code = officer.code("act", "prepare", "audit.record", "--sample", none, "--results", tmp_path / "no.csv")
    assert code.startswith("audit-") or code == "input-unreadable"
