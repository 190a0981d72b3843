"""Killed anywhere and run again, the demo ends with the same records: none lost, none twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import psycopg

from mocban.database import open_databases
from mocban.database.cluster import Cluster
from mocban.settings import Settings
from tests.scenarios.small_demo import ROOT, command, environment, run, scans

ACTS = 46
"""About as many lasting act ids as the demo on three scans asks for."""


def _kill_when(settings: Settings, folder: Path, act_ids: int) -> bool:
    """Run until so many act ids were handed out, then kill -9; whether it was still running."""
    demo = subprocess.Popen(
        command("demo", "--scans", str(folder), "--json"),
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    kept = settings.home / "demo" / "acts"
    while demo.poll() is None and (not kept.exists() or kept.read_bytes().count(b"\n") < act_ids):
        time.sleep(0.002)
    running = demo.poll() is None
    if running:
        os.killpg(demo.pid, signal.SIGKILL)
    demo.wait()
    return running


def _kinds(settings: Settings) -> Counter[str]:
    """How many events of each kind the main log holds; entries of the access log's checkpoints apart."""
    with psycopg.connect(open_databases(settings).main_url("mocban_auditor")) as connection:
        rows = connection.execute("SELECT topic, count(*) FROM main_log.event GROUP BY topic").fetchall()
    return Counter({topic: count for topic, count in rows if topic != "access.checkpointed/1"})


def test_three_kills_lose_nothing_and_double_nothing(home: Path) -> None:
    """Given kills at three random moments, one of the database too, when run once more, then all is there once."""
    dice = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID", time.time()))
    moments = sorted(dice.sample(range(1, ACTS), 3))
    folder = scans(home.parent / "scans")
    settings = Settings(home=home, passphrase="a passphrase for tests")
    for number, moment in enumerate(moments):
        assert _kill_when(settings, folder, moment), f"moments {moments}: finished before kill {number}"
        if number == 1 and (postmaster := Cluster(settings=settings).pid()) is not None:
            os.kill(postmaster, signal.SIGKILL)
    last = run(settings, "demo", "--scans", str(folder))
    assert last.code == 0, f"moments {moments}: {last.said[-2000:]}"
    assert last.answer["verified"] is True, f"moments {moments}"
    kinds = _kinds(settings)
    expected = {
        "unit.established/1": 557 + 126 + 110,  # those of 2020 and January 2025 are reconstructed
        "unit.ended/1": 556 + 110,
        "fonds.assigned/1": 1668,
        "reorganization.enacted/1": 1,
        "custody.handed-over/2": 1,
        "file.registered/1": 60,
        "document.digitized/1": 3,
        "documents.matched/1": 1,
        "registry.genesis/1": 1,
    }
    assert {kind: kinds[kind] for kind in expected} == expected, f"moments {moments}"
