"""Collecting: one round over the witnesses of a policy, for the checkpoint that is served now.

The log never waits for this: its own checkpoint is signed, kept and served before anybody is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Lock
from typing import Final

import httpx
import msgspec

from domain.errors import Refusal
from ledger.cosignatures import Cosignatures
from ledger.log_name import LogName
from ledger.tile_store import TileStore
from mocban.process_note import waiting_turn
from mocban.witness.client import TIMEOUT, Asking
from mocban.witness.policy import Policy, PolicyWitness
from signing.checkpoint import Checkpoint, parse_checkpoint_text, signature_times
from signing.fault_point import FaultPoint, reached
from signing.note import Note, VerifierKey, parse_note
from signing.tile_reader import TileReader
from signing.verification_error import VerificationError

_SIDE_BY_SIDE: Final = 8
TWO_HISTORIES: Final = frozenset({"witness-ahead", "witness-contradicts"})
"""What a witness must never say of a log that is honest and was not rolled back."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with one witness. refusal: what came of asking it in this round, or last while it is let be."""

    witness: str
    cosigned: bool
    refusal: Refusal | None = None


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """A round over the checkpoint of `size`: how many of the quorum's members have cosigned it by now."""

    size: int
    quorum: int
    cosigned: int
    outcomes: tuple[Outcome, ...]

    @property
    def met(self) -> bool:
        """Whether the policy holds."""
        return self.cosigned >= self.quorum

    @property
    def complete(self) -> bool:
        """Whether nobody is left to ask."""
        return all(outcome.cosigned and outcome.refusal is None for outcome in self.outcomes)


class Collector:
    """Rounds for the main log of one data folder. Rounds of several processes take turns. Thread-safe."""

    def __init__(self, home: Path) -> None:
        self._turns = home / "run"
        self._tiles = TileStore(home / "objects", LogName.MAIN)
        self._kept = Cosignatures(home / "objects", LogName.MAIN)
        self._askings: dict[PolicyWitness, Asking] = {}
        self._lock = Lock()

    def served(self) -> bytes | None:
        """The served checkpoint; None before the first."""
        return self._tiles.served()

    def round(self, policy: Policy, *, renew: bool = False, enough: bool = False) -> Round:
        """Ask every witness whose cosignature is not here yet, and keep what each gives as soon as it comes.

        renew: ask those too whose cosignature is here. enough: ask nobody where the quorum is met already. Raises
        Refusal `nothing-published`; OSError; VerificationError for a served checkpoint or a tile that is none. What a
        witness does wrong is an outcome, never raised.
        """
        members = {one.key for one in policy.witnesses if one.name in policy.members}
        with waiting_turn(self._turns, "witnesses"), self._lock:
            served = self._tiles.served()
            if served is None:
                raise Refusal("nothing-published", log=LogName.MAIN)
            note = parse_note(served)
            point = parse_checkpoint_text(note.text)
            held = self._held(note, point, policy)
            askings = [self._askings.setdefault(one, Asking(one)) for one in policy.witnesses]
            if not (enough and _names(members & held) >= policy.quorum):
                lacking = [one for one in askings if renew or one.witness.key not in held]
                self._ask([one for one in lacking if not one.waits], note, point)
                held = self._held(note, point, policy)
            else:
                lacking = []
        outcomes = tuple(_outcome(one, cosigned=one.witness.key in held, asked=one in lacking) for one in askings)
        return Round(size=point.size, quorum=policy.quorum, cosigned=_names(members & held), outcomes=outcomes)

    def _held(self, note: Note, point: Checkpoint, policy: Policy) -> set[VerifierKey]:
        """The keys of the policy whose cosignatures over this checkpoint are here and hold."""
        lines = self._kept.lines(note.text)
        held: set[VerifierKey] = set()
        for one in policy.witnesses:
            try:
                held |= signature_times(Note(note.text, lines), point, [one.key]).keys()
            except VerificationError:
                continue  # damaged since: it is asked for again, and replaced
        return held

    def _ask(self, askings: Sequence[Asking], note: Note, point: Checkpoint) -> None:
        """Every witness side by side, so that a slow one keeps nobody waiting but itself."""
        if not askings:
            return

        def prove(old: int) -> list[bytes]:
            return TileReader(point.size, self._tiles.read).consistency_path(old)

        with httpx.Client(timeout=TIMEOUT) as http, ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(askings))) as pool:
            answers = [pool.submit(asking.ask, http, note, point, prove) for asking in askings]
            for answer in as_completed(answers):
                line = answer.result()
                if line is not None:
                    reached(FaultPoint.COSIGNATURE_RECEIVED)
                    self._kept.add(note.text, [line])
                    reached(FaultPoint.COSIGNATURE_KEPT)


def _names(keys: set[VerifierKey]) -> int:
    """How many witnesses these are: all keys of one count once, as the verifiers count them."""
    return len({key.name for key in keys})


def _outcome(asking: Asking, *, cosigned: bool, asked: bool) -> Outcome:
    refusal = None if cosigned and not asked else asking.trouble
    return Outcome(witness=asking.witness.name, cosigned=cosigned, refusal=refusal)
