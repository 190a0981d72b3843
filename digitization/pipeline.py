"""From the bytes of a scan to a `Recognition`, reading as a table of contents. No clock: equal input, equal output."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, as_completed
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec
import pikepdf

from digitization import duplicates, extraction, layout, pdfa, processes
from digitization.admission import admit
from digitization.inspection_pages import Limits
from digitization.programs import tesseract
from digitization.reading import Line, PageReading, Recognition
from digitization.sheet import TIMED_OUT, Sheet, read_sheet, unread_sheet
from digitization.workers import WorkerLostError, Workers
from digitization.working_folder import WorkingFolder
from domain.errors import Refusal

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all, once a page, from the thread that asked."""

MEMORY_BYTES: Final = 1024 * 1024 * 1024
"""Address space of one worker beyond what it begins with."""
_UNREADABLE: Final = (
    WorkerLostError, pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, MemoryError
)  # fmt: skip
_MOST_TIMED_OUT: Final = 2
"""Pages that ran out of time before a scan of such pages is given up."""


def recognize(scan: bytes, name: str, *, workers: int | None = None, progress: Progress | None = None) -> Recognition:
    """Read one scan. For many, keep one `Reader` open: starting its workers costs half a second."""
    with Reader(workers=workers) as reader:
        return reader.recognize(scan, name, progress=progress)


class Reader:
    """Workers that read pages, one a core. Several threads may share one reader."""

    def __init__(self, *, workers: int | None = None, limits: Limits | None = None) -> None:
        """workers: number of processes, one for each core when None. Raises Refusal without a usable Tesseract."""
        tesseract.require()
        self._limits = limits or Limits()
        self._folder = WorkingFolder()
        count = workers or os.cpu_count() or 1
        self._workers = Workers(count, processes.context(), _prepare_worker, str(self._folder.path))

    def recognize(self, scan: bytes, name: str, *, progress: Progress | None = None) -> Recognition:
        """Read one scan given as bytes. name: its file name, shown in texts.

        Raises Refusal (`scan-...`) when it is not let in; a page that cannot be read is a flag, not a refusal.
        """
        admitted = admit(scan, name, self._limits)
        digest = duplicates.sha256(scan)
        with tempfile.TemporaryDirectory(prefix="scan-", dir=self._folder.path) as folder:
            path = Path(folder) / "scan.pdf"
            path.write_bytes(scan)
            try:
                sheets = self._sheets(path, name, admitted.pages, progress)
                title = Path(name).name
                derived = self._workers.submit(pdfa.searchable, path, sheets, title=title, sha256=digest).result()
            except _UNREADABLE as error:
                raise Refusal("scan-reading-failed", name=name) from error
        text = "\f".join(layout.text_of(sheet) for sheet in sheets)
        flags = {*admitted.flags, *extraction.flags(sheets), *(flag for sheet in sheets for flag in sheet.flags)}
        return Recognition(
            name=name,
            sha256=digest,
            pages=tuple(_page(sheet) for sheet in sheets),
            fields=extraction.extract(sheets),
            flags=tuple(sorted(flags)),
            minhash=duplicates.signature(text),
            text=text,
            searchable_pdf=derived,
        )

    def close(self) -> None:
        """Let running pages finish and end the workers."""
        self._workers.close()
        self._folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _sheets(self, path: Path, name: str, count: int, progress: Progress | None) -> list[Sheet]:
        waiting: dict[Future[Sheet], int] = {
            self._workers.submit(read_sheet, path, number): number for number in range(1, count + 1)
        }
        sheets: dict[int, Sheet] = {}
        timed_out = 0
        try:
            for future in as_completed(waiting):
                number = waiting[future]
                sheets[number] = _result(future, number)
                timed_out += TIMED_OUT in sheets[number].flags
                if timed_out >= _MOST_TIMED_OUT and timed_out * 2 > len(sheets):
                    raise Refusal("scan-too-costly", name=name)
                if progress is not None:
                    progress(len(sheets), count)
        finally:
            for later in waiting:
                later.cancel()
        return [sheets[number] for number in sorted(sheets)]


def _result(future: Future[Sheet], number: int) -> Sheet:
    """The sheet; a page that outgrows the worker's memory is unread, and the others go on."""
    try:
        return future.result()
    except MemoryError:
        return unread_sheet(number)


def _prepare_worker(folder: str) -> None:
    """folder: for pages, and for what Tesseract is given and gives."""
    processes.end_with_parent()
    tempfile.tempdir = folder
    # One thread a page and one page a core: five times faster than letting every page use every core.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    processes.bound_memory(MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _page(sheet: Sheet) -> PageReading:
    return PageReading(
        number=sheet.number,
        width=sheet.frame.width,
        height=sheet.frame.height,
        dpi=sheet.dpi,
        rotation=sheet.frame.rotation,
        skew=-sheet.frame.skew if sheet.frame.skew else 0.0,
        blank=sheet.blank,
        confidence=sheet.confidence,
        flags=sheet.flags,
        lines=tuple(_as_scanned(line, sheet) for line in layout.in_reading_order(sheet)),
    )


def _as_scanned(line: Line, sheet: Sheet) -> Line:
    words = tuple(msgspec.structs.replace(word, box=sheet.frame.box(word.box)) for word in line.words)
    return msgspec.structs.replace(line, box=sheet.frame.box(line.box), words=words)
