"""Who may read a file: the same rules as `domain.access.may_use`, asked of the file instead of one reader.

Whoever could claim to read is handed in, each with the rule it would read by; told are those whose claim holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from domain.access import AccessRule, needs_grant
from domain.file import Rights
from domain.fonds import CustodyLine
from domain.lot import WorkState

ORDER: Final = (
    AccessRule.HOLDER,
    AccessRule.ASSIGNEE,
    AccessRule.CREATOR,
    AccessRule.CITY_WIDE,
    AccessRule.SUCCESSOR_FUNCTION,
    AccessRule.TERRITORY,
    AccessRule.GRANTED,
)
"""Of several rules for one reader the first counts, as in `may_use`."""
_OF_FUNCTION: Final = frozenset({AccessRule.SUCCESSOR_FUNCTION, AccessRule.TERRITORY})
_PLACE: Final = {rule: place for place, rule in enumerate(ORDER)}


class Reader(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who may read, and why: officers of an agency, under `city-wide` only those with the city as their reach; or one
    principal whom a decision names.

    basis: number of the decision or instrument, as cited, empty where the fact itself is the basis; act: index of the
    act that the rule rests on, None where none says it; since, last_day: of a grant, both included.
    """

    rule: AccessRule
    agency: UUID | None = None
    principal: UUID | None = None
    basis: str = ""
    act: int | None = None
    since: str = ""
    last_day: str = ""


def readers(line: CustodyLine, rights: Rights, state: WorkState, claims: Iterable[Reader]) -> tuple[Reader, ...]:
    """Those of the claims that hold, strongest rule first; each agency once, with the rule that `may_use` names.

    An agency's officers with the city as their reach stand apart, unless all of its officers read by a stronger rule.
    Of two claims by one rule the one handed in first counts.
    """
    shut = _shut(closed=needs_grant(line, rights), finished=state is WorkState.FINISHED)
    told: dict[tuple[UUID | None, bool], Reader] = {}
    for claim in sorted(claims, key=_place):
        wide = claim.rule is AccessRule.CITY_WIDE
        who = claim.agency or claim.principal
        covered = (who, wide) in told or (wide and (who, False) in told)
        if claim.rule not in shut and not covered:
            told[who, wide] = claim
    return tuple(told.values())


def for_others(line: CustodyLine, rights: Rights) -> AccessRule:
    """Why nobody else reads: a grant is needed, or no rule lets them."""
    return AccessRule.NEEDS_GRANT if needs_grant(line, rights) else AccessRule.NO_RULE


def _place(claim: Reader) -> int:
    return _PLACE[claim.rule]


def _shut(*, closed: bool, finished: bool) -> frozenset[AccessRule]:
    """The rules that let nobody read such a file."""
    if closed:
        return _OF_FUNCTION | {AccessRule.CITY_WIDE}
    return frozenset() if finished else _OF_FUNCTION
