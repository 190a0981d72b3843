"""The rows of this machine's own ledger against its published tiles, both logs.

Needs no key and no passphrase, and asks before anything is opened for writing: a ledger that refuses to start for what
was changed in it can still be asked which rows those are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import psycopg

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.row_check import BadRow, RowCheck
from ledger.tile_store import TileStore
from mocban.database import Databases
from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note

AUDITOR: Final = "mocban_auditor"


def bad_rows(databases: Databases, home: Path) -> list[BadRow]:
    """Every published row that is not as published. home: the data folder.

    Raises Refusal `nothing-published`; VerificationError for a served checkpoint that is none.
    """
    found: list[BadRow] = []
    published = served_here(home)
    with psycopg.connect(databases.main_url(AUDITOR), autocommit=True) as connection:
        for log, served in published.items():
            point = parse_checkpoint_text(parse_note(served).text)
            tiles = TileStore(home / "objects", log)
            found += RowCheck(connection, log, point.origin, tiles, point.size).bad_rows()
    return found


def served_here(home: Path) -> dict[LogName, bytes]:
    """The checkpoint of each log that is served here. Raises Refusal `nothing-published`, before any database is asked.

    Without one there is nothing to compare with, and nothing need be started or made.
    """
    served = {log: TileStore(home / "objects", log).served() for log in LogName}
    if missing := [log for log, note in served.items() if note is None]:
        raise Refusal("nothing-published", log=missing[0])
    return {log: note for log, note in served.items() if note is not None}
