"""The history of a file: the acts of its chain, whatever their day. Public: acts hold no content."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

import msgspec
from litestar.params import FromPath

from api.resource import public
from api.services import Wired
from projections.chain import ANY_DAY, ChainedAct, chain


class HistoricAct(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một hành vi đã tác động đến hồ sơ / an act that touched the file.

    index: of the act in the log; actor: its first signer, signers: all, in the order they signed; leafHash: base64, of
    its leaf; firstPosition, events: of the whole act; positions: of the events that concern the file; touched: what of
    it. note, proofs: where to get the signed note and each event's proof.
    """

    index: int
    act: str
    actor: UUID
    signers: tuple[str, ...]
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
        found = chain(connection, file_id, ANY_DAY)
    return History(file=file_id, acts=tuple(_act(act) for act in found.acts))


def _act(act: ChainedAct) -> HistoricAct:
    positions = tuple(one.position for one in act.events)
    return HistoricAct(
        index=act.index,
        act=act.name,
        actor=UUID(act.signers[0]),
        signers=act.signers,
        at=act.at,
        basis_code=act.basis_code,
        basis_ref=act.basis_ref,
        touched=tuple(sorted({one.what for one in act.events})),
        leaf_hash=b64encode(act.leaf).decode(),
        first_position=act.first_position,
        events=act.recorded,
        positions=positions,
        note=f"/acts/{act.index}",
        proofs=tuple(f"/proof/{position}" for position in positions),
    )
