"""Prepare and submit: acts of which at least one signature is made where this process cannot reach.

To prepare is to decide, seal and encode, and to keep all that until the signature comes; to submit is to append
it once. Between the two nothing is reserved: whoever writes first to the same streams wins, and the other act is stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from domain.errors import Refusal
from ledger.application import Ledger
from ledger.key_elsewhere import KeyElsewhere
from ledger.preparation import placed, written_time
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct
from ledger.prepared_file import FORMAT, SIGNATURE_SIZE, FileSigner, PreparedFile, assembled, problems_of
from ledger.prepared_store import HeldAct, PreparedStore, WaitingAct
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.registrars_left import check_registrars_left
from ledger.registry_reader import KnownRegistry
from ledger.sealed_field import SealedField
from signing.act import MAX_ACT_SIZE, ActHeader, OpenedAct, act_root, compose
from signing.base64_text import from_base64, to_base64
from signing.event_entry import parse_event_entry
from signing.note import Note, Signer
from signing.registry_event import registry_events
from signing.verification_error import VerificationError

_ATTEMPTS: Final = 8
_LINE_SIZE: Final = 256
"""Room for one signature line, more than any takes whose name is an origin of ours and a UUID."""


def prepare_act(
    ledger: Ledger, waiting: PreparedStore, proposal: Proposal, now: datetime, expires: datetime
) -> tuple[PreparedFile, tuple[SealedField, ...]]:
    """The act as a file to be signed elsewhere (no summary yet), and the ciphertexts it commits to, kept until then.

    now, expires: aware. Keys held here sign at once; those signatures wait beside the act and are not in the file. The
    same command under the same id again is the same act, as it was prepared first. Raises Refusal: the decision's own,
    `act-not-permitted`, `registrars-exhausted`, `act-malformed`, `ledger-not-founded`, `act-id-reused`.
    """
    try:
        asked = ledger.secret.request_digest(proposal.actor.id, [proposal.act, proposal.request])
    except VerificationError as error:
        raise Refusal("act-malformed", act=proposal.act, reason=error.detail) from error
    act = _asked_before(ledger, waiting, proposal.id, asked, now)
    if act is None:
        act = _composed(ledger, proposal, asked, now, expires)
        if not waiting.keep(act):  # somebody else has asked meanwhile
            act = _asked_before(ledger, waiting, proposal.id, asked, now)
            if act is None:
                raise Refusal("prepared-act-unknown", act=proposal.id)
    return file_of(ledger.origin, act), act.fields


def file_of(origin: str, act: WaitingAct) -> PreparedFile:
    """The file of an act that waits, without its summary: what its signers are given."""
    signers = zip(act.vkeys, act.signatures, strict=True)
    return PreparedFile(
        format=FORMAT,
        origin=origin,
        text=to_base64(act.text),
        events=tuple(to_base64(entry) for entry in act.entries),
        signers=tuple(FileSigner(vkey=vkey, here=bool(signature)) for vkey, signature in signers),
        expires=written_time(act.expires_at),
    )


def _asked_before(
    ledger: Ledger, waiting: PreparedStore, act_id: UUID, asked: bytes, now: datetime
) -> WaitingAct | None:
    act = waiting.find(act_id)
    if act is not None and now >= act.expires_at:
        waiting.discard(act_id)
        act = None
    if (act is not None and act.asked != asked) or (act is None and ledger.receipt_of(act_id) is not None):
        raise Refusal("act-id-reused", act=act_id, stream=None)
    return act


def _composed(ledger: Ledger, proposal: Proposal, asked: bytes, now: datetime, expires: datetime) -> WaitingAct:
    known = ledger.registry.refresh()
    streams = ledger.streams()
    events = placed(proposal, streams, proposal.decide(streams))
    sealed, fields = ledger.sealer.seal(events) if ledger.sealer is not None else (events, ())
    entries = [ledger.event_mapper.entry(item.stream, item.version, item.event)[2] for item in sealed]
    signers = [actor.signer_in(ledger.origin) for actor in proposal.signers]
    text = _text(ledger, proposal, signers, entries, known, now)
    written = {item.stream for item in events}
    return WaitingAct(
        id=proposal.id,
        text=text,
        entries=tuple(entries),
        signatures=tuple(
            b"" if isinstance(actor.signer, KeyElsewhere) else actor.signer.sign(text) for actor in proposal.signers
        ),
        guards=tuple(guard for guard in streams.guards.items() if guard[0] not in written),
        fields=tuple(fields),
        promised=len(fields),
        expires_at=expires,
        asked=asked,
        vkeys=tuple(signer.verifier_key.text() for signer in signers),
    )


def submit_act(ledger: Ledger, waiting: PreparedStore, file: PreparedFile, now: datetime) -> Receipt:
    """Append a prepared act with the signatures that were made elsewhere; submitted again, the stored receipt.

    The act is held from the look at it to the end: no sweep or destruction takes its ciphertexts from under the append.
    Raises Refusal, and then nothing was recorded: `prepared-file-altered`, `prepared-act-unknown`,
    `prepared-act-expired`, `prepared-act-stale` (and it is forgotten), `prepared-act-content-gone`,
    `signature-missing`, `act-not-permitted`, `registrars-exhausted`, `act-id-reused`.
    """
    if problems := problems_of(file):
        raise Refusal("prepared-file-altered", problems=", ".join(code for code, _ in problems))
    if file.origin != ledger.origin:
        raise Refusal("prepared-act-of-other-ledger", origin=file.origin)
    header, text = file.header, file.signed_bytes
    digest = ledger.secret.prepared_digest(header.actor, text)
    with waiting.held(header.id) as held:
        if (receipt := ledger.receipt_of(header.id, digest, text)) is not None:
            if held is not None:
                held.discard()
            return receipt
        awaited = _awaited(held, file, now)
        act = awaited.act
        prepared = PreparedAct(
            id=act.id,
            note=assembled(file, _signatures(file, act)),
            digest=digest,
            registry_index=-1,
            events=tuple(parse_event_entry(entry) for entry in act.entries),
            guards=act.guards,
            sealed=act.fields,
        )
        return _appended(ledger, awaited, prepared)


def _appended(ledger: Ledger, held: HeldAct, prepared: PreparedAct) -> Receipt:
    """The registry is read anew for each attempt: a key that was revoked meanwhile is refused here."""
    outcome = Outcome(status=AppendStatus.REGISTRY_MOVED)
    for _ in range(_ATTEMPTS):
        known = ledger.registry.refresh()
        [outcome] = ledger.append_prepared([msgspec.structs.replace(prepared, registry_index=known.index)])
        if outcome.status is not AppendStatus.REGISTRY_MOVED:
            break
    match outcome.status:
        case AppendStatus.STORED | AppendStatus.KNOWN:
            held.discard()
            return outcome.receipt(prepared.id)
        case AppendStatus.VERSION_CONFLICT:
            held.discard()
            raise Refusal("prepared-act-stale", act=prepared.id, stream=outcome.stream)
        case _:
            if ledger.sealer is not None:
                ledger.sealer.discard(prepared.sealed)
            return outcome.receipt(prepared.id)


def _awaited(held: HeldAct | None, file: PreparedFile, now: datetime) -> HeldAct:
    """The act as it was prepared here, whole and in time."""
    if held is None:
        raise Refusal("prepared-act-unknown", act=file.header.id)
    act = held.act
    if act.text != file.signed_bytes or list(act.entries) != file.entries:
        raise Refusal("prepared-file-altered", problems="not-as-prepared")
    if now >= act.expires_at:
        held.discard()
        raise Refusal("prepared-act-expired", act=act.id, at=written_time(act.expires_at))
    if len(act.fields) != act.promised:
        held.discard()
        raise Refusal("prepared-act-content-gone", act=act.id)
    return held


def _signatures(file: PreparedFile, act: WaitingAct) -> list[bytes]:
    signatures: list[bytes] = []
    for signer, held in zip(file.signers, act.signatures, strict=True):
        if not held and not signer.signature:
            raise Refusal("signature-missing", signer=signer.vkey.partition("+")[0])
        signatures.append(held or from_base64(signer.signature, SIGNATURE_SIZE))
    return signatures


def _text(
    ledger: Ledger,
    proposal: Proposal,
    signers: Sequence[Signer],
    entries: Sequence[bytes],
    known: KnownRegistry,
    now: datetime,
) -> bytes:
    """The bytes to sign; refused here already when the registry would refuse them later. Raises Refusal."""
    if known.registry is None:
        raise Refusal("ledger-not-founded")
    header = ActHeader(
        act=proposal.act,
        id=proposal.id,
        actor=proposal.actor.id,
        at=written_time(now.astimezone(UTC)),
        events=len(entries),
        root=act_root(entries),
        seen=ledger.seen,
        for_=proposal.for_,
        basis=proposal.basis,
        kids=tuple(signer.verifier_key.kid for signer in signers),
    )
    try:
        text = compose(ledger.origin, header)
        names = tuple(actor.id for actor in proposal.signers)
        unsigned = OpenedAct(origin=ledger.origin, header=header, note=Note(text, ()), data=b"", signers=names)
        events = registry_events(entries, ledger.origin)
        problems = known.registry.judge(unsigned, known.next_index(header.seen.size), events)
    except VerificationError as error:
        raise Refusal("act-malformed", act=proposal.act, reason=error.detail) from error
    if len(text) + _LINE_SIZE * len(signers) > MAX_ACT_SIZE:
        raise Refusal("act-malformed", act=proposal.act, reason="larger than 65,535 bytes")
    if problems:
        raise Refusal("act-not-permitted", act=proposal.act, problems=", ".join(problems))
    check_registrars_left(known.registry, events)
    return text
