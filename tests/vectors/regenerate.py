"""A small log with fixed keys and the golden files made of it. `python -m tests.vectors.regenerate` adds missing ones.

Nothing here runs in tests but `make`, whose bytes must equal the files. A file once committed is never rewritten:
a new shape of a format gets a new file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from domain.event import Event
from domain.keys import KeyEnrolled, Registrar, RegistryGenesis, RoleGranted, WitnessPolicy, registry_stream
from domain.principal import PrincipalAppointed, PrincipalAppointedV1, Reach
from domain.sealed import Sealed
from signing.act import NOTHING_SEEN, ActHeader, Basis, act_root, event_entry, sign_act
from signing.base64_text import to_base64
from signing.checkpoint import MlDsa44Signer, sign_checkpoint
from signing.merkle import consistency_path, inclusion_path, leaf_hash, root
from signing.note import Ed25519Signer
from signing.seal import seal
from signing.tile import entry_bundles_for, event_bundles_for, position_bundles_for, tiles_for
from signing.tlog_proof import ActEvidence, prove_event
from tests.vectors import (
    changes,
    child_lots,
    container_acts,
    content_acts,
    custody_acts,
    grants,
    handovers,
    single_files,
)

FOLDER: Final = Path(__file__).parent
ORIGIN: Final = "hanoi.mocban/00112233445566aa"
TIME: Final = 1_763_769_600
AT: Final = "2025-11-22T00:00:00.000000Z"
FILE_STREAM: Final = UUID("0198aaaa-0000-8000-8000-00000000f11e")
RECORD_KEY: Final = hashlib.sha256(b"test record key").digest()
SEALED_VALUE: Final = '"Về việc giao nộp hồ sơ"'.encode()
POINTER: Final = "/Title"


def actor(number: int) -> str:
    """A test actor's id."""
    return str(UUID(int=0x0198BBBB00008000800000000000AC00 + number))


def signer(number: int) -> Ed25519Signer:
    """A test actor's key, from a fixed seed."""
    return Ed25519Signer(f"{ORIGIN}/{actor(number)}", hashlib.sha256(b"test actor %d" % number).digest())


def key_text(number: int) -> str:
    """A test actor's key as the registry writes it."""
    return to_base64(signer(number).verifier_key.encoded)


PRINCIPAL_STREAM: Final = UUID("0198aaaa-0000-8000-8000-000000000a17")
PRINCIPAL_AGENCY: Final = UUID("0198aaaa-0000-8000-8000-000000000a6e")
PRINCIPAL_NAME: Final = '"Trần Thị Mẫu"'.encode()


LOG_SIGNER: Final = Ed25519Signer(ORIGIN, hashlib.sha256(b"test log").digest())
LOG_ML_DSA: Final = MlDsa44Signer(ORIGIN, hashlib.sha256(b"test log ml-dsa").digest())
STANDBY: Final = (
    Ed25519Signer(ORIGIN, hashlib.sha256(b"test standby").digest()),
    MlDsa44Signer(ORIGIN, hashlib.sha256(b"test standby ml-dsa").digest()),
)

GENESIS: Final = RegistryGenesis(
    origin=ORIGIN,
    log_id="0198cccc-0000-8000-8000-00000000106a",
    registrars=(Registrar(actor=actor(1), key=key_text(1)), Registrar(actor=actor(2), key=key_text(2))),
    quorum=2,
    log_vkeys=tuple(key.verifier_key.text() for key in (LOG_SIGNER, LOG_ML_DSA, *STANDBY)),
    witness_policy=WitnessPolicy(quorum=0, witnesses=()),
    timestamp_authorities=(),
)


class SampleHeard(Event, frozen=True, kw_only=True, tag="sample.heard/1"):
    """An event of no archive, for vectors that outlive any event type."""

    FileCode: str
    note: str = ""


def sealed_name() -> tuple[Sealed, bytes]:
    """The sealed name of an appointed principal, and its ciphertext: the same in every shape of the event."""
    return seal(
        RECORD_KEY, PRINCIPAL_NAME, stream=PRINCIPAL_STREAM, version=1, pointer="/Name", nonce=bytes(range(12, 24))
    )


def appointments() -> tuple[PrincipalAppointedV1, PrincipalAppointed]:
    """One fact in both shapes that its event has had."""
    name, office = sealed_name()[0], "Kiểm tra viên"
    return (
        PrincipalAppointedV1(agency=PRINCIPAL_AGENCY, office=office, Name=name, city_wide=True),
        PrincipalAppointed(agency=PRINCIPAL_AGENCY, office=office, Name=name, reach=Reach.CITY),
    )


def entries_of(stream: UUID, first_version: int, events: Sequence[Event]) -> list[bytes]:
    """Event entries of events on one stream."""
    return [
        event_entry(stream, first_version + at, str(event.__struct_config__.tag), msgspec.json.encode(event))
        for at, event in enumerate(events)
    ]


def act(number: int, name: str, entries: list[bytes], signers: Sequence[Ed25519Signer], **more: object) -> bytes:
    """A signed act of the test log."""
    header = ActHeader(
        act=name,
        id=UUID(int=0x0198DDDD00007000800000000000AC00 + number),
        actor=signers[0].verifier_key.name.rpartition("/")[2],
        at=AT,
        events=len(entries),
        root=act_root(entries),
        seen=NOTHING_SEEN,
    )
    return sign_act(ORIGIN, msgspec.structs.replace(header, **more), signers)


