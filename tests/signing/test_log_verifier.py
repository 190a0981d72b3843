"""Disasters as named rows: whatever is done to the files, the verifier names the right act and exits 4."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from signing.log_verifier import CODES, Trust, main, verify
from tests.signing.judged_log import ENTRIES, EVENTS, LEAVES, POSITIONS, Files, checked, flip, found, replace, small
from tests.signing.small_log import (
    write_folder,
)


def other_letter(name: str, at: int) -> Callable[[Files], None]:
    """One letter of base64 for another."""

    def spoil(files: Files) -> None:
        data = bytearray(files[name])
        data[at] = ord("B") if data[at] == ord("A") else ord("A")
        files[name] = bytes(data)

    return spoil


def framed(name: str, width: int, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], None]:
    """Records of a bundle taken apart, changed, put together."""

    def spoil(files: Files) -> None:
        data, records = files[name], []
        while data:
            end = width + int.from_bytes(data[:width], "big")
            records.append(data[:end])
            data = data[end:]
        files[name] = b"".join(change(records))

    return spoil


def swap(records: list[bytes]) -> list[bytes]:
    """Acts 7 and 9 change places."""
    records[7], records[9] = records[9], records[7]
    return records


def put(name: str, data: bytes) -> Callable[[Files], None]:
    """A whole file."""
    return lambda files: files.update({name: data})


def drop(name: str) -> Callable[[Files], None]:
    """A file is gone."""
    return lambda files: files.__delitem__(name)


# What an intruder does to the files, without any key: (name, what is done, act named first, its code)
SPOILT: list[tuple[str, Callable[[Files], None], int | None, str]] = [
    ("a bit in the last entry's signature", flip(ENTRIES, -5), 11, "entry-altered"),
    ("a word in an act", replace(ENTRIES, b'"basis":{"code":"r', b'"basis":{"code":"R'), 11, "entry-altered"),
    ("an act's event count", replace(ENTRIES, b'"events":6', b'"events":5'), 8, "entry-altered"),
    ("an entry dropped", framed(ENTRIES, 2, lambda r: r[:7] + r[8:]), 7, "entry-altered"),
    ("an entry twice", framed(ENTRIES, 2, lambda r: [*r[:8], r[7], *r[8:]]), 8, "entry-altered"),
    ("two entries swapped", framed(ENTRIES, 2, swap), 7, "entry-altered"),
    ("the last entry cut off", framed(ENTRIES, 2, lambda r: r[:-1]), 11, "entry-missing"),
    ("bytes after the entries", lambda f: f.update({ENTRIES: f[ENTRIES] + b"\0"}), 11, "bundle-framing"),
    (
        "an entry's length too large",
        framed(ENTRIES, 2, lambda r: [*r[:9], b"\xff" + r[9][1:], *r[10:]]),
        9,
        "entry-missing",
    ),
    ("entries gone", drop(ENTRIES), 0, "history-truncated"),
    ("a bit in an event of one", flip(EVENTS, -5), 11, "act-root-mismatch"),
    ("a bit in an event of six", replace(EVENTS, b"HS-4", b"HS-9"), 8, "act-root-mismatch"),
    ("an event dropped", framed(EVENTS, 4, lambda r: r[:10] + r[11:]), 8, "act-root-mismatch"),
    ("an event twice", framed(EVENTS, 4, lambda r: [*r[:11], r[10], *r[11:]]), 8, "act-root-mismatch"),
    ("two events of an act swapped", framed(EVENTS, 4, lambda r: [*r[:10], r[11], r[10], *r[12:]]), 8, "event-version"),
    ("bytes after the events", lambda f: f.update({EVENTS: f[EVENTS] + b"\0\0"}), 11, "bundle-framing"),
    ("events gone", drop(EVENTS), 0, "event-missing"),
    ("a position", flip(POSITIONS, 9 * 8 + 7), 9, "tile-mismatch"),
    ("a huge position", flip(POSITIONS, 9 * 8, 0x80), 9, "tile-mismatch"),
    ("positions cut short", lambda f: f.update({POSITIONS: f[POSITIONS][:-8]}), 11, "tile-mismatch"),
    ("positions gone", drop(POSITIONS), None, "tile-missing"),
    ("a bit in a leaf of the tile", flip(LEAVES, 4 * 32), 4, "tile-mismatch"),
    ("a tile cut short", lambda f: f.update({LEAVES: f[LEAVES][:-32]}), 11, "tile-mismatch"),
    ("a tile with bytes after it", lambda f: f.update({LEAVES: f[LEAVES] + b"x"}), None, "tile-mismatch"),
    ("a tile gone", drop(LEAVES), None, "tile-missing"),
    ("an unknown tile", put("tile/1/000", bytes(8192)), None, "tile-unknown"),
    ("a tile of another shape", put("tile/0/zzz", b""), None, "tile-unknown"),
    ("a tile by a second name", put("tile/0/x000/000.p/12", b"x"), None, "tile-unknown"),
    ("a tile by digits of another script", put("tile/0/\uff10\uff10\uff10.p/12", b"x"), None, "tile-unknown"),
    ("a tile of no width", put("tile/0/000.p/0", b""), None, "tile-unknown"),
    ("a full tile as a part", put("tile/0/000.p/256", b"x"), None, "tile-unknown"),
    ("the next bundle", put("tile/entries/001.p/1", b"\0\0"), None, "tile-unknown"),
    ("the checkpoint's root", replace("checkpoint", b"\n12\n", b"\n12\nA"), None, "checkpoint-malformed"),
    ("the checkpoint's size", replace("checkpoint", b"\n12\n", b"\n11\n"), None, "checkpoint-signature"),
    ("a larger checkpoint size", replace("checkpoint", b"\n12\n", b"\n13\n"), 12, "history-truncated"),
    ("a bit in a checkpoint's signature", other_letter("checkpoint", -20), None, "checkpoint-signature"),
    ("the checkpoint gone", drop("checkpoint"), None, "file-unreadable"),
    ("an empty checkpoint", put("checkpoint", b""), None, "checkpoint-malformed"),
    ("another's checkpoint", replace("checkpoint", b"77\n12", b"78\n12"), None, "checkpoint-origin"),
    ("another genesis", put("genesis", b"x"), 0, "genesis-mismatch"),
]


@pytest.mark.parametrize(("name", "spoil", "act", "code"), SPOILT, ids=[row[0] for row in SPOILT])
def test_spoilt_files_are_named(
    name: str, spoil: Callable[[Files], None], act: int | None, code: str, tmp_path: Path
) -> None:
    """Given a good export, when files are spoilt, then the first bad act is the right one and its code is named."""
    log = small()
    files = log.files()
    spoil(files)
    report = checked(files, tmp_path, log.trust())
    assert report["verdict"] == "invalid"
    assert (act, code) in found(report), found(report)
    assert found(report)[0][0] == act


def test_each_code_has_two_texts() -> None:
    """Vietnamese and English beside every code."""
    texts = [text.split(" | ") for text in CODES.values()]
    assert all(len(pair) == 2 and pair[0] and pair[1] and pair[0] != pair[1] for pair in texts)


def test_one_spoilt_act_is_named_alone(tmp_path: Path) -> None:
    """Given one altered entry and one altered event, then no other act is accused."""
    log = small()
    files = log.files()
    flip(ENTRIES, -5)(files)
    replace(EVENTS, b"HS-4", b"HS-9")(files)
    assert {act for act, _ in found(checked(files, tmp_path, log.trust()))} == {8, 11}


def test_good_logs(tmp_path: Path) -> None:
    """Given a good export: valid with a trust file, self-consistent without, exit 0 both times."""
    log = small()
    folder = write_folder(log.files(), tmp_path / "good")
    (tmp_path / "trust.json").write_text(json.dumps(log.trust()))
    assert main([str(folder), "--trust", str(tmp_path / "trust.json")]) == 0
    report = verify(folder, Trust())
    assert (report["verdict"], report["anchored"], report["acts"], report["events"]) == (
        "self-consistent",
        False,
        12,
        18,
    )
