"""One falsification: what the forger hands over, and what an auditor who holds the evidence must say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final, Literal

import msgspec

from mocban.drills.tampering.held_log import HeldLog
from signing.note import Ed25519Signer, Signer

Evidence = Literal["trust-file", "earlier-checkpoint", "cosignature"]
"""What the auditor holds, each with the trust file beside it, none of it from the forger."""

WHOLE_LOG: Final = -1
_BY_CHECKPOINT: Final = frozenset({"checkpoint-inconsistent", "history-truncated"})
_SIZE: Final = re.compile(r"\((\d+)\)")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the falsification is. act: the first act that is not as it was, WHOLE_LOG where none is.

    before: found by an earlier checkpoint, which names the smallest tree that is no longer part of the history.
    file: the one changed, where it holds no act.
    """

    act: int
    before: int | None = None
    file: str = ""

    def is_named(self, report: Mapping[str, Any]) -> bool:
        """Whether the verifier's report leads there."""
        bad = report["bad"]
        if self.file:
            return any(self.file in row.get("detail", "") for row in bad)
        if self.act == WHOLE_LOG:
            return bool(bad)
        if min((row["act"] for row in bad if row["act"] is not None), default=None) == self.act:
            return True
        trees = [int(size[1]) for row in bad if row["code"] in _BY_CHECKPOINT and (size := _SIZE.search(row["detail"]))]
        return self.before is not None and min(trees, default=None) == self.before


class Forged(msgspec.Struct, frozen=True):
    """files: the falsified export."""

    files: dict[str, bytes]
    place: Place


class Forger(msgspec.Struct, frozen=True, kw_only=True):
    """What a forger may hold. log_keys: stolen from the log. clerk: an officer's key, stolen too.

    revoked: a key that was good until act `revoked_at`. stranger: a key that was never enrolled. enrolled_at: the act
    that enrolled the clerk.
    """

    log: HeldLog
    log_keys: Sequence[Signer]
    clerk: Ed25519Signer
    clerk_id: str
    enrolled_at: int
    revoked: Ed25519Signer
    revoked_id: str
    revoked_at: int
    stranger: Ed25519Signer
    stranger_id: str
    dice: Random

    def any_act(self, start: int | None = None, end: int | None = None) -> int:
        """One of the acts start..end-1, after the founding ones when no start is given."""
        return self.dice.randrange(self.revoked_at + 1 if start is None else start, end or len(self.log.acts))


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A way to falsify. share: of a thousand. forge: None when the dice gave something that changes nothing."""

    name: str
    evidence: Evidence
    share: int
    forge: Callable[[Forger], Forged | None]
