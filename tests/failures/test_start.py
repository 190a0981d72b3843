"""At start a ledger, its kept checkpoints, its keys and its views belong together, or the product stops in words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from domain.errors import Refusal
from ledger.act_id import new_act_id
from ledger.destruction import destroy, remains
from mocban.__main__ import main
from mocban.bootstrap import open_product
from mocban.database import Databases
from mocban.drills.appointments import do_appoint, principal_of
from mocban.environment_problem import EnvironmentProblem
from mocban.publication import publish
from mocban.settings import Settings
from tests.failures.conftest import Archive, archive_on


class Backups(msgspec.Struct, frozen=True):
    """An archive with history, and what was backed up before its last three appointments."""

    archive: Archive
    older_main: str
    older_keys: str


@pytest.fixture(scope="module")
def backups(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backups]:
    """Published, backed up, then three more acts, published again."""
    making = archive_on(module_database, tmp_path_factory.mktemp("start") / "home")
    archive = next(making)
    with open_product(archive.settings) as product:
        do_appoint(product, new_act_id())
        publish(product)
    copies = [archive.copy(url) for url in (archive.settings.database_url, archive.settings.keys_database_url)]
    with open_product(archive.settings) as product:
        for _ in range(3):
            do_appoint(product, new_act_id())
        publish(product)
        for runner in product.runners():
            runner.drain()
            runner.stop()
    yield Backups(archive, *copies)
    next(making, None)


def an_older_database(backups: Backups, home: Path) -> Settings:
    """A back-up was restored that is older than the last checkpoint."""
    return backups.archive.with_databases(main=backups.older_main)


def an_older_database_and_folder(backups: Backups, home: Path) -> Settings:
    """A back-up was restored, and with it nothing of `checkpoints`; the tiles lie where they lay."""
    shutil.copytree(backups.archive.settings.home, home)
    shutil.rmtree(home / "checkpoints")
    return msgspec.structs.replace(backups.archive.with_databases(main=backups.older_main), home=home)


def an_empty_database(backups: Backups, home: Path) -> Settings:
    """DATABASE_URL names a fresh server by mistake."""
    empty = backups.archive.copy(backups.archive.settings.database_url, "template_main")
    return backups.archive.with_databases(main=empty)


def an_older_database_that_went_on(backups: Backups, home: Path) -> Settings:
    """A back-up was restored, the warning silenced, other acts recorded, and then the right folder came back."""
    grown = backups.archive.copy(backups.older_main)
    shutil.copytree(backups.archive.settings.home, home)
    shutil.rmtree(home / "checkpoints")
    shutil.rmtree(home / "objects")
    settings = msgspec.structs.replace(backups.archive.settings, home=home, database_url=grown)
    with open_product(settings) as product:
        for _ in range(8):
            do_appoint(product, new_act_id())
        publish(product)
    return backups.archive.with_databases(main=grown)


def an_altered_act(backups: Backups, home: Path) -> Settings:
    """An administrator has edited the last published act."""
    altered = backups.archive.copy(backups.archive.settings.database_url)
    with backups.archive.administrator(altered) as connection:
        connection.execute("ALTER TABLE main_log.act DISABLE TRIGGER ALL")
        connection.execute("UPDATE main_log.act SET trace = 'x', note = note || '\\x0a' WHERE index = "
                           "(SELECT max(index) FROM main_log.act)")  # fmt: skip
    return backups.archive.with_databases(main=altered)


def a_key_that_is_gone(backups: Backups, home: Path) -> Settings:
    """An administrator has deleted the row of a key, which whoever opens the ledger would enrol once more."""
    return _registry_edited(backups, "DELETE FROM main_log.event WHERE position = 3")


def the_last_grant_that_is_gone(backups: Backups, home: Path) -> Settings:
    """An administrator has deleted the newest rows of the registry."""
    last = "(SELECT registry_index FROM main_log.head)"
    return _registry_edited(backups, f"DELETE FROM main_log.event WHERE act_index = {last}")


def a_role_that_was_widened(backups: Backups, home: Path) -> Settings:
    """An administrator has edited what a role may do."""
    wider = "convert_to(replace(convert_from(state, 'UTF8'), 'handover.*', 'registry.*'), 'UTF8')"
    return _registry_edited(
        backups, f"UPDATE main_log.event SET state = {wider} WHERE topic = 'registry.role-granted/1'"
    )


def _registry_edited(backups: Backups, statement: str) -> Settings:
    edited = backups.archive.copy(backups.archive.settings.database_url)
    with backups.archive.administrator(edited) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER ALL")
        assert connection.execute(statement.encode()).rowcount > 0
    return backups.archive.with_databases(main=edited)


def a_forged_kept_checkpoint(backups: Backups, home: Path) -> Settings:
    """Somebody edited the file that is kept outside the database."""
    shutil.copytree(backups.archive.settings.home, home)
    kept = home / "checkpoints" / "main_log" / "latest"
    first, size, rest = kept.read_bytes().split(b"\n", 2)
    kept.write_bytes(b"\n".join([first, str(int(size) - 1).encode(), rest]))
    return msgspec.structs.replace(backups.archive.settings, home=home)


def another_ledgers_checkpoint(backups: Backups, home: Path) -> Settings:
    """The data folder keeps the checkpoint of another ledger."""
    shutil.copytree(backups.archive.settings.home, home)
    kept = home / "checkpoints" / "main_log" / "latest"
    kept.write_bytes(b"hanoi.mocban/0123456789abcdef\n" + kept.read_bytes().split(b"\n", 1)[1])
    return msgspec.structs.replace(backups.archive.settings, home=home)


def another_key_store(backups: Backups, home: Path) -> Settings:
    """MOCBAN_HOME names another folder, whose key store did not found this ledger."""
    return msgspec.structs.replace(backups.archive.settings, home=home)


def older_keys(backups: Backups, home: Path) -> Settings:
    """The key database was restored from a back-up that is older than the ledger's."""
    return backups.archive.with_databases(keys=backups.older_keys)


