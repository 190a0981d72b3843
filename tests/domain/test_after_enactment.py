"""A correction changes the lots that it names and no other, whenever it is recorded and whoever assigned before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

import pytest

from domain.after_enactment import Corrected, Correction, correct
from domain.agency import Agency, AgencyKind, Block
from domain.assignment import AssignmentLine
from domain.basis import Confidence, Instrument
from domain.errors import Refusal
from domain.fonds import CustodyLine, Fonds
from domain.lot import ALL_LOT_KEYS
from domain.plan import Plan
from domain.reorganization import FondsAssigned, Reorganization

ENACTED, MIDDLE, LATE = "2025-07-01", "2025-10-01", "2026-09-01"
LOTS = tuple(key.text for key in ALL_LOT_KEYS)
ONE, OTHER = LOTS[0], LOTS[-1]


def a(name: str) -> UUID:
    """The id of what is called so."""
    return uuid5(UUID(int=0), name)


def body(name: str, until: str = "") -> Agency:
    """A body that began long ago."""
    return Agency(
        name=name, block=Block.GOVERNMENT, kind=AgencyKind.PEOPLES_COMMITTEE, unit=a("unit"), code=name,
        valid_from="2020-01-01", valid_to=until,
    )  # fmt: skip


BODIES = {a("ward"): body("ward", ENACTED), **{a(name): body(name) for name in ("archive", "x", "y")}}
OPENED = {
    a("fonds"): Fonds(code="P", name="P", creators=(a("ward"),), opened_from="2020-01-01", line=CustodyLine.STATE)
}


def assigned(day: str, **receivers: str) -> FondsAssigned:
    """Every lot to the archive by the plan, but those named (`one`, `other`), by a decision of that day."""
    names = {"one": ONE, "other": OTHER}
    moved = {names[lot]: to for lot, to in receivers.items()}
    lines = [AssignmentLine(lots=tuple(lot for lot in LOTS if lot not in moved), receiver=a("archive"),
                            rule="r", basis="Luật", confidence=Confidence.LAW)]  # fmt: skip
    lines += [
        AssignmentLine(lots=(lot,), receiver=a(to), rule="correction", basis=f"QĐ {to}", confidence=Confidence.DECISION)
        for lot, to in moved.items()
    ]
    return FondsAssigned(fonds=a("fonds"), effective=day, closes=day == ENACTED, table=tuple(lines))


def corrected(
    day: str, standing: Sequence[FondsAssigned], bodies: Mapping[UUID, Agency] = BODIES, *, own: bool = True
) -> list[tuple[str, UUID | None, UUID | None]]:
    """Lot ONE goes to y from a day on: (day, receiver of ONE, receiver of OTHER) of each table that this leads to."""
    instrument = Instrument(number="7/QĐ", issued=day, issuer="CT", in_force=day)
    plan = Plan(title="", effective=ENACTED, instrument=instrument, receivers={}, changes=(), units=(), agencies=(),
                standing=(), rules=())  # fmt: skip
    state = Reorganization(
        plan=plan, hash="", adopted=True, enacted=True, assigned={a("fonds"): standing[0]} if own else {}
    )
    to = Correction(lots=(ONE,), receiver=a("y"), basis="7/QĐ")
    said = Corrected(instrument=instrument, effective=day, today="2026-11-22", reason="", fonds={a("fonds"): (to,)})
    made = correct(state, said, bodies, OPENED, {a("fonds"): standing})
    tables = [one for one in made if isinstance(one, FondsAssigned)]
    texts = [{key.text: to for key, to in one.receivers().items()} for one in tables]
    return [(one.effective, text[ONE], text[OTHER]) for one, text in zip(tables, texts, strict=True)]


@pytest.mark.parametrize(
    ("day", "standing", "expected"),
    [
        # recorded late: what was decided of the other lot for a later day does not begin earlier
        (MIDDLE, [assigned(ENACTED), assigned(LATE, other="x")],
         [(MIDDLE, "y", "archive"), (LATE, "y", "x")]),
        # recorded late, and of the same lot something else was decided for a later day: that stands
        (MIDDLE, [assigned(ENACTED), assigned(LATE, one="x")],
         [(MIDDLE, "y", "archive")]),
        # of one day's tables the one recorded last counts
        (LATE, [assigned(ENACTED), assigned(LATE, one="x"), assigned(LATE, one="x", other="x")],
         [(LATE, "y", "x")]),
        # in order
        (LATE, [assigned(ENACTED), assigned(MIDDLE, other="x")],
         [(LATE, "y", "x")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("own", [True, False])
def test_a_correction_leaves_every_other_lot_as_it_was(
    day: str, standing: list[FondsAssigned], expected: list[tuple[str, str, str]], own: bool
) -> None:
    """Given tables of its own or of another reorganization, then what it does not name stays, each day."""
    assert corrected(day, standing, own=own) == [(on, a(one), a(other)) for on, one, other in expected]


def test_a_fonds_of_no_plan_starts_from_its_ended_creator() -> None:
    """Given a fonds that nobody assigned and whose creator had ended, then its other lots stay with the creator."""
    assert corrected(LATE, [], own=False) == [(LATE, a("y"), a("ward"))]


def test_a_fonds_whose_creator_goes_on_is_refused() -> None:
    """Given a fonds of a body that goes on and that this plan does not cover, then nothing is assigned."""
    with pytest.raises(Refusal, match="correction-fonds-foreign"):
        corrected(LATE, [], {**BODIES, a("ward"): body("ward")}, own=False)
