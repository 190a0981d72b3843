"""Custody (quản lý, lưu giữ) of a file: who must have, has and may use it, on a day, as known at an act. Public.

Files are named by opaque ids here and no title is shown: custody replays from the public log by anyone.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import FromPath, FromQuery, QueryParameter

from api.agency import AgencyName, agency_names
from api.civil_day import Day, civil_day, today
from api.may_use import FileReader, file_readers
from api.resource import public
from api.services import Wired
from domain.access import AccessRule
from domain.basis import Confidence
from domain.custody import HoldingState
from domain.errors import Refusal
from domain.lot import Carrier
from projections import custody_batch, custody_queries
from projections.readers import use_of

KnownAt = Annotated[
    int | None,
    QueryParameter(
        ge=0, le=2**53, description="Biết đến hành vi số này / as known after this act, default: the newest"
    ),
]


class CustodyOfFile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Phải giữ và đang giữ / who must have a carrier of the file and who has it.

    becauseAssigned, becauseHeld: indexes of the acts it rests on, null where nothing is known. rule, basis,
    confidence: what the assignment rests on. known: whether anything was known of the carrier then. reconstructed:
    whether an agency it names, or its unit, has dates inferred from rosters. mayUse: who may use the file, strongest
    rule first; othersMayUse: why nobody else may, `needs-grant` or `no-rule`, null where nothing is known of the file.
    """

    file: UUID
    carrier: Carrier
    on: str
    known_at: int | None
    known: bool
    state: HoldingState | None
    assigned_to: UUID | None
    held_by: UUID | None
    because_assigned: int | None
    because_held: int | None
    rule: str
    basis: str
    confidence: Confidence | None
    handover: UUID | None
    reconstructed: bool
    agencies: tuple[AgencyName, ...]
    may_use: tuple[FileReader, ...]
    others_may_use: AccessRule | None


@public("/files/{file_id:uuid}/custody")
def custody(
    services: Wired,
    file_id: FromPath[UUID],
    carrier: FromQuery[Carrier] = Carrier.PAPER,
    on: Day = None,
    known_at: KnownAt = None,
) -> CustodyOfFile:
    """Ai phải giữ, ai đang giữ, ai được khai thác / who must have and who has the carrier, who may use the file."""
    day = civil_day(on) if on is not None else today(services.clock)
    newest = custody_queries.NEWEST_KNOWN if known_at is None else known_at
    with services.views.connection() as connection:
        if connection.execute("SELECT FROM projection.file WHERE id = %s", (file_id,)).fetchone() is None:
            raise Refusal("file-unknown")
        found = custody_queries.custody_of(connection, file_id, carrier, day, newest)
        fact = found.custody
        names = agency_names(connection, (fact.assigned_to, fact.held_by))
        use = use_of(connection, file_id, day, newest)
        rests_on = custody_batch.agency_names(connection, [one.id for one in names])
    return CustodyOfFile(
        file=file_id,
        carrier=carrier,
        on=day,
        known_at=known_at,
        known=fact.known,
        state=fact.state if fact.known else None,
        assigned_to=fact.assigned_to,
        held_by=fact.held_by,
        because_assigned=_act(fact.because_assigned),
        because_held=_act(fact.because_held),
        rule=found.rule,
        basis=found.basis,
        confidence=found.confidence,
        handover=found.handover,
        reconstructed=any(body.reconstructed for body in rests_on.values()),
        agencies=names,
        may_use=file_readers(use),
        others_may_use=use.others_may_use,
    )


def _act(index: int) -> int | None:
    return index if index >= 0 else None
