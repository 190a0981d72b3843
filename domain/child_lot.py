"""Child lot (khối tài liệu con): a named part of a fonds, carved out by a decision, assigned by itself from then on.

Its files are named one by one and stay of their fonds. It has a table of lot keys as a fonds has, so that a file which
is appraised or closed later stays in it and goes by its new key's line. A file's own decision goes before it; of child
lots that both list a file the later day counts, of one day's the later act. Who has the files does not change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, assert_never
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.assignment import AssignmentLine
from domain.basis import Confidence, Instrument
from domain.errors import Refusal
from domain.event import Event
from domain.file import File
from domain.fonds import Fonds
from domain.identifiers import FileCode, nfc
from domain.lot import ALL_LOT_KEYS, Carrier

RULE: Final = "child-lot"
LINES_PER_EVENT: Final = 500
LONGEST_NAME: Final = 120


class CarvedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of its list."""

    FileCode: FileCode
    file: UUID


class LotCarved(Event, frozen=True, kw_only=True, tag="lot.carved/1"):
    """From a day on these carriers of the files listed in the same act are apart. receiver absent: they await one."""

    fonds: UUID
    name: str
    carriers: tuple[Carrier, ...]
    effective: str
    decision: Instrument
    files: int
    receiver: UUID | None = None


class LotFilesListed(Event, frozen=True, kw_only=True, tag="lot.files-listed/1"):
    """A part of its files, in FileCode order."""

    carriers: tuple[Carrier, ...]
    effective: str
    lines: tuple[CarvedFile, ...]


class LotFilesReturned(Event, frozen=True, kw_only=True, tag="lot.files-returned/1"):
    """From a day on these files are in it no more."""

    carriers: tuple[Carrier, ...]
    effective: str
    decision: Instrument
    lines: tuple[CarvedFile, ...]


class LotAssigned(Event, frozen=True, kw_only=True, tag="lot.assigned/1"):
    """From a day on the child lot is assigned as the table says, by lot key as a fonds is.

    On its own stream by a decision about it; on a reorganization's, without `decision`, by a plan or a correction.
    """

    lot: UUID
    effective: str
    table: tuple[AssignmentLine, ...]
    decision: Instrument | None = None


ChildLotEvent = LotCarved | LotFilesListed | LotFilesReturned | LotAssigned


