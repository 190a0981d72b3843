"""Act ids: UUID version 7 (RFC 9562), made by the caller, so that a retry is known by its id."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_act_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()
