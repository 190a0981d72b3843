"""Falsified in every way the drill knows, a log is rejected and the place is named; untouched, it is good."""

from __future__ import annotations

import os
import random
import time

import pytest

from mocban.drills.tampering import spoilt_files, spoilt_rows, stolen_keys
from mocban.drills.tampering.drill import KindReport, TamperReport, tamper
from mocban.drills.tampering.forged import WHOLE_LOG, Place


def test_every_kind_of_falsification_is_seen_and_placed() -> None:
    """Given each kind and then some, when auditors with the evidence look, then all are rejected at the right act."""
    seed = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID", time.time())).randrange(1 << 31)
    report = tamper(80, seed, lambda _done, _of: None)
    assert report.untouched, report
    assert report.tried == 80
    assert report.twice == sum(one.tried for one in report.kinds if one.name not in spoilt_rows.KINDS)
    assert [(one.name, one.missed) for one in report.kinds if one.missed] == [], seed
    names = {kind.name for kind in (*spoilt_files.KINDS, *stolen_keys.KINDS)} | set(spoilt_rows.KINDS)
    assert {one.name for one in report.kinds} == names
    assert report.passed


def test_one_falsification_believed_fails_the_drill() -> None:
    """Given one that was not rejected, or not placed, then the drill did not hold."""
    for rejected, located in ((False, False), (True, False)):
        kind = KindReport(name="any", evidence="trust-file")
        kind.count(0, True, True)
        kind.count(1, rejected, located)
        report = TamperReport(seed=0, untouched=True, kinds=[kind], seconds=0.0)
        assert not report.passed
        assert kind.missed == [1]


@pytest.mark.parametrize(
    ("place", "bad", "named"),
    [
        (Place(act=7), [{"act": 7, "code": "entry-altered", "detail": ""}], True),
        (Place(act=7), [{"act": 8, "code": "entry-altered", "detail": ""}], False),
        (Place(act=7), [{"act": 6, "code": "x", "detail": ""}, {"act": 7, "code": "x", "detail": ""}], False),
        (
            Place(act=7, before=9),
            [{"act": None, "code": "checkpoint-inconsistent", "detail": "--checkpoint (9)"}],
            True,
        ),
        (
            Place(act=7, before=9),
            [{"act": None, "code": "checkpoint-inconsistent", "detail": "--checkpoint (6)"}],
            False,
        ),
        (Place(act=WHOLE_LOG), [], False),
        (Place(act=WHOLE_LOG, file="checkpoint"), [{"act": 3, "code": "x", "detail": "genesis"}], False),
    ],
)
def test_only_the_right_place_counts(place: Place, bad: list[dict[str, object]], named: bool) -> None:
    """Given a report, then it leads to the place only when it names that act, tree or file first."""
    assert place.is_named({"bad": bad}) is named
