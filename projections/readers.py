"""Who may read files, on a day, as known at an act: the third fact beside who must have and who has them.

Whoever has or must have a carrier that there is reads, as in `projections.scope`; the rules are `domain.readers`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Self
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from domain.access import AccessRule
from domain.file import Rights
from domain.lot import WorkState
from domain.readers import Reader, for_others, readers
from projections.asking import ask
from projections.sharing import Sharing
from projections.single_assignment import must_have
from projections.view import Connection


class ReadingQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Who may read a file on the civil day `on` (ISO), as known after act `known_at`."""

    file: UUID
    on: str
    known_at: int


class Readership(msgspec.Struct, frozen=True, kw_only=True):
    """Who may read a file. others: why nobody else does, `needs-grant` or `no-rule`; None while it is not known."""

    readers: tuple[Reader, ...] = ()
    others: AccessRule | None = None


class ReaderBody(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that may read. valid_to: first day it is gone, empty while it exists."""

    id: UUID
    code: str
    name: str
    valid_to: str


class NamedReader(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"since": "from", "last_day": "until"}
):
    """A reader as it is handed out, with code and name of its agency. ended: first day it is gone, where that is past;
    the rest as in `domain.readers.Reader`."""

    rule: AccessRule
    agency: UUID | None = None
    code: str = ""
    name: str = ""
    principal: UUID | None = None
    basis: str = ""
    act: int | None = None
    since: str = ""
    last_day: str = ""
    ended: str = ""

    @classmethod
    def of(cls, reader: Reader, body: ReaderBody | None, on: str) -> Self:
        """With what is known of its agency."""
        return cls(
            rule=reader.rule,
            agency=reader.agency,
            code=body.code if body else "",
            name=body.name if body else "",
            principal=reader.principal,
            basis=reader.basis,
            act=reader.act,
            since=reader.since,
            last_day=reader.last_day,
            ended=body.valid_to if body and body.valid_to <= on else "",
        )


class FileUse(msgspec.Struct, frozen=True, kw_only=True):
    """Who may use one file, as it is handed out. others_may_use: why nobody else may, None where nothing is known."""

    may_use: tuple[NamedReader, ...] = ()
    others_may_use: AccessRule | None = None


_KEEPERS: Final = f"""
SELECT q.number, f.id, f.fonds, f.rights, f.state, f.end_date, has.holder, has.recorded, has.basis,
       CASE WHEN on_carrier.digital = 0 OR has.holder IS NOT NULL THEN must.receiver END, must.recorded, must.basis
FROM unnest(%(file)b::uuid[], %(on)b::text[], %(known_at)b::bigint[])
     WITH ORDINALITY AS q (file, day, known_at, number)
JOIN projection.file AS f ON f.id = q.file AND f.recorded <= q.known_at
CROSS JOIN (VALUES ('paper', 0), ('digital', 1)) AS on_carrier (carrier, digital)
CROSS JOIN LATERAL (
    {
    must_have(
        file="f.id",
        carrier="on_carrier.carrier",
        fonds="f.fonds",
        lot="f.lot + on_carrier.digital",
        day="q.day",
        known_at="q.known_at",
    )
}
) AS must
LEFT JOIN LATERAL (
    SELECT h.holder, h.recorded, h.basis FROM projection.held AS h
    WHERE h.file = f.id AND h.carrier = on_carrier.carrier AND h.effective <= q.day AND h.recorded <= q.known_at
    ORDER BY h.effective DESC, h.recorded DESC, h.position LIMIT 1
) AS has ON true
ORDER BY q.number, on_carrier.digital
"""  # noqa: S608  constants of this module
_BODIES: Final = "SELECT {columns} FROM projection.agency WHERE id = ANY (%(ids)s)"


class _Kept(msgspec.Struct, frozen=True):
    """A file and those who have or must have it."""

    file: UUID
    fonds: UUID
    rights: Rights
    state: WorkState
    ended: str
    keepers: list[Reader]


def readership_of_each(
    connection: Connection, questions: Sequence[ReadingQuestion], sharing: Sharing | None = None
) -> list[Readership]:
    """Who may read each file; nobody known where no act had registered it by then.

    sharing: what an earlier call has read, on the same state of the views.
    """
    kept = _kept(connection, questions)
    rules = sharing or Sharing(connection)
    rules.read({one.fonds for one in kept.values()}, {one.file for one in kept.values()})
    return [
        _readership(kept[number], rules, question) if number in kept else Readership()
        for number, question in enumerate(questions, 1)
    ]


def use_of_each(connection: Connection, questions: Sequence[ReadingQuestion]) -> list[FileUse]:
    """Who may use each file, with code and name of each agency."""
    found = readership_of_each(connection, questions)
    bodies = reader_bodies(connection, found)
    return [
        FileUse(may_use=named_readers(one, bodies, asked.on), others_may_use=one.others)
        for one, asked in zip(found, questions, strict=True)
    ]


def use_of(connection: Connection, file: UUID, on: str, known_at: int) -> FileUse:
    """Who may use one file on the civil day `on` (ISO), as known after act `known_at`."""
    return use_of_each(connection, [ReadingQuestion(file=file, on=on, known_at=known_at)])[0]


def named_readers(found: Readership, bodies: dict[UUID, ReaderBody], on: str) -> tuple[NamedReader, ...]:
    """With code and name of each agency."""
    return tuple(NamedReader.of(one, bodies.get(one.agency) if one.agency else None, on) for one in found.readers)


def reader_bodies(
    connection: Connection, found: Iterable[Readership], known: Collection[UUID] = ()
) -> dict[UUID, ReaderBody]:
    """The agencies that the readers belong to, those apart that are known already."""
    named = {reader.agency for one in found for reader in one.readers if reader.agency is not None}
    ids = list(named.difference(known))
    return {one.id: one for one in ask(connection, ReaderBody, _BODIES, ids=ids)} if ids else {}


def _readership(kept: _Kept, rules: Sharing, asked: ReadingQuestion) -> Readership:
    line = rules.fonds(kept.fonds).line
    claims = (*kept.keepers, *rules.claims(kept.file, kept.fonds, kept.ended, asked.on, asked.known_at))
    return Readership(readers=readers(line, kept.rights, kept.state, claims), others=for_others(line, kept.rights))


def _kept(connection: Connection, questions: Sequence[ReadingQuestion]) -> dict[int, _Kept]:
    """By the question's number, from 1."""
    facts = {
        "file": [one.file for one in questions],
        "on": [one.on for one in questions],
        "known_at": [one.known_at for one in questions],
    }
    kept: dict[int, _Kept] = {}
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        for number, file, fonds, rights, state, ended, *keepers in cursor.execute(_KEEPERS, facts):
            one = kept.setdefault(number, _Kept(file, fonds, Rights(rights), WorkState(state), ended, []))
            one.keepers.extend(_keepers(*keepers))
    return kept


def _keepers(
    holder: UUID | None, held: int, held_by: str, receiver: UUID | None, assigned: int, assigned_by: str
) -> Iterator[Reader]:
    if holder is not None:
        yield Reader(rule=AccessRule.HOLDER, agency=holder, basis=held_by or "", act=held)
    if receiver is not None:
        yield Reader(rule=AccessRule.ASSIGNEE, agency=receiver, basis=assigned_by or "", act=assigned)
