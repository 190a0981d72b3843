"""Checkpoints: three lines, two kinds of log keys, and witnesses."""

from __future__ import annotations

import pytest

from signing.base64_text import to_base64
from signing.checkpoint import checkpoint_text, cosign, open_checkpoint, parse_checkpoint_text, sign_checkpoint
from signing.cosignature import MAX_TIME, ed25519_message, ml_dsa_44_message
from signing.merkle import EMPTY_ROOT
from signing.note import ED25519_COSIGNATURE, Ed25519Signer, Signer, VerifierKey, parse_note, sign_note
from signing.verification_error import VerificationError
from tests.vectors.regenerate import LOG_ML_DSA, LOG_SIGNER, ORIGIN, STANDBY, TIME

ROOT = bytes(range(32))
SIGNERS: list[Signer] = [LOG_SIGNER, LOG_ML_DSA]
KEYS = [signer.verifier_key for signer in SIGNERS]
WITNESS = Ed25519Signer("witness.example/w1", bytes(range(32)), ED25519_COSIGNATURE)
NOTE = sign_checkpoint(ORIGIN, 7, ROOT, SIGNERS, TIME)
TEXT = checkpoint_text(ORIGIN, 7, ROOT)


def test_a_checkpoint_goes_round() -> None:
    """Given a checkpoint signed by both kinds of keys and a witness, when opened, then all three hold."""
    data = NOTE + cosign(TEXT, WITNESS, TIME + 5)
    opened = open_checkpoint(data, [*KEYS, WITNESS.verifier_key])
    point = opened.checkpoint
    assert (point.origin, point.size, point.root, point.extensions) == (ORIGIN, 7, ROOT, ())
    assert opened.times == {KEYS[0]: 0, KEYS[1]: TIME, WITNESS.verifier_key: TIME + 5}
    assert opened.data == data


def test_an_empty_log_has_a_checkpoint() -> None:
    """Given size 0, when signed, then only the root of the empty tree is accepted."""
    assert open_checkpoint(sign_checkpoint(ORIGIN, 0, EMPTY_ROOT, SIGNERS, TIME), KEYS).checkpoint.size == 0
    with pytest.raises(VerificationError):
        open_checkpoint(sign_checkpoint(ORIGIN, 0, ROOT, [LOG_SIGNER], TIME), KEYS[:1])


def test_giving_both_kinds_of_keys_asks_for_both() -> None:
    """Given one signature, when opened with keys of both kinds, then refused; standby keys stand in."""
    only = sign_checkpoint(ORIGIN, 7, ROOT, [LOG_SIGNER], TIME)
    assert open_checkpoint(only, KEYS[:1]).checkpoint.size == 7
    with pytest.raises(VerificationError):
        open_checkpoint(only, KEYS)
    mixed = sign_checkpoint(ORIGIN, 7, ROOT, [LOG_SIGNER, STANDBY[1]], TIME)
    assert len(open_checkpoint(mixed, [*KEYS, *(signer.verifier_key for signer in STANDBY)]).times) == 2


def test_unknown_lines_are_ignored_and_sixteen_accepted() -> None:
    """Given sixteen lines of strangers, when opened, then the log's own count."""
    strangers = [Ed25519Signer(f"w.example/{at}", bytes([at]) * 32, ED25519_COSIGNATURE) for at in range(16)]
    data = NOTE + b"".join(cosign(TEXT, stranger, TIME) for stranger in strangers)
    assert len(open_checkpoint(data, KEYS).times) == 2


