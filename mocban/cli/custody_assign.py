"""`custody assign`: a single file goes by its own decision, or with its lot again."""

from __future__ import annotations

import argparse
from typing import Final

from mocban.cli.handover import add_elsewhere
from mocban.cli.parts import add_decision

NAME: Final = "assign"
HELP: Final = "một hồ sơ theo quyết định riêng, hoặc lại theo khối · a single file by its own decision, or rejoining"
USAGE: Final = 2
_CARRIERS: Final = {"paper": ("paper",), "digital": ("digital",), "both": ("paper", "digital")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, to whom, by which decision."""
    parser.add_argument("--file", required=True, metavar="CODE", help="mã hồ sơ · FileCode")
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument("--to", metavar="A", help="cơ quan phải giữ: mã hoặc id · who must have it, code or id")
    to.add_argument("--rejoin", action="store_true", help="lại theo khối của phông · with its lot again")
    parser.add_argument("--carrier", choices=(*_CARRIERS,), default="both", help="bản giấy, bản số · default both")
    add_decision(parser)
    parser.add_argument("--on", metavar="DAY", help="từ ngày; không nêu: hôm nay · from which day, default today")
    parser.add_argument("--signer", default="planner", metavar="WHO", help="ai ký · who signs (id or office)")
    add_elsewhere(parser)


def run(args: argparse.Namespace) -> int:
    """Record it; 2 where it may not be."""
    from domain.basis import Instrument  # noqa: PLC0415  `--help` answers without these
    from domain.errors import Refusal  # noqa: PLC0415
    from domain.lot import Carrier  # noqa: PLC0415
    from domain.single_file import FileAssigned, FileRejoined, SingleFileEvent  # noqa: PLC0415
    from ledger.act_id import new_act_id  # noqa: PLC0415
    from ledger.commands import single_file  # noqa: PLC0415
    from mocban.acts.signers import signer_of  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import answer, explain  # noqa: PLC0415
    from mocban.cli.handover_desk import conclude  # noqa: PLC0415
    from mocban.custody.chain_report import file_named  # noqa: PLC0415
    from mocban.custody.day import civil_today, full_day  # noqa: PLC0415
    from mocban.custody.freshness import caught_up  # noqa: PLC0415
    from mocban.handover.choosing import agency_named  # noqa: PLC0415
    from mocban.handover.people import full_days  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415

    fact: SingleFileEvent
    try:
        day, today = full_day(args.on) if args.on else civil_today(), civil_today()
        in_force = args.in_force or args.issued
        cited = Instrument(number=args.decision, issued=args.issued, issuer=args.issuer, in_force=in_force)
        decision, carriers = full_days(cited), tuple(Carrier(one) for one in _CARRIERS[args.carrier])
        with open_product(Settings.from_environment()) as product:
            caught_up(product)
            with product.views.connection() as connection:
                file = file_named(connection, args.file)
                to = agency_named(connection, args.to, day).id if args.to else None
            if to is None:
                fact = FileRejoined(file=file, carriers=carriers, effective=day, decision=decision)
            else:
                fact = FileAssigned(file=file, carriers=carriers, receiver=to, effective=day, decision=decision)
            facts: dict[str, object] = {"file": file, "assigned_to": to, "carriers": carriers, "effective": day}
            stream = product.naming.other("file-assignment", str(file))
            proposal = single_file.proposed(signer_of(product, args.signer), new_act_id(), stream, fact, today)
            if args.out is not None:
                return conclude(product, proposal, args, facts, args.file)
            done = product.main.perform(proposal)
    except Refusal as refusal:
        explain(refusal, as_json=args.json)
        return USAGE
    recorded = {"act": done.act_index, "position": done.position}
    answer({**facts, **recorded}, f"{args.file}: hành vi · act {done.act_index}", as_json=args.json)
    return 0
