"""Who may read what: the reader's scope, filled here; the rule itself is `domain.access.may_use`.

Every answer with content passes `permit` or `permit_page`, which also declares the reading, so that no content can be
released without its access event. A denial says so (403) instead of pretending there is nothing: ids are opaque, that a
file exists is public in the ledger, and who is denied must be able to ask for a grant.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.civil_day import today
from api.reading import Reading, declare
from api.resource import ACCESS_EVENT, Asked
from api.services import Services
from domain.access import AccessRule, may_use
from domain.errors import Refusal
from domain.readers import ORDER as WEAKEST_LAST
from projections.principals import principal
from projections.scope import AccessScope, access_facts, access_scope
from projections.view import Connection


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Why content may be read. basis: number of the decision that granted it, empty where a rule needs none."""

    rule: AccessRule
    basis: str


def scope_of(request: Asked, services: Services, connection: Connection) -> AccessScope:
    """The scope of who asks, as of today. Raises Refusal `principal-unknown` for an actor without an office."""
    who = principal(connection, request.user)
    if who is None:
        _declare(request, (), AccessRule.NO_RULE, allowed=False)
        raise Refusal("principal-unknown")
    return access_scope(connection, who.agency, who.city_wide, today(services.clock), who.id)


def permit(
    request: Asked, connection: Connection, scope: AccessScope, file: UUID, records: Sequence[UUID]
) -> Permission:
    """The rule by which content of a file is released; the reading of `records` is declared.

    Raises Refusal: `file-unknown`; `access-denied`, then the denial is declared.
    """
    facts = access_facts(connection, file, scope)
    if facts is None:
        raise Refusal("file-unknown")
    allowed, rule = may_use(facts)
    _declare(request, tuple(records), rule, allowed=allowed)
    if not allowed:
        raise Refusal("access-denied", rule=rule)
    return Permission(rule=rule, basis=facts.granted if rule is AccessRule.GRANTED else "")


def permit_page(
    request: Asked, connection: Connection, scope: AccessScope, found: Sequence[tuple[UUID, UUID]]
) -> frozenset[UUID]:
    """Of a page of (record, its file) the records that may be shown; the reading of them is declared as one event.

    The event's rule is the weakest that any of them rests on; `no-rule` where nothing is shown.
    """
    rules = {file: _rule(connection, scope, file) for file in {file for _, file in found}}
    shown = {record: rule for record, file in found if (rule := rules[file]) is not None}
    weakest = max(shown.values(), key=WEAKEST_LAST.index, default=AccessRule.NO_RULE)
    _declare(request, tuple(shown), weakest, allowed=True)
    return frozenset(shown)


def _rule(connection: Connection, scope: AccessScope, file: UUID) -> AccessRule | None:
    facts = access_facts(connection, file, scope)
    allowed, rule = may_use(facts) if facts is not None else (False, AccessRule.NO_RULE)
    return rule if allowed else None


def _declare(request: Asked, records: tuple[UUID, ...], rule: AccessRule, *, allowed: bool) -> None:
    what = str(request.route_handler.opt[ACCESS_EVENT])
    declare(request, Reading(reader=request.user, records=records, what=what, rule=rule, allowed=allowed))
