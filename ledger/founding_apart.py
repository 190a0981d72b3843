"""A founding whose registrars sign elsewhere: each act of it as a file to sign, all checked before any is stored.

All registrars sign all of these acts: the genesis asks for it, and then nobody need be chosen for the others. The
access log's genesis names the main log's signed genesis, so it is made when that has its signatures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.keys import ACT_ENROL, ACT_FOUND, ACT_GRANT, KeyEnrolled, RegistryGenesis, RoleGranted, registry_stream
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.founding import Founding, genesis_of
from ledger.key_elsewhere import KeyElsewhere
from ledger.log_name import LogName
from ledger.mapper import EVENT_TYPES, EventMapper
from ledger.preparation import written_time
from ledger.prepared_act import PreparedAct
from ledger.prepared_file import FORMAT, SIGNATURE_SIZE, FileSigner, PreparedFile, assembled, problems_of
from signing.act import NOTHING_SEEN, ActHeader, act_root, compose, open_act, verify_act_signatures
from signing.base64_text import from_base64, to_base64
from signing.event_entry import parse_event_entry
from signing.genesis import found
from signing.merkle import leaf_hash
from signing.note import VerifierKey
from signing.registry import Registry
from signing.registry_event import registry_events
from signing.verification_error import VerificationError

MAIN_GENESIS: Final = "1-main-genesis"
ACCESS_GENESIS: Final = "6-access-genesis"
_MAIN: Final = (MAIN_GENESIS, "2-main-keys", "3-main-roles")
_ACCESS: Final = (ACCESS_GENESIS, "4-access-keys", "5-access-roles")
FIRST_ROUND: Final = (*_MAIN, *_ACCESS[1:])
NAMES: Final = (*FIRST_ROUND, ACCESS_GENESIS)
"""The acts by the names of their files, in the order in which people sign them."""


def first_round(founding: Founding, origin: str, now: datetime, expires: datetime) -> dict[str, PreparedFile]:
    """All acts but the access log's genesis. Keys that are held here have signed, in the file.

    now, expires: aware. Raises Refusal `founding-unfit`.
    """
    made: dict[str, PreparedFile] = {}
    for log, (genesis, keys, roles) in ((LogName.MAIN, _MAIN), (LogName.ACCESS, _ACCESS)):
        name = log.origin(origin)
        if log is LogName.MAIN:
            event = genesis_of(founding, name, None)
            made[genesis] = _file(name, ACT_FOUND, [event], 1, founding.registrars, now, expires)
        newcomers = [item.actor for item in founding.enrolments]
        enrolled = [
            KeyEnrolled(actor=item.actor.id, key=to_base64(item.actor.signer.verifier_key.encoded), held=item.held)
            for item in founding.enrolments
        ]
        made[keys] = _file(name, ACT_ENROL, enrolled, 2, (*founding.registrars, *newcomers), now, expires)
        granted = [
            RoleGranted(actor=grant.actor, role=grant.role, acts=grant.acts, on_behalf=grant.on_behalf)
            for grant in founding.grants
            if grant.log is log
        ]
        made[roles] = _file(name, ACT_GRANT, granted, 2 + len(enrolled), founding.registrars, now, expires)
    return {name: made[name] for name in FIRST_ROUND}


def second_round(main: PreparedFile, here: Sequence[Actor], now: datetime, expires: datetime) -> PreparedFile:
    """The access log's genesis, to be signed by the registrars of the main log's signed one.

    here: registrars whose keys are held here. Raises Refusal `prepared-file-altered`, `signature-missing`,
    `founding-unfit`.
    """
    note = signed_note(main)
    try:
        act = open_act(note, main.origin)
        found(act, events := registry_events(main.entries, main.origin))
    except VerificationError as error:
        raise Refusal("founding-unfit", reason=error.detail) from error
    [genesis] = events
    assert isinstance(genesis, RegistryGenesis)
    origin = LogName.ACCESS.origin(main.origin)
    keys = [VerifierKey.parse(text) for text in genesis.log_vkeys]
    event = msgspec.structs.replace(
        genesis,
        origin=origin,
        log_id=str(new_act_id()),
        log_vkeys=tuple(VerifierKey(origin, key.type, key.public).text() for key in keys),
        main=to_base64(leaf_hash(note)),
    )
    held = {actor.id: actor for actor in here}
    named = zip(act.signers, main.signers, strict=True)
    registrars = [
        held.get(actor) or Actor(id=actor, signer=KeyElsewhere(VerifierKey.parse(one.vkey))) for actor, one in named
    ]
    return _file(origin, ACT_FOUND, [event], 1, registrars, now, expires)


def signed_note(file: PreparedFile) -> bytes:
    """The act's note, from a file that has all its signatures. Raises Refusal as `second_round`."""
    if problems := problems_of(file):
        raise Refusal("prepared-file-altered", problems=", ".join(code for code, _ in problems))
    for signer in file.signers:
        if not signer.signature:
            raise Refusal("signature-missing", signer=signer.vkey.partition("+")[0])
    return assembled(file, [from_base64(signer.signature, SIGNATURE_SIZE) for signer in file.signers])


