"""The whole of Hà Nội in a ledger: what the law says of it, what is reconstructed and says so, what is refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

import pytest

from domain.administrative_unit import Level
from domain.after_enactment import Corrected, Correction
from domain.agency import AgencyEnded, AgencyEstablished, AgencyKind, Block
from domain.basis import Certainty, Instrument
from domain.file import FileRegistered
from domain.fonds import FondsOpened, line_of
from domain.handover import Deputy, HandoverProposed, InventoryLine
from domain.identifiers import FileCode, Naming
from domain.lot import ALL_LOT_KEYS, Carrier, RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import handover, lineage, reorganization
from ledger.commands.administrative_unit import AgencyEntry, UnitEntry, record_units
from mocban.custody.account_replay import account_of
from mocban.database import Databases
from mocban.hanoi import plan_of, unit_entries
from mocban.lineage import reconstructions
from projections.chain import chain
from projections.chain_sentence import clauses, in_words
from projections.city_map import CityMap
from projections.custody_queries import NEWEST_KNOWN, custody_of
from projections.succession_queries import Edge, agencies_of, predecessors, successors, unit, unit_by_code, units_on
from projections.view import Connection
from reference import hanoi
from reference.plan import load_plan
from tests.projections.house import House

NAMING = Naming(b"h" * 32)
SENTENCE = (
    "Lập bởi Ủy ban nhân dân phường Bùi Thị Xuân; ngày 15/3/2020 Ủy ban nhân dân phường Bùi Thị Xuân bàn giao bản giấy "
    "cho Ủy ban nhân dân phường Nguyễn Du, quận Hai Bà Trưng theo 12/QĐ-UBND; từ 01/9/2025 do Trung tâm Lưu trữ lịch "
    "sử thành phố Hà Nội quản lý theo 4001/QĐ-UBND; ngày 10/9/2025 Ủy ban nhân dân phường Nguyễn Du, quận Hai Bà Trưng "
    "bàn giao bản giấy cho Trung tâm Lưu trữ lịch sử thành phố Hà Nội theo 4001/QĐ-UBND; bản giấy đang ở kho của Trung "
    "tâm Lưu trữ lịch sử thành phố Hà Nội, hộp 07; ngày bắt đầu của Ủy ban nhân dân phường Bùi Thị Xuân được phục dựng "
    "từ danh mục đơn vị, không phải từ văn bản; ngày bắt đầu của Ủy ban nhân dân phường Nguyễn Du, quận Hai Bà Trưng "
    "được phục dựng từ danh mục đơn vị, không phải từ văn bản."
)
DAY = "2025-07-01"
EVE = "2025-06-30"


@pytest.fixture(scope="module")
def city(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All units of 2025-06-30, what came before, and the reorganization of the day after, enacted and folded."""
    house = House(module_database, tmp_path_factory.mktemp("hanoi"))
    main, clerk, plan = house.main, house.clerk, plan_of(load_plan(), NAMING)
    for entries in unit_entries(NAMING):
        record_units(main, clerk, new_act_id(), entries)
    for one in reconstructions(NAMING):
        lineage.reconstruct(main, clerk, new_act_id(), one.stream, one.fact, one.former)
    stream = NAMING.other("reorganization", plan.effective)
    reorganization.draft(main, clerk, new_act_id(), stream, plan)
    reorganization.adopt(main, clerk, new_act_id(), stream, plan.instrument)
    reorganization.enact(main, clerk, new_act_id(), stream, "2025-07-02")
    house.runner.drain()
    yield house
    house.close()


@pytest.fixture(scope="module")
def reader(city: House) -> Iterator[Connection]:
    """A reader's connection."""
    with city.reader() as opened:
        yield opened


@pytest.fixture(scope="module")
def edges(reader: Connection) -> list[Edge]:
    """What became of each commune of the eve, by the enacted reorganization."""
    return [edge for one in units_on(reader, EVE, Level.COMMUNE) for edge in successors(reader, one.id)]


