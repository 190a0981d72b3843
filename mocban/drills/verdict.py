"""What must hold after any disaster; each check names what does not, and names nothing when all is well."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from ledger.log_name import LogName
from mocban.bootstrap import Product
from mocban.publication import publish, write_trust

_GAPS: Final = """
SELECT head.acts, head.events,
       (SELECT count(*) FROM {log}.act), (SELECT coalesce(max(index) + 1, 0) FROM {log}.act),
       (SELECT count(*) FROM {log}.event), (SELECT coalesce(max(position) + 1, 0) FROM {log}.event),
       (SELECT coalesce(sum(events), 0)::bigint FROM {log}.act),
       (SELECT count(*) FROM (SELECT originator_id FROM {log}.event GROUP BY originator_id
                              HAVING max(originator_version) <> count(*)) AS uneven)
FROM {log}.head AS head
"""
_FOUND: Final = "SELECT id, index, first_position, events FROM main_log.act WHERE id = ANY(%s)"
_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'projection' ORDER BY 1"
_CONTENT: Final = "SELECT coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM projection.{table} AS t"


class Acknowledged(msgspec.Struct, frozen=True):
    """What a writer was told: this act lies there."""

    id: UUID
    index: int
    first_position: int


def gaps(product: Product) -> Iterator[str]:
    """Both logs count without gaps, and no stream skips a version."""
    with psycopg.connect(product.databases.main_admin, autocommit=True) as connection:
        for log in LogName:
            row = _rows(connection, _GAPS.replace("{log}", log))[0]
            acts, events, *counts, uneven = row
            if counts != [acts, acts, events, events, events] or uneven:
                yield f"{log}: counts {row} do not fit together"


def lost(product: Product, acknowledged: Iterable[Acknowledged]) -> Iterator[str]:
    """Every acknowledged act lies where its writer was told, once."""
    told = list(acknowledged)
    with psycopg.connect(product.databases.main_admin, autocommit=True) as connection:
        found = {row[0]: row for row in connection.execute(_FOUND, ([act.id for act in told],))}
    for act in told:
        row = found.get(act.id)
        if row is None:
            yield f"act {act.id} was acknowledged and is lost"
        elif row[1:3] != (act.index, act.first_position):
            yield f"act {act.id} was acknowledged at {act.index} and lies at {row[1]}"


def unlike_rebuilt(product: Product) -> Iterator[str]:
    """Views folded live hold what a rebuild makes."""
    for runner in product.runners():
        runner.drain()
        runner.stop()
    live = view_contents(product)
    for rebuild in product.rebuilds():
        rebuild.run()
    rebuilt = view_contents(product)
    yield from (f"view table {table} differs from rebuilt" for table in live if live[table] != rebuilt.get(table))


def view_contents(product: Product) -> dict[str, str]:
    """A digest of each view table's rows, tracking included."""
    with psycopg.connect(product.databases.main_admin, autocommit=True) as connection:
        tables = [row[0] for row in _rows(connection, _TABLES)]
        return {table: _rows(connection, _CONTENT.replace("{table}", table))[0][0] for table in tables}


def unverified(product: Product) -> Iterator[str]:
    """A checkpoint over everything, an export, and the stand-alone verifier, a program of its own, saying 0."""
    publish(product)
    log, trust = product.settings.out / "log", product.settings.out / "trust.json"
    write_trust(product, trust)
    product.main_log.export(log)
    program = str(files("signing").joinpath("standalone_verifier.py"))
    done = subprocess.run(
        [sys.executable, program, str(log), "--trust", str(trust), "--json"],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        yield f"the verifier says {done.returncode}: {done.stdout[:500]}"


def problems(product: Product, acknowledged: Iterable[Acknowledged]) -> list[str]:
    """All of it."""
    return [*gaps(product), *lost(product, acknowledged), *unlike_rebuilt(product), *unverified(product)]


def _rows(connection: psycopg.Connection[Any], text: str) -> list[tuple[Any, ...]]:
    return connection.execute(text.encode()).fetchall()
