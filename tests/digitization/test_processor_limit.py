"""A child is stopped for the processor time it takes, not for the time that passes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PIL import Image

from digitization import recognition
from digitization.processor_limit import ProcessorLimit, spent_by_children


def test_a_child_that_works_too_long_is_killed() -> None:
    """Given a child that never ends, when it has taken its seconds, then it is killed and the limit says so."""
    with ProcessorLimit(0.3) as limit:
        done = subprocess.run([sys.executable, "-c", "while True: pass"], check=False, timeout=60)
    assert done.returncode == -9
    assert limit.passed


def test_a_child_that_waits_is_left_alone() -> None:
    """Given a child that sleeps for longer than its processor time allows, then it ends by itself."""
    with ProcessorLimit(0.3) as limit:
        done = subprocess.run(["sleep", "0.8"], check=False)
    assert done.returncode == 0
    assert not limit.passed


def test_an_older_child_is_left_alone() -> None:
    """Given a helper started before, when it works on within the block, then it is nobody's to stop."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as helper:
        try:
            with ProcessorLimit(0.1) as limit:
                subprocess.run(["sleep", "0.8"], check=True)
            assert helper.poll() is None
        finally:
            helper.kill()
    assert not limit.passed


def test_readings_share_the_page_s_budget() -> None:
    """Given a page whose budget is spent, then it is not read any more; without a budget it is."""
    blank = Image.new("L", (400, 200), 255)
    with recognition.page_budget(0.1), pytest.raises(recognition.TimedOutError):
        recognition.read(blank, segmentation=recognition.BLOCK, dpi=300)
    before = spent_by_children()
    assert recognition.read(blank, segmentation=recognition.BLOCK, dpi=300) == ()
    assert spent_by_children() > before
