"""Keys that the server holds are replaced, revoked and enrolled anew, in either log, while readers go on reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from domain.access import AccessRule, RecordRead
from domain.errors import Refusal
from domain.keys import KeyRevoked
from domain.sealed import Plain
from ledger.access_journal import AccessJournal
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands import registry
from ledger.log_name import LogName
from mocban.acts.rotation import rotate
from mocban.bootstrap import Product, open_product
from mocban.database import Databases
from mocban.offices import Office
from mocban.settings import Settings
from signing.base64_text import to_base64
from tests.mocban.signing_elsewhere import Machines


@pytest.fixture
def settings(database: Databases, tmp_path: Path) -> Settings:
    """A data folder of this test's own."""
    return Settings(
        home=tmp_path / "home",
        database_url=database.main_admin,
        keys_database_url=database.keys_admin,
        passphrase="a passphrase for tests",
    )


@pytest.fixture
def product(settings: Settings) -> Iterator[Product]:
    """The product, open."""
    with open_product(settings) as opened:
        yield opened


def read(journal: AccessJournal) -> int:
    """One reading, recorded."""
    reader = str(uuid4())
    event = RecordRead(reader=Plain(reader), records=(uuid4(),), what="file", rule=AccessRule.HOLDER)
    return journal.record(event, reader).result(20)


def recorder(product: Product, log: LogName) -> Actor:
    """The service with the key in force in a log."""
    return product.actor(Office.RECORDER, log)


def kid(actor: Actor) -> str:
    """Base64."""
    return to_base64(actor.signer.verifier_key.kid)


def test_the_services_key_is_replaced_under_a_running_journal(product: Product, settings: Settings) -> None:
    """Given a process that records readings, a rotation by another is followed without a reading lost."""
    first = read(product.journal)
    old = recorder(product, LogName.ACCESS)
    with open_product(settings) as other:
        done = rotate(other, "recorder", [other.main, other.access])
        assert set(done) == set(LogName)
        assert kid(recorder(other, LogName.MAIN)) == kid(recorder(other, LogName.ACCESS)) != kid(old)
    assert read(product.journal) > first
    assert kid(recorder(product, LogName.ACCESS)) != kid(old)
    known = product.access.registry.refresh().registry
    assert known is not None
    assert known.records[old.signer.verifier_key.kid].revoked_at is not None


def test_a_rotation_in_one_log_leaves_the_other(product: Product, settings: Settings) -> None:
    """Given a rotation in the access log alone, the main log goes on with the old key, then takes the new one."""
    rotate(product, "recorder", [product.access])
    after = kid(recorder(product, LogName.ACCESS))
    assert kid(recorder(product, LogName.MAIN)) != after
    with open_product(settings) as again:  # opening brings no key into a log
        assert kid(recorder(again, LogName.MAIN)) != after
    assert set(rotate(product, "recorder", [product.main, product.access])) == {LogName.MAIN}
    assert kid(recorder(product, LogName.MAIN)) == after
    with pytest.raises(Refusal, match="actor-unfit"):
        rotate(product, "nobody", [product.main])


def test_a_revoked_service_is_enrolled_anew_by_the_registrar(
    settings: Settings, database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given the service's key revoked in the access log, nothing is released; with a new key enrolled, it is."""
    machines = Machines(database, tmp_path, capsys)
    told = machines.done("key", "list", "--access")
    [service] = [row for row in told["keys"] if not row["registrar"] and _is_recorder(told, row["actor"])]
    out = tmp_path / "revoke.json"
    doomed = ("--kid", service["kid"], "--reason", "thử", "--log", "access")
    machines.done("act", "prepare", "registry.revoke", *doomed, "--out", out)
    machines.done("act", "submit", out)
    assert machines.done("key", "list")["keys"][-1]["revoked_at"] is None  # the main log is its own
    with open_product(_with(settings, "the server's")) as opened, pytest.raises(Refusal, match="access-not-recorded"):
        read(opened.journal)
    out = tmp_path / "enrol.json"
    words = ("--office", "recorder", "--log", "access", "--out", out)
    assert machines.done("act", "prepare", "registry.enrol", *words)["awaited"] == []
    machines.done("act", "submit", out)
    with open_product(_with(settings, "the server's")) as opened:
        assert read(opened.journal) > 0
    assert machines.done("key", "rotate", "recorder", "--log", "access")["acts"].keys() == {"access_log"}


def test_a_key_revoked_while_the_journal_runs_stops_it(product: Product) -> None:
    """Given the service's key revoked and none in its place, a reading is refused, and the next one too."""
    read(product.journal)
    fact = KeyRevoked(kid=kid(recorder(product, LogName.ACCESS)), reason="stolen")
    registrar = product.actor(Office.REGISTRAR, LogName.ACCESS)
    product.access.perform(registry.revocation(product.access.origin, [registrar], new_act_id(), fact))
    for _ in range(2):
        with pytest.raises(Refusal, match="access-not-recorded"):
            read(product.journal)


def _is_recorder(report: dict[str, list[dict[str, object]]], actor: object) -> bool:
    return any(role["actor"] == actor and role["role"] == "recorder" for role in report["roles"])


def _with(settings: Settings, passphrase: str) -> Settings:
    return Settings(
        home=settings.home,
        database_url=settings.database_url,
        keys_database_url=settings.keys_database_url,
        passphrase=passphrase,
    )
