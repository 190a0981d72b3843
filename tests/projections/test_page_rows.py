"""What is written by hand for speed is what psycopg would have written."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocban.database import Databases
from projections.array_text import array_text
from projections.copy_text import copy_text
from projections.view import Connection

_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def connection(module_database: Databases) -> Connection:
    """A connection with a table of its own."""
    made = psycopg.connect(module_database.main_admin, autocommit=True)
    made.execute("CREATE TABLE public.kept (id uuid, words text, number bigint, flag boolean, list text[])")
    return made


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(_TEXTS, st.none() | st.integers(-(2**60), 2**60), st.booleans(), st.lists(_TEXTS)), max_size=5
    )
)
def test_rows_come_back_as_they_went(
    connection: Connection, rows: list[tuple[str, int | None, bool, list[str]]]
) -> None:
    """Given any text with tabs, backslashes, quotes and line ends, COPY and arrays bring back the same values."""
    connection.execute("TRUNCATE public.kept")
    keyed = [(uuid4(), *row) for row in rows]
    with connection.cursor() as cursor:
        with cursor.copy("COPY public.kept FROM STDIN") as copy:
            copy.write(copy_text([(*row[:4], array_text(row[4])) for row in keyed]))
        assert sorted(cursor.execute("SELECT * FROM public.kept").fetchall()) == sorted(keyed)
        columns = [array_text(column) for column in zip(*[row[:4] for row in keyed], strict=True)]
        if columns:
            query = "SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::boolean[])"
            assert cursor.execute(query, columns).fetchall() == [row[:4] for row in keyed]


def test_a_value_of_no_known_kind_is_refused() -> None:
    """Given a value whose text form would be a guess, it is refused rather than written."""
    with pytest.raises(TypeError):
        copy_text([(1.5,)])
