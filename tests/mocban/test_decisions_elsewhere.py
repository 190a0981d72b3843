"""Grants of reading, single files and child lots, decided under a key that the server never sees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.founding import founded_origin
from mocban.database import Databases
from tests.mocban.handing_over import GIVER, OTHER, Desk, code
from tests.mocban.signing_elsewhere import Machines

DECIDED = ("--decision", "88/QĐ-UBND", "--issued", "2025-07-20", "--issuer", "UBND thành phố", "--on", "2025-08-01")
GRANTED = ("--decision", "9/QĐ-LT", "--issued", "2025-07-01", "--issuer", "Lưu trữ lịch sử", "--from", "2025-07-01")
LOT = f"P-{GIVER}/Đất đai"


class Officer:
    """Who prepares on the ledger's machine, signs on their own, and submits."""

    def __init__(self, database: Databases, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.machines = machines = Machines(database, folder, capsys)
        origin = founded_origin(database.main_url("mocban_ledger_writer"))
        assert origin is not None
        self.actor, vkey, self.key = machines.new_key(origin)
        enrol, grant = folder / "enrol.act", folder / "grant.act"
        machines.done("act", "prepare", "registry.enrol", "--vkey", vkey, "--out", enrol)
        self._sign(enrol)
        role = ("--actor", self.actor, "--role", "decider", "--acts", "use.*,assignment.*")
        machines.done("act", "submit", enrol)
        machines.done("act", "prepare", "registry.grant", *role, "--out", grant)
        machines.done("act", "submit", grant)

    def acts(self, *commands: Sequence[object]) -> list[dict[str, Any]]:
        """What each command told and its receipt, all signed in one sitting."""
        told, files = [], [self.machines.folder / f"{number}.act" for number in range(len(commands))]
        for words, file in zip(commands, files, strict=True):
            file.unlink(missing_ok=True)
            prepared = self.machines.done(*words, "--signer", self.actor, "--out", file)
            assert [name.rpartition("/")[2] for name in prepared["awaited"]] == [self.actor]
            told.append(prepared)
        self._sign(*files)
        return [one | self.machines.done("act", "submit", file) for one, file in zip(told, files, strict=True)]

    def _sign(self, *files: Path) -> None:
        exit_code, told = self.machines.away("act", "sign", *files, "--key", self.key, "--yes")
        assert exit_code == 0, told


def test_decisions_about_reading_files_and_lots_are_signed_elsewhere(
    database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given an officer's own key, each decision waits for it, says whom it awaits, and holds once it is submitted."""
    desk = Desk(database, tmp_path, capsys)
    officer = Officer(database, tmp_path, capsys)
    grant = ("access", "grant", "--to", OTHER, "--file", code(3), "--until", "2099-12-31", *GRANTED)
    given, carved, single = officer.acts(
        grant,
        ("lot", "carve", "--fonds", f"P-{GIVER}", "--name", "Đất đai", "--file", code(1), "--to", OTHER, *DECIDED),
        ("custody", "assign", "--file", code(2), "--to", OTHER, *DECIDED),
    )
    asked = ("access", "ask", "--agency", OTHER, "--file", code(3))
    assert desk.done(*asked)["basis"] == "9/QĐ-LT"
    page = desk.done("custody", "holdings", "--agency", OTHER, "--as-of", "2025-08-01")["files"]
    assert [one["file"] for one in page if one["because"]["assigned_to"] == carved["act"]] == [code(1)]
    assert [one["file"] for one in page if one["because"]["assigned_to"] == single["act"]] == [code(2)]

    later = ("--signer", officer.actor, "--out")
    for number, words in enumerate(
        (
            ("access", "end", given["grant"], "--basis", "10/QĐ-LT"),
            ("lot", "assign", LOT, "--awaiting", *DECIDED),
            ("lot", "return", LOT, "--all", *DECIDED),
            ("custody", "assign", "--file", code(2), "--rejoin", *DECIDED),
        )
    ):
        (name,) = desk.done(*words, *later, tmp_path / f"later{number}.act")["awaited"]
        assert name.endswith(officer.actor)
    assert desk.done(*asked)["basis"] == "9/QĐ-LT"
    assert (tmp_path / "later3.act").exists()
