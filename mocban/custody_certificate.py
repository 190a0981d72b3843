"""The custody certificate of a file, from the open product: what it says, what it proves, who read it to say so."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.access import AccessRule, RecordRead
from domain.civil_date import as_spoken
from domain.errors import Refusal
from domain.keys import registry_stream
from domain.sealed import Plain
from ledger.actor import Actor
from mocban.bootstrap import Product
from mocban.certificate import Certificate, ChainLink, issue
from mocban.pdf_signing import authorities_of, pades_key
from mocban.witness.cosigning import collect_once
from projections import finding_aid_queries, succession_queries
from projections.chain import Chain, ChainedAct, ChainedEvent, chain
from projections.chain_sentence import clauses, in_words
from projections.chain_words import CARRIERS, line
from projections.stream_positions import positions_of
from projections.view import Connection

ARCHIVE = "Trung tâm Lưu trữ lịch sử thành phố Hà Nội"
UNKNOWN_VI = "chờ xác định"
CERTIFIED: Final = frozenset({"file", "fonds", "assignment", "handover", "agency", "unit", "reorganization", "match"})
"""What of the chain is told and proven; the documents' own acts are each provable from the log."""


def custody_certificate(product: Product, reader: Actor, file: UUID, issued: str) -> bytes:
    """The signed PDF of one file as of the served checkpoint; reading its title is an act, durable before the PDF is.

    issued: civil day. The signature is long-term where an authority of time is named and answers, see
    `mocban.pdf_signing.level_of`. Raises Refusal `file-unknown`, `access-not-recorded`, `nothing-published`,
    `timestamp-authorities-unfit`.
    """
    with product.views.connection() as connection:
        if finding_aid_queries.file(connection, file) is None:
            raise Refusal("file-unknown")
        _record_reading(product, reader, file)
        collect_once(product.settings.home, enough=True)  # a certificate is for good: no later round adds to it
        certificate = _certificate(product, connection, file, issued)
        while certificate.checkpoint.encode() != product.main_log.checkpoint()[1]:
            certificate = _certificate(product, connection, file, issued)  # published meanwhile: one checkpoint for all
    return issue(certificate, pades_key(product), authorities=authorities_of(product))


def _certificate(product: Product, connection: Connection, file: UUID, issued: str) -> Certificate:
    checkpoint, note = product.main_log.checkpoint()
    row = finding_aid_queries.file(connection, file)
    assert row is not None, "files are never removed"
    found = chain(connection, file, issued, checkpoint.size - 1)
    told = [(act, one) for act, one in found.events() if one.what in CERTIFIED]
    return Certificate(
        archive=ARCHIVE,
        issued=as_spoken(issued),
        file_code=row.code,
        title=row.title or "",
        holder=_whose(found, "held_by"),
        assigned_to=_whose(found, "assigned_to"),
        may_use=_may_use(connection, row.fonds),
        sentence=in_words(clauses(found)),
        reconstructed=found.reconstructed,
        chain=tuple(_link(found, act, one) for act, one in told),
        origin=product.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        checkpoint=note.decode(),
        genesis=product.main.note_of(0),
        registry=tuple(_registry_proofs(product, connection, checkpoint.size)),
        proofs=tuple(product.main_log.proof_for(one.position).decode() for _, one in told),
    )


def _link(found: Chain, act: ChainedAct, one: ChainedEvent) -> ChainLink:
    told = line(found, one)
    return ChainLink(
        date=told.date,
        vi=told.vi,
        en=told.en,
        act=act.index,
        leaf=act.leaf,
        position=one.position,
        signers=act.signers,
        basis=act.basis_ref,
    )


def _whose(found: Chain, fact: str) -> str:
    """The agency of each carrier that there is; one name where both are in the same hands."""
    names = {}
    for carrier, (vi, _) in CARRIERS.items():
        custody = found.custody(carrier)
        if custody.known:
            agency = getattr(custody, fact)
            names[vi] = found.named(agency) if agency else UNKNOWN_VI
    if len(set(names.values())) < 2:
        return next(iter(names.values()), UNKNOWN_VI)
    return "; ".join(f"{carrier}: {name}" for carrier, name in names.items())


def _record_reading(product: Product, reader: Actor, file: UUID) -> None:
    reading = RecordRead(reader=Plain(reader.id), records=(file,), what="file.certificate", rule=AccessRule.CITY_WIDE)
    product.journal.record(reading, reader.id).result()


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
