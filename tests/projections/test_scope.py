"""What a list shows and what a single decision allows are the same, for every reader and every file."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from psycopg.rows import tuple_row

from domain.access import AccessRule, may_use
from domain.readers import Reader
from projections import finding_aid_queries, scope
from projections.custody_queries import NEWEST_KNOWN
from projections.readers import ReadingQuestion, readership_of_each
from projections.scope import access_facts, access_scope
from projections.view import Connection
from tests.projections.story import BLOCKS, EFFECTIVE, UNITS, Story, a

READERS = [f"{unit}-{block}" for unit in (*UNITS, "n1", "n2") for block in BLOCKS] + [
    "archive",
    "party-archive",
    "none",
]


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader's connection."""
    return told.house.reader()


@pytest.mark.parametrize("today", ["2025-06-30", "2026-01-01"])
def test_lists_agree_with_decisions(told: Story, reader: Connection, today: str) -> None:
    """Given readers of all agencies, city-wide or not, the WHERE lets through what `may_use` allows, nothing else."""
    query = f"SELECT f.id FROM projection.file AS f WHERE {scope.WHERE}".encode()
    rules = set()
    for name in READERS:
        for city_wide in (False, True):
            eyes = access_scope(reader, a("agency", name), city_wide, today)
            with reader.cursor(row_factory=tuple_row) as cursor:
                listed = {row[0] for row in cursor.execute(query, eyes.facts)}
            for file in told.files:
                facts = access_facts(reader, file, eyes)
                assert facts is not None
                allowed, rule = may_use(facts)
                assert (file in listed) == allowed, (name, city_wide, rule)
                rules.add(rule)
    later = {AccessRule.SUCCESSOR_FUNCTION, AccessRule.TERRITORY}  # by an enacted plan only
    given = {AccessRule.BY_DECISION}  # a field disclosed by decision: no rule by which anybody reads a list
    assert rules == set(AccessRule) - given - (later if today < EFFECTIVE else set())


@pytest.mark.parametrize("today", ["2025-06-30", "2025-07-01", "2026-01-01"])
def test_who_may_read_a_file_is_whoever_each_decision_lets_read(told: Story, reader: Connection, today: str) -> None:
    """Given every file, its readers are those agencies, and by that rule, for which `may_use` decides so."""
    asked = [ReadingQuestion(file=file, on=today, known_at=NEWEST_KNOWN) for file in told.files]
    found = dict(zip(told.files, readership_of_each(reader, asked), strict=True))
    for name in READERS:
        for city_wide in {False, name == "archive"}:  # the archive has an officer with the city as reach
            eyes = access_scope(reader, a("agency", name), city_wide, today)
            for file in told.files:
                facts = access_facts(reader, file, eyes)
                assert facts is not None
                allowed, rule = may_use(facts)
                by = _rules_of(found[file].readers, a("agency", name), city_wide=city_wide)
                assert by == ([rule] if allowed else []), (name, city_wide, file)
                assert allowed or found[file].others is rule


def _rules_of(readers: Sequence[Reader], agency: UUID, *, city_wide: bool) -> list[AccessRule]:
    """The rule for an officer of the agency, with the city as reach or without."""
    rules = [one.rule for one in readers if one.agency == agency]
    if city_wide and AccessRule.CITY_WIDE in rules:
        return [AccessRule.CITY_WIDE]
    return [rule for rule in rules if rule is not AccessRule.CITY_WIDE]


def test_functions_and_territories_are_of_the_same_block_and_follow_an_enacted_plan(reader: Connection) -> None:
    """Given the new commune, its committee follows the old communes' committees, and in their district's land only."""
    eyes = access_scope(reader, a("agency", "n1-government"), False, "2026-01-01")
    assert eyes.predecessors == {a("agency", f"{unit}-government") for unit in ("a1", "a2", "a3")}
    assert eyes.territories == {a("agency", "d1-government")}
    before = access_scope(reader, a("agency", "n1-government"), False, "2025-06-30")
    assert (before.predecessors, before.territories) == (frozenset(), frozenset())


def test_a_page_of_files_holds_only_what_the_reader_may_use(told: Story, reader: Connection) -> None:
    """Given pages of two, walking a fonds by keyset finds each allowed file once, in the order of codes."""
    eyes = access_scope(reader, a("agency", "n1-government"), False, "2026-01-01")
    found: list[finding_aid_queries.FileRow] = []
    after = None
    while page := finding_aid_queries.files_of(reader, eyes, a("fonds", "a1-government"), 2, after):
        found += page
        after = (page[-1].code, page[-1].id)
    expected = [key for key, file in told.files.items() if file.fonds == a("fonds", "a1-government")]
    allowed = []
    for key in expected:
        facts = access_facts(reader, key, eyes)
        assert facts is not None
        allowed += [key] if may_use(facts)[0] else []
    assert [file.id for file in found] == allowed


def test_an_unknown_file_has_no_facts(reader: Connection) -> None:
    """Given no such file, there is nothing to decide on."""
    assert (
        access_facts(reader, a("file", "none"), access_scope(reader, a("agency", "archive"), True, "2026-01-01"))
        is None
    )
