"""Rebuild: the views of the main log made anew, against the stock ProjectionRunner with one row an event.

`one_row` decodes every event of a log of mixed events and writes one row of each: the peer's work. The stock runner
drains a log of its own: one event, one row, one transaction. `all_views` makes every view there is from the same mixed
log, opening each sealed title and text on the way, with no record key in memory at the start; `custody` the one view
that custody rests on, which needs no key.
"""

from __future__ import annotations

from itertools import count
from typing import Final

from benchmarks.event_rows import EventRows, make_event_rows
from benchmarks.machine import load, machine
from benchmarks.mixed_log import record_mixed_log
from benchmarks.proving_ground import ProvingGround, proving_ground
from benchmarks.report import Report, Size, Told
from benchmarks.rounds import Contestant, Work, race
from benchmarks.stock_projection import StockProjecting
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.sealer import Unsealer
from mocban.bootstrap import PROJECTOR, WRITER
from projections.custody_history import CustodyHistory
from projections.main_views import main_views
from projections.rebuild import Rebuild
from projections.view import View

NAME: Final = "rebuild"
EVENTS: Final = 52_000
STOCK_EVENTS: Final = 1_000
RATIOS: Final = {
    "stock": ("one_row", "stock"),
    "stock_all_views": ("all_views", "stock"),
    "stock_custody": ("custody", "stock"),
}


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    with proving_ground() as ground:
        make_event_rows(ground)
        mixed = record_mixed_log(ground, size.of(EVENTS))
        stock = StockProjecting(ground, size.of(STOCK_EVENTS))
        contestants: dict[str, Contestant] = {
            "one_row": lambda _: lambda: _rebuild(ground, [EventRows()]),
            "all_views": lambda _: lambda: _all_views(ground),
            "stock": stock.ready,
            "custody": lambda _: lambda: _rebuild(ground, [CustodyHistory()]),
        }
        runs, done = size.rounds * len(contestants), count(1)
        outcome = race(contestants, size.rounds, ground.meter(), lambda: told(next(done), runs))
        ranges = {name: outcome.ratio_range(*pair) for name, pair in RATIOS.items()}
        return Report(
            name=NAME,
            figures=outcome.figures() | {"ratio_ranges": ranges, "events": mixed},
            ratios={name: outcome.ratio(*pair) for name, pair in RATIOS.items()},
            machine=machine(ground.admin, before),
        )


def _all_views(ground: ProvingGround) -> Work:
    product = ground.product
    kek = product.keystore.key_encryption_key("record")
    cold = KeyStore(product.databases.keys_url(WRITER), kek, "record")
    try:
        return _rebuild(ground, main_views(Unsealer(cold, product.store, product.blobs)))
    finally:
        cold.close()


def _rebuild(ground: ProvingGround, views: list[View]) -> Work:
    product = ground.product
    address = product.databases.main_url(PROJECTOR)
    rebuilt = Rebuild(address, LogName.MAIN, views, product.main.event_mapper.decode).run()
    return Work(rebuilt.events, rebuilt.seconds)
