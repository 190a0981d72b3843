"""What may be done with a container: registered, moved, opened, resealed, lent, returned, and when each is refused.

Acts on one container follow its days: none lies before its newest, none in the future. A wrong place is put right by a
further move.
"""

from __future__ import annotations

from typing import Final

import msgspec

from domain.agency import Agency
from domain.container import (
    Container,
    ContainerKind,
    ContainerLent,
    ContainerMoved,
    ContainerOpened,
    ContainerRegistered,
    ContainerResealed,
    ContainerReturned,
    Flag,
)
from domain.errors import Refusal
from domain.event import Event
from domain.fonds import Fonds

MOST_FILES: Final = 1_000_000
MOST_CM: Final = 10_000


def register(
    state: Container | None, fact: ContainerRegistered, fonds: Fonds | None, keeper: Agency | None, today: str
) -> list[Event]:
    """Refused: `fonds-unknown`, `agency-unknown`, `container-already-registered`, `container-day-to-come`,
    `container-uncounted`, `container-seal-missing`, `container-size-unfit`.
    """
    if fonds is None:
        raise Refusal("fonds-unknown", code=fact.label)
    if keeper is None:
        raise Refusal("agency-unknown", code="?")
    if state is not None:
        raise Refusal("container-already-registered", label=fact.label, fonds=fonds.code)
    if fact.on > today:
        raise Refusal("container-day-to-come", day=fact.on, today=today)
    if fact.kind is ContainerKind.SEALED_SET and fact.files:
        raise Refusal("container-uncounted", label=fact.label)
    if fact.kind is ContainerKind.SEALED_SET and not fact.seal:
        raise Refusal("container-seal-missing", label=fact.label)
    _require_size(fact.label, fact.files, fact.cm)
    return [fact]


def move(state: Container | None, fact: ContainerMoved, keeper: Agency | None, today: str) -> list[Event]:
    """Refused: `container-unknown`, `container-on-loan`, `container-day-early`, `container-day-to-come`,
    `agency-unknown`, `container-already-there`, `container-permission-missing`, `container-permission-not-in-force`.
    """
    kept = _kept(state, fact.on, today)
    if keeper is None:
        raise Refusal("agency-unknown", code="?")
    if fact.place == kept.place:
        raise Refusal("container-already-there", label=kept.registered.label)
    if fact.place.store != kept.place.store:
        _require_permission(kept, fact)
    return [fact]


def open_seal(state: Container | None, fact: ContainerOpened, today: str) -> list[Event]:
    """Refused: `container-unknown`, `container-on-loan`, `container-day-early`, `container-day-to-come`,
    `container-not-sealed`, `container-size-unfit`. Another seal than its own is flagged.
    """
    kept = _kept(state, fact.on, today)
    if not kept.sealed:
        raise Refusal("container-not-sealed", label=kept.registered.label)
    _require_size(kept.registered.label, fact.files)
    flags = (Flag.SEAL_DIFFERS,) if fact.seal != kept.seal else ()
    return [msgspec.structs.replace(fact, flags=flags)]


def reseal(state: Container | None, fact: ContainerResealed, today: str) -> list[Event]:
    """Refused: `container-unknown`, `container-on-loan`, `container-day-early`, `container-day-to-come`,
    `container-sealed-already`, `container-seal-missing`, `container-seal-used`.
    """
    kept = _kept(state, fact.on, today)
    label = kept.registered.label
    if kept.sealed:
        raise Refusal("container-sealed-already", label=label, seal=kept.seal)
    if not fact.seal:
        raise Refusal("container-seal-missing", label=label)
    if fact.seal in kept.seals:
        raise Refusal("container-seal-used", label=label, seal=fact.seal)
    return [fact]


def lend(state: Container | None, fact: ContainerLent, borrower: Agency | None, today: str) -> list[Event]:
    """Refused: `container-unknown`, `container-on-loan`, `container-day-early`, `container-day-to-come`,
    `agency-unknown`, `agency-not-existing`, `container-lent-to-keeper`, `container-due-early`,
    `container-permission-not-in-force`.
    """
    kept = _kept(state, fact.on, today)
    if borrower is None:
        raise Refusal("agency-unknown", code="?")
    if not borrower.exists_on(fact.on):
        raise Refusal("agency-not-existing", code=borrower.code, day=fact.on)
    if fact.borrower == kept.place.keeper:
        raise Refusal("container-lent-to-keeper", label=kept.registered.label)
    if fact.due < fact.on:
        raise Refusal("container-due-early", due=fact.due, day=fact.on)
    _require_permission(kept, fact)
    return [fact]


def give_back(state: Container | None, fact: ContainerReturned, keeper: Agency | None, today: str) -> list[Event]:
    """Refused: `container-unknown`, `container-not-lent`, `container-day-early`, `container-day-to-come`,
    `agency-unknown`, `container-returned-elsewhere`. A seal that differs, and a late return, are flagged.
    """
    kept = _known(state, fact.on, today)
    if kept.lent is None:
        raise Refusal("container-not-lent", label=kept.registered.label)
    if keeper is None:
        raise Refusal("agency-unknown", code="?")
    if fact.place.store != kept.place.store:
        raise Refusal("container-returned-elsewhere", label=kept.registered.label)
    wrong = ((fact.seal != kept.seal, Flag.SEAL_DIFFERS), (fact.on > kept.lent.due, Flag.RETURNED_LATE))
    return [msgspec.structs.replace(fact, flags=tuple(flag for is_so, flag in wrong if is_so))]


def _kept(state: Container | None, on: str, today: str) -> Container:
    """The container in its store: what is out on loan must come back first."""
    kept = _known(state, on, today)
    if kept.lent is not None:
        raise Refusal("container-on-loan", label=kept.registered.label, since=kept.lent.on)
    return kept


def _known(state: Container | None, on: str, today: str) -> Container:
    if state is None:
        raise Refusal("container-unknown")
    if on > today:
        raise Refusal("container-day-to-come", day=on, today=today)
    if on < state.since:
        raise Refusal("container-day-early", day=on, since=state.since)
    return state


def _require_permission(kept: Container, fact: ContainerMoved | ContainerLent) -> None:
    """Nothing leaves a store without permission (Chỉ thị 06/CT-UBND Hà Nội, 11/4/2025), in force that day."""
    permission = fact.permission
    if permission is None:
        raise Refusal("container-permission-missing", label=kept.registered.label)
    if not permission.in_force or permission.in_force > fact.on:
        raise Refusal("container-permission-not-in-force", number=permission.number, day=fact.on)


def _require_size(label: str, files: int, cm: int = 0) -> None:
    if not 0 <= files <= MOST_FILES or not 0 <= cm <= MOST_CM:
        raise Refusal("container-size-unfit", label=label)
