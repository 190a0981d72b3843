"""Who may read a file that was written: whoever could read the one before, and only its owner what is private."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.durable_file import PRIVATE, READABLE, write_durably


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """The usual one of a machine: what is new, all may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    """Its permission bits."""
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize(
    ("old", "mode", "new"),
    [
        (None, READABLE, 0o644), (None, PRIVATE, 0o600), (0o600, READABLE, 0o600), (0o640, READABLE, 0o640),
        (0o664, READABLE, 0o664), (0o644, READABLE, 0o644), (0o644, PRIVATE, 0o640), (0o660, PRIVATE, 0o660),
    ],
)  # fmt: skip
def test_a_replaced_file_keeps_its_mode(tmp_path: Path, old: int | None, mode: int, new: int) -> None:
    """Given a file of ours or none, what is written in its place is open to the same people, private: to no others."""
    path = tmp_path / "file"
    if old is not None:
        path.write_bytes(b"old")
        path.chmod(old)
    write_durably(path, b"new", mode)
    assert (path.read_bytes(), mode_of(path)) == (b"new", new)


def test_what_others_put_there_opens_nothing(tmp_path: Path) -> None:
    """Given a link, or a file of another account that all may write, then the new file's mode is as if none were."""
    (tmp_path / "wide").write_bytes(b"")
    (tmp_path / "wide").chmod(0o666)
    (tmp_path / "link").symlink_to(tmp_path / "wide")
    write_durably(tmp_path / "link", b"new")
    assert mode_of(tmp_path / "link") == 0o644
    if os.geteuid() == 0:
        os.chown(tmp_path / "wide", 65534, 65534)
        write_durably(tmp_path / "wide", b"new")
        assert ((tmp_path / "wide").stat().st_uid, mode_of(tmp_path / "wide")) == (0, 0o644)


def test_a_draft_that_was_left_is_not_written_into(tmp_path: Path) -> None:
    """Given a link in the name of this process's draft, what it leads to stays as it is."""
    (tmp_path / "kept").write_bytes(b"old")
    (tmp_path / f".file.{os.getpid()}").symlink_to(tmp_path / "kept")
    write_durably(tmp_path / "file", b"new")
    assert ((tmp_path / "file").read_bytes(), (tmp_path / "kept").read_bytes()) == (b"new", b"old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "kept"]
