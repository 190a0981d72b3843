"""A child lot: in pages, figures, accounts and chains, through a plan that ends its receiver and a correction."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from domain.lot import Carrier
from mocban.custody.account_replay import account_of
from mocban.database import Databases
from projections.chain import chain
from projections.chain_sentence import clauses, in_words
from projections.chain_spans import assigned
from projections.chain_words import line
from projections.custody_queries import custody_of
from projections.holdings_page import START, PageKey, holdings_page
from projections.holdings_queries import of_agency
from projections.to_come import to_come
from projections.view import Connection
from projections.whatif import preview
from tests.projections.deeds import founding
from tests.projections.doing import Doing
from tests.projections.house import House
from tests.projections.test_plans_after_plans import plan
from tests.projections.told_figures import foretold, recorded

TODAY = "2026-11-22"
CARVED_ON, PLAN_ON, CORRECTED_ON = "2024-12-31", "2025-07-01", "2026-01-01"
KINDS = {"f1": ("permanent", "finished"), "f2": ("temporary", "finished"), "f3": ("temporary", "unfinished"),
         "f4": ("permanent", "finished"), "f5": ("temporary", "finished")}  # fmt: skip
CHILD = ["f1", "f2", "f3"]
PLAN = plan(
    "p1", PLAN_ON, {"u2": {"kind": "consolidated", "to": ["p1n1"]}},
    ({"retention": ["permanent"]}, "archive"), ({"state": ["unfinished"]}, "awaiting"), ({}, "successor"),
)  # fmt: skip


class Carved:
    """Five files of one ward; three carved out for another, which a plan ends; then a correction."""

    def __init__(self, house: House) -> None:
        self.doing, self.house = doing, _ = Doing(house, "carved"), house
        doing.do(founding())
        for name, (retention, state) in KINDS.items():
            doing.do({"do": "register", "file": name, "fonds": "u1/government", "held_by": "u1/government",
                      "day": "2019-01-01", "retention": retention, "state": state, "arranged": True})  # fmt: skip
        self.before = doing.do({"do": "digitize", "file": "f1", "held_by": "u1/government", "day": "2019-02-01"})
        self.carved = doing.do({"do": "carve", "lot": "Hồ sơ đất đai", "fonds": "u1/government", "of": CHILD,
                                "carriers": ["paper"], "to": "u2/government", "day": CARVED_ON})  # fmt: skip
        doing.do({"do": "single", "file": "f3", "carriers": ["paper"], "to": "city/government", "day": "2025-01-01"})
        house.runner.drain()
        with house.reader() as reader:
            foreseen = foretold(preview(reader, doing.plan(PLAN)).after)
        self.planned = doing.do(PLAN)
        house.runner.drain()
        with house.reader() as reader:
            assert foreseen == recorded(reader, PLAN_ON)
        doing.do({"do": "rejoin", "file": "f3", "carriers": ["paper"], "day": "2025-07-02"})
        unfinished = ["temporary/unfinished/arranged/paper"]
        self.corrected = doing.do({"do": "correct", "plan": "p1", "lot": "Hồ sơ đất đai", "lots": unfinished,
                                   "day": CORRECTED_ON, "to": "archive"})  # fmt: skip
        house.runner.drain()

    def agency(self, name: str) -> UUID:
        """Its id."""
        return self.doing.id("agency", name)

    def file(self, name: str) -> UUID:
        """Its id."""
        return self.doing.id("file", name)


@pytest.fixture(scope="module")
def told(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carved]:
    """All of it, done once."""
    house = House(module_database, tmp_path_factory.mktemp("carved"))
    yield Carved(house)
    house.close()


@pytest.fixture(scope="module")
def reader(told: Carved) -> Iterator[Connection]:
    """A reader's connection."""
    with told.house.reader() as opened:
        yield opened


