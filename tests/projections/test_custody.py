"""The SQL of custody answers exactly as the domain's replay, for every file, carrier, day and state of knowledge."""

from __future__ import annotations

import pytest

from domain.custody import CustodyReplay, HoldingState
from domain.lot import Carrier
from projections import custody_queries, holdings_queries
from projections.chain import ANY_DAY, chain
from projections.custody_queries import NEWEST_KNOWN, custody_of
from projections.view import Connection
from tests.projections.house import MAIN, House, decode
from tests.projections.story import EFFECTIVE, Story, a

DAYS = (
    "2019-12-31",
    "2020-01-01",
    "2021-06-01",
    "2025-04-01",
    "2025-05-01",
    "2025-06-30",
    EFFECTIVE,
    "2025-08-15",
    "2026-01-01",
)


def replayed(house: House) -> tuple[CustodyReplay, int]:
    """The whole main log fed to the domain's replay, and the number of acts."""
    replay, acts = CustodyReplay(), 0
    with house.main.datastore.get_connection() as connection:
        for row in connection.execute(f"SELECT * FROM {MAIN}.event ORDER BY position"):
            acts = row["act_index"] + 1
            if not row["topic"].startswith(("registry.", "box.")):
                replay.feed(row["act_index"], row["originator_id"], decode(row["topic"], bytes(row["state"])))
    return replay, acts


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader's connection."""
    return told.house.reader()


def test_custody_agrees_with_the_replay(told: Story, reader: Connection) -> None:
    """Given the told story, when asked of every file on many days as known at many acts, SQL and replay agree."""
    replay, acts = replayed(told.house)
    asked, states = 0, set()
    for at, file in enumerate(sorted(replay.files, key=str)):
        for carrier in Carrier:
            for day in DAYS:
                for known_at in {NEWEST_KNOWN, acts - 1, acts - 4, acts // 2, at % acts}:
                    expected = replay.ask(file, carrier, day, known_at)
                    assert custody_of(reader, file, carrier, day, known_at).custody == expected, (
                        carrier,
                        day,
                        known_at,
                    )
                    states.add(expected.state)
                    asked += 1
    assert states == set(HoldingState)
    assert asked > 5000


def test_an_unknown_file_is_unknown(reader: Connection) -> None:
    """Given no such file, the answer says so and names no act."""
    answer = custody_of(reader, a("file", "none"), Carrier.PAPER, EFFECTIVE)
    assert (answer.custody.known, answer.custody.because_held, answer.rule) == (False, -1, "")


def test_an_assignment_names_its_rule_and_basis(told: Story, reader: Connection) -> None:
    """Given an enacted plan, the answer for a file of a district says by which rule and on what basis."""
    file = next(key for key, made in told.files.items() if made.fonds == a("fonds", "d1-party"))
    answer = custody_of(reader, file, Carrier.PAPER, EFFECTIVE)
    assert answer.custody.assigned_to == a("agency", "party-archive")
    assert answer.custody.state is HoldingState.AWAITING_HANDOVER
    assert (answer.rule, answer.confidence) == ("party-district", "inference")
    assert answer.basis


def test_the_chain_of_a_file_names_every_act_in_order(told: Story, reader: Connection) -> None:
    """Given a file that was scanned and handed over twice, its chain tells all of it, from the units on."""
    fonds = a("fonds", "a1-government")
    file = next(key for key, made in told.files.items() if made.fonds == fonds)
    acts = chain(reader, file, ANY_DAY).acts
    assert [act.index for act in acts] == sorted({act.index for act in acts})
    names = [act.name for act in acts]
    assert names[:3] == ["unit.establish", "agency.establish", "file.register"]
    assert names.count("handover.complete") == 3
    assert "reorganization.enact" in names
    enacted = acts[names.index("reorganization.enact")]
    assert {one.what for one in enacted.events} == {"agency", "assignment", "reorganization", "unit"}
    assert acts[0].basis_ref == "Quyết định 1/QĐ-UBND"


def test_hand_overs_are_listed_for_both_sides(told: Story, reader: Connection) -> None:
    """Given a completed hand-over, giver and receiver both find it, with the root that was signed."""
    row = custody_queries.handover(reader, a("handover", "paper"))
    assert row is not None
    assert row.completed is not None
    assert (row.files, row.handed_on) == (2, "2025-08-01")
    assert len(row.root) == 44
    for side in ("d1-government", "archive"):
        assert row in custody_queries.handovers_of(reader, a("agency", side))


def test_holdings_agree_with_custody_file_by_file(told: Story, reader: Connection) -> None:
    """Given today's custody of every file-carrier, the roll-ups of each agency count just those."""
    today, replay = "2026-01-01", replayed(told.house)[0]
    for agency in (a("agency", name) for name in ("archive", "a1-government", "n1-government", "d1-party", "a2-mass")):
        for carrier in Carrier:
            answers = [replay.ask(file, carrier, today, NEWEST_KNOWN) for file in replay.files]
            known = [answer for answer in answers if answer.known]
            found = {line.carrier: line for line in holdings_queries.of_agency(reader, agency, today)}
            must = [answer for answer in known if answer.assigned_to == agency]
            has = [answer for answer in known if answer.held_by == agency]
            if carrier not in found:
                assert not must
                assert not has
                continue
            line = found[carrier]
            assert line.must_have.files == len(must)
            assert line.has.files == len(has)
            assert line.to_come.files == sum(answer.held_by != agency for answer in must)
            assert line.awaiting.files == sum(answer.assigned_to is None for answer in has)


def test_awaiting_lots_are_those_with_something_in_them(told: Story, reader: Connection) -> None:
    """Given lots that await a receiver, only those that hold a file are counted."""
    replay = replayed(told.house)[0]
    awaiting = set()
    for key, file in replay.files.items():
        for carrier in Carrier:
            answer = replay.ask(key, carrier, EFFECTIVE, NEWEST_KNOWN)
            if answer.known and answer.assigned_to is None:
                kept = file.Maintenance
                awaiting.add((file.fonds, kept.retention, file.state, file.arranged, carrier))
    assert holdings_queries.awaiting_lots(reader, EFFECTIVE) == len(awaiting) > 0
    assert holdings_queries.awaiting_lots(reader, "2025-06-30") == 0
