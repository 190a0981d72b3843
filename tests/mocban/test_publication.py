"""Publication while serving: the access log is anchored in the main log without anybody asking."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from domain.access import AccessRule, RecordRead
from domain.sealed import Plain
from ledger.access_publication import access_stream
from mocban.bootstrap import Product, open_product
from mocban.publication import HourlyPublication
from mocban.settings import Settings


def _published(product: Product) -> int:
    stored = product.main.log_recorder.select_events(access_stream(product.access.origin))
    return max((msgspec.json.decode(event.state)["size"] for event in stored), default=0)


def test_the_access_log_enters_the_main_log_by_itself(home: Path) -> None:
    """Given a reading and a checkpoint over it, when the hour comes, then the main log names that checkpoint."""
    with open_product(Settings(home=home, passphrase="a passphrase for tests")) as product:
        reading = RecordRead(reader=Plain("x"), records=(), what="test", rule=AccessRule.HOLDER)
        product.journal.record(reading, "x").result(timeout=30)
        _, access = product.sequencers()
        size = access.advance()
        access.close()
        hourly = HourlyPublication(product, seconds=0.05)
        hourly.start()
        deadline = time.monotonic() + 20
        while _published(product) < size and time.monotonic() < deadline:
            time.sleep(0.05)
        hourly.stop()
        assert _published(product) == size
