"""Figures of receivers as a preview tells them, and as SQL sums them from what is recorded, in one shape."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.lot import Carrier
from projections.figures import Quantity, ReceiverFigures
from projections.view import Connection
from tests.projections.summed import receivers_summed

Told = dict[tuple[UUID | None, Carrier], tuple[tuple[int, ...], tuple[int, ...]]]
"""Receiver and carrier -> fonds, lots, files, documents, boxes: that it must have, and that are to come."""


def foretold(figures: Iterable[ReceiverFigures]) -> Told:
    """Of a preview."""
    return {(one.receiver, one.carrier): (_counts(one.must_have), _counts(one.to_come)) for one in figures}


def recorded(reader: Connection, day: str) -> Told:
    """Of what is recorded, for a civil day."""
    names = ("fonds", "lots", "files", "documents", "boxes")
    return {
        (receiver, carrier): (tuple(int(must[name]) for name in names), tuple(int(come[name]) for name in names))
        for receiver, carrier, must, come in receivers_summed(reader, day)
    }


def _counts(one: Quantity) -> tuple[int, ...]:
    return one.fonds, one.lots, one.files, one.documents, one.boxes
