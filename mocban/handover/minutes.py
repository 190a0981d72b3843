"""Biên bản giao nhận hồ sơ, tài liệu (Decree 30/2020/NĐ-CP, Appendix V): what it says, and what proves it."""

from __future__ import annotations

from base64 import b64encode
from typing import Final
from uuid import UUID

import msgspec

from digitization.archival_pdf import Attachment, archival
from domain.errors import Refusal
from domain.keys import registry_stream
from domain.lot import Carrier
from domain.principal import PrincipalAppointed
from domain.sealed import Sealed
from ledger.actor import Actor
from ledger.sealer import SealedPlace
from mocban.bootstrap import Product
from mocban.handover.listing import Listing, Person, read_listing
from mocban.pdf_signing import authorities_of, pades_key
from projections.handover_queries import computer_files
from projections.stream_positions import StreamPosition, positions_of
from projections.view import Connection
from signing.note import parse_note
from signing.pades import PROOF_BEGIN, PROOF_END, PROOF_NAME, sign_pdf

TITLE: Final = ("BIÊN BẢN", "Về việc giao nhận hồ sơ, tài liệu")
REASON: Final = "Biên bản giao nhận hồ sơ, tài liệu / record of hand-over and receipt"
AUTHOR: Final = "Mộc Bản"


class Minutes(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed.

    giver, receiver: who signed for the two sides. computer_files: scans of the files taken. acts: of the ledger, the
    dual act first, then those by which disputes were settled. size, root, checkpoint: the served checkpoint.
    """

    listing: Listing
    giver: Person
    receiver: Person
    computer_files: int
    acts: tuple[int, ...]
    origin: str
    size: int
    root: bytes
    checkpoint: str

    @property
    def checkpoint_root(self) -> str:
        """Base64, as in the checkpoint."""
        return b64encode(self.root).decode()

    @property
    def paper(self) -> bool:
        """Whether paper changed hands."""
        return self.listing.row.carrier is Carrier.PAPER


def read_minutes(product: Product, connection: Connection, handover: UUID, reader: Actor) -> Minutes:
    """Of a hand-over that both have signed; reading its titles goes on record first.

    Raises Refusal `handover-unknown`, `handover-not-received`, `handover-not-published`, `access-not-recorded`.
    """
    listing = read_listing(product, connection, handover, reader)
    done = listing.row.completed
    if done is None:
        raise Refusal("handover-not-received")
    checkpoint, note = product.main_log.checkpoint()
    acts = tuple(dict.fromkeys(one.act for one in positions_of(connection, handover) if one.act >= done))
    if acts[-1] >= checkpoint.size:
        raise Refusal("handover-not-published", act=acts[-1])
    signers = [one.name.rpartition("/")[2] for one in parse_note(product.main.note_of(done)).signatures]
    giver = listing.deputy or _person(product, signers[0])
    return Minutes(
        listing=listing,
        giver=giver,
        receiver=_person(product, signers[1]),
        computer_files=computer_files(connection, [line.file for line in listing.lines if line.taken], done),
        acts=acts,
        origin=product.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        checkpoint=note.decode(),
    )


def signed_minutes(product: Product, connection: Connection, minutes: Minutes) -> bytes:
    """The PDF/A-3b, PAdES-signed, the proof of every event of the hand-over inside.

    Raises EnvironmentProblem `typeface-missing`; VerificationError where the log does not agree.
    """
    from mocban.handover.minutes_page import draw  # noqa: PLC0415  reportlab is slow to import

    proof = Attachment(
        name=PROOF_NAME,
        media="application/json",
        told="Chứng cứ của sổ Mộc Bản / proof of the Mộc Bản ledger",
        data=PROOF_BEGIN + _proof(product, connection, minutes) + b"\n" + PROOF_END,
    )
    page = archival(draw(minutes), title=" ".join(TITLE), author=AUTHOR, attached=[proof])
    authorities = authorities_of(product)
    return sign_pdf(page, pades_key(product), reason=REASON, location="Hà Nội", authorities=authorities)


def _proof(product: Product, connection: Connection, minutes: Minutes) -> bytes:
    """As the stand-alone verifier reads it out of a PDF; every proof is up to the checkpoint that is printed."""
    registry = positions_of(connection, registry_stream(product.origin))
    of_handover = positions_of(connection, minutes.listing.row.id)

    def proofs(found: list[StreamPosition]) -> list[str]:
        return [product.main_log.proof_for(one.position).decode() for one in found if one.act < minutes.size]

    told = {
        "origin": minutes.origin,
        "checkpoint": minutes.checkpoint,
        "genesis_entry": b64encode(product.main.note_of(0)).decode(),
        "registry": proofs(registry),
        "proofs": proofs(of_handover),
    }
    if product.main_log.checkpoint()[1].decode() != minutes.checkpoint:  # published meanwhile: one checkpoint for all
        raise Refusal("handover-not-published", act=minutes.acts[-1])
    return msgspec.json.encode(told)


def _person(product: Product, actor: str) -> Person:
    """Name and office of whoever signed, as appointed; empty lines are for the pen where the ledger knows neither."""
    whom = UUID(actor)
    event = product.main.streams().load(whom, None, lambda _before, event: event)
    if not isinstance(event, PrincipalAppointed):
        return Person(name="", post="", actor=actor)
    name = ""
    if isinstance(event.Name, Sealed):
        name = str(product.unsealer.open_many([SealedPlace(event.Name, whom, 1, "/Name")])[0] or "")
    return Person(name=name, post=event.office, actor=actor)
