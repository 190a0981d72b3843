"""Figures: how much each receiver must have on a civil day, by what is recorded, or as if a draft were besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.lot import Carrier
from projections.custody_history import AssignmentRow
from projections.quantities import (
    Apart,
    FondsStock,
    Inside,
    OpenedBox,
    apart_from_lots,
    opened_boxes,
    share_of_length,
)
from projections.single_assignment import NOTHING, Supposed
from projections.view import Connection


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """How much, of one carrier. files: file-carriers; boxes, unmeasured (those of them without a recorded length) and
    micrometres (shelf length of the others): of paper only."""

    fonds: int = 0
    lots: int = 0
    files: int = 0
    documents: int = 0
    boxes: int = 0
    unmeasured: int = 0
    micrometres: int = 0

    @property
    def metres(self) -> float | None:
        """Shelf metres of the boxes whose length is recorded; None where there are boxes and none of them is."""
        if self.boxes and self.boxes == self.unmeasured:
            return None
        return round(self.micrometres / 1_000_000, 3)


class FondsFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver must have of one fonds on one carrier; receiver None: what of it awaits one.

    to_come: of it, in other hands. A box whose files go to two receivers counts with both, its length is shared.
    """

    fonds: UUID
    receiver: UUID | None
    carrier: Carrier
    must_have: Quantity
    to_come: Quantity


class ReceiverFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver must have on one carrier; receiver None: what awaits one. to_come: of it, in other hands."""

    receiver: UUID | None
    carrier: Carrier
    must_have: Quantity
    to_come: Quantity


# All rows of one assignment share its place in the order.
_WAYS: Final = """
SELECT a.fonds, a.effective, a.lots, a.receiver FROM projection.assignment AS a
JOIN (
    SELECT DISTINCT ON (fonds) fonds, position FROM projection.assignment WHERE effective <= %(on)s
    ORDER BY fonds, effective DESC, recorded DESC, position
) AS newest USING (fonds, position)
"""
_Way = tuple[int, UUID | None]
"""Lots, bit by bit, and their receiver."""


class Counting:
    """A stock counted for one civil day, once for each draft that is asked about."""

    def __init__(self, connection: Connection, stock: dict[UUID, FondsStock], on: str) -> None:
        self._connection, self._stock, self._on = connection, stock, on
        self._recorded: defaultdict[UUID, list[_Way]] = defaultdict(list)
        self._since: dict[UUID, str] = {}
        with connection.cursor(row_factory=tuple_row) as cursor:
            for fonds, effective, lots, receiver in cursor.execute(_WAYS, {"on": on}):
                self._recorded[fonds].append((lots, receiver))
                self._since[fonds] = effective

    def by_fonds(self, rows: Sequence[AssignmentRow] = (), besides: Supposed = NOTHING) -> list[FondsFigures]:
        """What each receiver must have, fonds by fonds. rows, besides: as if these had been recorded last."""
        ways = self._recorded | self._supposed(rows)
        apart = apart_from_lots(self._connection, self._on, besides)
        by_fonds: defaultdict[UUID, list[Apart]] = defaultdict(list)
        for one in apart:
            by_fonds[one.fonds].append(one)
        boxes: defaultdict[UUID, list[OpenedBox]] = defaultdict(list)
        for box in opened_boxes(self._connection, apart):
            boxes[box.fonds].append(box)
        return [
            figures
            for fonds in sorted(self._stock, key=str)
            for figures in _FondsCount(ways.get(fonds, [])).figures(
                fonds, self._stock[fonds], by_fonds.get(fonds, []), boxes.get(fonds, [])
            )
        ]

    def _supposed(self, rows: Sequence[AssignmentRow]) -> dict[UUID, list[_Way]]:
        newest: dict[UUID, str] = {}
        for fonds, effective, *_ in rows:
            if self._since.get(fonds, "") <= effective <= self._on:
                newest[fonds] = max(effective, newest.get(fonds, ""))
        found: defaultdict[UUID, list[_Way]] = defaultdict(list)
        for fonds, effective, _, _, lots, receiver, *_ in rows:
            if newest.get(fonds) == effective:
                found[fonds].append((lots, receiver))
        return dict(found)


class _Tally:
    """What is counted of one fonds for one receiver and carrier; all of it, or what is in other hands."""

    __slots__ = ("boxes", "documents", "files", "length", "lots", "measured")

    def __init__(self) -> None:
        self.lots = self.files = self.documents = self.boxes = self.measured = self.length = 0

    def quantity(self) -> Quantity:
        return Quantity(
            fonds=int(self.lots != 0),
            lots=self.lots.bit_count(),
            files=self.files,
            documents=self.documents,
            boxes=self.boxes,
            unmeasured=self.boxes - self.measured,
            micrometres=self.length,
        )


_Both = tuple[_Tally, _Tally]


@lru_cache(maxsize=4096)
def _numbers(lots: int) -> tuple[int, ...]:
    return tuple(lot for lot in range(lots.bit_length()) if lots >> lot & 1)


class _FondsCount:
    """One fonds: its lots by their receivers, then its boxes, then what goes apart from both."""

    def __init__(self, ways: list[_Way]) -> None:
        self._tallies: defaultdict[tuple[UUID | None, int], _Both] = defaultdict(lambda: (_Tally(), _Tally()))
        self._receiver: dict[int, tuple[UUID | None, _Both]] = {}
        for lots, to in reversed(ways):
            paper, digital = (to, self._tallies[to, 0]), (to, self._tallies[to, 1])
            for lot in _numbers(lots):
                self._receiver[lot] = digital if lot & 1 else paper

    def figures(
        self, fonds: UUID, stock: FondsStock, apart: list[Apart], opened: list[OpenedBox]
    ) -> Iterator[FondsFigures]:
        less: defaultdict[Inside, list[int]] = defaultdict(lambda: [0, 0])
        for one in apart:
            less[one.lot, one.holder][0] += one.files
            less[one.lot, one.holder][1] += one.documents
            _add(self._of(one.receiver, one.lot, one.holder), one.lot, one.files, one.documents)
        for row in stock.lots:
            files, documents = less.get((row.lot, row.holder), (0, 0)) if less else (0, 0)
            if row.files > files:
                _add(self._of_lot(row.lot, row.holder), row.lot, row.files - files, row.documents - documents)
        self._boxes(stock, apart, opened)
        # Those that await last, paper before digital.
        keys = [key for key, tallies in self._tallies.items() if tallies[0].files]
        for receiver, digital in sorted(keys, key=lambda key: (key[0] is None, str(key[0]), key[1])):
            all_of_it, elsewhere = self._tallies[receiver, digital]
            yield FondsFigures(
                fonds=fonds,
                receiver=receiver,
                carrier=Carrier.DIGITAL if digital else Carrier.PAPER,
                must_have=all_of_it.quantity(),
                to_come=elsewhere.quantity(),
            )

    def _of(self, receiver: UUID | None, lot: int, holder: UUID) -> tuple[_Tally, ...]:
        both = self._tallies[receiver, lot & 1]
        return both if holder != receiver else both[:1]

    def _of_lot(self, lot: int, holder: UUID) -> tuple[_Tally, ...]:
        """Of whoever the lot goes to; of nobody where no assignment speaks of it."""
        if lot not in self._receiver:
            return ()
        receiver, both = self._receiver[lot]
        return both if holder != receiver else both[:1]

    def _boxes(self, stock: FondsStock, apart: list[Apart], opened: list[OpenedBox]) -> None:
        for inside, boxes in stock.packings:
            self._packed(inside, boxes, 0)
        for inside, boxes in stock.measured:
            self._packed(inside, 0, boxes)
        for (lot, holder), length in stock.lengths.items():
            self._length(lot, holder, length)
        for box in opened:
            self._opened(box, [one for one in apart if one.box == box.box])

    def _packed(self, inside: Iterable[Inside], boxes: int, measured: int) -> None:
        _count([tally for one in inside for tally in self._of_lot(*one)], boxes, measured)

    def _length(self, lot: int, holder: UUID, length: int) -> None:
        for tally in self._of_lot(lot, holder):
            tally.length += length

    def _opened(self, box: OpenedBox, apart: list[Apart]) -> None:
        """Take the box back as it was counted with its lots, and count it file by file."""
        measured, whole = int(box.cm > 0), sum(box.files.values())
        self._packed(box.files, -1, -measured)
        for (lot, holder), files in box.files.items():
            self._length(lot, holder, -share_of_length(box.cm, files, whole))
        left = dict(box.files)
        for one in apart:
            left[one.lot, one.holder] -= one.files
        told = [(self._of(one.receiver, one.lot, one.holder), one.files) for one in apart]
        told += [(self._of_lot(*inside), files) for inside, files in left.items() if files]
        for tallies, files in told:
            for tally in tallies:
                tally.length += share_of_length(box.cm, files, whole)
        _count([tally for tallies, _ in told for tally in tallies], 1, measured)


def _add(tallies: Iterable[_Tally], lot: int, files: int, documents: int) -> None:
    for tally in tallies:
        tally.lots |= 1 << lot
        tally.files += files
        tally.documents += documents


def _count(tallies: Iterable[_Tally], boxes: int, measured: int) -> None:
    """Count boxes, once with each receiver that has something in them."""
    for tally in {id(one): one for one in tallies}.values():
        tally.boxes += boxes
        tally.measured += measured


def by_receiver(figures: Iterable[FondsFigures]) -> list[ReceiverFigures]:
    """The same added up, those that await last, paper before digital."""
    found: defaultdict[tuple[UUID | None, Carrier], list[FondsFigures]] = defaultdict(list)
    for one in figures:
        found[one.receiver, one.carrier].append(one)
    return [
        ReceiverFigures(
            receiver=receiver,
            carrier=carrier,
            must_have=added(one.must_have for one in found[receiver, carrier]),
            to_come=added(one.to_come for one in found[receiver, carrier]),
        )
        for receiver, carrier in sorted(found, key=lambda key: (key[0] is None, str(key[0]), key[1] is Carrier.DIGITAL))
    ]


def added(quantities: Iterable[Quantity]) -> Quantity:
    """The sum: a box belongs to one fonds, so nothing counts twice."""
    columns = zip(*map(msgspec.structs.astuple, quantities), strict=True)
    return Quantity(**dict(zip(Quantity.__struct_fields__, map(sum, columns), strict=False)))
