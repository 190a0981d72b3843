"""Tokens: issued once, kept by digest, ended by time or by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from api.identity import actor_of, issue_token, revoke_token, revoke_tokens
from domain.errors import Refusal
from mocban.database import Databases


@pytest.fixture
def writer(module_database: Databases) -> Iterator[psycopg.Connection[Any]]:
    """A connection that may issue tokens."""
    with psycopg.connect(module_database.main_url("mocban_ledger_writer"), autocommit=True) as connection:
        yield connection


def test_a_token_speaks_for_its_actor(writer: psycopg.Connection[Any]) -> None:
    """Given a token, when it is shown as bearer in any case, then it names its actor."""
    actor = uuid4()
    token = issue_token(writer, actor)
    assert actor_of(writer, f"Bearer {token}") == actor
    assert actor_of(writer, f"bearer  {token}") == actor


def test_the_table_holds_no_token(writer: psycopg.Connection[Any]) -> None:
    """Given a token, when the table is read, then only a digest of 32 bytes is there."""
    token = issue_token(writer, uuid4())
    rows = writer.execute("SELECT t::text, octet_length(digest) FROM identity.token AS t").fetchall()
    assert all(token not in row[0] and row[1] == 32 for row in rows)
    assert len(token.removeprefix("mocban_")) == 43


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token-missing"),
        ("", "token-missing"),
        ("Bearer", "token-missing"),
        ("Basic dXNlcjpwYXNz", "token-missing"),
        ("Bearer mocban_guess", "token-unfit"),
        ("Bearer \udcff", "token-unfit"),
    ],
)
def test_a_header_that_names_nobody_is_refused(writer: psycopg.Connection[Any], header: str | None, code: str) -> None:
    """Given no token or a wrong one, when asked for the actor, then the refusal says which."""
    with pytest.raises(Refusal) as caught:
        actor_of(writer, header)
    assert caught.value.code == code


def test_a_token_ends(writer: psycopg.Connection[Any]) -> None:
    """Given tokens that expired or were revoked, when shown, then they name nobody."""
    actor = uuid4()
    short, revoked, other = (
        issue_token(writer, actor, timedelta(microseconds=1)),
        issue_token(writer, actor),
        issue_token(writer, actor),
    )
    assert revoke_token(writer, revoked)
    assert not revoke_token(writer, revoked)
    assert revoke_tokens(writer, actor) == 2
    for token in (short, revoked, other):
        with pytest.raises(Refusal, match="token-unfit"):
            actor_of(writer, f"Bearer {token}")


def test_the_reader_cannot_issue(module_database: Databases) -> None:
    """Given the role that answers questions, when it issues or changes a token, then the database refuses."""
    with psycopg.connect(module_database.main_url("mocban_reader"), autocommit=True) as reader:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            issue_token(reader, uuid4())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            revoke_tokens(reader, uuid4())


def test_nobody_changes_whose_a_token_is(writer: psycopg.Connection[Any]) -> None:
    """Given an issued token, when the writer changes its actor, its digest or deletes it, then it is refused."""
    for statement in ("UPDATE identity.token SET actor = digest::text::uuid", "DELETE FROM identity.token"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            writer.execute(statement.encode())
