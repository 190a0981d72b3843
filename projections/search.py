"""Search: titles, subjects and read text of files and documents, with or without Vietnamese marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from domain.document import DocumentDescribed, DocumentDigitized, DocumentRecognized
from domain.event import Event
from domain.file import FileDestroyed, FileRegistered
from projections.folded_words import LONG_TEXT, vector
from projections.page_rows import KeyedRows, Table
from projections.sealed_text import SealedText
from projections.view import Cursor, Recorded

SEARCH_ENTRY: Final = Table(
    name="search_entry",
    columns={
        "id": "uuid",
        "kind": "text",
        "file": "uuid",
        "dated": "text",
        "read_dated": "text",
        "described": "tsvector",
        "recognized": "tsvector",
        "body": "tsvector",
    },
)
_BLANK: Final = {"dated": "", "read_dated": "", "described": "", "recognized": "", "body": ""}


class Search:
    """The view. What was destroyed is found no more from that act on."""

    name = "search"
    tables = ("search_entry",)
    reads: frozenset[type[Event]] = frozenset(
        {FileRegistered, DocumentDescribed, DocumentDigitized, DocumentRecognized, FileDestroyed}
    )

    def __init__(self, texts: SealedText) -> None:
        self._texts = texts

    def fold(self, cursor: Cursor, page: Sequence[Recorded]) -> None:
        """Write what the page changes."""
        blobs = [scan.text for one in page if type(scan := one.event) is DocumentDigitized]
        texts = self._texts.opened(_sealed_members(page), blobs)
        entries = KeyedRows(SEARCH_ENTRY)
        for recorded in page:
            match recorded.event:
                case FileRegistered() as file:
                    title = vector(texts.of(recorded, "Title"), weight="A")
                    facts = {"dated": file.EndDate or file.StartDate, "described": title}
                    entries.begin(recorded.stream, kind="file", file=recorded.stream, **{**_BLANK, **facts})
                case DocumentDescribed() as described:
                    subject = vector(texts.of(recorded, "Subject"), weight="B")
                    facts = {"dated": described.IssuedDate, "described": subject}
                    _document(entries, recorded, described.file, facts)
                case DocumentDigitized() as scan:
                    body = vector(texts.of_blob(recorded, scan.text), room=LONG_TEXT)
                    _document(entries, recorded, scan.file, {"body": body})
                case DocumentRecognized() as read:
                    subject = vector(texts.of(recorded, "Subject"), weight="C")
                    entries.change(recorded.stream, read_dated=read.IssuedDate, recognized=subject)
                case FileDestroyed() as gone:
                    for one in (recorded.stream, *gone.documents):
                        entries.change(one, described="", recognized="", body="")
                case _:
                    pass
        entries.write(cursor)


def _document(entries: KeyedRows, recorded: Recorded, file: UUID, facts: dict[str, Any]) -> None:
    """A document begins with its stream, described or scanned first."""
    if recorded.version == 1:
        entries.begin(recorded.stream, kind="document", file=file, **{**_BLANK, **facts})
    else:
        entries.change(recorded.stream, file=file, **facts)


def _sealed_members(page: Sequence[Recorded]) -> Iterator[tuple[Recorded, str]]:
    for recorded in page:
        match recorded.event:
            case FileRegistered():
                yield recorded, "Title"
            case DocumentDescribed() | DocumentRecognized():
                yield recorded, "Subject"
            case _:
                pass