class ChildLot(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one child lot. files: id -> line of those in it, by the newest act about each."""

    carved: LotCarved
    files: Mapping[UUID, CarvedFile] = {}


def evolve(state: ChildLot | None, event: ChildLotEvent) -> ChildLot | None:
    """Fold one event of its own stream."""
    match event:
        case LotCarved():
            return ChildLot(carved=event)
        case LotFilesListed(lines=lines) if state is not None:
            return msgspec.structs.replace(state, files={**state.files, **{one.file: one for one in lines}})
        case LotFilesReturned(lines=lines) if state is not None:
            gone = {one.file for one in lines}
            kept = {key: one for key, one in state.files.items() if key not in gone}
            return msgspec.structs.replace(state, files=kept)
        case LotAssigned() | LotFilesListed() | LotFilesReturned():
            return state
        case _:
            assert_never(event)


def carved_table(event: LotCarved) -> tuple[AssignmentLine, ...]:
    """The table that a carving stands for: every lot key goes one way."""
    return one_way(event.receiver, event.decision)


def one_way(receiver: UUID | None, decision: Instrument) -> tuple[AssignmentLine, ...]:
    """Every lot key to one receiver, by a decision about the child lot."""
    every = tuple(key.text for key in ALL_LOT_KEYS)
    line = AssignmentLine(
        lots=every, receiver=receiver, rule=RULE, basis=decision.number, confidence=Confidence.DECISION
    )
    return (line,)


def carve(
    state: ChildLot | None,
    fact: LotCarved,
    lines: Sequence[CarvedFile],
    fonds: Fonds | None,
    files: Mapping[UUID, File | None],
    receiver: Agency | None,
    today: str,
) -> list[Event]:
    """Carve it out. lines: in any order. Refused: `child-lot-exists`, `fonds-unknown`, `child-lot-name`,
    `child-lot-empty`, `child-lot-file-repeated`, `child-lot-file-foreign`, `file-unknown`, `file-destroyed`, and as
    `assign` refuses day, decision and receiver.
    """
    if state is not None:
        raise Refusal("child-lot-exists", name=fact.name[:LONGEST_NAME])
    if fonds is None:
        raise Refusal("fonds-unknown", code="?")
    if not fact.name.strip() or fact.name != nfc(fact.name).strip() or len(fact.name) > LONGEST_NAME:
        raise Refusal("child-lot-name", name=fact.name[:LONGEST_NAME], most=LONGEST_NAME)
    _require_decision(fact.decision, fact.effective, today)
    _require_receiver(fact.receiver, receiver, fact.effective)
    if not lines or not fact.carriers or len(set(fact.carriers)) != len(fact.carriers):
        raise Refusal("child-lot-empty")
    ordered = sorted(lines, key=lambda one: (one.FileCode.text, str(one.file)))
    for line, before in zip(ordered, (None, *ordered), strict=False):
        _require_file(line, files.get(line.file), fact.fonds)
        if before is not None and before.file == line.file:
            raise Refusal("child-lot-file-repeated", code=line.FileCode.text)
    listed = (LotFilesListed(carriers=fact.carriers, effective=fact.effective, lines=part) for part in _parts(ordered))
    return [msgspec.structs.replace(fact, files=len(ordered)), *listed]


def give_back(
    state: ChildLot | None, files: Sequence[UUID], effective: str, decision: Instrument, today: str
) -> list[Event]:
    """Let files of it go with their fonds' lots again. Refused: `child-lot-unknown`, `child-lot-file-not-in-it`,
    `child-lot-empty`, `child-lot-too-early`, and as `assign` refuses day and decision.
    """
    known = _require_known(state, effective)
    _require_decision(decision, effective, today)
    if not files:
        raise Refusal("child-lot-empty")
    for file in files:
        if file not in known.files:
            raise Refusal("child-lot-file-not-in-it", file=file, name=known.carved.name)
    lines = sorted((known.files[file] for file in dict.fromkeys(files)), key=lambda one: one.FileCode.text)
    carriers = known.carved.carriers
    return [
        LotFilesReturned(carriers=carriers, effective=effective, decision=decision, lines=part)
        for part in _parts(lines)
    ]


def require_assignable(
    state: ChildLot | None, to: UUID | None, receiver: Agency | None, effective: str, decision: Instrument, today: str
) -> None:
    """Whether a further decision may name who must have it. Refused: `child-lot-unknown`, `child-lot-too-early`,
    `child-lot-day-to-come`, `instrument-not-in-force`, `agency-unknown`, `agency-not-existing`.
    """
    _require_known(state, effective)
    _require_decision(decision, effective, today)
    _require_receiver(to, receiver, effective)


def _require_known(state: ChildLot | None, effective: str) -> ChildLot:
    if state is None:
        raise Refusal("child-lot-unknown", name="?")
    if effective < state.carved.effective:
        raise Refusal("child-lot-too-early", name=state.carved.name, day=state.carved.effective)
    return state


def _require_decision(decision: Instrument, effective: str, today: str) -> None:
    if effective > today:
        raise Refusal("child-lot-day-to-come", day=effective, today=today)
    if not decision.in_force or decision.in_force > effective:
        raise Refusal("instrument-not-in-force", number=decision.number, day=effective)


def _require_receiver(to: UUID | None, receiver: Agency | None, effective: str) -> None:
    if to is None:
        return
    if receiver is None:
        raise Refusal("agency-unknown", code="?")
    if not receiver.exists_on(effective):
        raise Refusal("agency-not-existing", code=receiver.code, day=effective)


def _require_file(line: CarvedFile, file: File | None, fonds: UUID) -> None:
    code = line.FileCode.text
    if file is None or file.registered.FileCode != line.FileCode:
        raise Refusal("file-unknown")
    if file.destroyed:
        raise Refusal("file-destroyed", code=code)
    if file.registered.fonds != fonds:
        raise Refusal("child-lot-file-foreign", code=code)


def _parts(lines: Sequence[CarvedFile]) -> list[tuple[CarvedFile, ...]]:
    return [tuple(lines[at : at + LINES_PER_EVENT]) for at in range(0, len(lines), LINES_PER_EVENT)]
