"""A unit's account, against the domain's replay file by file, and against what the views rolled up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest

from domain.agency import Block
from domain.custody import CustodyReplay, HoldingState
from domain.errors import Refusal
from domain.handover import CustodyHandedOver, DisputesSettled
from domain.lot import Carrier
from mocban.custody.account import Account, LotState
from mocban.custody.account_replay import account_of, accounts_of_all
from mocban.custody.account_xlsx import write_xlsx
from mocban.custody.known_at import act_known_at
from mocban.custody.unit_named import unit_named
from projections.custody_batch import last_act
from projections.custody_queries import NEWEST_KNOWN
from projections.lot_standing import lots_as_they_stood
from projections.view import Connection
from tests.projections.house import MAIN, House, decode
from tests.projections.story import BLOCKS, EFFECTIVE, UNITS, Story, a
from tests.projections.test_custody import replayed

TODAY = "2026-01-01"
DAYS = ("2020-06-01", "2025-06-30", EFFECTIVE, "2025-08-15", TODAY)
OLD = {"n1": ("a1", "a2", "a3"), "n2": ("a3", "b1")}
"""What the story's two new wards are made from."""


@pytest.fixture(scope="module")
def told(told_apart: Story) -> Story:
    """A story of this module's own, which goes on."""
    return told_apart


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader of the told story, in which two old wards then hand over to the new ones what they really have."""
    told.hand_over("n1", "a2", Carrier.PAPER, "2025-08-10", "n1-government")
    told.hand_over("n2", "b1", Carrier.PAPER, "2025-08-10", "n2-government")
    told.house.runner.drain()
    return told.house.reader()


def givers(house: House) -> dict[int, UUID]:
    """Act index of each completed hand-over -> who gave."""
    found = {}
    with house.main.datastore.get_connection() as connection:
        query = (
            f"SELECT * FROM {MAIN}.event WHERE topic LIKE 'custody.handed-over/%' "
            "OR topic LIKE 'handover.disputes-settled/%' ORDER BY position"
        )
        for row in connection.execute(query):
            event = decode(row["topic"], bytes(row["state"]))
            assert isinstance(event, CustodyHandedOver | DisputesSettled)
            found[row["act_index"]] = event.giver
    return found


def expected_files(
    told: Story, replay: CustodyReplay, giver_of: dict[int, UUID], unit: str, day: str, known_at: int
) -> Counter[tuple[UUID, LotState]]:
    """Files by fonds and state, one by one from the replay."""
    living = set() if day < EFFECTIVE else {a("agency", f"{unit}-{block}") for block in BLOCKS}
    enacted = day >= EFFECTIVE and known_at >= enactment(replay)
    kept = {a("fonds", f"{old}-{block}") for old in (OLD[unit] if enacted else ()) for block in BLOCKS}
    gone = {a("agency", f"{old}-{block}") for old in UNITS if old != "city" for block in BLOCKS}
    counted: Counter[tuple[UUID, LotState]] = Counter()
    for file, made in replay.files.items():
        for carrier in Carrier:
            answer = replay.ask(file, carrier, day, known_at)
            if not answer.known or (made.fonds not in kept and answer.assigned_to not in living):
                continue
            if answer.assigned_to in living:
                facts = sorted(
                    (fact.effective, fact.recorded, fact.holder)
                    for fact in replay._held[file, carrier]
                    if fact.effective <= day and fact.recorded <= known_at
                )
                gave = giver_of.get(answer.because_held)
                before = facts[-2][2] if len(facts) > 1 else None
                received = LotState.RECEIVED if answer.held_by == answer.assigned_to else LotState.AWAITING
                contradicted = (gave and gave != before) or answer.state is HoldingState.DISPUTED
                state = LotState.DISPUTED if contradicted else received
            elif answer.assigned_to is None or (day >= EFFECTIVE and answer.assigned_to in gone):
                state = LotState.UNCOVERED
            else:
                state = LotState.ELSEWHERE
            counted[made.fonds, state] += 1
    return counted


def enactment(replay: CustodyReplay) -> int:
    """The act by which the plan was enacted."""
    return max(fact.recorded for fact in replay._assigned[a("fonds", "a1-government")])


def files_by_state(account: Account) -> Counter[tuple[UUID, LotState]]:
    """Files by fonds and state, as the account lists its lots."""
    counted: Counter[tuple[UUID, LotState]] = Counter()
    for origin in account.origins:
        for fonds in origin.fonds:
            for lot in fonds.lots:
                counted[fonds.id, lot.state] += lot.files
    return counted


@pytest.mark.parametrize("unit", OLD)
def test_an_account_counts_what_the_replay_says_of_each_file(told: Story, reader: Connection, unit: str) -> None:
    """Given a new ward, on many days as known at many acts, its account sums the replay's answers, fonds by fonds."""
    replay, acts = replayed(told.house)
    giver_of, seen = givers(told.house), set()
    for day in DAYS:
        for known_at in (NEWEST_KNOWN, acts - 4, enactment(replay), enactment(replay) - 1):
            account = account_of(reader, a("unit", unit), day, known_at)
            found = files_by_state(account)
            assert found == expected_files(told, replay, giver_of, unit, day, known_at), (day, known_at)
            assert {state: sum(n for (_, one), n in found.items() if one is state) for state in LotState} == {
                state: amount.files for state, amount in account.totals.items()
            }
            seen |= {state for _, state in found}
    assert seen == set(LotState)


