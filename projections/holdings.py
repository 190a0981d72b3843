"""Holdings: what is in each lot and in whose hands, rolled up per lot, holder and box; by today's newest belief.

Documents of a paper lot are those known of its files; of a digital lot, those scanned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.child_lot import LotFilesListed
from domain.document import DocumentDescribed, DocumentDigitized
from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.handover import CustodyHandedOver, DisputesSettled, Outcome
from domain.lot import Carrier
from projections.array_text import array_text
from projections.lot_number import lot_number
from projections.lot_rollups import ROLLUP_TABLES, add_up, roll_up
from projections.page_rows import Table, copy_columns
from projections.view import Cursor, Recorded

FILE_HOLDING: Final = Table(
    name="file_holding",
    columns={
        "file": "uuid",
        "carrier": "text",
        "fonds": "uuid",
        "lot": "smallint",
        "box": "text",
        "holder": "uuid",
        "effective": "text",
        "recorded": "bigint",
        "documents": "int",
        "scanned": "int",
    },
)
# In the order of a page. A file may be listed again.
_PLACE: Final = """
INSERT INTO child_lot_order (child, carrier, lot, code, file)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::smallint[], %s::text[], %s::uuid[]) ON CONFLICT DO NOTHING
"""
_LISTED: Final = """
SELECT l.handover, l.position, l.file FROM inventory_line AS l WHERE l.handover = ANY(%s)
AND NOT EXISTS (SELECT FROM disputed_line AS d WHERE d.handover = l.handover AND d.file = l.file)
ORDER BY l.handover, l.position, l.line
"""
_LOAD: Final = """
SELECT file, carrier, fonds, lot, box, holder, effective, recorded, documents, scanned
FROM file_holding WHERE file = ANY(%s)
"""
_CHANGE: Final = """
UPDATE file_holding AS t SET holder = c.holder, effective = c.effective, recorded = c.recorded,
    documents = c.documents, scanned = c.scanned
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::bigint[], %s::int[], %s::int[])
     AS c (file, carrier, holder, effective, recorded, documents, scanned)
WHERE t.file = c.file AND t.carrier = c.carrier
"""
_ADD: Final = """
INSERT INTO lot_content AS t (fonds, lot, holder, box, files, documents)
SELECT * FROM unnest(%s::uuid[], %s::smallint[], %s::uuid[], %s::text[], %s::bigint[], %s::bigint[])
ON CONFLICT (fonds, lot, holder, box)
DO UPDATE SET files = t.files + excluded.files, documents = t.documents + excluded.documents
"""
_EMPTIED: Final = """
DELETE FROM lot_content AS t USING unnest(%s::uuid[], %s::smallint[], %s::uuid[], %s::text[])
    AS c (fonds, lot, holder, box)
