"""Accession (tiếp nhận): one delivery of files by a worksheet, with what was refused, row by row."""

from __future__ import annotations

from typing import Final, assert_never
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Sealable

ROWS_PER_EVENT: Final = 500


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A row that was not taken, and the code of the reason; `sheet` is its sheet's name, `column` where known."""

    row: int
    code: str
    sheet: str = ""
    column: str = ""


class AccessionReceived(Event, frozen=True, kw_only=True, tag="accession.received/1"):
    """A worksheet was taken in: `rows` in it, of which `registered` became files."""

    number: str
    rows: int
    registered: int
    worksheet_digest: Sealable
    deliverer: UUID | None = None


class RowsRefused(Event, frozen=True, kw_only=True, tag="accession.rows-refused/1"):
    """Rows of the worksheet that were refused, at most 500 an event."""

    refused: tuple[RefusedRow, ...]


AccessionEvent = AccessionReceived | RowsRefused


class Accession(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one accession."""

    received: AccessionReceived
    refused: tuple[RefusedRow, ...] = ()


def evolve(state: Accession | None, event: AccessionEvent) -> Accession | None:
    """Fold one event."""
    match event:
        case AccessionReceived():
            return Accession(received=event)
        case RowsRefused():
            return None if state is None else msgspec.structs.replace(state, refused=state.refused + event.refused)
        case _:
            assert_never(event)


def receive(state: Accession | None, fact: AccessionReceived, refused: tuple[RefusedRow, ...]) -> list[Event]:
    """Record a delivery. Refused: `accession-already-received`."""
    if state is not None:
        raise Refusal("accession-already-received", number=fact.number)
    step = ROWS_PER_EVENT
    parts = [refused[at : at + step] for at in range(0, len(refused), step)]
    return [fact, *(RowsRefused(refused=part) for part in parts)]
