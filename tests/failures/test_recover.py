"""`recover`: an older database comes back whole from published tiles, or is left as it is and told why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from domain.errors import Refusal
from ledger.act_id import new_act_id
from ledger.log_name import LogName
from mocban.__main__ import main
from mocban.bootstrap import Product, open_product
from mocban.database import Databases
from mocban.drills.appointments import do_appoint, principal_of
from mocban.drills.verdict import unverified
from mocban.environment_problem import EnvironmentProblem
from mocban.own_rows import bad_rows
from mocban.publication import publish
from mocban.recovery import recover
from mocban.recovery_source import Sources
from mocban.settings import Settings
from signing.fault_point import FaultPoint
from tests.failures.lost import OFFICES, Lost, losing, rows_of
from tests.failures.victims import dies

POINTS = (
    FaultPoint.RECOVERY_TILES_COPIED, FaultPoint.RECOVERY_ACTS_APPENDED, FaultPoint.RECOVERY_COMMITTED,
    FaultPoint.RECOVERY_KEPT,
)  # fmt: skip


def quiet(*_: Any) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def lost(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lost]:
    """One for all tests here."""
    yield from losing(module_database, tmp_path_factory.mktemp("recover"))


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small log takes every path."""
    monkeypatch.setattr("ledger.recovery._LARGE", OFFICES - 1)
    monkeypatch.setattr("ledger.recovery._COPIED_AT_ONCE", 8)
    monkeypatch.setattr("ledger.recovery._ACTS_AT_ONCE", 2)


def refused(settings: Settings) -> str:
    """Why the product does not open."""
    with pytest.raises(EnvironmentProblem) as problem, open_product(settings):
        pass
    return problem.value.code


def test_an_older_database_comes_back_whole(lost: Lost, tmp_path: Path) -> None:
    """Given a restored back-up, start is refused; recovered from tiles, every row is there, and the ledger goes on."""
    settings = lost.restored(tmp_path / "home")
    assert refused(settings) == "ledger-shorter-than-checkpoint"
    reports = recover(settings, Sources(), quiet)
    assert rows_of(settings.database_url) == lost.rows
    main_log, access = reports[LogName.MAIN], reports[LogName.ACCESS]
    assert main_log.after - main_log.before == len(lost.since) + 3
    assert (main_log.lost.fields, access.lost.fields) == (len(lost.since) + OFFICES, 1)
    with open_product(settings) as product:
        size = product.main.size()
        _retried(product, lost)
        assert do_appoint(product, new_act_id()).act_index == size
        publish(product)
        assert list(bad_rows(product.databases, settings.home)) == []
        assert list(unverified(product)) == []
    again = recover(settings, Sources(), quiet)
    assert again[LogName.MAIN].events == 0


def _retried(product: Product, lost: Lost) -> None:
    """A retry of an act that came back is told where it lies; nothing is recorded twice."""
    size = product.main.size()
    with pytest.raises(Refusal) as told:
        do_appoint(product, lost.since[0])
    assert told.value.code == "act-recovered"
    index = told.value.facts["index"]
    assert isinstance(index, int)
    assert str(lost.since[0]) in product.main.note_of(index).decode()
    with pytest.raises(Refusal) as told:
        do_appoint(product, lost.since[0], principal_of(product, new_act_id()))
    assert told.value.code == "act-recovered"
    assert product.main.size() == size


def test_an_empty_database_comes_back_from_exports(lost: Lost, tmp_path: Path) -> None:
    """Given nothing but the keys and exports of both logs, the ledger comes back, with tiles and kept checkpoints."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(lost.archive.settings.keys, home / "keys")
    empty = lost.archive.copy(lost.archive.settings.database_url, "template_main")
    settings = msgspec.structs.replace(lost.archive.settings, home=home, database_url=empty)
    recover(settings, Sources(main=lost.exports / "log", access=lost.exports / "access"), quiet)
    assert rows_of(empty) == lost.rows
    assert _checkpoints(empty) == _checkpoints(lost.archive.settings.database_url)
    with open_product(settings) as product:
        do_appoint(product, new_act_id())
        publish(product)
        assert list(unverified(product)) == []


def test_acts_that_were_not_yet_signed_for_are_told_and_do_not_stand_in_the_way(
    lost: Lost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given tiles written and never signed, of acts that the database lost, others lie there after recovery."""
    settings = lost.restored(tmp_path / "home")
    grown = msgspec.structs.replace(settings, database_url=lost.archive.copy(lost.archive.settings.database_url))
    with open_product(grown) as product, monkeypatch.context() as dying:
        for _ in range(3):
            do_appoint(product, new_act_id())
        dying.setattr("ledger.sequencer.sign_checkpoint", _power_cut)
        with pytest.raises(OSError, match="power"):
            product.sequencers()[0].advance()
    reports = recover(settings, Sources(), quiet)
    assert (reports[LogName.MAIN].beyond, reports[LogName.ACCESS].beyond) == (3, 0)
    assert rows_of(settings.database_url) == lost.rows
    with open_product(settings) as product:
        for _ in range(4):
            do_appoint(product, new_act_id())
        publish(product)
        assert list(unverified(product)) == []
    assert recover(settings, Sources(), quiet)[LogName.MAIN].beyond == 0


