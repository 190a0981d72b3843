"""Intake of scans: what was taken in stands; other bytes under its name are refused and recorded nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from digitization.intake import Fate, Intake, Paper
from ledger.fixity import FixityIndex
from ledger.receipt import Receipt
from ledger.secret import LedgerSecret
from mocban.database import Databases

DOCUMENT, FILE = UUID(int=1), UUID(int=2)


class LedgerOfOneScan:
    """A ledger that holds the act of taking in `DOCUMENT`'s scan."""

    def receipt_of(self, act_id: UUID) -> Receipt:
        """The stored receipt."""
        return Receipt(id=act_id, act_index=7, first_position=9, events=2)


@pytest.fixture
def fixity(database: Databases) -> Iterator[FixityIndex]:
    """A fixity index on a fresh database."""
    index = FixityIndex(database.main_url("mocban_ledger_writer"), LedgerSecret(bytes(32)))
    yield index
    index.close()


def _take(fixity: FixityIndex, scan: Path) -> tuple[Fate, str]:
    """What became of the scan, and the code of its refusal."""
    nothing = cast("Any", None)
    intake = Intake(
        ledger=cast("Any", LedgerOfOneScan()),
        actor=nothing,
        sealer=nothing,
        fixity=fixity,
        recognize=nothing,
        act_id=lambda _: UUID(int=3),
        engine="",
        held_by=FILE,
        on="2025-07-01",
    )
    (taken,) = intake.take([Paper(scan=scan, document=DOCUMENT, file=FILE, ordinal=1)])
    return taken.fate, taken.refusal.code if taken.refusal else ""


def test_a_scan_taken_in_before_is_known_again(fixity: FixityIndex, tmp_path: Path) -> None:
    """Given an act whose index row a crash lost, when the scan comes again, then it is known and the row is made."""
    scan = tmp_path / "a.pdf"
    scan.write_bytes(b"first")
    assert _take(fixity, scan) == (Fate.ALREADY, "")
    assert fixity.holds(b"first", DOCUMENT)


def test_other_bytes_under_the_same_name_are_refused(fixity: FixityIndex, tmp_path: Path) -> None:
    """Given a scan taken in, when its file holds other bytes, then it is refused and the bytes are nobody's."""
    scan = tmp_path / "a.pdf"
    fixity.record(b"first", DOCUMENT, FILE)
    scan.write_bytes(b"second")
    assert _take(fixity, scan) == (Fate.REFUSED, "scan-differs")
    assert fixity.find(b"second") == []


def test_a_scan_that_cannot_be_read_is_named(fixity: FixityIndex, tmp_path: Path) -> None:
    """Given a file that vanishes, when it is taken in, then it is refused by its own code and nothing fails."""
    assert _take(fixity, tmp_path / "gone.pdf") == (Fate.REFUSED, "scan-unreadable")
