"""Hand-overs on a real ledger: what is recorded, what is refused and leaves nothing, what does not void a signature."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.agency import AgencyEnded, AgencyEstablished, AgencyKind, Block
from domain.errors import Refusal
from domain.event import Event
from domain.file import FileAdmitted, FileRegistered
from domain.handing_over import Dispute
from domain.handover import DisputeReason, HandoverProposed, HandoverWithdrawn, InventoryLine, Outcome
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass, WorkState
from domain.principal import PrincipalAppointed
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.act_preparation import prepare_act, submit_act
from ledger.application import system_clock
from ledger.commands import handover, principal
from ledger.commands.handover import Received
from ledger.prepared_store import PreparedStore
from mocban.database import Databases
from signing import merkle
from tests.projections.house import House
from tests.projections.story_in_part import DEPUTY

GIVER, RECEIVER, ENDED, YOUNG = (uuid4() for _ in range(4))
MANY = 1_300
ON = "2025-08-01"
FILES = {
    UUID(int=0x0198AAAA00008000800000000000F000 + at): FileCode("H26.41.03.2019", 2019, f"{at:05}.TP")
    for at in range(MANY)
}
LOST = Dispute(reason=DisputeReason.MISSING, note=Plain("không thấy trong hộp, đã tìm hai lần"))


def body(name: str, valid_from: str = "2000-01-01") -> AgencyEstablished:
    """A body of the city."""
    return AgencyEstablished(
        name=name, block=Block.GOVERNMENT, kind=AgencyKind.DEPARTMENT, unit=uuid4(), code=name, valid_from=valid_from
    )


@pytest.fixture(scope="module")
def house(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Bodies, and many files of one of them."""
    built = House(module_database, tmp_path_factory.mktemp("house"))
    ended = [body("ended"), AgencyEnded(effective="2025-07-01", basis="1/NQ")]
    bodies: dict[UUID, list[Event]] = {GIVER: [body("giver")], RECEIVER: [body("receiver")], ENDED: list(ended)}
    built.record("agency.establish", {**bodies, YOUNG: [body("young", "2025-09-01")]})
    fonds = uuid4()
    kept = Maintenance(retention=RetentionClass.PERMANENT)
    built.record(
        "file.register",
        {
            file: [
                FileRegistered(
                    FileCode=code, fonds=fonds, Title=Plain("Hồ sơ"), Maintenance=kept, state=WorkState.FINISHED,
                    arranged=True, held_by=GIVER, held_from="2019-01-01", sheets=9, box="H1",
                )
            ]
            for file, code in FILES.items()
        },
    )  # fmt: skip
    yield built
    built.close()


def line(file: UUID, /, **changes: Any) -> InventoryLine:
    """The line of a file as it is registered."""
    return msgspec.structs.replace(InventoryLine(FileCode=FILES[file], file=file, sheets=9, box="H1"), **changes)


LINES = [line(file) for file in FILES]
OFFER = HandoverProposed(giver=GIVER, receiver=RECEIVER, carrier=Carrier.PAPER, basis="12/QĐ-UBND", on="2025-07-20")


def offered(house: House, lines: list[InventoryLine] | None = None, **changes: Any) -> UUID:
    """A fresh hand-over of three files, or of these lines."""
    stream = uuid4()
    fact = msgspec.structs.replace(OFFER, **changes)
    handover.propose(house.main, house.clerk, new_act_id(), stream, fact, lines or LINES[:3])
    return stream


def events_of(house: House, stream: UUID) -> list[tuple[str, dict[str, Any]]]:
    """What lies on a stream: name and payload of each event."""
    with psycopg.connect(house.database.main_admin) as connection:
        rows = connection.execute(
            "SELECT topic, state FROM main_log.event WHERE originator_id = %s ORDER BY originator_version", (stream,)
        )
        return [(topic, msgspec.json.decode(state)) for topic, state in rows]


