"""The preview of a plan says what the views say once it is enacted, and writes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.basis import Confidence
from domain.enactment import assignments
from domain.file import lot_key
from domain.lot import Carrier, RetentionClass
from domain.plan import GOES_ON, ChangeKind, FondsOutcome, Plan, Rule, Selector
from mocban.database import Databases
from projections import holdings_queries
from projections.view import Connection
from projections.whatif import foresee, one_moment, preview
from projections.whatif_snapshot import take_snapshot
from tests.projections.house import House, Rows
from tests.projections.story import EFFECTIVE, Story, a
from tests.projections.summed import as_receivers, receivers_summed


@pytest.fixture(scope="module")
def drafted(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story until the draft, folded."""
    house = House(module_database, tmp_path_factory.mktemp("drafted"))
    story = Story(house)
    story.until_enactment()
    house.runner.drain()
    return story


@pytest.fixture(scope="module")
def reader(drafted: Story) -> Connection:
    """A reader's connection."""
    return drafted.house.reader()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_preview_equals_what_the_views_say_after_enactment(database: Databases, tmp_path: Path, seed: int) -> None:
    """Given a drafted plan, when it is enacted and folded, every figure of the preview has come true."""
    house = House(database, tmp_path)
    story = Story(house, seed)
    story.until_enactment()
    house.runner.drain()
    with house.reader() as reader:
        foreseen = preview(reader, story.plan())
        story.enact()
        house.runner.drain()
        assert as_receivers(foreseen.after) == receivers_summed(reader, EFFECTIVE)
        assert foreseen.awaiting_lots == holdings_queries.awaiting_lots(reader, EFFECTIVE)
        enacted = reader.execute("SELECT fonds FROM projection.reorganization WHERE state = 'enacted'").fetchone()
        assert enacted is not None
        assert foreseen.fonds == enacted[0]
        assert foreseen.may_be_enacted
        assert foreseen.before != foreseen.after
    house.close()


def test_preview_writes_nothing(drafted: Story, reader: Connection) -> None:
    """Given a preview, neither the views nor the log nor the write-ahead log of the reader's session change."""
    before, head = Rows.read(drafted.house), drafted.house.main.recorder.max_notification_id()
    preview(reader, drafted.plan())
    assert Rows.read(drafted.house) == before
    assert drafted.house.main.recorder.max_notification_id() == head
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("DELETE FROM projection.assignment")


def test_late_documents_are_flagged_only_where_every_reading_of_the_date_is_late(
    drafted: Story, reader: Connection
) -> None:
    """Given documents of ending bodies dated 2025-08-01 and 2023-05, only the former are late."""
    foreseen = preview(reader, drafted.plan())
    assert foreseen.late_documents == len(foreseen.late_documents_shown) > 0
    assert {late.dated for late in foreseen.late_documents_shown} == {"2025-08-01"}


def test_two_rules_that_claim_a_lot_are_shown_with_the_one_that_wins(drafted: Story, reader: Connection) -> None:
    """Given the shipped rules, the general district rule also claims what the special ones send elsewhere."""
    claims = preview(reader, drafted.plan()).claims
    assert any(claim.wins == "district-temporary" and "district-paper" in claim.others for claim in claims)
    assert all(claim.lots > 0 and claim.files >= claim.lots for claim in claims)


def with_rules(plan: Plan, *rules: Rule, may_await: bool = False) -> Plan:
    """The plan with other rules."""
    return msgspec.structs.replace(plan, rules=rules, unmatched_may_await=may_await)


def everything_to(receiver: str, *classes: RetentionClass) -> Rule:
    """A rule for all lots, or those of a class."""
    return Rule(
        id="all", when=Selector(retention=classes), receiver=receiver, basis="QĐ 9", confidence=Confidence.DECISION
    )


