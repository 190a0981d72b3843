"""A part laid out by hand, before both verifiers: each file must be of the act whose name it bears."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from types import ModuleType
from uuid import UUID

import pytest

from tests.signing.judged_log import Files, small
from tests.signing.small_log import CLERK, SmallLog
from tests.signing.test_both_refuse import codes
from tests.signing.test_both_verifiers import BOTH, report
from tests.signing.test_log_verifier_shown import manifest, published


def part(log: SmallLog, acts: list[int]) -> Files:
    """partial.json, the checkpoint, and for each act and act of the registry its proof and its events."""
    registry, size = [0, 1, 2, 3, 4], len(log.entries)
    ends = [*log.firsts[1:], len(log.events)]
    stated = {"acts": acts, "registry": registry, "streams": [], "of": {"acts": [acts[0], acts[-1]]}}
    files = {"partial.json": json.dumps(stated).encode(), "checkpoint": log.publish()}
    for act in sorted({*acts, *registry}):
        events = log.events[log.firsts[act] : ends[act]]
        files[f"acts/{act}.tlog-proof"] = log.proof(act, checkpoint=log.noted[size]).encode()
        files[f"acts/{act}.events"] = b"".join(struct.pack(">I", len(event)) + event for event in events)
    return files


def bundle(files: Files, log: SmallLog, folder: Path) -> Path:
    """Published with a MANIFEST of just these files."""
    return published({**files, "MANIFEST": manifest(files, log)}, folder / "part.zip")


@BOTH
def test_a_part_made_by_hand(verifier: ModuleType, tmp_path: Path) -> None:
    """Given acts 6 to 8 with all that shows them, then they hold."""
    log = small()
    told = report(verifier, bundle(part(log, [6, 7, 8]), log, tmp_path), log.trust(), tmp_path)
    assert (told["verdict"], told["given"], told["acts"], told["events"]) == ("valid", "partial", 3, 8)


@BOTH
@pytest.mark.parametrize("what", ["proof", "both", "events", "checkpoint"])
def test_a_file_of_another_act(verifier: ModuleType, what: str, tmp_path: Path) -> None:
    """Given what shows act 6 in the place of what shows act 7, or a proof to an older checkpoint, then 7 is bad."""
    log = small()
    files = part(log, [6, 7, 8])
    if what in {"proof", "both"}:
        files["acts/7.tlog-proof"] = files["acts/6.tlog-proof"]
    if what in {"events", "both"}:
        files["acts/7.events"] = files["acts/6.events"]
    if what == "checkpoint":
        files["acts/7.tlog-proof"] = log.proof(7, checkpoint=log.checkpoint(11)).encode()
    told = report(verifier, bundle(files, log, tmp_path), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {7}


@BOTH
def test_an_act_that_a_range_leaves_out(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a part of acts 6 to 8 without the seventh, then that one is missing."""
    log = small()
    told = report(verifier, bundle(part(log, [6, 8]), log, tmp_path), log.trust(), tmp_path)
    assert codes(told) == [(7, "entry-missing")]


@BOTH
def test_an_act_that_counts_more_events_than_it_has(verifier: ModuleType, tmp_path: Path) -> None:
    """Given an act that says four events and has the root of three, then a part that shows it is bad.

    The path of its first event is the same in a tree of three and in one of four.
    """
    log = small()
    events = [log.event(UUID(int=100 + number), "file.registered/1") for number in range(3)]
    bad = log.add("file.register", events, [CLERK], line=lambda line: line.replace(b'"events":3', b'"events":4'))
    log.publish()
    told = report(verifier, bundle(part(log, [bad]), log, tmp_path), log.trust(), tmp_path)
    assert codes(told) == [(bad, "act-root-mismatch")]
