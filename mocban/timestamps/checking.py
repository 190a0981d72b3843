"""Checking what was collected: every token verified anew, and the alarm before a certificate under one of them ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.tile_store import TileStore
from ledger.timestamps import Timestamps
from mocban.timestamps.authorities import WANTED, NamedAuthority
from mocban.timestamps.independence import houses_of, too_few
from signing.base64_text import from_base64
from signing.checkpoint import parse_checkpoint_text
from signing.note import parse_note
from signing.tile_reader import TileReader
from signing.timestamp import Timestamp, check_reply
from signing.verification_error import VerificationError

ALARM_DAYS: Final = 60
"""How long before a certificate ends one is told: enough to find another authority."""
OVERDUE_HOURS: Final = 48


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """One kept token. said: None where it does not hold, or its authority is not named here; refusal: why."""

    size: int
    authority: str
    said: Timestamp | None = None
    refusal: Refusal | None = None


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """All tokens, oldest first. bad: what does not hold. unknown: tokens of authorities not named here. alarms: what
    will not hold for long, or is missing. houses: the authorities by name, those that count as one together.
    """

    tokens: tuple[Token, ...]
    bad: tuple[Refusal, ...]
    unknown: tuple[Refusal, ...]
    alarms: tuple[Refusal, ...]
    houses: tuple[tuple[str, ...], ...]


def check(home: Path, authorities: Sequence[NamedAuthority], at: datetime, days: int = ALARM_DAYS) -> Findings:
    """Verify everything kept; alarms as of `at` for certificates that end within `days`. Raises OSError."""
    kept, tiles = Timestamps(home / "objects", LogName.MAIN), TileStore(home / "objects", LogName.MAIN)
    pinned = {one.name: tuple(map(from_base64, one.certificates)) for one in authorities}
    tokens: list[Token] = []
    bad: list[Refusal] = []
    for size in kept.sizes():
        try:
            stamped = kept.stamped(size)
        except FileNotFoundError:
            bad.append(Refusal("timestamp-checkpoint-bad", file=f"{size}.checkpoint", reason="it is missing"))
            continue
        trouble = _of_this_log(stamped.checkpoint, size, tiles)
        bad += [Refusal("timestamp-checkpoint-bad", file=f"{size}.checkpoint", reason=trouble)] if trouble else []
        digest = sha256(stamped.checkpoint).digest()
        tokens += [_token(size, name, reply, digest, pinned) for name, reply in stamped.replies.items()]
    refusals = [token.refusal for token in tokens if token.refusal is not None]
    chains = ((one.authority, link) for one in tokens if one.said is not None for link in one.said.chain)
    houses = houses_of(authorities, chains)
    served = tiles.served()
    size_now = 0 if served is None else parse_checkpoint_text(parse_note(served).text).size
    return Findings(
        tokens=tuple(tokens),
        bad=(*bad, *(one for one in refusals if one.code == "timestamp-bad")),
        unknown=tuple(one for one in refusals if one.code != "timestamp-bad"),
        alarms=(
            *_dependent(authorities, houses),
            *_ending(tokens, at, days),
            *_overdue(tokens, pinned, size_now, at),
        ),
        houses=tuple(houses),
    )


def _of_this_log(checkpoint: bytes, size: int, tiles: TileStore) -> str | None:
    """What is wrong with a stamped checkpoint; its signatures were the log's own when it was served."""
    try:
        point = parse_checkpoint_text(parse_note(checkpoint).text)
        if point.size != size:
            return f"it speaks of {point.size} acts"
        if TileReader(size, tiles.read).root() != point.root:
            return "its root is not the published one"
    except (VerificationError, FileNotFoundError) as error:
        return error.code if isinstance(error, VerificationError) else "tiles are missing"
    return None


def _token(size: int, name: str, reply: bytes, digest: bytes, pinned: Mapping[str, tuple[bytes, ...]]) -> Token:
    file = f"{size}.{name}.tsr"
    if name not in pinned:
        return Token(size=size, authority=name, refusal=Refusal("timestamp-of-unknown", file=file))
    try:
        return Token(size=size, authority=name, said=check_reply(reply, digest, pinned[name]))
    except VerificationError as error:
        refusal = Refusal("timestamp-bad", file=file, problem=error.code, reason=error.detail)
        return Token(size=size, authority=name, refusal=refusal)


def _dependent(authorities: Sequence[NamedAuthority], houses: Sequence[tuple[str, ...]]) -> list[Refusal]:
    """Two names of one house are one witness of time."""
    few = too_few(authorities, houses)
    return [Refusal("timestamp-authorities-dependent", names=", ".join(house), wanted=WANTED) for house in few]


def _ending(tokens: Iterable[Token], at: datetime, days: int) -> list[Refusal]:
    """Of each authority the token whose certificate lasts longest counts for all those before it.

    A newer checkpoint's tree holds every older one's, so a token over it renews them, as far as its certificate goes.
    """
    alarms: list[Refusal] = []
    covered: dict[str, datetime] = {}
    for token in sorted(tokens, key=lambda one: -one.size):
        if token.said is None:
            continue
        ends = token.said.ends
        renewed = covered.get(token.authority)
        if ends < at + timedelta(days=days) and (renewed is None or renewed < ends):
            code = "timestamp-certificate-ended" if ends < at else "timestamp-certificate-ends"
            alarms.append(Refusal(code, name=token.authority, size=token.size, on=ends.date().isoformat()))
        covered[token.authority] = ends if renewed is None else max(renewed, ends)
    return alarms


def _overdue(tokens: Iterable[Token], named: Iterable[str], size: int, at: datetime) -> list[Refusal]:
    """Authorities that stamped nothing for long, while the log went on."""
    alarms = []
    for name in named:
        held = [(token.size, token.said.time) for token in tokens if token.authority == name and token.said is not None]
        last_size, last = max(held, default=(0, None))
        if last_size < size and (last is None or at - last > timedelta(hours=OVERDUE_HOURS)):
            alarms.append(Refusal("timestamp-overdue", name=name, hours=OVERDUE_HOURS))
    return alarms
