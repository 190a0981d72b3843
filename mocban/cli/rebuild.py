"""`rebuild`: every view made anew from the ledger; the old ones answer until the new ones take their place."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.settings import Settings

NAME: Final = "rebuild"
HELP: Final = "dựng lại dữ liệu tra cứu từ sổ cái · make what can be queried anew from the ledger"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Rebuild the views of both logs. Raises EnvironmentProblem; Refusal `projection-rebuild-runs`."""
    from ledger.log_name import LogName  # noqa: PLC0415  the rest answers without these
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.demo.stage import progress_bars  # noqa: PLC0415

    answers: dict[str, dict[str, float]] = {}
    with progress_bars() as progress, open_product(Settings.from_environment(), any_views=True) as product:
        for log, rebuild in zip(LogName, product.rebuilds(), strict=True):
            bar = progress.add_task(f"Dựng lại · Rebuilding: {log}", total=None)
            rebuilt = rebuild.run(lambda done, of, bar=bar: progress.update(bar, completed=done, total=of))  # type: ignore[misc]  # bound per turn
            progress.update(bar, completed=rebuilt.events, total=rebuilt.events)
            answers[log] = {"events": rebuilt.events, "seconds": round(rebuilt.seconds, 3)}
    lines = [f"{log}: {figures['events']} sự kiện · events, {figures['seconds']} s" for log, figures in answers.items()]
    answer(answers, *lines, as_json=args.json)
    return 0
