"""Grant of reading (cho phép khai thác): by a decision an agency or a person may read files or fonds for some days.

It is the third of the rules by which somebody may use what another holds, beside succession to a function and the
whole city's offices; and the only one for the Party line and for files with conditional access.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, assert_never
from uuid import UUID

import msgspec

from domain.agency import Agency
from domain.basis import Instrument
from domain.errors import Refusal
from domain.event import Event
from domain.principal import Principal

MOST_GRANTED: Final = 500
"""Files and fonds of one grant."""


class AccessGranted(Event, frozen=True, kw_only=True, tag="access.granted/1"):
    """Reading is granted to an agency's officers or to one principal, of files and of whole fonds, by a decision.

    since, last_day: civil days, both included. Exactly one of agency and principal is named.
    """

    decision: Instrument
    since: str
    last_day: str
    agency: UUID | None = None
    principal: UUID | None = None
    files: tuple[UUID, ...] = ()
    fonds: tuple[UUID, ...] = ()


class AccessEnded(Event, frozen=True, kw_only=True, tag="access.ended/1"):
    """A grant ends before its last day. on: the first civil day on which nobody reads by it; basis: who decided so."""

    on: str
    basis: str


AccessGrantEvent = AccessGranted | AccessEnded


class AccessGrant(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one grant. ended: first day without it, empty while it runs to its last day."""

    granted: AccessGranted
    ended: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger knows of those whom a grant names. files, fonds: those of its that there are."""

    agency: Agency | None = None
    principal: Principal | None = None
    files: Collection[UUID] = ()
    fonds: Collection[UUID] = ()


def evolve(state: AccessGrant | None, event: AccessGrantEvent) -> AccessGrant | None:
    """Fold one event."""
    match event:
        case AccessGranted():
            return AccessGrant(granted=event)
        case AccessEnded():
            return None if state is None else msgspec.structs.replace(state, ended=event.on)
        case _:
            assert_never(event)


def grant(state: AccessGrant | None, fact: AccessGranted, known: Known, today: str) -> list[Event]:
    """Refused: `grant-already`, `grant-reader-unclear`, `grant-of-nothing`, `grant-days-unfit`, `grant-over`,
    `instrument-not-in-force`, `agency-unknown`, `agency-not-existing`, `grant-principal-unknown`, `file-unknown`,
    `fonds-unknown`.
    """
    if state is not None:
        raise Refusal("grant-already")
    if (fact.agency is None) == (fact.principal is None):
        raise Refusal("grant-reader-unclear")
    if not 0 < len(fact.files) + len(fact.fonds) <= MOST_GRANTED:
        raise Refusal("grant-of-nothing", most=MOST_GRANTED)
    if fact.last_day < fact.since:
        raise Refusal("grant-days-unfit", since=fact.since, last=fact.last_day)
    if fact.last_day < today:
        raise Refusal("grant-over", last=fact.last_day, today=today)
    if not fact.decision.in_force or fact.decision.in_force > fact.since:
        raise Refusal("instrument-not-in-force", number=fact.decision.number, day=fact.since)
    _require_known(fact, known)
    return [fact]


def end(state: AccessGrant | None, fact: AccessEnded, today: str) -> list[Event]:
    """Refused: `grant-unknown`, `grant-ended`, `grant-end-unfit`; never before today: what was read was read by it."""
    if state is None:
        raise Refusal("grant-unknown")
    if state.ended:
        raise Refusal("grant-ended", day=state.ended)
    if fact.on < today or fact.on > state.granted.last_day:
        raise Refusal("grant-end-unfit", day=fact.on, today=today, last=state.granted.last_day)
    return [fact]


def _require_known(fact: AccessGranted, known: Known) -> None:
    if fact.agency is not None:
        if known.agency is None:
            raise Refusal("agency-unknown", code="?")
        if not known.agency.exists_on(fact.since):
            raise Refusal("agency-not-existing", code=known.agency.code, day=fact.since)
    elif known.principal is None:
        raise Refusal("grant-principal-unknown")
    if not set(fact.files) <= set(known.files):
        raise Refusal("file-unknown")
    for one in fact.fonds:
        if one not in known.fonds:
            raise Refusal("fonds-unknown", code=one)
