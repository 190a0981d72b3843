"""Recovery: a log's lost acts put back from published tiles, with their own bytes, ids and places.

The caller has had the tiles verified. What was not published comes back empty: the request digest (a retry of such an
act is told so: `act-recovered`), the tracing id, the time of recording; ciphertexts and record keys never were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
from psycopg import sql

from domain.errors import Refusal
from ledger.append_statement import AppendStatement
from ledger.binary_array import register_arrays
from ledger.copy_rows import EVENT_COLUMNS, RowPacker
from ledger.log_name import LogName
from ledger.prepared_act import AppendStatus, PreparedAct
from ledger.receipt import RECOVERED
from ledger.recovered_acts import PublishedAct, PublishedActs, moves_registry
from ledger.row_check import BadRow, RowCheck
from signing.checkpoint import Checkpoint, open_checkpoint
from signing.event_entry import EventEntry
from signing.note import Note, VerifierKey, parse_note
from signing.verification_error import VerificationError

WRITERS: Final = {LogName.MAIN: "mocban_ledger_writer", LogName.ACCESS: "mocban_access_logger"}
_BULK: Final = "mocban_bulk"
_LARGE: Final = 4096
"""Events of an act that is copied rather than handed over as arrays."""
_ACTS_AT_ONCE: Final = 256
_BYTES_AT_ONCE: Final = 8 << 20
_COPIED_AT_ONCE: Final = 8192

_HEAD: Final = "SELECT acts, registry_index FROM {head}"
_LATEST: Final = "SELECT size, note FROM {latest}"
_PUBLISH: Final = "SELECT {publish}(%s, %s, %s)"
_BEGIN: Final = "SELECT status, act_index, first_position FROM {begin}(%s, %s, %s, NULL, %s, %s, '{{}}', '{{}}')"
_COPY: Final = "COPY {event} ({columns}) FROM STDIN (FORMAT binary)"

Told = Callable[[int], None]
"""Told the number of acts done."""


class LogRecovery:
    """One log, within the transaction of a connection whose login may take on the log's writers."""

    def __init__(self, log: LogName, published: PublishedActs, note: bytes) -> None:
        """note: the signed checkpoint of what is published."""
        self.log: Final = log
        self.published: Final = published
        self.note: Final = note

    @property
    def point(self) -> Checkpoint:
        """The checkpoint up to which the log comes back."""
        return self.published.checkpoint

    def check_claim(self, claim: Checkpoint) -> None:
        """What is published must reach and contain a checkpoint that was signed before.

        Raises Refusal `recovery-source-too-short`, `recovery-source-differs`.
        """
        if claim.size > self.point.size:
            raise Refusal("recovery-source-too-short", log=self.log, size=self.point.size, kept=claim.size)
        try:
            same = claim.origin == self.point.origin and self.published.root(claim.size) == claim.root
        except (OSError, VerificationError):
            same = False
        if not same:
            raise Refusal("recovery-source-differs", log=self.log, size=claim.size)

    def check_rows(self, connection: psycopg.Connection[Any], told: Told) -> int:
        """Every act and event that the database holds must be as published; how many acts it holds.

        told: a share of the acts, since pages of acts, of events and of strays are looked at. Raises Refusal
        `recovery-ledger-differs` with the first act that is not.
        """
        held = min(self._row(connection, _HEAD)[0], self.point.size)
        check = RowCheck(connection, self.log, self.point.origin, self.published.tiles, held)
        bad: list[BadRow] = []
        for page in range(check.pages) if held else ():
            bad += check.bad_rows_of(page)
            told(self.point.size * (page + 1) // check.pages)
        if bad:
            first = min(bad, key=lambda one: (held if one.act is None else one.act, one.event or 0))
            act, event = ("-" if one is None else one for one in (first.act, first.event))
            raise Refusal("recovery-ledger-differs", log=self.log, act=act, event=event, fault=first.fault)
        return int(held)

    def append(self, connection: psycopg.Connection[Any], start: int, told: Told) -> int:
        """Put back the acts from `start` on; how many events they carry. Raises Refusal `recovery-disturbed`."""
        registry, events = self._row(connection, _HEAD)[1], 0
        self._as(connection, WRITERS[self.log])
        register_arrays(connection)
        statement = AppendStatement(self.log)
        statement.prepare(connection)
        for batch in self._batches(start):
            events += sum(act.header.events for act, _ in batch)
            if not batch[0][1]:
                self._copy(connection, batch[0][0], registry)
            else:
                prepared = [_prepared(act, entries, registry) for act, entries in batch]
                outcomes = statement.execute(connection, prepared)
                for (act, entries), outcome in zip(batch, outcomes, strict=True):
                    self._check(act, outcome.status, [outcome.act_index, outcome.first_position])
                    registry = act.index if any(moves_registry(event) for _, event in entries) else registry
            told(batch[-1][0].index + 1)
        connection.execute("DEALLOCATE ALL")  # the other log's statement has the same name
        return events

    def publish(self, connection: psycopg.Connection[Any], vkeys: tuple[VerifierKey, ...]) -> bytes:
        """The checkpoint becomes the database's latest, after those before it that the source has; its note.

        Raises Refusal `recovery-source-differs` for one of another history, `recovery-disturbed`.
        """
        size, note = self._row(connection, _LATEST)
        if size == self.point.size:
            return bytes(note)
        self._as(connection, WRITERS[self.log])
        for next_size, signed in [*self._history(size, vkeys), (self.point.size, self.note)]:
            note = _own_lines(signed, vkeys)
            swapped = connection.execute(self._sql(_PUBLISH), (size, next_size, note)).fetchone()
            if swapped is None or swapped[0] is not True:
                raise Refusal("recovery-disturbed", log=self.log, index=next_size)
            size = next_size
        return bytes(note)

    def _history(self, after: int, vkeys: tuple[VerifierKey, ...]) -> Iterator[tuple[int, bytes]]:
        """The earlier checkpoints that an export folder has; the product's own tiles have none."""
        folder = self.published.tiles.folder / "checkpoints"
        sizes = sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal()) if folder.is_dir() else []
        for size in sizes:
            if after < size < self.point.size:
                signed = (folder / str(size)).read_bytes()
                try:
                    point = open_checkpoint(signed, vkeys).checkpoint
                except VerificationError as error:
                    raise Refusal("recovery-source-differs", log=self.log, size=size) from error
                if point.size != size:
                    raise Refusal("recovery-source-differs", log=self.log, size=size)
                self.check_claim(point)
                yield size, signed

    def _batches(self, start: int) -> Iterator[list[tuple[PublishedAct, list[tuple[bytes, EventEntry]]]]]:
        """Acts for one call each: many small ones; one that moves the registry; a large one, its events left out."""
        batch: list[tuple[PublishedAct, list[tuple[bytes, EventEntry]]]] = []
        size = 0
        for act in self.published.acts(start):
            large = act.header.events > _LARGE
            entries = [] if large else list(self.published.events(act))
            alone = large or any(moves_registry(event) for _, event in entries)
            grown = size + len(act.note) + sum(len(entry) for entry, _ in entries)
            if batch and (alone or len(batch) == _ACTS_AT_ONCE or grown > _BYTES_AT_ONCE):
                yield batch
                batch, grown = [], grown - size
            batch.append((act, entries))
            size = grown
            if alone:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _copy(self, connection: psycopg.Connection[Any], act: PublishedAct, registry: int) -> None:
        """A large act on the bulk path, in pieces."""
        self._as(connection, _BULK)
        opening = (act.header.id, act.note, RECOVERED, registry, act.header.events)
        status, *there = connection.execute(self._sql(_BEGIN), opening).fetchall()[0]
        self._check(act, status, there)
        statement, position, packer, packed = self._sql(_COPY), act.first_position, RowPacker(), 0
        for at, (entry, event) in enumerate(self.published.events(act), start=1):
            packer.add(entry, event.type, event.payload)
            packed += 1
            if packed == _COPIED_AT_ONCE or at == act.header.events:
                with connection.cursor() as cursor, cursor.copy(statement) as copy:
                    for piece in packer.packed().placed(position, act.index):
                        copy.write(piece)
                position, packer, packed = position + packed, RowPacker(), 0
        self._as(connection, WRITERS[self.log])

    def _check(self, act: PublishedAct, status: str, there: list[int]) -> None:
        """Each must come to lie where it was."""
        if status != AppendStatus.STORED or there != [act.index, act.first_position]:
            raise Refusal("recovery-disturbed", log=self.log, index=act.index)

    def _as(self, connection: psycopg.Connection[Any], role: str) -> None:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))

    def _row(self, connection: psycopg.Connection[Any], text: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = connection.execute(self._sql(text)).fetchone()
        assert row is not None, "a log has its head"
        return row

    def _sql(self, text: str) -> sql.Composed:
        schema = self.log.value
        names = {"head": "head", "latest": "latest_checkpoint", "publish": "publish_checkpoint", "begin": "begin_bulk"}
        return sql.SQL(text).format(
            event=sql.Identifier(schema, "event"),
            columns=sql.SQL(", ").join(map(sql.Identifier, EVENT_COLUMNS)),
            **{key: sql.Identifier(schema, name) for key, name in names.items()},
        )


def _own_lines(signed: bytes, vkeys: tuple[VerifierKey, ...]) -> bytes:
    """A checkpoint with the log's own signatures alone: witnesses' lines lie beside."""
    note = parse_note(signed)
    own = {(key.name, key.key_id) for key in vkeys}
    return Note(note.text, tuple(line for line in note.signatures if (line.name, line.key_id) in own)).data


def _prepared(act: PublishedAct, entries: list[tuple[bytes, EventEntry]], registry: int) -> PreparedAct:
    return PreparedAct(
        id=act.header.id,
        note=act.note,
        digest=RECOVERED,
        registry_index=registry,
        events=tuple([event for _, event in entries]),
    )
