"""Is a pooled connection still alive? Asked without a word to the server, so it may be asked every time.

After a restart the server's goodbye lies unread in every idle connection, and whoever takes one from the pool would
fail. Reading what has come costs half a microsecond; `ConnectionPool.check_connection` would cost a round trip.
"""

from __future__ import annotations

from typing import Any

import psycopg


def check_alive(connection: psycopg.Connection[Any]) -> None:
    """For the `check` of a psycopg pool. Raises psycopg.OperationalError when the server has gone."""
    connection.pgconn.consume_input()  # reads the goodbye, if any
    connection.pgconn.consume_input()  # and meets the end behind it
