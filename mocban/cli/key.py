"""`key`: a signing key of one's own, made and kept where no server reaches; and the registry of all keys.

`new` and `show` need no database and no data folder; `list` and `rotate` run where the ledger is.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mocban.acts.own_key import OwnKey

NAME: Final = "key"
HELP: Final = "khóa ký của riêng mình; sổ khóa · a signing key of one's own; the key registry"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Make one, show one, or list all that the ledger knows."""
    steps = parser.add_subparsers(dest="what", required=True, metavar="new|show|list|rotate")
    new = steps.add_parser("new", help="tạo khóa · make a key")
    new.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục giữ khóa · folder to keep it in")
    new.add_argument("--actor", required=True, help="mã người ký (UUID) hoặc new · actor id, or new for a fresh one")
    new.add_argument("--origin", required=True, help="tên sổ cái · the ledger's origin")
    show = steps.add_parser("show", help="xem phần công khai · show its public side")
    show.add_argument("key", type=Path, metavar="KEYFILE", help="tệp khóa · the key file, ed25519.actor-....key")
    show.add_argument("--check", action="store_true", help="mở thử bằng cụm mật khẩu · try the passphrase")
    listed = steps.add_parser("list", help="sổ khóa, hành vi nghi vấn · the registry, acts in question")
    listed.add_argument("--access", action="store_true", help="của nhật ký khai thác · of the access log")
    rotate = steps.add_parser("rotate", help="thay khóa giữ ở máy chủ · replace a key that is held here")
    rotate.add_argument("office", metavar="OFFICE", help="chức vụ · office (recorder, archivist, ...)")
    rotate.add_argument("--log", choices=["main", "access"], action="append", help="chỉ ở sổ này · only in this log")
    for one in (new, show, listed, rotate):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def run(args: argparse.Namespace) -> int:
    """Make or show. Raises Refusal. The passphrase comes from MOCBAN_PASSPHRASE or is typed, never from an argument."""
    if args.what in {"list", "rotate"}:
        return _list(args) if args.what == "list" else _rotate(args)
    from mocban.acts.own_key import find_key, make_key, open_key  # noqa: PLC0415  the rest answers without these

    if args.what == "new":
        _tell(make_key(args.out, args.actor, args.origin), as_json=args.json)
        return 0
    key = find_key(args.key)
    if args.check:
        open_key(key)
    _tell(key, as_json=args.json)
    return 0


def _list(args: argparse.Namespace) -> int:
    """0, also when acts are in question: they are valid, and their effects stand."""
    import msgspec  # noqa: PLC0415

    from mocban.acts.registry_report import in_words, registry_report  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    with open_product(Settings.from_environment()) as product:
        report = registry_report(product.access if args.access else product.main)
    answer(msgspec.to_builtins(report), *in_words(report), as_json=args.json)
    return 0


def _rotate(args: argparse.Namespace) -> int:
    from mocban.acts.rotation import rotate  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    with open_product(Settings.from_environment()) as product:
        ledgers = {"main": product.main, "access": product.access}
        chosen = [ledgers[log] for log in dict.fromkeys(args.log or ledgers)]
        done = rotate(product, args.office, chosen)
    answer(
        {"office": args.office, "acts": {str(log): receipt.act_index for log, receipt in done.items()}},
        *(
            f"{log}: hành vi số {receipt.act_index} thay khóa · act {receipt.act_index} replaces the key"
            for log, receipt in done.items()
        ),
        as_json=args.json,
    )
    return 0


def _tell(key: OwnKey, *, as_json: bool) -> None:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from signing.base64_text import to_base64  # noqa: PLC0415

    kid = to_base64(key.public.kid)
    answer(
        {"actor": key.actor, "origin": key.origin, "vkey": key.public.text(), "kid": kid, "key": str(key.path)},
        f"Người ký · Actor: {key.actor}",
        f"Khóa công khai · vkey: {key.public.text()}",
        f"kid: {kid}",
        f"Tệp khóa (giữ kín, sao lưu riêng) · Key file (keep it secret, back it up): {key.path}",
        as_json=as_json,
    )
