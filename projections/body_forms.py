"""What units and agencies were called and what they were, day by day: kept once they are renamed, asked with a day."""

from __future__ import annotations

from typing import Final

from domain.administrative_unit import UnitRenamed
from domain.agency import AgencyRenamed
from projections.view import Cursor, Recorded

_UNIT: Final = """
INSERT INTO former_unit
SELECT id, %(effective)s, name, kind, level, code, %(basis)s, %(recorded)s FROM unit WHERE id = %(id)s
"""
_UNIT_NOW: Final = """
UPDATE unit SET name = %(name)s, kind = %(kind)s, level = %(level)s, code = %(code)s WHERE id = %(id)s
"""
_AGENCY: Final = """
INSERT INTO former_agency
SELECT id, %(effective)s, name, kind, code, %(basis)s, %(recorded)s FROM agency WHERE id = %(id)s
"""
_AGENCY_NOW: Final = "UPDATE agency SET name = %(name)s, kind = %(kind)s, code = %(code)s WHERE id = %(id)s"
_FORM: Final = """
LEFT JOIN LATERAL (
    SELECT * FROM projection.{table} AS was WHERE was.id = {body}.id AND {day} < was.until ORDER BY was.until LIMIT 1
) AS {as_then} ON true
"""


def unit_then(body: str, day: str, as_then: str = "was") -> str:
    """SQL that joins a row of projection.unit with what it was on a day: name, kind, level, code; null where as now."""
    return _FORM.format(table="former_unit", body=body, day=day, as_then=as_then)


def agency_then(body: str, day: str, as_then: str = "was") -> str:
    """SQL that joins a row of projection.agency with what it was on a day: name, kind, code; null where as now."""
    return _FORM.format(table="former_agency", body=body, day=day, as_then=as_then)


class RenamedRows:
    """The renamings of one page, written after the bodies that begin in it."""

    def __init__(self) -> None:
        self._renamed: list[Recorded] = []

    def take(self, recorded: Recorded) -> None:
        """One event; those that rename nothing pass by."""
        if isinstance(recorded.event, UnitRenamed | AgencyRenamed):
            self._renamed.append(recorded)

    def write(self, cursor: Cursor) -> None:
        """In the log's order: keep what each was, then say what it is."""
        for one in self._renamed:
            match one.event:
                case UnitRenamed() as unit:
                    facts = {"id": one.stream, "recorded": one.act_index, "effective": unit.effective}
                    facts |= {"name": unit.name, "kind": unit.kind, "level": unit.level, "code": unit.code}
                    statements = (_UNIT, _UNIT_NOW)
                    basis = unit.basis
                case AgencyRenamed() as agency:
                    facts = {"id": one.stream, "recorded": one.act_index, "effective": agency.effective}
                    facts |= {"name": agency.name, "kind": agency.kind, "code": agency.code}
                    statements = (_AGENCY, _AGENCY_NOW)
                    basis = agency.basis
                case _:
                    continue
            for statement in statements:
                cursor.execute(statement, {**facts, "basis": basis})
