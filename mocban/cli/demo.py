"""`demo`: the main job, end to end."""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mocban.settings import Settings

if TYPE_CHECKING:
    from domain.errors import Refusal

NAME: Final = "demo"
HELP: Final = "làm trọn việc chính trên dữ liệu mẫu · do the main job, end to end"
PARTIAL: Final = 1
USAGE: Final = 2
NOT_VERIFIED: Final = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to work on, and whether to go on serving."""
    parser.add_argument("--scans", type=Path, help="thư mục bản quét PDF khác · another folder of scanned PDFs")
    parser.add_argument("--worksheet", type=Path, help="bảng kê XLSX khác · another worksheet")
    parser.add_argument("--serve", action="store_true", help="xong thì phục vụ API · then serve the API")


def run(args: argparse.Namespace) -> int:
    """Play the story; 1 something was refused and the rest went through, 2 no such input, 4 verification failed."""
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.demo import summary  # noqa: PLC0415
    from mocban.demo.stage import Stage, progress_bars  # noqa: PLC0415
    from mocban.demo.story import play  # noqa: PLC0415
    from mocban.process_note import waiting_turn  # noqa: PLC0415
    from reference import samples  # noqa: PLC0415

    settings = Settings.from_environment()
    worksheet = args.worksheet or samples.worksheet_path()
    scans = args.scans or samples.scans_folder()
    missing = _missing(worksheet, scans)
    if missing is not None:
        explain(missing, as_json=args.json)
        return USAGE
    with ExitStack() as open_things:
        progress = open_things.enter_context(progress_bars())
        stage_opening = progress.add_task("Mở cơ sở dữ liệu, lập sổ cái · Open the database, found the ledger", total=1)
        begun = time.monotonic()
        product = open_things.enter_context(open_product(settings))
        opened = round(time.monotonic() - begun, 3)
        progress.update(stage_opening, completed=1)
        open_things.enter_context(waiting_turn(settings.run, NAME))  # two at once would ask for other act ids
        stage = Stage(product, progress)
        stage.seconds["open"] = opened
        outcome = play(stage, worksheet, scans)
    if args.json:
        answer(summary.as_object(outcome), as_json=True)
    else:
        summary.show(outcome)
    if not outcome.published.verified:
        return NOT_VERIFIED
    if args.serve:
        from mocban.cli import serve  # noqa: PLC0415

        served = serve.run(argparse.Namespace(json=args.json, host=serve.HOST, port=serve.PORT))
        if served:
            return served
    return PARTIAL if outcome.partial else 0


def _missing(worksheet: Path, scans: Path) -> Refusal | None:
    """What was asked for and is not there."""
    from digitization.scan_folder import shown  # noqa: PLC0415
    from domain.errors import Refusal  # noqa: PLC0415

    if not worksheet.is_file():
        return Refusal("file-missing", path=shown(str(worksheet)))
    return None if scans.is_dir() else Refusal("folder-missing", path=shown(str(scans)))
