"""Somebody else's PostgreSQL: it listens on TCP, and nothing of it is ours but its superuser's password."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mocban.database.account import Account, server_account
from mocban.database.programs import find_programs

SUPERUSER_PASSWORD = "their own"


@contextmanager
def foreign_server(folder: Path) -> Iterator[int]:
    """A server with its own defaults on 127.0.0.1, in `folder`, which its account may pass through; yields its port."""
    data = folder / "theirs"
    account = server_account(data)
    pg_bin = os.environ.get("MOCBAN_TEST_PG_BIN")
    programs = find_programs(pg_bin=Path(pg_bin) if pg_bin else None, account=account, pg=folder, version=None).folder
    data.mkdir(mode=0o700)
    account.own(data)
    secret = folder / "secret"
    secret.write_text(SUPERUSER_PASSWORD)
    account.own(secret)
    _run(
        account,
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--pwfile",
        secret,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "-N",
    )
    port = _free_port()
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
    _run(account, programs / "pg_ctl", "start", "-D", data, "-w", "-l", data / "log", "-o", options)
    try:
        yield port
    finally:
        _run(account, programs / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")


def _run(account: Account, *command: str | Path) -> None:
    done = account.run(command, timeout=120)
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
