"""Containers as of a civil day and as known after an act: each folded from its own events by the domain's `evolve`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from psycopg.rows import dict_row

from domain.container import Container, ContainerEvent, ContainerKind, evolve
from ledger.mapper import EventMapper
from projections.asking import ask
from projections.custody_queries import NEWEST_KNOWN
from projections.view import Connection


class ContainerAct(msgspec.Struct, frozen=True, kw_only=True):
    """One thing done with it. act: index; position: of the event, from which it is proven."""

    act: int
    position: int
    event: ContainerEvent


class StandingContainer(msgspec.Struct, frozen=True, kw_only=True):
    """A container as of a day. fonds: its code; acts: what was done with it until then, in order."""

    id: UUID
    fonds: str
    state: Container
    acts: tuple[ContainerAct, ...]

    @property
    def name(self) -> str:
        """As a person names it: code of the fonds, label."""
        return f"{self.fonds}/{self.state.registered.label}"

    @property
    def placed_by(self) -> ContainerAct:
        """The act by which it stands where it stands."""
        return next(one for one in reversed(self.acts) if getattr(one.event, "place", None) is not None)

    @property
    def uncounted(self) -> bool:
        """A sealed set under its seal: nobody has counted what is inside."""
        return self.state.registered.kind is ContainerKind.SEALED_SET and self.state.sealed


class ContainerName(msgspec.Struct, frozen=True, kw_only=True):
    """A container that a name means."""

    id: UUID


_EVENTS: Final = """
SELECT c.id, f.code AS fonds, e.act_index, e.position, e.topic, e.state
FROM projection.container AS c
JOIN projection.fonds AS f ON f.id = c.fonds
JOIN projection.container_act AS a ON a.container = c.id
JOIN main_log.event AS e ON e.position = a.position
WHERE a.done_on <= %(on)s AND a.recorded <= %(known_at)s
  AND (%(container)s::uuid IS NULL OR c.id = %(container)s)
  AND (%(fonds)s::text IS NULL OR f.code = %(fonds)s)
ORDER BY f.code, c.label, c.id, a.position
"""
_NAMED: Final = """
SELECT c.id FROM projection.container AS c JOIN projection.fonds AS f ON f.id = c.fonds
WHERE f.code || '/' || c.label = %(name)s OR c.id::text = %(name)s ORDER BY c.id
"""
_FILES: Final = """
SELECT file.code FROM projection.container AS c
JOIN projection.file AS file ON file.fonds = c.fonds AND file.box = c.label
WHERE c.id = %(container)s AND file.recorded <= %(known_at)s ORDER BY file.code
"""
_decode: Final = EventMapper().decode


class _Code(msgspec.Struct, frozen=True):
    code: str


def containers(
    connection: Connection,
    on: str,
    known_at: int = NEWEST_KNOWN,
    *,
    container: UUID | None = None,
    fonds: str | None = None,
) -> Iterator[StandingContainer]:
    """By fonds and label. container, fonds (its code): only that one, only of that one."""
    facts = {"on": on, "known_at": known_at, "container": container, "fonds": fonds}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_EVENTS, facts).fetchall()
    for _, of_one in groupby(rows, lambda row: row["id"]):
        found = _standing(list(of_one))
        if found is not None:
            yield found


def container_on(
    connection: Connection, container: UUID, on: str, known_at: int = NEWEST_KNOWN
) -> StandingContainer | None:
    """One of them; None where it was not there or not known yet."""
    return next(containers(connection, on, known_at, container=container), None)


def containers_named(connection: Connection, name: str) -> list[UUID]:
    """Those that `FONDS/LABEL` or an id means; a code and a label may both have a slash, so they may be several."""
    return [one.id for one in ask(connection, ContainerName, _NAMED, name=name)]


def files_in(connection: Connection, container: UUID, known_at: int = NEWEST_KNOWN) -> list[str]:
    """FileCodes of the files whose registration names it."""
    return [one.code for one in ask(connection, _Code, _FILES, container=container, known_at=known_at)]


def _standing(rows: list[dict[str, Any]]) -> StandingContainer | None:
    acts = tuple(
        ContainerAct(
            act=row["act_index"],
            position=row["position"],
            event=cast("ContainerEvent", _decode(row["topic"], bytes(row["state"]))),
        )
        for row in rows
    )
    state: Container | None = None
    for one in acts:
        state = evolve(state, one.event)
    return (
        None if state is None else StandingContainer(id=rows[0]["id"], fonds=rows[0]["fonds"], state=state, acts=acts)
    )
