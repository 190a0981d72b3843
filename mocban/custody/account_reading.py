"""What a unit's bodies may read that they neither have nor must have: by which rule, on what basis, how many files.

The rules are `domain.readers`; here they are asked fonds by fonds, for accounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final
from uuid import UUID

import msgspec

from domain.access import AccessRule
from domain.fonds import CustodyLine
from domain.readers import ORDER, Reader
from mocban.custody.account import AccountReading, AccountUnit, Body
from projections.access_grants import GrantRow, grants
from projections.asking import ask
from projections.city_map import CityMap
from projections.sharing import Sharing
from projections.view import Connection

_OF_FUNCTION: Final = frozenset({AccessRule.SUCCESSOR_FUNCTION, AccessRule.TERRITORY})
_PLACE: Final = {rule: place for place, rule in enumerate(ORDER)}


class _Count(msgspec.Struct, frozen=True, kw_only=True):
    """Files of a fonds. open_finished: those that a function or a territory opens; closed: those that need a grant."""

    fonds: UUID
    files: int
    open_finished: int
    closed: int


class _Granted(msgspec.Struct, frozen=True, kw_only=True):
    """How many files of a fonds a grant names one by one."""

    id: UUID
    fonds: UUID
    files: int


_COUNTS: Final = """
SELECT fonds, count(*) AS files, count(*) FILTER (WHERE rights = 'open' AND state = 'finished') AS open_finished,
       count(*) FILTER (WHERE rights <> 'open') AS closed
FROM projection.file WHERE recorded <= %(known_at)s AND fonds = ANY (%(fonds)s) GROUP BY fonds
"""
_GRANTED: Final = """
SELECT g.id, f.fonds, count(*) AS files FROM projection.access_grant AS g
JOIN projection.file AS f ON f.id = ANY (g.files) AND f.recorded <= %(known_at)s
WHERE g.id = ANY (%(ids)s) GROUP BY g.id, f.fonds
"""


class Readings:
    """What bodies may read, over one replay."""

    def __init__(self, connection: Connection, city: CityMap, on: str, known_at: int, fonds: Collection[UUID]) -> None:
        self._city = city
        sharing = Sharing(connection)
        sharing.read(fonds, ())
        self._lines = {one: sharing.fonds(one).line for one in fonds}
        given = [one for one in grants(connection) if one.agency is not None and one.in_force(on, known_at)]
        counted = {*fonds, *(one for grant in given for one in grant.fonds)}
        self._counts = {
            row.fonds: row for row in ask(connection, _Count, _COUNTS, known_at=known_at, fonds=list(counted))
        }
        self._by_agency: defaultdict[UUID, list[tuple[UUID, Reader, int | None]]] = defaultdict(list)
        for one, reader in sharing.of_fonds(on, known_at):
            self._add(one, reader)
        one_by_one = ask(connection, _Granted, _GRANTED, known_at=known_at, ids=[one.id for one in given])
        for one, reader, files in _of_grants(given, one_by_one):
            self._add(one, reader, files)

    def of(self, bodies: Iterable[Body], told: Callable[[UUID], AccountUnit | None]) -> tuple[AccountReading, ...]:
        """Of some bodies, by body, rule and fonds. told: a unit as accounts name it."""
        return tuple(
            reading
            for body in bodies
            for fonds, reader, files in sorted(self._by_agency.get(body.id, ()), key=self._order)
            if (reading := self._reading(body, fonds, reader, files, told)) is not None
        )

    def _add(self, fonds: UUID, reader: Reader, files: int | None = None) -> None:
        if reader.agency is not None:
            self._by_agency[reader.agency].append((fonds, reader, files))

    def _order(self, one: tuple[UUID, Reader, int | None]) -> tuple[int, str, str]:
        fonds, reader, _ = one
        return _PLACE[reader.rule], self._city.fonds[fonds].code, str(fonds)

    def _reading(
        self,
        body: Body,
        fonds: UUID,
        reader: Reader,
        named: int | None,
        told: Callable[[UUID], AccountUnit | None],
    ) -> AccountReading | None:
        count = self._counts.get(fonds)
        if count is None:
            return None
        files, closed = (count.files if named is None else named), 0
        if reader.rule in _OF_FUNCTION:
            party = self._lines[fonds] is CustodyLine.PARTY
            files, closed = (0, count.files) if party else (count.open_finished, count.closed)
        row = self._city.fonds[fonds]
        creator = self._city.agencies.get(row.creators[0])
        return AccountReading(
            body=body,
            rule=reader.rule,
            basis=reader.basis,
            act=reader.act,
            since=reader.since,
            last_day=reader.last_day,
            unit=told(creator.unit) if creator else None,
            fonds=fonds,
            fonds_code=row.code,
            fonds_name=row.name,
            files=files,
            needs_grant=closed,
        )


def _of_grants(given: Iterable[GrantRow], one_by_one: Iterable[_Granted]) -> Iterator[tuple[UUID, Reader, int | None]]:
    """Fonds, reader, and how many files where they are named one by one."""
    by_id = {one.id: one for one in given}
    for grant in by_id.values():
        for fonds in grant.fonds:
            yield fonds, grant.reader, None
    for row in one_by_one:
        grant = by_id[row.id]
        if row.fonds not in grant.fonds:
            yield row.fonds, grant.reader, row.files
