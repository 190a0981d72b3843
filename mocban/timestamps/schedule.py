"""Timestamps while the product serves: once a day each authority stamps what is new; alarms go to the log."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from typing_extensions import override

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.periodic import Periodic
from ledger.timestamps import Timestamps
from mocban.timestamps.authorities import NamedAuthority, read_authorities
from mocban.timestamps.checking import check
from mocban.timestamps.collecting import Clock, collect, now
from signing.base64_text import from_base64
from signing.timestamp import check_reply
from signing.verification_error import VerificationError

EVERY: Final = timedelta(days=1)
LOOK_SECONDS: Final = 3600.0
AGAIN_SECONDS: Final = 600.0
"""After an authority that could not be reached."""
FIRST_SECONDS: Final = 10.0
STOP_SECONDS: Final = 3.0
_log: Final = logging.getLogger(__name__)


class Timestamping(Periodic):
    """Looks every hour until stopped. Without authorities nothing is asked; they may come or change meanwhile.

    alarms: what the last look found, in order; none while all is well.
    """

    def __init__(self, home: Path, *, first_after: float = FIRST_SECONDS, clock: Clock = now) -> None:
        # Not waiting long for an authority that hangs: what it answers then is asked for again.
        super().__init__("timestamps", first_after=first_after, stop_seconds=STOP_SECONDS)
        self._home = home
        self._clock = clock
        self._checked: datetime | None = None
        self._troubles: frozenset[str] = frozenset()
        self._told_at: datetime | None = None
        self._found: tuple[Refusal, ...] = ()
        self._failed: tuple[Refusal, ...] = ()

    @property
    def alarms(self) -> tuple[Refusal, ...]:
        """What should be looked at."""
        return (*self._failed, *self._found)

    @override
    def turn(self) -> float | None:
        try:
            self._look()
        except Refusal as refusal:  # the file of authorities, or a log that has published nothing yet
            self._failed = () if refusal.code == "nothing-published" else (refusal,)
        self._tell((*self._failed, *self._found))
        return AGAIN_SECONDS if self._failed else LOOK_SECONDS

    def _look(self) -> None:
        authorities, at = read_authorities(self._home), self._clock()
        due = [one for one in authorities if is_due(self._home, one, at)]
        self._failed = ()
        fresh = False
        if due:
            made = collect(self._home, due, self._clock)
            self._failed = tuple(outcome.refusal for outcome in made.outcomes if outcome.refusal is not None)
            fresh = any(outcome.fresh for outcome in made.outcomes)
        if fresh or self._found or self._checked is None or at - self._checked >= EVERY:
            findings = check(self._home, authorities, at)
            self._found, self._checked = (*findings.bad, *findings.alarms), at

    def _tell(self, refusals: Iterable[Refusal]) -> None:
        """Each trouble once a day, and whenever it changes."""
        at = self._clock()
        if self._told_at is None or at - self._told_at >= EVERY:
            self._told_at, self._troubles = at, frozenset()
        named = {f"{refusal.code} {sorted(refusal.facts.items(), key=str)}": refusal for refusal in refusals}
        for name, refusal in named.items():
            if name not in self._troubles:
                _log.log(logging.ERROR if refusal.code.endswith("-bad") else logging.WARNING, "%s", refusal)
        self._troubles = frozenset(named)


def is_due(home: Path, one: NamedAuthority, at: datetime) -> bool:
    """Whether a day has passed since the latest timestamp of this authority that holds."""
    kept = Timestamps(home / "objects", LogName.MAIN)
    sizes = kept.sizes(one.name)
    if not sizes:
        return True
    try:
        stamped = kept.stamped(sizes[-1])
        digest = sha256(stamped.checkpoint).digest()
        said = check_reply(stamped.replies[one.name], digest, tuple(map(from_base64, one.certificates)))
    except (FileNotFoundError, VerificationError):
        return True
    return at - said.time >= EVERY
