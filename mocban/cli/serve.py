"""`serve`: the API over HTTP, with everything that keeps the ledger moving beside it, until told to stop."""

from __future__ import annotations

import argparse
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from mocban.settings import Settings

if TYPE_CHECKING:
    from api.services import Services
    from ledger.rolling_check import RollingCheck
    from mocban.bootstrap import Product
    from mocban.log_watch import LogWatch
    from mocban.timestamps.schedule import Timestamping

NAME: Final = "serve"
HELP: Final = "phục vụ API trên HTTP cho tới khi dừng · serve the API over HTTP until stopped"
HOST: Final = "127.0.0.1"
PORT: Final = 8400
_GRACE_SECONDS: Final = 10
_ENVIRONMENT: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default=HOST, help=f"địa chỉ nghe · address to listen on ({HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"cổng · port ({PORT}; 0: any free one)")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT, then finish what is under way and close; 3 when a log stopped itself.

    Raises EnvironmentProblem `address-taken`; Refusal `already-running`.
    """
    from mocban.api_services import services_of  # noqa: PLC0415
    from mocban.bootstrap import open_product  # noqa: PLC0415
    from mocban.cli.answer import explain  # noqa: PLC0415
    from mocban.environment_problem import EnvironmentProblem  # noqa: PLC0415
    from mocban.listening import listening  # noqa: PLC0415
    from mocban.process_note import process_note  # noqa: PLC0415

    settings = Settings.from_environment()
    with ExitStack() as open_things:
        open_things.enter_context(process_note(settings.run, NAME))
        bound = open_things.enter_context(listening(args.host, args.port))
        product = open_things.enter_context(open_product(settings))
        watch, rows, stamping = open_things.enter_context(_moving(product))
        services = services_of(product, rows.standing, lambda: stamping.alarms)
        _serve(services, bound, as_json=args.json)
    if watch.stopped_by is None:
        return 0
    explain(EnvironmentProblem("log-stopped", reason=watch.stopped_by), as_json=args.json)
    return _ENVIRONMENT


def _serve(services: Services, bound: socket.socket, *, as_json: bool) -> None:
    import uvicorn  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415

    class Announcing(uvicorn.Server):
        """Says where it is once a request would be answered."""

        @override
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            _announce(bound, as_json=as_json)

    config = uvicorn.Config(
        create_app(services),
        log_config=None,
        access_log=False,  # what people search for is in addresses, and no log may hold it
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        lifespan="on",
    )
    # uvicorn raises the signal that stopped it once more when it is done; by then it has been obeyed.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    Announcing(config).run(sockets=[bound])


@contextmanager
def _moving(product: Product) -> Iterator[tuple[LogWatch, RollingCheck, Timestamping]]:
    """Views fold, checkpoints are signed and rows looked at while the block runs, under watch."""
    from ledger.sequencer_thread import SequencerThread  # noqa: PLC0415
    from mocban.log_watch import LogWatch  # noqa: PLC0415
    from mocban.publication import HourlyPublication  # noqa: PLC0415
    from mocban.rows_watch import rolling_check  # noqa: PLC0415
    from mocban.timestamps.schedule import Timestamping  # noqa: PLC0415
    from mocban.witness.cosigning import Cosigning  # noqa: PLC0415

    with ExitStack() as moving:
        sequencers = [SequencerThread(sequencer) for sequencer in product.sequencers()]
        rows = rolling_check(product)
        watch = LogWatch([*sequencers, rows], lambda: os.kill(os.getpid(), signal.SIGTERM))
        home = product.settings.home
        stamping = Timestamping(home)
        beside = (rows, watch, HourlyPublication(product), Cosigning(home), stamping)
        for thread in (*sequencers, *beside):
            moving.enter_context(thread)
        for runner in product.runners():
            moving.enter_context(runner)
        yield watch, rows, stamping


def _announce(bound: socket.socket, *, as_json: bool) -> None:
    from mocban.cli.answer import answer  # noqa: PLC0415

    host, port = bound.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if not ipaddress.ip_address(host).is_loopback:
        print(
            "Chú ý: mã truy cập đi qua HTTP không mã hóa; hãy đặt sau một proxy có TLS. · "
            "Tokens travel over plain HTTP; put this behind a proxy with TLS.",
            file=sys.stderr,
        )
    answer(
        {"url": url, "pid": os.getpid()},
        f"đang phục vụ tại {url} (dừng: ./run stop) · serving at {url} (to stop: ./run stop)",
        as_json=as_json,
    )
