"""`disclose`: one sealed field, for one person, as a file that verifies; on record before it is given."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.disclosure import Discloser, SealedFieldPlace
    from mocban.bootstrap import Product
    from mocban.named_file import NamedFile

NAME: Final = "disclose"
HELP: Final = (
    "trao một trường niêm phong cho một người, thành tệp kiểm chứng được · disclose one sealed field as a file"
)
_OF_FILE: Final = {"title": ("file.registered", "/Title")}
_OF_DOCUMENT: Final = {
    "subject": ("document.described", "/Subject"),
    "organ": ("document.described", "/OrganName"),
    "signer": ("document.described", "/SignerInfo"),
    "read-subject": ("document.recognized", "/Subject"),
    "read-organ": ("document.recognized", "/OrganName"),
    "read-signer": ("document.recognized", "/SignerInfo"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of what, which field, to whom, by which decision, and where to write it."""
    parser.add_argument("--file", required=True, metavar="FILECODE", help="mã hồ sơ hoặc UUID · file code or UUID")
    parser.add_argument("--document", type=int, metavar="ORDINAL", help="số thứ tự văn bản · a document of it")
    parser.add_argument("--field", required=True, choices=(*_OF_FILE, *_OF_DOCUMENT), help="trường · the field")
    parser.add_argument("--to", required=True, help="trao cho ai · to whom; it is sealed in the access log")
    parser.add_argument("--basis", required=True, help="quyết định · number of the decision")
    parser.add_argument("out", type=Path, metavar="OUT.json", help="tệp mới, chỉ mình đọc được · a new file, mode 0600")


def run(args: argparse.Namespace) -> int:
    """The act first, then the file. Raises Refusal; then there is no file."""
    from datetime import UTC, datetime  # noqa: PLC0415  the rest answers without these

    from domain.errors import Refusal  # noqa: PLC0415
    from ledger.disclosure import Discloser, DisclosureOrder  # noqa: PLC0415
    from mocban.acts.new_files import check_free, create_all  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.named_file import named_file  # noqa: PLC0415
    from mocban.offices import Office  # noqa: PLC0415
    from mocban.publication import publish  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    for name in ("to", "basis"):
        if not getattr(args, name).strip():
            raise Refusal("text-empty", name=f"--{name}")
    check_free([args.out])
    with open_product(Settings.from_environment()) as product:
        caught_up(product)
        publish(product)
        file = named_file(product, args.file)
        discloser = Discloser(product.main, product.access, product.main_log, product.record_keys, product.store)
        place = _place(product, discloser, file, args)
        records = (file.id,) if place.stream == file.id else (file.id, place.stream)
        order = DisclosureOrder(place=place, records=records, recipient=args.to.strip(), basis=args.basis.strip())
        made = discloser.disclose(product.actor(Office.ARCHIVIST), order, datetime.now(UTC))
        create_all({args.out: made.file})
    facts = {"path": str(args.out), "act": made.act, "again": made.again, "field": place.pointer}
    answer(
        {**facts, "position": place.position, "file": str(file.id), "bytes": len(made.file)},
        f"→ {args.out}: {file.code} {place.pointer}",
        f"Đã ghi ở nhật ký khai thác, hành vi số {made.act} · On record in the access log, act {made.act}",
        "Tệp mở đúng một trường, và còn mở được sau khi hồ sơ bị hủy. · "
        "The file opens one field and nothing else, also after the file is destroyed.",
        as_json=args.json,
    )
    return 0


def _place(product: Product, discloser: Discloser, file: NamedFile, args: argparse.Namespace) -> SealedFieldPlace:
    """Where the field lies. Raises Refusal `field-not-sealed`, `document-not-in-file`."""
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.named_file import document_of  # noqa: PLC0415

    known = _OF_FILE if args.document is None else _OF_DOCUMENT
    if args.field not in known:
        raise Refusal("field-not-sealed", field=args.field)
    event, pointer = known[args.field]
    stream = file.id if args.document is None else document_of(product, file, args.document)
    return discloser.find(stream, event, pointer)
