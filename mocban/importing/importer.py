"""The import of one worksheet: parts are drafted ahead, stored in their order, each an act of its own.

Safe to stop anywhere and to run again: an act already stored is not done twice, and what it refused is named from the
ledger. Never more than a few parts are in memory.
"""

from __future__ import annotations

import fcntl
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from digitization.scan_folder import shown
from digitization.workers import WorkerLostError
from digitization.worksheet_archive import MAX_FILE_BYTES, require_file, too_large
from digitization.worksheet_csv import MAX_CSV_BYTES
from digitization.worksheet_parts import PART_ROWS, Fault, Part, read_parts
from domain import accession
from domain.accession import Accession, RefusedRow
from domain.errors import Refusal
from domain.identifiers import nfc
from ledger.actor import Actor
from ledger.bulk import BulkAppender
from ledger.prepared_act import AppendStatus
from mocban.act_ids import ActIds
from mocban.bootstrap import Product
from mocban.importing.city import record_city
from mocban.importing.creators import recorded_creators
from mocban.importing.crew import AloneCrew, Crew, ProcessCrew
from mocban.importing.gear import gear_of
from mocban.importing.refused_rows import RefusedRows
from mocban.importing.workplace import PartDraft, words
from mocban.offices import Office

BULK: Final = "mocban_bulk"
MOST_REFUSED: Final = 5_000
"""Rows refused, when they are the most of the rows so far, after which a worksheet is given up."""
_ATTEMPTS: Final = 5
_STRANGE: Final = re.compile(r"[^\w.-]+")

Told = Callable[[int, int | None], None]
"""Told of progress: rows done, and how many there are where that is known."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import brought. rows: of the worksheet; refused: of those, not taken; by_code: their faults.

    parts: acts; of them known: stored by an earlier run. sent_back: files that this run stopped at the gate.
    listed: where each refused row is named. remarks: cells of this run taken otherwise than as written, by code.
    """

    number: str
    rows: int
    refused: int
    by_code: dict[str, int]
    parts: int
    known: int
    sent_back: int
    listed: Path | None
    remarks: dict[str, int] = {}


class Importer:
    """Imports worksheets for one archivist, one at a time."""

    def __init__(
        self,
        product: Product,
        told: Told = lambda _done, _of: None,
        rows: int = PART_ROWS,
        workers: int | None = None,
    ) -> None:
        """rows: of one part. workers: child processes, one a core when None; 0: none, as for a single part."""
        self._product = product
        self._archivist: Actor = product.actor(Office.ARCHIVIST)
        self._told = told
        self._rows = rows
        self._workers = workers

    def run(self, path: Path) -> Imported:
        """Import `path`. Raises Refusal for a worksheet that cannot be read, and what the ledger refuses as a whole."""
        digest, lines = _measured(path)
        folder = self._product.settings.home / "imports"
        with _alone(folder / f"{digest}.lock"):
            record_city(self._product, self._archivist, ActIds(self._product.settings.home / "demo" / "acts"))
            run = _Run(self._product, self._archivist, path, digest, folder)
            parts = read_parts(path, self._rows)
            first, second = next(parts, None), next(parts, None)
            creators = recorded_creators(self._product)
            gear = gear_of(self._product, self._archivist, folder / f"{digest}.day", creators)
            alone = second is None or self._workers == 0
            crew: Crew = AloneCrew(gear) if alone else ProcessCrew(gear, self._workers)
            with crew, run:
                for done in run.store(chain([one for one in (first, second) if one is not None], parts), crew):
                    self._told(done, lines)
            return run.imported()