def test_the_carved_files_go_by_themselves_and_by_the_plan_that_ends_their_receiver(
    told: Carved, reader: Connection
) -> None:
    """Given a child lot, then each file's receiver on each day is its own decision's, the child lot's, the fonds'."""
    u1, u2, archive, city = (
        told.agency(name) for name in ("u1/government", "u2/government", "archive", "city/government")
    )
    new = told.agency("p1n1/government")
    for file, must in {
        "f1": (u1, u2, u2, archive, archive),
        "f2": (u1, u2, u2, new, new),
        "f3": (u1, u2, city, city, archive),
        "f4": (u1,) * 5,
    }.items():
        for day, wanted in zip(("2024-12-30", CARVED_ON, "2025-01-01", PLAN_ON, CORRECTED_ON), must, strict=True):
            assert custody_of(reader, told.file(file), Carrier.PAPER, day).custody.assigned_to == wanted, (file, day)
            earlier = custody_of(reader, told.file(file), Carrier.PAPER, day, told.before).custody
            assert earlier.assigned_to == u1
    assert custody_of(reader, told.file("f1"), Carrier.DIGITAL, TODAY).custody.assigned_to == u1
    between = custody_of(reader, told.file("f3"), Carrier.PAPER, "2025-07-02").custody
    assert (between.assigned_to, between.because_assigned) == (None, told.planned)
    answer = custody_of(reader, told.file("f2"), Carrier.PAPER, TODAY)
    assert (answer.rule, answer.basis, answer.custody.because_assigned) == ("r2", "p1 QĐ 2", told.corrected)


def test_pages_figures_and_work_lists_have_them(told: Carved, reader: Connection) -> None:
    """Given pages of one file, then a receiver's pages together are its files; figures and lists count the same."""
    for day, of in (
        (CARVED_ON, {"u2/government": CHILD, "u1/government": ["f4", "f5"]}),
        (
            TODAY,
            {"archive": ["f1", "f3"], "p1n1/government": ["f2"], "u2/government": [], "u1/government": ["f4", "f5"]},
        ),
    ):
        for name, files in of.items():
            after, paged = START, list[UUID]()
            while page := holdings_page(reader, told.agency(name), Carrier.PAPER, day, after=after, limit=1):
                paged.append(page[0].id)
                after = PageKey(page[0].fonds_code, page[0].lot, page[0].code, page[0].id)
            assert sorted(paged, key=str) == sorted((told.file(file) for file in files), key=str), (day, name)
            counted = {one.carrier: one.must_have.files for one in of_agency(reader, told.agency(name), day)}
            assert counted.get(Carrier.PAPER, 0) == len(files)
            due = [file for one in to_come(reader, told.agency(name), Carrier.PAPER, day) for file in one.files]
            assert sorted(due, key=str) == (sorted(paged, key=str) if name != "u1/government" else [])


def test_the_chain_and_the_account_name_it(told: Carved, reader: Connection) -> None:
    """Given a carved file, then its sentence, spans, lines and its ward's account say which child lot it is in."""
    whole = chain(reader, told.file("f2"), TODAY)
    sentence = in_words(clauses(whole))[0]
    assert "từ 31/12/2024 do u2/government quản lý theo 3/QĐ (khối tài liệu con Hồ sơ đất đai)" in sentence
    assert "từ 01/7/2025" in sentence
    assert [(one.since, one.agency) for one in assigned(whole, Carrier.PAPER)][1:3] == [
        (CARVED_ON, told.agency("u2/government")), (PLAN_ON, told.agency("p1n1/government")),
    ]  # fmt: skip
    lines = [line(whole, one).vi for _, one in whole.events()]
    assert "Tách khối tài liệu con Hồ sơ đất đai: giao u2/government quản lý (3/QĐ)" in lines
    assert "Hồ sơ này ở trong khối tài liệu con" in lines
    other = chain(reader, told.file("f4"), TODAY)
    assert told.carved not in {act.index for act in other.acts}
    account = account_of(reader, told.doing.id("unit", "p1n1"), TODAY, told.corrected)
    found = [lot for origin in account.origins for fonds in origin.fonds for lot in fonds.lots if lot.child_lot]
    assert [(lot.child_lot, lot.state.value, lot.files) for lot in found] == [("Hồ sơ đất đai", "awaiting", 1)]
