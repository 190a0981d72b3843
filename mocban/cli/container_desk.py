"""`container register`, `move`, `open`, `reseal`, `lend`, `return`: from what was typed to an act, recorded once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

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
    Place,
    evolve,
)
from domain.errors import Refusal
from domain.identifiers import nfc
from ledger.act_id import new_act_id
from ledger.commands import container
from mocban.acts.signers import signer_of
from mocban.bootstrap import Product
from mocban.cli.answer import answer
from mocban.cli.handover_desk import conclude
from mocban.cli.metres import centimetres
from mocban.custody.day import civil_today, full_day
from mocban.handover.choosing import agency_named
from mocban.handover.people import full_days, settled_text
from projections.asking import ask_one
from projections.chain_place import FLAGS
from projections.container_queries import containers_named
from projections.finding_aid_queries import FondsRow
from projections.view import Connection

_FONDS: Final = "SELECT {columns} FROM projection.fonds WHERE code = %(code)s"


def do(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Record the act, or with --out write it to be signed elsewhere. Raises Refusal."""
    on = full_day(args.on) if args.on else civil_today()
    fact: ContainerEvent
    if args.part == "register":
        fact = new = _registered(connection, args, on)
        stream = product.naming.other("container", f"{new.fonds}\0{new.label}")
    else:
        stream = container_named(connection, args.container)
        state = _state(_events(product, stream))
        assert state is not None, "the views know it from the ledger"
        fact = _FACTS[args.part](connection, args, on, state)
    signer = signer_of(product, args.signer)
    proposal = container.proposed(signer, new_act_id(), stream, fact, civil_today())
    if args.out is not None:
        return conclude(product, proposal, args, {"container": stream, "on": on})
    done = product.main.perform(proposal)
    events = _events(product, stream)
    after = _state(events)
    assert after is not None
    flags = tuple(getattr(events[-1], "flags", ()))
    facts = {
        "container": stream,
        "on": on,
        "act": done.act_index,
        "position": done.position,
        "place": after.place,
        "seal": after.seal or None,
        "lent_to": after.lent.borrower if after.lent else None,
        "flags": flags,
    }
    told = [f"{FLAGS[flag][0]} · {FLAGS[flag][1]}" for flag in flags]
    line = f"{after.registered.label}: {after.place.spoken}; hành vi · act {done.act_index}"
    answer(facts, line, *told, as_json=args.json)
    return 0


def container_named(connection: Connection, name: str) -> UUID:
    """By FONDS/LABEL or id. Raises Refusal `container-unknown`, `container-ambiguous`."""
    found = containers_named(connection, name.replace("\0", ""))
    if not found:
        raise Refusal("container-unknown")
    if len(found) > 1:
        raise Refusal("container-ambiguous", count=len(found), name=name[:60])
    return found[0]


def _events(product: Product, stream: UUID) -> tuple[ContainerEvent, ...]:
    none: tuple[ContainerEvent, ...] = ()
    return product.main.streams().load(stream, none, lambda before, event: (*before, event))


def _state(events: tuple[ContainerEvent, ...]) -> Container | None:
    state: Container | None = None
    for event in events:
        state = evolve(state, event)
    return state


def _registered(connection: Connection, args: argparse.Namespace, on: str) -> ContainerRegistered:
    fonds = ask_one(connection, FondsRow, _FONDS, code=nfc(args.fonds.replace("\0", "")))
    if fonds is None:
        raise Refusal("fonds-unknown", code=args.fonds[:60])
    return ContainerRegistered(
        kind=ContainerKind(args.kind),
        label=settled_text(args.label, "--label"),
        fonds=fonds.id,
        place=_place(connection, args, on, None),
        on=on,
        seal=_seal(args),
        condition=Condition(args.condition),
        cm=centimetres(args.metres),
        files=args.files,
    )


def _moved(connection: Connection, args: argparse.Namespace, on: str, state: Container) -> ContainerEvent:
    place = _place(connection, args, on, state.place)
    return ContainerMoved(place=place, on=on, permission=_permission(args))


def _opened(_connection: Connection, args: argparse.Namespace, on: str, _state: Container) -> ContainerEvent:
    basis = settled_text(args.basis, "--basis")
    return ContainerOpened(seal=_seal(args), on=on, basis=basis, condition=Condition(args.condition), files=args.files)


def _resealed(_connection: Connection, args: argparse.Namespace, on: str, _state: Container) -> ContainerEvent:
    return ContainerResealed(seal=_seal(args), on=on, basis=settled_text(args.basis, "--basis"))


def _lent(connection: Connection, args: argparse.Namespace, on: str, _state: Container) -> ContainerEvent:
    borrower, permission = agency_named(connection, args.to, on), _permission(args)
    assert permission is not None, "the command line asks for it"
    return ContainerLent(borrower=borrower.id, on=on, due=full_day(args.due), permission=permission)


def _returned(connection: Connection, args: argparse.Namespace, on: str, state: Container) -> ContainerEvent:
    place = _place(connection, args, on, state.place)
    return ContainerReturned(place=place, on=on, seal=_seal(args), condition=Condition(args.condition))


_FACTS: Final[Mapping[str, Callable[[Connection, argparse.Namespace, str, Container], ContainerEvent]]] = {
    "move": _moved,
    "open": _opened,
    "reseal": _resealed,
    "lend": _lent,
    "return": _returned,
}


def _seal(args: argparse.Namespace) -> str:
    return settled_text(args.seal, "--seal") if args.seal else ""


def _place(connection: Connection, args: argparse.Namespace, on: str, before: Place | None) -> Place:
    """As typed; what is not typed stays as it was, but a room and a shelf are of their repository."""
    keeper = agency_named(connection, args.store, on).id if args.store else before.keeper if before else None
    repository = settled_text(args.repository, "--repository") if args.repository else before and before.repository
    assert keeper is not None, "the command line asks for it at registration"
    assert repository, "the command line asks for it at registration"
    stays = before if before is not None and before.store == (keeper, repository) else None
    room = settled_text(args.room, "--room") if args.room else (stays.room if stays else "")
    same_room = stays is not None and stays.room == room
    shelf = settled_text(args.shelf, "--shelf") if args.shelf else (stays.shelf if stays and same_room else "")
    return Place(keeper=keeper, repository=repository, room=room, shelf=shelf)


def _permission(args: argparse.Namespace) -> Instrument | None:
    """Cited whole or not at all. Raises Refusal as `full_days`, `container-permission-missing`."""
    if not args.permission:
        return None
    if not args.issued or not args.issuer:
        raise Refusal("container-permission-missing", label=getattr(args, "container", "?")[:60])
    return full_days(
        Instrument(
            number=args.permission, issued=args.issued, issuer=args.issuer, in_force=args.in_force or args.issued
        )
    )
