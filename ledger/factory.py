"""Wiring of eventsourcing to a log: its datastore from a connection string, its recorder, no tables created."""

from __future__ import annotations

from typing import Any, cast

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory
from eventsourcing.postgres import PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from typing_extensions import override

from ledger.committer import GroupCommitter
from ledger.live_connection import check_alive
from ledger.log_name import LogName
from ledger.recorder import LogRecorder


class LogDatastore(PostgresDatastore):
    """A pool over any libpq connection string: sockets, TLS and `options` included."""

    def __init__(self, conninfo: str, log: LogName, pool_size: int = 2, max_overflow: int = 14) -> None:
        parts = conninfo_to_dict(conninfo)
        super().__init__(
            dbname=str(parts.get("dbname") or ""),
            host=str(parts.get("host") or ""),
            port=str(parts.get("port") or ""),
            user=str(parts.get("user") or ""),
            password="",
            pool_size=pool_size,
            max_overflow=max_overflow,
            connect_timeout=30.0,
            idle_in_transaction_session_timeout=60,
            schema=log.value,
        )
        self.pool._check = check_alive  # noqa: SLF001  its own would cost a round trip
        self.pool.kwargs = cast("dict[str, Any]", {**parts, "row_factory": dict_row})


class LogFactory(PostgresFactory):
    """Constructs the recorder of one log. The environment configures nothing: everything is an argument."""

    def __init__(self, env: Environment, conninfo: str, log: LogName, committer: GroupCommitter) -> None:
        # Past the stock Postgres set-up, which wants the parts of an address in the environment.
        InfrastructureFactory.__init__(self, env)
        self.datastore = LogDatastore(conninfo, log)
        self._log = log
        self._committer = committer

    @override
    def application_recorder(self) -> ApplicationRecorder:
        return LogRecorder(self.datastore, log=self._log, committer=self._committer)
