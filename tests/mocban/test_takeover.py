"""`log takeover`: the live keys of the log are lost, and the standby keys go on where those stopped."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from ledger.sequencer_thread import SequencerThread
from mocban.bootstrap import open_product
from mocban.database import Databases
from mocban.settings import Settings
from mocban.takeover import take_over
from tests.ledger.test_export import verdict
from tests.mocban.signing_elsewhere import Machines


@pytest.fixture
def machines(database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machines:
    """The ledger's machine."""
    return Machines(database, tmp_path, capsys)


def test_lost_live_keys_are_taken_over_from(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given the live keys gone, nothing is signed until the standby keys take over; then everything verifies."""
    trust, folder = tmp_path / "trust.json", tmp_path / "export"
    assert machines.done("log", "trust", trust)["path"] == str(trust)
    machines.done("log", "export", folder)
    vkeys = json.loads(trust.read_text())["vkeys"]
    assert len(vkeys) == 4
    lost = list((tmp_path / "home" / "keys").glob("*.log-live-*"))
    assert len(lost) == 2
    for path in lost:
        path.unlink()

    grant, out = ("--actor", "planner", "--role", "x", "--acts", "x.y"), tmp_path / "grant.json"
    machines.done("act", "prepare", "registry.grant", *grant, "--out", out)
    machines.done("act", "submit", out)
    assert machines.here("log", "export", folder)[1]["problem"]["code"] == "log-key-missing"
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert machines.here("log", "takeover")[1]["problem"]["code"] == "not-confirmed"
    taken = machines.done("log", "takeover", "--yes")
    assert taken["vkeys"] == vkeys[2:]
    assert machines.done("log", "takeover", "--yes")["sizes"]["main_log"] >= taken["sizes"]["main_log"]
    machines.done("log", "export", folder)
    machines.done("log", "bundle", tmp_path / "bundle.zip")
    for path in (folder, tmp_path / "bundle.zip"):
        code, report = verdict(path, trust)
        assert (code, report["anchored"]) == (0, True), report
    assert not list((tmp_path / "home" / "keys").glob("*.log-live-*"))


def test_a_running_sequencer_notices(database: Databases, tmp_path: Path) -> None:
    """Given processes that sequence both logs, a takeover by another is seen in their next checkpoints."""
    settings = Settings(
        home=tmp_path / "home",
        database_url=database.main_admin,
        keys_database_url=database.keys_admin,
        passphrase="a passphrase for tests",
    )
    with open_product(settings) as serving, open_product(settings) as other:
        threads = [SequencerThread(line) for line in serving.sequencers()]
        for thread in threads:
            thread.start()
        try:
            sizes = take_over(other)
        finally:
            for thread in threads:
                thread.stop()
        assert all(size > 0 for size in sizes.values())
        assert [thread.stopped_by for thread in threads] == [None, None]
        for store, ledger in ((other.main_log, other.main), (other.access_log, other.access)):
            assert store.signers()[1] == set(ledger.log_keys()[2:])