WHERE t.fonds = c.fonds AND t.lot = c.lot AND t.holder = c.holder AND t.box = c.box AND t.files = 0
"""


class _Holding(msgspec.Struct):
    """A row of file_holding while a page is folded."""

    file: UUID
    carrier: str
    fonds: UUID
    lot: int
    box: str
    holder: UUID
    effective: str
    recorded: int
    documents: int = 0
    scanned: int = 0


class Holdings:
    """The view. It folds after custody_history, whose inventory lines it reads."""

    name = "holdings"
    sums = ("lot_content", *ROLLUP_TABLES)
    tables = ("file_holding", "child_lot_order", *sums)
    reads: frozenset[type[Event]] = frozenset(
        {
            FileRegistered,
            FileDigitized,
            DocumentDescribed,
            DocumentDigitized,
            CustodyHandedOver,
            DisputesSettled,
            LotFilesListed,
        }
    )

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        _Page(cursor, page, sums=True).write(cursor)

    def fold_rows(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """The same without the sums."""
        _Page(cursor, page, sums=False).write(cursor)

    def add_up(self, cursor: Cursor) -> None:
        """Fill the sums, which are empty."""
        add_up(cursor)


class _Page:
    """One page: the holdings it touches, and by how much each roll-up changes."""

    def __init__(self, cursor: Cursor, page: Sequence[Recorded], *, sums: bool) -> None:
        self._sums = sums
        self._listed: defaultdict[UUID, list[tuple[int, UUID]]] = defaultdict(list)
        handovers = [recorded.stream for recorded in page if isinstance(recorded.event, CustodyHandedOver)]
        if handovers:
            for handover, position, file in cursor.execute(_LISTED, (handovers,)):
                self._listed[handover].append((position, file))
        older = _older_files(page) | {file for lines in self._listed.values() for _, file in lines}
        self._holdings: dict[int, _Holding] = {}
        if older:
            for row in cursor.execute(_LOAD, (list(older),)):
                self._holdings[_key(row[0], row[1])] = _Holding(*row)
        self._stored = frozenset(self._holdings)
        self._changed: set[int] = set()
        self._places: list[tuple[UUID, str, int, str, UUID]] = []
        self._deltas: defaultdict[tuple[UUID, int, UUID, str], list[int]] = defaultdict(lambda: [0, 0])
        for recorded in page:
            self._take(recorded)

    def _take(self, recorded: Recorded) -> None:
        stream, act = recorded.stream, recorded.act_index
        match recorded.event:
            case FileRegistered() as file:
                lot = lot_number(file, Carrier.PAPER)
                self._begin(
                    _Holding(stream, Carrier.PAPER, file.fonds, lot, file.box, file.held_by, file.held_from, act)
                )
            case FileDigitized() as scan:
                paper = self._holdings.get(_key(stream, Carrier.PAPER))
                if paper is not None:
                    lot, known = paper.lot + 1, paper.scanned
                    self._begin(
                        _Holding(
                            stream, Carrier.DIGITAL, paper.fonds, lot, "", scan.held_by, scan.held_from, act, known
                        )
                    )
            case DocumentDescribed() as described if recorded.version == 1:
                self._count(described.file, Carrier.PAPER, documents=1)
            case DocumentDigitized() as digitized:
                self._count(digitized.file, Carrier.PAPER, documents=int(recorded.version == 1), scanned=1)
                self._count(digitized.file, Carrier.DIGITAL, documents=1)
            case LotFilesListed() as listed:
                self._place(stream, listed)
            case _:
                self._take_handover(recorded)

    def _take_handover(self, recorded: Recorded) -> None:
        stream, act = recorded.stream, recorded.act_index
        match recorded.event:
            case CustodyHandedOver() as done:
                for position, one in self._listed[stream]:
                    if position < recorded.position:
                        self._move(one, done, act)
            case DisputesSettled() as settled:
                for line in settled.lines:
                    if line.outcome is Outcome.ACCEPTED:
                        self._move(line.file, settled, act)
            case _:
                pass

    def _begin(self, holding: _Holding) -> None:
        self._holdings[_key(holding.file, holding.carrier)] = holding
        self._roll_up(holding, 1, holding.documents)

    def _place(self, child: UUID, listed: LotFilesListed) -> None:
        for line in listed.lines:
            paper = self._holdings.get(_key(line.file, Carrier.PAPER))
            if paper is not None:
                for carrier in listed.carriers:
                    self._places.append((child, carrier, paper.lot, line.FileCode.text, line.file))

    def _count(self, file: UUID, carrier: Carrier, *, documents: int, scanned: int = 0) -> None:
        key = _key(file, carrier)
        holding = self._holdings.get(key)
        if holding is not None:
            holding.documents += documents
            holding.scanned += scanned
            self._changed.add(key)
            self._roll_up(holding, 0, documents)

    def _move(self, file: UUID, done: CustodyHandedOver | DisputesSettled, act: int) -> None:
        key = _key(file, done.carrier)
        holding = self._holdings.get(key)
        if holding is None or (holding.effective, holding.recorded) >= (done.on, act):
            return  # an older belief about a later day still stands
        self._roll_up(holding, -1, -holding.documents)
        holding.holder, holding.effective, holding.recorded = done.receiver, done.on, act
        self._roll_up(holding, 1, holding.documents)
        self._changed.add(key)

    def _roll_up(self, holding: _Holding, files: int, documents: int) -> None:
        if not self._sums:
            return
        delta = self._deltas[holding.fonds, holding.lot, holding.holder, holding.box]
        delta[0] += files
        delta[1] += documents

    def write(self, cursor: Cursor) -> None:
        fresh = [holding for key, holding in self._holdings.items() if key not in self._stored]
        copy_columns(
            cursor, FILE_HOLDING, [[getattr(holding, name) for holding in fresh] for name in FILE_HOLDING.columns]
        )
        changed = [self._holdings[key] for key in self._changed & self._stored]
        if changed:
            members = ("file", "carrier", "holder", "effective", "recorded", "documents", "scanned")
            cursor.execute(_CHANGE, [array_text(getattr(holding, member) for holding in changed) for member in members])
        if self._places:
            cursor.execute(_PLACE, _arrays(self._places))
        if self._sums:
            self._write_sums(cursor)

    def _write_sums(self, cursor: Cursor) -> None:
        rows = [(*key, *delta) for key, delta in self._deltas.items() if delta != [0, 0]]
        if rows:
            roll_up(cursor, self._deltas)
            cursor.execute(_ADD, _arrays(rows))
        left = [key for key, (files, _) in self._deltas.items() if files < 0]
        if left:
            cursor.execute(_EMPTIED, _arrays(left))


def _arrays(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    return [array_text(column) for column in zip(*rows, strict=True)]


def _key(file: UUID, carrier: str) -> int:
    """Of a file-carrier: a number, since a UUID computes its hash in Python each time."""
    return file.int << 1 | (carrier == Carrier.DIGITAL)


def _older_files(page: Sequence[Recorded]) -> set[UUID]:
    """Files of earlier pages that the page counts into."""
    asked: set[UUID] = set()
    for recorded in page:
        match recorded.event:
            case FileRegistered():
                pass  # most are
            case FileDigitized():
                asked.add(recorded.stream)
            case DocumentDescribed() as document:
                asked.add(document.file)
            case DocumentDigitized() as document:
                asked.add(document.file)
            case DisputesSettled() | LotFilesListed() as several:
                asked.update(line.file for line in several.lines)
            case _:
                pass
    new = {recorded.stream.int for recorded in page if type(recorded.event) is FileRegistered}
    return {file for file in asked if file.int not in new}
