"""What a sample is drawn from: all files, those that agencies hold on paper, or those of a fonds."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

import msgspec

from domain.errors import Refusal
from mocban.bootstrap import Product
from mocban.custody.unit_named import is_id, unit_named
from projections.asking import ask_one
from projections.succession_queries import agencies_of, agency, agency_by_code
from projections.view import Connection

_FONDS: Final = "SELECT id, code, name FROM projection.fonds WHERE code = %(given)s OR id::text = %(given)s LIMIT 1"


class Stratum(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """kind: `all`; `holder`: held on paper by one of the agencies `ids`; `fonds`: of the fonds `ids`.

    name: for people; it decides nothing.
    """

    kind: Literal["all", "holder", "fonds"] = "all"
    ids: tuple[UUID, ...] = ()
    name: str = ""

    @property
    def text(self) -> str:
        """As the act has it: `all`, or the kind and the ids, sorted."""
        return " ".join((self.kind, *sorted(map(str, self.ids))))


class _Fonds(msgspec.Struct, frozen=True):
    id: UUID
    code: str
    name: str


def stratum_of(
    product: Product, *, on: str, unit: str | None = None, agency_given: str | None = None, fonds: str | None = None
) -> Stratum:
    """The stratum that a person names; at most one of the three.

    Raises Refusal `unit-unknown`, `unit-not-existing`, `audit-agency-unknown`, `audit-fonds-unknown`.
    """
    with product.views.connection() as connection:
        if unit is not None:
            found = unit_named(connection, unit, on)
            bodies = agencies_of(connection, found.id)
            return Stratum(kind="holder", ids=tuple(sorted(one.id for one in bodies)), name=found.name)
        if agency_given is not None:
            return _of_agency(connection, agency_given, on)
        if fonds is not None:
            held = ask_one(connection, _Fonds, _FONDS, given=fonds)
            if held is None:
                raise Refusal("audit-fonds-unknown", code=fonds[:40])
            return Stratum(kind="fonds", ids=(held.id,), name=f"{held.name} ({held.code})")
    return Stratum()


def _of_agency(connection: Connection, given: str, on: str) -> Stratum:
    found = agency(connection, UUID(given)) if is_id(given) else agency_by_code(connection, given, on)
    if found is None:
        raise Refusal("audit-agency-unknown", code=given[:40])
    return Stratum(kind="holder", ids=(found.id,), name=found.name)
