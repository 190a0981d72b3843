"""Three plans in turn, each ending what the one before began: files of 2015 through 2020, January and July 2025."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.lot import Carrier
from mocban.custody.account_replay import account_of
from mocban.database import Databases
from projections.chain import chain
from projections.chain_sentence import clauses, in_words
from projections.custody_queries import custody_of
from projections.holdings_page import holdings_page
from projections.lot_standing import lots_as_they_stood
from projections.view import Connection
from projections.whatif import preview
from tests.projections.deeds import Deed, body, founding
from tests.projections.doing import Doing
from tests.projections.house import House
from tests.projections.told_figures import foretold, recorded

FILES = {
    "permanent": ("permanent", "finished"),
    "temporary": ("temporary", "finished"),
    "open": ("temporary", "unfinished"),
}
DAYS = ("2019-06-01", "2020-03-01", "2025-01-01", "2025-07-01")
TODAY = "2026-11-22"


def plan(name: str, day: str, changes: Deed, *rules: tuple[Deed, str]) -> Deed:
    """A plan as a deed: it begins two communes, `{name}n1` and `{name}n2`."""
    begin = [f"{name}n1", f"{name}n2"]
    return {
        "do": "enact", "plan": name, "day": day, "units": dict.fromkeys(begin, "city"),
        "new": [body(f"{unit}/government", unit, "government", "commune", day) for unit in begin],
        "changes": changes, "rules": [{"when": when, "to": to} for when, to in rules],
    }  # fmt: skip


PLANS = (
    plan("p1", DAYS[1], {"u1": {"kind": "absorbed", "to": ["p1n1"]}}, ({}, "successor")),
    plan(
        "p2", DAYS[2], {"p1n1": {"kind": "consolidated", "to": ["p2n1"]}},
        ({"retention": ["permanent"]}, "archive"), ({}, "successor"),
    ),
    plan(
        "p3", DAYS[3], {"p2n1": {"kind": "split", "to": ["p3n1", "p3n2"]}},
        ({"state": ["unfinished"]}, "direct-superior"), ({}, "awaiting"),
    ),
)  # fmt: skip
MUST = {  # file -> who must have it from each of the four days on
    "permanent": ("u1/government", "p1n1/government", "archive", "archive"),
    "temporary": ("u1/government", "p1n1/government", "p2n1/government", None),
    "open": ("u1/government", "p1n1/government", "p2n1/government", "city/government"),
}


class Lineage:
    """The files and the three plans, done; with the act of each plan and whether its preview came true."""

    def __init__(self, house: House) -> None:
        self.doing, self.house = Doing(house, "line"), house
        self.first = self.doing.do(founding())
        for name, (retention, state) in FILES.items():
            self.first = self.doing.do(
                {"do": "register", "file": name, "fonds": "u1/government", "held_by": "u1/government",
                 "day": "2019-01-01", "retention": retention, "state": state, "arranged": True}
            )  # fmt: skip
        alone = {"do": "single", "file": "open", "carriers": ["digital"], "to": "u1/government", "day": "2019-06-01"}
        self.doing.do({"do": "digitize", "file": "open", "held_by": "u1/government", "day": "2019-02-01"})
        self.doing.do(alone)
        self.acts = []
        with house.reader() as reader:
            for deed in PLANS:
                house.runner.drain()
                foreseen = preview(reader, self.doing.plan(deed))
                self.acts.append(self.doing.do(deed))
                house.runner.drain()
                assert foretold(foreseen.after) == recorded(reader, deed["day"])
                assert foreseen.may_be_enacted

    def agency(self, name: str | None) -> object:
        """Its id; None of nobody."""
        return self.doing.id("agency", name) if name else None


@pytest.fixture(scope="module")
def lineage(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lineage]:
    """All of it, done once."""
    house = House(module_database, tmp_path_factory.mktemp("lineage"))
    yield Lineage(house)
    house.close()


@pytest.fixture(scope="module")
def reader(lineage: Lineage) -> Iterator[Connection]:
    """A reader's connection."""
    with lineage.house.reader() as opened:
        yield opened


@pytest.mark.parametrize("file", sorted(MUST))
def test_each_plan_says_where_a_file_of_a_ward_long_gone_goes(lineage: Lineage, reader: Connection, file: str) -> None:
    """Given three plans in turn, then on each day, as known after each, the body of that day must have it."""
    key = lineage.doing.id("file", file)
    known = [lineage.first, *lineage.acts]
    for on, day in enumerate(DAYS):
        for knows, act in enumerate(known):
            answer = custody_of(reader, key, Carrier.PAPER, day, act).custody
            assert answer.assigned_to == lineage.agency(MUST[file][min(on, knows)]), (day, knows)
            assert answer.held_by == lineage.agency("u1/government")
    assert custody_of(reader, key, Carrier.PAPER, DAYS[2]).custody.because_assigned == lineage.acts[1]


def test_a_single_files_own_receiver_is_followed_too(lineage: Lineage, reader: Connection) -> None:
    """Given a digital carrier that its own decision gave to a body which ends, then each plan takes it along."""
    key = lineage.doing.id("file", "open")
    for day, must in zip(DAYS, MUST["open"], strict=True):
        assert custody_of(reader, key, Carrier.DIGITAL, day).custody.assigned_to == lineage.agency(must)
    answer = custody_of(reader, key, Carrier.DIGITAL, TODAY)
    assert (answer.rule, answer.basis) == ("r0", "p3 QĐ 0")
    found = [one for one in lots_as_they_stood(reader, TODAY, lineage.acts[-1]) if one.lot % 2]
    assert [(one.receiver, one.because, one.rule) for one in found] == [
        (lineage.agency("city/government"), lineage.acts[2], "r0")
    ]


def test_pages_and_the_chain_tell_every_turn(lineage: Lineage, reader: Connection) -> None:
    """Given the three plans, then nothing is left with a body that ended; the sentence has each turn."""
    for gone in ("u1/government", "p1n1/government", "p2n1/government"):
        assert holdings_page(reader, lineage.doing.id("agency", gone), Carrier.PAPER, TODAY) == []
    page = holdings_page(reader, lineage.doing.id("agency", "p1n1/government"), Carrier.PAPER, DAYS[1])
    assert {row.id for row in page} == {lineage.doing.id("file", file) for file in FILES}
    sentence = in_words(clauses(chain(reader, lineage.doing.id("file", "temporary"), TODAY)))[0]
    assert sentence.startswith(
        "Lập bởi u1/government; từ 01/3/2020 do p1n1/government quản lý theo p1 QĐ 0; "
        "từ 01/01/2025 do p2n1/government quản lý theo p2 QĐ 1; từ 01/7/2025 chờ xác định nơi nhận theo p3 QĐ 1;"
    )


def test_the_account_of_a_ward_follows_three_plans(lineage: Lineage, reader: Connection) -> None:
    """Given the split of 2025, then each new ward's account has what is nobody's yet of the ward that ended in 2020."""
    for unit, also in (("p3n1", "p3n2"), ("p3n2", "p3n1")):
        account = account_of(reader, lineage.doing.id("unit", unit), TODAY, lineage.acts[-1])
        found = {
            (lot.state.value, lot.assigned_to.name if lot.assigned_to else "", lot.files)
            for origin in account.origins
            for fonds in origin.fonds
            for lot in fonds.lots
        }
        assert ("uncovered", "", 1) in found, also
        assert {("elsewhere", "archive", 1), ("elsewhere", "city/government", 1)} <= found
