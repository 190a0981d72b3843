"""A server named by DATABASE_URL is used as it is: by a superuser, by a lesser login, or refused with what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from domain.principal import PrincipalAppointed, Reach
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import principal
from mocban.bootstrap import READER, Product, open_product
from mocban.database import Databases, connection_url, open_databases
from mocban.database.cluster import Cluster
from mocban.environment_problem import EnvironmentProblem
from mocban.migrate import migrate
from mocban.offices import Office
from mocban.publication import publish
from mocban.settings import Settings
from projections.principals import PrincipalRow, principals_of
from signing import standalone_verifier
from tests.folders import passable_folder
from tests.mocban.foreign_server import SUPERUSER_PASSWORD, foreign_server
from tests.mocban.one_body import BODY, record_body

Session = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def superuser() -> Iterator[Session]:
    """A session of the superuser of a server that stands in for somebody else's."""
    folder = passable_folder("mocban-given-")
    settings = Settings(home=folder / "home")
    with psycopg.connect(open_databases(settings).main_admin, autocommit=True) as connection:
        yield connection
    Cluster(settings=settings).stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(superuser: Session) -> Iterator[Session]:
    """The same, as it was before: what a test makes there is gone after it, roles of ours too."""
    before = _there(superuser)
    yield superuser
    for kind, name in (one for one in _there(superuser) if one not in before):
        force = " WITH (FORCE)" if kind == "DATABASE" else ""
        superuser.execute(sql.SQL(f"DROP {kind} {{}}{force}").format(sql.Identifier(name)))


def _there(superuser: Session) -> dict[tuple[str, str], None]:
    """Databases, then roles, those last made first: what owns others goes after them."""
    rows = superuser.execute(
        "SELECT kind, name FROM (SELECT 'DATABASE', datname, 0, oid FROM pg_database "
        "UNION ALL SELECT 'ROLE', rolname, 1, oid FROM pg_roles) AS found (kind, name, turn, oid) "
        "ORDER BY turn, oid DESC"
    ).fetchall()
    return dict.fromkeys((str(kind), str(name)) for kind, name in rows)


def _url(server: Session, **changes: str) -> str:
    return make_conninfo(server.info.dsn, **{"password": server.info.password, **changes})


def _make_login(server: Session, rights: str) -> str:
    server.execute(f"CREATE ROLE clerk LOGIN PASSWORD 'p w''d' {rights}")
    server.execute("CREATE DATABASE archive OWNER clerk")
    return _url(server, user="clerk", password="p w'd", dbname="archive")


def _open(url: str, keys: str | None = None) -> Databases:
    return open_databases(Settings(home=Path("unused"), database_url=url, keys_database_url=keys))


def test_a_superuser_needs_nothing_more(server: Session) -> None:
    """The key database is made beside the main one, both are migrated, and a second time nothing happens."""
    server.execute("CREATE DATABASE archive")
    databases = _open(_url(server, dbname="archive"))
    assert "keys/0001_roles.sql" in migrate(databases)
    assert migrate(_open(_url(server, dbname="archive"))) == []
    with psycopg.connect(databases.keys_url("mocban_reader")) as connection:
        assert connection.execute("SELECT current_database(), current_user").fetchone() == (
            "archive_keys",
            "mocban_reader",
        )


def test_a_login_that_may_make_roles_and_databases_is_enough(server: Session) -> None:
    """No superuser is needed: an owner of the database with CREATEROLE and CREATEDB migrates and takes on roles."""
    databases = _open(_make_login(server, "CREATEROLE CREATEDB"))
    migrate(databases)
    with psycopg.connect(databases.main_url("mocban_ledger_writer")) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("mocban_ledger_writer",)


def test_a_database_of_another_encoding_is_refused(server: Session) -> None:
    """Where text would come back as bytes, or not fit, nothing is written; the key database is looked at too."""
    other = "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    server.execute("CREATE DATABASE archive")
    server.execute(f"CREATE DATABASE old {other}")
    for name, keys in (("old", None), ("archive", "old")):
        with pytest.raises(EnvironmentProblem) as refused:
            _open(_url(server, dbname=name), keys and _url(server, dbname=keys))
        assert (refused.value.code, refused.value.facts["found"]) == ("database-encoding-unfit", "SQL_ASCII")


