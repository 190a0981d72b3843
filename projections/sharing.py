"""What lets bodies read that neither have a file nor made it: successions, former districts, city offices, grants.

Read once for many files: nothing here depends on the day or the act that a question names, each row says from when on
and from which act on it counts. The set-wise form of `projections.scope`, asked of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final
from uuid import UUID

import msgspec

from domain.access import AccessRule
from domain.fonds import CustodyLine
from domain.readers import Reader
from projections.access_grants import GrantRow, grants_over
from projections.asking import ask
from projections.view import Connection


class FondsShared(msgspec.Struct, frozen=True, kw_only=True):
    """A fonds as far as reading depends on it. opened: act that opened it; came: those who create it since later, each
    with the day and the act."""

    id: UUID
    line: CustodyLine
    creators: tuple[UUID, ...]
    opened: int | None = None
    came: dict[UUID, tuple[str, int]] = {}

    def creators_of(self, ended: str, on: str, known_at: int) -> list[UUID]:
        """Who created a file that ended then (ISO, maybe a month or year or empty), as of a day and known at an act."""
        return [one for one in self.creators if self._made(one, ended, on, known_at)]

    def _made(self, creator: UUID, ended: str, on: str, known_at: int) -> bool:
        came = self.came.get(creator)
        if came is None:
            return True
        since, act = came
        return since <= on and act <= known_at and not (ended and since[: len(ended)] > ended)


class _Came(msgspec.Struct, frozen=True, kw_only=True):
    """An agency creates a fonds since a day, by a reorganization."""

    fonds: UUID
    creator: UUID
    since: str
    act: int


class _Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Officers of an agency read a creator's open, finished files from a day and an act on, before the day `until`."""

    fonds: UUID
    creator: UUID
    agency: UUID
    rule: AccessRule
    since: str
    act: int
    basis: str
    until: str


class _Office(msgspec.Struct, frozen=True, kw_only=True):
    """An agency with officers whose reach is the city, since an act."""

    agency: UUID
    act: int


_FONDS: Final = """
SELECT f.id, f.line, f.creators, (SELECT min(a.recorded) FROM projection.assignment AS a WHERE a.fonds = f.id) AS opened
FROM projection.fonds AS f WHERE f.id = ANY (%(fonds)s)
"""
_CAME: Final = """
SELECT fonds, creator, min(since) AS since, min(recorded) AS act FROM projection.creatorship
WHERE fonds = ANY (%(fonds)s) AND reorganization IS NOT NULL GROUP BY fonds, creator
"""
# From each creator, or from each unit in its ended district, along the enacted successions: of units to whichever
# agency of that block and kind (agency null), of agencies to those that took over. A unit that is itself in the ended
# district, and goes on, reads while it exists. OFFSET 0 keeps a planner that knows not how few they are from reading
# every agency and succession.
_REACH: Final = """
WITH RECURSIVE made AS (
    SELECT f.id AS fonds, a.id, a.unit, a.block, a.kind FROM projection.fonds AS f
    JOIN projection.agency AS a ON a.id = ANY (f.creators) WHERE f.id = ANY (%(fonds)s)
),
ahead AS (
    SELECT fonds, id AS creator, unit AS origin, unit, block, kind, id AS agency, 'successor-function' AS rule,
           '' COLLATE "C" AS since, -1::bigint AS act, '' AS basis, '' COLLATE "C" AS until
    FROM made
    UNION
    SELECT made.fonds, made.id, made.unit, below.id, made.block, made.kind, NULL, 'territory', d.valid_to,
           coalesce((SELECT max(r.enacted) FROM projection.succession AS s
                     JOIN projection.reorganization AS r ON r.id = s.reorganization AND r.state = 'enacted'
                     WHERE s.unit = d.id AND r.effective = d.valid_to), -1),
           d.ended_by, below.valid_to
    FROM made JOIN projection.unit AS d ON d.id = made.unit AND d.level = 'district' AND d.valid_to <> ''
    JOIN projection.unit AS below ON below.parent = d.id
    UNION
    SELECT ahead.fonds, ahead.creator, ahead.origin, step.unit, step.block, step.kind, step.agency, ahead.rule,
           greatest(ahead.since, r.effective), greatest(ahead.act, r.enacted),
           concat_ws(', ', r.instrument ->> 'number', step.clause), ''
    FROM ahead
    CROSS JOIN LATERAL (
        (SELECT s.reorganization, s.successor AS unit, ahead.block, ahead.kind, NULL::uuid AS agency,
               CASE WHEN s.clause ~ '^[0-9]+$' THEN 'khoản ' || s.clause ELSE nullif(s.clause, '') END AS clause
        FROM projection.succession AS s WHERE s.unit = ahead.unit AND s.change <> 'boundary-adjusted' OFFSET 0)
        UNION ALL
        (SELECT s.reorganization, b.unit, b.block, b.kind, b.id, NULL
        FROM projection.agency AS a JOIN projection.agency_succession AS s ON s.agency = a.id
        JOIN projection.agency AS b ON b.id = s.successor
        WHERE a.unit = ahead.unit AND a.block = ahead.block AND a.kind = ahead.kind
          AND (ahead.agency IS NULL OR a.id = ahead.agency) AND s.change <> 'boundary-adjusted' OFFSET 0)
    ) AS step
    JOIN projection.reorganization AS r ON r.id = step.reorganization
    WHERE r.state = 'enacted' AND step.unit IS NOT NULL
)
SELECT ahead.fonds, ahead.creator, a.id AS agency, ahead.rule, ahead.since, ahead.act, ahead.basis, ahead.until
FROM ahead
CROSS JOIN LATERAL (
    SELECT a.id, a.code FROM projection.agency AS a
    WHERE a.unit = ahead.unit AND a.block = ahead.block AND a.kind = ahead.kind AND a.id <> ahead.creator
      AND (a.id = ahead.agency OR (ahead.agency IS NULL AND a.unit <> ahead.origin)) OFFSET 0
) AS a
ORDER BY ahead.fonds, ahead.rule, ahead.since, ahead.act, a.code, a.id, ahead.basis
"""
_OFFICES: Final = """
SELECT agency, min(recorded) AS act FROM projection.principal WHERE city_wide GROUP BY agency ORDER BY act, agency
"""


