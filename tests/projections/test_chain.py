"""The chain of a file: every act in order, the same facts as custody itself, one sentence whose clauses are proven."""

from __future__ import annotations

import msgspec
import pytest

from domain.custody import HoldingState
from domain.errors import Refusal
from domain.lot import Carrier
from projections.chain import Chain, chain
from projections.chain_sentence import clauses, in_words
from projections.chain_spans import Span, apart, assigned, held, must_have
from projections.chain_words import line
from projections.custody_queries import NEWEST_KNOWN, custody_of
from projections.view import Connection
from signing.merkle import leaf_hash
from tests.projections.story import EFFECTIVE, Story, a
from tests.projections.test_custody import DAYS, replayed

LATE = "2199-12-31"


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader's connection."""
    return told.house.reader()


def of(story: Story, fonds: str) -> Chain:
    """The chain of the first file of a fonds, on a late day."""
    file = next(key for key, made in story.files.items() if made.fonds == a("fonds", fonds))
    with story.house.reader() as reader:
        return chain(reader, file, LATE)


def at(spans: tuple[Span, ...], day: str) -> Span | None:
    """The span of a day."""
    return next((one for one in spans if one.since <= day and (not one.until or day < one.until)), None)


def test_the_spans_are_what_custody_answers(told: Story, reader: Connection) -> None:
    """Given every file, as known at several acts, then each day's span names custody's agencies and acts."""
    _, acts = replayed(told.house)
    compared = 0
    for number, file in enumerate(sorted(told.files, key=str)):
        for known_at in (NEWEST_KNOWN, max(acts - 1 - number % acts, chain(reader, file, LATE).file.recorded)):
            found = chain(reader, file, LATE, known_at)
            for day in DAYS:
                for carrier in Carrier:
                    custody = custody_of(reader, file, carrier, day, known_at).custody
                    must = at(assigned(found, carrier), day)
                    expected = (custody.assigned_to, custody.because_assigned)
                    assert ((must.agency, must.act) if must else (None, -1)) == expected, (day, carrier)
                    has = at(held(found, carrier), day)
                    expected = (custody.held_by, custody.because_held)
                    assert ((has.agency, has.act) if has else (None, -1)) == expected, (day, carrier)
                    compared += 1
    assert compared > 500


def test_every_act_is_there_in_order_with_signers_basis_and_proof(told: Story) -> None:
    """Given a file handed over, then unit, agency, fonds, file, plan and hand-overs stand in order, provable."""
    found = of(told, "a1-government")
    indexes = [act.index for act in found.acts]
    assert indexes == sorted(set(indexes))
    names = [act.name for act in found.acts]
    assert names[:3] == ["unit.establish", "agency.establish", "file.register"]
    assert {"reorganization.adopt", "reorganization.enact"} <= set(names)
    assert "reorganization.correct" not in names
    assert "reorganization.correct" in [act.name for act in of(told, "b1-mass").acts]
    completed = [act for act in found.acts if act.name == "handover.complete"]
    assert [act.signers for act in completed] == [(told.house.clerk.id, told.house.chief.id)] * 3
    assert all(act.basis_ref == "QĐ 12" for act in completed)
    for act, one in found.events():
        assert act.leaf == leaf_hash(told.house.main.note_of(act.index))
        row = told.house.main.log_recorder.select_notifications(one.position + 1, 1)[0]
        assert (row.topic, bytes(row.state)) == (one.type, one.payload)


def test_the_sentence_says_who_made_managed_and_has_it(told: Story) -> None:
    """Given a district's file that was handed over after the reorganization, then each clause rests on its acts."""
    found = of(told, "d1-government")
    parts = clauses(found)
    vi, en = in_words(parts)
    assert vi.startswith("Lập bởi Cơ quan d1-government; từ 01/7/2025 ")
    assert "theo " in vi
    assert "ngày 01/8/2025 Cơ quan d1-government bàn giao bản giấy cho Cơ quan archive theo QĐ 12" in vi
    box = f", hộp {found.file.box}" if found.file.box else ""
    assert f"; bản giấy đang ở kho của Cơ quan archive{box};" in vi
    assert vi.endswith("; bản số đang ở kho của Cơ quan archive.")
    assert en.startswith("Made by Cơ quan d1-government; from 01/7/2025 ")
    positions = {one.position: act.index for act, one in found.events()}
    assert all(one.acts and {positions[position] for position in one.positions} == set(one.acts) for one in parts)


