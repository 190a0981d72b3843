"""`timestamp`: authorities that stamp the log's checkpoints, a round of asking them, whether what they gave holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from domain.errors import Refusal
    from mocban.timestamps.authorities import NamedAuthority
    from mocban.timestamps.checking import Token

NAME: Final = "timestamp"
HELP: Final = "dấu thời gian RFC 3161 trên điểm kiểm: cơ quan, xin, kiểm · timestamps over the log's checkpoints"
PARTIAL: Final = 1
BAD: Final = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word for each thing that can be done; `--json` may also come last."""
    words = parser.add_subparsers(dest="action", metavar="ACTION", required=True, title="việc · actions")
    authority = words.add_parser("authority", help="các cơ quan được hỏi · the authorities that are asked")
    does = authority.add_subparsers(dest="does", metavar="add|list|remove", required=True)
    add = does.add_parser("add", help="thêm một cơ quan · name one more")
    add.add_argument("--name", required=True, help="tên ngắn: a-z, 0-9, - · a short name, part of file names")
    add.add_argument("--url", required=True, help="địa chỉ http(s) nhận truy vấn · where it takes queries")
    add.add_argument(
        "--certificate",
        type=Path,
        required=True,
        metavar="FILE",
        help="chứng thư được ghim (PEM, DER): của cơ quan hay của nơi cấp cho nó · pinned: its own or its certifier's",
    )
    remove = does.add_parser("remove", help="thôi hỏi một cơ quan · ask one no more")
    remove.add_argument("--name", required=True, help="tên · its name")
    collect = words.add_parser("collect", help="xin dấu trên điểm kiểm mới nhất · one round over the latest checkpoint")
    listed = words.add_parser("list", help="các dấu đang giữ · the timestamps kept")
    check = words.add_parser("check", help="kiểm mọi dấu, báo trước khi chứng thư hết hạn · verify all, and the alarm")
    check.add_argument("--days", type=_days, default=None, help="báo trước bao nhiêu ngày · days before the end (60)")
    for word in (add, does.add_parser("list", help="liệt kê · list them"), remove, collect, listed, check):
        word.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 36_500:
        raise ValueError(text)
    return days


def run(args: argparse.Namespace) -> int:
    """0 done; 1 an authority did not answer, or an alarm; 4 a timestamp does not hold. Raises Refusal."""
    from mocban.settings import Settings  # noqa: PLC0415  heavy: `--help` answers without it

    home = Settings.from_environment().home
    match args.action:
        case "authority":
            return _authority(home, args)
        case "collect":
            return _collect(home, as_json=args.json)
        case "list":
            return _list(home, as_json=args.json)
        case _:
            return _check(home, args.days, as_json=args.json)


def _authority(home: Path, args: argparse.Namespace) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.timestamps.authorities import (  # noqa: PLC0415
        WANTED,
        add_authority,
        read_authorities,
        remove_authority,
    )
    from mocban.timestamps.independence import houses_of  # noqa: PLC0415

    if args.does == "add":
        add_authority(home, args.name, args.url, args.certificate)
    elif args.does == "remove":
        remove_authority(home, args.name)
    named = read_authorities(home)
    houses = houses_of(named)
    few = f"mới có {len(houses)} độc lập, nên có {WANTED} · {len(houses)} independent, {WANTED} wanted"
    subjects = {one.name: _subjects(one) for one in named}
    answer(
        {
            "authorities": [{"name": one.name, "url": one.url, "subjects": subjects[one.name]} for one in named],
            "independent": len(houses),
            "wanted": WANTED,
        },
        *(f"{one.name}  {one.url}  {'; '.join(subjects[one.name])}" for one in named),
        *([few] if len(houses) < WANTED else []),
        *(
            f"cùng một nhà, tính là một · of one house, counted once: {', '.join(one)}"
            for one in houses
            if len(one) > 1
        ),
        as_json=args.json,
    )
    return 0


