"""Grants of reading: what may be granted, when one ends, and which rule lets somebody read."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from domain import access_grant
from domain.access import AccessFacts, AccessRule, may_use
from domain.access_grant import AccessEnded, AccessGrant, AccessGranted, Known, evolve
from domain.agency import Agency, AgencyKind, Block
from domain.basis import Instrument
from domain.errors import Refusal
from domain.file import Rights
from domain.fonds import CustodyLine
from domain.lot import WorkState
from domain.principal import Principal, Reach

A, B, FILE, FONDS = (UUID(int=number) for number in range(1, 5))
BODY = Agency(
    name="Sở", block=Block.GOVERNMENT, kind=next(iter(AgencyKind)), unit=B, code="H26.1", valid_from="2000-01-01"
)
KNOWN = Known(
    agency=BODY, principal=Principal(agency=A, office="x", reach=Reach.AGENCY), files=frozenset({FILE}), fonds={FONDS}
)
DECISION = Instrument(number="5/QĐ", issued="2025-01-01", issuer="UBND", in_force="2025-02-01")
GIVEN = AccessGranted(decision=DECISION, since="2025-03-01", last_day="2025-03-31", agency=A, files=(FILE,))
TODAY = "2025-03-10"

UNFIT: list[tuple[str, dict[str, object], Known]] = [
    ("grant-reader-unclear", {"principal": B}, KNOWN),
    ("grant-reader-unclear", {"agency": None}, KNOWN),
    ("grant-of-nothing", {"files": ()}, KNOWN),
    ("grant-of-nothing", {"files": (FILE,) * 501}, KNOWN),
    ("grant-days-unfit", {"last_day": "2025-02-28"}, KNOWN),
    ("grant-over", {"last_day": "2025-03-09"}, KNOWN),
    ("instrument-not-in-force", {"since": "2025-01-31"}, KNOWN),
    ("agency-unknown", {}, msgspec.structs.replace(KNOWN, agency=None)),
    (
        "agency-not-existing", {},
        msgspec.structs.replace(KNOWN, agency=msgspec.structs.replace(BODY, valid_to="2025-03-01")),
    ),
    ("grant-principal-unknown", {"agency": None, "principal": B}, msgspec.structs.replace(KNOWN, principal=None)),
    ("file-unknown", {"files": (FILE, B)}, KNOWN),
    ("fonds-unknown", {"fonds": (FILE,)}, KNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("code", "members", "known"), UNFIT)
def test_unfit_grants_are_refused(code: str, members: dict[str, object], known: Known) -> None:
    """Given a grant with one thing wrong, when it is to be recorded, it is refused by its code."""
    with pytest.raises(Refusal, match=code):
        access_grant.grant(None, msgspec.structs.replace(GIVEN, **members), known, TODAY)


def test_a_grant_is_given_once_and_ended_once() -> None:
    """Given a grant, when given again or ended at a wrong time or twice, it is refused."""
    assert access_grant.grant(None, GIVEN, KNOWN, TODAY) == [GIVEN]
    state = evolve(None, GIVEN)
    with pytest.raises(Refusal, match="grant-already"):
        access_grant.grant(state, GIVEN, KNOWN, TODAY)
    for on, wrong in (("2025-03-09", "grant-end-unfit"), ("2025-04-01", "grant-end-unfit")):
        with pytest.raises(Refusal, match=wrong):
            access_grant.end(state, AccessEnded(on=on, basis="x"), TODAY)
    with pytest.raises(Refusal, match="grant-unknown"):
        access_grant.end(None, AccessEnded(on=TODAY, basis="x"), TODAY)
    ended = AccessEnded(on=TODAY, basis="6/QĐ")
    assert access_grant.end(state, ended, TODAY) == [ended]
    assert evolve(state, ended) == AccessGrant(granted=GIVEN, ended=TODAY)
    with pytest.raises(Refusal, match="grant-ended"):
        access_grant.end(evolve(state, ended), ended, TODAY)


@pytest.mark.parametrize("line", list(CustodyLine))
@pytest.mark.parametrize("rights", list(Rights))
@pytest.mark.parametrize("city_wide", [False, True])
@pytest.mark.parametrize("granted", ["", "5/QĐ"])
def test_a_grant_opens_what_needs_one_and_the_stronger_rule_is_named(
    line: CustodyLine, rights: Rights, granted: str, *, city_wide: bool
) -> None:
    """Given every line, right and reach, a grant lets read; without it the Party line and conditional files do not."""
    facts = AccessFacts(
        reader_agency=A, city_wide=city_wide, holder=B, assignee=None, creators=(B,), predecessors=frozenset(),
        line=line, rights=rights, state=WorkState.FINISHED, granted=granted,
    )  # fmt: skip
    open_to_rules = line is CustodyLine.STATE and rights is Rights.OPEN
    wanted = (
        (True, AccessRule.CITY_WIDE)
        if open_to_rules and city_wide
        else (True, AccessRule.GRANTED)
        if granted
        else (False, AccessRule.NO_RULE if open_to_rules else AccessRule.NEEDS_GRANT)
    )
    assert may_use(facts) == wanted
