"""Addresses: how each part of the product reaches its database, and as which role."""

from __future__ import annotations

from typing import Final

import msgspec
import psycopg.conninfo
from typing_extensions import override

# Where a function tells the planner to use indexes alone (`append`), what is not there to be used counts as dearer than
# any compilation, and a server with its stock settings would compile at every call: a quarter of a second an act.
_UNCOMPILED: Final = "-c jit=off"


def connection_url(url: str, role: str | None = None) -> str:
    """`url` as a libpq connection string whose sessions start as `role` (the login role when None).

    Options the address already carries are kept, and prevail.
    """
    parts = {name: str(value) for name, value in psycopg.conninfo.conninfo_to_dict(url).items() if value is not None}
    if role is not None:
        parts["options"] = " ".join(filter(None, [_UNCOMPILED, parts.get("options"), f"-c role={role}"]))
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
