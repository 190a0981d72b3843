"""Units and agencies that change by themselves, enacted and folded: codes and creators by day, in every answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg.rows import tuple_row

from domain.access import AccessRule, may_use
from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Confidence, Instrument
from domain.file import Rights
from domain.fonds import CustodyLine, FondsOpened
from domain.lot import Carrier, WorkState
from domain.plan import (
    AgencyChange,
    AgencyForm,
    ChangeKind,
    FondsOutcome,
    NewUnit,
    Plan,
    Receiver,
    Rule,
    Selector,
    Standing,
    Succession,
    UnitChange,
    UnitForm,
)
from ledger.act_id import new_act_id
from ledger.commands import fonds as fonds_commands
from ledger.commands import reorganization
from mocban.database import Databases
from projections import scope
from projections.agency_succession import agency_edges
from projections.chain import chain
from projections.chain_sentence import clauses, in_words
from projections.creatorship import creatorships_of
from projections.custody_queries import custody_of
from projections.finding_aid_queries import fonds as fonds_row
from projections.scope import access_facts, access_scope
from projections.succession_queries import (
    agencies_of,
    agency_by_code,
    agency_on,
    former_units,
    unit_by_code,
    units_on,
)
from projections.view import Connection
from projections.whatif import foresee, one_moment
from tests.projections.house import House, Rows
from tests.projections.story import Story, a
from tests.projections.summed import as_receivers, receivers_summed

FIRST, SECOND = "2024-03-01", "2024-09-01"
BEFORE = "2024-02-29"
GOES_ON, CLOSES = FondsOutcome.GOES_ON, FondsOutcome.CLOSES


def _own(
    agency: str, change: ChangeKind, fonds: FondsOutcome, *to: str, becomes: AgencyForm | None = None
) -> AgencyChange:
    return AgencyChange(
        agency=a("agency", agency),
        change=change,
        fonds=fonds,
        basis="7/QĐ-UBND",
        successors=tuple(a("agency", one) for one in to),
        becomes=becomes,
    )


def _plan(day: str, **parts: tuple[object, ...]) -> Plan:
    """parts: members of the plan. Whatever closes goes to the successor, else it awaits."""
    rule = Rule(
        id="on", when=Selector(), receiver=Receiver.SUCCESSOR, basis="7/QĐ-UBND", confidence=Confidence.DECISION,
        may_await=True,
    )  # fmt: skip
    body = Standing(
        agency=a("agency", "city-government"), block=Block.GOVERNMENT, kind=AgencyKind.PEOPLES_COMMITTEE,
        unit=a("unit", "city"),
    )  # fmt: skip
    base: dict[str, tuple[object, ...]] = {"changes": (), "units": (), "agencies": ()}
    return Plan(
        title=f"Đợt {day}", effective=day, receivers={}, standing=(body,), rules=(rule,),
        instrument=Instrument(number=f"{day}/NQ", issued=day, issuer="HĐND", in_force=day),
        **(base | parts),  # type: ignore[arg-type]  # members of the plan
    )  # fmt: skip


ONE = _plan(
    FIRST,
    changes=(
        UnitChange(unit=a("unit", "a1"), change=ChangeKind.RENAMED),
        UnitChange(
            unit=a("unit", "a2"),
            change=ChangeKind.SEPARATED,
            successors=(Succession(unit=a("unit", "cut"), share="part", population_share="part"),),
        ),
        UnitChange(
            unit=a("unit", "a3"),
            change=ChangeKind.BOUNDARY_ADJUSTED,
            successors=(Succession(unit=a("unit", "a2"), share="part", population_share="none"),),
        ),
    ),
    unit_forms=(
        UnitForm(unit=a("unit", "a1"), name="Xã Mới", kind=UnitKind.COMMUNE, level=Level.COMMUNE, code="00777"),
    ),
    units=(
        NewUnit(
            unit=a("unit", "cut"), name="Phường Cắt", kind=UnitKind.WARD, level=Level.COMMUNE, code="00778",
            parent=a("unit", "d1"),
        ),
    ),
    agency_changes=(
        _own("d1-government", ChangeKind.ABSORBED, GOES_ON, "d2-government"),
        _own("a3-government", ChangeKind.ABSORBED, CLOSES, "a2-government"),
        _own(
            "a1-government", ChangeKind.RENAMED, GOES_ON,
            becomes=AgencyForm(name="Ủy ban Xã Mới", kind=AgencyKind.PEOPLES_COMMITTEE, code="a1-moi"),
        ),
        _own("b1-mass", ChangeKind.DISSOLVED, CLOSES),
    ),
)  # fmt: skip
TWO = _plan(SECOND, agency_changes=(_own("d2-government", ChangeKind.DISSOLVED, CLOSES),))


class Changed:
    """The story's bodies and files, and both plans enacted; each preview has come true."""

    def __init__(self, house: House) -> None:
        self.house, self.story = house, Story(house)
        self.story.found_bodies()
        self.story.register_files(9)
        self.acts = []
        with house.reader() as reader:
            for plan in (ONE, TWO):
                house.runner.drain()
                with one_moment(reader) as snapshot:
                    foreseen = foresee(reader, plan, snapshot)
                assert foreseen.preview.may_be_enacted
                self.acts.append(self._enact(plan))
                house.runner.drain()
                assert as_receivers(foreseen.preview.after) == receivers_summed(reader, plan.effective)
                closed = {one.fonds for one in foreseen.outcomes if one.outcome is CLOSES}
                found = reader.execute(
                    "SELECT id FROM projection.fonds WHERE closed_from = %s", (plan.effective,)
                ).fetchall()
                assert {row[0] for row in found} == closed

    def _enact(self, plan: Plan) -> int:
        main, clerk, stream = self.house.main, self.house.clerk, a("reorganization", plan.effective)
        reorganization.draft(main, clerk, new_act_id(), stream, plan)
        reorganization.adopt(main, clerk, new_act_id(), stream, plan.instrument)
        return reorganization.enact(main, clerk, new_act_id(), stream, "2026-01-01").act_index


