"""Publication while serving: the access log is anchored by itself, and commands beside it lean on its checkpoints."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from digitization.worksheet_columns import FILE_COLUMNS
from domain.access import AccessRule, RecordRead
from domain.sealed import Plain
from ledger.access_publication import access_stream
from ledger.sequencer_thread import SequencerThread
from mocban.__main__ import main
from mocban.bootstrap import Product, open_product
from mocban.hanoi import fonds_creators
from mocban.publication import HourlyPublication, publish_main
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


def test_an_import_beside_a_sequencer_says_what_it_stored(
    city: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a process that sequences, its checkpoint covers an import; given one that hangs, all is told but that."""
    with open_product(Settings.from_environment()) as serving:
        main_log, _ = serving.sequencers()
        with _running(SequencerThread(main_log)):
            code, told = _imported(capsys, _worksheet(city / "good.csv", "2019", "2020"))
            assert (code, told["rows"], told["refused"], told["problems"]) == (0, 2, 0, [])
            assert told["checkpoint"] == serving.main.size() == serving.main_log.checkpoint()[0].size
        monkeypatch.setattr("mocban.publication.PATIENCE_SECONDS", 0.1)
        main_log.advance()  # holds the lock from here on, and publishes no more
        code, told = _imported(capsys, _worksheet(city / "mixed.csv", "2021", "20x9"))
        main_log.close()
        assert (code, told["rows"], told["refused"], told["checkpoint"]) == (1, 2, 1, None)
        assert told["imports"][0]["by_code"] == {"worksheet-number": 1}
        assert [one["code"] for one in told["problems"]] == ["sequencer-busy"]
        assert publish_main(serving) == serving.main.size()


@contextmanager
def _running(thread: SequencerThread) -> Iterator[None]:
    thread.start()
    try:
        yield
    finally:
        thread.stop()
    assert thread.stopped_by is None


def _imported(capsys: pytest.CaptureFixture[str], worksheet: Path) -> tuple[int, Any]:
    code = main(["import", str(worksheet), "--json"])
    return code, msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])


def _worksheet(path: Path, *catalogs: str) -> Path:
    """A worksheet with one file of the city's first fonds in each catalogue named."""
    fonds, agency = min(fonds_creators().items())
    whole = {
        "organ_id": agency, "fonds": fonds, "holder": agency, "start_year": "2019", "retention": "vĩnh viễn",
        "state": "Đã kết thúc", "block": "Chính quyền", "arranged": "Có", "title": f"Hồ sơ {path.stem}",
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in FILE_COLUMNS])
        for number, catalog in enumerate(catalogs):
            row = {**whole, "catalog": catalog, "notation": f"{len(path.stem)}{number:03}"}
            writer.writerow([row.get(column.field, "") for column in FILE_COLUMNS])
    return path
