"""The tables agree with the law's own counts and with one another."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections import Counter
from importlib import resources
from pathlib import Path

import reference
from domain.administrative_unit import UnitKind
from domain.basis import Certainty
from domain.civil_date import parse
from domain.lot import RetentionClass
from reference import hanoi
from reference.units import LegalKind, PopulationShare


def test_counts_are_those_of_the_law() -> None:
    """Given the rosters, when counted by kind, then they are the law's 30, 526 and 126."""
    assert Counter(unit.kind for unit in hanoi.districts()) == {
        UnitKind.URBAN_DISTRICT: 12,
        UnitKind.RURAL_DISTRICT: 17,
        UnitKind.TOWN_DISTRICT: 1,
    }
    assert Counter(unit.kind for unit in hanoi.units_before()) == {
        UnitKind.WARD: 160,
        UnitKind.COMMUNE: 345,
        UnitKind.TOWNSHIP: 21,
    }
    assert Counter(unit.kind for unit in hanoi.units_after()) == {UnitKind.WARD: 51, UnitKind.COMMUNE: 75}
    assert sorted(unit.clause for unit in hanoi.units_after()) == list(range(1, 127))


def test_every_new_code_was_another_unit_s_the_day_before() -> None:
    """Given both rosters, when codes are compared, then all 126 new ones were carried by an old unit."""
    old = {unit.code for unit in hanoi.units_before()}
    assert {unit.code for unit in hanoi.units_after()} <= old
    assert len(old) == 526


def test_succession_covers_every_unit_on_both_sides() -> None:
    """Given 795 edges, when grouped, then every old unit ends in one or more and every new one has two or more."""
    edges = hanoi.succession()
    assert len(edges) == len({(edge.ended, edge.successor) for edge in edges}) == 795
    assert {edge.ended for edge in edges} == {unit.code for unit in hanoi.units_before()}
    sources = Counter(edge.successor for edge in edges)
    assert set(sources) == {unit.code for unit in hanoi.units_after()}
    assert min(sources.values()) == 2


def test_clause_of_an_edge_is_the_clause_of_its_successor() -> None:
    """Given an edge, when its clause is looked up, then it is the one that made the successor."""
    clauses = {unit.code: unit.clause for unit in hanoi.units_after()}
    assert [edge for edge in hanoi.succession() if edge.clause != clauses[edge.successor]] == []


def test_each_split_unit_has_one_remainder_after_exactly_the_other_clauses() -> None:
    """Given a split unit, when its remainder is read, then the clauses it names are all the others (the law closes)."""
    by_unit: dict[str, list[hanoi.SuccessionEdge]] = {}
    for edge in hanoi.succession():
        by_unit.setdefault(edge.ended, []).append(edge)
    for edges in by_unit.values():
        if len(edges) == 1:
            assert edges[0].legal_kind is LegalKind.WHOLE
            continue
        (remainder,) = [edge for edge in edges if edge.legal_kind is LegalKind.REMAINDER]
        named = {int(clause) for clause in remainder.remainder_after.split()}
        assert named == {edge.clause for edge in edges} - {remainder.clause}
    assert sum(edge.population_share is PopulationShare.NONE for edge in hanoi.succession()) == 61


def test_intervals_say_how_sure_they_are() -> None:
    """Given the communes of 2025-06-30, when their beginnings are read, then none claims to be stated."""
    found = Counter((unit.valid_from, unit.certainty) for unit in hanoi.units_before())
    assert found == {
        ("2020-01-01", Certainty.ATTESTED): 474,
        ("2020-03-01", Certainty.RECONSTRUCTED): 5,
        ("2025-01-01", Certainty.RECONSTRUCTED): 47,
    }
    assert {unit.valid_to for unit in (*hanoi.units_before(), *hanoi.districts())} == {hanoi.REORGANIZED_ON}
    assert {unit.certainty for unit in hanoi.units_after()} == {Certainty.STATED}


def test_three_agencies_in_every_unit_each_with_its_own_code_name_and_fonds() -> None:
    """Given all agencies of both days, when compared, then no code, fonds code or (name, day) is shared."""
    before, after, departments = hanoi.agencies_before(), hanoi.agencies_after(), hanoi.departments()
    assert (len(before), len(after)) == (557 * 3, 126 * 3)
    assert len(departments) >= 15
    everyone = (*before, *after, *departments)
    assert len({agency.code for agency in everyone}) == len(everyone)
    assert len({agency.fonds_code for agency in everyone}) == len(everyone)
    assert len({agency.name for agency in before}) == len(before)
    assert all(len(agency.code) <= 13 and len(agency.fonds_code) <= 13 for agency in everyone)


def test_departments_name_the_two_archives() -> None:
    """Given the bodies of city level, when looked up, then both historical and Party archive are there."""
    kinds = Counter(department.kind.value for department in hanoi.departments())
    assert kinds["historical-archive"] == kinds["party-archive"] == kinds["service-center"] == 1


def test_schedule_of_2011_is_labelled_superseded() -> None:
    """Given the retention lines, when read, then the 274 of 2011 end on 2023-02-15 and periods have their years."""
    rules = hanoi.retention_rules()
    assert len({rule.id for rule in rules}) == len(rules) == 279
    old = [rule for rule in rules if rule.standing == "superseded"]
    assert {(rule.schedule, rule.in_force_to) for rule in old} == {("TT 09/2011/TT-BNV", "2023-02-15")}
    assert len(old) == 274
    assert all((rule.years is not None) == (rule.period == "years") for rule in rules)
    assert all(parse(rule.in_force_from) for rule in rules)
    assert {rule.retention for rule in rules} == {RetentionClass.PERMANENT, RetentionClass.TEMPORARY}


def test_document_types_are_unique_in_their_block() -> None:
    """Given the 70 types, when keyed by block and name, then none repeats."""
    types = hanoi.document_types()
    assert len({(kind.block, kind.class_, kind.name) for kind in types}) == len(types) == 70


def test_tables_are_in_normal_form_c_without_strange_characters() -> None:
    """Given every shipped table, when its characters are looked at, then it is NFC and free of format characters."""
    for table in resources.files("reference").joinpath("data").iterdir():
        text = table.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), table.name
        assert not [letter for letter in text if unicodedata.category(letter) in {"Cc", "Cf"} and letter != "\n"]


def test_reading_needs_nothing_but_the_package() -> None:
    """Given another working directory, when the tables are read in a fresh process, then all are found."""
    code = "from reference import hanoi; print(len(hanoi.agencies_before()), len(hanoi.succession()))"
    packages = str(Path(reference.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": packages},
    )
    assert done.stdout.split() == ["1671", "795"]
