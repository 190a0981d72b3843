"""Files that are there whole or not at all, and durable when written: a draft, fsync, a name, fsync of the folder."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from signing.fault_point import FaultPoint, reached

_MANY: Final = 500
READABLE: Final = 0o666
"""As the umask has it; what is secret says so."""
PRIVATE: Final = 0o600
"""Of a file that holds what only its owner may read."""
_OF_OTHERS: Final = 0o007


def create_file(path: Path, data: bytes, mode: int = 0o600) -> bool:
    """Write `path` unless it exists; True when this call made it. Durable (file and folder) when it returns.

    A hard link is the one step that both refuses an existing name and shows only whole files.
    """
    draft = path.with_name(f".{path.name[:64]}.{secrets.token_hex(8)}")
    with faults_naming(path, draft):
        try:
            _write_draft(draft, data, mode)
            try:
                os.link(draft, path)
                made = True
            except FileExistsError:
                made = False
        finally:
            draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    return made


def write_durably(path: Path, data: bytes, mode: int = READABLE) -> None:
    """Write one file, in place of the old one if any, in folders made where there are none.

    On return it survives a power cut. Raises OSError, then the old file stands; what is no file is never replaced.
    mode: of a new file, as the umask has it. An old file of this account keeps its own, but what is written
    `PRIVATE` is never left to the rest of the world.
    """
    write_all_durably({path: data}, mode)


def write_all_durably(files: Mapping[Path, bytes], mode: int = READABLE) -> None:
    """Write many files, each as `write_durably`, in the order given; each folder is synced once, at the end."""
    folders: dict[Path, None] = {}
    for path, data in files.items():
        check_place(path)
        _make_folder(path.parent, folders)
        draft = path.with_name(f".{path.name[:64]}.{os.getpid()}")
        with faults_naming(path, draft):
            try:
                _write_draft(draft, data, mode, kept=_kept_mode(path, mode))
                draft.replace(path)
            except OSError:
                draft.unlink(missing_ok=True)
                raise
        reached(FaultPoint.FILE_NAMED)
        folders[path.parent] = None
    for folder in folders:
        sync_folder(folder)
        reached(FaultPoint.FOLDER_SYNCED)


@contextmanager
def faults_naming(path: Path, draft: Path) -> Iterator[None]:
    """Let a fault of writing name the file that was to be: its draft says nothing to anybody, a full disk no file."""
    try:
        yield
    except OSError as error:
        if error.filename in {None, str(draft)}:
            error.filename = str(path)
        raise


def check_place(path: Path) -> None:
    """Whether a file may be put in the place of what has this name. Raises OSError for a folder, device or pipe.

    A rename would take a device away, and root may do that; also `/dev/stdout`, whatever it leads to at the moment.
    Another link is replaced and never followed: in a folder of somebody else's it could lead anywhere.
    """
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        kind = stat.S_IFREG
    if not stat.S_ISREG(kind) or (path.is_symlink() and path.readlink().is_relative_to("/proc")):
        number = errno.EISDIR if stat.S_ISDIR(kind) else errno.EEXIST
        raise OSError(number, os.strerror(number), str(path))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    _sync(folder)


def sync_written(paths: Collection[Path]) -> None:
    """Make files that were written without waiting durable, and their names; all of the disk where they are many."""
    if len(paths) > _MANY:
        os.sync()
        return
    for path in (*paths, *dict.fromkeys(path.parent for path in paths)):
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _kept_mode(path: Path, mode: int) -> int | None:
    """The mode that a new file takes over from the one it replaces; None where there is none of this account's.

    Whoever else may write into the folder could have put a file there that they can read or write.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        return None
    return stat.S_IMODE(found.st_mode) & 0o777 & ~(0 if mode & _OF_OTHERS else _OF_OTHERS)


def _write_draft(draft: Path, data: bytes, mode: int, *, kept: int | None = None) -> None:
    """kept: the exact mode, whatever the umask. A draft of this name was left by a process that died."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(draft, flags, mode if kept is None else PRIVATE)
    except FileExistsError:
        draft.unlink()
        handle = os.open(draft, flags, mode if kept is None else PRIVATE)
    with os.fdopen(handle, "wb") as file:
        if kept is not None:
            os.fchmod(handle, kept)
        reached(FaultPoint.FILE_OPENED)
        file.write(data)
        file.flush()
        reached(FaultPoint.FILE_WRITTEN)
        os.fsync(file.fileno())
        reached(FaultPoint.FILE_SYNCED)


def _make_folder(folder: Path, folders: dict[Path, None]) -> None:
    """Make a folder and its parents; each new one's parent must be synced too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, folders)
    folder.mkdir(exist_ok=True)
    folders[folder.parent] = None