def log() -> tuple[list[bytes], list[list[bytes]]]:
    """The six acts of the test log, and the event entries of each."""
    registry = registry_stream(ORIGIN)
    grants = [RoleGranted(actor=actor(3), role="archivist", acts=("sample.*",), on_behalf=True)]
    grants.append(RoleGranted(actor=actor(4), role="receiver", acts=("sample.hand-over",)))
    entries = [
        entries_of(registry, 1, [GENESIS]),
        entries_of(registry, 2, [KeyEnrolled(actor=actor(3), key=key_text(3), held="server")]),
        entries_of(registry, 3, [KeyEnrolled(actor=actor(4), key=key_text(4), held="own")]),
        entries_of(registry, 4, grants),
        entries_of(FILE_STREAM, 1, [SampleHeard(FileCode="H26.15.2025.01")]),
        entries_of(FILE_STREAM, 2, [SampleHeard(FileCode="H26.15.2025.01", note=f"bước {n}") for n in range(3)]),
    ]
    signers = [signer(1), signer(2)]
    acts = [
        act(0, "log.found", entries[0], signers),
        act(1, "registry.enrol", entries[1], [*signers, signer(3)]),
        act(2, "registry.enrol", entries[2], [*signers, signer(4)]),
        act(3, "registry.grant", entries[3], signers),
        act(4, "sample.hear", entries[4], [signer(3)], for_="văn thư"),
        act(5, "sample.hand-over", entries[5], [signer(3), signer(4)], basis=Basis(code="decision", ref="1656/NQ")),
    ]
    return acts, entries


def make(checkpoint: bytes) -> dict[str, bytes]:
    """File name -> golden bytes. checkpoint: the stored one, since ML-DSA-44 signing is randomized."""
    acts, entries = log()
    leaves = [leaf_hash(note) for note in acts]
    events = [entry for group in entries for entry in group]
    firsts = [sum(len(group) for group in entries[:at]) for at in range(len(entries))]
    inner = [leaf_hash(entry) for entry in entries[5]]
    evidence = ActEvidence(note=acts[5], event_index=1, path=tuple(inclusion_path(inner, 1)), event_entry=entries[5][1])
    sealed, ciphertext = seal(
        RECORD_KEY, SEALED_VALUE, stream=FILE_STREAM, version=1, pointer=POINTER, nonce=bytes(range(12))
    )
    first, second = appointments()
    return {
        "principal-appointed-1.json": msgspec.json.encode(first),
        "principal-appointed-2.json": msgspec.json.encode(second),
        "event-entry.hex": _hex(entries[4][0]),
        "genesis.note": acts[0],
        "genesis-event.json": entries[0][0].partition(b"/1")[2],
        "enrol.note": acts[1],
        "enrol-event.json": entries[1][0].partition(b"/1")[2],
        "act-single.note": acts[4],
        "act-dual.note": acts[5],
        "checkpoint-ed25519.note": sign_checkpoint(ORIGIN, 6, root(leaves), [LOG_SIGNER], TIME),
        "tile-0-000.p-6.hex": _hex(tiles_for(0, 6, leaves, _nothing)["tile/0/000.p/6"]),
        "tile-entries-000.p-6.hex": _hex(entry_bundles_for(0, 6, acts, _nothing)["tile/entries/000.p/6"]),
        "tile-events-000.p-9.hex": _hex(event_bundles_for(0, 9, events, _nothing)["tile/events/000.p/9"]),
        "tile-positions-000.p-6.hex": _hex(position_bundles_for(0, 6, firsts, _nothing)["tile/positions/000.p/6"]),
        "inclusion-proof.txt": _lines(inclusion_path(leaves, 4)),
        "consistency-proof.txt": _lines(consistency_path(leaves, 3)),
        "event.tlog-proof": prove_event(
            index=5, path=inclusion_path(leaves, 5), checkpoint=checkpoint, evidence=evidence
        ),
        "sealed-field.json": msgspec.json.encode(sealed),
        "sealed-field-ciphertext.hex": _hex(ciphertext),
        **handovers.payloads(),
        **custody_acts.payloads(),
        **container_acts.payloads(),
        **grants.payloads(),
        **single_files.payloads(),
        **child_lots.payloads(),
        **content_acts.payloads(),
        **changes.payloads(),
    }


def main() -> None:
    """Write the files that are missing; leave every other as it is."""
    stored = FOLDER / "checkpoint.note"
    if not stored.exists():
        leaves = [leaf_hash(note) for note in log()[0]]
        stored.write_bytes(sign_checkpoint(ORIGIN, 6, root(leaves), [LOG_SIGNER, LOG_ML_DSA], TIME))
    for name, data in make(stored.read_bytes()).items():
        if not (FOLDER / name).exists():
            (FOLDER / name).write_bytes(data)


def _hex(data: bytes) -> bytes:
    return data.hex(" ", 32).encode() + b"\n"


def _lines(hashes: Sequence[bytes]) -> bytes:
    return "".join(to_base64(node) + "\n" for node in hashes).encode()


def _nothing(path: str) -> bytes:
    raise FileNotFoundError(path)


if __name__ == "__main__":
    main()
