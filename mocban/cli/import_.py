"""`import`: worksheets of any length into the ledger, by the bulk path."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from domain.errors import Refusal
    from mocban.bootstrap import Product
    from mocban.importing.importer import Imported

    Problem = tuple[str, Refusal]
    """Name of the worksheet, empty for what is of none, and what is wrong."""

NAME: Final = "import"
HELP: Final = "nhập bảng kê lớn (XLSX, CSV) vào sổ cái · take large worksheets into the ledger"
PARTIAL: Final = 1
USAGE: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which worksheets."""
    parser.add_argument("worksheets", nargs="+", type=Path, metavar="WORKSHEET", help="bảng kê · worksheet")


def run(args: argparse.Namespace) -> int:
    """Import each, in turn; 1 when rows or worksheets were refused and the rest went through, 2 without any worksheet.

    Stored rows are told also where no checkpoint comes to cover them: then `checkpoint` is null, the reason stands
    among `problems`, and the exit code is 1. Safe to stop and to run again.
    """
    import time  # noqa: PLC0415  the rest answers without these

    import msgspec  # noqa: PLC0415

    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.demo.stage import progress_bars  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    begun = time.monotonic()
    with open_product(Settings.from_environment()) as product, progress_bars() as progress:
        imported, problems = _imported(product, progress, args.worksheets)
        publishing = progress.add_task("Công bố điểm kiểm · Publishing a checkpoint", total=1)
        size, unpublished = _published(product)
        progress.update(publishing, completed=1)
    refused = sum(one.refused for one in imported)
    facts = {
        "problems": [
            {"code": one.code, "vi": one.vi, "en": one.en, "worksheet": name} for name, one in (*problems, *unpublished)
        ],
        "imports": msgspec.to_builtins(imported, enc_hook=str),
        "rows": sum(one.rows for one in imported),
        "refused": refused,
        "checkpoint": size,
        "seconds": round(time.monotonic() - begun, 3),
    }
    answer(facts, *(line for one in imported for line in _lines(one)), as_json=args.json)
    if problems and not imported:
        return USAGE if all(one.code == "file-missing" for _, one in problems) else PARTIAL
    return PARTIAL if refused or problems or unpublished else 0


def _imported(product: Product, progress: Progress, worksheets: list[Path]) -> tuple[list[Imported], list[Problem]]:
    """What came of each worksheet, and why others were not taken. Raises Refusal where the database is away."""
    import sys  # noqa: PLC0415

    from digitization.scan_folder import shown  # noqa: PLC0415
    from domain.errors import Refusal  # noqa: PLC0415
    from ledger.committer import AWAY  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.importing.importer import Importer  # noqa: PLC0415

    imported: list[Imported] = []
    problems: list[Problem] = []
    for path in worksheets:
        task = progress.add_task(f"Nhập {shown(path.name)} · Importing", total=None)

        def told(done: int, of: int | None, task: TaskID = task) -> None:
            progress.update(task, completed=done, total=of)

        try:
            one = Importer(product, told).run(path)
        except Refusal as refusal:
            if refusal.code in AWAY:
                raise
            problems.append((shown(path.name), refusal))
            print(f"✗ {shown(path.name)}", file=sys.stderr)
            explain(refusal, as_json=False)
            progress.remove_task(task)  # a full bar would say that it was taken
            continue
        progress.update(task, completed=one.rows, total=one.rows)
        imported.append(one)
    return imported, problems


def _published(product: Product) -> tuple[int | None, list[Problem]]:
    """The size of a checkpoint over all there is, by us or by a running `serve`; else None and why there is none."""
    from domain.errors import Refusal  # noqa: PLC0415
    from ledger.committer import AWAY  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.publication import publish_main  # noqa: PLC0415

    try:
        return publish_main(product), []
    except Refusal as refusal:
        if refusal.code in AWAY:
            raise
        explain(refusal, as_json=False)
        return None, [("", refusal)]


def _lines(one: Imported) -> list[str]:
    from mocban.grouped import grouped  # noqa: PLC0415  not for `--help`

    taken, refused = grouped(one.rows - one.refused), grouped(one.refused)
    vi = f"{taken} dòng đã nhận, {refused} bị từ chối, trong {one.parts} hành vi (đã có {one.known})"
    en = f"{taken} rows taken, {refused} refused, in {one.parts} acts ({one.known} known)"
    lines = [f"{one.number}: {vi} · {en}"]
    lines += [f"  ✗ {code}: {grouped(count)}" for code, count in one.by_code.items()]
    if one.sent_back:
        stopped = f"{grouped(one.sent_back)} hồ sơ đã đăng ký nhưng không qua kiểm tra đầu vào"
        lines.append(f"  ✗ {stopped} · {grouped(one.sent_back)} files registered, stopped at the entry gate")
    lines += [f"  · {code}: {grouped(count)}" for code, count in one.remarks.items()]
    return lines + ([f"  → {one.listed}"] if one.listed else [])
