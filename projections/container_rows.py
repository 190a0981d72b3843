"""Rows of containers: which there are, and at which places of the log something was done with each."""

from __future__ import annotations

from typing import Final, get_args

from domain.container import ContainerEvent, ContainerRegistered
from domain.event import Event
from projections.page_rows import AppendedRows, Table
from projections.view import Cursor, Recorded

CONTAINER_TABLES: Final = ("container", "container_act")
CONTAINER_EVENTS: Final[frozenset[type[Event]]] = frozenset(get_args(ContainerEvent))
_CONTAINER: Final = Table(
    name="container",
    columns={"id": "uuid", "fonds": "uuid", "label": "text", "kind": "text", "recorded": "bigint", "cm": "int"},
)
_CONTAINER_ACT: Final = Table(
    name="container_act",
    columns={"container": "uuid", "done_on": "text", "recorded": "bigint", "position": "bigint"},
)


class ContainerRows:
    """Those of one page."""

    def __init__(self) -> None:
        self._containers = AppendedRows(_CONTAINER)
        self._acts = AppendedRows(_CONTAINER_ACT)

    def take(self, recorded: Recorded) -> None:
        """One event of a container."""
        event, stream = recorded.event, recorded.stream
        if isinstance(event, ContainerRegistered):
            self._containers.add(stream, event.fonds, event.label, event.kind, recorded.act_index, event.cm)
        day = getattr(event, "on", "")
        self._acts.add(stream, day, recorded.act_index, recorded.position)

    def write(self, cursor: Cursor) -> None:
        """Copy what was gathered."""
        self._containers.write(cursor)
        self._acts.write(cursor)
