"""`key`: a signing key of one's own, made and kept where no server reaches; needs no database and no data folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mocban.acts.own_key import OwnKey

NAME: Final = "key"
HELP: Final = "khóa ký của riêng mình, không cần cơ sở dữ liệu · a signing key of one's own, without a database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Make one, or show one."""
    whats = parser.add_subparsers(dest="what", required=True, metavar="new|show")
    new = whats.add_parser("new", help="tạo khóa · make a key")
    new.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục giữ khóa · folder to keep it in")
    new.add_argument("--actor", required=True, help="mã người ký (UUID) hoặc new · actor id, or new for a fresh one")
    new.add_argument("--origin", required=True, help="tên sổ cái · the ledger's origin")
    show = whats.add_parser("show", help="xem phần công khai · show its public side")
    show.add_argument("key", type=Path, metavar="KEYFILE", help="ed25519.actor-....key")
    show.add_argument("--check", action="store_true", help="mở thử bằng cụm mật khẩu · try the passphrase")
    for one in (new, show):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def run(args: argparse.Namespace) -> int:
    """Make or show. Raises Refusal. The passphrase comes from MOCBAN_PASSPHRASE or is typed, never from an argument."""
    from mocban.acts.own_key import find_key, make_key, open_key  # noqa: PLC0415  the rest answers without these

    if args.what == "new":
        _tell(make_key(args.out, args.actor, args.origin), as_json=args.json)
        return 0
    key = find_key(args.key)
    if args.check:
        open_key(key)
    _tell(key, as_json=args.json)
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
