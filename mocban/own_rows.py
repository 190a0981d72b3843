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
    with psycopg.connect(databases.main_url(AUDITOR), autocommit=True) as connection:
        for log in LogName:
            tiles = TileStore(home / "objects", log)
            served = tiles.served()
            if served is None:
                raise Refusal("nothing-published", log=log)
            point = parse_checkpoint_text(parse_note(served).text)
            found += RowCheck(connection, log, point.origin, tiles, point.size).bad_rows()
    return found
