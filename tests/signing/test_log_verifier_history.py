"""History as a whole: rewritten, cut short, another log's, or under a checkpoint that does not hold."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from signing.log_verifier import Tree
from tests.signing.judged_log import ENTRIES, LEAVES, checked, found, small
from tests.signing.small_log import (
    SmallLog,
    leaf,
    root,
)


def test_rewritten_history(tmp_path: Path) -> None:
    """Given a log rewritten from act 7 on and signed again, then the earlier checkpoints show it."""
    log, other = small(), SmallLog()
    earlier = log.publish()
    other.found()
    for _ in range(7):
        other.register(2)
    report = checked(other.files(), tmp_path, other.trust(), checkpoints=[earlier])
    assert (None, "checkpoint-inconsistent") in found(report)


def test_truncated_history(tmp_path: Path) -> None:
    """Given an earlier, larger checkpoint from elsewhere, then the shorter log is found out, good as it looks."""
    log, longer = small(), small()
    longer.register()
    report = checked(log.files(), tmp_path, log.trust(), checkpoints=[longer.publish()])
    assert found(report) == [(None, "history-truncated")]


@pytest.mark.parametrize("size", [6, 12])
def test_earlier_checkpoint_in_the_export(size: int, tmp_path: Path) -> None:
    """Given an earlier checkpoint in the export over other entries, then it is named."""
    log = small()
    files = log.files()
    files[f"checkpoints/{size}"] = log.checkpoint(size, [leaf(b"other")] * size)
    assert found(checked(files, tmp_path, log.trust())) == [(None, "checkpoint-inconsistent")]


def test_good_key_of_a_wrong_log(tmp_path: Path) -> None:
    """Given a checkpoint signed by the trusted keys for another origin, then it is refused."""
    log = small()
    files = log.files()
    other = SmallLog(origin="hanoi.mocban/ffffffffffffffff")
    other.found()
    trust = {**log.trust(), "vkeys": other.vkeys(), "origin": other.origin}
    assert (None, "checkpoint-origin") in found(checked(files, tmp_path, trust))


@pytest.mark.parametrize("kept", [0, 1])
def test_both_signatures_are_required(kept: int, tmp_path: Path) -> None:
    """Given one of the checkpoint's two signatures taken away, then it does not hold."""
    log = small()
    files = log.files()
    text, _, lines = files["checkpoint"].partition(b"\n\n")
    files["checkpoint"] = text + b"\n\n" + lines.splitlines(keepends=True)[kept]
    assert found(checked(files, tmp_path, log.trust())) == [(None, "checkpoint-signature")]


def test_other_genesis_than_trusted(tmp_path: Path) -> None:
    """Given a trust file with another genesis, then act 0 is named."""
    log = small()
    trust = {**log.trust(), "genesis": b64encode(bytes(32)).decode()}
    assert found(checked(log.files(), tmp_path, trust)) == [(0, "genesis-mismatch")]


def test_tree_that_reaches_no_root(tmp_path: Path) -> None:
    """Given entries and tiles changed alike, but not the checkpoint, then act and root are both named."""
    log = small()
    files = log.files()
    spoilt = bytearray(log.entries[8])
    spoilt[-5] ^= 1
    files[ENTRIES] = files[ENTRIES].replace(log.entries[8], bytes(spoilt))
    files[LEAVES] = files[LEAVES].replace(leaf(log.entries[8]), leaf(bytes(spoilt)))
    report = checked(files, tmp_path, log.trust())
    assert found(report)[0][0] == 8
    assert (None, "root-mismatch") in found(report)


def test_witness_quorum(tmp_path: Path) -> None:
    """Given a policy of one witness and no cosignature, then the checkpoint does not hold."""
    log = small()
    trust = {**log.trust(), "policy": {"quorum": 1, "witnesses": []}}
    assert found(checked(log.files(), tmp_path, trust)) == [(None, "witness-quorum")]


def test_roots_agree_with_the_definition() -> None:
    """The verifier's tree gives, for every size, the root of RFC 6962's definition."""

    hashes = [leaf(bytes([n])) for n in range(70)]
    tree = Tree(b"".join(hashes))
    assert [tree.root(n) for n in range(71)] == [root(hashes[:n]) for n in range(71)]
