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
from projections.page_rows import Table, copy_columns
from projections.view import Connection

_KEPT = Table(
    name="kept", columns={"id": "uuid", "words": "text", "number": "bigint", "flag": "boolean", "list": "text[]"}
)
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
_NUMBERS = st.integers(-(2**60), 2**60)


@pytest.fixture(scope="module")
def connection(module_database: Databases) -> Connection:
    """A connection with a table of its own."""
    made = psycopg.connect(module_database.main_admin, autocommit=True)
    made.execute("CREATE TABLE public.kept (id uuid, words text, number bigint, flag boolean, list text[])")
    made.execute("SET search_path = public")
    return made


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.none() | _TEXTS, st.none() | _NUMBERS, st.none() | st.booleans(), st.lists(_TEXTS)), max_size=5
    )
)
def test_rows_come_back_as_they_went(
    connection: Connection, rows: list[tuple[str | None, int | None, bool | None, list[str]]]
) -> None:
    """Given any text with tabs, backslashes, quotes and line ends, COPY and arrays bring back the same values."""
    connection.execute("TRUNCATE public.kept")
    keyed = [(uuid4(), *row) for row in rows]
    with connection.cursor() as cursor:
        copy_columns(cursor, _KEPT, [*zip(*[(*row[:4], array_text(row[4])) for row in keyed], strict=True)])
        assert {row[0]: row for row in cursor.execute("SELECT * FROM public.kept")} == {row[0]: row for row in keyed}
        known = [row for row in keyed if None not in row]
        columns = [array_text(column) for column in zip(*[row[:4] for row in known], strict=True)]
        if columns:
            query = "SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::boolean[])"
            assert cursor.execute(query, columns).fetchall() == [row[:4] for row in known]


@pytest.mark.parametrize("kind", ["text", "int", "uuid", "boolean"])
def test_a_value_of_no_known_kind_is_refused(kind: str) -> None:
    """Given a value whose text form would be a guess, it is refused rather than written."""
    with pytest.raises((TypeError, AttributeError)):
        copy_text([(1.5,)], [kind])
