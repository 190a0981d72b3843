"""`act`: prepare an act for a key held elsewhere, look at it and sign it offline, submit it.

`show`, `sign` and `attach` need no database and no data folder; `prepare` and `submit` run where the ledger is.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.prepared_file import PreparedFile

NAME: Final = "act"
HELP: Final = "hành vi ký bằng khóa của riêng mình · acts signed with a key of one's own"
BAD: Final = 4
HOURS: Final = 72.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which file."""
    steps = parser.add_subparsers(dest="what", required=True, metavar="prepare|show|sign|attach|submit")
    prepare = steps.add_parser("prepare", help="soạn, chờ ký · prepare, to be signed elsewhere")
    acts = _acts_of(prepare)
    show = steps.add_parser("show", help="xem tệp nói gì, từ chính các byte · what a file says, from its bytes")
    show.add_argument("--bytes", type=Path, metavar="PATH", help="ghi ra các byte phải ký · write the bytes to sign")
    sign = steps.add_parser("sign", help="ký bằng khóa của mình · sign with one's own key")
    sign.add_argument("--key", type=Path, required=True, metavar="KEYFILE", help="tệp khóa · key file")
    sign.add_argument("--yes", action="store_true", help="không hỏi lại · do not ask")
    attach = steps.add_parser("attach", help="kèm chữ ký làm ở nơi khác · attach a signature made by another tool")
    attach.add_argument("--vkey", help="khóa công khai đã ký · the public key that signed")
    attach.add_argument("--signature", type=Path, help="chữ ký Ed25519 · a signature of 64 bytes (RFC 8032)")
    attach.add_argument(
        "--from", dest="copies", type=Path, nargs="+", default=[], metavar="COPY",
        help="gom chữ ký từ các bản sao · gather the signatures of copies that others signed",
    )  # fmt: skip
    submit = steps.add_parser("submit", help="nộp vào sổ cái · append it to the ledger")
    for one in (show, attach, submit):
        one.add_argument("file", type=Path, metavar="FILE", help="tệp hành vi · the act's file")
    sign.add_argument("files", type=Path, nargs="+", metavar="FILE", help="các tệp hành vi · the acts' files")
    for one in (show, sign):
        one.add_argument("--openings", type=Path, help="tệp mở niêm phong cho người ký · what opens sealed values")
    for one in (*acts, show, sign, attach, submit):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def _acts_of(prepare: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    from mocban.acts.act_arguments import add_acts, hours  # noqa: PLC0415

    acts = add_acts(prepare)
    for one in acts:
        one.add_argument("--out", type=Path, required=True, metavar="FILE", help="tệp để ký · the file to be signed")
        one.add_argument(
            "--openings", type=Path, help="ghi tệp mở niêm phong · write what opens its sealed values, for the signer"
        )
        one.add_argument("--hours", type=hours, default=HOURS, help=f"chờ bao lâu · how long it waits ({HOURS:g})")
    return acts


def run(args: argparse.Namespace) -> int:
    """0 done; 4 the file does not fit together, and nothing was signed or recorded. Raises Refusal."""
    match args.what:
        case "prepare":
            return _prepare(args)
        case "submit":
            return _submit(args)
        case _:
            from mocban.cli.act_desk import attach, show, sign  # noqa: PLC0415

            return {"show": show, "sign": sign, "attach": attach}[args.what](args)


def _prepare(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    from ledger.act_preparation import prepare_act  # noqa: PLC0415
    from ledger.prepared_file import write_prepared  # noqa: PLC0415
    from mocban.acts.inspection import summarized  # noqa: PLC0415
    from mocban.acts.new_files import check_free, create_all  # noqa: PLC0415
    from mocban.acts.openings import openings  # noqa: PLC0415
    from mocban.acts.proposals import ledger_of, proposal_of  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    wanted = [path for path in (args.out, args.openings) if path is not None]
    check_free(wanted)
    now = datetime.now(UTC)
    with open_product(Settings.from_environment()) as product:
        product.prepared.discard_expired(now)
        proposal, ledger = proposal_of(product, args), ledger_of(product, args)
        bare, fields = prepare_act(ledger, product.prepared, proposal, now, now + timedelta(hours=args.hours))
        try:
            file = summarized(bare)
            made = [write_prepared(file)]
            if args.openings is not None:
                opened = msgspec.json.encode(openings(file, fields, product.record_keys))
                made.append(msgspec.json.format(opened, indent=2) + b"\n")
            create_all(dict(zip(wanted, made, strict=True)))
        except BaseException:  # an act whose file nobody has would wait in vain
            product.prepared.discard(bare.header.id)
            raise
    _tell_prepared(file, args.out, as_json=args.json)
    return 0


def _tell_prepared(file: PreparedFile, path: Path, *, as_json: bool) -> None:
    from mocban.acts.inspection import awaited  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415

    missing = [key.name for key in awaited(file)]
    answer(
        {"id": str(file.header.id), "file": str(path), "expires": file.expires, "awaited": missing},
        *file.summary,
        f"→ {path} (hết hạn · expires {file.expires})",
        *(f"Chờ chữ ký của · Awaits the signature of: {name}" for name in missing),
        as_json=as_json,
    )


def _submit(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415

    from ledger.act_preparation import submit_act  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.act_desk import read, refuse_altered  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    file = read(args.file)
    if refuse_altered(file, as_json=args.json):
        return BAD
    now = datetime.now(UTC)
    with open_product(Settings.from_environment()) as product:
        try:
            ledger = product.access if file.origin == product.access.origin else product.main
            receipt = submit_act(ledger, product.prepared, file, now)
        finally:
            product.prepared.discard_expired(now)
    place = {"act": receipt.act_index, "position": receipt.position, "events": receipt.events}
    answer(
        {"id": str(receipt.id), **place, "first_position": receipt.first_position},
        f"Đã ghi hành vi số {receipt.act_index} · Recorded as act {receipt.act_index}",
        as_json=args.json,
    )
    return 0