class Sharing:
    """The rules over some fonds and files, as far as they were read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._offices = [
            (one.act, Reader(rule=AccessRule.CITY_WIDE, agency=one.agency, act=one.act))
            for one in ask(connection, _Office, _OFFICES)
        ]
        self._fonds: dict[UUID, FondsShared] = {}
        self._reach: defaultdict[UUID, list[tuple[_Reach, Reader]]] = defaultdict(list)
        self._granted: dict[UUID, list[GrantRow]] = {}

    def read(self, fonds: Collection[UUID], files: Collection[UUID]) -> None:
        """Learn what concerns these fonds, where that is not known yet, and these files."""
        new = [one for one in set(fonds) if one not in self._fonds]
        if new:
            self._fonds |= {one.id: one for one in ask(self._connection, FondsShared, _FONDS, fonds=new)}
            for came in ask(self._connection, _Came, _CAME, fonds=new):
                self._fonds[came.fonds].came[came.creator] = came.since, came.act
            for row in ask(self._connection, _Reach, _REACH, fonds=new):
                reader = Reader(rule=row.rule, agency=row.agency, basis=row.basis, act=_act(row.act))
                self._reach[row.fonds].append((row, reader))
        self._granted = _by_what(grants_over(self._connection, files, fonds), {*files, *fonds})

    def fonds(self, fonds: UUID) -> FondsShared:
        """The fonds; it was read."""
        return self._fonds[fonds]

    def claims(self, file: UUID, fonds: UUID, ended: str, on: str, known_at: int) -> Iterator[Reader]:
        """Who would read the file by some rule on a civil day, as known after an act; whether it holds is not asked.

        ended: the file's last date, as registered.
        """
        for recorded, reader in self._offices:
            if recorded <= known_at:
                yield reader
        yield from self._of_bodies(fonds, ended, on, known_at)
        for given in (*self._granted.get(file, ()), *self._granted.get(fonds, ())):
            if given.in_force(on, known_at):
                yield given.reader

    def of_fonds(self, on: str, known_at: int) -> Iterator[tuple[UUID, Reader]]:
        """Each fonds that was read with its creators and those who came after them, as `claims` has them."""
        for fonds in self._fonds:
            for reader in self._of_bodies(fonds, "", on, known_at):
                yield fonds, reader

    def _of_bodies(self, fonds: UUID, ended: str, on: str, known_at: int) -> Iterator[Reader]:
        known = self._fonds[fonds]
        creators = known.creators_of(ended, on, known_at) if known.came else known.creators
        for creator in creators:
            act = known.came[creator][1] if creator in known.came else known.opened
            yield Reader(rule=AccessRule.CREATOR, agency=creator, act=act)
        for row, reader in self._reach.get(fonds, ()):
            known_then = row.since <= on and row.act <= known_at and (not row.until or on < row.until)
            if known_then and row.creator in creators:
                yield reader


def _by_what(given: list[GrantRow], wanted: set[UUID]) -> dict[UUID, list[GrantRow]]:
    """By file and fonds, as far as these were asked for."""
    by_what: defaultdict[UUID, list[GrantRow]] = defaultdict(list)
    for one in given:
        for what in wanted.intersection((*one.files, *one.fonds)):
            by_what[what].append(one)
    return dict(by_what)


def _act(index: int) -> int | None:
    return index if index >= 0 else None
