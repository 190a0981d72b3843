"""Custody at a city's scale: the reorganization of 2025-07-01 over N files in 13,368 lots.

Enactment is timed from the command until every view has folded it, against UPDATE of the custodian of every
file-carrier that it concerns, in one statement, in a table with an index on the custodian. Then pages, chains and the
rebuild of all 126 communes are asked; at last the views are made anew from the ledger and compared row by row. Of a
city of more than `WHOLE` files only enactment, preview and questions are measured: the rest would take hours.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any, Final

import psycopg

from benchmarks.city_files import file_id, record_city, record_files
from benchmarks.machine import load, machine
from benchmarks.proving_ground import PEER, ProvingGround, proving_ground
from benchmarks.questions import Questions
from benchmarks.report import Report, Size, Told
from domain.lot import Carrier
from ledger.act_id import new_act_id
from ledger.commands import reorganization
from ledger.log_name import LogName
from mocban.bootstrap import PROJECTOR
from mocban.custody.account_replay import accounts_of_all
from mocban.hanoi import plan_of
from mocban.offices import Office
from projections.chain import chain
from projections.custody_queries import NEWEST_KNOWN
from projections.holdings_page import holdings_page
from projections.main_views import main_views
from projections.rebuild import Rebuild
from projections.runner import Runner
from projections.view import View
from projections.whatif import preview
from reference import hanoi
from reference.plan import load_plan

NAME: Final = "custody"
FILES: Final = 1_000_000
ASKED: Final = 300
"""Questions of each kind, and a tenth more that warm the caches."""
WHOLE: Final = 2_000_000
"""So many files at most have naive rows updated and their views made anew a second time."""
TODAY: Final = "2025-07-15"
PAST: Final = "2025-06-15"
_VIEWS: Final = frozenset({"succession_graph", "finding_aid", "custody_history", "holdings", "audit_trail"})
"""What custody is asked of; the other views have no part in it."""

# The same facts, kept as one row a file-carrier: what a reorganization costs where custody is a column.
_NAIVE: Final = f"""
CREATE TABLE {PEER}.carrier_custody AS SELECT file, carrier, fonds, lot, holder AS custodian, effective AS since
FROM projection.file_holding;
ALTER TABLE {PEER}.carrier_custody ADD PRIMARY KEY (file, carrier);
CREATE INDEX ON {PEER}.carrier_custody (custodian, file);
"""  # noqa: S608  constants
_TIDY: Final = f"DROP TABLE {PEER}.carrier_custody; CHECKPOINT"
_SETTLE: Final = f"VACUUM ANALYZE {PEER}.carrier_custody; CHECKPOINT"
_NAIVE_UPDATE: Final = f"""
UPDATE {PEER}.carrier_custody AS c SET custodian = a.receiver, since = a.effective
FROM projection.assignment AS a
WHERE a.reorganization = %s AND a.fonds = c.fonds AND (a.lots >> c.lot) & 1 = 1
"""  # noqa: S608  constants
_RECEIVERS: Final = """
SELECT DISTINCT receiver FROM projection.assignment
WHERE receiver IS NOT NULL AND effective <= %s ORDER BY receiver
"""
_LOTS: Final = "SELECT count(DISTINCT (fonds, lot)) FROM projection.lot_content"
_CONTENT: Final = (
    "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM projection.{table} AS t"
)


def run(size: Size, told: Told) -> Report:
    """Measure. Raises EnvironmentProblem when the server cannot start."""
    before = load()
    files = files_of(size)
    with proving_ground() as ground:
        steps = files + 6
        record_city(ground)
        record_files(ground, files, lambda stored: told(stored, steps))
        figures = _Custody(ground, files).measured(lambda step: told(files + step, steps))
        return Report(
            name=NAME,
            figures=figures,
            ratios=_ratios(figures),
            machine=machine(ground.admin, before),
        )


def _ratios(figures: dict[str, Any]) -> dict[str, float]:
    naive = figures.get("naive_update_s")
    return {} if naive is None else {"naive_update": round(naive / figures["enact_s"], 2)}


def files_of(size: Size) -> int:
    """How many files a city of this size has."""
    return size.files or size.of(FILES, 2_000)


class _Custody:
    """A city whose files are recorded, and what is asked of it."""

    def __init__(self, ground: ProvingGround, files: int) -> None:
        self._ground, self._files = ground, files
        product = ground.product
        self._address = product.databases.main_url(PROJECTOR)
        self._plan = plan_of(load_plan(), product.naming)
        self._stream = product.naming.other("reorganization", self._plan.effective)
        self._dice = random.Random(files)  # noqa: S311  the same questions every time

    def measured(self, told: Callable[[int], None]) -> dict[str, Any]:
        """All of it, in order. told: how many of the six steps are done."""
        ledger, planner = self._ground.product.main, self._ground.product.actor(Office.PLANNER)
        figures: dict[str, Any] = {"files": self._files}
        figures["first_rebuild_s"] = self._rebuild()
        self._settle()
        told(1)
        runner = Runner(self._address, LogName.MAIN, self._views(), ledger.event_mapper.decode)
        try:
            reorganization.draft(ledger, planner, new_act_id(), self._stream, self._plan)
            runner.drain()
            figures["preview_s"] = self._preview()
            reorganization.adopt(ledger, planner, new_act_id(), self._stream, self._plan.instrument)
            runner.drain()
            began = perf_counter()
            reorganization.enact(ledger, planner, new_act_id(), self._stream, TODAY)
            runner.drain()
            figures["enact_s"] = round(perf_counter() - began, 3)
        finally:
            runner.stop()
        told(2)
        if self._files <= WHOLE:
            figures |= self._naive()
        told(3)
        figures |= self._asked()
        told(4)
        figures["rebuild_all_s"] = self._all_units()
        told(5)
        if self._files <= WHOLE:
            figures |= self._made_anew()
        told(6)
        return figures

    def _made_anew(self) -> dict[str, Any]:
        live = self._content()
        return {
            "second_rebuild_s": self._rebuild(),
            "rebuilt_equals_live": self._content() == live,
            "rows": {table: count for table, (count, _) in live.items()},
        }

    def _views(self) -> list[View]:
        return [view for view in main_views(self._ground.product.unsealer) if view.name in _VIEWS]

    def _rebuild(self) -> float:
        decode = self._ground.product.main.event_mapper.decode
        return round(Rebuild(self._address, LogName.MAIN, self._views(), decode).run().seconds, 1)

    def _settle(self) -> None:
        """What the server does of itself in the minutes after a load, so that it is not done while others are timed."""
        with psycopg.connect(self._ground.admin, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")

    def _preview(self) -> float:
        with self._ground.product.views.connection() as connection:
            began = perf_counter()
            preview(connection, self._plan)
            return round(perf_counter() - began, 3)

    def _naive(self) -> dict[str, Any]:
        with psycopg.connect(self._ground.admin, autocommit=True) as connection:
            connection.execute(_NAIVE.encode())
            for statement in _SETTLE.split("; "):
                connection.execute(statement.encode())
            began = perf_counter()
            changed = connection.execute(_NAIVE_UPDATE.encode(), (self._stream,)).rowcount
            seconds = perf_counter() - began
            row = connection.execute(_LOTS).fetchone()
            for statement in _TIDY.split("; "):  # what it leaves to be written is not the product's
                connection.execute(statement.encode())
        return {"naive_update_s": round(seconds, 3), "file_carriers_moved": changed, "lots": row[0] if row else 0}

    def _asked(self) -> dict[str, Any]:
        with self._ground.product.views.connection() as connection:
            questions = Questions(connection.info.backend_pid)

            def asked(name: str, question: Callable[[], Callable[[], object]]) -> dict[str, float]:
                warming = ASKED // 10
                return questions.asked(name, [question() for _ in range(ASKED + warming)], warming)

            def page(on: str) -> Callable[[], Callable[[], object]]:
                bodies = [row[0] for row in self._ground.rows(_RECEIVERS.replace("%s", f"'{on}'"))]
                return lambda: partial(holdings_page, connection, self._one(bodies), self._one(list(Carrier)), on)

            return (
                asked("holdings", page(TODAY))
                | asked("holdings_as_of", page(PAST))
                | asked("chain", lambda: partial(chain, connection, self._file(), TODAY))
            )

    def _one(self, bodies: list[Any]) -> Any:
        return self._dice.choice(bodies)

    def _file(self) -> Any:
        return file_id(self._ground, self._dice.randrange(self._files))

    def _all_units(self) -> float:
        with self._ground.product.views.connection() as connection:
            began = perf_counter()
            accounts = accounts_of_all(connection, TODAY, NEWEST_KNOWN)
            seconds = perf_counter() - began
        return round(seconds, 2) if len(accounts) == len(hanoi.units_after()) else -1.0

    def _content(self) -> dict[str, tuple[int, int]]:
        """Rows of each table and a sum over their texts, whatever their order."""
        return {
            table: (int(count), int(total))
            for view in self._views()
            for table in view.tables
            for count, total in self._ground.rows(_CONTENT.replace("{table}", table))
        }
