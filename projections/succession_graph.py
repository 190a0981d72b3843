"""Succession graph: units and agencies over their intervals, reorganizations, and what succeeded what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from domain.administrative_unit import UnitEnded, UnitEstablished, UnitRenamed
from domain.agency import AgencyEnded, AgencyEstablished, AgencyRenamed
from domain.event import Event
from domain.lineage import LineageReconstructed
from domain.listed_changes import AgencyChangesListed
from domain.plan import UnitChange
from domain.reorganization import (
    ChangesListed,
    ReorganizationAdopted,
    ReorganizationCompleted,
    ReorganizationCorrected,
    ReorganizationDrafted,
    ReorganizationEnacted,
    ReorganizationWithdrawn,
)
from projections.agency_succession import AgencySuccessionRows
from projections.body_forms import RenamedRows
from projections.page_rows import AppendedRows, KeyedRows, Table
from projections.view import Cursor, Recorded

UNIT: Final = Table(
    name="unit",
    columns={
        "id": "uuid",
        "name": "text",
        "kind": "text",
        "level": "text",
        "code": "text",
        "valid_from": "text",
        "valid_to": "text",
        "parent": "uuid",
        "certainty": "text",
        "basis": "text",
        "ended_by": "text",
    },
)
AGENCY: Final = Table(
    name="agency",
    columns={
        "id": "uuid",
        "name": "text",
        "block": "text",
        "kind": "text",
        "unit": "uuid",
        "code": "text",
        "valid_from": "text",
        "valid_to": "text",
        "certainty": "text",
        "basis": "text",
        "ended_by": "text",
    },
)
REORGANIZATION: Final = Table(
    name="reorganization",
    columns={
        "id": "uuid",
        "title": "text",
        "effective": "text",
        "instrument": "jsonb",
        "plan_hash": "text",
        "state": "text",
        "drafted": "bigint",
        "enacted": "bigint",
        "fonds": "int",
        "completed": "bigint",
    },
)
SUCCESSION: Final = Table(
    name="succession",
    columns={
        "reorganization": "uuid",
        "unit": "uuid",
        "change": "text",
        "successor": "uuid",
        "share": "text",
        "population_share": "text",
        "clause": "text",
    },
)


class SuccessionGraph:
    """The view. Edges are known from the draft on and hold once their reorganization is enacted."""

    name = "succession_graph"
    tables = ("unit", "agency", "reorganization", "succession", "former_unit", "former_agency", "agency_succession")
    reads: frozenset[type[Event]] = frozenset(
        {
            UnitEstablished,
            UnitEnded,
            AgencyEstablished,
            AgencyEnded,
            UnitRenamed,
            AgencyRenamed,
            ReorganizationDrafted,
            ChangesListed,
            AgencyChangesListed,
            ReorganizationAdopted,
            ReorganizationWithdrawn,
            ReorganizationEnacted,
            ReorganizationCorrected,
            ReorganizationCompleted,
            LineageReconstructed,
        }
    )

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        bodies = _Bodies()
        plans = _Plans()
        for recorded in page:
            bodies.take(recorded)
            plans.take(recorded)
        bodies.write(cursor)
        plans.write(cursor)


class _Bodies:
    """Units and agencies of one page."""

    def __init__(self) -> None:
        self._units = KeyedRows(UNIT)
        self._agencies = KeyedRows(AGENCY)
        self._renamed = RenamedRows()

    def take(self, recorded: Recorded) -> None:
        self._renamed.take(recorded)
        match recorded.event:
            case UnitEstablished() as unit:
                self._units.begin(
                    recorded.stream,
                    name=unit.name,
                    kind=unit.kind,
                    level=unit.level,
                    code=unit.code,
                    valid_from=unit.valid_from,
                    valid_to="",
                    parent=unit.parent,
                    certainty=unit.certainty,
                    basis=unit.basis,
                    ended_by="",
                )
            case UnitEnded() as end:
                self._units.change(recorded.stream, valid_to=end.effective, ended_by=end.basis)
            case AgencyEstablished() as agency:
                self._agencies.begin(
                    recorded.stream,
                    name=agency.name,
                    block=agency.block,
                    kind=agency.kind,
                    unit=agency.unit,
                    code=agency.code,
                    valid_from=agency.valid_from,
                    valid_to="",
                    certainty=agency.certainty,
                    basis=agency.basis,
                    ended_by="",
                )
            case AgencyEnded() as end:
                self._agencies.change(recorded.stream, valid_to=end.effective, ended_by=end.basis)
            case _:
                pass

    def write(self, cursor: Cursor) -> None:
        self._units.write(cursor)
        self._agencies.write(cursor)
        self._renamed.write(cursor)


class _Plans:
    """Reorganizations of one page."""

    def __init__(self) -> None:
        self._reorganizations = KeyedRows(REORGANIZATION)
        self._edges = AppendedRows(SUCCESSION)
        self._of_agencies = AgencySuccessionRows()

    def take(self, recorded: Recorded) -> None:
        stream = recorded.stream
        match recorded.event:
            case ReorganizationDrafted() as draft:
                self._reorganizations.begin(
                    stream,
                    title=draft.title,
                    effective=draft.effective,
                    instrument=msgspec.json.encode(draft.instrument).decode(),
                    plan_hash=draft.plan_hash,
                    state="drafted",
                    drafted=recorded.act_index,
                    enacted=None,
                    fonds=0,
                    completed=None,
                )
            case LineageReconstructed() as lineage:
                self._reconstruct(recorded, lineage)
            case ChangesListed() as listed:
                self._edges_of(recorded, listed.changes)
            case ReorganizationAdopted():
                self._reorganizations.change(stream, state="adopted")
            case ReorganizationWithdrawn():
                self._reorganizations.change(stream, state="withdrawn")
            case ReorganizationEnacted() as enacted:
                self._reorganizations.change(stream, state="enacted", enacted=recorded.act_index, fonds=enacted.fonds)
            case ReorganizationCorrected():
                self._reorganizations.change(stream, completed=None)
            case ReorganizationCompleted():
                self._reorganizations.change(stream, completed=recorded.act_index)
            case _:
                self._of_agencies.take(recorded)

    def _reconstruct(self, recorded: Recorded, lineage: LineageReconstructed) -> None:
        """As known from its act on, like one that was enacted there, but marked."""
        self._reorganizations.begin(
            recorded.stream,
            title=lineage.title,
            effective=lineage.effective,
            instrument=msgspec.json.encode(lineage.instrument).decode(),
            plan_hash="",
            state="reconstructed",
            drafted=recorded.act_index,
            enacted=recorded.act_index,
            fonds=0,
            completed=None,
        )
        self._edges_of(recorded, lineage.changes)

    def _edges_of(self, recorded: Recorded, changes: Sequence[UnitChange]) -> None:
        for change in changes:
            for to in change.successors:
                self._edges.add(
                    recorded.stream, change.unit, change.change, to.unit, to.share, to.population_share, to.clause
                )
            if not change.successors:
                self._edges.add(recorded.stream, change.unit, change.change, None, "", "", "")

    def write(self, cursor: Cursor) -> None:
        self._reorganizations.write(cursor)
        self._edges.write(cursor)
        self._of_agencies.write(cursor)
