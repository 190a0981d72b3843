"""`witness`: be a witness of logs (`serve`, `trust`, `show`), or ask the witnesses of one's own (`collect`)."""

from __future__ import annotations

import argparse
import ipaddress
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from mocban.witness.collecting import Round
    from mocban.witness.witness import Witness

NAME: Final = "witness"
HELP: Final = "làm nhân chứng cho các sổ, hoặc xin nhân chứng đồng ký · witness logs, or ask witnesses to cosign"
HOST: Final = "127.0.0.1"
PORT: Final = 8500
PARTIAL: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A word for each thing that can be done; `--json` may also come last."""
    words = parser.add_subparsers(dest="action", metavar="ACTION", required=True, title="việc · actions")
    serve = words.add_parser("serve", help="phục vụ add-checkpoint cho tới khi dừng · serve until stopped")
    serve.add_argument("--host", default=HOST, help=f"địa chỉ nghe · address to listen on ({HOST})")
    serve.add_argument("--port", type=int, default=PORT, help=f"cổng · port ({PORT}; 0: any free one)")
    serve.add_argument("--name", help="tên, chỉ lần đầu · the witness's name, at its making only")
    trust = words.add_parser("trust", help="biết thêm một sổ · know one more log, or more of its keys")
    trust.add_argument("origin", help="dòng đầu của điểm kiểm · the first line of the log's checkpoints")
    trust.add_argument("vkeys", nargs="+", metavar="VKEY", help="các khóa kiểm của sổ · the log's verifier keys")
    show = words.add_parser("show", help="khóa, các sổ, cỡ đã đồng ký · its key, its logs, what it cosigned")
    for word in (serve, trust, show):
        word.add_argument(
            "--store", type=Path, help="thư mục của nhân chứng (MOCBAN_WITNESS_HOME) · the witness's own folder"
        )
    collect = words.add_parser("collect", help="xin đồng ký điểm kiểm hiện tại · one round of asking witnesses")
    collect.add_argument("--policy", type=Path, help="tệp chính sách (MOCBAN_HOME/witness-policy) · the policy file")
    collect.add_argument("--renew", action="store_true", help="hỏi cả bên đã đồng ký · ask those too that cosigned")
    for word in (serve, trust, show, collect):
        word.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 fewer cosignatures than the policy wants. Raises Refusal; EnvironmentProblem."""
    match args.action:
        case "serve":
            return _serve(args)
        case "trust":
            return _trust(args)
        case "show":
            return _show(args)
        case _:
            return _collect(args)


