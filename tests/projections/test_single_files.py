"""One file by its own decision: the chain says so, its lot's figures leave it out, and the account names it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.basis import Confidence, Instrument
from domain.lot import Carrier
from domain.single_file import FileAssigned, FileReassigned, FileRejoined, SingleFileEvent
from ledger.act_id import new_act_id
from ledger.commands import single_file
from mocban.database import Databases
from projections.chain import chain
from projections.chain_sentence import apart_by, clauses, in_words
from projections.chain_spans import assigned
from projections.custody_queries import custody_of
from projections.holdings_page import holdings_page
from projections.holdings_queries import of_agency
from projections.lot_standing import lots_as_they_stood
from projections.to_come import to_come
from projections.view import Connection
from tests.projections.house import House
from tests.projections.story import Story, a

DECISION = Instrument(number="8/QĐ-UBND", issued="2025-03-01", issuer="UBND thành phố", in_force="2025-03-01")
LATE = "2199-12-31"


@pytest.fixture(scope="module")
def stored(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Files of every fonds, each with its creator."""
    house = House(module_database, tmp_path_factory.mktemp("stored"))
    story = Story(house)
    story.found_bodies()
    story.register_files(2)
    house.runner.drain()
    yield story
    house.close()


@pytest.fixture(scope="module")
def reader(stored: Story) -> Iterator[Connection]:
    """A reader's connection."""
    with stored.house.reader() as opened:
        yield opened


def do(story: Story, fact: SingleFileEvent) -> int:
    """Record it and fold; the act's index."""
    stream = a("file-assignment", str(fact.file))
    done = single_file.record(story.house.main, story.house.clerk, new_act_id(), stream, fact, "2026-01-01")
    story.house.runner.drain()
    return done.act_index


def test_one_file_moves_alone_and_rejoins(stored: Story, reader: Connection) -> None:
    """Given a fonds with its creator, when one file is assigned to the archive alone, each answer says so of it."""
    file = next(key for key, made in stored.files.items() if made.FileCode.OrganId == "d1-government")
    other = next(key for key, made in stored.files.items() if made.FileCode.OrganId == "d1-government" and key != file)
    creator, archive = a("agency", "d1-government"), a("agency", "archive")
    before = {one.carrier: one for one in of_agency(reader, creator, LATE)}[Carrier.PAPER]
    act = do(
        stored,
        FileAssigned(file=file, carriers=(Carrier.PAPER,), receiver=archive, effective="2025-03-01", decision=DECISION),
    )

    now = custody_of(reader, file, Carrier.PAPER, LATE)
    assert (now.custody.assigned_to, now.custody.because_assigned, now.rule, now.basis) == (
        archive, act, "single-file", "8/QĐ-UBND",
    )  # fmt: skip
    assert now.custody.held_by == creator
    assert custody_of(reader, file, Carrier.PAPER, "2025-02-28").custody.assigned_to == creator
    assert custody_of(reader, file, Carrier.PAPER, LATE, act - 1).custody.assigned_to == creator
    assert custody_of(reader, other, Carrier.PAPER, LATE).custody.assigned_to == creator
    assert [row.id for row in holdings_page(reader, archive, Carrier.PAPER, LATE)] == [file]
    assert file not in {row.id for row in holdings_page(reader, creator, Carrier.PAPER, LATE)}
    after = {one.carrier: one for one in of_agency(reader, creator, LATE)}[Carrier.PAPER]
    assert (after.must_have.files, after.has.files, after.to_give.files) == (
        before.must_have.files - 1, before.has.files, before.to_give.files + 1,
    )  # fmt: skip
    assert [one.files for one in to_come(reader, archive, Carrier.PAPER, LATE)] == [(file,)]
    alone = [one for one in lots_as_they_stood(reader, LATE, act) if one.receiver == archive]
    assert [(one.files, one.because, one.rule, one.holder) for one in alone] == [(1, act, "single-file", creator)]

    whole = chain(reader, file, LATE)
    sentence = in_words(clauses(whole))[0]
    assert "từ 01/3/2025 do Cơ quan archive quản lý theo 8/QĐ-UBND (quyết định riêng)" in sentence
    assert act in {one.index for one in whole.acts}
    assert act not in {one.index for one in chain(reader, other, LATE).acts}

    back = do(stored, FileRejoined(file=file, carriers=(Carrier.PAPER,), effective="2025-09-01", decision=DECISION))
    assert custody_of(reader, file, Carrier.PAPER, LATE).custody.assigned_to == creator
    assert custody_of(reader, file, Carrier.PAPER, LATE, back - 1).custody.assigned_to == archive
    spans = assigned(chain(reader, file, LATE), Carrier.PAPER)
    assert [(one.since, one.agency) for one in spans] == [
        ("2020-01-01", creator), ("2025-03-01", archive), ("2025-09-01", creator),
    ]  # fmt: skip
    assert {one.carrier: one for one in of_agency(reader, creator, LATE)}[Carrier.PAPER] == before


def test_a_plan_is_not_called_a_decision_about_the_file() -> None:
    """Given the file's own decision and a plan that ended its receiver, when told, then each is called what it is."""
    file, archive = a("file", "one"), a("agency", "archive")
    own = FileAssigned(
        file=file, carriers=(Carrier.PAPER,), receiver=archive, effective="2025-03-01", decision=DECISION
    )
    plan = FileReassigned(
        file=file, carrier=Carrier.PAPER, effective="2025-07-01", rule="rest", basis="9/QĐ-UBND",
        confidence=Confidence.DECISION, receiver=archive,
    )  # fmt: skip
    assert apart_by(own) == ("quyết định riêng", "by its own decision")
    assert apart_by(plan) == ("hồ sơ theo quyết định riêng trước đó", "a file by an earlier decision of its own")
