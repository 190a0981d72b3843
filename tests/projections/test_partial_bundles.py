"""Which acts a partial bundle takes: those on a file, or on an agency, and nothing of others."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.errors import Refusal
from mocban.partial_bundles import part_of_agency, part_of_file, part_of_range
from projections import custody_queries
from projections.stream_positions import positions_of
from tests.projections.story import Story

LATEST = 1 << 40


def test_a_files_acts_hold_its_whole_stream(told: Story) -> None:
    """Given each file of the story, then every act on its own stream is taken, and earlier knowledge takes fewer."""
    reader = told.house.reader()
    for key, made in told.files.items():
        part = part_of_file(reader, made.FileCode.text, LATEST)
        own = {one.act for one in positions_of(reader, key)}
        assert part.of["file"] == str(key)
        assert key in part.streams
        assert own <= set(part.acts)
        if max(part.acts) > max(own):
            assert set(part_of_file(reader, made.FileCode.text, max(own)).acts) < set(part.acts)
    with pytest.raises(Refusal) as refused:
        part_of_file(reader, "no such code", LATEST)
    assert refused.value.code == "question-file-unknown"


def test_an_agencys_acts_hold_its_handovers_both_ways(told: Story) -> None:
    """Given who gave and who received in a hand-over, then its acts are in the parts of both; a stranger is refused."""
    reader = told.house.reader()
    rows = reader.execute("SELECT id, giver, receiver FROM projection.handover").fetchall()
    assert rows
    for row in rows:
        handover, giver, receiver = row.values() if isinstance(row, dict) else row
        acts = {one.act for one in positions_of(reader, handover)}
        for agency in (giver, receiver):
            part = part_of_agency(reader, agency, LATEST)
            assert acts <= set(part.acts)
            assert {one.act for one in positions_of(reader, agency)} <= set(part.acts)
            assert part.acts == sorted(set(part.acts))
        assert custody_queries.handover(reader, handover) is not None
    with pytest.raises(Refusal) as refused:
        part_of_agency(reader, UUID(int=5), LATEST)
    assert refused.value.code == "agency-unknown"


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (4, 3), (0, 10), (10, 10)])
def test_a_range_beyond_the_checkpoint(first: int, last: int) -> None:
    """Given a range that ten published acts do not hold, then it is refused; ten acts are 0 to 9."""
    assert list(part_of_range(0, 9, 10).acts) == list(range(10))
    with pytest.raises(Refusal) as refused:
        part_of_range(first, last, 10)
    assert refused.value.code == "acts-not-published"
