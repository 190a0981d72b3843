"""Identity: which actor a bearer token speaks for (RFC 6750). Tokens are kept by digest only and never logged."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.errors import Refusal

LIFETIME: Final = timedelta(days=30)
_PREFIX: Final = "mocban_"  # lets scanners for leaked secrets know one when they see it

_ISSUE: Final = "INSERT INTO identity.token (digest, actor, expires_at) VALUES (%s, %s, now() + %s)"
_ACTOR: Final = (
    "SELECT actor FROM identity.token "
    "WHERE digest = %s AND revoked_at IS NULL AND now() >= issued_at AND now() < expires_at"
)
_REVOKE: Final = "UPDATE identity.token SET revoked_at = now() WHERE digest = %s AND revoked_at IS NULL"
_REVOKE_ALL: Final = "UPDATE identity.token SET revoked_at = now() WHERE actor = %s AND revoked_at IS NULL"

Connection = psycopg.Connection[Any]


def issue_token(connection: Connection, actor: UUID | str, lifetime: timedelta = LIFETIME) -> str:
    """A new token for the actor: 256 random bits as text, shown this once. Needs the role mocban_ledger_writer.

    The caller commits. It works while the ledger knows the actor as a principal.
    """
    token = _PREFIX + secrets.token_urlsafe(32)
    connection.execute(_ISSUE, (_digest(token), UUID(str(actor)), lifetime))
    return token


def revoke_token(connection: Connection, token: str) -> bool:
    """End one token; False where it did not work any more. Needs the role mocban_ledger_writer."""
    return connection.execute(_REVOKE, (_digest(token),)).rowcount == 1


def revoke_tokens(connection: Connection, actor: UUID | str) -> int:
    """End every token of an actor; how many there were. Needs the role mocban_ledger_writer."""
    return connection.execute(_REVOKE_ALL, (UUID(str(actor)),)).rowcount


def actor_of(connection: Connection, authorization: str | None) -> UUID:
    """The actor whom an Authorization header speaks for. Raises Refusal: `token-missing`, `token-unfit`."""
    if not authorization:
        raise Refusal("token-missing")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal("token-missing")
    row = connection.execute(_ACTOR, (_digest(token.strip()),)).fetchone()
    if row is None:
        raise Refusal("token-unfit")
    actor = row[0]
    assert isinstance(actor, UUID)
    return actor


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