def test_many_lines_and_disputes_are_recorded_whole(house: House) -> None:
    """Given 1,300 lines of which 700 are disputed, with notes, each event fits, and the root is that of the bytes."""
    stream = offered(house, LINES)
    lost = dict.fromkeys(list(FILES)[:700], LOST)
    handover.complete(house.main, house.clerk, house.chief, new_act_id(), stream, ON, Received(disputed=lost))
    found = events_of(house, stream)
    listed = [one for name, payload in found if name == "handover.inventory-listed/1" for one in payload["lines"]]
    disputed = [one for name, payload in found if name == "handover.lines-disputed/1" for one in payload["lines"]]
    name, done = found[-1]
    assert (name, len(listed), len(disputed)) == ("custody.handed-over/2", MANY, 700)
    assert (done["files"], done["disputed"], done["sheets"]) == (600, 700, 5400)
    leaves = [merkle.leaf_hash(msgspec.json.encode(one, order="sorted")) for one in listed]
    assert done["root"] == b64encode(merkle.root(leaves)).decode()
    assert all("không thấy" not in str(one) and one["note"]["alg"] == "A256GCM" for one in disputed)
    settled = dict.fromkeys(list(FILES)[:650], Outcome.ACCEPTED)
    house.main.perform(
        handover.settlement(house.main, house.clerk, (house.chief,), new_act_id(), stream, "2025-09-01", settled)
    )
    ended = [one for name, payload in events_of(house, stream) if "settled" in name for one in payload["lines"]]
    assert len(ended) == 650


def test_asked_again_it_is_the_same_act(house: House) -> None:
    """Given an act id used again, the same request gives its receipt, another one is refused."""
    stream, act = offered(house), new_act_id()
    found = Received(disputed={LINES[0].file: LOST}, shelf_cm=40, Condition=Plain("tốt"))
    done = handover.complete(house.main, house.clerk, house.chief, act, stream, ON, found)
    assert handover.complete(house.main, house.clerk, house.chief, act, stream, ON, found) == done
    with pytest.raises(Refusal, match="act-id-reused"):
        handover.complete(house.main, house.clerk, house.chief, act, stream, ON)


def _complete(house: House, stream: UUID, on: str = ON, found: Received | None = None) -> None:
    handover.complete(house.main, house.clerk, house.chief, new_act_id(), stream, on, found)


def _settle(house: House, stream: UUID, outcomes: Mapping[UUID, Outcome]) -> None:
    house.main.perform(
        handover.settlement(house.main, house.clerk, (house.chief,), new_act_id(), stream, "2025-09-01", outcomes)
    )


def _withdraw(house: House, stream: UUID) -> None:
    gone = HandoverWithdrawn(on=ON, Reason=Plain("nhầm"))
    house.main.perform(handover.withdrawal(house.main, house.clerk, new_act_id(), stream, gone))


@pytest.mark.parametrize(
    ("code", "lines", "changes"),
    [
        ("handover-line-unknown", [line(LINES[0].file, file=uuid4())], {}),
        ("handover-line-other-code", [line(LINES[0].file, FileCode=FILES[LINES[1].file])], {}),
        ("handover-line-repeated", [LINES[0], LINES[1], LINES[0]], {}),
        ("handover-line-not-digital", [LINES[0]], {"carrier": Carrier.DIGITAL}),
        ("handover-sealed-counted", [line(LINES[0].file, sealed_set=True)], {}),
        ("handover-to-itself", [LINES[0]], {"receiver": GIVER}),
        ("agency-unknown", [LINES[0]], {"receiver": uuid4()}),
    ],
)
def test_an_offer_that_does_not_fit_leaves_nothing(
    house: House, code: str, lines: list[InventoryLine], changes: dict[str, Any]
) -> None:
    """A foreign or repeated line, another's code, an unknown body: refused by name, and the log is as it was."""
    before = house.main.size()
    with pytest.raises(Refusal) as refused:
        offered(house, lines, **changes)
    assert refused.value.code == code
    assert house.main.size() == before