def _serve(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT. Raises Refusal `already-running`; EnvironmentProblem `address-taken`."""
    import uvicorn  # noqa: PLC0415  heavy: other words answer without it

    from mocban.listening import listening  # noqa: PLC0415
    from mocban.process_note import process_note  # noqa: PLC0415
    from mocban.witness.identity import publish_key, store_folder, witness_signer  # noqa: PLC0415
    from mocban.witness.opening import open_witness  # noqa: PLC0415
    from mocban.witness.service import configuration  # noqa: PLC0415

    store = store_folder(args.store)
    with process_note(store / "run", NAME), listening(args.host, args.port) as bound:
        signer = witness_signer(store, args.name)
        publish_key(store, signer)
        if (store / "keys" / "passphrase").exists():
            print(
                "Chú ý: mật khẩu của khóa nằm cạnh khóa; đặt MOCBAN_PASSPHRASE từ bên ngoài khi tạo nhân chứng. · "
                "The key's passphrase lies beside the key; set MOCBAN_PASSPHRASE from outside when making a witness.",
                file=sys.stderr,
            )
        witness = open_witness(store, signer)

        class Announcing(uvicorn.Server):
            """Says where it is once a request would be answered."""

            @override
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                _announce(witness, bound, as_json=args.json)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)  # uvicorn raises them once more when it is done
        Announcing(configuration(witness)).run(sockets=[bound])
    return 0


def _announce(witness: Witness, bound: socket.socket, *, as_json: bool) -> None:
    from mocban.cli.answer import answer  # noqa: PLC0415

    host, port = bound.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if not ipaddress.ip_address(host).is_loopback:
        print(
            "Chú ý: HTTP không mã hóa và không hạn chế người gọi; hãy đặt sau một proxy có TLS. · "
            "Plain HTTP, open to any caller; put this behind a proxy with TLS.",
            file=sys.stderr,
        )
    vkey, logs = witness.signer.verifier_key.text(), len(witness.logs.all())
    answer(
        {"url": url, "pid": os.getpid(), "vkey": vkey, "logs": logs},
        f"nhân chứng tại {url} · witness at {url}",
        f"khóa, trao cho các sổ và kiểm toán viên · key, to be given to logs and auditors: {vkey}",
        f"{logs} sổ · logs" if logs else "chưa biết sổ nào: ./run witness trust · knows no log yet",
        as_json=as_json,
    )


def _trust(args: argparse.Namespace) -> int:
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.witness.identity import store_folder  # noqa: PLC0415
    from mocban.witness.known_logs import KnownLogs  # noqa: PLC0415

    logs = KnownLogs(store_folder(args.store))
    added = logs.trust(args.origin, args.vkeys)
    keys = [key.text() for key in logs.keys_of(args.origin)]
    answer(
        {"origin": args.origin, "added": added, "vkeys": keys, "path": str(logs.path)},
        f"{args.origin}: thêm {added} khóa, tất cả {len(keys)} · {added} keys added, {len(keys)} in all",
        as_json=args.json,
    )
    return 0


def _show(args: argparse.Namespace) -> int:
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.cli.answer import answer  # noqa: PLC0415
    from mocban.witness.identity import founded, store_folder, witness_signer  # noqa: PLC0415
    from mocban.witness.opening import open_witness  # noqa: PLC0415

    store = store_folder(args.store)
    if not founded(store):
        raise Refusal("witness-absent", folder=store)
    signer = witness_signer(store)
    witness = open_witness(store, signer)
    sizes = {origin: witness.records.latest(origin) for origin in sorted(witness.logs.all())}
    told = {origin: None if point is None else point.size for origin, point in sizes.items()}
    answer(
        {"vkey": signer.verifier_key.text(), "store": str(store), "logs": told},
        signer.verifier_key.text(),
        *(f"{origin}: {'chưa đồng ký · nothing cosigned' if size is None else size}" for origin, size in told.items()),
        as_json=args.json,
    )
    return 0


def _collect(args: argparse.Namespace) -> int:
    from domain.errors import Refusal  # noqa: PLC0415
    from mocban.settings import Settings  # noqa: PLC0415
    from mocban.witness.collecting import Collector  # noqa: PLC0415
    from mocban.witness.policy import FILE, read_policy  # noqa: PLC0415

    home = Settings.from_environment().home
    path = args.policy or home / FILE
    policy = read_policy(path)
    if policy is None:
        raise Refusal("witness-policy-missing", path=path)
    made = Collector(home).round(policy, renew=args.renew)
    _tell(made, as_json=args.json)
    return 0 if made.met else PARTIAL


def _tell(made: Round, *, as_json: bool) -> None:
    from mocban.cli.answer import answer  # noqa: PLC0415

    rows: list[dict[str, object]] = []
    lines: list[str] = []
    for outcome in made.outcomes:
        refusal = outcome.refusal
        problem = {} if refusal is None else {"code": refusal.code, "vi": refusal.vi, "en": refusal.en}
        rows.append({"name": outcome.witness, "cosigned": outcome.cosigned, **problem})
        said = ["đã đồng ký · cosigned" if outcome.cosigned else "chưa đồng ký · not cosigned"]
        said += [] if refusal is None else [f"[{refusal.code}] {refusal.vi} / {refusal.en}"]
        lines.append(f"- {outcome.witness}: {'; '.join(said)}")
    count = f"{made.cosigned}/{made.quorum}"
    verdict = f"đủ ({count}) · enough" if made.met else f"CHƯA ĐỦ ({count}) · NOT ENOUGH"
    answer(
        {"size": made.size, "quorum": made.quorum, "cosigned": made.cosigned, "met": made.met, "witnesses": rows},
        f"Điểm kiểm {made.size}: {verdict} · checkpoint {made.size}",
        *lines,
        as_json=as_json,
    )
