"""What a unit's bodies may read, against `may_use` for each of them and each file of the story."""

from __future__ import annotations

from collections import Counter

import pytest

from domain.access import AccessRule, may_use
from mocban.custody.account_replay import account_of, accounts_of_all
from projections.custody_queries import NEWEST_KNOWN
from projections.scope import access_facts, access_scope
from projections.view import Connection
from tests.projections.story import EFFECTIVE, Story, a

TODAY = "2026-01-01"
BEFOREHAND = {AccessRule.HOLDER, AccessRule.ASSIGNEE}
"""What a body has or must have is in its account's lots, whatever else would let it read."""


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader's connection."""
    return told.house.reader()


@pytest.mark.parametrize("unit", ["n1", "n2"])
def test_a_fonds_counts_the_files_that_each_rule_opens(told: Story, reader: Connection, unit: str) -> None:
    """Given the bodies of a new commune, then rule, fonds and number are what each decision says, file by file."""
    account = account_of(reader, a("unit", unit), TODAY, NEWEST_KNOWN)
    assert account.bodies
    for body in account.bodies:
        eyes = access_scope(reader, body.id, False, TODAY)
        opened: Counter[tuple[AccessRule, object]] = Counter()
        held: Counter[object] = Counter()
        for file, made in told.files.items():
            facts = access_facts(reader, file, eyes)
            assert facts is not None
            allowed, rule = may_use(facts)
            held[made.fonds] += rule in BEFOREHAND
            opened[rule, made.fonds] += allowed and rule not in BEFOREHAND
        mine = [one for one in account.may_use if one.body == body]
        for one in mine:
            least = opened[one.rule, one.fonds]
            assert least <= one.files <= least + held[one.fonds], (body.code, one.rule, one.fonds_code)
        listed = {(one.rule, one.fonds) for one in mine}
        assert {key for key, count in opened.items() if count} <= listed


def test_predecessors_and_their_district_stand_by_rule_and_basis(told: Story, reader: Connection) -> None:
    """Given a new commune's committee, then each predecessor's fonds and the district's name instrument and act."""
    account = account_of(reader, a("unit", "n1"), TODAY, NEWEST_KNOWN)
    committee = {one.fonds: one for one in account.may_use if one.body.id == a("agency", "n1-government")}
    for unit in ("a1", "a2", "a3"):
        assert committee[a("fonds", f"{unit}-government")].rule is AccessRule.SUCCESSOR_FUNCTION
    assert committee[a("fonds", "d1-government")].rule is AccessRule.TERRITORY
    assert a("fonds", "b1-government") not in committee
    assert all(one.basis.startswith("1656/NQ-UBTVQH15") and one.act is not None for one in committee.values())
    party = [one for one in account.may_use if one.body.id == a("agency", "n1-party")]
    files = Counter(made.fonds for made in told.files.values())
    assert party
    assert all((one.files, one.needs_grant) == (0, files[one.fonds]) for one in party)


def test_nothing_is_read_before_the_plan_or_before_it_was_known(reader: Connection) -> None:
    """Given the day before, or an act before its enactment, then no rule of succession opens anything."""
    after = account_of(reader, a("unit", "n1"), TODAY, NEWEST_KNOWN)
    enacted = next(one.act for one in after.may_use if one.rule is AccessRule.TERRITORY)
    assert enacted is not None
    of_succession = {AccessRule.SUCCESSOR_FUNCTION, AccessRule.TERRITORY}
    for account in (
        account_of(reader, a("unit", "n1"), TODAY, enacted - 1),
        account_of(reader, a("unit", "a1"), "2025-06-30", NEWEST_KNOWN),
    ):
        assert not of_succession & {one.rule for one in account.may_use}


def test_all_accounts_at_once_say_the_same(reader: Connection) -> None:
    """Given every commune of the day in one replay, then each may read what it may read alone."""
    for account in accounts_of_all(reader, EFFECTIVE, NEWEST_KNOWN):
        assert account.may_use == account_of(reader, account.unit.id, EFFECTIVE, NEWEST_KNOWN).may_use
