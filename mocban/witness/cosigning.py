"""Cosigning while the product serves: each new checkpoint is brought to the witnesses, again where one refuses."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from typing_extensions import override

from domain.errors import Refusal
from ledger.periodic import Periodic
from mocban.witness.collecting import TWO_HISTORIES, Collector, Round
from mocban.witness.policy import FILE, Policy, read_policy

TICK_SECONDS: Final = 0.5
_log: Final = logging.getLogger(__name__)


class Cosigning(Periodic):
    """Rounds for one data folder until stopped. Without a policy nothing is asked; one may come or change meanwhile.

    last: the latest round, None before it.
    """

    def __init__(self, home: Path, tick_seconds: float = TICK_SECONDS) -> None:
        super().__init__("cosigning", first_after=tick_seconds)
        self._path = home / FILE
        self._collector = Collector(home)
        self._tick_seconds = tick_seconds
        self._policy: Policy | None = None
        self._note = b""
        self._troubles: frozenset[str] = frozenset()
        self.last: Round | None = None

    @override
    def turn(self) -> float | None:
        try:
            self._look()
        except Refusal as refusal:
            self._tell([refusal])
        return self._tick_seconds

    def _look(self) -> None:
        """A round unless there is nothing new to bring, and nobody to bring it to again."""
        policy = read_policy(self._path)
        note = self._collector.served() if policy is not None and policy.witnesses else None
        if policy is None or note is None:
            return
        if (policy, note) == (self._policy, self._note) and self.last is not None and self.last.complete:
            return
        # A heartbeat signs the same text anew; witnesses then say anew that they know of nothing later.
        renew = note != self._note and _text(note) == _text(self._note)
        self._policy, self._note = policy, note
        self.last = self._collector.round(policy, renew=renew)
        self._tell([outcome.refusal for outcome in self.last.outcomes if outcome.refusal is not None])

    def _tell(self, refusals: list[Refusal]) -> None:
        """Each trouble once, until it changes."""
        tell(refusal for refusal in refusals if _named(refusal) not in self._troubles)
        self._troubles = frozenset(map(_named, refusals))


def collect_once(home: Path, *, enough: bool = False) -> Round | None:
    """One round where a policy is configured. Never raises: what hinders is told, and the log goes on.

    enough: as for `Collector.round`, for whoever is waited for by a person.
    """
    try:
        policy = read_policy(home / FILE)
        if policy is None or not policy.witnesses:
            return None
        made = Collector(home).round(policy, enough=enough)
    except Refusal as refusal:
        tell([refusal])
    except Exception as error:  # noqa: BLE001 - the last door: the log never waits for its witnesses
        _log.warning("chữ ký của nhân chứng phải chờ · cosignatures wait: %s", type(error).__name__)
    else:
        tell(outcome.refusal for outcome in made.outcomes if outcome.refusal is not None)
        return made
    return None


def tell(refusals: Iterable[Refusal]) -> None:
    """Warn; where a witness speaks of two histories, as an error."""
    for refusal in refusals:
        _log.log(logging.ERROR if refusal.code in TWO_HISTORIES else logging.WARNING, "%s", refusal)


def _text(note: bytes) -> bytes:
    return note.partition(b"\n\n")[0]


def _named(refusal: Refusal) -> str:
    return f"{refusal.code} {refusal.facts.get('name')}"
