"""The repository itself: it installs behind any mirror, from any folder, and names no machine."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
TOP_LEVEL = ("domain", "signing", "ledger", "projections", "digitization", "api", "mocban", "reference", "benchmarks")
_UNCOMMITTED = {".git", ".venv", ".boot", "dist", "build"}

# Written in parts, so that this file is not the one that names them.
_INDEX_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("pypi", "python", "org"),
            ("test", "pypi"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("deb", "debian", "org"),
            ("crates", "io"),
            ("proxy", "golang", "org"),
        )
    )
)
_MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work|opt|root|home/\w+)/[\w.]")
_LOCKS_WITH_ADDRESSES = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "yarn.lock"}


def committed_files() -> Iterator[Path]:
    """Every file that is or would be committed; without git, every file outside what set-up makes."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        for path in REPOSITORY.rglob("*"):
            inner = path.relative_to(REPOSITORY).parts
            if path.is_file() and not _UNCOMMITTED & set(inner) and not any("cache" in part for part in inner):
                yield path
        return
    yield from (REPOSITORY / name for name in listed if name and (REPOSITORY / name).is_file())


def _texts() -> Iterator[tuple[Path, str]]:
    for path in committed_files():
        raw = path.read_bytes()
        if b"\0" not in raw[:8192]:
            yield path.relative_to(REPOSITORY), raw.decode("utf-8", errors="replace")


def test_no_committed_file_names_a_package_index() -> None:
    """The same tree installs behind any mirror."""
    assert [(str(path), match[0]) for path, text in _texts() if (match := _INDEX_HOSTS.search(text))] == []


def test_no_committed_file_names_a_place_on_a_machine() -> None:
    """Nothing depends on where somebody happened to build it."""
    assert [(str(path), match[0]) for path, text in _texts() if (match := _MACHINE_PATHS.search(text))] == []


def test_no_lock_records_download_addresses() -> None:
    """Locks hold versions and hashes, never where a file came from."""
    assert [path.name for path in committed_files() if path.name in _LOCKS_WITH_ADDRESSES] == []
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert not re.search(r"https?:|--(extra-)?index-url|--find-links", text)
    for lock in (path for path in committed_files() if path.name == "package-lock.json"):
        text = lock.read_text()
        assert not re.search(r"https?:|\"resolved\"", text)
        packages = [one for name, one in json.loads(text)["packages"].items() if name]
        assert packages
        assert all(re.fullmatch(r"sha512-[\w+/]{86}==", one["integrity"]) for one in packages)


def test_every_pin_has_hashes() -> None:
    """Each line of a lock is one exact version with at least one SHA-256."""
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        pins = re.findall(r"(?m)^[a-z0-9][^\n]*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)*", lock.read_text())
        assert pins
        for pin in pins:
            assert "==" in pin
            assert "--hash=sha256:" in pin


def test_every_declared_dependency_is_locked() -> None:
    """The lock was made from this pyproject: each dependency appears in it, at or above its bound."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)==", (REPOSITORY / "requirements" / "lock.txt").read_text()))
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[=<>~! ]", line)[0].lower().replace("_", "-") for line in declared}
    assert names - locked == set()


@pytest.mark.parametrize("package", TOP_LEVEL)
def test_every_package_is_typed_and_shipped(package: str) -> None:
    """Each floor is a package with `py.typed`, named in the wheel's list and in the layers."""
    assert (REPOSITORY / package / "__init__.py").is_file()
    assert (REPOSITORY / package / "py.typed").is_file()
    tools = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]
    assert package in tools["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert package in tools["importlinter"]["root_packages"]


def test_every_folder_of_tests_is_a_package() -> None:
    """Without `__init__.py`, `tests/domain` would shadow `domain`."""
    folders = {path.parent for path in committed_files() if path.suffix == ".py" and "tests" in path.parts}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_no_drawer_has_appeared() -> None:
    """A module is named by a noun of the field, not by being left over."""
    drawers = {"util", "utils", "helper", "helpers", "common", "lib", "misc"}
    assert [str(path) for path in committed_files() if path.suffix == ".py" and drawers & set(path.parts)] == []
    assert [str(path) for path in committed_files() if path.suffix == ".py" and path.stem in drawers] == []
