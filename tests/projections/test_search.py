"""Searching finds Vietnamese words with and without marks, marks first; numbers by their key; never out of scope."""

from __future__ import annotations

import pytest

from projections import scope
from projections.folded_words import LONG_TEXT, fold, query, vector
from projections.scope import AccessScope, access_scope
from projections.search_queries import by_number, mark_of, search
from projections.view import Connection
from tests.projections.story import Story, a


@pytest.fixture(scope="module")
def reader(told: Story) -> Connection:
    """A reader's connection."""
    return told.house.reader()


@pytest.fixture(scope="module")
def auditor(reader: Connection) -> AccessScope:
    """Reads for the whole city."""
    return access_scope(reader, a("agency", "archive"), True, "2026-01-01")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Quyết", "quyet"),
        ("ĐỐNG", "dong"),
        ("Nguyễn", "nguyen"),
        ("nguye\u0302\u0303n", "nguyen"),
        ("Huơ", "huo"),
        ("QĐ", "qd"),
    ],
)
def test_folding_takes_marks_off(written: str, folded: str) -> None:
    """Given a word composed or decomposed, in any case, its folded form has neither marks nor đ."""
    assert fold(written) == folded


def test_a_vector_holds_both_forms_at_one_place() -> None:
    """Given a text, each word stands as written and folded at the same place."""
    assert vector("Cấp đất", weight="A") == "'cấp':8A 'cap':8A 'đất':9A 'dat':9A"
    assert vector("so, so") == "'so':8 'so':9"
    assert vector(None) == vector("") == ""


def test_a_text_that_must_be_measured_gives_the_same_vector(reader: Connection) -> None:
    """Given a text, whether there is room for any such text or its words must be counted, PostgreSQL holds the same."""
    text = "Về việc nâng bậc lương, nâng bậc trước hạn; số 05/QĐ-UBND-2014, Đống Đa." * 5
    whole, measured = vector(text, "B"), vector(text, "B", room=20 * len(text))
    assert whole != measured
    row = reader.execute("SELECT %s::tsvector = %s::tsvector", (whole, measured)).fetchone()
    assert row == (True,)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{number:060}" for number in range(40_000)),
        " ".join("ộ" * 40 + str(number) for number in range(40_000)),
        "lặp " * 100_000,
        "' \\ ''; \0 _ ª İ ﬁ ß",
        "\u0301 \u0301a",
    ],
    ids=["long words", "long marked words", "one word", "odd signs", "marks alone"],
)
def test_no_text_is_too_much_or_too_odd_for_a_vector(reader: Connection, text: str) -> None:
    """Given noise of any size, three vectors of it are still one that PostgreSQL takes."""
    parts = (vector(text, weight="A"), vector(text, weight="C"), vector(text, room=LONG_TEXT))
    row = reader.execute("SELECT length(%s::tsvector || %s::tsvector || %s::tsvector)", parts).fetchone()
    assert row is not None
    assert row[0] > 0


@pytest.mark.parametrize(
    ("typed", "exact", "folded"),
    [
        ("Cấp đất", "('cấp') & ('đất')", "('cap') & ('dat')"),
        ('"cấp đất" trường', "('cấp' <-> 'đất') & ('trường')", "('cap' <-> 'dat') & ('truong')"),
        ("'); DROP TABLE file; --", "('drop') & ('table') & ('file')", "('drop') & ('table') & ('file')"),
        ('  "" !&| ', "", ""),
    ],
)
def test_what_is_typed_becomes_words_only(typed: str, exact: str, folded: str) -> None:
    """Given anything typed, only words reach the database, a quoted phrase in its order."""
    assert (query(typed, exact=True), query(typed, exact=False)) == (exact, folded)


def test_words_are_found_with_and_without_marks_marks_first(
    told: Story, reader: Connection, auditor: AccessScope
) -> None:
    """Given titles with `đất`, typing `dat` finds as many as typing `đất`; words with other marks come later."""
    marked, bare = search(reader, auditor, "đất", 200), search(reader, auditor, "dat", 200)
    assert {hit.id for hit in marked} == {hit.id for hit in bare}
    assert marked
    other = search(reader, auditor, "đạt", 200)
    assert {hit.id for hit in other} == {hit.id for hit in marked}
    assert not any(hit.exact for hit in other)
    assert all(hit.exact for hit in marked)
    mixed = search(reader, auditor, "bàn", 200) + search(reader, auditor, "bản", 200)
    assert [hit.exact for hit in mixed] == sorted((hit.exact for hit in mixed), reverse=True)


def test_text_that_was_read_is_found_and_phrases_hold_together(reader: Connection, auditor: AccessScope) -> None:
    """Given scanned pages, their text is found; a phrase is found only in its order."""
    found = search(reader, auditor, '"xã hội chủ nghĩa"', 200)
    assert {hit.kind for hit in found} == {"document"}
    assert search(reader, auditor, '"hội xã"', 200) == []
    assert {hit.title for hit in found} >= {"Về việc nâng lương"}


def test_pages_follow_each_other_without_gap_or_repetition(reader: Connection, auditor: AccessScope) -> None:
    """Given pages of three, walking by marks gives the same hits as one long page, newest first in each half."""
    whole = search(reader, auditor, "viêc", 200)
    walked: list[object] = []
    after = None
    while page := search(reader, auditor, "viêc", 3, after):
        walked += page
        after = mark_of(page[-1])
    assert walked == whole
    assert len(whole) > 20
    for exact in (True, False):
        dates = [hit.dated for hit in whole if hit.exact is exact]
        assert dates == sorted(dates, reverse=True)


def test_numbers_are_found_by_their_key_described_or_read(reader: Connection, auditor: AccessScope) -> None:
    """Given `05/QĐ-UBND` on a worksheet and `6/QĐ-UBND` read from the page, either finds the document."""
    described = {hit.id for hit in by_number(reader, auditor, "5", "qđ-ubnd")}
    read = {hit.id for hit in by_number(reader, auditor, "006", "QĐ-UBND")}
    assert described & read
    assert {hit.id for hit in search(reader, auditor, " 05/QĐ-UBND ")} == described
    assert search(reader, auditor, "999/QĐ-UBND") == []


def test_a_file_is_found_by_its_code(reader: Connection, auditor: AccessScope) -> None:
    """Given a code as it stands on the cover, with spaces round it, then that file alone, once, if it may be read."""
    rows = reader.execute("SELECT code, id FROM projection.file ORDER BY code").fetchall()
    allowed = reader.execute(f"SELECT f.id FROM projection.file AS f WHERE {scope.WHERE}", auditor.facts).fetchall()
    found = {code: search(reader, auditor, f"  {code} ") for code, _ in rows}
    assert 3 < len(allowed) < len(rows)
    assert {code: [(hit.id, hit.kind) for hit in hits] for code, hits in found.items()} == {
        code: [(key, "file")] if (key,) in allowed else [] for code, key in rows
    }
    code, (hit,) = next((code, hits) for code, hits in found.items() if hits)
    assert search(reader, auditor, code, after=mark_of(hit)) == []
    assert search(reader, access_scope(reader, a("agency", "none"), False, "2026-01-01"), code) == []


def test_nothing_is_found_out_of_scope(reader: Connection) -> None:
    """Given a stranger's agency, words that are there find nothing."""
    stranger = access_scope(reader, a("agency", "none"), False, "2026-01-01")
    assert search(reader, stranger, "đất") == []
    assert by_number(reader, stranger, "5", "QĐ-UBND") == []
