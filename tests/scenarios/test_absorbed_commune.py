"""A commune is absorbed, its district ends: from the files on the shelf to who has them a month later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
import pytest

from domain.administrative_unit import UnitEstablished
from domain.agency import AgencyEstablished
from domain.custody import HoldingState
from domain.event import Event
from domain.file import FileAdmitted, FileRegistered
from domain.fonds import FondsOpened
from domain.handover import Deputy, HandoverProposed, InventoryLine
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import handover, reorganization
from mocban.database import Databases
from projections.custody_queries import custody_of
from projections.succession_queries import successors
from projections.view import Connection
from tests.domain import city
from tests.domain.test_file import FACT
from tests.projections.house import House

PLAN, HANDOVER = UUID(int=900), UUID(int=901)
PERMANENT, TEMPORARY, OF_SPLIT, OF_DISTRICT = (UUID(int=number) for number in range(700, 704))


@pytest.fixture
def house(database: Databases, tmp_path: Path) -> Iterator[House]:
    """A founded ledger on a real database."""
    built = House(database, tmp_path)
    yield built
    built.close()


def _file(unit: UUID, number: int, retention: RetentionClass) -> FileRegistered:
    return msgspec.structs.replace(
        FACT,
        FileCode=FileCode(f"H26.{unit.int}", 2019, f"{number:02}"),
        fonds=city.fonds_of(unit),
        Maintenance=Maintenance(retention=retention),
        held_by=city.committee(unit),
    )


def _as_it_was(house: House) -> None:
    """The city, its bodies and four files, in one act."""
    events: dict[UUID, list[Event]] = {}
    for key, unit in city.units().items():
        assert unit is not None
        facts = {name: getattr(unit, name) for name in ("name", "kind", "level", "code", "valid_from", "parent")}
        events[key] = [UnitEstablished(**facts)]
    for key, body in city.agencies().items():
        assert body is not None
        facts = {name: getattr(body, name) for name in ("name", "block", "kind", "unit", "code", "valid_from")}
        events[key] = [AgencyEstablished(**facts)]
    for key, fonds in city.all_fonds().items():
        assert fonds is not None
        facts = {name: getattr(fonds, name) for name in ("code", "name", "creators", "opened_from", "line")}
        events[key] = [FondsOpened(**facts)]
    files = {
        PERMANENT: _file(city.WHOLE, 1, RetentionClass.PERMANENT),
        TEMPORARY: _file(city.WHOLE, 2, RetentionClass.TEMPORARY),
        OF_SPLIT: _file(city.SPLIT, 3, RetentionClass.TEMPORARY),
        OF_DISTRICT: _file(city.DISTRICT, 4, RetentionClass.TEMPORARY),
    }
    house.record("unit.record", {**events, **{key: [fact, FileAdmitted()] for key, fact in files.items()}})


def _custody(views: Connection, file: UUID, on: str) -> tuple[UUID | None, UUID | None, HoldingState]:
    found = custody_of(views, file, Carrier.PAPER, on).custody
    return found.assigned_to, found.held_by, found.state


def test_a_commune_is_absorbed_and_its_district_ends(house: House) -> None:
    """Given files of a commune absorbed whole, one split and their district, when the plan is enacted and one file is
    handed over, then each has the keeper that law and plan say, on each day, and nobody is invented."""
    _as_it_was(house)
    main, clerk, chief = house.main, house.clerk, house.chief
    reorganization.draft(main, clerk, new_act_id(), PLAN, city.plan())
    reorganization.adopt(main, clerk, new_act_id(), PLAN, city.plan().instrument)
    reorganization.enact(main, clerk, new_act_id(), PLAN, "2025-07-01")
    committee, archive = city.committee(city.WHOLE), city.ARCHIVE
    named = Deputy(Name=Plain("Đỗ Thị Mẫu"), Post=Plain("Tổ trưởng"), decision=city.plan().instrument)
    offer = HandoverProposed(giver=committee, receiver=archive, carrier=Carrier.PAPER, basis="1/NQ", deputy=named)
    line = InventoryLine(FileCode=FileCode(f"H26.{city.WHOLE.int}", 2019, "01"), file=PERMANENT)
    handover.propose(main, clerk, new_act_id(), HANDOVER, offer, [line])
    handover.complete(main, clerk, chief, new_act_id(), HANDOVER, "2025-08-01")
    house.runner.drain()
    held, to_come, waits = HoldingState.HELD, HoldingState.AWAITING_HANDOVER, HoldingState.AWAITING_RECEIVER
    split, district = city.committee(city.SPLIT), city.committee(city.DISTRICT)
    with psycopg.connect(house.database.main_url("mocban_reader"), autocommit=True) as views:
        assert _custody(views, PERMANENT, "2025-06-30") == (committee, committee, held)
        assert _custody(views, PERMANENT, "2025-07-01") == (archive, committee, to_come)
        assert _custody(views, PERMANENT, "2025-08-01") == (archive, archive, HoldingState.RECEIVED)
        assert _custody(views, TEMPORARY, "2025-08-01") == (city.committee(city.NEW_A), committee, to_come)
        assert _custody(views, OF_SPLIT, "2025-08-01") == (None, split, waits)
        assert _custody(views, OF_DISTRICT, "2025-08-01") == (archive, district, to_come)
        assert [edge.successor for edge in successors(views, city.DISTRICT)] == [None]
        assert {edge.successor for edge in successors(views, city.SPLIT)} == {city.NEW_A, city.NEW_B}
