"""Node's own crypto, and ML-DSA-44 by `@noble/post-quantum`: checkpoint, tree, proof file, every act's signature."""

from __future__ import annotations

import json
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.foreign.falsified import ENTRY, LEAVES, copy_with, flipped, signature_of
from tests.foreign.published import Published, tree_head

_SCRIPT = Path(__file__).with_name("judge.mjs")


def judged(node: Path, folder: Path, modules: Path | None = None) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of the script."""
    done = subprocess.run(
        [node, _SCRIPT, folder, *([modules] if modules else [])],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_node_accepts_what_was_published(node: Path, published: Published) -> None:
    """Given export, trust file and proof, then Node finds nothing bad in all of the acts."""
    origin, size, _ = tree_head(published.checkpoint)
    assert judged(node, published.folder) == (0, {"origin": origin, "size": size, "acts": size, "bad": []})


def test_ml_dsa_44(node: Path, noble: Path, published: Published, tmp_path: Path) -> None:
    """Given the checkpoint's second signature, then the package accepts it, and refuses it with one bit flipped."""
    code, said = judged(node, published.folder, noble)
    assert code == 0
    old, new = signature_of(published.checkpoint, 1)
    falsified = copy_with(published, tmp_path, "export/checkpoint", old, new)
    assert judged(node, falsified) == (0, said), "Ed25519 alone does not see it"
    assert judged(node, falsified, noble) == (1, said | {"bad": ["ML-DSA-44 signature"]})


def _checkpoint(published: Published) -> tuple[str, bytes, bytes]:
    return "export/checkpoint", *signature_of(published.checkpoint, 0)


def _root(published: Published) -> tuple[str, bytes, bytes]:
    root = b64encode(tree_head(published.checkpoint)[2])
    return "export/checkpoint", root, flipped(root)


def _leaf(published: Published) -> tuple[str, bytes, bytes]:
    leaf = published.hashes()[7]
    return LEAVES, leaf, leaf[:-1] + bytes([leaf[-1] ^ 1])


def _act(published: Published) -> tuple[str, bytes, bytes]:
    return ENTRY, *signature_of(published.entries()[9], 0)


def _growth(published: Published) -> tuple[str, bytes, bytes]:
    line = (published.folder / "consistency").read_bytes().split(b"\n")[1]
    return "consistency", line, flipped(line)


def _path(published: Published) -> tuple[str, bytes, bytes]:
    line = (published.folder / "event.tlog-proof").read_bytes().split(b"\n")[4]
    return "event.tlog-proof", line, flipped(line)


def _event(published: Published) -> tuple[str, bytes, bytes]:
    extra = (published.folder / "event.tlog-proof").read_bytes().split(b"\n")[1].split(b" ")[1]
    return "event.tlog-proof", extra, flipped(extra)


@pytest.mark.parametrize(
    ("falsify", "named"),
    [
        (_checkpoint, "checkpoint signature"),
        (_root, "root"),
        (_leaf, "entries"),
        (_act, "act 9 signature"),
        (_growth, "consistency"),
        (_path, "act's inclusion"),
        (_event, "event's inclusion"),
    ],
)
def test_node_names_what_was_falsified(
    node: Path, published: Published, tmp_path: Path, falsify: Any, named: str
) -> None:
    """Given one flipped bit in a part, when judged, then that part is among what is bad."""
    code, answer = judged(node, copy_with(published, tmp_path, *falsify(published)))
    assert code == 1
    assert named in answer["bad"]
