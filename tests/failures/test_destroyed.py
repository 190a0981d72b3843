"""A file destroyed lawfully: gone wherever one looks, everything that was proven still proven. `./run drill destroy`
does the same on a server of its own and looks through its files too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ledger.blob_store import BlobStore
from mocban.__main__ import main
from mocban.bootstrap import Product, open_product
from mocban.custody.freshness import caught_up
from mocban.drills.destruction.drill import destroy_drill
from mocban.drills.destruction.kept_backups import wrongly_open
from mocban.drills.destruction.traces import traces_of
from mocban.drills.sealed_files import make_files
from tests.failures.conftest import Archive


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """A command, its exit code and what it says."""
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def at_home(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the archive."""
    settings = archive.settings
    monkeypatch.setenv("MOCBAN_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("MOCBAN_KEYS_DATABASE_URL", settings.keys_database_url or "")
    monkeypatch.setenv("MOCBAN_PASSPHRASE", settings.passphrase or "")


def test_the_drill_holds(archive: Archive, tmp_path: Path) -> None:
    """Given a file with sealed texts and scans, back-ups and exports of it, when it is destroyed, all of it holds."""
    with open_product(archive.settings) as product:
        report = destroy_drill(product, tmp_path, lambda _check: None, own_server=False)
    assert report.passed, report
    assert (report.traces, len(report.checks)) == (22, 10)
    assert report.rows_before >= 20


def test_a_destruction_cut_short_is_finished_by_the_next_run(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a disk that fails between key and scans, nothing is recorded as done; the next run finishes it, once."""
    at_home(archive, monkeypatch)
    with open_product(archive.settings) as product:
        victim, kept = make_files(product, 2)
        caught_up(product)
        traces = traces_of(product, victim)
    paper = archive.settings.out / f"certificate-{victim.id}.pdf"
    paper.parent.mkdir(parents=True, exist_ok=True)
    paper.touch()
    given = ("--field", "title", "--to", "Ông Mẫu", "--basis", "QĐ 3", str(archive.settings.home / "given.json"))
    disclosed = run(capsys, "disclose", "--file", victim.code, *given)[1]
    until = ("--backups-until", "2099-01-01")
    words = ("file", "destroy", "--file", victim.code, "--basis", "QĐ 9", "--ground", "retention-ended", *until)
    undecided = run(capsys, "file", "destroy", "--file", victim.code, *until)
    assert undecided[1]["problem"]["code"] == "destruction-not-decided"
    past = run(capsys, *words[:-1], "2019-01-01")
    assert past[1]["problem"]["code"] == "destruction-backups-past"
    unknown = run(capsys, "file", "destroy", "--file", "nowhere", "--basis", "QĐ", "--ground", "superfluous", *until)
    assert unknown[1]["problem"]["code"] == "file-not-found"
    with psycopg.connect(archive.settings.database_url or "") as connection:
        before = connection.execute("SELECT * FROM sealed.field WHERE owner = %s", (victim.id,)).fetchall()
    with monkeypatch.context() as failing:
        failing.setattr(BlobStore, "delete", _fails)
        assert run(capsys, *words)[0] != 0
    with open_product(archive.settings) as product:
        assert _destroyed_at(product) == [None, None]
    code, said = run(capsys, *words)
    assert (code, said["decided"], said["documents"]) == (0, None, 2)
    assert (said["papers"], said["disclosed"]) == ([str(paper)], [disclosed["act"]])
    again = run(capsys, *words)
    assert again == (0, {**said, "carried_out": None})
    with open_product(archive.settings) as product:
        assert list(wrongly_open(product.unsealer, victim, [kept])) == []
        assert sorted(_destroyed_at(product), key=str) == [said["carried_out"], None]
        databases = product.databases
        found = traces.in_rows(databases.main_admin) + traces.in_rows(databases.keys_admin)
    assert [one for one in found if "pg_statistic" not in one] == []
    assert run(capsys, "file", "complete-destruction", "--file", victim.code)[1]["problem"]["code"] == (
        "destruction-too-early"
    )
    with psycopg.connect(archive.settings.database_url or "") as connection:  # as restored from before, then recovered
        connection.execute("DELETE FROM sealed.destroyed")
        connection.cursor().executemany("INSERT INTO sealed.field VALUES (%s, %s, %s, %s, %s, %s)", before)
    with open_product(archive.settings) as product:
        assert list(wrongly_open(product.unsealer, victim, [kept])) == []
    assert run(capsys, *words) == again
    with psycopg.connect(archive.settings.database_url or "") as connection:
        assert connection.execute("SELECT FROM sealed.field WHERE owner = %s", (victim.id,)).fetchall() == []


def test_a_decision_signed_elsewhere_is_carried_out(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a decision that was prepared and submitted, no basis need be typed; one person alone prepares none."""
    at_home(archive, monkeypatch)
    with open_product(archive.settings) as product:
        (victim,) = make_files(product, 1)
    act = archive.settings.home / "decision.json"
    words = ("act", "prepare", "disposition.decide", "--file", str(victim.id), "--basis", "QĐ 9", "--out", str(act))
    alone = run(capsys, *words, "--ground", "superfluous", "--decider", "archivist")
    assert (alone[0], act.exists(), alone[1]["problem"]["code"]) == (1, False, "destruction-one-person")
    assert run(capsys, *words, "--ground", "superfluous")[0] == 0
    decided = run(capsys, "act", "submit", str(act))[1]["act"]
    code, said = run(capsys, "file", "destroy", "--file", victim.code, "--backups-until", "2099-01-01")
    assert (code, said["decided"], said["carried_out"] > decided) == (0, None, True)


def _fails(*_: object) -> None:
    raise OSError("the disk does not answer")


def _destroyed_at(product: Product) -> list[int | None]:
    with psycopg.connect(product.databases.main_admin) as connection:
        return [row[0] for row in connection.execute("SELECT destroyed FROM projection.file ORDER BY code")]
