"""Audit of the stores (kiểm tra kho): files drawn by lot, looked for on their shelves, and what was found.

The draw is arithmetic that anyone can redo: of all files in question, those whose SHA-256 over the seed followed by
the file's id, both as text, is smallest. Who fixes the seed after the checkpoint is published, in public, chooses
nothing; who fixes it before cannot choose either, because ids are made under a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.identifiers import nfc
from domain.sealed import Sealable

LINES_PER_EVENT: Final = 400
MAX_SEED: Final = 200


class Outcome(StrEnum):
    """What became of one file: found as the ledger says; not found; found, but sheets or condition differ."""

    FOUND = "found"
    MISSING = "missing"
    DIFFERS = "differs"


class AuditRecorded(Event, frozen=True, kw_only=True, tag="audit.recorded/1"):
    """The results of one sample. size, root: of the checkpoint drawn at; stratum: what was drawn from, as text.

    files, digest: how many files there were to draw from, and hex SHA-256 of their ids, sorted, a line each. results:
    an opaque mark of the whole table of answers, by which a repetition is known.
    """

    seed: str
    size: int
    root: str
    stratum: str
    files: int
    digest: str
    found: int
    missing: int
    differs: int
    on: str
    results: UUID


class AuditLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One file of the sample. sheets: as the ledger has them; counted: as counted on the spot, absent if they were not.

    damaged: the paper is.
    """

    file: UUID
    outcome: Outcome
    sheets: int = 0
    counted: int | None = None
    damaged: bool = False


class AuditLinesListed(Event, frozen=True, kw_only=True, tag="audit.lines-listed/1"):
    """Outcomes, in the order of the checklist, at most 400 an event."""

    lines: tuple[AuditLine, ...]


class AuditRemarked(Event, frozen=True, kw_only=True, tag="audit.remarked/1"):
    """What the auditor wrote about one file; sealed under that file's key, and destroyed with it."""

    file: UUID
    note: Sealable


AuditEvent = AuditRecorded | AuditLinesListed | AuditRemarked


def checked_seed(text: str) -> str:
    """The seed in NFC. Raises Refusal `audit-seed-unfit`."""
    seed = nfc(text)
    if not 0 < len(seed) <= MAX_SEED or not seed.isprintable() or seed != seed.strip():
        raise Refusal("audit-seed-unfit")
    return seed


def rank(seed: str, file: str) -> str:
    """A file's place in the draw: hex SHA-256 of the seed followed by its id (36 letters), as UTF-8."""
    return sha256(f"{seed}{file}".encode()).hexdigest()


def draw(seed: str, files: Iterable[str], size: int) -> list[tuple[str, str]]:
    """(rank, id) of the `size` files of smallest rank, smallest first; all of them where there are fewer."""
    begun, kept = sha256(seed.encode()), list[tuple[bytes, str]]()
    limit, room = b"\xff" * 33, 2 * size + 4096
    for file in files:  # a million of them: nothing is kept that cannot be among the smallest
        whole = begun.copy()
        whole.update(file.encode())
        digest = whole.digest()
        if digest < limit:
            kept.append((digest, file))
            if len(kept) >= room:
                kept = sorted(kept)[:size]
                limit = kept[-1][0]
    return [(digest.hex(), file) for digest, file in sorted(kept)[:size]]


def outcome_of(sheets: int, *, found: bool, counted: int | None, damaged: bool) -> Outcome:
    """sheets: as the ledger has them, 0 where it does not say."""
    if not found:
        return Outcome.MISSING
    differs = damaged or (counted is not None and sheets > 0 and counted != sheets)
    return Outcome.DIFFERS if differs else Outcome.FOUND


def evolve(state: AuditRecorded | None, event: AuditEvent) -> AuditRecorded | None:
    """Fold one event."""
    return event if isinstance(event, AuditRecorded) else state


def record(
    state: AuditRecorded | None, fact: AuditRecorded, lines: tuple[AuditLine, ...], remarks: tuple[AuditRemarked, ...]
) -> list[Event]:
    """Record results: counts, lines, then remarks. On record already, nothing new.

    Refused: `audit-already-recorded` with other answers than those on record.
    """
    if state is not None:
        if state.results != fact.results:
            raise Refusal("audit-already-recorded", act="?")
        return []
    parts = [lines[at : at + LINES_PER_EVENT] for at in range(0, len(lines), LINES_PER_EVENT)]
    return [fact, *(AuditLinesListed(lines=part) for part in parts), *remarks]
