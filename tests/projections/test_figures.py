"""Figures of receivers, boxes and shelf metres among them, against a sum over every file; the roll-ups they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from uuid import UUID

import pytest

from domain.basis import Instrument
from domain.container import ContainerKind, ContainerRegistered, Place
from domain.lot import Carrier
from domain.single_file import FileAssigned
from mocban.database import Databases
from projections.figures import Counting, FondsFigures, added, by_receiver
from projections.quantities import take_stock, unlisted
from projections.view import Connection
from tests.projections.house import House
from tests.projections.story import EFFECTIVE, Story, a
from tests.projections.summed import as_summed, summed

DAYS = ("2025-06-30", EFFECTIVE, "2199-12-31")
DECISION = Instrument(number="8/QĐ-UBND", issued="2025-03-01", issuer="UBND thành phố", in_force="2025-03-01")
LENGTHS = {"H1": 30, "H2": 7}
"""Centimetres. Nobody measured the boxes H2 of the fonds of which `unmeasured` says so."""

_OF_LOTS = """
SELECT fonds, lot, holder, sum(files)::bigint, sum(documents)::bigint FROM projection.lot_content GROUP BY 1, 2, 3
"""
_OF_BOXES = """
SELECT fonds, pattern, encode(sha256(pattern::bytea), 'hex'), count(*) FROM (
    SELECT fonds, string_agg(lot || ':' || holder, ' ' ORDER BY lot, holder::text COLLATE "C") AS pattern
    FROM projection.lot_content WHERE box <> '' GROUP BY fonds, box
) AS packed GROUP BY 1, 2
"""
_ROLLED = {
    "SELECT fonds, lot, holder, files, documents FROM projection.lot_holding": _OF_LOTS,
    "SELECT fonds, pattern, digest, boxes FROM projection.packing": _OF_BOXES,
}


@pytest.fixture(scope="module")
def measured(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story until the draft, hand-overs in part among it; boxes measured, some files decided about alone."""
    house = House(module_database, tmp_path_factory.mktemp("measured"))
    story = Story(house)
    story.until_enactment()
    register_boxes(story)
    assign_alone(story)
    house.runner.drain()
    yield story
    house.close()


@pytest.fixture(scope="module")
def reader(measured: Story) -> Iterator[Connection]:
    """A reader's connection."""
    with measured.house.reader() as opened:
        yield opened


def register_boxes(story: Story) -> None:
    """Every box that a registration names, and one sealed set in each fonds that no registration does."""
    place = Place(keeper=a("agency", "archive"), repository="Kho 1")
    for fonds, (label, cm) in product(sorted({made.fonds for made in story.files.values()}, key=str), LENGTHS.items()):
        length = 0 if label == "H2" and fonds in unmeasured(story) else cm
        fact = ContainerRegistered(
            kind=ContainerKind.BOX, label=label, fonds=fonds, place=place, on="2024-01-01", cm=length
        )
        story.house.record("container.register", {a("container", f"{fonds}{label}"): [fact]})
    sealed = ContainerRegistered(
        kind=ContainerKind.SEALED_SET, label="NP1", fonds=fonds, place=place, on="2024-01-01", seal="77", cm=12
    )
    story.house.record("container.register", {a("container", "sealed"): [sealed]})


def unmeasured(story: Story) -> set[UUID]:
    """The first two fonds with a box H2."""
    return set(sorted({made.fonds for made in story.files.values() if made.box == "H2"}, key=str)[:2])


def assign_alone(story: Story) -> None:
    """Every fifth file goes to the archive alone, on paper; some with all that is in their box, most not."""
    for file in sorted(story.files, key=str)[::5]:
        fact = FileAssigned(
            file=file, carriers=(Carrier.PAPER,), receiver=a("agency", "archive"), effective="2025-03-01",
            decision=DECISION,
        )  # fmt: skip
        story.house.record("assignment.single", {a("file-assignment", str(file)): [fact]})


def counted(reader: Connection, on: str) -> list[FondsFigures]:
    """What is recorded, counted."""
    return Counting(reader, take_stock(reader), on).by_fonds()


def rolled_up(reader: Connection) -> None:
    """Both roll-ups say what the rows beneath them add up to."""
    for rolled, beneath in _ROLLED.items():
        assert sorted(map(str, reader.execute(rolled.encode()))) == sorted(map(str, reader.execute(beneath.encode())))


def test_figures_are_the_sum_over_files(measured: Story, reader: Connection) -> None:
    """Given boxes shared by lots, hands and single decisions, before and after enactment: every figure is the sum."""
    for step in (measured.house.runner.drain, measured.enact, measured.after_enactment):
        step()
        measured.house.runner.drain()
        rolled_up(reader)
        for day in DAYS:
            found = counted(reader, day)
            assert as_summed(found) == summed(reader, day)
            assert {one.receiver for one in found} > {a("agency", "archive")}


def test_lengths_of_receivers_add_up_to_the_boxes(measured: Story, reader: Connection) -> None:
    """Given boxes that several receivers share, then their metres add up to the measured boxes, whatever the day."""
    (whole,) = reader.execute(
        "SELECT sum(k.cm) FROM projection.container AS k WHERE EXISTS (SELECT FROM projection.lot_content AS c"
        " WHERE c.fonds = k.fonds AND c.box = k.label)"
    ).fetchone() or (0,)
    assert whole
    for day in DAYS:
        figures = counted(reader, day)
        total = added(one.must_have for one in figures)
        assert round(total.micrometres / 10_000, 2) == whole
        assert added(one.must_have for one in by_receiver(figures)) == total
        assert total.boxes > total.boxes - total.unmeasured > 0
        assert {one.fonds for one in figures if one.must_have.unmeasured} == unmeasured(measured)


def test_containers_that_no_file_names_are_told_apart(reader: Connection) -> None:
    """Given a sealed set and boxes that no file names, then they are told by fonds, and with the others are all."""
    found = unlisted(reader)
    row = reader.execute("SELECT count(*), sum(cm) FROM projection.container").fetchone()
    listed = reader.execute(
        "SELECT count(*), sum(cm) FROM projection.container AS k WHERE (fonds, label) IN"
        " (SELECT fonds, box FROM projection.lot_content)"
    ).fetchone()
    assert row is not None
    assert listed is not None
    assert sum(one.containers for one in found) == row[0] - listed[0] > 0
    assert sum(one.cm for one in found) == row[1] - listed[1] >= 12


def test_metres_of_boxes_that_nobody_measured_are_unknown(reader: Connection) -> None:
    """Given only unmeasured boxes, then metres are None; where there is no box at all they are nought."""
    quantities = [one.must_have for one in counted(reader, DAYS[0])]
    assert {one.metres for one in quantities if one.boxes == one.unmeasured > 0} == {None}
    assert {one.metres for one in quantities if not one.boxes} == {0.0}
    assert any(one.metres for one in quantities)
