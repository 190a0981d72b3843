"""Back-ups made before the destruction, as an operator keeps them, and what comes out of them afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg

from domain.errors import Refusal
from ledger.blob_store import BlobStore
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.sealed_store import SealedStore
from ledger.sealer import Unsealer
from mocban.bootstrap import PROJECTOR, WRITER, Product
from mocban.database import Databases, connection_url
from mocban.drills.destruction.backup import WITHOUT_VIEWS, Backups, renamed
from mocban.drills.destruction.traces import Traces
from mocban.drills.sealed_files import SealedFile
from projections.main_views import main_views
from projections.rebuild import Rebuild

_TITLES: Final = "SELECT id, title FROM projection.file"


class KeptBackups:
    """The main database without its views, the key database, the scans."""

    def __init__(self, product: Product, folder: Path) -> None:
        """Make them. folder: where they are kept."""
        self._product, self._folder = product, folder
        self._programs = Backups(product.settings)
        self._main, self._keys, self._blobs = folder / "main.dump", folder / "keys.dump", folder / "blobs"
        self._programs.dump(product.databases.main_admin, self._main, *WITHOUT_VIEWS)
        self._programs.dump(product.databases.keys_admin, self._keys)
        shutil.copytree(product.settings.objects / "blobs", self._blobs)

    def traces_in_new(self, traces: Traces) -> list[str]:
        """In whole dumps of both databases as they are now."""
        new = self._folder / "new"
        new.mkdir()
        self._programs.dump(self._product.databases.main_admin, new / "main.dump")
        self._programs.dump(self._product.databases.keys_admin, new / "keys.dump")
        return traces.in_files(new)

    def with_present_keys(self, victim: SealedFile, kept: Sequence[SealedFile]) -> list[str]:
        """What is wrong when the old main database and scans are restored beside the key database as it is."""
        databases = self._product.databases
        with self._programs.restored(databases.main_admin, self._main, "drill_restored") as main:
            return list(self._wrong(renamed(databases, main), databases.keys_url(WRITER), victim, kept))

    def with_older_keys(self, victim: SealedFile, kept: Sequence[SealedFile]) -> list[str]:
        """The same with keys from before the destruction: then all of it must open, or the looking sees nothing."""
        databases = self._product.databases
        with (
            self._programs.restored(databases.main_admin, self._main, "drill_restored") as main,
            self._programs.restored(databases.keys_admin, self._keys, "drill_restored_keys") as keys,
        ):
            # Nothing is the victim's here: the file is one of those that must open.
            return list(self._wrong(renamed(databases, main), connection_url(keys, WRITER), None, [victim, *kept]))

    def _wrong(
        self, restored: Databases, keys_url: str, victim: SealedFile | None, kept: Sequence[SealedFile]
    ) -> Iterator[str]:
        product = self._product
        keys = KeyStore(keys_url, product.keystore.key_encryption_key("record"), "record")
        store = SealedStore(restored.main_url(WRITER))
        try:
            unsealer = Unsealer(keys, store, BlobStore(self._blobs))
            yield from wrongly_open(unsealer, victim, kept)
            decode = product.main.event_mapper.decode
            Rebuild(restored.main_url(PROJECTOR), LogName.MAIN, main_views(unsealer), decode).run()
            with psycopg.connect(restored.main_admin) as connection:
                titles: dict[UUID, str | None] = dict(connection.execute(_TITLES).fetchall())
            if victim is not None and titles[victim.id] is not None:
                yield f"{victim.code}: the title opens"
            yield from (f"{file.code}: the title does not open" for file in kept if titles[file.id] != file.title)
        finally:
            keys.close()
            store.close()


def wrongly_open(unsealer: Unsealer, victim: SealedFile | None, kept: Sequence[SealedFile]) -> Iterator[str]:
    """Which scans of the victim open all the same, and which of the others do not."""
    for file in kept if victim is None else (victim, *kept):
        for document in file.documents:
            for blob in document.blobs:
                try:
                    opened = document.text.encode() in unsealer.open_blob(blob, document.id)
                except Refusal:
                    opened = False
                if opened == (file is victim):
                    yield f"{file.code}: a scan {'opens' if opened else 'does not open'}"
