"""Files (hồ sơ): what the finding aid says of them. Titles are record content, so each answer is a reading."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath, QueryParameter

from api.representation import CONTENT
from api.resource import TEXT, Asked, content
from api.scope import permit, permit_page, scope_of
from api.services import Wired
from domain.access import AccessRule
from domain.agency import Block
from domain.errors import Refusal
from domain.file import GateFault, Rights
from domain.identifiers import nfc
from domain.lot import RetentionClass, WorkState
from projections import finding_aid_queries
from projections.finding_aid_queries import FileRow

_CODE: Final = QueryParameter(
    min_length=1, max_length=200, pattern=TEXT, description="Mã hồ sơ / FileCode, its parts joined by dots"
)
_HEADERS: Final = {"Cache-Control": CONTENT}


class Maintenance(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Thời hạn bảo quản / retention. asWritten: as the paper has it."""

    retention: RetentionClass
    as_written: str


class File(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một hồ sơ / a file, in the metadata circulars' names where they name it.

    Title: null where it was lawfully destroyed. gate: `waiting`, `admitted` or `sent-back`, for the faults named.
    recorded: index of the act that registered it. destroyed: of the act that says its content is gone, else null.
    """

    id: UUID
    fonds: UUID
    FileCode: str
    Title: str | None
    Maintenance: Maintenance
    Rights: Rights
    StartDate: str
    EndDate: str
    state: WorkState
    arranged: bool
    block: Block | None
    list_no: str
    sheets: int
    volumes: int
    box: str
    place: str
    gate: str
    faults: tuple[GateFault, ...]
    digital: bool
    recorded: int
    destroyed: int | None


class ReadFile(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A file and the rule by which its content was released. basis: of a grant, the decision's number."""

    file: File
    rule: AccessRule
    basis: str = ""


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one code that the reader may use; normally one."""

    files: tuple[File, ...]


@content("/files/{file_id:uuid}", "file")
def file(request: Asked, services: Wired, file_id: FromPath[UUID]) -> Response[ReadFile]:
    """Một hồ sơ / one file."""
    with services.views.connection() as connection:
        scope = scope_of(request, services, connection)
        permission = permit(request, connection, scope, file_id, (file_id,))
        found = finding_aid_queries.file(connection, file_id)
    if found is None:
        raise Refusal("file-unknown")
    return Response(ReadFile(file=shown(found), rule=permission.rule, basis=permission.basis), headers=_HEADERS)


@content("/files", "files")
def files(request: Asked, services: Wired, code: Annotated[str, _CODE]) -> Response[Files]:
    """Hồ sơ theo mã / the file with a code."""
    with services.views.connection() as connection:
        scope = scope_of(request, services, connection)
        found = finding_aid_queries.files_by_code(connection, nfc(code).strip())
        if not found:
            raise Refusal("file-unknown")
        if len(found) == 1:
            permit(request, connection, scope, found[0].id, (found[0].id,))
            allowed = frozenset({found[0].id})
        else:
            allowed = permit_page(request, connection, scope, [(one.id, one.id) for one in found])
    return Response(Files(files=tuple(shown(one) for one in found if one.id in allowed)), headers=_HEADERS)


def shown(row: FileRow) -> File:
    """A file as the API tells it."""
    return File(
        id=row.id,
        fonds=row.fonds,
        FileCode=row.code,
        Title=row.title,
        Maintenance=Maintenance(retention=row.retention, as_written=row.retention_as_written),
        Rights=row.rights,
        StartDate=row.start_date,
        EndDate=row.end_date,
        state=row.state,
        arranged=row.arranged,
        block=row.block,
        list_no=row.list_no,
        sheets=row.sheets,
        volumes=row.volumes,
        box=row.box,
        place=row.place,
        gate=row.gate,
        faults=row.faults,
        digital=row.digital,
        recorded=row.recorded,
        destroyed=row.destroyed,
    )