def test_the_product_works_over_tcp_as_a_login_that_is_no_superuser(home: Path, tmp_path: Path) -> None:
    """Given what docs/operations.md asks for and no more: append, fold, rebuild, publish; a stranger verifies."""
    with foreign_server(home.parent) as port:
        address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
        with psycopg.connect(address, password=SUPERUSER_PASSWORD, autocommit=True) as theirs:
            theirs.execute("CREATE ROLE archive LOGIN PASSWORD 'p/w' CREATEROLE")
            theirs.execute("CREATE DATABASE archive OWNER archive")
            theirs.execute("CREATE DATABASE archive_keys OWNER archive")
        url = f"postgresql://archive:p%2Fw@127.0.0.1:{port}/archive"
        settings = Settings(home=home, database_url=url, passphrase="a passphrase for tests")
        with open_product(settings) as product:
            live = _appointed_and_folded(product)
            for rebuild in product.rebuilds():
                rebuild.run()
            assert _principals(product) == live
            publish(product)
            product.main_log.export(tmp_path / "export")
        with open_product(settings) as again, psycopg.connect(url) as connection:
            assert again.origin == product.origin
            superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert superuser == (False,)
    assert sorted(row.city_wide for row in live) == [False, False, True]
    command = [sys.executable, "-I", str(standalone_verifier.__file__), str(tmp_path / "export"), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert (done.returncode, json.loads(done.stdout)["bad"]) == (0, [])


def _appointed_and_folded(product: Product) -> list[PrincipalRow]:
    record_body(product)
    archivist = product.actor(Office.ARCHIVIST)
    for reach in (Reach.AGENCY, Reach.CITY, Reach.AGENCY):
        fact = PrincipalAppointed(agency=BODY, office="Văn thư", Name=Plain("Lê Thị Mẫu"), reach=reach)
        principal.appoint(product.main, archivist, new_act_id(), uuid4(), fact)
    for runner in product.runners():
        runner.drain()
        runner.stop()
    return _principals(product)


def _principals(product: Product) -> list[PrincipalRow]:
    with psycopg.connect(product.databases.main_url(READER)) as reader:
        return principals_of(reader, BODY)


def test_without_createdb_the_key_database_is_asked_for(server: Session) -> None:
    """The problem names the database to make; once made, or named, the product goes on."""
    url = _make_login(server, "CREATEROLE")
    with pytest.raises(EnvironmentProblem) as refused:
        _open(url)
    assert refused.value.code == "keys-database-missing"
    assert "archive_keys" in refused.value.vi
    server.execute("CREATE DATABASE vault OWNER clerk")
    assert migrate(_open(url, make_conninfo(url, dbname="vault"))) != []


def test_without_createrole_the_missing_right_is_named(server: Session) -> None:
    """A login that may not make roles changes nothing and is told which right it lacks."""
    databases = _open(_make_login(server, "CREATEDB"))
    with pytest.raises(EnvironmentProblem) as refused:
        migrate(databases)
    assert refused.value.code == "migration-forbidden"
    with psycopg.connect(databases.main) as connection:
        assert connection.execute("SELECT to_regnamespace('migration')").fetchone() == (None,)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://clerk:hush@127.0.0.1:1/archive", "database-unreachable"),
        ("postgresql://clerk:hush@/archive?host=/nowhere", "database-unreachable"),
        ("mysql://clerk:hush@host/archive", "database-url-unfit"),
        ("postgresql://clerk:hush@host/archive?no_such=1", "database-url-unfit"),
    ],
)
def test_a_server_that_is_not_there_is_named_without_the_password(url: str, code: str) -> None:
    """The problem's texts hold the host and never the secret."""
    with pytest.raises(EnvironmentProblem) as refused:
        _open(url)
    assert refused.value.code == code
    assert "hush" not in str(refused.value)


def test_options_of_an_address_are_kept() -> None:
    """A role is added to what the address already asks for."""
    parts = psycopg.conninfo.conninfo_to_dict(
        connection_url("postgresql://u@h/d?options=-c%20search_path%3Dx", "mocban_reader")
    )
    assert parts["options"] == "-c jit=off -c search_path=x -c role=mocban_reader"


def test_a_server_that_compiles_does_not_compile_what_appends(server: Session) -> None:
    """Given a server with `jit = on`, as stock ones have it, our sessions are without, unless the address has it."""
    url = _make_login(server, "")
    server.execute("ALTER DATABASE archive SET jit = on")
    for given, expected in ((url, "off"), (make_conninfo(url, options="-c jit=on"), "on")):
        with psycopg.connect(connection_url(given, "clerk")) as session:
            assert session.execute("SHOW jit").fetchone() == (expected,)
