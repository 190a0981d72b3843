"""The log's own keys: either pair signs checkpoints, until registrars end one of them."""

from __future__ import annotations

import pytest

from domain.keys import KeyRevoked, RegistryEvent
from signing.base64_text import to_base64
from signing.checkpoint import open_checkpoint, sign_checkpoint
from signing.log_key import log_keys
from signing.verification_error import VerificationError
from tests.signing.test_registry import REGISTRARS, after, enrol, founded, opened
from tests.vectors.regenerate import GENESIS, LOG_ML_DSA, LOG_SIGNER, ORIGIN, STANDBY

KEYS = log_keys(GENESIS)
LIVE = (LOG_SIGNER, LOG_ML_DSA)


def revocation(*places: int, since: int | None = None) -> tuple[str, list[RegistryEvent], list]:  # type: ignore[type-arg]
    """Some of the log's keys revoked in one act."""
    kids = [to_base64(KEYS[place].kid) for place in places]
    return "registry.revoke", [KeyRevoked(kid=kid, reason="x", compromised_since=since) for kid in kids], REGISTRARS


def test_either_pair_signs_until_one_is_ended() -> None:
    """Given the live pair revoked by act 2, it may sign checkpoints over two acts and no more; the standby pair any."""
    registry = after([enrol(3), revocation(0, 1, since=1)])
    assert founded().checkpoint_keys(9) == KEYS
    assert [len(registry.checkpoint_keys(size)) for size in (1, 2, 3, 9)] == [4, 4, 2, 2]
    assert registry.ended[KEYS[0].kid].compromised_since == 1
    late = sign_checkpoint(ORIGIN, 3, bytes(32), LIVE, 1)
    assert open_checkpoint(late, KEYS).checkpoint.size == 3
    with pytest.raises(VerificationError, match="unsigned"):
        open_checkpoint(late, registry.checkpoint_keys(3))
    by_standby = sign_checkpoint(ORIGIN, 3, bytes(32), STANDBY, 1)
    assert open_checkpoint(by_standby, registry.checkpoint_keys(3)).checkpoint.size == 3


@pytest.mark.parametrize(
    ("places", "problems"),
    [
        ((0,), []),
        ((0, 1), []),
        ((2, 3), []),
        ((0, 2), ["log-keys-exhausted"]),
        ((1, 2), ["log-keys-exhausted"]),
        ((0, 1, 2, 3), ["log-keys-exhausted"]),
    ],
)
def test_a_log_keeps_a_pair_that_can_sign(places: tuple[int, ...], problems: list[str]) -> None:
    """Given a revocation of log keys, it is valid while the live or the standby pair stays whole."""
    name, events, signers = revocation(*places)
    assert founded().judge(opened(name, events, signers), 1, events) == problems


def test_a_pair_that_ended_is_remembered_by_later_revocations() -> None:
    """Given the live pair ended, the standby pair cannot be ended too; saying it again moves no end, but the doubt."""
    registry = after([revocation(0, 1), revocation(0, since=0)])
    name, events, signers = revocation(3)
    assert registry.judge(opened(name, events, signers), 3, events) == ["log-keys-exhausted"]
    assert (registry.ended[KEYS[0].kid].revoked_at, registry.ended[KEYS[0].kid].compromised_since) == (1, 0)
