"""The other questions: units by code and day, files, documents side by side, retention, acts, readings, principals."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.administrative_unit import Level
from domain.file import GateFault
from domain.plan import ChangeKind
from projections import audit_trail, finding_aid_queries, principals, succession_queries
from projections.access_journal import readings, readings_of
from projections.retention_calendar import due_until, retention_of
from projections.view import Connection
from tests.projections.story import EFFECTIVE, Story, a


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader's connection."""
    return told.house.reader()


def test_a_code_is_another_units_the_day_before(reader: Connection) -> None:
    """Given a new commune that carries an old one's code, the day decides which unit is meant."""
    before = succession_queries.unit_by_code(reader, "00003", "2025-06-30")
    after = succession_queries.unit_by_code(reader, "00003", EFFECTIVE)
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (a("unit", "a1"), a("unit", "n1"))
    assert before.valid_to == after.valid_from == EFFECTIVE
    assert succession_queries.unit_by_code(reader, "00003", "2019-12-31") is None
    assert len(succession_queries.units_on(reader, "2025-06-30", Level.COMMUNE)) == 4
    assert len(succession_queries.units_on(reader, EFFECTIVE, Level.COMMUNE)) == 2
    assert succession_queries.units_on(reader, EFFECTIVE, Level.DISTRICT) == []


def test_edges_hold_once_enacted_and_not_for_a_plan_given_up(reader: Connection) -> None:
    """Given one plan enacted and one withdrawn, a split commune has two successors, a district none, each once."""
    edges = succession_queries.successors(reader, a("unit", "a3"))
    assert {edge.successor for edge in edges} == {a("unit", "n1"), a("unit", "n2")}
    assert len(edges) == 2
    (ended,) = succession_queries.successors(reader, a("unit", "d1"))
    assert (ended.change, ended.successor, ended.effective) == (ChangeKind.DISSOLVED, None, EFFECTIVE)
    came = succession_queries.predecessors(reader, a("unit", "n1"))
    assert {edge.unit for edge in came} == {a("unit", name) for name in ("a1", "a2", "a3")}
    states = {plan.title: plan.state for plan in succession_queries.reorganizations(reader)}
    assert states["Phương án khác"] == "withdrawn"
    assert sorted(states.values()) == ["enacted", "enacted", "reconstructed", "withdrawn"]
    (former,) = succession_queries.predecessors(reader, a("unit", "a1"))
    assert (former.unit, former.effective, former.reconstructed) == (a("unit", "a0"), "2020-03-01", True)
    assert not any(edge.reconstructed for edge in (*edges, *came))


def test_agencies_end_with_their_unit(reader: Connection) -> None:
    """Given an ended commune, its agencies are there the day before and gone on the day."""
    assert len(succession_queries.agencies_of(reader, a("unit", "a1"), "2025-06-30")) == 3
    assert succession_queries.agencies_of(reader, a("unit", "a1"), EFFECTIVE) == []
    gone = succession_queries.agency_by_code(reader, "a1-party", "2025-06-30")
    assert gone is not None
    assert succession_queries.agency(reader, gone.id) == gone
    assert gone.valid_to == EFFECTIVE
    unit = succession_queries.unit(reader, gone.unit)
    assert unit is not None
    assert unit.ended_by == "1656/NQ-UBTVQH15"


def test_fonds_close_by_the_enactment(reader: Connection) -> None:
    """Given an ended body its fonds is closed on the day; the city's goes on."""
    closed = finding_aid_queries.fonds(reader, a("fonds", "a1-government"))
    assert closed is not None
    assert closed.closed_from == EFFECTIVE
    (open_one,) = finding_aid_queries.fonds_of(reader, a("agency", "city-government"))
    assert open_one.closed_from == ""


def test_files_stand_with_their_gate_and_delivery(told: Story, reader: Connection) -> None:
    """Given files admitted and sent back, each says why; its delivery lists the rows refused."""
    for key, made in told.files.items():
        file = finding_aid_queries.file(reader, key)
        assert file is not None
        assert file.gate == ("admitted" if made.arranged else "sent-back")
        assert file.faults == (() if made.arranged else (GateFault.NOT_ARRANGED, GateFault.DAMAGED))
        assert file.digital == (key in told.documents.values())
        assert finding_aid_queries.files_by_code(reader, file.code) == [file]
    delivery = finding_aid_queries.accession(reader, a("accession", "a1-party"))
    assert delivery is not None
    assert (delivery.rows, delivery.registered) == (6, 4)
    refused = finding_aid_queries.refused_rows(reader, delivery.id)
    assert [(row.row_number, row.code) for row in refused] == [(4, "x"), (9, "date-impossible")]