def _power_cut(*_: object) -> bytes:
    raise OSError("power")


def _checkpoints(url: str | None) -> list[Any]:
    assert url is not None
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT size, note FROM main_log.checkpoint UNION ALL SELECT size, note FROM access_log.checkpoint "
            "ORDER BY 2"
        ).fetchall()


class Refill(msgspec.Struct, frozen=True):
    """What a victim is given."""

    settings: Settings


def refill(given: Refill) -> None:
    """Recover from the product's own tiles."""
    recover(given.settings, Sources(), quiet)


def test_killed_at_any_point_it_is_run_again(lost: Lost, tmp_path: Path) -> None:
    """Given kills before, in and after the transaction, the database is as it was or whole, and at the end whole."""
    settings = lost.restored(tmp_path / "home")
    before = rows_of(settings.database_url)
    for point in POINTS:
        assert dies(refill, Refill(settings), point)
        now = rows_of(settings.database_url)
        ledger = {name: rows for name, rows in now.items() if "views" not in name}
        whole = lost.rows if point in POINTS[2:] else before
        assert ledger == {name: rows for name, rows in whole.items() if "views" not in name}
    recover(settings, Sources(), quiet)
    assert rows_of(settings.database_url) == lost.rows


def forged_export(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """One byte of the export is another."""
    folder = home.parent / "forged"
    shutil.copytree(lost.exports / "log", folder)
    bundle = next(path for path in (folder / "tile" / "entries").rglob("*") if path.is_file())
    data = bundle.read_bytes()
    bundle.write_bytes(data[:-200] + bytes([data[-200] ^ 1]) + data[-199:])
    return lost.restored(home), Sources(main=folder)


def older_export(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """An export from before the last checkpoint."""
    folder, then = home.parent / "older", home.parent / "then"
    settings = msgspec.structs.replace(lost.archive.settings, home=then, database_url=lost.archive.copy(lost.older))
    shutil.copytree(lost.archive.settings.keys, then / "keys")
    with open_product(settings) as product:
        publish(product)
        product.main_log.export(folder)
    return lost.restored(home), Sources(main=folder)


def grown_otherwise(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """The back-up was used, its warning silenced: other acts lie where the lost ones were."""
    settings, silenced = lost.restored(home), home.parent / "silenced"
    shutil.copytree(lost.archive.settings.keys, silenced / "keys")
    with open_product(msgspec.structs.replace(settings, home=silenced)) as product:
        do_appoint(product, new_act_id())
    return settings, Sources()


def altered_row(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """The back-up was edited."""
    settings = lost.restored(home)
    with lost.archive.administrator(settings.database_url) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER ALL")
        connection.execute("UPDATE main_log.event SET state = state || ' ' WHERE position = 3")
    return settings, Sources()


def nothing_there(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """A folder that holds no log."""
    return lost.restored(home), Sources(main=home)


def access_for_main(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """The export of the other log."""
    return lost.restored(home), Sources(main=lost.exports / "access")


def foreign_keys(lost: Lost, home: Path) -> tuple[Settings, Sources]:
    """An empty database and a key store that did not found this ledger."""
    home.mkdir()
    empty = lost.archive.copy(lost.archive.settings.database_url, "template_main")
    settings = msgspec.structs.replace(lost.archive.settings, home=home, database_url=empty)
    return settings, Sources(main=lost.exports / "log", access=lost.exports / "access")


@pytest.mark.parametrize(
    ("disaster", "code"),
    [
        (forged_export, "recovery-source-invalid"),
        (older_export, "recovery-source-too-short"),
        (grown_otherwise, "recovery-ledger-differs"),
        (altered_row, "recovery-ledger-differs"),
        (nothing_there, "recovery-source-missing"),
        (access_for_main, "recovery-source-of-other-ledger"),
        (foreign_keys, "ledger-of-other-keys"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_written(
    lost: Lost, tmp_path: Path, disaster: Callable[[Lost, Path], tuple[Settings, Sources]], code: str
) -> None:
    """Given a source or database that is another history, recover says so and leaves every row as it was."""
    settings, sources = disaster(lost, tmp_path / "home")
    before = rows_of(settings.database_url)
    with pytest.raises(Refusal) as told:
        recover(settings, sources, quiet)
    assert told.value.code == code
    assert rows_of(settings.database_url) == before
    if code == "recovery-ledger-differs":
        grown = len(before["main_log act"]) - 1
        assert told.value.facts["act"] == (grown if disaster is grown_otherwise else 1)


def test_the_command_tells_what_came_back_and_what_did_not(
    lost: Lost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a restored back-up, the command refills it; sealed content is gone, so it says 1 and how much."""
    settings = lost.restored(tmp_path / "home")
    monkeypatch.setenv("MOCBAN_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("MOCBAN_KEYS_DATABASE_URL", settings.keys_database_url or "")
    monkeypatch.setenv("MOCBAN_PASSPHRASE", settings.passphrase or "")
    assert main(["recover", "--from", str(lost.exports / "log"), "--json"]) == 1
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["main_log"]["lost"]["fields"] == len(lost.since) + OFFICES
    assert main(["recover", "--from", str(lost.exports / "access"), "--json"]) == 4
