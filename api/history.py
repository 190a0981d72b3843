"""The history of a file: every act that touched it, with what it takes to prove each. Public: acts hold no content."""

from __future__ import annotations

import base64
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar.params import FromPath

from api.resource import public
from api.services import Wired
from domain.errors import Refusal
from projections import custody_queries
from projections.custody_queries import ChainAct
from signing.merkle import leaf_hash

_NOTES: Final = "SELECT index, note, first_position, events FROM main_log.act WHERE index = ANY(%s)"

# The events that concern the file itself; what touched its fonds' creators is proven by the act's first event.
_POSITIONS: Final = """
WITH one AS (SELECT id, fonds FROM projection.file WHERE id = %(file)s),
stream (id) AS (
    SELECT id FROM one UNION ALL SELECT fonds FROM one
    UNION ALL SELECT d.id FROM projection.document AS d WHERE d.file = %(file)s
)
SELECT touched.act, array_agg(DISTINCT touched.position ORDER BY touched.position) FROM (
    SELECT e.act_index AS act, e.position FROM stream JOIN main_log.event AS e ON e.originator_id = stream.id
    UNION ALL SELECT a.recorded, a.position FROM one JOIN projection.assignment AS a ON a.fonds = one.fonds
    UNION ALL SELECT s.recorded, s.position FROM projection.single_assignment AS s WHERE s.file = %(file)s
    UNION ALL SELECT h.recorded, h.position FROM projection.held AS h WHERE h.file = %(file)s
) AS touched GROUP BY touched.act
"""


class HistoricAct(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một hành vi đã tác động đến hồ sơ / an act that touched the file.

    index: of the act in the log; leafHash: base64, of its leaf; positions: of the events that concern the file, or
    the act's first event where it concerns what the file rests on; touched: what of it. note, proofs: where to get
    the signed note and each event's proof.
    """

    index: int
    act: str
    actor: UUID
    at: str
    basis_code: str
    basis_ref: str
    touched: tuple[str, ...]
    leaf_hash: str
    first_position: int
    events: int
    positions: tuple[int, ...]
    note: str
    proofs: tuple[str, ...]


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Lịch sử hồ sơ / the file's history, in the log's order."""

    file: UUID
    acts: tuple[HistoricAct, ...]


@public("/files/{file_id:uuid}/history")
def history(services: Wired, file_id: FromPath[UUID]) -> History:
    """Mọi hành vi trên hồ sơ kèm chứng cứ / every act on the file, its documents, fonds and creators, with proofs."""
    with services.views.connection() as connection:
        chain = custody_queries.chain_of(connection, file_id)
        if not chain:
            raise Refusal("file-unknown")
        notes = {row[0]: row[1:] for row in connection.execute(_NOTES, ([act.index for act in chain],))}
        positions = dict(connection.execute(_POSITIONS, {"file": file_id}).fetchall())
    return History(file=file_id, acts=tuple(_act(act, notes[act.index], positions.get(act.index)) for act in chain))


def _act(act: ChainAct, placed: tuple[Any, ...], found: list[int] | None) -> HistoricAct:
    note, first, count = placed
    positions = tuple(found) if found else (first,)
    return HistoricAct(
        index=act.index,
        act=act.name,
        actor=act.actor,
        at=act.at,
        basis_code=act.basis_code,
        basis_ref=act.basis_ref,
        touched=act.touched,
        leaf_hash=base64.b64encode(leaf_hash(bytes(note))).decode(),
        first_position=first,
        events=count,
        positions=positions,
        note=f"/acts/{act.index}",
        proofs=tuple(f"/proof/{position}" for position in positions),
    )
