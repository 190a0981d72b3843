"""A view: tables that are folded from recorded events, a page at a time, in the page's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable
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


@runtime_checkable
class SummingView(View, Protocol):
    """A view that keeps sums of its own rows: `sums`, those of its tables that hold nothing else.

    `fold` changes both. A rebuild fills the clones by `fold_rows` and adds up once, by `add_up`, when it has all rows.
    """

    @property
    def sums(self) -> tuple[str, ...]: ...

    def fold_rows(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """As `fold`, but for the sums."""

    def add_up(self, cursor: Cursor) -> None:
        """Fill the tables of sums, which are empty, from the rows."""


def fold_views(views: Sequence[View], cursor: Cursor, page: Sequence[Recorded]) -> None:
    """Fold a page into views, one after the other, each given what it reads."""
    for view in views:
        view.fold(cursor, _read_by(view, page))


def fill_views(views: Sequence[View], cursor: Cursor, page: Sequence[Recorded]) -> None:
    """As `fold_views`, for a rebuild's clones: without sums, which are added up afterwards."""
    for view in views:
        fold = view.fold_rows if isinstance(view, SummingView) else view.fold
        fold(cursor, _read_by(view, page))


def _read_by(view: View, page: Sequence[Recorded]) -> Sequence[Recorded]:
    reads = view.reads
    return [recorded for recorded in page if type(recorded.event) in reads] if reads else page
