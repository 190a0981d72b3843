"""Paths that lead nowhere, keys that nobody has, long bytes: what the forger of one proof tries on both verifiers.

A path that is too long for its tree has no leaf at its end; whatever is hashed on from there would prove anything.
"""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing import log_verifier, standalone_verifier
from tests.signing.judged_log import small
from tests.signing.small_log import CLERK, DASH, SmallLog, b64, event_entry, leaf, path, root, write_folder
from tests.signing.test_both_refuse import codes
from tests.signing.test_both_verifiers import BOTH, report

ANY, KNOWN = b"any hash of thirty-two bytes....", b"a hash that the forger has made!"
OPAQUE = hashlib.sha256(b"\1" + KNOWN).digest()
"""As if a node had nothing on its left."""


def node(left: bytes, right: bytes) -> bytes:
    """Of a tree."""
    return hashlib.sha256(b"\1" + left + right).digest()


def written(act: bytes, inner: list[bytes], event: bytes, index: int, outer: list[bytes], checkpoint: bytes) -> bytes:
    """A proof of the first of its events, with these paths."""
    extra = struct.pack(">H", len(act)) + act + struct.pack(">IB", 0, len(inner)) + b"".join(inner)
    extra += struct.pack(">I", len(event)) + event
    hashes = "".join(b64(one) + "\n" for one in outer)
    return f"c2sp.org/tlog-proof@v1\nextra {b64(extra)}\nindex {index}\n{hashes}\n".encode() + checkpoint


def signed(log: SmallLog, size: int, top: bytes) -> bytes:
    """A checkpoint by the log's own keys over whatever they like."""
    text, name, stamp = f"{log.origin}\n{size}\n{b64(top)}\n".encode(), log.origin.encode(), bytes(8)
    message = b"subtree/v1\n\0" + bytes([len(name)]) + name + stamp + bytes([len(name)]) + name
    message += struct.pack(">QQ", 0, size) + top
    ed, pq = log.typed_keys()
    lines = [(ed, log.ed.sign(text)), (pq, stamp + log.pq.sign(message))]
    signatures = [DASH + name + b" " + b64(log.key_id(key) + one).encode() + b"\n" for key, one in lines]
    return text + b"\n" + b"".join(signatures)


