"""Documents: what is read never replaces what the worksheet says, and never silently contradicts it."""

from uuid import UUID

import pytest

from domain.document import (
    DiscrepancyNoted,
    Document,
    DocumentDescribed,
    DocumentDigitized,
    DocumentRecognized,
    DocumentsMatched,
    contradictions,
    digitize,
    match_documents,
)
from domain.errors import Refusal
from domain.sealed import SealedBlob

FILE, OTHER = UUID(int=1), UUID(int=2)
BLOB = SealedBlob(kc="k", nonce="n", ct="c", len=1, blob="b", media="application/pdf")
SCAN = DocumentDigitized(file=FILE, DocOrdinal=1, original=BLOB, searchable=BLOB, text=BLOB, PageAmount=2)


def _described(**fields: str) -> DocumentDescribed:
    return DocumentDescribed(file=FILE, DocOrdinal=1, **fields)  # type: ignore[arg-type] # text fields only


def _read(**fields: str) -> DocumentRecognized:
    return DocumentRecognized(readings=(), engine="tesseract", **fields)  # type: ignore[arg-type] # text fields only


@pytest.mark.parametrize(
    ("said", "read", "fields"),
    [
        ({"CodeNumber": "05"}, {"CodeNumber": "5"}, ()),
        ({"CodeNumber": "15"}, {"CodeNumber": "16"}, ("CodeNumber",)),
        ({"CodeNotation": "QĐ-UBND"}, {"CodeNotation": "qđ-ubnd"}, ()),
        ({"CodeNotation": "QĐ-UBND"}, {"CodeNotation": "QĐ-HĐND"}, ("CodeNotation",)),
        ({"IssuedDate": "2019-05"}, {"IssuedDate": "2019-05-17"}, ()),
        ({"IssuedDate": "2019-05-16"}, {"IssuedDate": "2019-05-17"}, ("IssuedDate",)),
        ({"CodeNumber": "15"}, {}, ()),
        ({}, {"CodeNumber": "15", "IssuedDate": "2019"}, ()),
    ],
)
def test_a_contradiction_is_named(said: dict[str, str], read: dict[str, str], fields: tuple[str, ...]) -> None:
    """Only where both say something, and not the same, is there a contradiction."""
    assert contradictions(_described(**said), _read(**read)) == fields


def test_a_scan_is_taken_in_with_its_reading_and_its_contradictions() -> None:
    """Given a described document, when the reading contradicts it, then that is noted in the same act."""
    read = _read(CodeNumber="16")
    events = digitize(Document(file=FILE, ordinal=1), _described(CodeNumber="15"), SCAN, read)
    assert events == [SCAN, read, DiscrepancyNoted(fields=("CodeNumber",))]
    with pytest.raises(Refusal, match="document-already-digitized"):
        digitize(Document(file=FILE, ordinal=1, digitized=True), None, SCAN, read)


@pytest.mark.parametrize(
    ("documents", "code"),
    [
        ({UUID(int=10): Document(file=FILE, ordinal=1), UUID(int=11): Document(file=OTHER, ordinal=1)}, ""),
        (
            {UUID(int=10): Document(file=FILE, ordinal=1), UUID(int=11): Document(file=FILE, ordinal=2)},
            "match-within-file",
        ),
        ({UUID(int=10): Document(file=FILE, ordinal=1), UUID(int=11): None}, "document-unknown"),
    ],
)
def test_documents_of_different_files_match(documents: dict[UUID, Document | None], code: str) -> None:
    """Matching needs known documents of more than one file."""
    fact = DocumentsMatched(reference=UUID(int=10), others=(UUID(int=11),), basis="x")
    if not code:
        assert match_documents(documents, fact) == [fact]
        return
    with pytest.raises(Refusal, match=code):
        match_documents(documents, fact)
