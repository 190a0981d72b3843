"""What a giver hands over: files chosen by code, fonds, lot or unit, or all that the receiver must have of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.file import evolve
from domain.handover import InventoryLine
from domain.identifiers import nfc
from domain.lot import ALL_LOT_KEYS, Carrier, WorkState
from ledger.application import Ledger
from mocban.custody.unit_named import is_id, unit_named
from projections.asking import ask
from projections.finding_aid_queries import FondsRow
from projections.handover_queries import agencies_with_code, held_by, held_by_code
from projections.succession_queries import AgencyRow, agencies_of, agency
from projections.to_come import to_come
from projections.view import Connection

MOST_CODES = 4 * 1024 * 1024
"""Bytes of a file of codes."""
_FONDS = "SELECT {columns} FROM projection.fonds WHERE code = %(code)s"
_FONDS_OF = "SELECT {columns} FROM projection.fonds WHERE creators && %(agencies)s::uuid[]"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One way to choose; with none of them, all that the receiver must have of what the giver has.

    codes: FileCodes. fonds: its code; lot: a lot key's text within it. unit: an id, or a code on the day.
    """

    codes: tuple[str, ...] = ()
    fonds: str = ""
    lot: str = ""
    unit: str = ""


def agency_named(connection: Connection, given: str, on: str) -> AgencyRow:
    """The agency with this id or code; a code that several have carried means the one of the day.

    Raises Refusal `handover-agency-unclear`.
    """
    if is_id(given):
        found = agency(connection, UUID(given))
        if found is not None:
            return found
    else:
        known = agencies_with_code(connection, given.replace("\0", ""))
        of_day = [one for one in known if one.valid_from <= on and (not one.valid_to or on < one.valid_to)]
        for some in (of_day, known):
            if len(some) == 1:
                return some[0]
    raise Refusal("handover-agency-unclear", given=given[:60], day=on)


def read_codes(path: Path) -> tuple[str, ...]:
    """A file code a line; empty lines are passed by. Raises Refusal `input-unreadable`."""
    try:
        if path.stat().st_size > MOST_CODES:
            raise Refusal("ticked-too-large", file=path.name)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("input-unreadable", path=path) from error
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def choose(
    connection: Connection, giver: AgencyRow, receiver: AgencyRow, carrier: Carrier, on: str, choice: Choice
) -> Sequence[UUID]:
    """The files chosen, by code; none twice.

    Raises Refusal `handover-selection-unclear`, `handover-nothing-selected`, `handover-line-unknown`,
    `handover-line-foreign`, `handover-line-offered`, `handover-line-repeated`, `handover-lot-unknown`, `fonds-unknown`,
    `unit-unknown`, `unit-not-existing`.
    """
    if sum(map(bool, (choice.codes, choice.fonds, choice.unit))) > 1 or (choice.lot and not choice.fonds):
        raise Refusal("handover-selection-unclear")
    if choice.codes:
        return _by_code(connection, giver, carrier, [nfc(code) for code in choice.codes])
    if choice.fonds or choice.unit:
        fonds = [row.id for row in _fonds(connection, on, choice)]
        chosen = held_by(connection, giver.id, carrier, fonds=fonds, lot=_lot(choice.lot, carrier))
    else:
        due = [one for one in to_come(connection, receiver.id, carrier, on) if one.holder == giver.id]
        chosen = held_by(connection, giver.id, carrier, files=due[0].files if due else ())
    if not chosen:
        raise Refusal("handover-nothing-selected", giver=giver.name)
    return chosen


def lines_for(ledger: Ledger, files: Sequence[UUID], carrier: Carrier) -> list[InventoryLine]:
    """The inventory's lines as the ledger itself registered the files. What is unfinished goes sealed and uncounted."""
    states = ledger.streams().load_many(files, None, evolve)
    lines = []
    for file, state in states.items():
        if state is None:
            raise Refusal("handover-line-unknown", code=file)
        known = state.registered
        paper = carrier is Carrier.PAPER
        sealed = paper and known.state is WorkState.UNFINISHED
        lines.append(
            InventoryLine(
                FileCode=known.FileCode,
                file=file,
                sheets=known.sheets if paper and not sealed else 0,
                box=known.box if paper else "",
                sealed_set=sealed,
            )
        )
    return lines


def _by_code(connection: Connection, giver: AgencyRow, carrier: Carrier, codes: Sequence[str]) -> list[UUID]:
    known = {one.code: one for one in held_by_code(connection, codes, carrier)}
    chosen: dict[UUID, None] = {}
    for code in codes:
        one = known.get(code)
        if one is None:
            raise Refusal("handover-line-unknown", code=code[:80])
        if one.id in chosen:
            raise Refusal("handover-line-repeated", code=code)
        if one.holder != giver.id:
            holder = agency(connection, one.holder) if one.holder else None
            raise Refusal("handover-line-foreign", code=code, holder=holder.name if holder else "-")
        if one.offered_in is not None:
            raise Refusal("handover-line-offered", code=code, handover=one.offered_in)
        chosen[one.id] = None
    return list(chosen)


def _fonds(connection: Connection, on: str, choice: Choice) -> list[FondsRow]:
    if choice.fonds:
        found = ask(connection, FondsRow, _FONDS, code=choice.fonds.replace("\0", ""))
        if not found:
            raise Refusal("fonds-unknown", code=choice.fonds[:60])
        return found
    bodies = agencies_of(connection, unit_named(connection, choice.unit, on).id)
    return ask(connection, FondsRow, _FONDS_OF, agencies=[body.id for body in bodies])


def _lot(text: str, carrier: Carrier) -> int | None:
    """Its number; a key may leave out the carrier, which is the hand-over's."""
    if not text:
        return None
    for number, key in enumerate(ALL_LOT_KEYS):
        if key.carrier is carrier and text in {key.text, key.text.rpartition("/")[0]}:
            return number
    raise Refusal("handover-lot-unknown", lot=text[:60])