@pytest.fixture(scope="module")
def changed(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    """All of it, done once."""
    house = House(module_database, tmp_path_factory.mktemp("changed"))
    yield Changed(house)
    house.close()


@pytest.fixture(scope="module")
def reader(changed: Changed) -> Iterator[Connection]:
    """A reader's connection."""
    with changed.house.reader() as opened:
        yield opened


def test_a_code_finds_the_unit_of_the_day(reader: Connection) -> None:
    """Given a unit renamed, retyped and with another code, then each code finds it on its days only, as it was then."""
    was = unit_by_code(reader, "00003", BEFORE)
    now = unit_by_code(reader, "00777", FIRST)
    assert was is not None
    assert now is not None
    assert was.id == now.id == a("unit", "a1")
    assert (was.name, was.kind, now.name, now.kind) == ("Đơn vị a1", UnitKind.WARD, "Xã Mới", UnitKind.COMMUNE)
    assert unit_by_code(reader, "00003", FIRST) is unit_by_code(reader, "00777", BEFORE) is None
    assert [row.code for row in units_on(reader, BEFORE) if row.id == was.id] == ["00003"]
    (former,) = former_units(reader, was.id)
    assert (former.name, former.until, former.basis) == ("Đơn vị a1", FIRST, ONE.instrument.number)
    assert agency_by_code(reader, "a1-government", BEFORE) == agency_on(reader, a("agency", "a1-government"), BEFORE)
    assert [row.name for row in agencies_of(reader, was.id, FIRST) if row.code == "a1-moi"] == ["Ủy ban Xã Mới"]


def test_a_fonds_goes_on_with_another_creator(reader: Connection, changed: Changed) -> None:
    """Given an agency absorbed whose fonds goes on, then its creators are told by day, and so is who must have it."""
    key, one, two = a("fonds", "d1-government"), a("agency", "d1-government"), a("agency", "d2-government")
    rows = [(row.creator, row.since, row.until) for row in creatorships_of(reader, [key])]
    assert rows == [(one, "2020-01-01", FIRST), (two, FIRST, SECOND)]
    row = fonds_row(reader, key)
    assert row is not None
    assert (row.creators, row.closed_from) == ((one, two), SECOND)
    file = next(key for key, made in changed.story.files.items() if made.FileCode.OrganId == "d1-government")
    days = (BEFORE, FIRST, SECOND)
    assert [custody_of(reader, file, Carrier.PAPER, day).custody.assigned_to for day in days] == [one, two, None]
    assert custody_of(reader, file, Carrier.PAPER, FIRST, changed.acts[0]).rule == "fonds-goes-on"
    (edge,) = agency_edges(reader, one)
    assert (edge.change, edge.successor, edge.fonds, edge.act) == (ChangeKind.ABSORBED, two, GOES_ON, changed.acts[0])


def test_the_chain_tells_names_and_creators_in_turn(reader: Connection, changed: Changed) -> None:
    """Given a fonds that went on and an agency that was renamed, then the sentences of their files say since when."""
    names = {}
    for code in ("d1-government", "a1-government"):
        file = next(key for key, made in changed.story.files.items() if made.FileCode.OrganId == code)
        found = chain(reader, file, "2026-01-01")
        assert "fonds.went-on/1" in {one.type for _, one in found.events()}
        names[code] = in_words(clauses(found))[0]
        early = chain(reader, file, BEFORE)
        assert "agency.renamed/1" not in {one.type for _, one in early.events()}
        assert "phông tiếp tục" not in in_words(clauses(early))[0]
    assert "từ 01/3/2024 phông tiếp tục, do Cơ quan d2-government hình thành theo 7/QĐ-UBND" in names["d1-government"]
    assert names["a1-government"].startswith("Lập bởi Cơ quan a1-government; ")
    assert "từ 01/3/2024 Cơ quan a1-government đổi tên thành Ủy ban Xã Mới theo 7/QĐ-UBND" in names["a1-government"]
    assert "đang ở kho của Ủy ban Xã Mới" in names["a1-government"]


def test_who_took_over_reads_and_lists_agree(reader: Connection, changed: Changed) -> None:
    """Given agencies absorbed, then those who took over read their finished files, on the lists and one by one."""
    query = f"SELECT f.id FROM projection.file AS f WHERE {scope.WHERE}".encode()
    rules: dict[str, set[AccessRule]] = {}
    for name in ("d2-government", "a2-government", "a3-government", "d1-government", "city-government"):
        eyes = access_scope(reader, a("agency", name), False, SECOND)
        with reader.cursor(row_factory=tuple_row) as cursor:
            listed = {row[0] for row in cursor.execute(query, eyes.facts)}
        for file in changed.story.files:
            facts = access_facts(reader, file, eyes)
            assert facts is not None
            allowed, rule = may_use(facts)
            assert (file in listed) == allowed, (name, rule)
            rules.setdefault(name, set()).add(rule)
    assert AccessRule.SUCCESSOR_FUNCTION in rules["d2-government"]
    taken = a("agency", "a3-government")
    assert taken in access_scope(reader, a("agency", "a2-government"), False, FIRST).predecessors
    assert taken not in access_scope(reader, a("agency", "a2-government"), False, BEFORE).predecessors
    for file, made in changed.story.files.items():
        facts = access_facts(reader, file, access_scope(reader, a("agency", "d2-government"), False, SECOND))
        assert facts is not None
        if made.FileCode.OrganId == "d1-government":  # every one of them ended before the fonds went on, or is open
            done = made.EndDate != ""
            assert (a("agency", "d2-government") in facts.creators) is not done
            if done and made.Rights is Rights.OPEN and made.state is WorkState.FINISHED:
                assert may_use(facts) == (True, AccessRule.SUCCESSOR_FUNCTION)


def test_views_rebuilt_are_the_live_ones(changed: Changed) -> None:
    """Given all of it, when the views are rebuilt from the log, then every row is as it was."""
    before = Rows.read(changed.house)
    changed.house.new_rebuild().run()
    after = Rows.read(changed.house)
    names = (
        "former_unit",
        "former_agency",
        "agency_succession",
        "creatorship",
        "fonds_gone_on",
        "fonds",
        "unit",
        "agency",
    )
    for name in names:
        assert before.tables[name] == after.tables[name], name
        assert before.tables[name], name


def test_a_fonds_of_several_creators_from_the_first(changed: Changed, reader: Connection) -> None:
    """Given two agencies, when a fonds is opened for both, then both create it from that day on."""
    both = (a("agency", "city-government"), a("agency", "archive"))
    fact = FondsOpened(
        code="P-joint", name="Phông chung", creators=both, opened_from="2023-01-01", line=CustodyLine.STATE
    )
    house, key = changed.house, a("fonds", "joint")
    done = fonds_commands.open_fonds(house.main, house.clerk, new_act_id(), key, fact, "9/QĐ-UBND")
    assert done.act_index > changed.acts[-1]
    house.runner.drain()
    assert [(row.creator, row.since) for row in creatorships_of(reader, [key])] == [
        (both[0], "2023-01-01"),
        (both[1], "2023-01-01"),
    ]
