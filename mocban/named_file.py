"""The file or document that a person names on the command line: by its code, or by its id."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.errors import Refusal
from mocban.bootstrap import Product
from projections import finding_aid_queries


class NamedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the ledger. code: its FileCode, parts joined by dots."""

    id: UUID
    code: str


def named_file(product: Product, given: str) -> NamedFile:
    """By FileCode or UUID, as the views have it now. Raises Refusal `file-not-found`, `file-named-twice`."""
    with product.views.connection() as connection:
        found = finding_aid_queries.files_by_code(connection, given)
        if not found and (id_given := _uuid(given)) is not None:
            one = finding_aid_queries.file(connection, id_given)
            found = [one] if one is not None else []
    if not found:
        raise Refusal("file-not-found", code=given)
    if len(found) > 1:
        raise Refusal("file-named-twice", code=given, count=len(found))
    return NamedFile(id=found[0].id, code=found[0].code)


def document_of(product: Product, file: NamedFile, ordinal: int) -> UUID:
    """The document with an ordinal in a file. Raises Refusal `document-not-in-file`."""
    with product.views.connection() as connection:
        for one in finding_aid_queries.documents_of(connection, file.id):
            if one.ordinal == ordinal:
                return one.id
    raise Refusal("document-not-in-file", code=file.code, ordinal=ordinal)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
