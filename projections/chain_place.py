"""Where a file's paper is, by the newest act on its container; and each such act in words.

What is in no registered container stands where its registration says.
"""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

import msgspec

from domain.civil_date import as_spoken
from domain.container import (
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
    evolve,
)
from domain.event import Event
from projections.chain import Chain, ChainedAct, ChainedEvent

KINDS: Final = {
    ContainerKind.BOX: ("hộp", "box"),
    ContainerKind.BUNDLE: ("bó", "bundle"),
    ContainerKind.SEALED_SET: ("tập niêm phong", "sealed set"),
}
FLAGS: Final = {
    Flag.SEAL_DIFFERS: ("số niêm phong khác số đã ghi", "the seal is not the one recorded"),
    Flag.RETURNED_LATE: ("trả sau hạn", "returned late"),
}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The container as of the chain's day. proof: the act that put it there, then that of a loan it is out on."""

    state: Container
    proof: tuple[tuple[ChainedAct, ChainedEvent], ...]


def standing(chain: Chain) -> Standing | None:
    """The file's container; None where no act has registered one."""
    state: Container | None = None
    placed: list[tuple[ChainedAct, ChainedEvent]] = []
    for act, one in chain.events():
        if one.what != "container" or one.event is None:
            continue
        state = evolve(state, cast("ContainerEvent", one.event))
        if isinstance(one.event, ContainerLent):
            placed = [*placed[:1], (act, one)]
        elif getattr(one.event, "place", None) is not None:
            placed = [(act, one)]
    return None if state is None else Standing(state=state, proof=tuple(placed))


def where_it_stands(chain: Chain, box: Standing, holder: UUID) -> tuple[str, str]:
    """From *bản giấy* on: whose store, which shelf, since when, whether out on loan."""
    state, (vi, en) = box.state, KINDS[box.state.registered.kind]
    keeper, day = chain.named(state.place.keeper), as_spoken(state.placed_on)
    whose = ("bản giấy", "paper")
    if state.place.keeper != holder:
        name = chain.named(holder)
        whose = (f"bản giấy do {name} giữ,", f"paper, held by {name},")
    label, spoken = state.registered.label, state.place.spoken
    sealed = (f", niêm phong số {state.seal}", f", sealed ({state.seal})") if state.sealed else ("", "")
    lent = ("", "")
    if state.lent is not None:
        borrower, since, due = chain.named(state.lent.borrower), as_spoken(state.lent.on), as_spoken(state.lent.due)
        lent = (
            f", cho {borrower} mượn từ {since}, hạn trả {due}",
            f", on loan to {borrower} from {since}, due back {due}",
        )
    return (
        f"{whose[0]} đang ở kho của {keeper} ({spoken}) từ {day}, {vi} {label}{sealed[0]}{lent[0]}",
        f"{whose[1]} is in the store of {keeper} ({spoken}) from {day}, {en} {label}{sealed[1]}{lent[1]}",
    )


def told_of_container(chain: Chain, event: Event | None) -> tuple[str, str] | None:
    """What an event meant for the file's container, Vietnamese and English; None of any other event."""
    match event:
        case ContainerRegistered(label=label, place=place, kind=kind):
            at, (vi, en) = f"{chain.named(place.keeper)} ({place.spoken})", KINDS[kind]
            return f"Đăng ký {vi} {label} tại kho của {at}", f"{en} {label} registered in the store of {at}"
        case ContainerMoved(place=place, permission=permission):
            at, by = f"{chain.named(place.keeper)} ({place.spoken})", f" ({permission.number})" if permission else ""
            return f"Chuyển hộp, bó đến kho của {at}{by}", f"Container moved to the store of {at}{by}"
        case ContainerOpened(seal=seal, basis=basis, flags=flags):
            vi, en = _flagged(flags)
            return f"Mở niêm phong số {seal} ({basis}){vi}", f"Seal {seal} opened ({basis}){en}"
        case ContainerResealed(seal=seal, basis=basis):
            return f"Niêm phong bằng số {seal} ({basis})", f"Sealed with {seal} ({basis})"
        case ContainerLent(borrower=borrower, due=due, permission=permission):
            to, until = chain.named(borrower), as_spoken(due)
            return (
                f"Cho {to} mượn hộp, bó, hạn trả {until} ({permission.number})",
                f"Container lent to {to}, due back {until} ({permission.number})",
            )
        case ContainerReturned(place=place, flags=flags):
            at, (vi, en) = f"{chain.named(place.keeper)} ({place.spoken})", _flagged(flags)
            return f"Nhận lại hộp, bó về kho của {at}{vi}", f"Container returned to the store of {at}{en}"
        case _:
            return None


def _flagged(flags: tuple[Flag, ...]) -> tuple[str, str]:
    vi, en = ("; ".join(FLAGS[flag][at] for flag in flags) for at in (0, 1))
    return (f"; {vi}", f"; {en}") if flags else ("", "")