def test_lots_stand_as_the_views_rolled_them_up(reader: Connection) -> None:
    """Given the newest day and act, the replayed lots are those of the roll-up, file by file.

    The roll-up leaves out digital carriers that were handed over though nothing was ever scanned.
    """
    unscanned = reader.execute(
        "SELECT f.fonds, f.lot + 1, h.holder FROM projection.held AS h JOIN projection.file AS f ON f.id = h.file "
        "WHERE h.carrier = 'digital' AND NOT f.digital"
    ).fetchall()
    standing: Counter[tuple[UUID, int, UUID]] = Counter()
    for row in lots_as_they_stood(reader, TODAY, NEWEST_KNOWN):
        standing[row.fonds, row.lot, row.holder] += row.files
    standing.subtract(unscanned)
    rolled = reader.execute("SELECT fonds, lot, holder, sum(files) FROM projection.lot_content GROUP BY 1, 2, 3")
    counted = {(fonds, lot, holder): int(files) for fonds, lot, holder, files in rolled}
    assert {key: files for key, files in standing.items() if files} == counted
    assert len(counted) > 50


def test_all_at_once_is_each_alone(reader: Connection) -> None:
    """Given every ward of the day, then each account is the one that is rebuilt for it alone, and progress is told."""
    told_of: list[tuple[int, int]] = []
    accounts = accounts_of_all(reader, TODAY, NEWEST_KNOWN, lambda done, of: told_of.append((done, of)))
    assert [account.unit.code for account in accounts] == ["00003", "00006"]
    assert accounts == [account_of(reader, account.unit.id, TODAY, NEWEST_KNOWN) for account in accounts]
    assert told_of == [(0, 2), (1, 2), (2, 2)]


def test_an_account_names_predecessors_shares_and_bodies(reader: Connection) -> None:
    """Given a ward of two whole communes and part of a third, then it says so, and who else has part of it."""
    account = account_of(reader, a("unit", "n1"), TODAY, NEWEST_KNOWN)
    before = {origin.unit.id: origin for origin in account.origins if origin.relation == "predecessor" and origin.unit}
    assert set(before) == {a("unit", name) for name in (*OLD["n1"], "a0")}  # a0: before a1, as rosters say
    assert before[a("unit", "a1")].also_to == ()
    assert before[a("unit", "a3")].also_to == (a("unit", "n2"),)
    assert before[a("unit", "a3")].share == "part"
    assert {body.block for body in account.bodies} == set(Block)
    assert account.reconstructed is True
    assert account_of(reader, a("unit", "n2"), TODAY, NEWEST_KNOWN).reconstructed is False
    lots = [lot for origin in account.origins for fonds in origin.fonds for lot in fonds.lots]
    awaiting = [lot for lot in lots if lot.state is LotState.AWAITING]
    assert awaiting
    assert all(lot.basis and lot.because is not None and lot.assigned_to and lot.held_by for lot in awaiting)


def test_a_code_names_one_unit_on_each_day(reader: Connection) -> None:
    """Given a code that was used again, then the day decides; a day without it and an unknown id are refused."""
    assert unit_named(reader, "00003", "2025-06-30").id == a("unit", "a1")
    assert unit_named(reader, "00003", EFFECTIVE).id == a("unit", "n1")
    assert unit_named(reader, str(a("unit", "a1")), TODAY).id == a("unit", "a1")
    for text, code in (("99999", "unit-not-existing"), ("00003\0", ""), (str(a("unit", "none")), "unit-unknown")):
        if code:
            with pytest.raises(Refusal) as refused:
                unit_named(reader, text, TODAY)
            assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1000000", "act-not-recorded"),
        ("9" * 60, "act-not-recorded"),
        ("hôm qua", "known-at-unfit"),
        ("-1", "known-at-unfit"),
        ("0001-01-01", "known-at-unfit"),
        ("9999-12-31T23:59:59-14:00", "known-at-unfit"),
        ("2020-01-01T00:00+07:00", "known-at-before-ledger"),
    ],
)
def test_known_at_what_never_was_is_refused(told: Story, reader: Connection, text: str, code: str) -> None:
    """Given an act that is not there yet, or no act and no time, then it is refused by its code."""
    with pytest.raises(Refusal) as refused:
        act_known_at(told.house.main, reader, text)
    assert refused.value.code == code


def test_known_at_an_act(told: Story, reader: Connection) -> None:
    """Given an act's index it is that act, and given nothing the newest."""
    assert act_known_at(told.house.main, reader, "3") == 3
    assert act_known_at(told.house.main, reader, None) == last_act(reader) > 3


def test_the_workbook_holds_every_lot(reader: Connection, tmp_path: Path) -> None:
    """Given both accounts, then the sheets' figures are theirs."""
    accounts = accounts_of_all(reader, TODAY, NEWEST_KNOWN)
    write_xlsx(tmp_path / "accounts.xlsx", accounts)
    totals, lots, readings = openpyxl.load_workbook(tmp_path / "accounts.xlsx", read_only=True)
    rows = list(lots.iter_rows(min_row=3, values_only=True))
    assert len(rows) == sum(len(fonds.lots) for one in accounts for origin in one.origins for fonds in origin.fonds)
    read = [(row[0], row[6], row[8], row[9]) for row in readings.iter_rows(min_row=3, values_only=True)]
    assert read == [(one.unit.code, r.fonds_code, r.files, r.needs_grant) for one in accounts for r in one.may_use]
    listed = [(row[0], row[8].split(" / ")[1], row[11]) for row in rows if isinstance(row[8], str)]
    for account, (code, *figures) in zip(accounts, totals.iter_rows(min_row=3, values_only=True), strict=True):
        assert code == account.unit.code
        awaited = account.totals[LotState.AWAITING]
        assert figures[6:9] == [awaited.lots, awaited.files, awaited.boxes]
        assert (
            sum(int(str(files)) for unit, state, files in listed if (unit, state) == (code, "awaiting"))
            == awaited.files
        )
