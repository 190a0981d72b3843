"""Receivers that a plan names and that are no body on its day: nothing is assigned to them.

What earlier decisions gave to a body that has ended since is another matter: it is told, and hinders nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from domain.agency import Agency
from domain.child_lot import LotAssigned
from domain.ending import ending_bodies
from domain.errors import Refusal
from domain.plan import Plan
from domain.reorganization import FondsAssigned
from domain.single_file import FileReassigned

Assigned = FondsAssigned | LotAssigned | FileReassigned


def absent_receivers(plan: Plan, agencies: Mapping[UUID, Agency | None]) -> dict[UUID, str]:
    """Agency -> the plan's own name for it. agencies: every one that the ledger knows."""
    there = {new.agency for new in plan.agencies}
    ending = frozenset(ending_bodies(plan, agencies))
    for key in set(plan.receivers.values()) - there - ending:
        body = agencies.get(key)
        if body is not None and body.exists_on(plan.effective):
            there.add(key)
    return {key: name for name, key in plan.receivers.items() if key not in there}


def sent_to_nobody(assigned: Assigned, absent: Mapping[UUID, str]) -> Iterator[str]:
    """The plan's names for the absent receivers to whom this would send something."""
    lines = (assigned,) if isinstance(assigned, FileReassigned) else assigned.table
    yield from (absent[one.receiver] for one in lines if one.receiver is not None and one.receiver in absent)


def refusal(name: str, plan: Plan) -> Refusal:
    """Why such a plan cannot be enacted. name: the plan's, for the receiver."""
    return Refusal("plan-receiver-absent", name=name, day=plan.effective)


def require_receivers(plan: Plan, agencies: Mapping[UUID, Agency | None], assigned: Iterable[Assigned]) -> None:
    """Raise Refusal `plan-receiver-absent` of the first that is sent to nobody."""
    absent = absent_receivers(plan, agencies)
    name = next((name for one in assigned for name in sent_to_nobody(one, absent)), None) if absent else None
    if name is not None:
        raise refusal(name, plan)
