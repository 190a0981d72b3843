"""Go's sumdb (notes, tiles, proofs of the checksum database), where Go is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.foreign.falsified import EARLIER, ENTRY, LEAVES, copy_with, flipped, signature_of
from tests.foreign.published import Published, tree_head
from tests.foreign.tools import CACHE

_PROGRAM = Path(__file__).with_name("sumdb") / "main.go"
_PARTS = ("mod/sumdb/note", "mod/sumdb/tlog", "mod/internal/lazyregexp", "crypto/ed25519")
_DEBIAN = Path("/usr/share/gocode/src/golang.org/x")
Judge = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def judge(go: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The program, compiled with the machine's own copy of golang.org/x/mod."""
    root = Path(subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip())
    sources = [place for place in (_DEBIAN, root / "src/cmd/vendor/golang.org/x") if (place / _PARTS[0]).is_dir()]
    if not sources:
        pytest.skip("Go sumdb: thiếu golang.org/x/mod (golang-golang-x-mod-dev) · golang.org/x/mod is not here")
    folder = tmp_path_factory.mktemp("go")
    for part in _PARTS:
        if (sources[0] / part).is_dir():
            shutil.copytree(sources[0] / part, folder / "src/golang.org/x" / part)
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(folder), "GOFLAGS": "", "CGO_ENABLED": "0"}
    environment |= {"GOCACHE": str(CACHE / "go"), "GOTOOLCHAIN": "local"}
    program = folder / "judge"
    command = [str(go), "build", "-o", str(program), str(_PROGRAM)]
    built = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert built.returncode == 0, built.stderr

    def judged(published: Path) -> subprocess.CompletedProcess[str]:
        vkey = next(key for key in Published(published).trust["vkeys"] if len(key) < 200)
        command = [program, published / "export", vkey, published / EARLIER, published / "consistency"]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return judged


def test_go_accepts_what_was_published(judge: Judge, published: Published) -> None:
    """Given the export and an earlier checkpoint, then every act is included, the tree grew, every signature holds."""
    origin, size, _ = tree_head(published.checkpoint)
    done = judge(published.folder)
    assert (done.returncode, done.stdout) == (0, f"{origin} {size}\n"), done.stderr


def test_go_refuses_what_was_falsified(judge: Judge, published: Published, tmp_path: Path) -> None:
    """Given one flipped bit in a checkpoint, tile, act or earlier checkpoint, then it says which does not hold."""
    leaf = published.hashes()[7]
    cases = {
        "checkpoint signature": ("export/checkpoint", *signature_of(published.checkpoint, 0)),
        "tiles": (LEAVES, leaf, leaf[:-1] + bytes([leaf[-1] ^ 1])),
        "act 9 inclusion": (ENTRY, *signature_of(published.entries()[9], 0)),
        "act 3 inclusion": (ENTRY, *signature_of(published.entries()[3], 0)),
    }
    line = (published.folder / "consistency").read_bytes().split(b"\n")[1]
    cases["consistency"] = ("consistency", line, flipped(line))
    for number, (named, falsified) in enumerate(cases.items()):
        done = judge(copy_with(published, tmp_path / str(number), *falsified))
        assert done.returncode == 1
        # a spoilt tile is seen when it is read or by the proofs made from it
        assert done.stdout.startswith((named, "act 0 inclusion") if named == "tiles" else named), done.stdout


def test_go_refuses_another_history(judge: Judge, published: Published, tmp_path: Path) -> None:
    """Given an earlier checkpoint with another root, then its signature does not hold."""
    root = published.earlier.split(b"\n")[2]
    done = judge(copy_with(published, tmp_path, EARLIER, root, flipped(root)))
    assert done.returncode == 1
    assert done.stdout.startswith("checkpoint signature")