@pytest.mark.parametrize(
    ("code", "changes", "on", "found"),
    [
        ("handover-root-differs", {}, ON, Received(stated_root="d3Jvbmc=")),
        ("handover-line-not-listed", {}, ON, Received(disputed={LINES[9].file: LOST})),
        ("agency-not-existing", {"receiver": YOUNG}, ON, None),
        ("handover-deputy-missing", {"giver": ENDED}, ON, None),
    ],
)
def test_a_conclusion_that_does_not_fit_leaves_nothing(
    house: House, code: str, changes: dict[str, Any], on: str, found: Received | None
) -> None:
    """A wrong root, a foreign line, a receiver that is not there that day, nobody to sign for an ended giver."""
    stream = offered(house, **changes)
    before = house.main.size()
    with pytest.raises(Refusal) as refused:
        _complete(house, stream, on, found)
    assert refused.value.code == code
    assert house.main.size() == before
    assert len(events_of(house, stream)) == 2


def test_one_person_cannot_sign_for_both(house: House) -> None:
    """The same actor as giver and receiver: refused."""
    stream = offered(house)
    with pytest.raises(Refusal, match="handover-one-signer-twice"):
        handover.complete(house.main, house.clerk, house.clerk, new_act_id(), stream, ON)


def test_each_step_is_done_once_and_in_order(house: House) -> None:
    """Withdrawn is not received, received is not withdrawn, settled is not settled again."""
    gone = offered(house)
    _withdraw(house, gone)
    outcome = {LINES[0].file: Outcome.ACCEPTED}
    before: list[tuple[str, Callable[[], None]]] = [
        ("handover-withdrawn", lambda: _complete(house, gone)),
        ("handover-withdrawn", lambda: _withdraw(house, gone)),
        ("handover-not-done", lambda: _settle(house, gone, outcome)),
        ("handover-unknown", lambda: _complete(house, uuid4())),
    ]
    done = offered(house)
    _complete(house, done, found=Received(disputed={LINES[0].file: LOST}))
    _settle(house, done, {LINES[0].file: Outcome.WITHDRAWN})
    after: list[tuple[str, Callable[[], None]]] = [
        ("handover-already-done", lambda: _complete(house, done)),
        ("handover-already-done", lambda: _withdraw(house, done)),
        ("handover-line-not-disputed", lambda: _settle(house, done, outcome)),
    ]
    for code, attempt in before + after:
        with pytest.raises(Refusal, match=code):
            attempt()


def test_a_signature_already_collected_is_not_voided_by_what_happens_to_the_files(house: House, tmp_path: Path) -> None:
    """Given a prepared conclusion, when a listed file gains an event, then it is still recorded as it was signed."""
    stream = offered(house, giver=ENDED, deputy=DEPUTY)
    waiting = PreparedStore(house.database.main_url("mocban_ledger_writer"))
    proposal = handover.completion(house.main, house.clerk, (house.chief,), new_act_id(), stream, ON)
    now = system_clock()
    file, _ = prepare_act(house.main, waiting, proposal, now, now + timedelta(hours=1))
    house.record("file.admit", {LINES[0].file: [FileAdmitted()]})
    receipt = submit_act(house.main, waiting, file, now)
    assert receipt.act_index == house.main.size() - 1
    assert events_of(house, stream)[-1][1]["flags"] == ["before-deputy-decision"]


def test_an_officer_of_another_body_is_flagged(house: House) -> None:
    """Given a chief who was appointed at the giver's (from here on), what they receive elsewhere says so."""
    fact = PrincipalAppointed(agency=GIVER, office="Văn thư", Name=Plain("Mẫu"))
    principal.appoint(house.main, house.clerk, new_act_id(), UUID(house.chief.id), fact)
    stream, other = offered(house), offered(house)
    _complete(house, stream)
    assert events_of(house, stream)[-1][1]["flags"] == ["receiver-appointed-elsewhere"]
    # The other way round they hand over for their own body.
    handover.complete(house.main, house.chief, house.clerk, new_act_id(), other, ON)
    assert "flags" not in events_of(house, other)[-1][1]
