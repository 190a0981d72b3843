"""The stage a demo plays on: the product, lasting act ids, the day of the run, progress and seconds by step."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from domain.errors import Refusal
from mocban.act_ids import ActIds
from mocban.bootstrap import Product
from signing.durable_file import write_durably

CIVIL_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""Legal dates are civil dates here."""
MOST_REMARKS: Final = 100
"""Of one code that are named one by one."""


class Stage:
    """One run. `today` is the civil day of the first run, so that a run taken up again asks for the same acts."""

    def __init__(self, product: Product, progress: Progress) -> None:
        self.product: Final = product
        self.seconds: Final[dict[str, float]] = {}
        self.refused: Final[list[Refusal]] = []
        self.remarks: Final[Counter[str]] = Counter()
        folder = product.settings.home / "demo"
        self.act_ids: Final = ActIds(folder / "acts")
        self.today: Final = _first_day(folder / "day")
        self._progress = progress

    @property
    def out(self) -> Path:
        """Where what is made for people goes."""
        return self.product.settings.out

    @contextmanager
    def step(self, name: str, vi: str, en: str, total: int | None = None) -> Iterator[TaskID]:
        """One step: a line of progress while it runs, its seconds when it is done."""
        begun = time.monotonic()
        task = self._progress.add_task(f"{vi} · {en}", total=total)
        yield task
        self.seconds[name] = round(time.monotonic() - begun, 3)
        done = self._progress.tasks[self._progress.task_ids.index(task)]
        self._progress.update(task, total=done.total or 1, completed=done.total or 1)

    def advance(self, task: TaskID, by: int = 1, total: int | None = None) -> None:
        """Move a step's bar on; `total` where it has become known."""
        self._progress.update(task, advance=by, total=total)

    def refuse(self, refusal: Refusal) -> None:
        """Name bad input to the person, and keep it: the run is then partial."""
        self.refused.append(refusal)
        self.tell(refusal)

    def refuse_all(self, refusals: Iterable[Refusal]) -> None:
        """Name each."""
        for refusal in refusals:
            self.refuse(refusal)

    def remark(self, remarks: Sequence[Refusal]) -> None:
        """Name what was passed over or evened out, the first of each code, and keep how many there are of each."""
        for one in remarks:
            self.remarks[one.code] += 1
            if self.remarks[one.code] <= MOST_REMARKS:
                self.tell(one, mark="·")

    def tell(self, refusal: Refusal, mark: str = "✗") -> None:
        """Name a refusal that is a normal outcome, such as a file stopped at the gate."""
        self._progress.console.print(
            f"  {mark} {refusal.vi}\n    {refusal.en} ({refusal.code})", highlight=False, markup=False, soft_wrap=True
        )


def progress_bars() -> Progress:
    """Bars on stderr, so that stdout stays the answer's."""
    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, width=None if sys.stderr.isatty() else 120),
    )


def _first_day(path: Path) -> str:
    if not path.exists():
        write_durably(path, datetime.now(CIVIL_ZONE).date().isoformat().encode())
    return path.read_text(encoding="ascii")