class _Run:
    """One run over one worksheet."""

    def __init__(self, product: Product, archivist: Actor, path: Path, digest: str, folder: Path) -> None:
        self._ledger, self._naming = product.main, product.naming
        self._archivist = archivist
        self._digest = digest
        self._number = f"{_STRANGE.sub('-', nfc(path.stem))[:60]}-{digest[:12]}"
        self._act_ids = ActIds(folder / f"{digest}.acts")
        self._appender = BulkAppender(product.main, product.databases.main_url(BULK))
        self._refused = RefusedRows(product.settings.out / "imports" / f"{self._number}-refused.csv")
        self._counts: Counter[str] = Counter()
        self._remarks: Counter[str] = Counter()

    def __enter__(self) -> None:
        self._refused.open()

    def __exit__(self, *_: object) -> None:
        self._refused.close()
        self._appender.close()

    def store(self, parts: Iterator[Part], crew: Crew) -> Iterator[int]:
        """Store part after part; rows done so far, after each."""
        ahead: deque[tuple[Part, str, UUID, Future[PartDraft | Fault]]] = deque()
        for part in parts:
            number = f"{self._number}/{part.number:04}"
            act_id = self._act_ids(f"accession.receive:{number}")
            if self._ledger.receipt_of(act_id) is not None:
                self._note_known(number)
                yield self._counts["rows"]
                continue
            ahead.append((part, number, act_id, self._draft(crew, part, number, act_id, presume_new=True)))
            if len(ahead) > crew.size:
                self._store_one(crew, *ahead.popleft())
                yield self._counts["rows"]
        while ahead:
            self._store_one(crew, *ahead.popleft())
            yield self._counts["rows"]

    def imported(self) -> Imported:
        """What came of it."""
        return Imported(
            number=self._number,
            rows=self._counts["rows"],
            refused=self._refused.count,
            by_code=dict(sorted(self._refused.by_code.items())),
            parts=self._counts["parts"],
            known=self._counts["known"],
            sent_back=self._counts["sent_back"],
            listed=self._refused.path if self._refused.count else None,
            remarks=dict(sorted(self._remarks.items())),
        )

    def _draft(
        self, crew: Crew, part: Part, number: str, act_id: UUID, *, presume_new: bool
    ) -> Future[PartDraft | Fault]:
        return crew.draft(part, act_id, number, self._digest, presume_new=presume_new)

    def _store_one(self, crew: Crew, part: Part, number: str, act_id: UUID, drafted: Future[PartDraft | Fault]) -> None:
        """Append the part; when something in it is not new after all, draft it again from what the ledger holds.

        Also when the child that drafted it ended: the system killed it, or its memory.
        """
        presume_new, lost = True, False
        for _ in range(_ATTEMPTS):
            try:
                made = drafted.result()
            except WorkerLostError:
                lost, drafted = True, self._draft(crew, part, number, act_id, presume_new=presume_new)
                continue
            if isinstance(made, tuple):
                code, facts = made
                if code != "accession-already-received":
                    raise Refusal(code, **facts)
                self._note_known(number)  # by a run whose act ids were lost
                return
            outcome = self._appender.append(made.draft, [self._archivist])
            if outcome.status is not AppendStatus.VERSION_CONFLICT:
                outcome.receipt(act_id)
                self._count(made.rows, made.refused)
                self._counts["sent_back"] += made.sent_back
                self._remarks.update(made.remarks)
                return
            presume_new, lost = False, False
            drafted = self._draft(crew, part, number, act_id, presume_new=presume_new)
        if lost:
            raise Refusal("import-child-lost", part=number)
        raise Refusal("version-conflict", act=act_id, stream=None)

    def _note_known(self, number: str) -> None:
        stream = self._naming.other("accession", number)
        state: Accession | None = self._ledger.streams().load(stream, None, accession.evolve)
        assert state is not None, "its act is stored"
        self._count(state.received.rows, [(row, *words(row)) for row in state.refused])
        self._counts["known"] += 1

    def _count(self, rows: int, refused: Sequence[tuple[RefusedRow, str, str]]) -> None:
        self._counts["rows"] += rows
        self._counts["parts"] += 1
        self._refused.add(refused)
        if self._refused.count >= MOST_REFUSED and self._refused.count * 2 > self._counts["rows"]:
            raise Refusal(
                "import-too-many-refused",
                refused=self._refused.count,
                rows=self._counts["rows"],
                listed=self._refused.path,
            )


def _measured(path: Path) -> tuple[str, int | None]:
    """SHA-256 in hex, and of a CSV how many lines follow the first."""
    digest, lines = sha256(), 0
    is_csv = path.suffix.lower() == ".csv"
    if not path.exists():
        raise Refusal("file-missing", path=shown(str(path)))
    if (size := require_file(path)) > (limit := MAX_CSV_BYTES if is_csv else MAX_FILE_BYTES):
        raise too_large(path.name, f"{size} B > {limit} B")
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                lines += block.count(b"\n")
    except OSError as missing:
        raise Refusal("worksheet-unreadable", file=path.name) from missing
    return digest.hexdigest(), lines - 1 if is_csv else None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One import of a worksheet at a time; another waits."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
