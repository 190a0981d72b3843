"""Fonds (phông lưu trữ): all records of one creating body. It is never dispersed (CV 414/BNV-VTLTNN)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.agency import Agency, Block
from domain.errors import Refusal
from domain.event import Event


class CustodyLine(StrEnum):
    """Party and State records are two lines of custody; they do not mix without a decision."""

    STATE = "state"
    PARTY = "party"


class FondsOpened(Event, frozen=True, kw_only=True, tag="fonds.opened/1"):
    """A fonds is open from a day, for the agencies that create it; it is assigned to the first of them."""

    code: str
    name: str
    creators: tuple[UUID, ...]
    opened_from: str
    line: CustodyLine


class Fonds(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one fonds."""

    code: str
    name: str
    creators: tuple[UUID, ...]
    opened_from: str
    line: CustodyLine


def evolve(_state: Fonds | None, event: FondsOpened) -> Fonds | None:
    """Fold one event. Closing is the reorganization's: `FondsAssigned.closes`."""
    return Fonds(
        code=event.code,
        name=event.name,
        creators=event.creators,
        opened_from=event.opened_from,
        line=event.line,
    )


def line_of(block: Block) -> CustodyLine:
    """The line a block's fonds starts on; mass organizations' fonds follow the Party (QĐ 210-QĐ/TW)."""
    return CustodyLine.STATE if block is Block.GOVERNMENT else CustodyLine.PARTY


def open_joint(state: Fonds | None, fact: FondsOpened, agencies: Mapping[UUID, Agency | None]) -> list[Event]:
    """Open a fonds that one or several existing agencies create together, all of one line.

    Refused: as `open_fonds`; `fonds-creator-repeated`, `agency-unknown`, `agency-not-existing`,
    `fonds-creators-of-two-lines`.
    """
    if len(set(fact.creators)) < len(fact.creators):
        raise Refusal("fonds-creator-repeated", code=fact.code)
    for creator in fact.creators:
        body = agencies.get(creator)
        if body is None:
            raise Refusal("agency-unknown", code="?")
        if not body.exists_on(fact.opened_from):
            raise Refusal("agency-not-existing", code=body.code, day=fact.opened_from)
        if line_of(body.block) is not fact.line:
            raise Refusal("fonds-creators-of-two-lines", code=fact.code)
    return open_fonds(state, fact)


def open_fonds(state: Fonds | None, fact: FondsOpened) -> list[Event]:
    """Open a fonds. Refused: `fonds-already-open`, `fonds-without-creator`."""
    if state is not None:
        raise Refusal("fonds-already-open", code=fact.code)
    if not fact.creators:
        raise Refusal("fonds-without-creator", code=fact.code)
    return [fact]
