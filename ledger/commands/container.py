"""Containers: registered, moved, opened, resealed, lent, returned. One act each, on the container's own stream."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec

from domain import agency, container_acts, fonds
from domain.container import (
    Container,
    ContainerEvent,
    ContainerLent,
    ContainerMoved,
    ContainerOpened,
    ContainerRegistered,
    ContainerResealed,
    ContainerReturned,
    evolve,
)
from domain.event import Event
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams

_NAMES = {
    ContainerRegistered: "container.register",
    ContainerMoved: "container.move",
    ContainerOpened: "container.open",
    ContainerResealed: "container.reseal",
    ContainerLent: "container.lend",
    ContainerReturned: "container.return",
}
_Judge = Callable[[Streams, Container | None], list[Event]]


def record(ledger: Ledger, actor: Actor, act_id: UUID, stream: UUID, fact: ContainerEvent, today: str) -> Receipt:
    """Do one thing with the container `stream`, as `fact` says. today: civil day that nothing may lie after.

    Refused as `domain.container_acts` refuses.
    """
    return ledger.perform(proposed(actor, act_id, stream, fact, today))


def proposed(actor: Actor, act_id: UUID, stream: UUID, fact: ContainerEvent, today: str) -> Proposal:
    """The act that does it, whoever holds the key."""
    judge = _judge_of(fact, today)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        return {stream: judge(streams, streams.load(stream, None, evolve))}

    request = {"container": str(stream), "fact": msgspec.to_builtins(fact)}
    cited = _cited(fact)
    basis = Basis(code=BY_DECISION, ref=cited) if cited else None
    act = _NAMES[type(fact)]
    return Proposal(act=act, id=act_id, actor=actor, decide=decide, request=request, basis=basis)


def _judge_of(fact: ContainerEvent, today: str) -> _Judge:
    match fact:
        case ContainerRegistered():
            return lambda streams, state: container_acts.register(
                state, fact, streams.load(fact.fonds, None, fonds.evolve), _agency(streams, fact.place.keeper), today
            )
        case ContainerMoved():
            return lambda streams, state: container_acts.move(state, fact, _agency(streams, fact.place.keeper), today)
        case ContainerOpened():
            return lambda _streams, state: container_acts.open_seal(state, fact, today)
        case ContainerResealed():
            return lambda _streams, state: container_acts.reseal(state, fact, today)
        case ContainerLent():
            return lambda streams, state: container_acts.lend(state, fact, _agency(streams, fact.borrower), today)
        case ContainerReturned():
            return lambda streams, state: container_acts.give_back(
                state, fact, _agency(streams, fact.place.keeper), today
            )


def _agency(streams: Streams, body: UUID) -> agency.Agency | None:
    return streams.load(body, None, agency.evolve)


def _cited(fact: ContainerEvent) -> str:
    permission = getattr(fact, "permission", None)
    return str(permission.number) if permission is not None else str(getattr(fact, "basis", ""))
