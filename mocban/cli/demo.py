"""`demo`: the main job, end to end."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from mocban.settings import Settings

NAME: Final = "demo"
HELP: Final = "làm trọn việc chính trên dữ liệu mẫu · do the main job, end to end"
PARTIAL: Final = 1
NOT_VERIFIED: Final = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to work on, and whether to go on serving."""
    parser.add_argument("--scans", type=Path, help="thư mục bản quét PDF khác · another folder of scanned PDFs")
    parser.add_argument("--worksheet", type=Path, help="bảng kê XLSX khác · another worksheet")
    parser.add_argument("--serve", action="store_true", help="xong thì phục vụ API · then serve the API")


def run(args: argparse.Namespace) -> int:
    """Play the story; 1 when something was refused and the rest went through, 4 when verification failed."""
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.demo import summary  # noqa: PLC0415
    from mocban.demo.stage import Stage, progress_bars  # noqa: PLC0415
    from mocban.demo.story import play  # noqa: PLC0415
    from reference import samples  # noqa: PLC0415

    settings = Settings.from_environment()
    worksheet = args.worksheet or samples.worksheet_path()
    scans = args.scans or samples.scans_folder()
    _must_exist(worksheet, scans)
    with ExitStack() as open_things:
        progress = open_things.enter_context(progress_bars())
        stage_opening = progress.add_task("Mở cơ sở dữ liệu, lập sổ cái · Open the database, found the ledger", total=1)
        product = open_things.enter_context(open_product(settings))
        progress.update(stage_opening, completed=1)
        outcome = play(Stage(product, progress), worksheet, scans)
    if args.json:
        answer(summary.as_object(outcome), as_json=True)
    else:
        summary.show(outcome)
    if args.serve:
        from mocban.cli import serve  # noqa: PLC0415

        return serve.run(argparse.Namespace(json=args.json, host="127.0.0.1", port=8400))
    if not outcome.published.verified:
        return NOT_VERIFIED
    return PARTIAL if outcome.partial else 0


def _must_exist(worksheet: Path, scans: Path) -> None:
    from domain.errors import Refusal  # noqa: PLC0415

    if not worksheet.is_file():
        raise Refusal("file-missing", path=worksheet)
    if not scans.is_dir():
        raise Refusal("folder-missing", path=scans)
