"""The acts of a hand-over as proposals, from what people name; whoever holds the keys may sign them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Instrument
from domain.errors import Refusal
from domain.handing_over import Dispute
from domain.handover import DisputeReason, Handover, HandoverProposed, HandoverWithdrawn, Outcome, evolve
from domain.identifiers import nfc
from domain.lot import Carrier
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands.handover import Received, completion, inventory_root, offer, settlement, withdrawal
from ledger.proposal import Proposal
from mocban.acts.signers import signer_of
from mocban.bootstrap import Product
from mocban.custody.day import civil_today
from mocban.handover.choosing import Choice, agency_named, choose, lines_for
from mocban.handover.people import People, settled_text
from mocban.offices import Office
from projections.succession_queries import AgencyRow
from projections.view import Connection

MOST_SAID: Final = 1_000
"""Letters of a reason or a condition."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a giver offers. giver, receiver: agencies by id or code, on the civil day `on`."""

    giver: str
    receiver: str
    carrier: Carrier
    decision: Instrument
    on: str
    choice: Choice = Choice()
    people: People = People()


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """An offer as an act not yet done. root: base64, of its inventory."""

    handover: UUID
    proposal: Proposal
    giver: AgencyRow
    receiver: AgencyRow
    files: int
    root: str


class Signers(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs for the two sides: offices or actor ids; empty: the deputy if one is named, else the house's office."""

    giver: str = ""
    receiver: str = ""


def offered(product: Product, connection: Connection, asked: Offer, signer: str = "") -> Offered:
    """The act `handover.propose`. Raises Refusal as `choose` and `agency_named`, `handover-deputy-missing`."""
    giver = agency_named(connection, asked.giver, asked.on)
    receiver = agency_named(connection, asked.receiver, asked.on)
    files = choose(connection, giver, receiver, asked.carrier, asked.on, asked.choice)
    if giver.valid_to and giver.valid_to <= asked.on and asked.people.deputy is None:
        raise Refusal("handover-deputy-missing", code=giver.code, day=giver.valid_to)  # nobody could sign it later
    lines = sorted(lines_for(product.main, files, asked.carrier), key=lambda line: (line.FileCode.text, line.file))
    handover = product.naming.other("handover", str(new_act_id()))
    fact = HandoverProposed(
        giver=giver.id,
        receiver=receiver.id,
        carrier=asked.carrier,
        basis=asked.decision.number,
        on=asked.on,
        decision=asked.decision,
        deputy=asked.people.deputy,
        witnesses=asked.people.witnesses,
    )
    who = signer_of(product, signer or _deputy(fact) or Office.GIVER)
    return Offered(
        handover=handover,
        proposal=offer(who, new_act_id(), handover, fact, lines),
        giver=giver,
        receiver=receiver,
        files=len(lines),
        root=inventory_root(lines),
    )


def state_of(product: Product, handover: UUID) -> Handover:
    """The hand-over as the ledger has it. Raises Refusal `handover-unknown`."""
    state = product.main.streams().load(handover, None, evolve)
    if state is None:
        raise Refusal("handover-unknown")
    return state


def received(product: Product, handover: UUID, on: str, found: Received, signers: Signers) -> Proposal:
    """The dual act by which the files change hands. on: the civil day it happened, however long ago."""
    giver, others = _who_sign(product, state_of(product, handover), signers)
    return completion(product.main, giver, others, new_act_id(), handover, on, found, today=civil_today())


def settled(product: Product, handover: UUID, on: str, outcomes: Mapping[UUID, Outcome], signers: Signers) -> Proposal:
    """The dual act that ends disputes."""
    giver, others = _who_sign(product, state_of(product, handover), signers)
    return settlement(product.main, giver, others, new_act_id(), handover, on, outcomes, today=civil_today())


def withdrawn(product: Product, handover: UUID, reason: str, signer: str = "") -> Proposal:
    """The act by which the giver takes its offer back, today."""
    state = state_of(product, handover)
    fact = HandoverWithdrawn(on=civil_today(), Reason=Plain(settled_text(reason, "--reason", MOST_SAID)))
    who = signer_of(product, signer or _deputy(state.proposed) or Office.GIVER)
    return withdrawal(product.main, who, new_act_id(), handover, fact)


def disputes(state: Handover, given: Sequence[str]) -> dict[UUID, Dispute]:
    """From `FILECODE=REASON`. Raises Refusal `handover-dispute-unclear`, `handover-line-not-listed`."""
    found = {}
    for one in given:
        code, _, reason = one.rpartition("=")
        if not code or reason not in set(DisputeReason):
            raise Refusal("handover-dispute-unclear", given=one[:80], reasons=", ".join(DisputeReason))
        (file,) = files_named(state, [code])
        found[file] = Dispute(reason=DisputeReason(reason))
    return found


def files_named(state: Handover, codes: Sequence[str]) -> list[UUID]:
    """The listed files with these codes. Raises Refusal `handover-line-not-listed`."""
    listed = {line.FileCode.text: line.file for line in state.lines}
    files = []
    for code in codes:
        file = listed.get(nfc(code.strip()))
        if file is None:
            raise Refusal("handover-line-not-listed", file=code[:80])
        files.append(file)
    return files


def _who_sign(product: Product, state: Handover, signers: Signers) -> tuple[Actor, tuple[Actor, ...]]:
    """Giver, then receiver and the witnesses who sign."""
    giver = signer_of(product, signers.giver or _deputy(state.proposed) or Office.GIVER)
    receiver = signer_of(product, signers.receiver or Office.RECEIVER)
    witnesses = [signer_of(product, one.actor) for one in state.proposed.witnesses if one.actor]
    return giver, (receiver, *witnesses)


def _deputy(offer: HandoverProposed) -> str:
    return offer.deputy.actor if offer.deputy else ""
