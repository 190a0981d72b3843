"""Questions of custody as lines of JSON, and an answer for each line, in the order asked.

A line that cannot be answered gets a problem in its place; the others are answered all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Annotated, Final, Self
from uuid import UUID

import msgspec

from domain.custody import Custody, HoldingState
from domain.errors import Refusal
from domain.identifiers import nfc
from domain.lot import Carrier
from mocban.custody.day import full_day
from projections.custody_batch import AgencyName, FileQuestion, agency_names, custody_of_each, last_act
from projections.view import Connection

BATCH: Final = 1_000
"""Questions in one query."""
_SHOWN: Final = 80  # letters of what was written that a problem repeats
_PLACE: Final = re.compile(r"`\$\.?(?P<member>[^`]*)`$")


class AskedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as written. known_at: not a member, and so easily taken for `known_at_index` that it is refused."""

    file: str
    carrier: Carrier
    date: str
    known_at_index: Annotated[int, msgspec.Meta(ge=0)] | None = None
    known_at: msgspec.UnsetType | None = msgspec.UNSET


class Because(msgspec.Struct, frozen=True, kw_only=True):
    """Indexes of the acts that the two facts rest on; absent where there is no such fact."""

    assigned_to: int | None
    held_by: int | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. line: of the question, from 1. Agencies by our id; None where nobody is named or known.

    known: whether anything was known then of who has that carrier of the file. reconstructed: whether an agency it
    names, or its unit, has dates inferred from rosters.
    """

    line: int
    assigned_to: UUID | None
    assigned_to_code: str | None
    assigned_to_name: str | None
    held_by: UUID | None
    held_by_code: str | None
    held_by_name: str | None
    state: HoldingState
    known: bool
    because: Because
    reconstructed: bool


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What was wrong with a question, in both languages."""

    code: str
    vi: str
    en: str

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """The refusal's code and texts."""
        return cls(code=refusal.code, vi=refusal.vi, en=refusal.en)


class Unanswered(msgspec.Struct, frozen=True, kw_only=True):
    """A line that has no answer, and why."""

    line: int
    problem: Trouble


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its answer. asked: None where the line could not be read."""

    asked: FileQuestion | None
    answer: Answer | Unanswered


def answer_all(connection: Connection, lines: Iterable[bytes]) -> Iterator[Exchange]:
    """Answer line by line, all from one state of the ledger; empty lines ask nothing and are only counted."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    with one_state(connection):
        names: dict[UUID, AgencyName] = {}
        last = last_act(connection)
        while batch := list(islice(numbered, BATCH)):
            yield from _answer_batch(connection, batch, last, names)


@contextmanager
def one_state(connection: Connection) -> Iterator[None]:
    """Everything asked in the block is answered as of one moment, whatever is recorded meanwhile."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def read_question(line: bytes, last: int) -> FileQuestion:
    """The question of a line. last: index of the newest act.

    Raises Refusal: `question-not-json`, `question-unfit`, `question-date-partial`, `date-impossible`,
    `act-not-recorded`.
    """
    try:
        asked = msgspec.json.decode(line, type=AskedLine)
    except msgspec.ValidationError as error:
        raise _malformed(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("question-not-json") from error
    known_at = last if asked.known_at_index is None else asked.known_at_index
    if known_at > last:
        raise Refusal("act-not-recorded", index=known_at, last=last)
    return FileQuestion(file=nfc(asked.file), carrier=asked.carrier, on=full_day(asked.date), known_at=known_at)


def _malformed(told: str) -> Refusal:
    """Name the member, never repeat what was written there."""
    if told.startswith("Expected `object`"):
        return Refusal("question-not-json")
    member = next(iter(re.findall(r"missing required field `(\w+)`", told)), "")
    place = _PLACE.search(told)
    return Refusal("question-unfit", where=member or (place["member"] if place else "?"))


def _answer_batch(
    connection: Connection, batch: Sequence[tuple[int, bytes]], last: int, names: dict[UUID, AgencyName]
) -> Iterator[Exchange]:
    read = [_try_to_read(line, last) for _, line in batch]
    asked = [one for one in read if isinstance(one, FileQuestion)]
    found = custody_of_each(connection, asked)
    new = {id_ for many in found for one in many for id_ in (one.assigned_to, one.held_by) if id_} - names.keys()
    names |= agency_names(connection, new)
    answers = iter(found)
    for (number, _), one in zip(batch, read, strict=True):
        if isinstance(one, Refusal):
            yield Exchange(asked=None, answer=Unanswered(line=number, problem=Trouble.of(one)))
        else:
            yield Exchange(asked=one, answer=_told(number, one, next(answers), names))


def _try_to_read(line: bytes, last: int) -> FileQuestion | Refusal:
    try:
        question = read_question(line, last)
    except Refusal as refusal:
        return refusal
    # PostgreSQL has no text with such a letter in it, and so there is no file with such a code.
    if "\0" in question.file:
        return Refusal("question-file-unknown", code=question.file.replace("\0", "?")[:_SHOWN])
    return question


def _told(
    number: int, asked: FileQuestion, found: Sequence[Custody], names: dict[UUID, AgencyName]
) -> Answer | Unanswered:
    if len(found) != 1:
        what = "question-file-ambiguous" if found else "question-file-unknown"
        refusal = Refusal(what, code=asked.file[:_SHOWN], count=len(found))
        return Unanswered(line=number, problem=Trouble.of(refusal))
    custody = found[0]
    must = names.get(custody.assigned_to) if custody.assigned_to else None
    has = names.get(custody.held_by) if custody.held_by else None
    return Answer(
        line=number,
        assigned_to=custody.assigned_to,
        assigned_to_code=must.code if must else None,
        assigned_to_name=must.name if must else None,
        held_by=custody.held_by,
        held_by_code=has.code if has else None,
        held_by_name=has.name if has else None,
        state=custody.state,
        known=custody.known,
        because=Because(assigned_to=_act(custody.because_assigned), held_by=_act(custody.because_held)),
        reconstructed=any(body is not None and body.reconstructed for body in (must, has)),
    )


def _act(index: int) -> int | None:
    return index if index >= 0 else None
