"""Documents (văn bản): as described, as read, side by side; each answer is a reading of the documents named."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery, QueryParameter

from api import cursor as cursors
from api.representation import CONTENT
from api.resource import Asked, content
from api.scope import permit, scope_of
from api.services import Wired
from domain.document import FieldReading
from domain.errors import Refusal
from projections import finding_aid_queries
from projections.finding_aid_queries import DocumentRow, MatchRow

MOST: Final = 500


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one source says of a document, in the metadata circulars' names; null where it was destroyed or absent."""

    TypeName: str
    CodeNumber: str
    CodeNotation: str
    IssuedDate: str
    OrganName: str | None
    Subject: str | None
    SignerInfo: str | None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Another document that is one and the same paper. act: index of the act that matched them."""

    document: UUID
    basis: str
    similarity: int
    act: int


class Document(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một văn bản / a document. described: by the worksheet; read: by the machine, with its readings and engine.

    discrepancies: fields in which the two contradict. scans: where its scans and text are. PageAmount: as described.
    """

    id: UUID
    file: UUID
    DocOrdinal: int
    PageAmount: int
    described: Statement | None
    read: Statement | None
    readings: tuple[FieldReading, ...]
    engine: str
    discrepancies: tuple[str, ...]
    scanned_pages: int
    flags: tuple[str, ...]
    scans: dict[str, str]
    matches: tuple[Match, ...]
    recorded: int


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """Một trang văn bản của hồ sơ / a page of a file's documents, in order."""

    file: UUID
    documents: tuple[Document, ...]
    cursor: str | None


@content("/documents/{document_id:uuid}", "document")
def document(request: Asked, services: Wired, document_id: FromPath[UUID]) -> Response[Document]:
    """Một văn bản / one document."""
    with services.views.connection() as connection:
        scope = scope_of(request, services, connection)
        found = finding_aid_queries.document(connection, document_id)
        if found is None:
            raise Refusal("document-unknown")
        permit(request, connection, scope, found.file, (document_id,))
        matches = finding_aid_queries.matches_of(connection, document_id)
    return Response(_shown(found, matches), headers={"Cache-Control": CONTENT})


@content("/files/{file_id:uuid}/documents", "documents")
def documents(
    request: Asked,
    services: Wired,
    file_id: FromPath[UUID],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 100,
    cursor: FromQuery[str | None] = None,
) -> Response[Documents]:
    """Văn bản của một hồ sơ / a file's documents, a page of them."""
    after = cursors.decode(cursor, tuple[int, UUID]) if cursor else (-1, UUID(int=0))
    with services.views.connection() as connection:
        scope = scope_of(request, services, connection)
        rest = [one for one in finding_aid_queries.documents_of(connection, file_id) if (one.ordinal, one.id) > after]
        page = rest[:limit]
        permit(request, connection, scope, file_id, (file_id, *(one.id for one in page)))
        shown = tuple(_shown(one, finding_aid_queries.matches_of(connection, one.id)) for one in page)
    place = cursors.encode((page[-1].ordinal, page[-1].id)) if len(rest) > limit else None
    links = cursors.next_link(request.url.path, request.query_params.multi_items(), place)
    body = Documents(file=file_id, documents=shown, cursor=place)
    return Response(body, headers={"Cache-Control": CONTENT, **links})


def _shown(row: DocumentRow, matches: list[MatchRow]) -> Document:
    described = Statement(
        TypeName=row.type_name, CodeNumber=row.code_number, CodeNotation=row.code_notation,
        IssuedDate=row.issued_date, OrganName=row.organ, Subject=row.subject, SignerInfo=row.signer,
    )  # fmt: skip
    read = Statement(
        TypeName=row.read_type_name, CodeNumber=row.read_code_number, CodeNotation=row.read_code_notation,
        IssuedDate=row.read_issued_date, OrganName=row.read_organ, Subject=row.read_subject, SignerInfo=row.read_signer,
    )  # fmt: skip
    scans = {"original": row.original, "searchable": row.searchable, "text": row.text}
    return Document(
        id=row.id,
        file=row.file,
        DocOrdinal=row.ordinal,
        PageAmount=row.page_amount,
        described=described if row.described else None,
        read=read if row.recognized else None,
        readings=row.readings,
        engine=row.engine,
        discrepancies=row.discrepancies,
        scanned_pages=row.scanned_pages,
        flags=row.flags,
        scans={kind: f"/documents/{row.id}/{kind}" for kind, blob in scans.items() if blob is not None},
        matches=tuple(_match(row.id, one) for one in matches),
        recorded=row.recorded,
    )


def _match(document_id: UUID, row: MatchRow) -> Match:
    other = row.other if row.reference == document_id else row.reference
    return Match(document=other, basis=row.basis, similarity=row.similarity, act=row.recorded)
