"""Traces of a file: its key, ciphertexts, scans and words as bytes, and every place where they might still lie."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
from psycopg import sql

from domain.sealed import SealedBlob
from ledger.destruction import commitments
from mocban.bootstrap import Product
from mocban.drills.sealed_files import SealedFile
from signing.base64_text import from_base64

_TABLES: Final = (
    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
    "UNION ALL SELECT 'pg_catalog', 'pg_statistic' ORDER BY 1, 2"
)
_WRAPPED: Final = "SELECT wrapped FROM key_store.record_key WHERE owner = %s"
_LENGTH: Final = 24


class Traces(msgspec.Struct, frozen=True):
    """what -> bytes that occur nowhere but in the file's key, ciphertexts, scans or words."""

    needles: Mapping[str, bytes]

    @property
    def stored(self) -> list[str]:
        """Those that lie somewhere while the file is kept: all but its key, which is never written unwrapped."""
        return [what for what in self.needles if what != "key"]

    def in_bytes(self, data: bytes | mmap.mmap) -> list[str]:
        """Which of them are there."""
        return [what for what, needle in self.needles.items() if data.find(needle) >= 0]

    def in_files(self, *folders: Path) -> list[str]:
        """`what: path` of each that any file below holds."""
        return [f"{what}: {path}" for path in _files(folders) for what in _held(path, self)]

    def in_rows(self, url: str) -> list[str]:
        """`what: schema.table` of each that a row of any table of a database holds, statistics included."""
        found = []
        with psycopg.connect(url, autocommit=True) as connection:
            for schema, table in connection.execute(_TABLES).fetchall():
                text = _rows(connection, str(schema), str(table))
                found += [
                    f"{what}: {schema}.{table}"
                    for what, needle in self.needles.items()
                    if needle.hex() in text or needle.decode("latin-1") in text
                ]
        return found


def traces_of(product: Product, file: SealedFile) -> Traces:
    """Of a file that is still there: its wrapped key, its key, each ciphertext, each scan's ciphertext, each word."""
    needles: dict[str, bytes] = {f"word {at}": word.split()[-1].encode() for at, word in enumerate(file.words)}
    needles["key"] = product.record_keys.find({file.id})[file.id]
    with psycopg.connect(product.databases.keys_admin) as connection:
        row = connection.execute(_WRAPPED, (file.id,)).fetchone()
    assert row is not None, "the file has its key"
    needles["wrapped key"] = bytes(row[0])[:_LENGTH]
    for at, sealed in enumerate(commitments(product.main, file.streams)):
        digest = from_base64(sealed.ct, 32)
        if isinstance(sealed, SealedBlob):
            needles[f"scan {at}"] = (product.blobs.get(digest) or b"")[:_LENGTH]
        else:
            needles[f"ciphertext {at}"] = product.store.get({digest})[digest][0][:_LENGTH]
    assert all(len(needle) >= _LENGTH - 2 for needle in needles.values()), "a trace that could be anything's"
    return Traces(needles)


def _rows(connection: psycopg.Connection[Any], schema: str, table: str) -> str:
    query = sql.SQL("SELECT string_agg(t::text, E'\\n') FROM {} AS t").format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    return str(row[0]) if row and row[0] is not None else ""


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _held(path: Path, traces: Traces) -> list[str]:
    try:
        with path.open("rb") as opened:
            if not path.stat().st_size:
                return []
            with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return traces.in_bytes(data)
    except FileNotFoundError:  # the server removes files of its own while we look
        return []
