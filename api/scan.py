"""Scans (bản số hóa) of a document: the PDF as delivered, the searchable PDF, the text read; in ranges where wanted."""

from __future__ import annotations

import base64
from collections.abc import Callable
from uuid import UUID

from litestar import Response
from litestar.params import FromPath

from api.representation import CONTENT, Representation, answer
from api.resource import Asked, content
from api.scope import permit, scope_of
from api.services import Services, Wired
from domain.errors import Refusal
from domain.sealed import SealedBlob
from projections import finding_aid_queries
from projections.finding_aid_queries import DocumentRow

_PDF = "application/pdf"


@content("/documents/{document_id:uuid}/original", "document.original", media_type=_PDF)
def original(request: Asked, services: Wired, document_id: FromPath[UUID]) -> Response[bytes]:
    """Bản quét gốc / the scan exactly as it was delivered."""
    return _released(request, services, document_id, lambda row: row.original)


@content("/documents/{document_id:uuid}/searchable", "document.searchable", media_type=_PDF)
def searchable(request: Asked, services: Wired, document_id: FromPath[UUID]) -> Response[bytes]:
    """PDF tìm kiếm được / the PDF with a text layer made of it."""
    return _released(request, services, document_id, lambda row: row.searchable)


@content("/documents/{document_id:uuid}/text", "document.text", media_type="text/plain")
def text(request: Asked, services: Wired, document_id: FromPath[UUID]) -> Response[bytes]:
    """Chữ nhận dạng được / the text that the machine read."""
    return _released(request, services, document_id, lambda row: row.text)


def _released(
    request: Asked, services: Services, document_id: UUID, blob_of: Callable[[DocumentRow], SealedBlob | None]
) -> Response[bytes]:
    with services.views.connection() as connection:
        scope = scope_of(request, services, connection)
        row = finding_aid_queries.document(connection, document_id)
        if row is None:
            raise Refusal("document-unknown")
        permit(request, connection, scope, row.file, (document_id,))
    blob = blob_of(row)
    if blob is None:
        raise Refusal("document-not-digitized")
    return answer(
        request.headers,
        Representation(
            body=services.blobs.open_blob(blob, document_id),
            media=blob.media,
            # Of the ciphertext, as the public ledger has it: a digest of the plaintext would tell who holds a copy.
            etag=base64.b64decode(blob.ct).hex(),
            cache=CONTENT,
            headers={"Content-Disposition": "inline"},
            ranges=True,
        ),
    )
