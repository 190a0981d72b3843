"""One spelling of everything: what says the same in other bytes, or more than it may, both verifiers refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from signing import log_verifier, standalone_verifier
from tests.signing.judged_log import small
from tests.signing.small_log import DASH, SmallLog, b64, write_folder
from tests.signing.test_both_verifiers import BOTH, report
from tests.signing.test_log_verifier_shown import manifest, published

Codes = list[tuple[int | None, str]]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def codes(told: dict[str, Any]) -> Codes:
    """(act, code) of all that is bad."""
    return [(row["act"], row["code"]) for row in told["bad"]]


def respelt(base64: bytes) -> bytes:
    """Other base64 of the same bytes: a bit that no byte holds is set (RFC 4648 section 3.5)."""
    at = base64.index(b"=") - 1
    return base64[:at] + ALPHABET[ALPHABET.index(chr(base64[at])) ^ 1].encode() + base64[at + 1 :]


def signed(log: SmallLog, text: bytes) -> bytes:
    """Any text, well signed by the log's Ed25519 key."""
    line = b64(log.key_id(log.typed_keys()[0]) + log.ed.sign(text)).encode()
    return text + b"\n" + DASH + log.origin.encode() + b" " + line + b"\n"


def of_text(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[SmallLog, bytes], bytes]:
    """The checkpoint with its lines changed, signed anew."""
    return lambda log, note: signed(log, b"\n".join([*change(note.split(b"\n\n")[0].split(b"\n")), b""]))


def with_first_line(change: Callable[[bytes], bytes]) -> Callable[[SmallLog, bytes], bytes]:
    """The checkpoint with its first signature line changed."""

    def spoil(_: SmallLog, note: bytes) -> bytes:
        head, first, second, end = note[: note.index(b"\n\n") + 2], *note.partition(b"\n\n")[2].split(b"\n")
        return head + b"\n".join([change(first), second, end])

    return spoil


CHECKPOINTS: list[tuple[str, Callable[[SmallLog, bytes], bytes]]] = [
    ("a signature spelt another way", with_first_line(respelt)),
    ("a hyphen for the dash", with_first_line(lambda line: line.replace(DASH, b"- "))),
    ("a signature of nobody", with_first_line(lambda line: DASH + b" " + line.split(b" ")[2])),
    ("no line feed at its end", lambda _, note: note[:-1]),
    ("text behind the signatures", lambda _, note: note + b"more"),
    ("a size with a zero before it", of_text(lambda lines: [lines[0], b"0" + lines[1], *lines[2:]])),
    ("a size with a sign", of_text(lambda lines: [lines[0], b"+" + lines[1], *lines[2:]])),
    ("a size of other digits", of_text(lambda lines: [lines[0], "１２".encode(), *lines[2:]])),
    ("a root of 31 bytes", of_text(lambda lines: [*lines[:2], b64(bytes(31)).encode()])),
    ("a root spelt another way", of_text(lambda lines: [*lines[:2], respelt(lines[2])])),
    ("a name of 256 bytes", of_text(lambda lines: [lines[0] + b"x" * (256 - len(lines[0])), *lines[1:]])),
]


@BOTH
@pytest.mark.parametrize(("name", "spoil"), CHECKPOINTS, ids=[row[0] for row in CHECKPOINTS])
def test_a_checkpoint_has_one_spelling(
    verifier: ModuleType, name: str, spoil: Callable[[SmallLog, bytes], bytes], tmp_path: Path
) -> None:
    """Given a checkpoint of the same meaning in other bytes, then it is malformed, whoever signed it."""
    log = small()
    files = log.files()
    other = spoil(log, files["checkpoint"])
    assert other != files["checkpoint"], name
    told = report(verifier, write_folder({**files, "checkpoint": other}, tmp_path / "log"), log.trust(), tmp_path)
    assert (None, "checkpoint-malformed") in codes(told)


def vkey(log: SmallLog, typed: bytes, key_id: bytes | None = None) -> str:
    """A verifier key under the log's name."""
    return f"{log.origin}+{(key_id or log.key_id(typed)).hex()}+{b64(typed)}"


TRUST: list[tuple[str, Callable[[SmallLog], dict[str, Any]]]] = [
    ("a key of another type", lambda log: {"vkeys": [vkey(log, b"\2" + log.typed_keys()[0][1:])]}),
    ("a key under another's id", lambda log: {"vkeys": [vkey(log, log.typed_keys()[0], b"\0\0\0\1")]}),
    ("a key spelt another way", lambda log: {"vkeys": [respelt(log.vkeys()[1].encode()).decode()]}),
    ("a key that signs anything", lambda log: {"vkeys": [vkey(log, b"\1" + bytes(32))]}),
    ("a genesis of 31 bytes", lambda _: {"genesis": b64(bytes(31))}),
]


@pytest.mark.parametrize("program", [log_verifier, standalone_verifier], ids=["fast", "alone"])
@pytest.mark.parametrize(("name", "more"), TRUST, ids=[row[0] for row in TRUST])
def test_a_trust_file_names_keys_as_they_are(
    program: ModuleType, name: str, more: Callable[[SmallLog], dict[str, Any]], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Given a trust file whose key or genesis cannot be what it says, then exit 2: nothing is believed by it."""
    log = small()
    (tmp_path / "trust.json").write_text(json.dumps({**log.trust(), **more(log)}))
    folder = write_folder(log.files(), tmp_path / "log")
    assert program.main([str(folder), "--trust", str(tmp_path / "trust.json")]) == 2, name
    assert "not a trust file" in capsys.readouterr().err


@BOTH
def test_a_link_is_no_file_of_an_export(verifier: ModuleType, tmp_path: Path) -> None:
    """Given an export with a link to a good file elsewhere, then it is not followed."""
    log = small()
    folder = write_folder(log.files(), tmp_path / "log")
    (folder / "genesis").rename(tmp_path / "genesis")
    (folder / "genesis").symlink_to(tmp_path / "genesis")
    told = report(verifier, folder, log.trust(), tmp_path)
    assert "file-unreadable" in {row["code"] for row in told["bad"]}


@BOTH
@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "tile/../../evil", "a\\..\\evil", "C:evil"])
def test_a_listed_name_that_leads_elsewhere(verifier: ModuleType, name: str, tmp_path: Path) -> None:
    """Given a bundle whose signed MANIFEST lists an unsafe name, then that name is bad, and it alone."""
    log = small()
    files = {**log.files(), name: b"x"}
    bundle = published({**files, "MANIFEST": manifest(files, log)}, tmp_path / "bundle.zip")
    told = report(verifier, bundle, log.trust(), tmp_path)
    assert {row["code"] for row in told["bad"]} - {"tile-unknown"} == {"member-name"}


@BOTH
def test_every_byte_around_the_members_of_a_bundle(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a bundle, when any byte of a member's header, of the directory or after it changes, then that shows."""
    log = SmallLog()
    log.found()
    files = log.files()
    path = published({**files, "MANIFEST": manifest(files, log)}, tmp_path / "bundle.zip")
    whole = path.read_bytes()
    directory = whole.index(b"PK\x01\x02")
    for at in (*range(4, 30), *range(directory, len(whole), 7), *range(len(whole) - 22, len(whole) + 1)):
        path.write_bytes(whole[:at] + bytes([(whole[at] if at < len(whole) else 0) ^ 1]) + whole[at + 1 :])
        assert report(verifier, path, log.trust(), tmp_path)["verdict"] == "invalid", at
