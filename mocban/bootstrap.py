"""The only wiring: from settings to a product that is open, by constructors and by hand."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import psycopg
from psycopg_pool import ConnectionPool

from domain.errors import Refusal
from domain.identifiers import Naming
from ledger.access_journal import AccessJournal
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.blob_store import BlobStore
from ledger.fixity import FixityIndex
from ledger.founding import founded_origin, new_origin
from ledger.key_age import check_key_age
from ledger.key_store import KeyStore
from ledger.live_connection import check_alive
from ledger.log_name import LogName
from ledger.log_store import LogStore
from ledger.prepared_store import PreparedStore
from ledger.sealed_store import SealedStore
from ledger.sealer import Sealer, Unsealer
from ledger.secret import LedgerSecret
from ledger.sequencer import Sequencer
from ledger.start_check import check_empty, check_start
from mocban.database import Databases, open_databases
from mocban.environment_problem import EnvironmentProblem
from mocban.founding import Alone, Beginning
from mocban.log_keys import LogKeys
from mocban.migrate import migrate
from mocban.office_keys import OfficeKeys
from mocban.offices import Office
from mocban.passphrase import passphrase
from mocban.process_note import make_run
from mocban.settings import Settings
from projections.main_views import access_views, main_views
from projections.rebuild import Rebuild
from projections.runner import Runner
from projections.standing import check_views
from signing.keystore import FileKeystore, Keystore
from signing.note import Signer
from signing.verification_error import VerificationError

WRITER: Final = "mocban_ledger_writer"
ACCESS_LOGGER: Final = "mocban_access_logger"
PROJECTOR: Final = "mocban_projector"
READER: Final = "mocban_reader"


class Product:
    """Everything open, in the order it depends on itself. Closed by `open_product`."""

    def __init__(self, settings: Settings, databases: Databases, keystore: Keystore, origin: str) -> None:
        self.settings: Final = settings
        self.databases: Final = databases
        self.keystore: Final = keystore
        self.origin: Final = origin
        self.secret: Final = LedgerSecret(keystore.ledger_secret())
        self.naming: Final = Naming(self.secret.ids)
        writer, logger = databases.main_url(WRITER), databases.main_url(ACCESS_LOGGER)
        self.store: Final = SealedStore(writer)
        self.prepared: Final = PreparedStore(writer)
        self.blobs: Final = BlobStore(settings.objects / "blobs")
        self.record_keys: Final = self._keys("record")
        self.reader_keys: Final = self._keys("reader")
        self.sealer: Final = Sealer(self.record_keys, self.store, self.blobs)
        self.unsealer: Final = Unsealer(self.record_keys, self.store, self.blobs)
        self.fixity: Final = FixityIndex(writer, self.secret)
        self.main: Final = Ledger(
            log=LogName.MAIN, origin=origin, conninfo=writer, secret=self.secret, sealer=self.sealer
        )
        self.access: Final = Ledger(
            log=LogName.ACCESS,
            origin=LogName.ACCESS.origin(origin),
            conninfo=logger,
            secret=self.secret,
            sealer=Sealer(self.reader_keys, self.store),
        )
        self.log_keys: Final = LogKeys(keystore, self.main, self.access, settings.home)
        self.main_log: Final = LogStore(self.main, settings.home)
        self.access_log: Final = LogStore(self.access, settings.home)
        self._office_keys: Final = OfficeKeys(keystore, origin)
        self.journal: Final = AccessJournal(self.access, lambda: self.actor(Office.RECORDER, LogName.ACCESS))
        self.views: Final = ConnectionPool[Any](
            databases.main_url(READER),
            min_size=0,
            max_size=8,
            timeout=5,
            kwargs={"autocommit": True},
            check=check_alive,
            open=True,
        )

    def actor(self, office: Office, log: LogName = LogName.MAIN) -> Actor:
        """The actor in an office of this ledger, with the server-held key it signs by in a log."""
        ledger = self.main if log is LogName.MAIN else self.access
        return self._office_keys.in_force(self._actor_id(office), ledger.registry.current().registry)

    def next_actor(self, office: Office, ledgers: Sequence[Ledger]) -> Actor:
        """The same with a key that one of these logs does not know yet, made where there is none."""
        known = [registry for one in ledgers if (registry := one.registry.refresh().registry) is not None]
        return self._office_keys.next(self._actor_id(office), known)

    def _actor_id(self, office: Office) -> str:
        return str(self.naming.other("actor", office))

    def runners(self) -> tuple[Runner, Runner]:
        """What folds the main log and the access log into their views; not started."""
        conninfo = self.databases.main_url(PROJECTOR)
        return (
            Runner(conninfo, LogName.MAIN, main_views(self.unsealer), self.main.event_mapper.decode),
            Runner(conninfo, LogName.ACCESS, access_views(), self.access.event_mapper.decode),
        )

    def rebuilds(self) -> tuple[Rebuild, Rebuild]:
        """What makes the views of the main log and of the access log anew; not run."""
        conninfo = self.databases.main_url(PROJECTOR)
        return (
            Rebuild(conninfo, LogName.MAIN, main_views(self.unsealer), self.main.event_mapper.decode),
            Rebuild(conninfo, LogName.ACCESS, access_views(), self.access.event_mapper.decode),
        )

    def sequencers(self) -> tuple[Sequencer, Sequencer]:
        """What publishes the main log and the access log; not started."""
        return self._sequencer(self.main, WRITER), self._sequencer(self.access, ACCESS_LOGGER)

    def log_signers(self, origin: str) -> tuple[Signer, ...]:
        """The pair in force under the name of the log `origin`; both logs are signed by the same keys."""
        return self.log_keys.in_force(origin)

    def close(self) -> None:
        """Close connections, writers first."""
        with ExitStack() as closing:
            last_first = (self.record_keys, self.reader_keys, self.store, self.fixity, self.views, self.access)
            for part in (*last_first, self.main, self.journal):
                closing.callback(part.close)

    def _sequencer(self, ledger: Ledger, role: str) -> Sequencer:
        return Sequencer(
            log=ledger.log_name,
            origin=ledger.origin,
            conninfo=self.databases.main_url(role),
            home=self.settings.home,
            signers=self.log_keys.pair(ledger.origin),
            standby=self.log_keys.pair(ledger.origin, standby=True),
            taken_over=self.log_keys.taken_over,
        )

    def _keys(self, key_class: str) -> KeyStore:
        kek = self.keystore.key_encryption_key(key_class)
        return KeyStore(self.databases.keys_url(WRITER), kek, key_class)


@contextmanager
def open_product(
    settings: Settings, *, any_views: bool = False, beginning: Beginning | None = None
) -> Iterator[Product]:
    """The product on its database: started, migrated and founded where that is still to be done. Idempotent.

    any_views: views that do not belong to the ledger are no hindrance, since they are to be rebuilt. beginning: how it
    is founded; one registrar of one unless said otherwise. Raises EnvironmentProblem, also for a ledger that is not the
    one this data folder belongs to; then nothing was written.
    """
    databases = open_databases(settings)
    make_run(settings.run)
    with (settings.run / "open.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        migrate(databases)
        keystore = open_keystore(settings)
        found = founded_origin(databases.main_url(WRITER))
        if found is None:
            _stopping(lambda: check_empty(settings.home))
        beginning = beginning or Alone()
        product = Product(settings, databases, keystore, found or beginning.origin or new_origin())
        try:
            if found is not None:
                _stopping(lambda: _check(product, any_views=any_views))
            beginning.found(product)
        except BaseException:
            product.close()
            raise
    try:
        yield product
    finally:
        product.close()


def open_keystore(settings: Settings) -> Keystore:
    """The file key store. Raises EnvironmentProblem `keystore-passphrase`, `keystore-damaged`."""
    try:
        return FileKeystore(settings.keys, passphrase(settings))
    except VerificationError as error:
        raise EnvironmentProblem(error.code, folder=settings.keys) from error


def _stopping(check: Callable[[], None]) -> None:
    """What a check refuses is for the person at the machine to mend."""
    try:
        check()
    except Refusal as refusal:
        raise EnvironmentProblem(refusal.code, **refusal.facts) from refusal


def _check(product: Product, *, any_views: bool) -> None:
    """Ledger, kept checkpoints, keys and views must belong together (architecture D14)."""
    product.log_keys.check()
    views = {LogName.MAIN: main_views(product.unsealer), LogName.ACCESS: access_views()}
    with (
        psycopg.connect(product.databases.main_url(PROJECTOR), autocommit=True) as connection,
        psycopg.connect(product.databases.keys_url(PROJECTOR), autocommit=True) as keys,
    ):
        for ledger in (product.main, product.access):
            vkeys = product.log_keys.public(ledger.origin)
            check_start(connection, ledger.log_name, ledger.origin, vkeys, product.settings.home)
        check_key_age(connection, keys)
        for log in LogName if not any_views else ():
            check_views(connection.cursor(), log, [view.name for view in views[log]])
