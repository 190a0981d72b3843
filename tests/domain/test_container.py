"""A container's life: what may be done with it and what may not, each refused by its code."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from domain import container_acts
from domain.agency import Agency, AgencyKind, Block
from domain.basis import Instrument
from domain.container import (
    Condition,
    Container,
    ContainerEvent,
    ContainerKind,
    ContainerLent,
    ContainerMoved,
    ContainerOpened,
    ContainerRegistered,
    ContainerResealed,
    ContainerReturned,
    Flag,
    Place,
    evolve,
)
from domain.errors import Refusal
from domain.event import Event
from domain.fonds import CustodyLine, Fonds

TODAY = "2026-01-01"
KEEPER, OTHER, FONDS = UUID(int=1), UUID(int=2), UUID(int=3)
BODY = Agency(
    name="UBND", block=Block.GOVERNMENT, kind=next(iter(AgencyKind)), unit=UUID(int=9), code="H26",
    valid_from="2000-01-01", valid_to="2025-07-01",
)  # fmt: skip
LIVING = msgspec.structs.replace(BODY, valid_to="")
PHONG = Fonds(code="P1", name="Phông", creators=(KEEPER,), opened_from="2000-01-01", line=CustodyLine.STATE)
YES = Instrument(number="7/QĐ", issued="2025-07-01", issuer="Sở Nội vụ", in_force="2025-07-05")
HERE = Place(keeper=KEEPER, repository="Kho 1", room="P1", shelf="G1")
SHELF = Place(keeper=KEEPER, repository="Kho 1", room="P1", shelf="G2")
AWAY = Place(keeper=OTHER, repository="Kho 9")
BOX = ContainerRegistered(kind=ContainerKind.BOX, label="H1", fonds=FONDS, place=HERE, on="2025-06-01", files=7)
SET = msgspec.structs.replace(BOX, kind=ContainerKind.SEALED_SET, files=0, seal="N1")
LENT = ContainerLent(borrower=OTHER, on="2025-07-10", due="2025-08-10", permission=YES)
OPENED = ContainerOpened(seal="N1", on="2025-07-06", basis="8/QĐ", files=4)
BACK = ContainerReturned(place=HERE, on="2025-08-01")


def act(state: Container | None, fact: ContainerEvent, body: Agency | None = LIVING) -> list[Event]:
    """Judge one act; of an agency that is not known, body is None."""
    match fact:
        case ContainerRegistered():
            return container_acts.register(state, fact, PHONG, body, TODAY)
        case ContainerMoved():
            return container_acts.move(state, fact, body, TODAY)
        case ContainerOpened():
            return container_acts.open_seal(state, fact, TODAY)
        case ContainerResealed():
            return container_acts.reseal(state, fact, TODAY)
        case ContainerLent():
            return container_acts.lend(state, fact, body, TODAY)
        case ContainerReturned():
            return container_acts.give_back(state, fact, body, TODAY)


def life(*facts: ContainerEvent) -> Container | None:
    """The container after these, each of which was allowed."""
    state: Container | None = None
    for fact in facts:
        (event,) = act(state, fact)
        state = evolve(state, event)  # type: ignore[arg-type]  # what was judged is an event of a container
    return state


def changed(fact: ContainerEvent, **members: object) -> ContainerEvent:
    """The fact with other members."""
    return msgspec.structs.replace(fact, **members)


REFUSED: list[tuple[str, tuple[ContainerEvent, ...], ContainerEvent, Agency | None]] = [
    ("container-already-registered", (BOX,), BOX, LIVING),
    ("agency-unknown", (), BOX, None),
    ("container-day-to-come", (), changed(BOX, on="2026-01-02"), LIVING),
    ("container-uncounted", (), changed(SET, files=3), LIVING),
    ("container-seal-missing", (), changed(SET, seal=""), LIVING),
    ("container-size-unfit", (), changed(BOX, files=-1), LIVING),
    ("container-size-unfit", (), changed(BOX, cm=10_001), LIVING),
    ("container-unknown", (), ContainerMoved(place=SHELF, on="2025-07-01"), LIVING),
    ("container-already-there", (BOX,), ContainerMoved(place=HERE, on="2025-07-01"), LIVING),
    ("container-day-early", (BOX,), ContainerMoved(place=SHELF, on="2025-05-31"), LIVING),
    ("container-day-to-come", (BOX,), ContainerMoved(place=SHELF, on="2026-05-31"), LIVING),
    ("agency-unknown", (BOX,), ContainerMoved(place=AWAY, on="2025-07-01"), None),
    ("container-permission-missing", (BOX,), ContainerMoved(place=AWAY, on="2025-07-06"), LIVING),
    (
        "container-permission-missing",
        (BOX,),
        ContainerMoved(place=Place(keeper=KEEPER, repository="Kho 2"), on="2025-07-06"),
        LIVING,
    ),
    (
        "container-permission-not-in-force",
        (BOX,),
        ContainerMoved(place=AWAY, on="2025-07-04", permission=YES),
        LIVING,
    ),
    ("container-not-sealed", (BOX,), OPENED, LIVING),
    ("container-not-sealed", (SET, OPENED), changed(OPENED, on="2025-07-07"), LIVING),
    ("container-size-unfit", (SET,), changed(OPENED, files=-1), LIVING),
    ("container-sealed-already", (SET,), ContainerResealed(seal="N2", on="2025-07-07", basis="x"), LIVING),
    ("container-seal-used", (SET, OPENED), ContainerResealed(seal="N1", on="2025-07-07", basis="x"), LIVING),
    ("container-seal-missing", (SET, OPENED), ContainerResealed(seal="", on="2025-07-07", basis="x"), LIVING),
    ("container-on-loan", (BOX, LENT), LENT, LIVING),
    ("container-on-loan", (BOX, LENT), ContainerMoved(place=SHELF, on="2025-07-11"), LIVING),
    ("container-on-loan", (SET, LENT), changed(OPENED, on="2025-07-11"), LIVING),
    ("agency-not-existing", (BOX,), LENT, BODY),
    ("container-lent-to-keeper", (BOX,), changed(LENT, borrower=KEEPER), LIVING),
    ("container-due-early", (BOX,), changed(LENT, due="2025-07-09"), LIVING),
    ("container-permission-not-in-force", (BOX,), changed(LENT, on="2025-07-02"), LIVING),
    ("container-not-lent", (BOX,), BACK, LIVING),
    ("container-not-lent", (BOX, LENT, BACK), BACK, LIVING),
    ("container-returned-elsewhere", (BOX, LENT), changed(BACK, place=AWAY), LIVING),
]


@pytest.mark.parametrize(("code", "before", "fact", "body"), REFUSED)
def test_refused(code: str, before: tuple[ContainerEvent, ...], fact: ContainerEvent, body: Agency | None) -> None:
    """Given a container's life so far, when something is done out of order, it is refused by its code."""
    with pytest.raises(Refusal) as refused:
        act(life(*before), fact, body)
    assert refused.value.code == code


