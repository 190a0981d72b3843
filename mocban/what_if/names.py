"""Names of units, agencies and fonds: those of the snapshot, and those that plans begin."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.plan import Plan
from mocban.what_if.report import AWAITING, Body
from projections.whatif_snapshot import Snapshot


class Names:
    """Code and name by id."""

    def __init__(self, snapshot: Snapshot, plans: Sequence[Plan]) -> None:
        self._units = {new.unit: (new.code, new.name) for plan in plans for new in plan.units}
        self._units |= {key: (unit.code, unit.name) for key, unit in snapshot.units.items()}
        self._agencies = {new.agency: (new.code, new.name) for plan in plans for new in plan.agencies}
        self._agencies |= {key: (agency.code, agency.name) for key, agency in snapshot.agencies.items()}
        unknown = {key: name for plan in plans for name, key in plan.receivers.items() if key not in self._agencies}
        self._agencies |= {key: (name, "Không có trong sổ · not in the ledger") for key, name in unknown.items()}
        self._fonds = {new.fonds: (new.fonds_code, new.fonds_name) for plan in plans for new in plan.agencies}
        self._fonds |= {key: (fonds.code, fonds.name) for key, fonds in snapshot.fonds.items()}

    def unit(self, key: UUID) -> Body:
        """A unit."""
        return _body(key, self._units.get(key))

    def agency(self, key: UUID | None) -> Body:
        """An agency; None: nobody yet."""
        return AWAITING if key is None else _body(key, self._agencies.get(key))

    def fonds(self, key: UUID) -> Body:
        """A fonds."""
        return _body(key, self._fonds.get(key))


def _body(key: UUID, known: tuple[str, str] | None) -> Body:
    code, name = known or ("?", "Chưa biết · unknown")
    return Body(id=key, code=code, name=name)
