"""`custody holdings`: what an agency must have, file by file, a page at a time, and in whose hands each is."""

from __future__ import annotations

import argparse
import base64
import binascii
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mocban.bootstrap import Product
    from projections.holdings_page import PageKey

NAME: Final = "holdings"
HELP: Final = "hồ sơ một cơ quan phải có, từng trang · the files an agency must have, a page at a time"
USAGE: Final = 2
MOST: Final = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose, which carrier, which day, known when; and which page."""
    parser.add_argument("--agency", required=True, metavar="A", help="mã cơ quan, hoặc id · its code, or id")
    parser.add_argument("--carrier", choices=("paper", "digital"), default="paper", help="giấy, số · default paper")
    parser.add_argument("--as-of", metavar="D", help="ngày YYYY-MM-DD; không có: hôm nay · civil day, default today")
    parser.add_argument(
        "--known-at", metavar="T", help="số hành vi, hoặc thời điểm ISO · act index, or ISO time; default the newest"
    )
    parser.add_argument("--after", metavar="NEXT", help="trang sau: `next` của trang trước · `next` of the page before")
    parser.add_argument(
        "--limit", type=int, default=50, metavar="N", help="số hồ sơ một trang · files a page, default 50"
    )


def run(args: argparse.Namespace) -> int:
    """Tell one page; 2 where the question is unfit."""
    from domain.errors import Refusal  # noqa: PLC0415  `--help` answers without these
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.custody.day import civil_today, full_day  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    try:
        day = full_day(args.as_of) if args.as_of is not None else civil_today()
        after = _read_key(args.after)
        with open_product(Settings.from_environment()) as product:
            page = _page(product, args, day, after)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE
    if not args.json:
        _as_table(page)
    answer(page, *([f"trang sau · next page: --after {page['next']}"] if "next" in page else []), as_json=args.json)
    return 0


def _page(product: Product, args: argparse.Namespace, day: str, after: PageKey) -> dict[str, Any]:
    from domain.lot import Carrier  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.custody.known_at import act_known_at  # noqa: PLC0415
    from mocban.custody.questions import one_state  # noqa: PLC0415
    from mocban.handover.choosing import agency_named  # noqa: PLC0415
    from projections.custody_batch import agency_names  # noqa: PLC0415
    from projections.holdings_page import holdings_page  # noqa: PLC0415
    from projections.lot_number import lot_of  # noqa: PLC0415
    from projections.readers import ReadingQuestion, use_of_each  # noqa: PLC0415

    caught_up(product)
    limit, carrier = max(1, min(args.limit, MOST)), Carrier(args.carrier)
    with product.views.connection() as connection, one_state(connection):
        agency = agency_named(connection, args.agency, day)
        known_at = act_known_at(product.main, connection, args.known_at)
        rows = holdings_page(connection, agency.id, carrier, day, known_at=known_at, after=after, limit=limit)
        names = agency_names(connection, {row.held_by for row in rows})
        asked = [ReadingQuestion(file=row.id, on=day, known_at=known_at) for row in rows]
        uses = use_of_each(connection, asked)
    files = [
        {
            "file": row.code,
            "id": row.id,
            "fonds": row.fonds_code,
            "lot": lot_of(row.lot + (carrier is Carrier.DIGITAL)).text,
            "sheets": row.sheets,
            "box": row.box,
            "place": row.place,
            "held_by": names.get(row.held_by),
            "received": row.held_by == agency.id,
            "because": {"assigned_to": row.because, "held_by": row.because_held},
            "may_use": use.may_use,
            "others_may_use": use.others_may_use,
        }
        for row, use in zip(rows, uses, strict=True)
    ]
    page: dict[str, Any] = {
        "agency": {"id": agency.id, "code": agency.code, "name": agency.name},
        "carrier": carrier,
        "as_of": day,
        "known_at": known_at,
        "files": files,
    }
    return page | ({"next": _written_key(rows[-1].key)} if len(rows) == limit else {})


def _written_key(key: PageKey) -> str:
    import msgspec  # noqa: PLC0415

    return base64.urlsafe_b64encode(msgspec.json.encode(msgspec.structs.astuple(key))).decode()


def _read_key(text: str | None) -> PageKey:
    """Raises Refusal `page-key-unfit`."""
    from uuid import UUID  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    from domain.errors import Refusal  # noqa: PLC0415
    from projections.holdings_page import START, PageKey  # noqa: PLC0415

    if text is None:
        return START
    try:
        read = msgspec.json.decode(base64.urlsafe_b64decode(text), type=tuple[str, int, str, UUID])
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise Refusal("page-key-unfit") from error
    if "\0" in read[0] + read[2] or not -1 <= read[1] < 2**15:
        raise Refusal("page-key-unfit")
    return PageKey(*read)


def _as_table(page: dict[str, Any]) -> None:
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from mocban.cli.terminal_table import print_whole, wide_console  # noqa: PLC0415
    from mocban.custody.account_words import lot_key_words  # noqa: PLC0415
    from projections.reader_words import by_rule  # noqa: PLC0415

    console = wide_console()
    console.print(f"[bold]{escape(page['agency']['name'])}[/bold] ({escape(page['agency']['code'])}), {page['as_of']}")
    table = Table("hồ sơ · file", "phông · fonds", "khối · lot", "tờ · sheets", "hộp, chỗ để · box, place")
    for head in ("đang giữ · held by", "được khai thác · may use"):
        table.add_column(head)
    for one in page["files"]:
        holder = escape(one["held_by"].name) if one["held_by"] else "-"
        table.add_row(
            escape(one["file"]), escape(one["fonds"]), lot_key_words(one["lot"]), str(one["sheets"]),
            escape("\n".join(filter(None, (one["box"], one["place"])))),
            f"[green]{holder}[/green]" if one["received"] else holder,
            escape("\n".join(rule.vi for rule in by_rule(one["may_use"])) or "-"),
        )  # fmt: skip
    print_whole(table, console)