def test_what_came_later_or_was_recorded_later_is_left_out(told: Story, reader: Connection) -> None:
    """Given the day before the reorganization, and an act before it, then neither says anything of it."""
    whole = of(told, "d1-government")
    enacted = next(act.index for act in whole.acts if act.name == "reorganization.enact")
    before = chain(reader, whole.file.id, "2025-06-30")
    unknown = chain(reader, whole.file.id, EFFECTIVE, enacted - 1)
    for found in (before, unknown):
        assert "01/7/2025" not in in_words(clauses(found))[0]
        assert not [one for _, one in found.events() if one.type in {"fonds.assigned/1", "reorganization.enacted/1"}]
    assert not [one for _, one in unknown.events() if one.what == "reorganization"]
    with pytest.raises(Refusal, match="file-unknown"):
        chain(reader, whole.file.id, EFFECTIVE, whole.file.recorded - 1)
    with pytest.raises(Refusal, match="file-unknown"):
        chain(reader, a("file", "none"), EFFECTIVE)


def test_every_event_has_words_of_its_own(told: Story, reader: Connection) -> None:
    """Given every chain of the story, then no event is told by its bare name and none shows a title."""
    said = set()
    for file in told.files:
        found = chain(reader, file, LATE)
        for _, one in found.events():
            told_line = line(found, one)
            assert told_line.vi != told_line.en
            said.add((one.type, told_line.vi))
    assert len({kind for kind, _ in said}) >= 15
    assert not [text for _, text in said if text.startswith("Sự kiện ") or "trường học" in text]
    registered = [text for kind, text in said if kind.startswith("file.registered/")]
    assert registered  # their day is the one from which the paper may be held: nothing was registered on it
    assert all(text.startswith("Bản giấy do ") and " giữ" in text for text in registered)


def test_a_unit_that_ends_is_told_by_its_own_name(told: Story, reader: Connection) -> None:
    """Given bodies of several units that ended the same day in one chain, then each unit has its own name."""
    names = dict(reader.execute("SELECT id, name FROM projection.unit").fetchall())
    chains = [chain(reader, file, LATE) for file in told.files]
    everybody = {key: body for found in chains for key, body in found.bodies.items()}
    said = []
    for found in chains:
        mixed = msgspec.structs.replace(found, bodies=everybody)
        ended = [one for _, one in mixed.events() if one.type == "unit.ended/1"]
        said += [(names[one.stream], line(mixed, one).vi) for one in ended]
    assert len({name for name, _ in said}) > 2
    assert all(vi.startswith(f"{name} kết thúc hoạt động") for name, vi in said)


def test_carriers_that_go_apart_are_told_apart(told: Story, reader: Connection) -> None:
    """Given every chain, then each carrier's spans are told, and the sentence names the carrier where they differ."""
    ways = set()
    for file in told.files:
        found = chain(reader, file, LATE)
        paper, digital = (must_have(found, carrier) for carrier in Carrier)
        scanned = held(found, Carrier.DIGITAL)
        assert bool(digital) == bool(scanned)
        assert not digital or digital[0].since >= scanned[0].since
        days = {span.since for span in (*paper, *digital)} | {LATE}
        differ = any(
            custody_of(reader, file, Carrier.PAPER, day).custody.assigned_to
            != custody_of(reader, file, Carrier.DIGITAL, day).custody.assigned_to
            for day in days
            if scanned and day >= scanned[0].since
        )
        assert apart(found) == differ
        vi, en = in_words(clauses(found))
        named = "bản số do " in vi or "bản số chờ" in vi
        assert named <= differ, vi
        assert ("digital copy under" in en or "digital copy awaiting" in en) == named
        ways.add((differ, named))
    assert (True, True) in ways
    assert (False, False) in ways


def test_the_sentence_says_that_a_line_was_not_taken(told: Story, reader: Connection) -> None:
    """Given files in dispute, then the clause of that carrier says so and rests on the act that named the line."""
    found = [chain(reader, file, LATE) for file in told.files]
    disputed = [one for one in found if one.custody(Carrier.PAPER).state is HoldingState.DISPUTED]
    assert disputed
    for one in disputed:
        clause = next(part for part in clauses(one) if "bản giấy đang ở kho" in part.vi)
        assert clause.vi.endswith("có tranh chấp khi bàn giao")
        named = {event.position for _, event in one.events() if event.type == "handover.lines-disputed/1"}
        assert named & set(clause.positions)
    others = [one for one in found if HoldingState.DISPUTED not in {one.custody(carrier).state for carrier in Carrier}]
    assert not [one for one in others if "có tranh chấp" in in_words(clauses(one))[0]]
