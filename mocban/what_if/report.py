"""The report of a what-if: figures with names beside ids, per receiver and per fonds, and what stands in the way."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.lot import Carrier
from domain.plan import FondsOutcome
from mocban.plan_file.form import Fault


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who or what is meant: id, with code and name beside it. id absent: nobody yet."""

    id: UUID | None = None
    code: str = ""
    name: str = ""


AWAITING = Body(name="Chờ nơi nhận · awaiting a receiver")


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """How much. boxes, metres (of shelf): of paper; a box that several receivers have something in counts with each,
    its length is shared by files. unmeasured: boxes whose length nobody recorded; metres None: of none it was, not 0.
    """

    fonds: int = 0
    lots: int = 0
    files: int = 0
    documents: int = 0
    boxes: int = 0
    metres: float | None = 0.0
    unmeasured: int = 0


class ReceiverLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver must have on one carrier. today: without the plan. other: by the plan it is compared with.

    to_come: of the files it must have by the plan, those in other hands today.
    """

    receiver: Body
    carrier: Carrier
    today: Amount
    plan: Amount
    to_come: int
    other: Amount | None = None


class FondsLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of one fonds of an ended unit goes to a receiver."""

    unit: Body
    fonds: Body
    receiver: Body
    carrier: Carrier
    amount: Amount


class OutcomeLine(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a fonds of a body that the plan touches: it goes on, closes or opens; on which basis.

    creators: who creates it from the day on, of one that closes who did; former: those who end.
    """

    fonds: Body
    outcome: FondsOutcome
    creators: tuple[Body, ...]
    former: tuple[Body, ...]
    basis: str


class ObstacleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A fonds for which the plan cannot be enacted, and why."""

    fonds: Body
    code: str
    vi: str
    en: str


class UncoveredLine(msgspec.Struct, frozen=True, kw_only=True):
    """Lots of a fonds that no rule matches."""

    fonds: Body
    lots: tuple[str, ...]
    files: int


class CrossingLine(msgspec.Struct, frozen=True, kw_only=True):
    """Files of a fonds that would cross between the lines of Party and State."""

    fonds: Body
    receiver: Body
    files: int


class ClaimLine(msgspec.Struct, frozen=True, kw_only=True):
    """Lots that further rules would send elsewhere; of the whole plan."""

    wins: str
    others: tuple[str, ...]
    lots: int
    files: int


class LateLine(msgspec.Struct, frozen=True, kw_only=True):
    """A document dated after its body ended."""

    fonds: Body
    document: UUID
    file: UUID
    dated: str


class UnlistedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Containers of a fonds that no file names, as sealed sets are: beside the figures. metres: None unknown."""

    fonds: Body
    containers: int
    unmeasured: int
    metres: float | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A plan laid over the present. fonds: assignments there would be. other_title: of the plan compared with.

    today: by what is recorded now, so that a plan already enacted makes no difference. metres: whether boxes are
    measured, `known`, `partly` or `unknown`.
    """

    title: str
    effective: str
    plan_hash: str
    scope: str
    may_be_enacted: bool
    fonds: int
    awaiting_files: int
    receivers: list[ReceiverLine]
    by_fonds: list[FondsLine]
    outcomes: list[OutcomeLine]
    obstacles: list[ObstacleLine]
    uncovered: list[UncoveredLine]
    claims: list[ClaimLine]
    crossings: list[CrossingLine]
    absent_receivers: list[Body]
    late_documents: list[LateLine]
    flags: tuple[Fault, ...] = ()
    other_title: str = ""
    unlisted: list[UnlistedLine] = []
    metres: str = "known"
