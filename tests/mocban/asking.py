"""Asking a cluster: does it answer, and who is its server?"""

from __future__ import annotations

import psycopg

from mocban.database import Databases
from mocban.database.cluster import Cluster
from mocban.settings import Settings


def server_pid(settings: Settings) -> int:
    """Process id of the running server of `settings`."""
    pid = Cluster(settings=settings).pid()
    assert pid is not None
    return pid


def answers(databases: Databases) -> bool:
    """Both databases answer the running login."""
    with psycopg.connect(databases.main_url()) as main, psycopg.connect(databases.keys_url()) as keys:
        return main.execute("SELECT 1").fetchone() == keys.execute("SELECT 1").fetchone() == (1,)
