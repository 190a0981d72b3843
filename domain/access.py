"""Access (khai thác, sử dụng): who may read a file, by which rule; and reading as an act of its own.

*May use* is the third fact beside *assigned to* and *held by*. Handing over does not end reading by rule. The
Party line and conditional files need a grant; secrets are not stored at all.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.file import Rights
from domain.fonds import CustodyLine
from domain.lot import WorkState
from domain.sealed import Sealable


class AccessRule(StrEnum):
    """The rule that lets a principal read, or why none does."""

    HOLDER = "holder"
    ASSIGNEE = "assignee"
    CREATOR = "creator"
    SUCCESSOR_FUNCTION = "successor-function"
    TERRITORY = "territory"
    CITY_WIDE = "city-wide"
    GRANTED = "granted"
    NO_RULE = "no-rule"
    NEEDS_GRANT = "needs-grant"
    BY_DECISION = "by-decision"


class RecordRead(Event, frozen=True, kw_only=True, tag="access.record-read/1"):
    """Content of records was released to a reader. `reader` is sealed; ids are opaque; `rule` is why."""

    reader: Sealable
    records: tuple[UUID, ...]
    what: str
    rule: AccessRule


class ReadDenied(Event, frozen=True, kw_only=True, tag="access.read-denied/1"):
    """A reader asked for content and was denied."""

    reader: Sealable
    records: tuple[UUID, ...]
    what: str
    rule: AccessRule


class FieldDisclosed(Event, frozen=True, kw_only=True, tag="access.field-disclosed/1"):
    """The key of one sealed field was given to somebody by a decision; whoever has it opens that field for ever.

    recipient: sealed, as readers are. records: the file, then the document if the field is one's. position, field:
    which event of the main log, and the JSON Pointer into it.
    """

    recipient: Sealable
    records: tuple[UUID, ...]
    position: int
    field: str


class AccessFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the decision needs of a file and a reader, as of today.

    predecessors: agencies whose function the reader's agency took over (same block, unit succeeded). territories: those
    of the same block and kind in the ended districts that its unit, or a unit before it, lay in. granted: number of the
    decision of a grant in force for this reader and file, empty where there is none.
    """

    reader_agency: UUID
    city_wide: bool
    holder: UUID | None
    assignee: UUID | None
    creators: tuple[UUID, ...]
    predecessors: frozenset[UUID]
    line: CustodyLine
    rights: Rights
    state: WorkState
    territories: frozenset[UUID] = frozenset()
    granted: str = ""


def needs_grant(line: CustodyLine, rights: Rights) -> bool:
    """Whether nobody but holder, assignee and creator reads without a grant: the Party line, and what is not open."""
    return line is CustodyLine.PARTY or rights is not Rights.OPEN


def may_use(facts: AccessFacts) -> tuple[bool, AccessRule]:
    """Whether the reader may read the file, and the rule it rests on."""
    agency = facts.reader_agency
    if agency == facts.holder:
        return True, AccessRule.HOLDER
    if agency == facts.assignee:
        return True, AccessRule.ASSIGNEE
    if agency in facts.creators:
        return True, AccessRule.CREATOR
    closed = needs_grant(facts.line, facts.rights)
    if not closed and facts.city_wide:
        return True, AccessRule.CITY_WIDE
    if not closed and facts.state is WorkState.FINISHED:
        if not facts.predecessors.isdisjoint(facts.creators):
            return True, AccessRule.SUCCESSOR_FUNCTION
        if not facts.territories.isdisjoint(facts.creators):
            return True, AccessRule.TERRITORY
    if facts.granted:
        return True, AccessRule.GRANTED
    return False, AccessRule.NEEDS_GRANT if closed else AccessRule.NO_RULE


def disclosed(_state: FieldDisclosed | None, event: FieldDisclosed) -> FieldDisclosed | None:
    """Fold one event of a disclosure's own stream."""
    return event


def disclose(state: FieldDisclosed | None, fact: FieldDisclosed) -> list[Event]:
    """Record a disclosure, once for one field, recipient and decision. Refused: `field-already-disclosed`."""
    if state is not None:
        raise Refusal("field-already-disclosed", position=fact.position, field=fact.field)
    return [fact]
