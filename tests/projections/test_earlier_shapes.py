"""An event that has had two shapes: read as today's, rebuilt as live, retried safely, verified by strangers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import Mapper
from typing_extensions import override

from domain import principal as principals
from domain.errors import Refusal
from domain.principal import PrincipalAppointed, PrincipalAppointedV1, Reach
from domain.sealed import Plain, Sealed
from ledger.act_id import new_act_id
from ledger.application import Ledger
from ledger.commands import principal as appointing
from ledger.log_name import LogName
from ledger.log_store import LogStore
from ledger.mapper import EVENT_TYPES, EventMapper
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.sealer import SealedPlace
from ledger.sequencer import Sequencer
from projections.principals import principal as principal_row
from signing import standalone_verifier
from signing.checkpoint import MlDsa44Signer
from signing.note import Ed25519Signer
from signing.seal import open_sealed
from tests.projections.house import House, Rows
from tests.projections.story import Story, a
from tests.vectors import regenerate
from tests.vectors.regenerate import FOLDER, appointments, sealed_name

NAME = Plain("Lê Thị Mẫu")
FIRST, SECOND = "principal.appointed/1", "principal.appointed/2"


class YesterdaysLedger(Ledger):
    """The ledger of a program that knew the first shape only."""

    @override
    def construct_mapper(self) -> Mapper[UUID]:
        return EventMapper({name: kind for name, kind in EVENT_TYPES.items() if name != SECOND}, {})


def golden(name: str) -> bytes:
    """The golden payload of a shape."""
    return (FOLDER / f"{name.replace('.', '-').replace('/', '-')}.json").read_bytes()


def yesterday(house: House) -> YesterdaysLedger:
    """Yesterday's program on the same main log."""
    return YesterdaysLedger(
        log=LogName.MAIN,
        origin=house.main.origin,
        conninfo=house.database.main_url("mocban_ledger_writer"),
        secret=house.main.secret,
        sealer=house.main.sealer,
    )


def appoint_yesterday(house: House, whom: UUID, act_id: UUID, *, city_wide: bool) -> Receipt:
    """Appoint as yesterday's command did: its event, its request."""
    fact = PrincipalAppointedV1(agency=a("agency", "archive"), office="Văn thư", Name=NAME, city_wide=city_wide)
    request = {"principal": str(whom), "fact": msgspec.to_builtins(fact)}
    ledger = yesterday(house)
    try:
        return ledger.perform(
            Proposal(
                act="principal.appoint",
                id=act_id,
                actor=house.clerk,
                decide=lambda _streams: {whom: [fact]},
                request=request,
            )
        )
    finally:
        ledger.close()


def appoint_today(house: House, whom: UUID, act_id: UUID, reach: Reach) -> Receipt:
    """Appoint by today's command."""
    fact = PrincipalAppointed(agency=a("agency", "archive"), office="Văn thư", Name=NAME, reach=reach)
    return appointing.appoint(house.main, house.clerk, act_id, whom, fact)


@pytest.mark.parametrize("shape", [FIRST, SECOND])
def test_golden_bytes_of_both_shapes_are_todays_fact(shape: str) -> None:
    """Given the golden bytes of a shape, when decoded, then today's Struct, and its sealed name opens."""
    event = EventMapper().decode(shape, golden(shape))
    assert event == appointments()[1]
    assert isinstance(event, PrincipalAppointed)
    assert isinstance(event.Name, Sealed)
    assert (
        open_sealed(
            regenerate.RECORD_KEY,
            event.Name,
            sealed_name()[1],
            stream=regenerate.PRINCIPAL_STREAM,
            version=1,
            pointer="/Name",
        )
        == regenerate.PRINCIPAL_NAME
    )


def test_nothing_new_is_written_in_the_first_shape() -> None:
    """Given today's mapper, the first shape is refused, the second gives its golden bytes."""
    first, second = appointments()
    with pytest.raises(Refusal) as refused:
        EventMapper().encode(first)
    assert refused.value.code == "event-superseded"
    assert EventMapper().encode(second) == (SECOND, golden(SECOND))


def test_a_mixed_ledger_is_read_rebuilt_and_verified(house: House, tmp_path: Path) -> None:
    """Given acts of both programs in turn, views folded live equal rebuilt ones, names open, strangers verify."""
    Story(house).found_bodies()
    people: dict[UUID, Reach] = {}
    for number in range(6):
        whom, reach = uuid4(), list(Reach)[number % 2]
        people[whom] = reach
        if number < 4 and number % 3:
            appoint_yesterday(house, whom, new_act_id(), city_wide=reach is Reach.CITY)
        else:
            appoint_today(house, whom, new_act_id(), reach)
    house.runner.drain()
    live = Rows.read(house)
    house.new_rebuild().run()
    assert Rows.read(house) == live
    with house.reader() as reader:
        rows = {whom: principal_row(reader, whom) for whom in people}
    assert {whom: row.city_wide for whom, row in rows.items() if row} == {
        whom: reach is Reach.CITY for whom, reach in people.items()
    }
    assert stored_shapes(house, people) == {FIRST: 2, SECOND: 4}
    for whom, reach in people.items():
        state = house.main.streams().load(whom, None, principals.evolve)
        assert state is not None
        assert state.reach is reach
        assert name_of(house, whom) == NAME.value
    assert verified(house, tmp_path) == (0, [])


def test_a_command_retried_after_the_upgrade_finds_its_act(house: House) -> None:
    """Given an act of yesterday's program, the same command of today's returns its receipt; a second is refused."""
    for reach in Reach:
        whom, act_id = uuid4(), new_act_id()
        stored = appoint_yesterday(house, whom, act_id, city_wide=reach is Reach.CITY)
        assert appoint_today(house, whom, act_id, reach) == stored
        with pytest.raises(Refusal) as refused:
            appoint_today(house, whom, new_act_id(), reach)
        assert refused.value.code == "principal-already-appointed"


def stored_shapes(house: House, streams: dict[UUID, Reach]) -> dict[str, int]:
    """How many events lie in which shape."""
    with psycopg.connect(house.database.main_admin) as connection:
        return dict(
            connection.execute(
                "SELECT topic, count(*) FROM main_log.event WHERE originator_id = ANY (%s) GROUP BY topic",
                (list(streams),),
            ).fetchall()
        )


def name_of(house: House, whom: UUID) -> object:
    """The sealed name of a principal, opened."""
    event = house.main.streams().load(whom, None, lambda _before, event: event)
    assert isinstance(event, PrincipalAppointed)
    assert isinstance(event.Name, Sealed)
    return house.unsealer.open_many([SealedPlace(event.Name, whom, 1, "/Name")])[0]


def verified(house: House, folder: Path) -> tuple[int, list[str]]:
    """Publish, export, and ask the stand-alone verifier: its exit code and what it found bad."""
    origin = house.main.origin
    line = Sequencer(
        log=LogName.MAIN,
        origin=origin,
        conninfo=house.database.main_url("mocban_ledger_writer"),
        home=folder,
        signers=(Ed25519Signer(origin, b"L" * 32), MlDsa44Signer(origin, b"M" * 32)),
    )
    line.advance()
    line.close()
    LogStore(house.main, folder).export(folder / "export")
    done = subprocess.run(
        [sys.executable, "-I", str(standalone_verifier.__file__), str(folder / "export"), "--json"],
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout)["bad"]