def test_an_ended_keeper_may_keep_and_a_permission_opens_the_way() -> None:
    """Given a box in a store, when moved with a permission into an ended body's store, it stands there."""
    (event,) = act(life(BOX), ContainerMoved(place=AWAY, on="2025-07-05", permission=YES), BODY)
    state = evolve(life(BOX), event)  # type: ignore[arg-type]  # as judged
    assert state is not None
    assert (state.place, state.placed_on, state.files) == (AWAY, "2025-07-05", 7)


def test_a_sealed_set_is_counted_only_while_it_is_open() -> None:
    """Given a sealed set, when opened it is counted, when sealed again it is not, and its seals are all known."""
    sealed, opened = life(SET), life(SET, OPENED)
    again = life(SET, OPENED, ContainerResealed(seal="N2", on="2025-07-07", basis="8/QĐ"))
    assert sealed is not None
    assert opened is not None
    assert again is not None
    assert [(one.files, one.seal) for one in (sealed, opened, again)] == [(None, "N1"), (4, ""), (None, "N2")]
    assert again.seals == ("N1", "N2")


def test_another_seal_and_a_late_return_are_true_and_flagged() -> None:
    """Given a sealed set out on loan, when back late under another seal, both are said and it is not sealed."""
    lent = life(SET, LENT)
    (event,) = act(lent, changed(BACK, on="2025-08-11", seal="N9", condition=Condition.DAMAGED))
    assert isinstance(event, ContainerReturned)
    assert event.flags == (Flag.SEAL_DIFFERS, Flag.RETURNED_LATE)
    state = evolve(lent, event)
    assert state is not None
    assert (state.sealed, state.lent, state.condition) == (False, None, Condition.DAMAGED)
    (opened,) = act(life(SET), changed(OPENED, seal="N8"))
    assert isinstance(opened, ContainerOpened)
    assert opened.flags == (Flag.SEAL_DIFFERS,)
