"""Wiring of eventsourcing to a log: its datastore from a connection string, its recorder, no tables created."""

from __future__ import annotations

from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment
from typing_extensions import override

from ledger.committer import GroupCommitter
from ledger.log_name import LogName
from ledger.pools import SchemaDatastore
from ledger.recorder import LogRecorder


class LogDatastore(SchemaDatastore):
    """The pool of one log."""

    def __init__(self, conninfo: str, log: LogName, pool_size: int = 2, max_overflow: int = 14) -> None:
        super().__init__(conninfo, log.value, pool_size=pool_size, max_overflow=max_overflow, idle_seconds=60)


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
