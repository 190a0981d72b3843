"""What is typed after `act prepare`: arguments for each act. Light, since every start of the command reads it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.keys import ACT_ENROL, ACT_GRANT, ACT_REVOKE, ACT_ROTATE, ACT_WITHDRAW
from domain.principal import Reach

MAIN: Final = "main"
ACCESS: Final = "access"
GROUNDS: Final = ("retention-ended", "superfluous")
"""Of a destruction, as `domain.disposition.Ground`, whose module is too heavy for here."""
MOST_HOURS: Final = 24.0 * 92


def hours(text: str) -> float:
    """How long an act waits for its signatures, in hours. Raises ValueError."""
    given = float(text)
    if not 0 < given <= MOST_HOURS:
        raise ValueError(text)
    return given


def civil_day(text: str) -> str:
    """A day as YYYY-MM-DD. Raises ValueError."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(text)
    return text


def add_acts(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """One parser for each act; they are returned so that more can be added to all."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    enrol = acts.add_parser(ACT_ENROL, help="ghi nhận khóa của người ký · enrol a key")
    rotate = acts.add_parser(ACT_ROTATE, help="thay khóa · replace a key")
    whose = enrol.add_mutually_exclusive_group(required=True)
    whose.add_argument("--vkey", help="khóa công khai mới · the new public key")
    whose.add_argument("--office", help="chức vụ có khóa ở máy chủ: khóa mới · an office held here: a new key for it")
    rotate.add_argument("--vkey", required=True, help="khóa công khai mới · the new public key")
    revoke = acts.add_parser(ACT_REVOKE, help="thu hồi khóa · revoke a key")
    revoke.add_argument(
        "--kid",
        action="append",
        required=True,
        help="kid (base64), của người ký hoặc của sổ · of an actor or of the log",
    )
    revoke.add_argument("--reason", required=True, help="lý do · reason")
    revoke.add_argument("--compromised-since", type=int, metavar="INDEX", help="số hành vi · index of an act")
    grant, withdraw = (
        acts.add_parser(ACT_GRANT, help="giao vai trò · grant a role"),
        acts.add_parser(ACT_WITHDRAW, help="rút vai trò · withdraw a role"),
    )
    for one in (grant, withdraw):
        one.add_argument("--actor", required=True, help="người ký hoặc chức vụ có sẵn · actor id or office")
        one.add_argument("--role", required=True, help="tên vai trò · role")
    grant.add_argument("--acts", required=True, help="các hành vi, cách nhau dấu phẩy · acts, parted by commas")
    grant.add_argument("--on-behalf", action="store_true", help="được ký thay · may act for others")
    for one in (enrol, rotate, revoke, grant, withdraw):
        one.add_argument(
            "--log", choices=[MAIN, ACCESS], default=MAIN, help="sổ chính hay nhật ký khai thác · which log"
        )
    for one in (enrol, revoke, grant, withdraw):
        one.add_argument(
            "--by", action="append", default=[], metavar="ACTOR",
            help="người quản lý khóa sẽ ký; không nêu: đủ số đầu tiên · which registrars sign (the first able)",
        )  # fmt: skip
    _add_record_acts(acts)
    _add_reorganizations(acts)
    audit = acts.add_parser("audit.record", help="ghi kết quả kiểm tra kho · record the results of an audit")
    audit.add_argument("--signer", default="auditor", help="ai ký · who signs (id or office)")
    audit.add_argument("--sample", type=Path, required=True, metavar="sample.json", help="mẫu đã rút · the sample")
    audit.add_argument("--results", type=Path, required=True, metavar="FILE", help="bảng đã điền · .xlsx or .csv")
    return list(acts.choices.values())


def _add_record_acts(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    appoint = acts.add_parser("principal.appoint", help="giao chức vụ cho một người · appoint somebody")
    appoint.add_argument("--signer", required=True, help="ai ký · who signs (id or office)")
    appoint.add_argument("--principal", type=UUID, required=True, help="mã người được giao · whom (UUID)")
    appoint.add_argument("--agency", type=UUID, required=True, help="mã cơ quan · agency (UUID)")
    appoint.add_argument("--office", required=True, help="chức vụ · office")
    appoint.add_argument(
        "--reach",
        choices=[reach.value for reach in Reach],
        default=Reach.AGENCY.value,
        help="phạm vi khai thác · what may be read",
    )
    appoint.add_argument(
        "--name-file", type=Path, required=True, help="tệp chứa họ tên, - là stdin · file holding the name, - for stdin"
    )
    hand_over = acts.add_parser("handover.complete", help="bàn giao, hai bên ký · hand over, both sign")
    hand_over.add_argument("--handover", type=UUID, required=True, help="mã cuộc bàn giao · the hand-over (UUID)")
    hand_over.add_argument("--giver", required=True, help="bên giao ký · who signs for the giver")
    hand_over.add_argument("--receiver", required=True, help="bên nhận ký · who signs for the receiver")
    hand_over.add_argument("--on", required=True, type=civil_day, metavar="YYYY-MM-DD", help="ngày bàn giao · the day")
    destroy = acts.add_parser("disposition.decide", help="quyết định hủy, hai người ký · decide to destroy, two sign")
    destroy.add_argument("--file", type=UUID, required=True, help="mã hồ sơ · the file (UUID)")
    destroy.add_argument("--basis", required=True, help="quyết định hủy · number of the decision")
    destroy.add_argument("--ground", choices=GROUNDS, required=True, help="lý do · why")
    destroy.add_argument("--proposer", default="archivist", help="ai đề nghị · who proposes (id or office)")
    destroy.add_argument("--decider", default="decider", help="ai quyết định · who decides (id or office)")


def _add_reorganizations(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The steps of a plan's life, named as `reorganization` names them."""
    steps = {
        "draft": "lập phương án · put a plan down",
        "adopt": "thông qua bằng văn bản · adopt by its instrument",
        "enact": "thi hành · enact",
        "correct": "điều chỉnh bằng quyết định sau · correct by a further decision",
        "complete": "hoàn thành · complete",
        "withdraw": "rút trước khi thi hành · give up before enactment",
    }
    for step, told in steps.items():
        one = acts.add_parser(f"reorganization.{step}", help=told)
        one.set_defaults(action=step)
        named = "PLAN" if step == "draft" else "PLAN|ID"
        one.add_argument("--plan", required=True, metavar=named, help="tệp phương án, hoặc id · the plan file, or id")
        one.add_argument("--signer", default="planner", help="ai ký · who signs (id or office)")
        if step == "adopt":
            for name in ("--number", "--issued", "--issuer", "--in-force"):
                one.add_argument(name, help="của văn bản; không nêu: như phương án · default: the plan's")
        if step == "correct":
            one.add_argument(
                "--correction",
                type=Path,
                required=True,
                metavar="FILE",
                help="tệp điều chỉnh · the correction, YAML or JSON",
            )
        if step == "withdraw":
            one.add_argument("--reason", required=True, help="lý do · why")
