"""Which acts a partial bundle takes: those on a file, or on an agency, and nothing of others."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.audit import AuditLine, AuditLinesListed, AuditRecorded, Outcome
from domain.disposition import DestructionCompleted, DestructionDecided, Ground, disposition_stream, evolve
from domain.errors import Refusal
from ledger.act_id import new_act_id
from ledger.proposal import Proposal
from ledger.streams import Streams
from mocban.partial_bundles import part_of_agency, part_of_file, part_of_range
from projections import custody_queries
from projections.chain import ANY_DAY, chain
from projections.chain_words import line
from projections.stream_positions import positions_of
from tests.projections.story import Story, a

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


def test_a_files_acts_hold_what_was_decided_and_looked_for(told_apart: Story) -> None:
    """Given a file to be destroyed, missed by an audit, and open to a reader, then the acts that say so are its own."""
    house = told_apart.house
    file, other = min(told_apart.files, key=str), max(told_apart.files, key=str)
    end = {disposition_stream(file): [DestructionCompleted(file=file, on="2026-02-01")]}
    own = {_decide_destruction(told_apart, file), house.record("disposition.complete", end).act_index}
    missed, of_holder = (
        _audited(told_apart, "all", file),
        _audited(told_apart, f"holder {a('agency', 'archive')}", other),
    )
    house.runner.drain()
    with house.reader() as reader:
        granted = reader.execute("SELECT recorded, ended FROM projection.access_grant").fetchall()
        part = part_of_file(reader, told_apart.files[file].FileCode.text, LATEST)
        others = part_of_file(reader, told_apart.files[other].FileCode.text, LATEST)
        archive = part_of_agency(reader, a("agency", "archive"), LATEST)
        reading = part_of_agency(reader, a("agency", "party-archive"), LATEST)
        found = chain(reader, file, ANY_DAY)
        before = part_of_file(reader, told_apart.files[file].FileCode.text, min(own) - 1)
    decided = [one for one in found.acts if one.name.startswith("disposition.")]
    grants = {index for row in granted for index in row if index is not None}
    assert len(grants) == 3
    assert own | {missed} | grants <= set(part.acts)
    assert disposition_stream(file) in part.streams
    assert {one.index for one in decided} == own
    assert [line(found, event).vi for one in decided for event in one.events] == [
        "Quyết định hủy nội dung niêm phong (45/QĐ-UBND)",
        "Việc hủy đã xong: không còn bản sao lưu nào giữ nội dung",
    ]
    assert len(decided[0].signers) == 2
    assert not (own | {missed, of_holder}) & {*before.acts, *reading.acts}
    assert disposition_stream(file) not in before.streams
    assert of_holder in others.acts
    assert not {missed, *own} & {*others.acts, *archive.acts}
    assert of_holder in archive.acts
    assert grants <= set(reading.acts)


def _decide_destruction(story: Story, file: UUID) -> int:
    """By clerk and chief; the act's index."""
    stream = disposition_stream(file)
    decided = DestructionDecided(file=file, ground=Ground.RETENTION_ENDED, basis="45/QĐ-UBND")

    def decide(streams: Streams) -> dict[UUID, list[DestructionDecided]]:
        streams.load(stream, None, evolve)
        return {stream: [decided]}

    proposal = Proposal(
        act="disposition.decide", id=new_act_id(), actor=story.house.clerk, co_signers=(story.house.chief,),
        decide=decide, request={"file": str(file)},
    )  # fmt: skip
    return story.house.main.perform(proposal).act_index


def _audited(story: Story, stratum: str, missing: UUID) -> int:
    """An audit that drew one file and missed it; the act's index."""
    fact = AuditRecorded(
        seed="s", size=1, root="r", stratum=stratum, files=1, digest="0" * 64, found=0, missing=1, differs=0,
        on="2026-01-01", results=a("results", stratum),
    )  # fmt: skip
    lines = AuditLinesListed(lines=(AuditLine(file=missing, outcome=Outcome.MISSING),))
    return story.house.record("audit.record", {a("audit", stratum): [fact, lines]}).act_index


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (4, 3), (0, 10), (10, 10)])
def test_a_range_beyond_the_checkpoint(first: int, last: int) -> None:
    """Given a range that ten published acts do not hold, then it is refused; ten acts are 0 to 9."""
    assert list(part_of_range(0, 9, 10).acts) == list(range(10))
    with pytest.raises(Refusal) as refused:
        part_of_range(first, last, 10)
    assert refused.value.code == "acts-not-published"