def test_extension_lines_are_read_and_witnesses_sign_them() -> None:
    """Given an extension line, when opened, then it is part of what Ed25519 keys sign."""
    data = sign_note(TEXT + b"more\n", [LOG_SIGNER]) + cosign(TEXT + b"more\n", WITNESS, 1)
    opened = open_checkpoint(data, [KEYS[0], WITNESS.verifier_key])
    assert opened.checkpoint.extensions == ("more",)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"origin\n",
        f"{ORIGIN}\n7\n".encode(),
        TEXT[:-1],
        b"\n7\n" + to_base64(ROOT).encode() + b"\n",
        TEXT.replace(b"\n7\n", b"\n07\n"),
        TEXT.replace(b"\n7\n", b"\n+7\n"),
        TEXT.replace(b"\n7\n", b"\n-7\n"),
        TEXT.replace(b"\n7\n", b"\n 7\n"),
        TEXT.replace(b"\n7\n", b"\n7_0\n"),
        TEXT.replace(b"\n7\n", "\n\u0667\n".encode()),
        TEXT.replace(b"\n7\n", b"\n9223372036854775808\n"),
        TEXT.replace(b"\n7\n", b"\n" + b"9" * 5000 + b"\n"),
        TEXT.replace(b"=", b""),
        f"{ORIGIN}\n7\n{to_base64(ROOT[:31])}\n".encode(),
        TEXT + b"\n",
        TEXT + b"\nextension\n",
        b"\xff" + TEXT,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: bytes) -> None:
    """Given other lines, even well signed, when opened, then refused."""
    with pytest.raises(VerificationError):
        parse_checkpoint_text(text)
    if text.endswith(b"\n"):
        with pytest.raises(VerificationError):
            open_checkpoint(sign_note(text, [LOG_SIGNER]), KEYS[:1])


@pytest.mark.parametrize("at", range(len(KEYS)))
def test_a_bad_signature_of_a_known_key_refuses_the_note(at: int) -> None:
    """Given one altered signature or time, when opened with that key, then refused."""
    lines = parse_note(NOTE).signatures
    for position in (0, -1):
        field = bytearray(lines[at].signature)
        field[position] ^= 1
        line = f"\u2014 {ORIGIN} {to_base64(lines[at].key_id + bytes(field))}\n".encode()
        rest = sign_checkpoint(ORIGIN, 7, ROOT, [SIGNERS[1 - at]], TIME)
        with pytest.raises(VerificationError):
            open_checkpoint(rest + line, KEYS)


def test_signatures_do_not_move() -> None:
    """Given signatures over another root, another log or under a witness's name, when opened, then refused."""
    other = sign_checkpoint(ORIGIN, 7, bytes(32), SIGNERS, TIME)
    tails = [NOTE[len(TEXT) :], other[len(TEXT) :]]
    with pytest.raises(VerificationError):
        open_checkpoint(TEXT + tails[1], KEYS)
    foreign = sign_checkpoint("other.example", 7, ROOT, SIGNERS, TIME)
    with pytest.raises(VerificationError):
        open_checkpoint(foreign, KEYS)
    with pytest.raises(VerificationError):
        open_checkpoint(TEXT + b"\n" + cosign(TEXT, WITNESS, TIME), [*KEYS, WITNESS.verifier_key])
    strange = VerifierKey(ORIGIN, 0x77, bytes(32))
    line = f"\u2014 {ORIGIN} {to_base64(strange.key_id + bytes(64))}\n".encode()
    with pytest.raises(VerificationError):
        open_checkpoint(NOTE + line, [*KEYS, strange])


def test_the_signed_messages_are_those_of_the_specification() -> None:
    """Given names, time and root, when messages are made, then byte for byte as C2SP says."""
    assert ed25519_message(1679315147, b"x\n") == b"cosignature/v1\ntime 1679315147\nx\n"
    message = ml_dsa_44_message("w.example", 5, "log.example", 7, ROOT)
    assert message == (
        b"subtree/v1\n\x00" + b"\x09w.example" + b"\x00" * 7 + b"\x05" + b"\x0blog.example" + b"\x00" * 8
        + b"\x00" * 7 + b"\x07" + ROOT
    )  # fmt: skip


@pytest.mark.parametrize("time", [-1, MAX_TIME + 1])
def test_times_have_a_range(time: int) -> None:
    """Given a time out of range, when signing, then refused."""
    for signer in (LOG_ML_DSA, WITNESS):
        with pytest.raises(VerificationError):
            cosign(TEXT, signer, time)


def test_nothing_else_is_signed() -> None:
    """Given no signer, a long name, a bad root or a strange key, when signing, then refused."""
    with pytest.raises(VerificationError):
        sign_checkpoint(ORIGIN, 7, ROOT, [], TIME)
    with pytest.raises(VerificationError):
        ml_dsa_44_message("w" * 256, 5, "log", 7, ROOT)
    for origin, size, root in (("", 7, ROOT), ("a\nb", 7, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, 7, b"")):
        with pytest.raises(VerificationError):
            sign_checkpoint(origin, size, root, SIGNERS, TIME)
    with pytest.raises(VerificationError):
        cosign(TEXT, Ed25519Signer("x", bytes(32), 0x77), TIME)
