"""The drills, small: kills at random moments, and a crowd of writers. `./run drill` does the same for longer."""

from __future__ import annotations

import os
import random
import time

from ledger.act_id import new_act_id
from mocban.bootstrap import open_product
from mocban.database import open_databases
from mocban.database.cluster import Cluster
from mocban.drills.appointments import do_appoint
from mocban.drills.beside import Tail
from mocban.drills.crash import PARTS, crash
from mocban.drills.ground import ground
from mocban.drills.writers import crowd
from tests.failures.conftest import Archive


def _seed() -> int:
    """Another one each run, the same for all workers of a run; it is told when a test fails."""
    return random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID", time.time())).randrange(1 << 31)


def test_three_kills_lose_nothing_and_double_nothing() -> None:
    """Given writers at work, when three parts of the product are killed, all that was acknowledged is there once."""
    seed = _seed()
    victims = random.Random(seed).sample(PARTS, 3)
    report = crash(3, seed, victims, lambda _round: None)
    assert report.passed, report
    assert report.rounds[-1].acknowledged >= 6


def test_a_crowd_of_writers_is_answered_justly(archive: Archive) -> None:
    """Given 32 writers who conflict and repeat ids, then no gap, no lost or doubled act, each conflict its caller's."""
    with open_product(archive.settings) as product:
        report = crowd(product, 3.0, _seed())
    assert report.problems == [], report
    assert {"stored", "won", "shared", "principal-already-appointed", "act-id-reused", "version-conflict"} <= {
        *report.told
    }


def test_a_restarted_server_ends_no_reader_and_no_runner() -> None:
    """Given a tail, a runner and a writer, when the server stops and starts again, all three go on."""
    with ground() as field, open_product(field.settings) as product:
        runner, access_runner = product.runners()
        access_runner.stop()
        tail = Tail(product.main.log_recorder, 0)
        try:
            with runner:
                runner.wait_for(do_appoint(product, new_act_id()).position, 30)
                Cluster(settings=field.settings).stop()
                time.sleep(3)  # longer than any statement is tried again
                open_databases(field.settings)
                end = do_appoint(product, new_act_id()).position
                tail.wait_for(end)
                runner.wait_for(end, 30)
            assert list(tail.problems(end)) == []
            assert runner.failure is None
        finally:
            tail.stop()
