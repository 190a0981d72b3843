"""What a list shows and what a single decision allows are the same, for every reader and every file."""

from __future__ import annotations

import pytest
from psycopg.rows import tuple_row

from domain.access import AccessRule, may_use
from projections import finding_aid_queries, scope
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
    later = {AccessRule.SUCCESSOR_FUNCTION}  # until a plan is enacted nobody succeeds to a function
    given = {AccessRule.BY_DECISION}  # a field disclosed by decision: no rule by which anybody reads a list
    assert rules == set(AccessRule) - given - (later if today < EFFECTIVE else set())


def test_predecessors_are_of_the_same_block_and_follow_an_enacted_plan(reader: Connection) -> None:
    """Given the new commune, its committee follows the old communes' and their district's committees only."""
    eyes = access_scope(reader, a("agency", "n1-government"), False, "2026-01-01")
    assert eyes.predecessors == {a("agency", f"{unit}-government") for unit in ("a1", "a2", "a3", "d1")}
    before = access_scope(reader, a("agency", "n1-government"), False, "2025-06-30")
    assert before.predecessors == frozenset()


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
