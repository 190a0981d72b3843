"""A single file by its own decision: what is refused, and that it goes before its lot until it rejoins it."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from domain import single_file
from domain.agency import Agency, AgencyKind, Block
from domain.assignment import AssignmentLine
from domain.basis import Confidence, Instrument
from domain.custody import CustodyReplay
from domain.errors import Refusal
from domain.event import Event
from domain.file import File, FileRegistered
from domain.fonds import CustodyLine, FondsOpened
from domain.identifiers import FileCode
from domain.lot import ALL_LOT_KEYS, Carrier, RetentionClass, WorkState
from domain.reorganization import FondsAssigned
from domain.retention import Maintenance
from domain.sealed import Plain
from domain.single_file import FileAssigned, FileRejoined, SingleFileEvent

A, B, C, FILE, FONDS, STREAM = (UUID(int=number) for number in range(1, 7))
TODAY = "2026-01-01"
DECISION = Instrument(number="5/QĐ", issued="2025-02-01", issuer="UBND", in_force="2025-02-01")
REGISTERED = FileRegistered(
    FileCode=FileCode("H26", 2020, "1"), fonds=FONDS, Title=Plain("x"),
    Maintenance=Maintenance(retention=RetentionClass.PERMANENT, as_written="Vĩnh viễn"), state=WorkState.FINISHED,
    arranged=True, held_by=A, held_from="2020-01-01",
)  # fmt: skip
KEPT = File(registered=REGISTERED)
BODY = Agency(
    name="UBND", block=Block.GOVERNMENT, kind=next(iter(AgencyKind)), unit=STREAM, code="H26", valid_from="2000-01-01"
)
ENDED = msgspec.structs.replace(BODY, valid_to="2025-03-01")
ALONE = FileAssigned(file=FILE, carriers=(Carrier.PAPER,), receiver=B, effective="2025-03-01", decision=DECISION)
BACK = FileRejoined(file=FILE, carriers=(Carrier.PAPER,), effective="2025-09-01", decision=DECISION)

REFUSED: list[tuple[str, tuple[SingleFileEvent, ...], SingleFileEvent, File | None, Agency | None]] = [
    ("file-unknown", (), ALONE, None, BODY),
    ("file-destroyed", (), ALONE, msgspec.structs.replace(KEPT, destroyed="2026-01-01"), BODY),
    ("single-file-carriers", (), msgspec.structs.replace(ALONE, carriers=()), KEPT, BODY),
    ("single-file-carriers", (), msgspec.structs.replace(ALONE, carriers=(Carrier.PAPER,) * 2), KEPT, BODY),
    ("single-file-day-to-come", (), msgspec.structs.replace(ALONE, effective="2026-01-02"), KEPT, BODY),
    ("instrument-not-in-force", (), msgspec.structs.replace(ALONE, effective="2025-01-31"), KEPT, BODY),
    ("agency-unknown", (), ALONE, KEPT, None),
    ("agency-not-existing", (), ALONE, KEPT, ENDED),
    ("single-file-not-apart", (), BACK, KEPT, BODY),
    ("single-file-not-apart", (ALONE,), msgspec.structs.replace(BACK, carriers=(Carrier.DIGITAL,)), KEPT, BODY),
    ("single-file-not-apart", (ALONE, BACK), BACK, KEPT, BODY),
]


def judged(
    state: single_file.SingleFile | None, fact: SingleFileEvent, file: File | None, body: Agency | None
) -> list[Event]:
    """What the domain says to a decision."""
    if isinstance(fact, FileAssigned):
        return single_file.assign(state, file, fact, body, TODAY)
    return single_file.rejoin(state, file, fact, TODAY)


@pytest.mark.parametrize(("code", "before", "fact", "file", "body"), REFUSED)
def test_refused(
    code: str,
    before: tuple[SingleFileEvent, ...],
    fact: SingleFileEvent,
    file: File | None,
    body: Agency | None,
) -> None:
    """Given what was decided before, when a decision is unfit, it is refused by its code."""
    state = None
    for one in before:
        state = single_file.evolve(state, one)
    with pytest.raises(Refusal) as refused:
        judged(state, fact, file, body)
    assert refused.value.code == code


def test_its_own_decision_goes_before_its_lots_until_it_rejoins() -> None:
    """Given a file alone and a later plan for its fonds, then it stays with its receiver until it rejoins its lot."""
    replay = CustodyReplay()
    opened = FondsOpened(code="P", name="P", creators=(A,), opened_from="2000-01-01", line=CustodyLine.STATE)
    line = AssignmentLine(
        lots=tuple(key.text for key in ALL_LOT_KEYS), receiver=C, rule="all", basis="NQ", confidence=Confidence.LAW
    )
    plan = FondsAssigned(fonds=FONDS, effective="2025-07-01", closes=True, table=(line,))
    for act, (stream, event) in enumerate(
        [(FONDS, opened), (FILE, REGISTERED), (STREAM, ALONE), (UUID(int=9), plan), (STREAM, BACK)]
    ):
        replay.feed(act, stream, event)
    days = ("2025-02-28", "2025-03-01", "2025-07-01", "2025-09-01")
    paper = [replay.ask(FILE, Carrier.PAPER, day, 9) for day in days]
    assert [(one.assigned_to, one.because_assigned) for one in paper] == [(A, 0), (B, 2), (B, 2), (C, 3)]
    assert replay.ask(FILE, Carrier.DIGITAL, "2025-07-01", 9).assigned_to == C
    assert replay.ask(FILE, Carrier.PAPER, "2025-09-01", 3).assigned_to == B