def judged(verifier: ModuleType, proof: bytes, trust: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What is said of it."""
    (folder / "one.tlog-proof").write_bytes(proof)
    told: dict[str, Any] = report(verifier, folder / "one.tlog-proof", trust, folder)
    return told


@BOTH
def test_no_root_proves_every_event(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a signed act of two events whose root has nothing on its left, then no event is proven by it."""
    log = small()
    index = log.register(2, root=b64(OPAQUE))
    kind, payload = "file.registered/1", b'{"type":"file.registered/1","FileCode":"invented"}'
    event = event_entry((UUID(int=4242), 1, kind, payload.decode().encode()))
    outer = path([leaf(entry) for entry in log.entries], index)
    proof = written(log.entries[index], [ANY, KNOWN], event, index, outer, log.publish())
    assert judged(verifier, proof, log.trust(), tmp_path)["verdict"] == "invalid"


@BOTH
def test_no_checkpoint_proves_every_act(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a signed tree of eight acts of which two are a node with nothing on its left, then no act is there."""
    log = SmallLog()
    log.found()
    hashes = [leaf(entry) for entry in log.entries[:6]]
    left, right = root(hashes[:4]), node(hashes[4], hashes[5])
    checkpoint = signed(log, 8, node(left, node(right, OPAQUE)))
    act = log.register()
    proof = written(log.entries[act], [], log.events[-1], 6, [ANY, KNOWN, right, left], checkpoint)
    assert judged(verifier, proof, log.trust(), tmp_path)["verdict"] == "invalid"


@BOTH
def test_a_tree_of_no_act_holds_none(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a checkpoint over no act whose root is made of one, then that act is not proven."""
    log = SmallLog()
    log.found()
    act = log.register()
    checkpoint = signed(log, 0, node(leaf(log.entries[act]), ANY))
    proof = written(log.entries[act], [], log.events[-1], 0, [ANY], checkpoint)
    assert judged(verifier, proof, log.trust(), tmp_path)["verdict"] == "invalid"


@BOTH
def test_where_the_log_has_one_kind_of_key_that_one_signs(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a trust file with the ML-DSA-44 key alone, then a proof that this key did not sign is bad."""
    log = small()
    note = log.publish().decode()
    classical = "".join(note.splitlines(keepends=True)[:5])
    trust = {**log.trust(), "vkeys": log.vkeys()[1:]}
    proof = log.proof(8, 0, classical.encode()).encode()
    assert judged(verifier, proof, trust, tmp_path)["verdict"] == "invalid"
    assert judged(verifier, proof, log.trust(), tmp_path)["verdict"] == "valid"


@pytest.mark.parametrize("program", [log_verifier, standalone_verifier], ids=["fast", "alone"])
def test_whoever_trusts_no_key_is_asked_for_one(
    program: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a trust file without keys, then exit 2: nobody would have to have signed."""
    log = small()
    (tmp_path / "trust.json").write_text(json.dumps({**log.trust(), "vkeys": []}))
    folder = write_folder(log.files(), tmp_path / "log")
    assert program.main([str(folder), "--trust", str(tmp_path / "trust.json")]) == 2
    assert "not a trust file" in capsys.readouterr().err


@BOTH
@pytest.mark.parametrize(("nonce", "verdict"), [(12, "valid"), (16, "invalid")])
def test_a_nonce_has_twelve_bytes(verifier: ModuleType, nonce: int, verdict: str, tmp_path: Path) -> None:
    """Given a field that does not say its cipher, then its nonce has twelve bytes all the same."""
    log, key, stream = SmallLog(), b"k" * 32, UUID(int=77)
    log.found()
    parts = (b"field", stream.bytes, struct.pack(">Q", 1), b"/Title")
    place = b"".join(struct.pack(">H", len(part)) + part for part in parts)
    sealed = AESGCM(key).encrypt(bytes(nonce), b'"a title"', place)
    commitments = {"kc": b64(hashlib.sha256(b"mocban/sub-key/v1" + key).digest())}
    commitments |= {"nonce": b64(bytes(nonce)), "ct": b64(hashlib.sha256(sealed).digest())}
    event = log.event(stream, "file.registered/1", Title={**commitments, "len": len(sealed)})
    index = log.add("file.register", [event], [CLERK])
    disclosure = {"format": "mocban/disclosure/1", "proof": log.proof(index), "field": "/Title"}
    disclosure |= {"sub_key": b64(key), "ciphertext": b64(sealed)}
    (tmp_path / "one.json").write_text(json.dumps(disclosure))
    assert report(verifier, tmp_path / "one.json", log.trust(), tmp_path)["verdict"] == verdict


LONG = {
    "marks of a proof": ("one.pdf", b"%PDF-1.7\n" + b"%MOCBAN-PROOF-BEGIN\n" * 200_000),
    "a note of short lines": ("one.tlog-proof", b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n" + b"a\n" * 500_000),
}


@BOTH
@pytest.mark.parametrize("what", LONG)
def test_long_bytes_take_no_longer_than_they_are(verifier: ModuleType, what: str, tmp_path: Path) -> None:
    """Given bytes made to be searched again and again, for hours, then they are bad at once."""
    name, data = LONG[what]
    (tmp_path / name).write_bytes(data)
    assert report(verifier, tmp_path / name, small().trust(), tmp_path)["verdict"] == "invalid"


@BOTH
def test_a_text_without_an_end_is_read_once(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a signed event of 60,000 bytes whose last text never ends, then it is malformed."""
    log = small()
    kind = "file.registered/1"
    log.versions[UUID(int=4242)] = 1
    payload = b'{"type":"file.registered/1"' + b'\\"' * 30_000
    index = log.add("file.register", [(UUID(int=4242), 1, kind, payload)], [CLERK])
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert codes(told) == [(index, "event-malformed")]