def test_every_commune_has_successors_and_every_new_one_predecessors(reader: Connection, edges: list[Edge]) -> None:
    """Given the enacted resolution, then 526 of 526 have successors, 126 of 126 predecessors, by 795 edges."""
    old, new = units_on(reader, EVE, Level.COMMUNE), units_on(reader, DAY, Level.COMMUNE)
    assert (len(old), len(new), len(edges)) == (526, 126, 795)
    assert {edge.unit for edge in edges} == {one.id for one in old}
    assert {edge.successor for edge in edges} == {one.id for one in new}
    assert all(predecessors(reader, one.id) for one in new)
    assert all(edge.clause and edge.share and not edge.reconstructed for edge in edges)


def test_199_communes_were_split(edges: list[Edge]) -> None:
    """Given the edges, then 199 communes went to several: 147 to 2, 35 to 3, 16 to 4, 1 to 5."""
    parts = Counter(Counter(edge.unit for edge in edges).values())
    assert parts == {1: 327, 2: 147, 3: 35, 4: 16, 5: 1}
    assert sum(edge.population_share == "none" for edge in edges) == 61


def test_64_new_units_draw_on_more_than_one_district(reader: Connection, edges: list[Edge]) -> None:
    """Given the district of each commune, then 64 new units have parts of several, and districts have no successor."""
    district = {one.id: one.parent for one in units_on(reader, EVE, Level.COMMUNE)}
    drawn: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for edge in edges:
        above = district[edge.unit]
        assert edge.successor is not None
        assert above is not None
        drawn[edge.successor].add(above)
    assert sum(len(districts) > 1 for districts in drawn.values()) == 64
    ended = units_on(reader, EVE, Level.DISTRICT)
    assert len(ended) == 30
    assert all([edge.successor for edge in successors(reader, one.id)] == [None] for one in ended)


def test_no_unit_succeeds_itself(reader: Connection) -> None:
    """Given all edges of 2020, January and July 2025, then following them never comes back."""
    follow = defaultdict(set)
    for row in reader.execute("SELECT unit, successor FROM projection.succession WHERE successor IS NOT NULL"):
        follow[row[0]].add(row[1])
    done: set[UUID] = set()

    def walk(one: UUID, on_the_way: frozenset[UUID]) -> None:
        assert one not in on_the_way
        if one not in done:
            for successor in follow.get(one, ()):
                walk(successor, on_the_way | {one})
            done.add(one)

    for one in list(follow):
        walk(one, frozenset())
    assert len(done) > 700


@pytest.mark.parametrize(
    ("day", "communes"),
    [("2020-02-29", 584), ("2020-03-01", 579), ("2024-12-31", 579), ("2025-01-01", 526), (EVE, 526), (DAY, 126)],
)
def test_the_city_had_as_many_communes_as_the_rosters_say(reader: Connection, day: str, communes: int) -> None:
    """Given days around each change, then 584, 579, 526 and 126 communes are there."""
    assert len(units_on(reader, day, Level.COMMUNE)) == communes


def test_what_is_reconstructed_says_so(reader: Connection) -> None:
    """Given the changes of 2020 and January 2025, then each of their edges, units and accounts is marked."""
    bui_thi_xuan = unit_by_code(reader, "00250", "2020-02-29")
    assert bui_thi_xuan is not None
    assert (bui_thi_xuan.name, bui_thi_xuan.certainty) == ("Phường Bùi Thị Xuân", Certainty.RECONSTRUCTED)
    (edge,) = successors(reader, bui_thi_xuan.id)
    assert (edge.reconstructed, edge.effective) == (True, "2020-03-01")
    assert edge.successor is not None
    nguyen_du = unit(reader, edge.successor)
    assert nguyen_du is not None
    assert (nguyen_du.name, nguyen_du.valid_from) == ("Phường Nguyễn Du", "2020-03-01")
    (later, *others) = successors(reader, nguyen_du.id)
    assert [later.reconstructed, *(one.reconstructed for one in others)] == [False] * (1 + len(others))
    for reconstructed in reader.execute(
        "SELECT s.unit, u.certainty FROM projection.succession AS s JOIN projection.unit AS u ON u.id = s.unit "
        "JOIN projection.reorganization AS r ON r.id = s.reorganization WHERE r.state = 'reconstructed'"
    ):
        assert reconstructed[1] == Certainty.RECONSTRUCTED
    for edge_of in (later, *others):
        assert edge_of.successor is not None
        assert account_of(reader, edge_of.successor, "2025-12-31", NEWEST_KNOWN).reconstructed


