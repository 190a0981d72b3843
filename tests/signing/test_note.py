"""Signed notes and verifier keys, with examples from the Go implementation that defines the format."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing.note import (
    ED25519,
    ED25519_COSIGNATURE,
    Ed25519Signer,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
    sign_note,
    verify_note,
)
from signing.verification_error import VerificationError
from tests.vectors.regenerate import ORIGIN, signer

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
TEXT = "Ognuno sta solo\n\ned \u00e8 subito sera.\n".encode()


def test_a_foreign_note_verifies() -> None:
    """Given a note and key made by Go's sumdb/note, when verified, then the key is named; its text goes round."""
    key = VerifierKey.parse(PETER)
    assert verify_note(parse_note(PETERS_NOTE), [key]) == (key,)
    assert key.text() == PETER


def test_text_may_hold_blank_lines() -> None:
    """Given text with a blank line, when signed and parsed, then the last blank line divides."""
    note = parse_note(sign_note(TEXT, [signer(1), signer(2)]))
    assert note.text == TEXT
    assert verify_note(note, [signer(2).verifier_key]) == (signer(2).verifier_key,)


def test_sixteen_signatures_are_accepted_and_unknown_ones_ignored() -> None:
    """Given a note with sixteen lines, when one key is known, then that one counts."""
    signers = [signer(number) for number in range(16)]
    note = parse_note(sign_note(TEXT, signers))
    assert verify_note(note, [signers[7].verifier_key]) == (signers[7].verifier_key,)


def test_one_key_has_many_names_and_one_kid() -> None:
    """Given an actor's key named for another log, when compared, then the kid stays and the key id does not."""
    twin = signer(1).named(f"{ORIGIN}/access/x")
    assert twin.verifier_key.kid == signer(1).verifier_key.kid
    assert twin.verifier_key.key_id != signer(1).verifier_key.key_id
    assert verify_note(parse_note(sign_note(TEXT, [twin])), [twin.verifier_key])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\tb", " a", "a\u2003b"])
def test_key_names_have_no_spaces_or_plus(name: str) -> None:
    """Given a name the format forbids, when a signer is made, then refused."""
    with pytest.raises(VerificationError):
        Ed25519Signer(name, bytes(32))


GOOD_LINE = sign_note(TEXT, [signer(1)])[len(TEXT) + 1 :]


@pytest.mark.parametrize(
    "data",
    {
        "no signatures": TEXT,
        "empty": b"",
        "no newline at the end": TEXT + b"\n" + GOOD_LINE[:-1],
        "a control character": TEXT + b"\r\n" + GOOD_LINE,
        "a nul": b"a\x00b\n\n" + GOOD_LINE,
        "not UTF-8": b"\xff\n\n" + GOOD_LINE,
        "not UTF-8 in a line": TEXT + b"\n" + GOOD_LINE[:-1] + b"\xff\n",
        "a hyphen for the dash": TEXT + b"\n- " + GOOD_LINE[4:],
        "no name": TEXT + b"\n" + "\u2014  AAAAAAAA\n".encode(),
        "no signature": TEXT + b"\n" + "\u2014 name\n".encode(),
        "only a key id": TEXT + b"\n" + "\u2014 name AAAAAA==\n".encode(),
        "spaces after": TEXT + b"\n" + GOOD_LINE[:-1] + b" \n",
        "loose base64": TEXT + b"\n" + "\u2014 name AAAAAAB=\n".encode(),
        "a plus in the name": TEXT + b"\n" + "\u2014 na+me AAAAAAA=\n".encode(),
        "an unusual space in the name": TEXT + b"\n" + "\u2014 na\u2003me AAAAAAA=\n".encode(),
        "another text after": TEXT + b"\n" + GOOD_LINE + b"text\n",
        "too many": TEXT + b"\n" + GOOD_LINE * 101,
        "too large": b"x" * 1_000_001 + b"\n\n" + GOOD_LINE,
    }.items(),
    ids=lambda case: case[0],
)
def test_what_is_no_note_is_refused(data: tuple[str, bytes]) -> None:
    """Given bytes that are no note, when parsed, then refused."""
    with pytest.raises(VerificationError):
        parse_note(data[1])


def test_a_note_must_be_signed_by_a_known_key_and_well() -> None:
    """Given unknown keys only, or one bad signature of a known key, when verified, then refused."""
    good = parse_note(sign_note(TEXT, [signer(1), signer(2)]))
    altered = Note(good.text + b"x\n", good.signatures)
    keys = [signer(1).verifier_key, signer(2).verifier_key]
    for note, known in [(good, [signer(3).verifier_key]), (altered, keys), (altered, keys[:1])]:
        with pytest.raises(VerificationError):
            verify_note(note, known)
    mixed = Note(good.text, (good.signatures[0], altered_signature(good)))
    assert verify_note(mixed, keys[:1])
    with pytest.raises(VerificationError):
        verify_note(mixed, keys)


def altered_signature(note: Note) -> NoteSignature:
    """The second line with one bit turned."""
    line = note.signatures[1]
    return NoteSignature(line.name, line.key_id, bytes((line.signature[0] ^ 1,)) + line.signature[1:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+c74f20a3",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER + "\n",
        PETER.replace("PeterNeumann", ""),
        PETER.replace("Peter", "Pet er"),
        PETER[:-4],
        "name+00000000+",
        "name+00000000+AQ==",
    ],
)
def test_bad_vkeys_are_refused(text: str) -> None:
    """Given a vkey text that does not fit together, when parsed, then refused."""
    with pytest.raises(VerificationError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("kind", [ED25519, ED25519_COSIGNATURE])
@pytest.mark.parametrize("public", [bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_a_vkey_under_which_anything_is_signed_is_refused(kind: int, public: bytes) -> None:
    """Given a point of small order as a log's or a witness's key, when parsed, then refused."""
    text = VerifierKey("witness.example/weak", kind, public).text()
    with pytest.raises(VerificationError):
        VerifierKey.parse(text)


def test_the_key_id_and_kid_are_as_written_in_the_formats() -> None:
    """Given a raw key, when named, then key id and kid follow their formulas (RFC 8032 key, SHA-256)."""
    private = sha256(b"any seed").digest()
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    key = Ed25519Signer("log.example/1", private).verifier_key
    assert key.key_id == sha256(b"log.example/1\n\x01" + public).digest()[:4]
    assert key.kid == sha256(b"\x01" + public).digest()
