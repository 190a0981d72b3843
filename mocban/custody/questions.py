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

from domain.access import AccessRule
from domain.custody import HoldingState
from domain.errors import Refusal
from domain.identifiers import nfc
from domain.lot import Carrier
from mocban.custody.day import full_day
from projections.custody_batch import AgencyName, FileCustody, FileQuestion, agency_names, files_of_each, last_act
from projections.readers import (
    NamedReader,
    ReaderBody,
    Readership,
    ReadingQuestion,
    named_readers,
    reader_bodies,
    readership_of_each,
)
from projections.sharing import Sharing
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
    names, or its unit, has dates inferred from rosters. may_use: who may read the file, strongest rule first;
    others_may_use: why nobody else may, None where nothing is known of the file.
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
    may_use: tuple[NamedReader, ...]
    others_may_use: AccessRule | None


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
        state = _State(connection)
        while batch := list(islice(numbered, BATCH)):
            yield from state.answer(batch)


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


class _State:
    """One state of the ledger, and what was read of it: names of agencies, rules by which others read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last = last_act(connection)
        self._names: dict[UUID, AgencyName] = {}
        self._bodies: dict[UUID, ReaderBody] = {}
        self._sharing = Sharing(connection)

    def answer(self, batch: Sequence[tuple[int, bytes]]) -> Iterator[Exchange]:
        """Line by line, in the order asked."""
        read = [_try_to_read(line, self._last) for _, line in batch]
        asked = [one for one in read if isinstance(one, FileQuestion)]
        found = files_of_each(self._connection, asked)
        self._learn_names(found)
        answers = zip(found, self._read_by(asked, found), strict=True)
        for (number, _), one in zip(batch, read, strict=True):
            if isinstance(one, Refusal):
                yield Exchange(asked=None, answer=Unanswered(line=number, problem=Trouble.of(one)))
            else:
                yield Exchange(asked=one, answer=self._told(number, one, *next(answers)))

    def _learn_names(self, found: Sequence[Sequence[FileCustody]]) -> None:
        facts = [one.custody for many in found for one in many]
        new = {id_ for one in facts for id_ in (one.assigned_to, one.held_by) if id_} - self._names.keys()
        self._names |= agency_names(self._connection, new)

    def _read_by(self, asked: Sequence[FileQuestion], found: Sequence[Sequence[FileCustody]]) -> list[Readership]:
        """Of each question's file; of a question that means none or several, nobody."""
        files = [many[0].file if len(many) == 1 else None for many in found]
        questions = [
            ReadingQuestion(file=file, on=one.on, known_at=one.known_at)
            for one, file in zip(asked, files, strict=True)
            if file is not None
        ]
        known = readership_of_each(self._connection, questions, self._sharing)
        self._bodies |= reader_bodies(self._connection, known, self._bodies)
        answers = iter(known)
        return [next(answers) if file is not None else Readership() for file in files]

    def _told(
        self, number: int, asked: FileQuestion, found: Sequence[FileCustody], readers: Readership
    ) -> Answer | Unanswered:
        if len(found) != 1:
            what = "question-file-ambiguous" if found else "question-file-unknown"
            refusal = Refusal(what, code=asked.file[:_SHOWN], count=len(found))
            return Unanswered(line=number, problem=Trouble.of(refusal))
        custody = found[0].custody
        must = self._names.get(custody.assigned_to) if custody.assigned_to else None
        has = self._names.get(custody.held_by) if custody.held_by else None
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
            may_use=named_readers(readers, self._bodies, asked.on),
            others_may_use=readers.others,
        )


def _try_to_read(line: bytes, last: int) -> FileQuestion | Refusal:
    try:
        question = read_question(line, last)
    except Refusal as refusal:
        return refusal
    # PostgreSQL has no text with such a letter in it, and so there is no file with such a code.
    if "\0" in question.file:
        return Refusal("question-file-unknown", code=question.file.replace("\0", "?")[:_SHOWN])
    return question


def _act(index: int) -> int | None:
    return index if index >= 0 else None