def test_nobody_may_read_by_what_is_only_reconstructed(reader: Connection) -> None:
    """Given a reconstructed change, then it assigns no record: assignments rest on the enacted plan or a fonds."""
    marked = """SELECT count(*) FROM projection.assignment AS a
                JOIN projection.reorganization AS r ON r.id = a.reorganization WHERE r.state = 'reconstructed'"""
    assert reader.execute(marked).fetchone() == (0,)


def test_every_new_code_belonged_to_another_unit_the_day_before(reader: Connection) -> None:
    """Given the 126 codes of the day, then each was another unit's on the eve, and both are found by code and day."""
    for one in hanoi.units_after():
        before, after = unit_by_code(reader, one.code, EVE), unit_by_code(reader, one.code, DAY)
        assert before is not None
        assert after is not None
        assert before.id != after.id


def test_predecessors_of_predecessors_reach_2020(reader: Connection) -> None:
    """Given Cửa Nam, when its map is read, then Bùi Thị Xuân of early 2020 is among those it comes from."""
    city_map = CityMap.read(reader, "2025-12-31", NEWEST_KNOWN)
    former = next(one for one in city_map.units.values() if one.name == "Phường Bùi Thị Xuân")
    (edge,) = city_map.successors_of(former.id)
    assert edge.reconstructed
    assert edge.successor is not None
    names = {city_map.units[one.successor].name for one in city_map.successors_of(edge.successor) if one.successor}
    assert names <= {one.full_name for one in hanoi.units_after()}
    assert len(names) >= 2


BODY, FONDS = NAMING.agency("H26.BTX"), NAMING.fonds("P-H26BTX")
FILE = NAMING.file(FileCode(OrganId="H26.BTX", FileCatalog=2015, FileNotation="03"))
DECISION = Instrument(number="12/QĐ-UBND", issued="2020-03-05", issuer="UBND quận Hai Bà Trưng", in_force="2020-03-05")
NAMED = Instrument(number="4001/QĐ-UBND", issued="2025-09-01", issuer="Chủ tịch UBND thành phố", in_force="2025-09-01")


def register_bui_thi_xuan(city: House, ward: UUID) -> None:
    """Its committee, fonds and one permanent file, known late; it ended on 2020-03-01."""
    fact = AgencyEstablished(
        name="Ủy ban nhân dân phường Bùi Thị Xuân", block=Block.GOVERNMENT, kind=AgencyKind.PEOPLES_COMMITTEE,
        unit=ward, code="H26.BTX", valid_from="2020-01-01", certainty=Certainty.RECONSTRUCTED,
    )  # fmt: skip
    opened = FondsOpened(
        code="P-H26BTX", name="Phông UBND phường Bùi Thị Xuân", creators=(BODY,), opened_from="1961-05-31",
        line=line_of(Block.GOVERNMENT),
    )  # fmt: skip
    entry = AgencyEntry(agency=BODY, fact=fact, fonds=FONDS, fonds_fact=opened)
    record_units(city.main, city.clerk, new_act_id(), [UnitEntry(unit=ward, fact=None, agencies=(entry,))])
    city.record("agency.end", {BODY: [AgencyEnded(effective="2020-03-01", basis="895/NQ-UBTVQH14")]})
    made = FileRegistered(
        FileCode=FileCode(OrganId="H26.BTX", FileCatalog=2015, FileNotation="03"), fonds=FONDS,
        Title=Plain("Hồ sơ cấp phép sửa nhà"),
        Maintenance=Maintenance(retention=RetentionClass.PERMANENT, years=0, as_written="Vĩnh viễn"),
        state=WorkState.FINISHED, arranged=True, held_by=BODY, held_from="2015-12-31", box="07",
    )  # fmt: skip
    city.record("file.register", {FILE: [made]})


