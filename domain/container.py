"""Container (hộp, bó, tập niêm phong): what holds files in a store, and its place there.

Moving is not custody: no act here changes who must have a file or who has it. Nothing leaves a store without a
permission, unfinished files lie packed and sealed apart (Chỉ thị 06/CT-UBND Hà Nội, 11/4/2025), and a sealed set is
uncounted until somebody opens it. Its files are those of its fonds whose registration names its label.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec

from domain.basis import Instrument
from domain.event import Event


class ContainerKind(StrEnum):
    """Hộp, bó, tập niêm phong."""

    BOX = "box"
    BUNDLE = "bundle"
    SEALED_SET = "sealed-set"


class Condition(StrEnum):
    """The state that the container was found in: words of a list, since free text may name people."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    DAMP = "damp"
    MOULD = "mould"
    INSECTS = "insects"


class Flag(StrEnum):
    """What is true and wrong: recorded and said, not refused."""

    SEAL_DIFFERS = "seal-differs"
    RETURNED_LATE = "returned-late"


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where a container stands. keeper: the agency whose store it is; repository (kho), room, shelf: as written there.

    An agency that has ended may still be a keeper: what awaits a receiver stays where it is.
    """

    keeper: UUID
    repository: str
    room: str = ""
    shelf: str = ""

    @property
    def store(self) -> tuple[UUID, str]:
        """What nothing leaves without a permission."""
        return self.keeper, self.repository

    @property
    def spoken(self) -> str:
        """Repository, room and shelf, without the keeper."""
        return ", ".join(part for part in (self.repository, self.room, self.shelf) if part)


class ContainerRegistered(Event, frozen=True, kw_only=True, tag="container.registered/1"):
    """A container of a fonds stands somewhere from the day `on`.

    label: as the box is marked, and as files' registrations name it. seal: number of the seal, empty while unsealed.
    cm: shelf length, 0 unknown. files: counted by hand, 0 not counted; of a sealed set never.
    """

    kind: ContainerKind
    label: str
    fonds: UUID
    place: Place
    on: str
    seal: str = ""
    condition: Condition = Condition.GOOD
    cm: int = 0
    files: int = 0


class ContainerMoved(Event, frozen=True, kw_only=True, tag="container.moved/1"):
    """It stands elsewhere from a day. permission: cited where it leaves its store."""

    place: Place
    on: str
    permission: Instrument | None = None


class ContainerOpened(Event, frozen=True, kw_only=True, tag="container.opened/1"):
    """Its seal is broken, by a decision. seal: the number found on it; files: counted now, 0 not counted."""

    seal: str
    on: str
    basis: str
    condition: Condition = Condition.GOOD
    files: int = 0
    flags: tuple[Flag, ...] = ()


class ContainerResealed(Event, frozen=True, kw_only=True, tag="container.resealed/1"):
    """It is sealed, for the first time or again, with a seal that it did not bear before."""

    seal: str
    on: str
    basis: str


class ContainerLent(Event, frozen=True, kw_only=True, tag="container.lent/1"):
    """It leaves its store for an agency that must bring it back; who must have it and who has it stay as they were."""

    borrower: UUID
    on: str
    due: str
    permission: Instrument


class ContainerReturned(Event, frozen=True, kw_only=True, tag="container.returned/1"):
    """It is back. place: where it was put; seal: the number found on it, empty where there is none."""

    place: Place
    on: str
    seal: str = ""
    condition: Condition = Condition.GOOD
    flags: tuple[Flag, ...] = ()


ContainerEvent = (
    ContainerRegistered | ContainerMoved | ContainerOpened | ContainerResealed | ContainerLent | ContainerReturned
)
"""On the container's own stream, so that moving a box touches no file."""


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one container. since: day of its newest act; seals: every number it has borne, the newest last.

    sealed: whether the newest is on it; files: None where nobody has counted; lent: the loan it is out on.
    """

    registered: ContainerRegistered
    place: Place
    since: str
    sealed: bool
    seals: tuple[str, ...]
    condition: Condition
    files: int | None
    placed_on: str
    lent: ContainerLent | None = None

    @property
    def seal(self) -> str:
        """The seal on it, empty while it is open."""
        return self.seals[-1] if self.sealed else ""


def evolve(state: Container | None, event: ContainerEvent) -> Container | None:
    """Fold one event."""
    if isinstance(event, ContainerRegistered):
        return _begun(event)
    if state is None:
        return None
    put = msgspec.structs.replace
    match event:
        case ContainerMoved():
            return put(state, place=event.place, placed_on=event.on, since=event.on)
        case ContainerOpened():
            counted = event.files or state.files
            return put(state, sealed=False, condition=event.condition, files=counted, since=event.on)
        case ContainerResealed():
            uncounted = state.registered.kind is ContainerKind.SEALED_SET
            files = None if uncounted else state.files
            return put(state, sealed=True, seals=(*state.seals, event.seal), files=files, since=event.on)
        case ContainerLent():
            return put(state, lent=event, since=event.on)
        case ContainerReturned():
            back = put(state, lent=None, place=event.place, placed_on=event.on, condition=event.condition)
            return put(back, sealed=_still_sealed(state, event.seal), since=event.on)


def _begun(event: ContainerRegistered) -> Container:
    return Container(
        registered=event,
        place=event.place,
        since=event.on,
        sealed=bool(event.seal),
        seals=(event.seal,) if event.seal else (),
        condition=event.condition,
        files=event.files or None,
        placed_on=event.on,
    )


def _still_sealed(state: Container, found: str) -> bool:
    """A seal of another number is no seal of this archive: what is inside must be looked at."""
    return state.sealed and found == state.seal