def test_what_was_read_stands_beside_what_was_described(told: Story, reader: Connection) -> None:
    """Given scans with and without a description, nothing read replaces what the worksheet says."""
    kinds = set()
    for key, file in told.documents.items():
        document = finding_aid_queries.document(reader, key)
        assert document is not None
        assert document.file == file
        kinds.add((document.described, bool(document.discrepancies)))
        assert document.recognized
        assert document.read_subject == "Về việc nâng lương"
        assert document.read_signer == "Nguyễn Văn Mẫu"
        assert document.text is not None
        assert document.scan_version in {1, 2}
        if document.described:
            assert document.subject is not None
            assert document.subject.startswith("Về việc nâng lương ")
            assert document.number_key == f"{int(document.code_number)}/QĐ-UBND"
            assert document.read_number_key == f"{int(document.code_number) + 1}/QĐ-UBND"
        else:
            assert (document.subject, document.number_key) == (None, "")
    assert len(kinds) == 3
    one, two, *_ = sorted(told.documents, key=str)
    (match,) = finding_aid_queries.matches_of(reader, two)  # the one that was undone counts no more
    assert (match.reference, match.other, match.similarity) == (one, two, 97)
    assert len(finding_aid_queries.documents_of(reader, told.documents[one])) == 2


def test_years_run_from_the_closing_and_none_is_invented(told: Story, reader: Connection) -> None:
    """Given files of every class, state and date, a due year is named only where all it needs is known."""
    reasons = set()
    for key, made in told.files.items():
        row = retention_of(reader, key)
        assert row is not None
        reasons.add(row.undated)
        if row.due_year is not None:
            assert row.due_year == int(made.EndDate[:4]) + made.Maintenance.years
            assert row.undated == ""
    assert reasons == {"", "permanent", "not-appraised", "unfinished", "no-fixed-period", "closing-unknown"}
    walked: list[UUID] = []
    after = (0, UUID(int=0))
    while page := due_until(reader, 2060, 2, after):
        walked += [row.file for row in page]
        after = (page[-1].due_year or 0, page[-1].file)
    assert len(walked) == len(set(walked)) > 0
    assert due_until(reader, 2000) == []


def test_the_trail_tells_act_by_act(told: Story, reader: Connection) -> None:
    """Given the whole ledger, every act is there once, with who, when and what it wrote."""
    head = told.house.main.receipt_of
    everything = audit_trail.acts(reader, limit=1000)
    assert [act.index for act in everything] == list(range(len(everything)))[::-1]
    assert everything[-1].name == "log.found"
    *_, enacted = audit_trail.acts(reader, name="reorganization.enact")
    assert audit_trail.act(reader, enacted.index) == enacted
    written = audit_trail.events_of_act(reader, enacted.index)
    assert len(written) == enacted.events
    assert {event.type for event in written} >= {"fonds.assigned/1", "unit.ended/1", "agency.established/1"}
    touching = audit_trail.acts_of_stream(reader, a("reorganization", "2025"))
    assert [act.name.partition(".")[2] for act in touching] == ["draft", "adopt", "enact", "correct"]
    assert audit_trail.acts(reader, actor=UUID(told.house.chief.id)) == []
    assert head is not None


def test_readings_and_denials_are_listed_by_record(told: Story, reader: Connection) -> None:
    """Given a reading and a denial, each record tells who asked, by coordinates only; no name is projected."""
    one, two, *_ = sorted(told.documents, key=str)
    (read,) = readings_of(reader, one)
    (denied,) = readings_of(reader, two)
    assert (read.allowed, denied.allowed) == (True, False)
    assert readings_of(reader, told.documents[one]) == [read]
    assert readings(reader) == [denied, read]
    assert readings(reader, allowed=False) == [denied]


def test_principals_have_office_and_agency_and_no_name(reader: Connection) -> None:
    """Given appointments, agency and office are answered."""
    found = principals.principal(reader, a("principal", "archive"))
    assert found is not None
    assert (found.agency, found.city_wide, found.office) == (a("agency", "archive"), True, "Lưu trữ viên")
    assert principals.principals_of(reader, a("agency", "archive")) == [found]
    assert principals.principal(reader, a("principal", "nobody")) is None
