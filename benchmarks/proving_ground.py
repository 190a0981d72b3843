"""A ground to prove speed on: a product of its own in a folder of its own, with an embedded server; all removed after.

fsync and synchronous_commit stay on, as everywhere: what is measured survives a power cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks.machine import CpuMeter
from ledger.actor import Actor
from mocban.bootstrap import Product, open_product
from mocban.database.cluster import Cluster
from mocban.database.thrown_away import thrown_away
from mocban.offices import Office
from mocban.settings import Settings

PEER: Final = "peer"
"""Schema of whatever the product is compared with."""
_PREFIX: Final = "mocban-bench-"


class ProvingGround(msgspec.Struct, frozen=True):
    """product: founded, nothing recorded yet. folder: for files of the benchmark's own."""

    product: Product
    folder: Path

    @property
    def admin(self) -> str:
        """Address of the main database for who makes the peers' tables."""
        return self.product.databases.main_admin

    @property
    def clerk(self) -> Actor:
        """Who signs."""
        return self.product.actor(Office.ARCHIVIST)

    def meter(self, children: Sequence[int] = ()) -> CpuMeter:
        """Watches this process, those that work for it, and the server."""
        return CpuMeter(Cluster(settings=self.product.settings).pid() or 0, children)

    def peer_environment(self, name: str) -> dict[str, str]:
        """Settings of a stock eventsourcing application on the same server."""
        parts = conninfo_to_dict(self.admin)
        return {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(parts["dbname"]),
            "POSTGRES_HOST": str(parts["host"]),
            "POSTGRES_PORT": str(parts["port"]),
            "POSTGRES_USER": str(parts["user"]),
            "POSTGRES_PASSWORD": str(parts["password"]),
            "POSTGRES_SCHEMA": PEER,
            "APPLICATION_NAME": name,
        }

    def equal_table(self, name: str) -> str:
        """A table with the columns, checks and indexes of the log's events and nothing else; its qualified name."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            table = f"{PEER}.{name}"
            connection.execute(f"CREATE TABLE {table} (LIKE main_log.event INCLUDING ALL)".encode())
        return table

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the main database."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def proving_ground() -> Iterator[ProvingGround]:
    """A fresh one. Raises EnvironmentProblem when the server cannot start."""
    with thrown_away(_PREFIX) as folder:
        settings = Settings(home=folder / "home", passphrase="of a benchmark, thrown away with it")  # noqa: S106
        own = folder / "files"
        own.mkdir()
        with open_product(settings) as product:
            ground = ProvingGround(product, own)
            with psycopg.connect(ground.admin, autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA {PEER}".encode())
            yield ground
