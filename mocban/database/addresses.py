"""Addresses: how each part of the product reaches its database, and as which role."""

from __future__ import annotations

import msgspec
import psycopg.conninfo
from typing_extensions import override


def connection_url(url: str, role: str | None = None) -> str:
    """`url` as a libpq connection string whose sessions start as `role` (the login role when None).

    Options the address already carries are kept.
    """
    parts = {name: str(value) for name, value in psycopg.conninfo.conninfo_to_dict(url).items() if value is not None}
    if role is not None:
        parts["options"] = f"{parts.get('options', '')} -c role={role}".strip()
    return psycopg.conninfo.make_conninfo("", **parts)


class Databases(msgspec.Struct, frozen=True, kw_only=True):
    """The two databases: `main` (ledger, projections, jobs) and `keys` (wrapped record keys).

    main, keys: address of the login that runs the product. main_admin, keys_admin: address of the login that
    migrates; the same one when a server was given. They hold passwords: `repr` shows none.
    """

    main: str
    keys: str
    main_admin: str
    keys_admin: str

    def main_url(self, role: str | None = None) -> str:
        """Connection string of the main database, as `role`."""
        return connection_url(self.main, role)

    def keys_url(self, role: str | None = None) -> str:
        """Connection string of the key database, as `role`."""
        return connection_url(self.keys, role)

    @override
    def __repr__(self) -> str:
        return "Databases(...)"
