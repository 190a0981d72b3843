"""The custody certificate of a file, from the open product: what it says, what it proves, who read it to say so."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from domain.access import AccessRule, RecordRead
from domain.civil_date import as_spoken
from domain.errors import Refusal
from domain.event import Event
from domain.file import FileRegistered
from domain.keys import registry_stream
from domain.lot import Carrier
from domain.sealed import Plain
from ledger.actor import Actor
from mocban.bootstrap import Product
from mocban.certificate import Certificate, ChainLink, issue
from mocban.chain_words import sentence
from mocban.publication import pades_key
from mocban.witness.cosigning import collect_once
from projections import custody_queries, finding_aid_queries, succession_queries
from projections.chain_positions import ChainEvent, chain_events_of, positions_of
from projections.view import Connection
from signing.merkle import leaf_hash

ARCHIVE = "Trung tâm Lưu trữ lịch sử thành phố Hà Nội"
UNKNOWN_VI = "chờ xác định"


def custody_certificate(product: Product, reader: Actor, file: UUID, issued: str) -> bytes:
    """The signed PDF of one file as of the served checkpoint; reading its title is an act, durable before the PDF is.

    issued: civil day. Raises Refusal `file-unknown`, `access-not-recorded`, `nothing-published`.
    """
    with product.views.connection() as connection:
        if finding_aid_queries.file(connection, file) is None:
            raise Refusal("file-unknown")
        _record_reading(product, reader, file)
        collect_once(product.settings.home, enough=True)  # a certificate is for good: no later round adds to it
        certificate = _certificate(product, connection, file, issued)
        while certificate.checkpoint.encode() != product.main_log.checkpoint()[1]:
            certificate = _certificate(product, connection, file, issued)  # published meanwhile: one checkpoint for all
    return issue(certificate, pades_key(product))


def _certificate(product: Product, connection: Connection, file: UUID, issued: str) -> Certificate:
    checkpoint, note = product.main_log.checkpoint()
    known_at = checkpoint.size - 1
    row = finding_aid_queries.file(connection, file)
    assert row is not None, "files are never removed"
    custody = custody_queries.custody_of(connection, file, Carrier.PAPER, issued, known_at).custody
    events = [event for event in chain_events_of(connection, file) if event.act <= known_at]
    named = partial(_named, connection)
    return Certificate(
        archive=ARCHIVE,
        issued=as_spoken(issued),
        file_code=row.code,
        title=row.title or "",
        holder=named(custody.held_by) if custody.held_by else UNKNOWN_VI,
        assigned_to=named(custody.assigned_to) if custody.assigned_to else UNKNOWN_VI,
        may_use=_may_use(connection, row.fonds),
        chain=tuple(_links(product, connection, events)),
        origin=product.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        checkpoint=note.decode(),
        genesis=product.main.note_of(0),
        registry=tuple(_registry_proofs(product, connection, checkpoint.size)),
        proofs=tuple(product.main_log.proof_for(event.position).decode() for event in events),
    )


def _record_reading(product: Product, reader: Actor, file: UUID) -> None:
    reading = RecordRead(reader=Plain(reader.id), records=(file,), what="file.certificate", rule=AccessRule.CITY_WIDE)
    product.journal.record(reading, reader.id).result()


def _links(product: Product, connection: Connection, events: list[ChainEvent]) -> list[ChainLink]:
    decoded = [(event, _decoded(product, event)) for event in events]
    registered = next((one for _, one in decoded if isinstance(one, FileRegistered)), None)
    if registered is None:
        raise Refusal("file-unknown")
    links = []
    for event, one in decoded:
        words = sentence(one, registered, partial(_named, connection))
        if words is not None:
            leaf = leaf_hash(product.main.note_of(event.act))
            links.append(ChainLink(date=words.date, vi=words.vi, en=words.en, act=event.act, leaf=leaf))
    return links


def _decoded(product: Product, event: ChainEvent) -> Event:
    return product.main.event_mapper.decode(event.type, event.payload)


def _named(connection: Connection, agency: UUID) -> str:
    row = succession_queries.agency(connection, agency)
    return row.name if row else str(agency)


def _may_use(connection: Connection, fonds: UUID) -> tuple[str, ...]:
    """The creators, and whoever took over their function: agencies of the same block and kind in successor units."""
    row = finding_aid_queries.fonds(connection, fonds)
    names: list[str] = []
    for creator in row.creators if row else ():
        body = succession_queries.agency(connection, creator)
        if body is None:
            continue
        names.append(body.name)
        for edge in succession_queries.successors(connection, body.unit):
            heirs = succession_queries.agencies_of(connection, edge.successor) if edge.successor else []
            names += [heir.name for heir in heirs if heir.block is body.block and heir.kind is body.kind]
    return tuple(dict.fromkeys(names))


def _registry_proofs(product: Product, connection: Connection, size: int) -> list[str]:
    """A proof of every registry event that the checkpoint covers, so that signers' keys can be judged offline."""
    found = positions_of(connection, registry_stream(product.origin))
    return [product.main_log.proof_for(one.position).decode() for one in found if one.act < size]
