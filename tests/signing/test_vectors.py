"""The golden files: made again they are the same bytes, and read again they say the same."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import msgspec
import pytest

from domain.keys import KeyEnrolled
from domain.sealed import Sealed
from signing import standalone_verifier
from signing.act import open_act, verify_act_signatures
from signing.checkpoint import open_checkpoint
from signing.consistency_proof import verify_consistency
from signing.event_entry import parse_event_entry
from signing.genesis import found, log_keys
from signing.inclusion_proof import verify_inclusion
from signing.merkle import leaf_hash, root
from signing.registry import Registry
from signing.registry_event import registry_events
from signing.seal import open_sealed
from signing.tile import parse_entry_bundle, parse_event_bundle, parse_positions, parse_tile
from signing.tlog_proof import verify_event_proof
from tests.vectors import regenerate
from tests.vectors.regenerate import FOLDER, GENESIS, ORIGIN, TIME, actor, make, signer

FILES = sorted(
    path.name for path in FOLDER.iterdir() if path.suffix in {".hex", ".note", ".txt", ".json", ".tlog-proof"}
)


def stored(name: str) -> bytes:
    """The bytes that a golden file stands for."""
    data = (FOLDER / name).read_bytes()
    return bytes.fromhex(data.decode()) if Path(name).suffix == ".hex" else data


def hashes(name: str) -> list[bytes]:
    """The hashes of a proof, one base64 line each."""
    return [b64decode(line, validate=True) for line in stored(name).splitlines()]


ENTRIES = parse_entry_bundle(stored("tile-entries-000.p-6.hex"), 6)
EVENTS = parse_event_bundle(stored("tile-events-000.p-9.hex"), 9)
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def events_of(index: int) -> list[bytes]:
    """The event entries of one act, by the positions bundle."""
    firsts = [*parse_positions(stored("tile-positions-000.p-6.hex"), 6), len(EVENTS)]
    return EVENTS[firsts[index] : firsts[index + 1]]


@pytest.mark.parametrize("name", [name for name in FILES if name != "checkpoint.note"])
def test_the_same_facts_make_the_same_bytes(name: str) -> None:
    """Given fixed keys and facts, when everything is made again, then each file is equal byte for byte."""
    assert make(stored("checkpoint.note"))[name] == (FOLDER / name).read_bytes()


def test_every_vector_has_a_file_and_a_word_in_the_readme() -> None:
    """Given what is made, when compared with the folder, then nothing is missing there or in its README."""
    assert {*make(stored("checkpoint.note")), "checkpoint.note"} == set(FILES)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in FILES if f"`{name}`" not in readme] == []


def test_the_stored_checkpoint_is_signed_by_both_keys() -> None:
    """Given the stored checkpoint, when opened with the genesis's keys, then Ed25519 and ML-DSA-44 hold."""
    opened = open_checkpoint(stored("checkpoint.note"), log_keys(GENESIS))
    assert (opened.checkpoint.origin, opened.checkpoint.size, opened.checkpoint.root) == (ORIGIN, 6, root(LEAVES))
    assert sorted(key.type for key in opened.times) == [0x01, 0x06]
    assert max(opened.times.values()) == TIME
    assert stored("checkpoint-ed25519.note").startswith(opened.note.text)


def test_the_registry_replays_and_every_act_is_valid() -> None:
    """Given the log's bytes alone, when the registry is replayed, then all six acts are valid."""
    registry: Registry | None = None
    for index, entry in enumerate(ENTRIES):
        act, events = open_act(entry, ORIGIN), registry_events(events_of(index), ORIGIN)
        if registry is None:
            registry = found(act, events)
            continue
        verify_act_signatures(act, registry.keys_with(events))
        if act.header.act.startswith("registry."):
            registry, problems = registry.advance(act, index, events)
        else:
            problems = registry.judge(act, index, events)
        assert problems == []
    assert registry is not None
    assert registry.genesis == GENESIS
    assert [registry.judge(open_act(entry, ORIGIN), index, ()) for index, entry in enumerate(ENTRIES[4:], 4)] == [
        [],
        [],
    ]


def test_the_stand_alone_verifier_agrees(tmp_path: Path) -> None:
    """Given the golden files laid out as an export, when the verifier that shares no code reads them, then valid."""
    names = {"tile/0/000.p/6": "tile-0-000.p-6.hex", "checkpoint": "checkpoint.note", "genesis": "genesis.note"}
    names |= {f"tile/{kind}/000.p/6": f"tile-{kind}-000.p-6.hex" for kind in ("entries", "positions")}
    for path, name in {**names, "tile/events/000.p/9": "tile-events-000.p-9.hex"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(stored(name))
    (tmp_path / "log_vkey").write_text("\n".join(GENESIS.log_vkeys[:2]) + "\n", encoding="ascii")
    program = Path(standalone_verifier.__file__)
    result = subprocess.run([sys.executable, program, tmp_path, "--json"], capture_output=True, check=False)
    said = msgspec.json.decode(result.stdout)
    assert (result.returncode, said["acts"], said["events"]) == (0, 6, 9)
    assert said["bad"] == []


def test_the_single_files_are_those_of_the_log() -> None:
    """Given notes and events stored alone, when compared with the bundles, then they are the same."""
    names = {0: "genesis.note", 1: "enrol.note", 4: "act-single.note", 5: "act-dual.note"}
    assert all(stored(name) == ENTRIES[index] for index, name in names.items())
    assert stored("event-entry.hex") == events_of(4)[0]
    enrolled = parse_event_entry(events_of(1)[0])
    assert enrolled.payload == stored("enrol-event.json")
    assert msgspec.json.decode(enrolled.payload, type=KeyEnrolled).actor == actor(3)
    assert parse_event_entry(events_of(0)[0]).payload == stored("genesis-event.json")
    assert open_act(ENTRIES[5], ORIGIN).kids[1] == signer(4).verifier_key.kid


def test_the_proofs_hold() -> None:
    """Given the stored tile, paths and proof file, when checked, then they lead to the stored root."""
    assert parse_tile(stored("tile-0-000.p-6.hex"), 6) == LEAVES
    verify_inclusion(LEAVES[4], 4, 6, hashes("inclusion-proof.txt"), root(LEAVES))
    verify_consistency(3, root(LEAVES[:3]), 6, root(LEAVES), hashes("consistency-proof.txt"))
    proven = verify_event_proof(stored("event.tlog-proof"), log_keys(GENESIS))
    assert (proven.index, proven.event_index, proven.act.data) == (5, 1, ENTRIES[5])
    assert proven.event == parse_event_entry(events_of(5)[1])


def test_the_sealed_field_opens() -> None:
    """Given the stored commitment and ciphertext, when opened with the record key, then the title is there."""
    sealed = msgspec.json.decode(stored("sealed-field.json"), type=Sealed)
    plaintext = open_sealed(
        regenerate.RECORD_KEY,
        sealed,
        stored("sealed-field-ciphertext.hex"),
        stream=regenerate.FILE_STREAM,
        version=1,
        pointer=regenerate.POINTER,
    )
    assert plaintext == regenerate.SEALED_VALUE
