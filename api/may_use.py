"""Who may use a file (được khai thác): the readers of a file as the answers hand them out."""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain.access import AccessRule
from projections.readers import FileUse


class FileReader(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "last_day": "until"}):
    """Nơi được khai thác / who may use it and why: officers of an agency, or one principal whom a decision names.

    rule: under `city-wide` only officers with the city as their reach; basis: as cited, empty where the fact itself is
    the basis; act: index of the act that the rule rests on; from, until: civil days of a grant, both included; ended:
    first day on which the agency is gone, empty while it exists. What a rule does not have is null or empty.
    """

    rule: AccessRule
    agency: UUID | None
    code: str
    name: str
    principal: UUID | None
    basis: str
    act: int | None
    since: str
    last_day: str
    ended: str


def file_readers(use: FileUse) -> tuple[FileReader, ...]:
    """Strongest rule first, each reader once."""
    return tuple(
        FileReader(**{field: getattr(one, field) for field in FileReader.__struct_fields__}) for one in use.may_use
    )
