"""The whole of Hà Nội in a ledger: what the law says of it, what is reconstructed and says so, what is refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

import pytest

from domain.administrative_unit import Level
from domain.basis import Certainty
from domain.identifiers import Naming
from ledger.act_id import new_act_id
from ledger.commands import lineage, reorganization
from ledger.commands.administrative_unit import record_units
from mocban.custody.account_replay import account_of
from mocban.database import Databases
from mocban.hanoi import plan_of, unit_entries
from mocban.lineage import reconstructions
from projections.city_map import CityMap
from projections.custody_queries import NEWEST_KNOWN
from projections.succession_queries import Edge, predecessors, successors, unit, unit_by_code, units_on
from projections.view import Connection
from reference import hanoi
from reference.plan import load_plan
from tests.projections.house import House

NAMING = Naming(b"h" * 32)
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