def test_what_no_rule_covers_is_counted_and_stands_in_the_way(drafted: Story, reader: Connection) -> None:
    """Given rules for permanent files only, the rest is uncovered; it blocks unless the plan lets it await."""
    rule = everything_to("city-historical-archive", RetentionClass.PERMANENT)
    strict = preview(reader, with_rules(drafted.plan(), rule))
    lenient = preview(reader, with_rules(drafted.plan(), rule, may_await=True))
    assert {obstacle.code for obstacle in strict.obstacles} == {"plan-no-rule"}
    assert not strict.may_be_enacted
    assert lenient.may_be_enacted
    assert strict.uncovered_files == lenient.uncovered_files > 0


def test_lines_that_cross_and_receivers_that_are_not_there_are_named(drafted: Story, reader: Connection) -> None:
    """Given a plan that sends all to the State's archive, Party fonds cross; a body that ends cannot receive."""
    crossing = preview(reader, with_rules(drafted.plan(), everything_to("city-historical-archive")))
    assert {one.receiver for one in crossing.crossings} == {a("agency", "archive")}
    assert a("fonds", "a1-party") in {one.fonds for one in crossing.crossings}
    assert a("fonds", "a1-government") not in {one.fonds for one in crossing.crossings}
    assert crossing.absent_receivers == []
    plan = with_rules(drafted.plan(), everything_to("gone"))
    plan = msgspec.structs.replace(plan, receivers={"gone": a("agency", "d1-government")})
    assert preview(reader, plan).absent_receivers == [a("agency", "d1-government")]
    undetermined = preview(reader, with_rules(drafted.plan(), everything_to("nobody-known")))
    assert {obstacle.code for obstacle in undetermined.obstacles} == {"plan-receiver-undetermined"}


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(16)), kept=st.integers(1, 16))
def test_preview_counts_what_assign_says_file_by_file(drafted: Story, order: list[int], kept: int) -> None:
    """Given any choice and order of rules, each receiver's files are those whose lot `assign` gives to it."""
    rules = drafted.plan().rules
    plan = with_rules(drafted.plan(), *[rules[at] for at in order if at < len(rules)][:kept], may_await=True)
    with drafted.house.reader() as reader:
        foreseen = preview(reader, plan)
        with reader.transaction():
            snapshot = take_snapshot(reader)
    assert foreseen.may_be_enacted
    assigned = assignments(plan, snapshot.units, snapshot.agencies, snapshot.fonds)
    tables = {event.fonds: event.receivers() for event in assigned}
    expected: Counter[tuple[UUID | None, Carrier]] = Counter()
    digital = set(drafted.documents.values())
    for key, file in drafted.files.items():
        for carrier in (Carrier.PAPER, Carrier.DIGITAL) if key in digital else (Carrier.PAPER,):
            table = tables.get(file.fonds)
            creator = snapshot.fonds[file.fonds].creators[0]
            expected[creator if table is None else table[lot_key(file, carrier)], carrier] += 1
    assert {(line.receiver, line.carrier): line.must_have.files for line in foreseen.after} == dict(expected)


@pytest.mark.parametrize("kind", sorted(GOES_ON))
def test_a_unit_that_goes_on_is_not_ended(drafted: Story, reader: Connection, kind: ChangeKind) -> None:
    """Given a kind of change by which a unit goes on, then no lot of its bodies moves, and their fonds go on."""
    plan = drafted.plan()
    changes = tuple(
        msgspec.structs.replace(one, change=kind) if one.unit == a("unit", "a1") else one for one in plan.changes
    )
    with one_moment(reader) as snapshot:
        foreseen = foresee(reader, msgspec.structs.replace(plan, changes=changes), snapshot)
    own = {key for key, one in snapshot.fonds.items() if snapshot.agencies[one.creators[0]].unit == a("unit", "a1")}
    assert own
    assert own.isdisjoint(row[0] for row in foreseen.rows)
    assert {one.outcome for one in foreseen.outcomes if one.fonds in own} == {FondsOutcome.GOES_ON}
    assert foreseen.preview.may_be_enacted
