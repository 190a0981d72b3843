"""A socket to serve on: bound before anything else is set up, so that a taken address costs nobody a start."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from mocban.environment_problem import EnvironmentProblem


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket. Raises EnvironmentProblem `address-taken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
        except (OSError, OverflowError) as error:
            raise EnvironmentProblem("address-taken", host=host, port=port) from error
        yield bound
