"""`custody certificate`: the signed certificate of a file's chain, a PDF that carries its own proof."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

NAME: Final = "certificate"
HELP: Final = "cấp giấy chứng nhận lưu giữ (PDF/A-3 có ký) · issue a custody certificate (signed PDF/A-3)"
USAGE: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of which file, and where to."""
    parser.add_argument("--file", required=True, metavar="CODE", help="mã hồ sơ · FileCode, its parts joined by dots")
    parser.add_argument("out", type=Path, metavar="OUT.pdf", help="tệp ghi ra · where to write it")


def run(args: argparse.Namespace) -> int:
    """Publish what is recorded, then certify as of that checkpoint; 2 where there is no such file or place."""

    from domain.errors import Refusal  # noqa: PLC0415  `--help` answers without these
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.custody.chain_report import file_named  # noqa: PLC0415
    from mocban.custody.day import civil_today  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.custody_certificate import custody_certificate  # noqa: PLC0415
    from mocban.offices import Office  # noqa: PLC0415
    from mocban.pdf_signing import LEVELS, level_of  # noqa: PLC0415
    from mocban.plan_file.whole_file import require_output, write_whole  # noqa: PLC0415
    from mocban.publication import publish  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    try:
        require_output(args.out, ".pdf")
        with open_product(Settings.from_environment()) as product:
            caught_up(product)
            with product.views.connection() as connection:
                file = file_named(connection, args.file)
            size = publish(product)
            pdf = custody_certificate(product, product.actor(Office.ARCHIVIST), file, civil_today())
            level = level_of(product, pdf)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE
    write_whole(args.out, pdf, content=True)
    facts = {
        "certificate": str(args.out),
        "file": str(file),
        "bytes": len(pdf),
        "checkpoint": size,
        "pades_level": level,
    }
    told = f"đầy đủ theo sổ của kho tại điểm kiểm {size} · complete according to the archive at checkpoint {size}"
    answer(facts, f"đã ghi · written: {args.out}", told, f"PAdES {level}: {LEVELS[level]}", as_json=args.json)
    return 0
