"""Destroying a file, from the decision to the day on which no back-up brings it back; every step may be run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.access import AccessRule
from domain.disposition import DestructionDecided, Ground, disposition_stream, evolve
from domain.errors import Refusal
from domain.file import evolve as file_evolve
from domain.identifiers import nfc
from ledger.act_id import new_act_id
from ledger.commands import disposition
from ledger.destruction import destroy, remains
from mocban.bootstrap import Product
from mocban.custody.freshness import caught_up
from mocban.erasure import Rewritten, rewrite
from mocban.named_file import NamedFile
from mocban.offices import Office
from projections import finding_aid_queries

_DISCLOSED: Final = (
    b"SELECT DISTINCT act FROM projection.reading WHERE rule = %(rule)s AND records && %(records)s::uuid[] ORDER BY act"
)


class Destroyed(msgspec.Struct, frozen=True, kw_only=True):
    """decided, carried_out: act indexes, None where it was on record before. documents: whose content went too.

    papers: files under `out/` that were made for people and are named after it; disclosed: fields given to somebody,
    by their acts in the access log. A destruction reaches neither.
    """

    decided: int | None
    carried_out: int | None
    documents: int
    papers: tuple[str, ...] = ()
    disclosed: tuple[int, ...] = ()


class DestructionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """basis, ground: of the decision; empty and None where it stands in the ledger already. kept_until: civil day."""

    basis: str
    ground: Ground | None
    kept_until: str


def destroy_file(product: Product, file: NamedFile, order: DestructionOrder, today: str) -> Destroyed:
    """Decide by two signatures, remove key, ciphertexts and blobs, record it, and fold it into the views.

    Raises Refusal: those of `domain.disposition`, `destruction-backups-past`, `destruction-not-decided`,
    `destruction-remains`; what was done stays done, and a further run goes on from there.
    """
    recorded = product.main.streams().load(file.id, None, file_evolve)
    if order.kept_until < today and not (recorded is not None and recorded.destroyed):  # a year mistyped stays for ever
        raise Refusal("destruction-backups-past", until=order.kept_until, today=today)
    decided = _decided(product, file, order, today)
    documents = _documents(product, file.id)
    destroy(file.id, product.record_keys, product.store, product.blobs)
    check_gone(product, file, documents)
    archivist = product.actor(Office.ARCHIVIST)
    receipt = disposition.record_carried_out(
        product.main, archivist, new_act_id(), file.id, documents, order.kept_until
    )
    caught_up(product)
    streams = (file.id, *documents)
    return Destroyed(
        decided=decided,
        carried_out=None if receipt is None else receipt.act_index,
        documents=len(documents),
        papers=tuple(sorted(str(path) for one in streams for path in product.settings.out.rglob(f"*{one}*"))),
        disclosed=_disclosed(product, streams),
    )


def complete_destruction(
    product: Product, files: Sequence[NamedFile], today: str, tell: Callable[[str], None], *, rest_done: bool = False
) -> tuple[Rewritten, list[int | None]]:
    """Write the tables anew, then record for each file that its destruction is complete; their acts, none if left.

    rest_done: the server's administrator has done what this login may not. Raises Refusal: `destruction-too-early`,
    `destruction-not-carried-out`, `destruction-remains`.
    """
    archivist = product.actor(Office.ARCHIVIST)
    for file in files:
        disposition.check_complete(product.main, file.id, today)
        check_gone(product, file, _documents(product, file.id))
    rewritten = rewrite(product.databases, own_server=product.settings.database_url is None, tell=tell)
    if rewritten.left and not rest_done:
        return rewritten, []
    receipts = [disposition.record_completed(product.main, archivist, new_act_id(), file.id, today) for file in files]
    return rewritten, [None if receipt is None else receipt.act_index for receipt in receipts]


def check_gone(product: Product, file: NamedFile, documents: Sequence[UUID]) -> None:
    """Nothing that the file's events commit to is still there. Raises Refusal `destruction-remains`."""
    streams = (file.id, *documents)
    left = remains(product.main, streams, file.id, product.record_keys, product.store, product.blobs)
    if left:
        raise Refusal("destruction-remains", code=file.code, count=left)


def _decided(product: Product, file: NamedFile, order: DestructionOrder, today: str) -> int | None:
    """The act of the decision, None where it stood before."""
    if order.ground is None or not order.basis:
        if product.main.streams().load(disposition_stream(file.id), None, evolve) is None:
            raise Refusal("destruction-not-decided", code=file.code)
        return None
    fact = DestructionDecided(file=file.id, ground=order.ground, basis=nfc(order.basis))
    proposer, decider = product.actor(Office.ARCHIVIST), product.actor(Office.DECIDER)
    receipt = disposition.decide(product.main, proposer, decider, new_act_id(), fact, today)
    return None if receipt is None else receipt.act_index


def _disclosed(product: Product, streams: Sequence[UUID]) -> tuple[int, ...]:
    """The acts of the access log that gave away fields of these streams."""
    main, access = product.runners()
    try:
        access.drain()
    finally:
        main.stop()
        access.stop()
    with product.views.connection() as connection:
        rows = connection.execute(_DISCLOSED, {"rule": AccessRule.BY_DECISION, "records": list(streams)}).fetchall()
    return tuple(int(act) for (act,) in rows)


def _documents(product: Product, file: UUID) -> list[UUID]:
    """The documents of a file, as the views have them; they have been brought up to the ledger before."""
    caught_up(product)
    with product.views.connection() as connection:
        return [one.id for one in finding_aid_queries.documents_of(connection, file)]
