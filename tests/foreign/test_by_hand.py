"""docs/verify.md, command by command: what it says comes out, and no longer once a byte is falsified."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.foreign.falsified import copy_with, flipped, signature_of
from tests.foreign.published import Published
from tests.foreign.tools import REPOSITORY

_PAGE = REPOSITORY / "docs" / "verify.md"
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "@@@ block"


def blocks() -> list[tuple[str, str]]:
    """(commands, what they print) in the order of the page."""
    found: list[tuple[str, str]] = []
    for kind, text in _BLOCK.findall(_PAGE.read_text()):
        if kind == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


def done_by_hand(published: Path, folder: Path) -> list[str]:
    """What each block of the page printed, in one shell, with the page's three files in its folder."""
    for name in ("trust.json", "event.tlog-proof", "bundle.zip"):
        shutil.copyfile(published / name, folder / name)
    programs = folder / "programs"
    programs.mkdir()
    python = programs / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')  # by a link it would not find what it has installed
    python.chmod(0o755)
    if shutil.which("unzip") is None:  # a file manager does it as well
        with zipfile.ZipFile(folder / "bundle.zip") as bundle:
            bundle.extractall(folder / "bundle")
        (programs / "unzip").symlink_to("/bin/true")
    script = "".join(f"echo '{_MARK}'\n{commands}" for commands, _ in blocks())
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return [said.removeprefix("\n") for said in done.stdout.split(_MARK)[1:]]


@pytest.mark.usefixtures("openssl")
def test_every_command_prints_what_the_page_says(published: Published, tmp_path: Path) -> None:
    """Given the page's files, when its commands are typed one after another, then each prints what it says below."""
    said = [text.rstrip() for text in done_by_hand(published.folder, tmp_path)]
    assert said == [text.rstrip() for _, text in blocks()]
    assert sum("khớp · same" in text for text in said) >= 5


def test_the_page_needs_no_program_of_ours() -> None:
    """Given the commands before the last step, then their programs are openssl, sha256sum and what every system has."""
    typed = "\n".join(commands for commands, _ in blocks()[:-1])
    for strange in ("python", "./run", "xxd", "jq", "perl", "mocban"):
        assert strange not in typed


def _proof(published: Published) -> tuple[bytes, bytes]:
    lines = (published.folder / "event.tlog-proof").read_bytes().split(b"\n")
    return lines[1].split(b" ")[1], lines[4]


def _with(extra: bytes, at: int) -> bytes:
    raw = bytearray(b64decode(extra))
    raw[at] ^= 1
    return b64encode(raw)


@pytest.mark.parametrize("part", ["checkpoint", "act", "event", "path", "key", "genesis"])
@pytest.mark.usefixtures("openssl")
def test_a_falsified_byte_shows_at_its_step(published: Published, tmp_path: Path, part: str) -> None:
    """Given one bit changed in a part, when the page is followed, then its step no longer says what the page says."""
    extra, hashed = _proof(published)
    note = (published.folder / "event.tlog-proof").read_bytes().partition(b"\n\n")[2]
    vkey = published.trust["vkeys"][0].encode()
    genesis = published.trust["genesis"].encode()
    name, old, new, heading = {
        "checkpoint": ("event.tlog-proof", *signature_of(note, 0), "openssl pkeyutl"),
        "act": ("event.tlog-proof", extra, _with(extra, 120), "act.sig"),
        "event": ("event.tlog-proof", extra, _with(extra, -3), "leaf event"),
        "path": ("event.tlog-proof", hashed, flipped(hashed), "leaf act"),
        "key": ("trust.json", vkey, vkey[:-8] + b"AAAA" + vkey[-4:], "checkpoint.sig"),
        "genesis": ("trust.json", genesis, flipped(genesis), "bundle/genesis"),
    }[part]
    own = tmp_path / "own"
    own.mkdir()
    said = done_by_hand(copy_with(published, tmp_path, name, old, new), own)
    different = [
        commands for (commands, text), told in zip(blocks(), said, strict=True) if text.rstrip() != told.rstrip()
    ]
    assert heading in different[0]


@pytest.mark.usefixtures("openssl")
def test_a_witness_is_not_taken_for_the_log(published: Published, tmp_path: Path) -> None:
    """Given a checkpoint that only a witness of the trust file signed, as a log would, then its step finds no key."""
    copied, own = tmp_path / "forged", tmp_path / "own"
    shutil.copytree(published.folder, copied, ignore=shutil.ignore_patterns("home"))
    own.mkdir()
    witness = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    name, told = "witness.example/w", b"\4" + witness.public_key().public_bytes_raw()
    proof, _, note = (copied / "event.tlog-proof").read_bytes().partition(b"\n\n")
    text = note.partition(b"\n\n")[0] + b"\n"
    line = f"— {name} {b64encode(b'wwww' + witness.sign(text)).decode()}\n".encode()
    (copied / "event.tlog-proof").write_bytes(proof + b"\n\n" + text + b"\n" + line)
    vkey = f"{name}+{b'wwww'.hex()}+{b64encode(told).decode()}"
    trust = published.trust | {"policy": {"quorum": 1, "witnesses": [vkey]}}
    (copied / "trust.json").write_text(json.dumps(trust, ensure_ascii=False), encoding="utf-8")
    said = dict(zip([commands for commands, _ in blocks()], done_by_hand(copied, own), strict=True))
    (checked,) = (text for commands, text in said.items() if "checkpoint.sig" in commands)
    assert "Verified" not in checked


@pytest.mark.parametrize(("index", "reached"), [(2, True), (1, False), (5, False)])
@pytest.mark.usefixtures("openssl")
def test_an_index_is_proven_too(tmp_path: Path, index: int, reached: bool) -> None:
    """Given the last of three leaves and its path, then another index does not end at the root: places are proven."""
    leaves = [sha256(b"\0" + bytes([number])).digest() for number in range(3)]
    left = sha256(b"\1" + leaves[0] + leaves[1]).digest()
    (tmp_path / "hash").write_bytes(leaves[2])
    (tmp_path / "path").write_bytes(left)
    (climbing,) = (commands for commands, _ in blocks() if "climb() {" in commands)
    script = f"{blocks()[0][0]}\n{climbing.partition('leaf act')[0]}\nclimb hash {index} 3 path"
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True, timeout=20)
    root = sha256(b"\1" + left + leaves[2]).digest()
    assert ((tmp_path / "hash").read_bytes() == root) is reached
