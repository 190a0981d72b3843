"""The custody certificate of a file, from the open product: what it says, what it proves, who read it to say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from domain.access import AccessRule, RecordRead
from domain.civil_date import as_spoken
from domain.custody import Custody
from domain.errors import Refusal
from domain.keys import registry_stream
from domain.sealed import Plain
from ledger.actor import Actor
from mocban.bootstrap import Product
from mocban.certificate import Certificate, ChainLink, issue
from mocban.pdf_signing import authorities_of, pades_key
from mocban.witness.cosigning import collect_once
from projections import finding_aid_queries
from projections.chain import Chain, ChainedAct, ChainedEvent, chain
from projections.chain_sentence import clauses, in_words
from projections.chain_words import CARRIERS, STATES, line
from projections.finding_aid_queries import FileRow
from projections.reader_words import by_rule, for_others
from projections.readers import use_of
from projections.stream_positions import positions_of
from projections.view import Connection

ARCHIVE = "Trung tâm Lưu trữ lịch sử thành phố Hà Nội"
UNKNOWN_VI = "chờ xác định"
_GONE: Final = "(nội dung niêm phong đã hủy theo quyết định / sealed content destroyed, by decision)"
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
        title=_title(row),
        holder=_whose(found, "held_by"),
        assigned_to=_whose(found, "assigned_to"),
        state=_state(found),
        may_use=_may_use(connection, found),
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
    return _of_carriers(found, lambda custody: _named(found, getattr(custody, fact)))


def _named(found: Chain, agency: UUID | None) -> str:
    return found.named(agency) if agency else UNKNOWN_VI


def _state(found: Chain) -> str:
    return _of_carriers(found, lambda custody: " / ".join(STATES[custody.state]))


def _of_carriers(found: Chain, told: Callable[[Custody], str]) -> str:
    """What is told of each carrier that there is, a line each; one line where it is the same of both."""
    lines = {vi: told(custody) for carrier, (vi, _) in CARRIERS.items() if (custody := found.custody(carrier)).known}
    if len(set(lines.values())) < 2:
        return next(iter(lines.values()), UNKNOWN_VI)
    return "\n".join(f"{carrier}: {line}" for carrier, line in lines.items())


def _record_reading(product: Product, reader: Actor, file: UUID) -> None:
    reading = RecordRead(reader=Plain(reader.id), records=(file,), what="file.certificate", rule=AccessRule.CITY_WIDE)
    product.journal.record(reading, reader.id).result()


def _may_use(connection: Connection, found: Chain) -> tuple[tuple[str, str], ...]:
    """A line for each rule, then why nobody else may."""
    use = use_of(connection, found.file.id, found.on, found.known_at)
    told = [(one.vi, one.en.partition(": ")[0]) for one in by_rule(use.may_use)]
    others = for_others(use.others_may_use)
    return (*told, *([others] if others[0] else []))


def _title(row: FileRow) -> str:
    """As registered; of a file whose content was destroyed, that it was."""
    return row.title if row.title is not None else _GONE


def _registry_proofs(product: Product, connection: Connection, size: int) -> list[str]:
    """A proof of every registry event that the checkpoint covers, so that signers' keys can be judged offline."""
    found = positions_of(connection, registry_stream(product.origin))
    return [product.main_log.proof_for(one.position).decode() for one in found if one.act < size]
