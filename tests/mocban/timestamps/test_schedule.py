"""The schedule of timestamps in the running server, and its alarm in time."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.log_name import LogName
from ledger.timestamps import Timestamps
from mocban.timestamps import schedule
from mocban.timestamps.authorities import read_authorities
from mocban.timestamps.collecting import now
from mocban.timestamps.schedule import Timestamping, is_due
from tests.mocban.authority_server import answering
from tests.mocban.timestamps.conftest import LOG, Commands
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")


def test_the_schedule(
    home: Path,
    run: Commands,
    authorities: tuple[LocalAuthority, LocalAuthority],
    served: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Given a running server, then each authority stamps what is new daily; who fails is told of once, asked again."""
    dead = ("--name", "two", "--url", "http://127.0.0.1:9/", "--certificate", authorities[1].folder / "ca.pem")
    run.named(authorities[0], served[0])
    run("authority", "add", *dead)
    monkeypatch.setattr(schedule, "AGAIN_SECONDS", 0.02)
    kept = Timestamps(home / "objects", LogName.MAIN)
    running = Timestamping(home, first_after=0)
    with caplog.at_level(logging.WARNING):
        running.start()
        until = time.monotonic() + 10
        while time.monotonic() < until and (not running.alarms or kept.sizes("one") != [5]):
            time.sleep(0.02)
        time.sleep(0.2)
        running.stop()
    assert kept.sizes("one") == [5]
    assert [one.code for one in running.alarms] == ["timestamp-unreachable", "timestamp-overdue"]
    assert len([line for line in caplog.messages if "timestamp-unreachable" in line]) == 1
    one, two = read_authorities(home)
    assert (is_due(home, one, now()), is_due(home, two, now())) == (False, True)
    assert is_due(home, one, now() + timedelta(days=1, minutes=1))


def test_the_server_s_alarm_is_told_daily_and_ends_when_it_is_mended(
    home: Path, run: Commands, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Given a certificate that ends in ten days, then each day the log says so, until a longer one renews it."""
    short = LocalAuthority(tmp_path / "short", "short", days=10)
    with answering(short.answer) as url:
        run.named(short, url)
        assert run("collect")[0] == 0
    days = 0.0
    serving = Timestamping(home, clock=lambda: now() + timedelta(days=days))
    for days in (0.0, 0.1, 0.9, 1.1):  # noqa: B007  the clock reads it
        serving.turn()
    assert [one.code for one in serving.alarms][-1] == "timestamp-certificate-ends"
    assert len([line for line in caplog.messages if "timestamp-certificate-ends" in line]) == 2
    longer = LocalAuthority(tmp_path / "longer", "short", days=300)
    assert run("authority", "remove", "--name", "short")[0] == 0
    both = tmp_path / "both.pem"
    both.write_bytes((short.folder / "ca.pem").read_bytes() + (longer.folder / "ca.pem").read_bytes())
    LOG.publish(home, 6)
    with answering(longer.answer) as url:
        assert run("authority", "add", "--name", "short", "--url", url, "--certificate", both)[0] == 0
        assert run("collect")[0] == 0  # by somebody else than the server
        days = 0.0
        serving.turn()
    assert serving.alarms == ()
