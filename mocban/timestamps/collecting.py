"""Collecting: the served checkpoint, as it is published, brought to every authority that has not stamped it yet.

The log never waits for this, and one authority never for another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from domain.errors import Refusal
from ledger.cosignatures import Cosignatures
from ledger.log_name import LogName
from ledger.tile_store import TileStore
from ledger.timestamps import Timestamps
from mocban.process_note import waiting_turn
from mocban.timestamps.authorities import NamedAuthority
from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note
from signing.timestamp import Timestamp, stamp
from signing.verification_error import VerificationError

MOST_OFF_SECONDS: Final = 3600
"""How far an authority's time may be from this machine's: further off, one of the two is wrong."""
_SIDE_BY_SIDE: Final = 4

Clock = Callable[[], datetime]


def now() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one authority. stamped: its timestamp is kept, now or from before; fresh: from this round."""

    authority: str
    stamped: bool
    fresh: bool = False
    time: datetime | None = None
    refusal: Refusal | None = None


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """A round over the checkpoint of `size`."""

    size: int
    outcomes: tuple[Outcome, ...]

    @property
    def complete(self) -> bool:
        """Whether every authority has stamped it."""
        return all(outcome.stamped for outcome in self.outcomes)


def collect(home: Path, authorities: Sequence[NamedAuthority], clock: Clock = now) -> Round:
    """Ask every authority whose timestamp over the served checkpoint is not here; keep each that holds, durably.

    Rounds of several processes take turns. Raises Refusal `nothing-published`; OSError; VerificationError for a served
    checkpoint that is none. What an authority does wrong is an outcome, never raised.
    """
    objects = home / "objects"
    with waiting_turn(home / "run", "timestamps"):
        note = TileStore(objects, LogName.MAIN).served()
        if note is None:
            raise Refusal("nothing-published", log=LogName.MAIN)
        published = Cosignatures(objects, LogName.MAIN).joined(note)
        size = parse_checkpoint_text(parse_note(published).text).size
        kept = Timestamps(objects, LogName.MAIN)
        held = {one.name for one in authorities if size in kept.sizes(one.name)}
        lacking = [one for one in authorities if one.name not in held]
        fresh = _asked(lacking, kept, size, published, clock) if lacking else {}
        kept.release(size)
    outcomes = [
        fresh[one.name] if one.name in fresh else Outcome(authority=one.name, stamped=True) for one in authorities
    ]
    return Round(size=size, outcomes=tuple(outcomes))


def _asked(
    authorities: Sequence[NamedAuthority], kept: Timestamps, size: int, published: bytes, clock: Clock
) -> dict[str, Outcome]:
    checkpoint = kept.hold(size, published)

    def outcome(one: NamedAuthority) -> Outcome:
        try:
            reply, said = _stamped(one, checkpoint, clock)
        except Refusal as refusal:
            return Outcome(authority=one.name, stamped=False, refusal=refusal)
        kept.keep(size, one.name, reply)
        return Outcome(authority=one.name, stamped=True, fresh=True, time=said.time)

    with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(authorities))) as pool:
        return {made.authority: made for made in pool.map(outcome, authorities)}


def _stamped(one: NamedAuthority, checkpoint: bytes, clock: Clock) -> tuple[bytes, Timestamp]:
    """Raises Refusal."""
    try:
        reply, said = stamp(one.authority(), checkpoint)
    except VerificationError as error:
        if error.code == "timestamp-refused":
            raise Refusal("timestamp-refused", name=one.name, reason=error.detail) from error
        raise Refusal("timestamp-answer-unfit", name=one.name, problem=error.code, reason=error.detail) from error
    off = round(abs((said.time - clock()).total_seconds()))
    if off > MOST_OFF_SECONDS:
        raise Refusal("timestamp-clock", name=one.name, seconds=off)
    return reply, said
