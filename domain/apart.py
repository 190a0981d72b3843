"""What is apart from its fonds' lots: single files by decisions of their own, and child lots. Replayed from events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from domain.child_lot import LotAssigned, LotCarved, LotFilesListed, LotFilesReturned
from domain.child_standing import as_table
from domain.event import Event
from domain.lot import Carrier, LotKey
from domain.single_file import FileAssigned, FileReassigned, FileRejoined


class _Alone(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier of one file by a decision about it alone; with_lot: it goes with its lot again."""

    effective: str
    recorded: int
    receiver: UUID | None
    with_lot: bool = False


class _Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier of one file in a child lot from a day on, or in it no more."""

    effective: str
    recorded: int
    inside: bool


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """Who must have a child lot from a day on."""

    effective: str
    recorded: int
    receivers: dict[LotKey, UUID | None]


class Apart:
    """The fold; feed it every event in order with its act index."""

    def __init__(self) -> None:
        self._alone: dict[tuple[UUID, Carrier], list[_Alone]] = {}
        self._listed: dict[tuple[UUID, Carrier], dict[UUID, list[_Listed]]] = {}
        self._tables: dict[UUID, list[_Table]] = {}

    def feed(self, act: int, stream: UUID, event: Event) -> None:
        """Fold one event; others pass by."""
        match event:
            case FileAssigned() | FileRejoined():
                to = event.receiver if isinstance(event, FileAssigned) else None
                for carrier in event.carriers:
                    back = isinstance(event, FileRejoined)
                    fact = _Alone(effective=event.effective, recorded=act, receiver=to, with_lot=back)
                    self._alone.setdefault((event.file, carrier), []).append(fact)
            case FileReassigned():
                fact = _Alone(effective=event.effective, recorded=act, receiver=event.receiver)
                self._alone.setdefault((event.file, event.carrier), []).append(fact)
            case LotFilesListed() | LotFilesReturned():
                inside = isinstance(event, LotFilesListed)
                told = _Listed(effective=event.effective, recorded=act, inside=inside)
                for line in event.lines:
                    for carrier in event.carriers:
                        self._listed.setdefault((line.file, carrier), {}).setdefault(stream, []).append(told)
            case LotCarved() | LotAssigned():
                child = stream if isinstance(event, LotCarved) else event.lot
                receivers = dict(as_table(child, event).receivers())
                table = _Table(effective=event.effective, recorded=act, receivers=receivers)
                self._tables.setdefault(child, []).append(table)
            case _:
                pass

    def must_have(
        self, file: UUID, carrier: Carrier, key: LotKey, on: str, known_at: int
    ) -> tuple[UUID | None, int] | None:
        """Who, by which act: the file's own decision first, then its child lot's. None: it goes with its fonds' lot."""
        alone = newest(self._alone.get((file, carrier), []), on, known_at)
        if alone is not None and not alone.with_lot:
            return alone.receiver, alone.recorded
        inside = {
            child: found
            for child, said in self._listed.get((file, carrier), {}).items()
            if (found := newest(said, on, known_at)) is not None and found.inside
        }
        if not inside:
            return None
        child = max(inside, key=lambda one: (inside[one].effective, inside[one].recorded))
        table = newest(self._tables.get(child, []), on, known_at)
        return (table.receivers.get(key), table.recorded) if table else None


_Fact = TypeVar("_Fact", _Alone, _Listed, _Table)


def newest(facts: Sequence[_Fact], on: str, known_at: int) -> _Fact | None:
    """The fact in force on the day among those known: the latest effective day wins, then the latest act."""
    known = [fact for fact in facts if fact.recorded <= known_at and fact.effective <= on]
    return max(known, key=lambda fact: (fact.effective, fact.recorded), default=None)
