"""Witnesses that really serve, on loopback ports of their own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn

from mocban.listening import listening
from mocban.witness.known_logs import KnownLogs
from mocban.witness.opening import open_witness
from mocban.witness.service import Service, configuration
from mocban.witness.witness import Witness
from signing.note import ED25519_COSIGNATURE, Ed25519Signer
from tests.witness.log import Log

NAME = "witness.example/w1"


def signer_of(number: int = 1) -> Ed25519Signer:
    """The key of witness `number`."""
    return Ed25519Signer(f"witness.example/w{number}", bytes([number]) * 32, ED25519_COSIGNATURE)


def witness_of(store: Path, *logs: Log, number: int = 1) -> Witness:
    """A witness with its folder, which knows these logs."""
    for log in logs:
        KnownLogs(store).trust(log.origin, log.vkeys)
    return open_witness(store, signer_of(number))


@contextmanager
def serving(witness: Witness, application: Any = None) -> Iterator[str]:
    """Its address, while it serves. application: instead of the usual one."""
    config = configuration(witness)
    if application is not None:
        config.app = application
    server = uvicorn.Server(config)
    with listening("127.0.0.1", 0) as bound:
        thread = Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def hurried(witness: Witness) -> Service:
    """A service with little patience."""
    return Service(witness, body_seconds=0.2)
