"""Rebuild: the views of the main log made anew, against the stock ProjectionRunner with one row an event.

`all_views` streams a log of mixed events into every view there is, opening each sealed title and text on the way, with
no record key in memory at the start. `custody` folds the same log into custody alone, which needs no key: one row a
file and lot, as near to the peer's work as a view of ours comes. The stock runner drains a log of its own: one event,
one row, one transaction.
"""

from __future__ import annotations

from itertools import count
from typing import Final

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
EVENTS: Final = 60_000
STOCK_EVENTS: Final = 1_000
RATIOS: Final = {"stock": ("all_views", "stock"), "stock_custody": ("custody", "stock")}


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    with proving_ground() as ground:
        mixed = record_mixed_log(ground, size.of(EVENTS))
        stock = StockProjecting(ground, size.of(STOCK_EVENTS))
        contestants: dict[str, Contestant] = {
            "all_views": lambda _: _all_views(ground),
            "stock": stock.project,
            "custody": lambda _: _rebuild(ground, [CustodyHistory()]),
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
