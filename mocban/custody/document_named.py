"""A document as a command names it: by our id, or by its file's code and its place in the file."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.errors import Refusal
from domain.identifiers import nfc
from mocban.custody.unit_named import is_id
from projections.view import Connection

_PLACED: Final = """
SELECT d.id FROM projection.document AS d JOIN projection.file AS f ON f.id = d.file
WHERE f.code = %s AND d.ordinal = %s
"""
_DIGITS: Final = 8


def document_named(connection: Connection, text: str) -> UUID:
    """The document of an id, or of a place such as H26.41.2019.05/2. Raises Refusal `document-unknown`."""
    if is_id(text):
        return UUID(text)
    code, _, ordinal = text.replace("\0", "").rpartition("/")
    placed = (
        (nfc(code), int(ordinal)) if ordinal.isascii() and ordinal.isdecimal() and len(ordinal) <= _DIGITS else None
    )
    row = connection.execute(_PLACED, placed).fetchone() if placed else None
    if row is None:
        raise Refusal("document-unknown")
    return UUID(str(row[0]))
