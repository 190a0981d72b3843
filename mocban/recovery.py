"""`recover`: a restored database that is older than the last signed checkpoint is refilled from published tiles.

Nothing is taken on trust: the verifier, as a program of its own, checks what is to be put back against the
log's keys and the kept checkpoint; every row that the database holds must be the beginning of it. Then both logs are
refilled in one transaction: killed at any moment, the database is as it was or whole, and the command is run again.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg

from domain.errors import Refusal
from ledger.application import Ledger
from ledger.founding import founded_origin
from ledger.kept_checkpoint import KeptCheckpoint
from ledger.log_name import LogName
from ledger.lost_content import Lost, LostContent
from ledger.recovery import LogRecovery
from ledger.tile_store import TileStore
from mocban.bootstrap import WRITER, Product, open_keystore, open_product
from mocban.database import open_databases
from mocban.environment_problem import EnvironmentProblem
from mocban.migrate import migrate
from mocban.own_rows import AUDITOR
from mocban.process_note import make_run, noted_process
from mocban.recovery_source import Sources, check_source, files_of, read_source
from mocban.settings import Settings
from signing.checkpoint import Checkpoint, open_checkpoint
from signing.fault_point import FaultPoint, reached
from signing.note import VerifierKey
from signing.verification_error import VerificationError

_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended('mocban.sequencer.' || %s, 0))"
_ACTS: Final = "SELECT acts FROM {log}.head"
_GENESIS: Final = "SELECT note FROM {log}.act WHERE index = 0"
_LATEST: Final = "SELECT note FROM {log}.latest_checkpoint WHERE size > 0"

Told = Callable[[str, LogName, int, int], None]
"""Told what is being done (verify, rows, tiles, acts, views), of which log, how much is done, and of how much."""


class LogReport(msgspec.Struct, frozen=True, kw_only=True):
    """before, after: acts in the database. events: put back. lost: of the content of what came back.

    beyond: acts after the last checkpoint that had tiles and are lost; those tiles are set aside.
    """

    before: int
    after: int
    events: int
    beyond: int
    lost: Lost


def recover(settings: Settings, sources: Sources, told: Told) -> Mapping[LogName, LogReport]:
    """Refill both logs, then make the views anew. Idempotent; where nothing is missing nothing is written.

    Raises Refusal, and then the database is as it was: `already-running`, `sequencer-busy`, `recovery-source-missing`,
    `recovery-source-invalid`, `recovery-source-too-short`, `recovery-source-differs`, `recovery-ledger-differs`,
    `recovery-source-of-other-ledger`, `recovery-disturbed`, `checkpoint-invalid`; EnvironmentProblem
    (`ledger-of-other-keys`).
    """
    if noted_process(settings.run, "serve") is not None:
        raise Refusal("already-running", name="serve")
    with _alone(settings, sources) as product:
        reports = _Refilling(product, sources, told).run()
    with open_product(settings, any_views=True) as product:
        for log, rebuild in zip(LogName, product.rebuilds(), strict=True):
            rebuild.run(lambda done, of, log=log: told("views", log, done, of))  # type: ignore[misc]  # bound per turn
    return reports


@contextmanager
def _alone(settings: Settings, sources: Sources) -> Iterator[Product]:
    """The product with nothing asked of its database yet, and nobody else at it."""
    databases = open_databases(settings)
    make_run(settings.run)
    with (settings.run / "open.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        migrate(databases)
        keystore = open_keystore(settings)
        found = founded_origin(databases.main_url(WRITER))
        origin = found or read_source(settings.objects, LogName.MAIN, sources.main).point.origin
        if not any(keystore.holds("ed25519", f"log-{pair}-{origin}") for pair in ("live", "standby")):
            raise EnvironmentProblem("ledger-of-other-keys")
        product = Product(settings, databases, keystore, origin)
        try:
            _check_keys(product)
            yield product
        finally:
            product.close()


def _check_keys(product: Product) -> None:
    """As at any start. Raises EnvironmentProblem `ledger-of-other-keys`."""
    try:
        product.log_keys.check()
    except Refusal as refusal:
        raise EnvironmentProblem(refusal.code, **refusal.facts) from refusal


class _Refilling:
    """Both logs, over one connection."""

    def __init__(self, product: Product, sources: Sources, told: Told) -> None:
        self._product, self._sources, self._told = product, sources, told
        self._home, self._objects = product.settings.home, product.settings.objects
        self._ledgers = {LogName.MAIN: product.main, LogName.ACCESS: product.access}

    def run(self) -> dict[LogName, LogReport]:
        """Check everything, then write."""
        with psycopg.connect(self._product.databases.main_url(AUDITOR), autocommit=True) as connection:
            for log in LogName:
                _lock(connection, log)
            recoveries = {log: self._checked(connection, ledger) for log, ledger in self._ledgers.items()}
            held = {
                log: one.check_rows(connection, self._teller("rows", log, one.point.size))
                for log, one in recoveries.items()
            }
            for one in recoveries.values():
                self._copy_tiles(one)
            return self._refill(connection, recoveries, held)

    def _checked(self, connection: psycopg.Connection[Any], ledger: Ledger) -> LogRecovery:
        """What is to be put back: by the log's own keys, reaching every checkpoint that is known, and verified."""
        log = ledger.log_name
        one = read_source(self._objects, log, self._sources.of(log))
        if one.point.origin != ledger.origin:
            raise Refusal("recovery-source-of-other-ledger", log=log, given=one.point.origin, origin=ledger.origin)
        kept = KeptCheckpoint(self._home, log).path
        claims = (
            one.note,
            kept.read_bytes() if kept.exists() else None,
            TileStore(self._objects, log).served(),
            _only(connection, _LATEST, log),
        )
        for claim in claims:
            if claim is not None:
                one.check_claim(self._opened(log, claim))
        self._told("verify", log, 0, one.point.size)
        folder = Path(tempfile.mkdtemp(prefix="recovery-", dir=self._product.settings.run))
        try:
            check_source(one, folder, self._vkeys(log), _only(connection, _GENESIS, log), kept)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._told("verify", log, one.point.size, one.point.size)
        return one

    def _copy_tiles(self, one: LogRecovery) -> None:
        """An export folder becomes the product's own tiles, as far as those are missing."""
        own, source = TileStore(self._objects, one.log), one.published.tiles
        paths = list(files_of(one).tile_paths())
        for done, path in enumerate(paths, start=1):
            if not (own.folder / path).exists() or source.folder != own.folder:
                own.write({path: source.read(path)})
            self._told("tiles", one.log, done, len(paths))
        reached(FaultPoint.RECOVERY_TILES_COPIED)

    def _refill(
        self,
        connection: psycopg.Connection[Any],
        recoveries: Mapping[LogName, LogRecovery],
        held: Mapping[LogName, int],
    ) -> dict[LogName, LogReport]:
        events: dict[LogName, int] = {}
        notes: dict[LogName, bytes] = {}
        with connection.transaction():
            for log, one in recoveries.items():
                told = self._teller("acts", log, one.point.size)
                events[log] = one.append(connection, held[log], told)
                notes[log] = one.publish(connection, self._vkeys(log))
            # Before the commit: once the database is whole, anybody may append, and publish.
            beyond = {log: self._set_aside(connection, one) for log, one in recoveries.items()}
            reached(FaultPoint.RECOVERY_ACTS_APPENDED)
        reached(FaultPoint.RECOVERY_COMMITTED)
        for log, note in notes.items():
            KeptCheckpoint(self._home, log).keep(note)
            TileStore(self._objects, log).serve(note)
            reached(FaultPoint.RECOVERY_KEPT)
        lost = {log: self._content(log).settle(connection) for log in recoveries}
        return {
            log: LogReport(
                before=held[log], after=one.point.size, events=events[log], beyond=beyond[log], lost=lost[log]
            )
            for log, one in recoveries.items()
        }

    def _set_aside(self, connection: psycopg.Connection[Any], one: LogRecovery) -> int:
        """Tiles of acts that no checkpoint speaks of and the database has lost: others will lie in their places."""
        row = connection.execute(_ACTS.format(log=one.log.value).encode()).fetchone()
        if row is None or row[0] > one.point.size:
            return 0
        return TileStore(self._objects, one.log).set_aside(one.point.size, one.published.places.events)

    def _content(self, log: LogName) -> LostContent:
        product = self._product
        keys = product.record_keys if log is LogName.MAIN else product.reader_keys
        return LostContent(self._ledgers[log], keys, product.store, product.blobs)

    def _opened(self, log: LogName, note: bytes) -> Checkpoint:
        try:
            return open_checkpoint(note, self._vkeys(log)).checkpoint
        except VerificationError as error:
            raise Refusal("checkpoint-invalid", reason=error.detail) from error

    def _vkeys(self, log: LogName) -> tuple[VerifierKey, ...]:
        return self._product.log_keys.public(self._ledgers[log].origin)

    def _teller(self, what: str, log: LogName, of: int) -> Callable[[int], None]:
        return lambda done: self._told(what, log, done, of)


def _lock(connection: psycopg.Connection[Any], log: LogName) -> None:
    """Nobody publishes meanwhile."""
    row = connection.execute(_LOCK, (log.value,)).fetchone()
    if row is None or row[0] is not True:
        raise Refusal("sequencer-busy", log=log)


def _only(connection: psycopg.Connection[Any], text: str, log: LogName) -> bytes | None:
    """The first column of the only row, None where there is none."""
    row = connection.execute(text.format(log=log.value).encode()).fetchone()
    return None if row is None else bytes(row[0])
