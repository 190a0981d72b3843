"""Is this the ledger that was here last? Asked at start, before anything is written, in a few milliseconds.

The last signed checkpoint is kept outside the database (`ledger.kept_checkpoint`). A database that was restored from
an older back-up, exchanged, or pointed to by mistake cannot agree with it: it is shorter, or holds another history.
The one served last lies beside the tiles, and may outlive it: the larger of the two counts. What is looked at is that
one, the database's own at that size, the last bundle of leaves, and the rows of the key registry; every other row is
the verifier's to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from domain.errors import Refusal
from ledger.kept_checkpoint import KeptCheckpoint
from ledger.log_name import LogName
from ledger.registry_rows import check_registry_rows
from ledger.tile_store import TileStore
from signing.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint_text
from signing.merkle import HASH_SIZE, leaf_hash
from signing.note import VerifierKey, parse_note
from signing.tile import TILE_WIDTH, tile_path, width_of
from signing.tile_reader import TileReader
from signing.verification_error import VerificationError

_HEAD: Final = "SELECT acts FROM {head}"
_SIGNED: Final = (
    "SELECT note FROM {checkpoint} WHERE size = %(size)s "
    "UNION ALL SELECT note FROM {latest} WHERE size = %(size)s LIMIT 1"
)
_NOTES: Final = "SELECT index, note FROM {act} WHERE index >= %s AND index < %s ORDER BY index"


def check_start(
    connection: psycopg.Connection[Any], log: LogName, origin: str, vkeys: Sequence[VerifierKey], home: Path
) -> None:
    """Refuse a database that is not the ledger of the last signed checkpoint, or not as far. Reads only.

    Raises as `check_head`.
    """
    kept = check_head(connection, log, origin, vkeys, home)
    if kept is None:
        return
    start = (kept.size - 1) // TILE_WIDTH * TILE_WIDTH
    notes = [bytes(note) for _, note in _rows(connection, log, _NOTES, (start, kept.size))]
    tiles = TileStore(home / "objects", log)
    if not _leaves_agree(tiles, kept, notes):
        raise Refusal("ledger-not-as-checkpoint", log=log, size=kept.size)
    check_registry_rows(connection, log, origin, tiles, kept.size)


def check_head(
    connection: psycopg.Connection[Any], log: LogName, origin: str, vkeys: Sequence[VerifierKey], home: Path
) -> Checkpoint | None:
    """Refuse a database that is shorter than the last checkpoint or has another of its size; that checkpoint, if any.

    connection: in a role that reads the log. vkeys: the log's own, under its name. Raises Refusal:
    `ledger-of-other-checkpoint`, `ledger-shorter-than-checkpoint`, `ledger-not-as-checkpoint`, `checkpoint-invalid`.
    """
    kept = _kept(home, log, origin, tuple(vkeys))  # before the database, which is told of a checkpoint first
    if kept is None:
        return None
    acts = int(_rows(connection, log, _HEAD)[0][0])
    if acts < kept.size:
        raise Refusal("ledger-shorter-than-checkpoint", log=log, acts=acts, size=kept.size)
    signed = _rows(connection, log, _SIGNED, {"size": kept.size})
    if not signed or not _same(bytes(signed[0][0]), kept, tuple(vkeys)):
        raise Refusal("ledger-not-as-checkpoint", log=log, size=kept.size)
    return kept


def check_empty(home: Path) -> None:
    """Refuse to found a ledger where one has been: a data folder that holds signed checkpoints.

    Raises Refusal `ledger-shorter-than-checkpoint`, `checkpoint-invalid`.
    """
    for log in LogName:
        point = _claimed(home, log)
        if point is not None:
            raise Refusal("ledger-shorter-than-checkpoint", log=log, acts=0, size=point.size)


def _kept(home: Path, log: LogName, origin: str, vkeys: tuple[VerifierKey, ...]) -> Checkpoint | None:
    claimed = _claimed(home, log)
    if claimed is not None and claimed.origin != origin:
        raise Refusal("ledger-of-other-checkpoint", log=log, kept=claimed.origin, origin=origin)
    try:
        kept = KeptCheckpoint(home, log).read(vkeys)
    except VerificationError as error:
        raise Refusal("checkpoint-invalid", reason=error.detail) from error
    return _served(home, log, vkeys, 0 if kept is None else kept.size) or kept


def _served(home: Path, log: LogName, vkeys: tuple[VerifierKey, ...], beyond: int) -> Checkpoint | None:
    """The one served last, if it is of a larger tree. A damaged one, or another's, proves nothing: it is made anew."""
    note = TileStore(home / "objects", log).served()
    try:
        if note is None or parse_checkpoint_text(parse_note(note).text).size <= beyond:
            return None
        return open_checkpoint(note, vkeys).checkpoint
    except VerificationError:
        return None


def _claimed(home: Path, log: LogName) -> Checkpoint | None:
    """What is kept, whoever signed it."""
    try:
        return parse_checkpoint_text(parse_note(KeptCheckpoint(home, log).path.read_bytes()).text)
    except FileNotFoundError:
        return None
    except VerificationError as error:
        raise Refusal("checkpoint-invalid", reason=error.detail) from error


def _same(note: bytes, kept: Checkpoint, vkeys: tuple[VerifierKey, ...]) -> bool:
    try:
        held = open_checkpoint(note, vkeys).checkpoint
    except VerificationError:
        return False
    return (held.size, held.root) == (kept.size, kept.root)


def _leaves_agree(tiles: TileStore, kept: Checkpoint, notes: list[bytes]) -> bool:
    """The tiles give the kept root, and the acts of their last bundle are those in the database.

    No tile at all is no contradiction: the sequencer refills an empty object store, and compares roots then.
    """
    if not (tiles.folder / "tile").exists():
        return True
    try:
        if TileReader(kept.size, tiles.read).root() != kept.root:
            return False
        number = (kept.size - 1) // TILE_WIDTH
        leaves = tiles.read(tile_path(0, number, width_of(kept.size, number)))
    except (FileNotFoundError, VerificationError):
        return False
    return leaves == b"".join(map(leaf_hash, notes)) and len(leaves) == HASH_SIZE * len(notes)


def _rows(
    connection: psycopg.Connection[Any], log: LogName, text: str, parameters: Any = None
) -> list[tuple[Any, ...]]:
    statement = sql.SQL(text).format(
        head=sql.Identifier(log.value, "head"),
        act=sql.Identifier(log.value, "act"),
        checkpoint=sql.Identifier(log.value, "checkpoint"),
        latest=sql.Identifier(log.value, "latest_checkpoint"),
    )
    return connection.execute(statement, parameters).fetchall()
