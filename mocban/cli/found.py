"""`found`: a ledger whose registrars are several, each with a key of their own, m of n of whom change the registry.

`origin` needs nothing; `prepare` and `access` need the data folder, no database; `submit` needs both.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.prepared_file import PreparedFile

NAME: Final = "found"
HELP: Final = "lập sổ cái với nhiều người quản lý khóa (m trên n) · found a ledger of several registrars (m of n)"
HOURS: Final = 24.0 * 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The steps, in their order."""
    from mocban.acts.act_arguments import hours  # noqa: PLC0415

    steps = parser.add_subparsers(dest="what", required=True, metavar="origin|prepare|access|submit|cancel")
    origin = steps.add_parser("origin", help="đặt tên cho sổ cái · a name for the ledger, for its registrars' keys")
    origin.add_argument(
        "--name", default="hanoi.mocban", help="tên cơ quan lưu trữ · name of the archive (hanoi.mocban)"
    )
    prepare = steps.add_parser("prepare", help="soạn các hành vi lập sổ · prepare the acts of the founding")
    prepare.add_argument(
        "--registrar", action="append", required=True, metavar="VKEY|FILE|here",
        help="khóa công khai của từng người; here: khóa giữ ở máy này · each one's vkey; here: a key held here",
    )  # fmt: skip
    prepare.add_argument(
        "--threshold", type=int, required=True, metavar="M", help="mấy người đủ quyền · how many suffice"
    )
    prepare.add_argument("--office", action="append", default=[], help="chức vụ có khóa ở máy chủ · offices held here")
    access = steps.add_parser("access", help="soạn bản lập nhật ký khai thác · the access log's genesis, to be signed")
    submit = steps.add_parser("submit", help="nộp, lập sổ cái · submit: the ledger is founded")
    cancel = steps.add_parser("cancel", help="bỏ việc lập sổ đang chờ · give up a founding that waits")
    prepare.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục · folder")
    for one in (access, submit):
        one.add_argument("folder", type=Path, metavar="DIR", help="thư mục các tệp · folder of the files")
    for one in (prepare, access):
        one.add_argument("--hours", type=hours, default=HOURS, help=f"chờ bao lâu · how long it waits ({HOURS:g})")
    for one in (origin, prepare, access, submit, cancel):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def run(args: argparse.Namespace) -> int:
    """0 done. Raises Refusal, EnvironmentProblem."""
    return {"origin": _origin, "prepare": _prepare, "access": _access, "submit": _submit, "cancel": _cancel}[args.what](
        args
    )


def _origin(args: argparse.Namespace) -> int:
    from ledger.founding import new_origin  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415

    name = new_origin(args.name)
    answer({"origin": name}, name, as_json=args.json)
    return 0


def _prepare(args: argparse.Namespace) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.founding_files import prepared_founding  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    origin, files = prepared_founding(
        Settings.from_environment(), args.registrar, args.threshold, args.office, args.out, args.hours
    )
    answer(
        {
            "origin": origin,
            "quorum": {"needed": args.threshold, "of": len(args.registrar)},
            "files": [*map(str, files)],
        },
        f"Sổ cái · Ledger: {origin}",
        f"{args.threshold}/{len(args.registrar)} người quản lý khóa đủ quyền · registrars suffice",
        *(f"→ {path}" for path in files),
        "Mọi người quản lý khóa ký từng tệp, rồi · All registrars sign each file (act sign), then: found access",
        as_json=args.json,
    )
    return 0


def _access(args: argparse.Namespace) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.founding_files import prepared_access  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    path = prepared_access(Settings.from_environment(), args.folder, args.hours)
    answer(
        {"file": str(path)},
        f"→ {path}",
        "Mọi người quản lý khóa ký tệp này, rồi · All registrars sign it, then: found submit",
        as_json=args.json,
    )
    return 0


def _submit(args: argparse.Namespace) -> int:
    from mocban.acts.registry_report import in_words, registry_report  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.founding import Apart  # noqa: PLC0415
    from mocban.founding_files import read_files  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    files: Mapping[str, PreparedFile] = read_files(args.folder)
    with open_product(Settings.from_environment(), beginning=Apart(files)) as product:
        report = registry_report(product.main)
        leaf = product.main_log.genesis_leaf_hash()
    from signing.base64_text import to_base64  # noqa: PLC0415

    answer(
        {
            "origin": report.origin,
            "genesis": to_base64(leaf),
            "quorum": {"needed": report.quorum.needed, "of": report.quorum.of},
        },
        *in_words(report),
        f"genesis: {to_base64(leaf)}",
        as_json=args.json,
    )
    return 0


def _cancel(args: argparse.Namespace) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.founding import awaited, note_of  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    home = Settings.from_environment().home
    waiting = awaited(home)
    note_of(home).unlink(missing_ok=True)
    answer(
        {"origin": None if waiting is None else waiting.origin},
        "Không có gì chờ · Nothing waited" if waiting is None else f"Đã bỏ · Given up: {waiting.origin}",
        as_json=args.json,
    )
    return 0
