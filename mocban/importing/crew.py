"""Who drafts the parts: this process for one part, child processes for many."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Future
from types import TracebackType
from typing import Final, Protocol, Self
from uuid import UUID

from digitization.workers import Workers
from digitization.worksheet_parts import Fault, Part
from domain.errors import Refusal
from mocban.importing.workplace import Gear, PartDraft, Workplace, draft_here, move_in

MOST_WORKERS: Final = 8


class Crew(Protocol):
    """Drafts parts, several at once if it can."""

    size: int

    def draft(
        self, part: Part, act_id: UUID, number: str, digest: str, *, presume_new: bool
    ) -> Future[PartDraft | Fault]:
        """As `Workplace.draft`, later; a refusal as its code and facts."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class AloneCrew:
    """This process: at once, without the second that children take to start."""

    size = 1

    def __init__(self, gear: Gear) -> None:
        self._workplace = Workplace(gear)

    def draft(
        self, part: Part, act_id: UUID, number: str, digest: str, *, presume_new: bool
    ) -> Future[PartDraft | Fault]:
        """Drafted on return."""
        drafted: Future[PartDraft | Fault] = Future()
        try:
            drafted.set_result(self._workplace.draft(part, act_id, number, digest, presume_new=presume_new))
        except Refusal as refusal:
            drafted.set_result((refusal.code, dict(refusal.facts)))
        return drafted

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workplace.close()


class ProcessCrew:
    """Children, one a core."""

    def __init__(self, gear: Gear, size: int | None = None) -> None:
        self.size = size or max(1, min(os.cpu_count() or 1, MOST_WORKERS))
        self._workers = Workers(self.size, multiprocessing.get_context("spawn"), move_in, gear)

    def draft(
        self, part: Part, act_id: UUID, number: str, digest: str, *, presume_new: bool
    ) -> Future[PartDraft | Fault]:
        """Drafted by whichever child is free next."""
        return self._workers.submit(draft_here, part, act_id, number, digest, presume_new)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.close()