def _subjects(one: NamedAuthority) -> list[str]:
    from signing.base64_text import from_base64  # noqa: PLC0415
    from signing.pinned_certificate import subject_of  # noqa: PLC0415

    return [subject_of(from_base64(certificate)) for certificate in one.certificates]


def _collect(home: Path, *, as_json: bool) -> int:
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.timestamps.authorities import read_authorities  # noqa: PLC0415
    from mocban.timestamps.collecting import collect  # noqa: PLC0415

    authorities = read_authorities(home)
    if not authorities:
        raise Refusal("timestamp-authorities-none")
    made = collect(home, authorities)
    rows: list[dict[str, object]] = []
    lines: list[str] = []
    for one in made.outcomes:
        rows.append({"name": one.authority, "stamped": one.stamped, "fresh": one.fresh, **_problem(one.refusal)})
        said = "đã đóng dấu · stamped" if one.fresh else "đã có từ trước · had stamped it"
        lines.append(f"- {one.authority}: {said if one.refusal is None else _words(one.refusal)}")
    answer(
        {"size": made.size, "complete": made.complete, "authorities": rows},
        f"Điểm kiểm {made.size} · checkpoint {made.size}",
        *lines,
        as_json=as_json,
    )
    return 0 if made.complete else PARTIAL


def _list(home: Path, *, as_json: bool) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.timestamps.authorities import read_authorities  # noqa: PLC0415
    from mocban.timestamps.checking import check  # noqa: PLC0415
    from mocban.timestamps.collecting import now  # noqa: PLC0415

    tokens = check(home, read_authorities(home), now()).tokens
    total = f"{len(tokens)} dấu thời gian · timestamps"
    answer({"timestamps": [_row(one) for one in tokens]}, *map(_line, tokens), total, as_json=as_json)
    return 0


def _check(home: Path, days: int | None, *, as_json: bool) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.timestamps.authorities import WANTED, read_authorities  # noqa: PLC0415
    from mocban.timestamps.checking import ALARM_DAYS, check  # noqa: PLC0415
    from mocban.timestamps.collecting import now  # noqa: PLC0415

    authorities = read_authorities(home)
    found = check(home, authorities, now(), ALARM_DAYS if days is None else days)
    good = sum(one.said is not None for one in found.tokens)
    answer(
        {
            "checked": len(found.tokens),
            "good": good,
            "authorities": len(authorities),
            "independent": len(found.houses),
            "wanted": WANTED,
            "bad": [_problem(one) for one in found.bad],
            "unknown": [_problem(one) for one in found.unknown],
            "alarms": [_problem(one) for one in found.alarms],
        },
        f"{good}/{len(found.tokens)} dấu đứng được · timestamps hold; {len(authorities)} cơ quan · authorities, "
        f"{len(found.houses)} độc lập · independent",
        *(f"SAI · BAD: {_words(one)}" for one in found.bad),
        *(f"BÁO ĐỘNG · ALARM: {_words(one)}" for one in (*found.alarms, *found.unknown)),
        as_json=as_json,
    )
    if found.bad:
        return BAD
    return PARTIAL if found.alarms or found.unknown else 0


def _row(token: Token) -> dict[str, object]:
    row: dict[str, object] = {"size": token.size, "authority": token.authority, **_problem(token.refusal)}
    said = token.said
    if said is not None:
        row |= {"time": said.time, "ends": said.ends, "serial": str(said.serial), "signer": said.signer}
    return row


def _line(token: Token) -> str:
    head = f"{token.size}  {token.authority}"
    if token.said is None:
        return f"{head}  {'' if token.refusal is None else _words(token.refusal)}"
    return f"{head}  {token.said.time:%Y-%m-%d %H:%M:%S}Z  chứng thư đến · certificate until {token.said.ends:%Y-%m-%d}"


def _problem(refusal: Refusal | None) -> dict[str, object]:
    return {} if refusal is None else {"code": refusal.code, "vi": refusal.vi, "en": refusal.en}


def _words(refusal: Refusal) -> str:
    return f"[{refusal.code}] {refusal.vi} / {refusal.en}"
