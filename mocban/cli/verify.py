"""`verify`: what is given, checked by all processors; or this machine's own rows.

What travels in every bundle as `verify.py` is another, `signing.standalone_verifier`, and says the same.

A log at an address is brought here first, into a folder that goes again.
"""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from mocban.settings import Settings

if TYPE_CHECKING:
    from signing.log_verifier import Trust

NAME: Final = "verify"
HELP: Final = (
    "kiểm tra bản xuất, gói, chứng nhận, sổ tại một địa chỉ, hoặc sổ ở máy này · "
    "check an export, bundle, certificate, a log at an address, or this ledger"
)
BAD: Final = 4
USAGE: Final = 2
ADDRESS: Final = ("http://", "https://")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and against what."""
    parser.add_argument(
        "path",
        nargs="?",
        help="thư mục, .zip, .pdf, .tlog-proof, .json, hoặc địa chỉ http(s) nơi sổ được công bố; không có: so các dòng "
        "cơ sở dữ liệu của máy này với các mảnh đã công bố · a folder, bundle, certificate, proof, disclosure, or the "
        "address where a log is published; none: this machine's database rows against its published tiles",
    )
    parser.add_argument("--trust", type=Path, help="tệp tin cậy · the trust file (JSON)")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="điểm kiểm trước đó · an earlier checkpoint"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="số tiến trình · worker processes")


def run(args: argparse.Namespace) -> int:
    """0 nothing bad, 2 the trust file or the path is no such thing, 3 the address does not answer, 4 something bad."""
    if args.path is None:
        return _own(args)
    if not args.path.startswith(ADDRESS):
        return _judged(args.path, args)
    with TemporaryDirectory(prefix="mocban-log-") as folder:
        _brought(args.path, Path(folder))
        return _judged(folder, args)


def _judged(path: str, args: argparse.Namespace) -> int:
    from signing.log_verifier import main, must_be_file  # noqa: PLC0415  heavy: other commands answer without it

    try:
        if not path or not Path(path).is_dir():  # nothing, as from an unset variable, is not this folder
            must_be_file(Path(path))
        _trust(args)
    except (OSError, ValueError) as error:
        return _unfit(error, args)
    words = [path, "--processes", str(args.processes)]
    words += ["--trust", str(args.trust)] if args.trust else []
    for checkpoint in args.checkpoint:
        words += ["--checkpoint", str(checkpoint)]
    return main([*words, "--json"] if args.json else words)


def _trust(args: argparse.Namespace) -> Trust:
    """What the person holds. Raises ValueError, OSError where a file is not what it is given as."""
    from signing.log_verifier import Trust, must_be_file  # noqa: PLC0415

    trust = Trust.load(args.trust) if args.trust else Trust()
    for path in args.checkpoint:
        must_be_file(path)
        trust.checkpoints.append(path.read_bytes())
    return trust


def _unfit(error: Exception, args: argparse.Namespace) -> int:
    """The verifier's own words, Vietnamese and English in one, as any wrong usage is told."""
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415

    explain(Refusal("usage-wrong", vi=error, en=error, help="./run verify --help"), as_json=args.json)
    return USAGE


def _brought(url: str, folder: Path) -> None:
    """Raises EnvironmentProblem `log-address-unreachable`."""
    from mocban.demo.stage import progress_bars  # noqa: PLC0415
    from mocban.log_address import bring_log  # noqa: PLC0415

    with progress_bars() as progress:
        task = progress.add_task("Tải sổ · Fetching the log", total=None)
        bring_log(url, folder, lambda done, of: progress.update(task, completed=done, total=of))


def _own(args: argparse.Namespace) -> int:
    """0 when every published row is as published, and the main log as the trust file and checkpoints given say; else 4.

    2 when the trust file or a checkpoint is no such thing. Without either only the rows are looked at.
    """
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.database import open_databases  # noqa: PLC0415
    from mocban.own_rows import bad_rows, served_here  # noqa: PLC0415
    from signing.log_verifier import summary  # noqa: PLC0415

    settings = Settings.from_environment()
    try:
        trust = _trust(args)
    except (OSError, ValueError) as error:
        return _unfit(error, args)
    served_here(settings.home)
    found = bad_rows(open_databases(settings), settings.home)
    whole = _own_log(settings.home, trust, args.processes) if args.trust or args.checkpoint else {}
    told = [(one, one.refusal) for one in found]
    rows = [
        {"log": one.log, "act": one.act, "event": one.event, "code": text.code, "vi": text.vi, "en": text.en}
        for one, text in told
    ]
    bad = [*rows, *whole.get("bad", ())]
    verdict = "invalid" if bad else str(whole.get("verdict", "self-consistent"))
    answer(
        {**whole, "verdict": verdict, "anchored": trust.anchored, "bad": bad},
        *(f"- [{text.code}] {text.vi} / {text.en}" for _, text in told),
        "KHÔNG KHỚP / ROWS DIFFER" if found else "Các dòng khớp với sổ đã công bố / the rows are as published",
        *(summary(whole) if whole else ()),
        as_json=args.json,
    )
    return BAD if bad else 0


def _own_log(home: Path, trust: Trust, processes: int) -> dict[str, Any]:
    """The verifier's report on this machine's own tiles. Raises Refusal `recovery-source-missing`.

    Witnesses are not counted: their lines are joined to what is given away, and whoever gets it counts them.
    """
    from ledger.log_name import LogName  # noqa: PLC0415
    from mocban.recovery_source import lay_out, read_source  # noqa: PLC0415
    from signing.log_verifier import verify  # noqa: PLC0415
    from signing.verification_error import VerificationError  # noqa: PLC0415

    trust.quorum = 0
    with TemporaryDirectory(prefix=".verify-", dir=home) as folder:
        source = read_source(home / "objects", LogName.MAIN, None)
        with suppress(OSError, VerificationError):  # what could not be laid out, the verifier misses and names
            lay_out(source, Path(folder))
        return verify(Path(folder), trust, processes)
