"""Creatorship (đơn vị hình thành phông): which agencies create a fonds, each over an interval of days.

An agency may create several fonds and a fonds have several creators. That a fonds goes on with another creator is the
result of a reorganization and stands on its stream, as its closing does; the fonds' own stream is only guarded.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.event import Event
from domain.fonds import Fonds


class FondsWentOn(Event, frozen=True, kw_only=True, tag="fonds.went-on/1"):
    """A fonds goes on beyond the day: `creators` create it from then on, `former` no more. basis: what says so."""

    fonds: UUID
    effective: str
    creators: tuple[UUID, ...]
    former: tuple[UUID, ...] = ()
    basis: str = ""


class Creatorship(msgspec.Struct, frozen=True, kw_only=True):
    """One agency creates a fonds from a day until the day `until` (not included; empty: still)."""

    creator: UUID
    since: str
    until: str = ""
    basis: str = ""


def creatorships(opened: Fonds, later: Sequence[FondsWentOn]) -> list[Creatorship]:
    """The intervals of one fonds, those that began first before the others. later: as recorded."""
    found = [Creatorship(creator=one, since=opened.opened_from) for one in opened.creators]
    for event in sorted(later, key=lambda event: event.effective):
        replace = msgspec.structs.replace
        found = [
            replace(one, until=event.effective) if one.creator in event.former and not one.until else one
            for one in found
        ]
        standing = {one.creator for one in found if not one.until}
        found += [
            Creatorship(creator=one, since=event.effective, basis=event.basis)
            for one in event.creators
            if one not in standing
        ]
    return found


def as_of(opened: Fonds, later: Sequence[FondsWentOn], day: str) -> Fonds:
    """The fonds with those as its creators who create it on the civil day, after what was recorded until now."""
    past = [event for event in later if event.effective <= day]
    standing = tuple(one.creator for one in creatorships(opened, past) if not one.until)
    return msgspec.structs.replace(opened, creators=standing) if past and standing else opened
