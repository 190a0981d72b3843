"""Random plans, for what must hold of every plan file."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from domain.administrative_unit import Level, UnitKind
from domain.agency import AgencyKind, Block
from domain.basis import Confidence, Instrument
from domain.change_law import OF_AGENCY, OF_UNIT
from domain.lot import Carrier, RetentionClass, WorkState
from domain.plan import ChangeKind, Receiver, Rule, Selector
from domain.plan_file import (
    AgencyChangeEntry,
    AgencyEntry,
    AgencyFormEntry,
    ChangeEntry,
    PlanFile,
    SuccessorEntry,
    UnitEntry,
    UnitFormEntry,
)
from mocban.plan_file.form import settled

_LETTERS: Final = "aĂđ0 9=+-@'\"#:{}[]&*!|>%,?ệ\n"
_TEXT: Final = st.text(_LETTERS, max_size=12).map(settled)
_NAME: Final = st.text(_LETTERS, min_size=1, max_size=8).map(settled).filter(bool)
_CODE: Final = st.from_regex(r"[0-9]{5}", fullmatch=True)
_DAYS: Final = st.dates().map(lambda day: day.replace(year=1900 + day.year % 200).isoformat())


def _several(words: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(words, max_size=3, unique=True).map(tuple)


def _enum(kind: type) -> st.SearchStrategy[object]:
    return _several(st.sampled_from(list(kind)))  # type: ignore[call-overload]  # any of the enumerations


_SELECTORS: Final = st.builds(
    Selector,
    block=_enum(Block),
    level=_enum(Level),
    agency_kind=_enum(AgencyKind),
    change=_enum(ChangeKind),
    retention=_enum(RetentionClass),
    state=_enum(WorkState),
    arranged=_several(st.booleans()),
    carrier=_enum(Carrier),
)
_SUCCESSORS: Final = st.builds(
    SuccessorEntry,
    unit=_CODE,
    share=st.sampled_from(["whole", "part"]),
    population_share=st.sampled_from(["all", "part", "none"]),
    clause=_TEXT,
)
_UNIT_FORMS: Final = st.builds(
    UnitFormEntry,
    name=_NAME,
    kind=st.none() | st.sampled_from(UnitKind),
    level=st.none() | st.sampled_from(Level),
    code=st.just("") | _CODE,
)
_AGENCY_FORMS: Final = st.builds(
    AgencyFormEntry, name=_NAME, kind=st.none() | st.sampled_from(AgencyKind), code=st.just("") | _CODE
)


@st.composite
def _changes(draw: st.DrawFn) -> ChangeEntry:
    """A unit's change as its kind allows."""
    change = draw(st.sampled_from(ChangeKind))
    law = OF_UNIT.get(change)
    least, most = (law.least, min(law.most, 3)) if law else (0, 3)
    successors = draw(st.lists(_SUCCESSORS, min_size=least, max_size=most))
    becomes = draw(_UNIT_FORMS) if change is ChangeKind.RENAMED else None
    return ChangeEntry(unit=draw(_CODE), change=change, successors=tuple(successors), becomes=becomes)


@st.composite
def _agency_changes(draw: st.DrawFn) -> AgencyChangeEntry:
    """An agency's change as its kind allows."""
    change = draw(st.sampled_from(ChangeKind))
    law = OF_AGENCY[change]
    return AgencyChangeEntry(
        agency=draw(_CODE),
        change=change,
        fonds=draw(st.sampled_from(law.fonds)),
        basis=draw(_NAME),
        successors=tuple(draw(st.lists(_CODE, min_size=law.least, max_size=min(law.most, 3)))),
        becomes=draw(_AGENCY_FORMS) if change is ChangeKind.RENAMED else None,
    )


_UNITS: Final = st.builds(
    UnitEntry, code=_CODE, name=_NAME, kind=st.sampled_from(UnitKind), level=st.sampled_from(Level), parent=_TEXT
)
_AGENCIES: Final = st.builds(
    AgencyEntry,
    code=_NAME,
    name=_NAME,
    block=st.sampled_from(Block),
    kind=st.sampled_from(AgencyKind),
    unit=_CODE,
    fonds_code=_NAME,
    fonds_name=_NAME,
)
_INSTRUMENTS: Final = st.builds(Instrument, number=_NAME, issued=_DAYS, issuer=_NAME, in_force=_DAYS)


@st.composite
def plans(draw: st.DrawFn) -> PlanFile:
    """Any plan that has no fault."""
    receivers = draw(st.dictionaries(_NAME.filter(lambda name: name not in set(Receiver)), _NAME, max_size=3))
    rules = st.builds(
        Rule,
        id=_NAME,
        when=_SELECTORS,
        receiver=st.sampled_from([*map(str, Receiver), *receivers]),
        basis=_NAME,
        confidence=st.sampled_from(Confidence),
        may_await=st.booleans(),
        note_vi=_TEXT,
        note_en=_TEXT,
    )
    listed = draw(st.booleans())
    return PlanFile(
        title=draw(_NAME),
        title_en=draw(_TEXT),
        effective=draw(_DAYS),
        instrument=draw(_INSTRUMENTS),
        changes=tuple(draw(st.lists(_changes(), max_size=3, unique_by=lambda one: one.unit)))
        if listed
        else "succession-2025-07-01",
        receivers=receivers,
        rules=tuple(draw(st.lists(rules, max_size=4, unique_by=lambda rule: rule.id))),
        units=tuple(draw(st.lists(_UNITS, max_size=2, unique_by=lambda one: one.code))) if listed else (),
        agencies=tuple(draw(st.lists(_AGENCIES, max_size=2, unique_by=lambda one: one.code))) if listed else (),
        agency_changes=tuple(draw(st.lists(_agency_changes(), max_size=3, unique_by=lambda one: one.agency)))
        if listed
        else (),
        unmatched_may_await=draw(st.booleans()),
    )
