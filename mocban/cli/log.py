"""`log`: what outsiders check the ledger by: an export folder, an audit bundle, a proof file, the trust file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.errors import Refusal
    from ledger.log_store import LogStore
    from mocban.bootstrap import Product
    from mocban.witness.collecting import Round

NAME: Final = "log"
HELP: Final = (
    "xuất sổ cái, gói kiểm toán, chứng cứ, tệp tin cậy, khóa dự phòng · "
    "export the log, bundles, proofs, the trust file; standby keys"
)
PARTIAL: Final = 1
BAD: Final = 4
CONTRADICTIONS: Final = frozenset({"export-contradicts", "log-forked"})
"""Two histories: what was published does not verify against the ledger."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word for each thing, and where to write it."""
    parts = parser.add_subparsers(dest="part", metavar="export|bundle|proof|trust|takeover", required=True)
    export = parts.add_parser("export", help="thư mục mảnh C2SP, thêm phần mới · a folder of C2SP tiles, completed")
    export.add_argument("path", type=Path, metavar="DIR", help="thư mục · folder")
    bundle = parts.add_parser("bundle", help="một tệp .zip kèm chương trình kiểm tra · one .zip with its verifier")
    _of_bundle(bundle)
    proof = parts.add_parser("proof", help="chứng cứ của một sự kiện · the .tlog-proof of one event")
    of = proof.add_mutually_exclusive_group(required=True)
    of.add_argument("--position", type=_position, metavar="N", help="vị trí sự kiện, từ 0 · its position, from 0")
    of.add_argument("--act", type=_position, metavar="N", help="sự kiện đầu của hành vi N · the first event of act N")
    proof.add_argument("path", type=Path, metavar="FILE", help="tệp · file")
    proof.add_argument("--classical", action="store_true", help="bỏ chữ ký ML-DSA-44 · without ML-DSA-44 signatures")
    trust = parts.add_parser("trust", help="tệp tin cậy, trao tận tay kiểm toán viên · the trust file, for auditors")
    trust.add_argument("path", type=Path, metavar="FILE.json", help="tệp · file")
    takeover = parts.add_parser("takeover", help="khóa dự phòng ký thay, vĩnh viễn · the standby keys sign from now on")
    takeover.add_argument("--yes", action="store_true", help="không hỏi lại · do not ask")
    for one in (export, bundle, proof):
        one.add_argument(
            "--wait", type=_seconds, default=10.0, metavar="SECONDS", help="chờ nhân chứng (10) · wait for witnesses"
        )
    for one in (export, bundle, proof, trust):
        one.add_argument("--access", action="store_true", help="nhật ký khai thác · the access log")
    for one in (export, bundle, proof, trust, takeover):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="in JSON · print JSON")


def _of_bundle(bundle: argparse.ArgumentParser) -> None:
    bundle.add_argument("path", type=Path, metavar="FILE.zip", help="tệp · file")
    only = bundle.add_mutually_exclusive_group()
    only.add_argument("--file", metavar="CODE", help="chỉ một hồ sơ, theo mã · of one file only, by its FileCode")
    only.add_argument("--agency", type=UUID, metavar="ID", help="chỉ một cơ quan · of one agency only")
    only.add_argument("--acts", type=_range, metavar="A-B", help="chỉ các hành vi A đến B · of acts A to B only")


def _position(text: str) -> int:
    if not (text.isdecimal() and len(text) < 20):
        raise argparse.ArgumentTypeError("số nguyên từ 0 · a whole number from 0")
    return int(text)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("giây, 0-86400 · seconds, 0-86400")
    return seconds


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and len(text) < 40):
        raise argparse.ArgumentTypeError("A-B, hai số hành vi · A-B, two act indexes")
    return int(first), int(last)


def run(args: argparse.Namespace) -> int:
    """Publish what is not yet published, then write. 0 done; 1 too few witnesses have cosigned what was written; 4 the
    export folder, or what the log itself has published, contradicts the ledger.

    Raises Refusal: `position-unknown`, `file-unknown`, ...
    """
    from domain.errors import Refusal  # noqa: PLC0415  the rest answers without these
    from mocban.cli.answer import explain  # noqa: PLC0415

    try:
        return _take_over(args) if args.part == "takeover" else _publish(args)
    except Refusal as refusal:
        if refusal.code not in CONTRADICTIONS:
            raise
        explain(refusal, as_json=args.json)
        return BAD


_WORDS: Final = {
    "path": "đã ghi · written",
    "new_files": "tệp mới · new files",
    "position": "vị trí · position",
    "bytes": "số byte · bytes",
    "acts": "hành vi · acts",
    "members": "thành phần · members",
}


