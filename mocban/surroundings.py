"""What the machine did to us: a full or read-only disk, a database that went away. In words, with exit code 3.

Whatever was under way is whole or absent afterwards: files are written beside their place and renamed, acts are stored
by one transaction, and every command takes up again where it was.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg

from domain.errors import Refusal
from mocban.environment_problem import EnvironmentProblem

FULL_BELOW: Final = 17 << 20
"""Free bytes below which a server that went away is taken to have run out of space: it ends where it cannot begin the
next file of its write-ahead log, of 16 MiB, and leaves what it could not fill."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNFIT: Final = frozenset(
    {
        errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.EACCES, errno.EPERM, errno.ELOOP,
        errno.ENAMETOOLONG, errno.ENOTEMPTY,
    }
)  # fmt: skip
"""A path cannot be what is asked of it: a folder where a file should be, no right to write, no parent."""
_LOST: Final = frozenset({"ledger-unreachable", "access-not-recorded"})


def environment_problem(fault: BaseException, home: Path) -> EnvironmentProblem | None:
    """What of the surroundings lies behind a fault, or None when it is something else."""
    for cause in _causes(fault):
        if isinstance(cause, EnvironmentProblem):
            return _disk(home, cause) or cause
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return EnvironmentProblem("disk-full", folder=_folder(cause, home))
        if isinstance(cause, OSError) and cause.errno == errno.EROFS:
            return EnvironmentProblem("disk-read-only", folder=_folder(cause, home))
        if isinstance(cause, psycopg.errors.DiskFull):
            return EnvironmentProblem("disk-full", folder="PostgreSQL")
        if isinstance(cause, psycopg.errors.ReadOnlySqlTransaction):
            return EnvironmentProblem("database-read-only")
        if isinstance(cause, psycopg.OperationalError):
            return _disk(home) or EnvironmentProblem("database-lost")
    if isinstance(fault, OSError) and fault.errno in _UNFIT and isinstance(fault.filename, str | bytes):
        return EnvironmentProblem("path-unfit", path=os.fsdecode(fault.filename))
    if isinstance(fault, Refusal) and fault.code in _LOST:
        return _disk(home) or EnvironmentProblem("database-lost")
    return None


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault, then what led to it, the nearest first."""
    seen: set[int] = set()
    one: BaseException | None = fault
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _disk(home: Path, problem: EnvironmentProblem | None = None) -> EnvironmentProblem | None:
    """The disk's part in it: full, also as far as a program of the server's says so, or read-only."""
    try:
        disk = os.statvfs(home)
    except OSError:
        return None
    if disk.f_flag & os.ST_RDONLY:
        return EnvironmentProblem("disk-read-only", folder=home)
    said = str(problem.facts.get("reason", "")) if problem is not None else ""
    if disk.f_bavail * disk.f_frsize < FULL_BELOW or os.strerror(errno.ENOSPC) in said:
        return EnvironmentProblem("disk-full", folder=home)
    return None


def _folder(fault: OSError, home: Path) -> Path:
    return Path(fault.filename).parent if isinstance(fault.filename, str) else home
