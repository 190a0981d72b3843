"""`recover`: a database that was restored and is too old, refilled from what was published."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.progress import TaskID

    from ledger.log_name import LogName
    from mocban.recovery import LogReport

NAME: Final = "recover"
HELP: Final = (
    "nạp lại sổ từ các mảnh đã công bố sau khi khôi phục bản sao lưu cũ · refill a restored, older ledger from "
    "published tiles"
)
OWN: Final = "objects"
NOT_VERIFIED: Final = 4
PARTIAL: Final = 1
_UNFIT: Final = frozenset(
    {
        "recovery-source-invalid", "recovery-source-differs", "recovery-ledger-differs", "checkpoint-invalid",
        "recovery-source-of-other-ledger",
    }
)  # fmt: skip
_WORDS: Final = {
    "verify": "Xác minh nguồn · Verifying the source",
    "rows": "So các dòng đang có · Comparing the rows there are",
    "tiles": "Chép các mảnh · Copying tiles",
    "acts": "Nạp lại hành vi · Putting acts back",
    "views": "Dựng lại dữ liệu tra cứu · Rebuilding views",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to take the acts from."""
    parser.add_argument(
        "--from",
        dest="source",
        default=OWN,
        metavar="DIR|objects",
        help="thư mục xuất sổ chính (mặc định: mảnh của chính sản phẩm) · export folder of the main log (default: the "
        "product's own tiles)",
    )
    parser.add_argument(
        "--access-from",
        default=OWN,
        metavar="DIR|objects",
        help="thư mục xuất nhật ký khai thác · export folder of the access log",
    )


def run(args: argparse.Namespace) -> int:
    """0 refilled or nothing was missing, 1 some content did not come back, 4 the source or the database is not fit.

    Raises Refusal; EnvironmentProblem.
    """
    from domain.errors import Refusal  # noqa: PLC0415  the rest answers without these
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.demo.stage import progress_bars  # noqa: PLC0415
    from mocban.recovery import recover  # noqa: PLC0415
    from mocban.recovery_source import Sources  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    sources = Sources(main=_folder(args.source), access=_folder(args.access_from))
    with progress_bars() as progress:
        bars: dict[str, TaskID] = {}

        def told(what: str, log: LogName, done: int, of: int) -> None:
            name = f"{_WORDS[what]}: {log}"
            if name not in bars:
                bars[name] = progress.add_task(name, total=of)
            progress.update(bars[name], completed=min(done, of), total=of)

        try:
            reports = recover(Settings.from_environment(), sources, told)
        except Refusal as refusal:
            if refusal.code not in _UNFIT:
                raise
            explain(refusal, as_json=args.json)
            return NOT_VERIFIED
    lost = sum(one.beyond + one.lost.fields + one.lost.blobs for one in reports.values())
    answer(_facts(reports), *_lines(reports), as_json=args.json)
    return PARTIAL if lost else 0


def _folder(text: str) -> Path | None:
    return None if text == OWN else Path(text)


def _facts(reports: Mapping[LogName, LogReport]) -> dict[str, object]:
    import msgspec  # noqa: PLC0415

    recovered = sum(one.after - one.before for one in reports.values())
    return {"recovered": recovered, **{str(log): msgspec.to_builtins(one) for log, one in reports.items()}}


def _lines(reports: Mapping[LogName, LogReport]) -> list[str]:
    lines = []
    for log, one in reports.items():
        acts = one.after - one.before
        lines.append(f"{log}: nạp lại {acts} hành vi, {one.events} sự kiện · {acts} acts, {one.events} events put back")
        if one.beyond:
            lines.append(
                f"{log}: {one.beyond} hành vi chưa vào điểm kiểm nào đã mất; mảnh của chúng để ở beyond · "
                f"{one.beyond} acts that no checkpoint covered are lost; their tiles are set aside in beyond"
            )
        if one.lost.fields or one.lost.blobs:
            lines.append(
                f"{log}: nội dung không trở lại: {one.lost.fields} trường niêm phong, {one.lost.blobs} tệp · content "
                f"that did not come back: {one.lost.fields} sealed fields, {one.lost.blobs} blobs"
            )
        if one.lost.blobs_found:
            lines.append(f"{log}: {one.lost.blobs_found} tệp đã có lại chủ · blobs tied to their owner again")
    return lines