def _publish(args: argparse.Namespace) -> int:
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.publication import publish  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    with open_product(Settings.from_environment()) as product:
        publish(product)
        facts, made, problem = _cosigned(product, args)
    said = [f"{_WORDS.get(name, name)}: {value}" for name, value in facts.items()]
    if made is not None:
        facts = {**facts, "cosigned": made.cosigned, "quorum": made.quorum, "met": made.met}
        said.append(f"nhân chứng · witnesses: {made.cosigned}/{made.quorum}")
    if problem is not None:
        explain(problem, as_json=False)
        facts = {**facts, "problem": {"code": problem.code, "vi": problem.vi, "en": problem.en}}
    answer(facts, *said, as_json=args.json)
    return 0 if problem is None else PARTIAL


def _cosigned(product: Product, args: argparse.Namespace) -> tuple[Mapping[str, object], Round | None, Refusal | None]:
    """What was written; the round of witnesses over the very checkpoint in it, None where no quorum is asked for; and
    what is to be told of it. An export is a back-up too, so it is written whatever the witnesses say.

    Another process may publish a newer checkpoint in between: then it is written again, while there is time.
    """
    import time  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.witness.awaiting import await_quorum, not_cosigned  # noqa: PLC0415

    if args.part == "trust" or args.access:
        return _written(product, args), None, None
    until = time.monotonic() + args.wait
    while True:
        try:
            made = await_quorum(product.settings.home, max(until - time.monotonic(), 0))
        except Refusal as refusal:  # the policy's file is spoilt
            return _written(product, args), None, refusal
        facts = _written(product, args)
        if made is None:
            return facts, None, None
        if facts["acts"] == made.size or time.monotonic() >= until:
            newer = facts["acts"] != made.size
            made = msgspec.structs.replace(made, size=facts["acts"], cosigned=0) if newer else made
            return facts, made, None if made.met else not_cosigned(made, args.path)


def _take_over(args: argparse.Namespace) -> int:
    """Raises Refusal `not-confirmed`, `log-without-standby`, `takeover-not-seen`."""
    import sys  # noqa: PLC0415

    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415
    from mocban.takeover import take_over  # noqa: PLC0415

    if not args.yes:
        print("Khóa đang ký sẽ không bao giờ ký lại ở đây · The live keys will never sign here again.", file=sys.stderr)
        print("Gõ 'có' · Type 'yes': ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in {"có", "co", "yes"}:
            raise Refusal("not-confirmed")
    with open_product(Settings.from_environment()) as product:
        sizes = take_over(product)
        vkeys = [signer.verifier_key.text() for signer in product.log_signers(product.origin)]
    answer(
        {"sizes": {str(log): size for log, size in sizes.items()}, "vkeys": vkeys},
        *(
            f"{log}: điểm kiểm cỡ {size} do khóa dự phòng ký · checkpoint of size {size} by the standby keys"
            for log, size in sizes.items()
        ),
        *(f"vkey: {vkey}" for vkey in vkeys),
        as_json=args.json,
    )
    return 0


def _written(product: Product, args: argparse.Namespace) -> Mapping[str, object]:
    from mocban.publication import write_access_trust, write_trust  # noqa: PLC0415
    from signing.durable_file import write_durably  # noqa: PLC0415

    path: Path = args.path
    if args.part == "trust":
        (write_access_trust if args.access else write_trust)(product, path)
        return {"path": str(path)}
    store = product.access_log if args.access else product.main_log
    match args.part:
        case "export":
            counts: dict[str, object] = {"new_files": _exported(store, path)}
        case "bundle":
            counts = {"members": _bundled(product, store, args)}
        case _:
            position = args.position if args.act is None else store.first_position(args.act)
            proof = store.proof_for(position, classical=args.classical)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, proof)
            counts = {"position": position, "bytes": len(proof)}
    size = store.checkpoint()[0].size
    return {"path": str(path), **counts, "acts": size}


def _bundled(product: Product, store: LogStore, args: argparse.Namespace) -> int:
    """Raises Refusal `file-unknown`, `agency-unknown`, `acts-not-published`, `part-of-access-log`."""
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.partial_bundles import part_of_agency, part_of_file, part_of_range  # noqa: PLC0415

    signer = product.log_signers((product.access if args.access else product.main).origin)[0]
    size = store.checkpoint()[0].size
    if args.acts:
        first, last = args.acts
        return store.partial_bundle(args.path, signer, part_of_range(first, last, size))
    if not (args.file or args.agency):
        return store.bundle(args.path, signer)
    if args.access:
        raise Refusal("part-of-access-log")
    caught_up(product)
    with product.views.connection() as connection:
        of_file, of_agency = args.file, args.agency
        part = (
            part_of_file(connection, of_file, size - 1) if of_file else part_of_agency(connection, of_agency, size - 1)
        )
    return store.partial_bundle(args.path, signer, part)


def _exported(store: LogStore, folder: Path) -> int:
    from mocban.demo.stage import progress_bars  # noqa: PLC0415

    total = sum(1 for _ in store.published().tile_paths())
    with progress_bars() as progress:
        task = progress.add_task("Xuất sổ cái · Exporting", total=total)
        return store.export(folder, lambda done: progress.update(task, completed=min(done, total)))