def check_founding(files: Mapping[str, PreparedFile], log_keys: Sequence[VerifierKey]) -> Registry:
    """The main log's registry as these acts will make it: all of them are valid, of one ledger, and name `log_keys`.

    Raises Refusal `founding-unfit`, and as `second_round`.
    """
    if set(files) != set(NAMES):
        raise Refusal("founding-unfit", reason="it takes " + ", ".join(NAMES))
    origin = files[MAIN_GENESIS].origin
    main = _registry([files[name] for name in _MAIN], origin)
    access = _registry([files[name] for name in _ACCESS], LogName.ACCESS.origin(origin))
    if access.genesis.main != to_base64(leaf_hash(signed_note(files[MAIN_GENESIS]))):
        raise Refusal("founding-unfit", reason="the access log names another genesis of the main log")
    if (access.genesis.registrars, access.genesis.quorum) != (main.genesis.registrars, main.genesis.quorum):
        raise Refusal("founding-unfit", reason="the two logs have other registrars")
    for registry in (main, access):
        wanted = tuple(VerifierKey(registry.origin, key.type, key.public).text() for key in log_keys)
        if registry.genesis.log_vkeys != wanted:
            raise Refusal("founding-unfit", reason="the keys of the log are not this key store's")
    return main


def submit_founding(main: Ledger, access: Ledger, files: Mapping[str, PreparedFile]) -> None:
    """Append all of it, genesis first; interrupted, the next call goes on. After `check_founding`. Raises Refusal."""
    for ledger, names in ((main, _MAIN), (access, _ACCESS)):
        for name in names:
            _append(ledger, files[name])


def _append(ledger: Ledger, file: PreparedFile) -> None:
    header, note = file.header, signed_note(file)
    digest = ledger.secret.prepared_digest(header.actor, file.signed_bytes)
    if ledger.receipt_of(header.id, digest) is not None:
        return
    events = tuple(parse_event_entry(entry) for entry in file.entries)
    known = ledger.registry.refresh()
    act = PreparedAct(id=header.id, note=note, digest=digest, registry_index=known.index, events=events)
    [outcome] = ledger.append_prepared([act])
    outcome.receipt(header.id)
    ledger.registry.refresh()


def _registry(files: Sequence[PreparedFile], origin: str) -> Registry:
    registry: Registry | None = None
    try:
        for index, file in enumerate(files):
            act = open_act(signed_note(file), origin)
            events = registry_events(file.entries, origin)
            if registry is None:
                registry = found(act, events)
                continue
            verify_act_signatures(act, registry.keys_with(events))
            registry, problems = registry.advance(act, index, events)
            if problems:
                raise Refusal("act-not-permitted", act=act.header.act, problems=", ".join(problems))
    except VerificationError as error:
        raise Refusal("founding-unfit", reason=error.detail) from error
    assert registry is not None, "a log has three acts at its founding"
    return registry


def _file(
    origin: str,
    act: str,
    events: Sequence[Event],
    version: int,
    signers: Sequence[Actor],
    now: datetime,
    expires: datetime,
) -> PreparedFile:
    mapper, stream = EventMapper(EVENT_TYPES), registry_stream(origin)
    entries = [mapper.entry(stream, at, event)[2] for at, event in enumerate(events, start=version)]
    keys = [actor.signer_in(origin).verifier_key for actor in signers]
    try:
        header = ActHeader(
            act=act,
            id=new_act_id(),
            actor=signers[0].id,
            at=written_time(now),
            events=len(entries),
            root=act_root(entries),
            seen=NOTHING_SEEN,
            kids=tuple(key.kid for key in keys),
        )
        text = compose(origin, header)
    except VerificationError as error:
        raise Refusal("founding-unfit", reason=error.detail) from error
    signatures = ["" if isinstance(one.signer, KeyElsewhere) else to_base64(one.signer.sign(text)) for one in signers]
    return PreparedFile(
        format=FORMAT,
        origin=origin,
        text=to_base64(text),
        events=tuple(to_base64(entry) for entry in entries),
        signers=tuple(FileSigner(vkey=key.text(), signature=one) for key, one in zip(keys, signatures, strict=True)),
        expires=written_time(expires),
    )
