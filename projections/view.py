"""A view: tables that are folded from recorded events, a page at a time, in the page's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import msgspec
import psycopg

from domain.event import Event

Connection: TypeAlias = psycopg.Connection[Any]
Cursor: TypeAlias = psycopg.Cursor[tuple[Any, ...]]


class RecordedAct(msgspec.Struct, frozen=True, kw_only=True):
    """The act an event belongs to. at: as its signer claims; on_behalf_of, basis: empty where the act states none."""

    index: int
    name: str
    actor: UUID
    at: str
    first_position: int
    events: int
    on_behalf_of: str = ""
    basis_code: str = ""
    basis_ref: str = ""


class Recorded(msgspec.Struct, frozen=True):
    """An event at its place in the log. `event` is None where no view reads its kind."""

    position: int
    act: RecordedAct
    stream: UUID
    version: int
    event: Event | None

    @property
    def act_index(self) -> int:
        """Index of the act in its log."""
        return self.act.index


class View(Protocol):
    """Tables, and how events become their rows.

    name: of its tracking row. tables: unqualified; the schema comes by `search_path`, so that a rebuild folds into
    clones. reads: the kinds of events it is given; others pass by undecoded. Empty: it is given all, for their acts.
    """

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> tuple[str, ...]: ...

    @property
    def reads(self) -> frozenset[type[Event]]: ...

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes. Pages come in order, each once; how events fall into pages must not show."""


def fold_views(views: Sequence[View], cursor: Cursor, page: Sequence[Recorded]) -> None:
    """Fold a page into views, one after the other, each given what it reads."""
    for view in views:
        reads = view.reads
        view.fold(cursor, [recorded for recorded in page if type(recorded.event) in reads] if reads else page)
