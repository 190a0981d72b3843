"""A file is destroyed by the product's own way; then everything that could still hold it is asked, one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec
import psycopg

from domain.disposition import Ground
from mocban.bootstrap import Product
from mocban.custody.day import civil_today
from mocban.custody.freshness import caught_up
from mocban.destroying import DestructionOrder, complete_destruction, destroy_file
from mocban.drills.destruction.evidence import gathered
from mocban.drills.destruction.kept_backups import KeptBackups, wrongly_open
from mocban.drills.destruction.traces import Traces, traces_of
from mocban.drills.sealed_files import SealedFile, make_files
from mocban.drills.verdict import view_contents
from mocban.named_file import NamedFile

FILES: Final = 6


class Check(msgspec.Struct, frozen=True):
    """One question asked. found: what should not have been there, or why not; empty where it holds."""

    name: str
    found: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Whether the answer is as it must be."""
        return not self.found


class DestroyReport(msgspec.Struct, frozen=True, kw_only=True):
    """traces: pieces of the file that were looked for. rows_before, files_before: that held one while it was kept.

    unseen: traces that the looking did not find even then, though they are kept on disk or in a row.
    """

    traces: int
    rows_before: int
    files_before: int
    unseen: tuple[str, ...]
    checks: list[Check]
    seconds: float

    @property
    def passed(self) -> bool:
        """All of it held, and the looking finds what is there."""
        return not self.unseen and all(check.held for check in self.checks)


def destroy_drill(product: Product, folder: Path, tell: Callable[[Check], None], *, own_server: bool) -> DestroyReport:
    """On a fresh product. folder: for back-ups and exports. own_server: look through all of its files as well."""
    began, checks = time.monotonic(), list[Check]()

    def ask(name: str, found: Iterable[str]) -> None:
        checks.append(Check(name, tuple(found)))
        tell(checks[-1])

    files = make_files(product, FILES)
    victim, kept = files[0], files[1:]
    caught_up(product)
    _sampled(product)
    traces = traces_of(product, victim)
    evidence = gathered(product, folder / "before", victim)
    backups = KeptBackups(product, folder)
    places = [product.settings.home] if own_server else [product.settings.objects]
    rows_before, files_before = _rows(product, traces), _files(product, traces, places)
    _destroy(product, victim)
    ask("rows of both databases hold nothing of it", _rows(product, traces))
    ask("no file of the data folder holds anything of it", _files(product, traces, places))
    ask("ledger, export and bundle verify", evidence.unverified(product, folder))
    ask("proofs of its acts verify as before", evidence.proofs_failing(product))
    ask("export, bundle and proofs hold nothing of it", traces.in_files(folder / "before", folder / "after"))
    ask("a dump taken now holds nothing of it", backups.traces_in_new(traces))
    ask("it opens no more, the others do", wrongly_open(product.unsealer, victim, kept))
    ask("views rebuilt are as the living ones", _rebuilt(product))
    ask("old dump, present keys: it stays closed", backups.with_present_keys(victim, kept))
    ask("old dump, keys older than the destruction: it opens", backups.with_older_keys(victim, kept))
    seen = rows_before + files_before
    return DestroyReport(
        traces=len(traces.needles),
        rows_before=len(rows_before),
        files_before=len(files_before),
        unseen=tuple(what for what in traces.stored if not any(one.startswith(f"{what}: ") for one in seen)),
        checks=checks,
        seconds=round(time.monotonic() - began, 1),
    )


def _destroy(product: Product, victim: SealedFile) -> None:
    """By decision of two; then, as on the day after the last back-up, everything written anew and recorded complete."""
    today = civil_today()
    order = DestructionOrder(basis="QĐ diễn tập", ground=Ground.RETENTION_ENDED, kept_until=today)
    named = NamedFile(id=victim.id, code=victim.code)
    destroy_file(product, named, order, today)
    tomorrow = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    complete_destruction(product, [named], tomorrow, lambda _table: None, rest_done=True)


def _sampled(product: Product) -> None:
    """Statistics are taken, as the server does by itself: they hold samples of values."""
    for url in (product.databases.main_admin, product.databases.keys_admin):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")


def _rows(product: Product, traces: Traces) -> list[str]:
    return traces.in_rows(product.databases.main_admin) + traces.in_rows(product.databases.keys_admin)


def _files(product: Product, traces: Traces, places: list[Path]) -> list[str]:
    """After all that the server still holds in memory is on disk."""
    with psycopg.connect(product.databases.main_admin, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return traces.in_files(*places)


def _rebuilt(product: Product) -> list[str]:
    caught_up(product)
    live = view_contents(product)
    rebuild, _ = product.rebuilds()
    rebuild.run()
    again = view_contents(product)
    return [table for table in live if live[table] != again[table]]
