"""Falsifications of the database by a superuser, each looked for by the check of rows against tiles, then undone."""

from __future__ import annotations

from random import Random
from typing import Any, Final

import psycopg

from ledger.log_name import LogName
from ledger.row_check import RowCheck
from mocban.bootstrap import Product
from mocban.drills.tampering.held_log import HeldLog

EVIDENCE: Final = "published-tiles"
_ACT: Final = "UPDATE main_log.act SET {change} WHERE index = {act}"
_EVENTS: Final = "UPDATE main_log.event SET {change} WHERE act_index = {act}"
_AT: Final = "{byte} % octet_length({column})"
_BIT: Final = f"{{column}} = set_byte({{column}}, {_AT}, get_byte({{column}}, {_AT}) # 1)"
_STATEMENTS: Final[dict[str, str]] = {
    "row-note-altered": _ACT.replace("{change}", _BIT.replace("{column}", "note")),
    "row-act-moved": _ACT.replace("{change}", "index = 100000"),
    "row-id-replaced": _ACT.replace("{change}", "id = gen_random_uuid()"),
    "row-act-deleted": "DELETE FROM main_log.act WHERE index = {act}",
    "row-payload-altered": _EVENTS.replace("{change}", _BIT.replace("{column}", "state")),
    "row-stream-replaced": _EVENTS.replace("{change}", "originator_id = gen_random_uuid()"),
    "row-version-altered": _EVENTS.replace("{change}", "originator_version = originator_version + 100"),
    "row-event-of-another-act": _EVENTS.replace("{change}", "act_index = {other}"),
    "row-topic-replaced": _EVENTS.replace("{change}", "topic = topic || '0'"),
    "row-event-deleted": "DELETE FROM main_log.event WHERE act_index = {act}",
}
_OPEN: Final = "ALTER TABLE main_log.act DISABLE TRIGGER ALL; ALTER TABLE main_log.event DISABLE TRIGGER ALL"
KINDS: Final = tuple(_STATEMENTS)


class SpoiltRows:
    """Spoils rows of one log over a superuser's connection, one transaction each, rolled back."""

    def __init__(self, product: Product, log: HeldLog, dice: Random) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(product.databases.main_admin)
        self._check = RowCheck(self._connection, LogName.MAIN, product.origin, product.main_log.tiles, max(log.sizes))
        self._log = log
        self._dice = dice

    def is_named(self, kind: str) -> tuple[bool, bool]:
        """Whether a falsification of that kind is found, and whether its act is the first named."""
        act = self._dice.randrange(1, len(self._log.acts))
        other = self._dice.choice([at for at in range(len(self._log.acts)) if at != act])
        byte = self._dice.randrange(1 << 16)
        try:
            self._connection.execute(_OPEN.encode())
            self._connection.execute(_STATEMENTS[kind].format(act=act, other=other, byte=byte).encode())
            found = list(self._check.bad_rows())
        finally:
            self._connection.rollback()
        return bool(found), min((row.act for row in found if row.act is not None), default=None) == act

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
