"""A room beside the ledger's own writers: acts made ready, and connections of their own to append them through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg

from domain.event import Event
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.append_statement import AppendStatement
from ledger.log_name import LogName
from ledger.prepared_act import PreparedAct
from ledger.proposal import Proposal
from ledger.streams import Streams
from tests.ledger.conftest import BoxClosed, BoxPacked, House

Connection = psycopg.Connection[Any]
HEAD = """
    SELECT (h.acts, h.acts) = (SELECT count(*), max(index) + 1 FROM main_log.act)
       AND (h.events, h.events) = (SELECT count(*), max(position) + 1 FROM main_log.event)
       AND h.events = (SELECT sum(events) FROM main_log.act)
       AND NOT EXISTS (SELECT FROM main_log.act AS a WHERE a.events <> (
           SELECT count(*) FROM main_log.event AS e WHERE e.act_index = a.index AND e.position >= a.first_position
           AND e.position < a.first_position + a.events))
       AND NOT EXISTS (SELECT FROM main_log.event GROUP BY originator_id HAVING max(originator_version) <> count(*))
    FROM main_log.head AS h
"""


class Box(msgspec.Struct):
    """A stream and where it stands."""

    id: UUID = msgspec.field(default_factory=uuid4)
    version: int = 0


class Room:
    """A founded ledger, and one connection through which acts are appended."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.statement = AppendStatement(LogName.MAIN)
        self.connection = self.another(self.statement)

    def another(self, statement: AppendStatement) -> Connection:
        """One more connection of the log's writer."""
        url = self.house.database.main_url("mocban_ledger_writer")
        connection = psycopg.connect(url, autocommit=True, application_name="short")
        statement.prepare(connection)
        return connection

    def act(
        self, *boxes: Box, at: UUID | None = None, reads: Sequence[Box] = (), label: bool = False, again: int = 0
    ) -> PreparedAct:
        """Packs one piece into each box, as it stands, having read others; `again`: closes and packs the first anew."""

        def decide(streams: Streams) -> dict[UUID, list[Event]]:
            for box in (*boxes, *reads):
                streams.expect(box.id, box.version)
            title = Plain("Hồ sơ mẫu") if label else None
            decided: dict[UUID, list[Event]] = {box.id: [BoxPacked(piece=1, label=title)] for box in boxes}
            decided[boxes[0].id] += [BoxClosed(), BoxPacked(piece=2)] * again
            return decided

        request = [str(box) for box in boxes]
        proposal = Proposal(
            act="box.pack", id=at or new_act_id(), actor=self.house.clerk, decide=decide, request=request
        )
        return self.house.main.prepare(proposal)

    def stored(self, versions: int = 1) -> Box:
        """A box in the ledger, with as many events."""
        box = Box()
        while box.version < versions:
            assert self.said([self.act(box)]) == ["stored"]
            box.version += 1
        return box

    def said(self, acts: Sequence[PreparedAct]) -> list[str]:
        """What a call says of each act."""
        return [outcome.status.value for outcome in self.statement.execute(self.connection, acts)]

    def whole(self) -> bool:
        """No gap, nothing counted that is not stored, nothing stored that is not counted."""
        return bool(self.connection.execute(HEAD).fetchall() == [(True,)])

    def kept(self, act: PreparedAct) -> int:
        """How many of its ciphertexts are there."""
        return len(self.house.store.get([field.digest for field in act.sealed]))