def hand_over(city: House, name: str, giver: UUID, receiver: UUID, decision: Instrument, on: str) -> None:
    """The one file, by whom a decision names for a body that has ended."""
    deputy = Deputy(Name=Plain("Phạm Thị Mẫu"), Post=Plain("Tổ trưởng tổ bàn giao"), decision=decision)
    offer = HandoverProposed(
        giver=giver, receiver=receiver, carrier=Carrier.PAPER, basis=decision.number, on=on, decision=decision,
        deputy=deputy,
    )  # fmt: skip
    code = FileCode(OrganId="H26.BTX", FileCatalog=2015, FileNotation="03")
    stream = NAMING.other("handover", name)
    lines = [InventoryLine(FileCode=code, file=FILE, box="07")]
    handover.propose(city.main, city.clerk, new_act_id(), stream, offer, lines)
    handover.complete(city.main, city.clerk, city.chief, new_act_id(), stream, on)


def test_a_file_of_bui_thi_xuan_through_2020_and_2025(city: House, reader: Connection) -> None:
    """Given a file handed over in 2020 that a decision of 2025 sends to the archive: each day has its answer."""
    ward = unit_by_code(reader, "00250", "2020-02-29")
    assert ward is not None
    (edge,) = successors(reader, ward.id)
    assert edge.successor is not None
    (keeper,) = [one for one in agencies_of(reader, edge.successor) if one.kind is AgencyKind.PEOPLES_COMMITTEE]
    archive = next(
        one.id for one in agencies_of(reader, NAMING.unit("01", "2020-01-01")) if "Lưu trữ lịch sử" in one.name
    )
    register_bui_thi_xuan(city, ward.id)
    hand_over(city, "2020", BODY, keeper.id, DECISION, "2020-03-15")
    lots = tuple(key.text for key in ALL_LOT_KEYS if key.retention is RetentionClass.PERMANENT)
    said = Corrected(
        instrument=NAMED, effective="2025-09-01", today="2025-12-31", reason="Phông của đơn vị kết thúc năm 2020",
        fonds={FONDS: (Correction(lots=lots, receiver=archive, basis=NAMED.number),)},
    )  # fmt: skip
    stream = NAMING.other("reorganization", DAY)
    corrected = reorganization.correct(city.main, city.clerk, new_act_id(), stream, said)
    hand_over(city, "2025", keeper.id, archive, NAMED, "2025-09-10")
    city.runner.drain()
    for on, must, has, state in (
        ("2016-01-01", BODY, BODY, "held"),
        ("2020-03-14", BODY, BODY, "held"),
        ("2020-03-15", BODY, keeper.id, "awaiting-hand-over"),
        ("2025-07-01", BODY, keeper.id, "awaiting-hand-over"),
        ("2025-09-01", archive, keeper.id, "awaiting-hand-over"),
        ("2025-09-10", archive, archive, "received"),
    ):
        custody = custody_of(reader, FILE, Carrier.PAPER, on).custody
        assert (custody.assigned_to, custody.held_by, custody.state) == (must, has, state), on
    before = custody_of(reader, FILE, Carrier.PAPER, "2025-09-10", corrected.act_index - 1).custody
    assert (before.assigned_to, before.held_by) == (BODY, keeper.id)
    found = chain(reader, FILE, "2025-12-31")
    assert found.reconstructed
    assert in_words(clauses(found))[0] == SENTENCE