@pytest.mark.parametrize(
    ("disaster", "code"),
    [
        (an_older_database, "ledger-shorter-than-checkpoint"),
        (an_older_database_and_folder, "ledger-shorter-than-checkpoint"),
        (an_empty_database, "ledger-shorter-than-checkpoint"),
        (an_older_database_that_went_on, "ledger-not-as-checkpoint"),
        (an_altered_act, "ledger-not-as-checkpoint"),
        (a_key_that_is_gone, "ledger-not-as-checkpoint"),
        (the_last_grant_that_is_gone, "ledger-not-as-checkpoint"),
        (a_role_that_was_widened, "ledger-not-as-checkpoint"),
        (a_forged_kept_checkpoint, "checkpoint-invalid"),
        (another_ledgers_checkpoint, "ledger-of-other-checkpoint"),
        (another_key_store, "ledger-of-other-keys"),
        (older_keys, "keys-older-than-ledger"),
    ],
)
def test_what_does_not_belong_together_is_not_opened(
    backups: Backups, disaster: Callable[[Backups, Path], Settings], code: str, tmp_path: Path
) -> None:
    """Given a restored or foreign part, the product stops, says what it found, and has written no act."""
    settings = disaster(backups, tmp_path / "home")
    assert settings.database_url is not None
    head = "SELECT acts FROM main_log.head"
    with psycopg.connect(settings.database_url) as connection:
        before = connection.execute(head).fetchone()
    with pytest.raises(EnvironmentProblem) as refused, open_product(settings):
        pass
    assert refused.value.code == code
    with psycopg.connect(settings.database_url) as connection:
        assert connection.execute(head).fetchone() == before
    if code == "keys-older-than-ledger":
        assert refused.value.facts["missing"] == 3


def test_the_command_says_it_in_both_languages(
    backups: Backups, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given an older database, when a command runs, it exits 3 and tells in Vietnamese and English what to do."""
    settings = backups.archive.settings
    monkeypatch.setenv("MOCBAN_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", backups.older_main)
    monkeypatch.setenv("MOCBAN_KEYS_DATABASE_URL", settings.keys_database_url or "")
    monkeypatch.setenv("MOCBAN_PASSPHRASE", settings.passphrase or "")
    assert main(["rebuild"]) == 3
    said = capsys.readouterr().err
    assert "khôi phục bản sao lưu" in said
    assert "restore a back-up" in said
    assert "ledger-shorter-than-checkpoint" in said


def test_views_of_another_ledger_stop_it_until_they_are_rebuilt(archive: Archive) -> None:
    """Given views ahead of the ledger, neither start nor runner goes on; a rebuild mends it."""
    with open_product(archive.settings) as product:
        do_appoint(product, new_act_id())
        main_runner, access_runner = product.runners()
        main_runner.drain()
        with archive.administrator(archive.settings.database_url) as connection:
            connection.execute("UPDATE projection.tracking SET notification_id = notification_id + 5")
        with pytest.raises(Refusal) as ahead:
            main_runner.drain()
        assert ahead.value.code == "projection-ahead-of-ledger"
        main_runner.stop()
        access_runner.stop()
    with pytest.raises(EnvironmentProblem) as refused, open_product(archive.settings):
        pass
    assert refused.value.code == "projection-ahead-of-ledger"
    assert "./run rebuild" in refused.value.vi
    with open_product(archive.settings, any_views=True) as product:
        for rebuild in product.rebuilds():
            rebuild.run()
    with open_product(archive.settings) as product:
        do_appoint(product, new_act_id())


def test_a_destruction_that_a_crash_cut_short_is_no_loss_of_keys(archive: Archive) -> None:
    """Given a key lawfully destroyed and a kill before the ciphertexts went, the product starts and finishes it."""
    act_id = new_act_id()
    with open_product(archive.settings) as product:
        do_appoint(product, act_id)
        gone = principal_of(product, act_id)
        product.store.begin_destruction(gone)
        product.record_keys.destroy(gone)
    with open_product(archive.settings) as product:
        kept = product.record_keys, product.store, product.blobs
        assert remains(product.main, [gone], gone, *kept) > 0
        destroy(gone, *kept)
        assert remains(product.main, [gone], gone, *kept) == 0
