"""Disposition (hủy tài liệu): a file's content is destroyed by decision of two persons, never by one, never by a timer.

Law on Archives 33/2024/QH15 art. 16: past retention, or superfluous, by decision. The list, the explanatory note and
the council's opinion are papers that the decision cites as its basis; they are not kept here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.file import File, FileDestroyed, closing_year, why_undated
from domain.identifiers import public_id
from domain.lot import RetentionClass, WorkState

DOCUMENTS_PER_EVENT = 500


class Ground(StrEnum):
    """Why: hết thời hạn lưu trữ, or trùng thừa (TT 06/2025/TT-BNV, list of documents to be destroyed)."""

    RETENTION_ENDED = "retention-ended"
    SUPERFLUOUS = "superfluous"


class DestructionDecided(Event, frozen=True, kw_only=True, tag="disposition.destruction-decided/1"):
    """The file is to be destroyed, by the decision `basis`; who proposes and who decides both signed."""

    file: UUID
    ground: Ground
    basis: str


class DestructionCompleted(Event, frozen=True, kw_only=True, tag="disposition.destruction-completed/1"):
    """Nothing that could bring the file's content back is kept any more: the last back-up that held it is gone."""

    file: UUID
    on: str


DispositionEvent = DestructionDecided | DestructionCompleted


class Disposition(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one file's disposition."""

    decided: DestructionDecided
    completed: str = ""


def disposition_stream(file: UUID) -> UUID:
    """The stream of a file's disposition; anyone who knows the file can recompute it."""
    return public_id("disposition", str(file))


def evolve(state: Disposition | None, event: DispositionEvent) -> Disposition | None:
    """Fold one event."""
    match event:
        case DestructionDecided():
            return Disposition(decided=event)
        case DestructionCompleted():
            return None if state is None else msgspec.structs.replace(state, completed=event.on)
        case _:
            assert_never(event)


def decide(state: Disposition | None, file: File | None, fact: DestructionDecided, today: str) -> list[Event]:
    """Decide on a destruction; decided on the same basis already, nothing new. today: civil day.

    Refused: `file-unknown`, `file-destroyed`, `destruction-decided-otherwise`, `destruction-unfinished`,
    `destruction-permanent`, `destruction-not-appraised`, `destruction-not-due`.
    """
    if file is None:
        raise Refusal("file-unknown")
    code = file.registered.FileCode.text
    if state is not None:
        if (state.decided.basis, state.decided.ground) != (fact.basis, fact.ground):
            raise Refusal("destruction-decided-otherwise", code=code, basis=state.decided.basis)
        return []
    if file.destroyed:
        raise Refusal("file-destroyed", code=code)
    _check_may_be_destroyed(file, fact.ground, today)
    return [fact]


def _check_may_be_destroyed(file: File, ground: Ground, today: str) -> None:
    """Permanent and unfinished files never; past retention only what has a period, and only after its last year."""
    registered, code = file.registered, file.registered.FileCode.text
    retention = registered.Maintenance.retention
    if registered.state is not WorkState.FINISHED:
        raise Refusal("destruction-unfinished", code=code)
    if retention is RetentionClass.PERMANENT and ground is not Ground.SUPERFLUOUS:
        raise Refusal("destruction-permanent", code=code)
    if ground is Ground.SUPERFLUOUS:
        return
    if retention is RetentionClass.NOT_APPRAISED:
        raise Refusal("destruction-not-appraised", code=code)
    closed = closing_year(registered)
    undated = why_undated(registered, closed)
    due = None if closed is None or undated else closed + registered.Maintenance.years
    if due is None or due >= int(today[:4]):
        raise Refusal("destruction-not-due", code=code, due=undated if due is None else due)


def carry_out(
    state: Disposition | None, file: File | None, documents: tuple[UUID, ...], kept_until: str
) -> list[Event]:
    """Record on the file's own stream that its content is gone, with its documents, at most 500 an event.

    kept_until: the last civil day on which a back-up made before is kept. Recorded already, nothing new. Refused:
    `file-unknown`, `destruction-not-decided`, `destruction-kept-otherwise`.
    """
    if file is None:
        raise Refusal("file-unknown")
    if state is None:
        raise Refusal("destruction-not-decided", code=file.registered.FileCode.text)
    if file.destroyed not in {"", kept_until}:
        raise Refusal("destruction-kept-otherwise", code=file.registered.FileCode.text, until=file.destroyed)
    if file.destroyed:
        return []
    parts = [documents[at : at + DOCUMENTS_PER_EVENT] for at in range(0, len(documents), DOCUMENTS_PER_EVENT)] or [()]
    decision = disposition_stream(state.decided.file)
    return [FileDestroyed(decision=decision, documents=part, backups_until=kept_until) for part in parts]


def complete(state: Disposition | None, file: File | None, today: str) -> list[Event]:
    """Record that no back-up brings the content back. Recorded already, nothing new.

    Refused: `file-unknown`, `destruction-not-carried-out`, `destruction-too-early`.
    """
    if file is None:
        raise Refusal("file-unknown")
    code = file.registered.FileCode.text
    if state is None or not file.destroyed:
        raise Refusal("destruction-not-carried-out", code=code)
    if state.completed:
        return []
    if today <= file.destroyed:
        raise Refusal("destruction-too-early", code=code, until=file.destroyed)
    return [DestructionCompleted(file=state.decided.file, on=today)]
