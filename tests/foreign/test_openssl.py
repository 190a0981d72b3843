"""OpenSSL: the Ed25519 signatures of checkpoints and acts."""

from __future__ import annotations

import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from tests.foreign.published import Published, header

_DER = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: what stands before the 32 bytes of an Ed25519 key


class Judge:
    """One `openssl pkeyutl -verify` a question."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder

    def accepts(self, public: bytes, text: bytes, signature: bytes) -> bool:
        """Whether the signature is of this text by this key."""
        key, said, signed = (self._folder / name for name in ("key", "said", "signed"))
        key.write_bytes(_DER + public)
        said.write_bytes(text)
        signed.write_bytes(signature)
        words = ("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin")
        command = [str(self._program), *words, "-inkey", str(key), "-in", str(said), "-sigfile", str(signed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ("Signature Verified Successfully" in done.stdout) == (done.returncode == 0)
        return done.returncode == 0


@pytest.fixture
def judge(openssl: Path, tmp_path: Path) -> Judge:
    """OpenSSL, with a folder for what it is asked."""
    return Judge(openssl, tmp_path)


def _keys(lines: list[str]) -> dict[tuple[str, str], bytes]:
    """(name, key id) -> public key of the Ed25519 vkeys."""
    found = {}
    for line in lines:
        name, key_id, encoded = line.split("+", 2)
        if b64decode(encoded)[0] == 1:
            found[name, key_id] = b64decode(encoded)[1:]
    return found


def _signatures(note: bytes) -> tuple[bytes, list[tuple[tuple[str, str], bytes]]]:
    """A note's text, and of each signature line whose it is and the signature."""
    text, _, lines = note.rpartition(b"\n\n")
    parts = [line.split(" ") for line in lines.decode().splitlines()]
    return text + b"\n", [((name, b64decode(field)[:4].hex()), b64decode(field)[4:]) for _, name, field in parts]


def test_checkpoints(judge: Judge, published: Published) -> None:
    """Given both checkpoints, then OpenSSL accepts the log's signature, and not once a bit differs."""
    keys = _keys(published.trust["vkeys"])
    for note in (published.checkpoint, published.earlier):
        text, lines = _signatures(note)
        ((public, signature),) = [(keys[who], field) for who, field in lines if who in keys]
        assert judge.accepts(public, text, signature)
        assert not judge.accepts(public, text.replace(b"\n", b" \n", 1), signature)
        assert not judge.accepts(public, text, bytes([signature[0] ^ 1]) + signature[1:])


def test_acts(judge: Judge, published: Published) -> None:
    """Given acts of each kind, one signed by two keys, then OpenSSL accepts every signature and no falsified one."""
    keys = _keys((published.export / "actor_vkeys").read_text().splitlines())
    kinds = {header(note)["act"]: note for note in published.entries()}
    assert {"log.found", "registry.enrol", "registry.rotate", "unit.record", "accession.receive"} <= set(kinds)
    for note in kinds.values():
        text, lines = _signatures(note)
        assert len(lines) == len(header(note)["kids"])
        for who, signature in lines:
            assert judge.accepts(keys[who], text, signature)
        who, signature = lines[0]
        assert not judge.accepts(keys[who], text.replace(b'"at":"2', b'"at":"1'), signature)
    assert len(_signatures(kinds["registry.rotate"])[1]) == 2


def test_a_key_that_was_replaced_signs_no_later_act(judge: Judge, published: Published) -> None:
    """Given the rotated key, then the last act is the new key's and OpenSSL refuses it for the old."""
    keys = _keys((published.export / "actor_vkeys").read_text().splitlines())
    notes = published.entries()
    (rotation,) = [note for note in notes if header(note)["act"] == "registry.rotate"]
    (old, _), (new, _) = _signatures(rotation)[1]
    text, lines = _signatures(next(note for note in reversed(notes) if header(note)["act"] == "accession.receive"))
    ((who, signature),) = lines
    assert who == new != old
    assert judge.accepts(keys[new], text, signature)
    assert not judge.accepts(keys[old], text, signature)
