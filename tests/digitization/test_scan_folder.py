"""A folder of scans from a stranger: what may be a scan is taken, everything else is named and never opened."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from digitization.intake import digest
from digitization.scan_folder import read_folder, require_scan, shown
from domain.errors import Refusal

DISASTERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (lambda folder: os.mkfifo(folder / "a.pdf"), "scan-not-file"),
    "a folder named as a scan": (lambda folder: (folder / "a.pdf").mkdir(), "scan-not-file"),
    "a link to a folder": (lambda folder: (folder / "a").symlink_to("."), "scan-not-file"),
    "a link to nothing": (lambda folder: (folder / "a.pdf").symlink_to("none"), "scan-link-broken"),
    "a link to itself": (lambda folder: (folder / "a.pdf").symlink_to("a.pdf"), "scan-link-broken"),
    "a link outside": (lambda folder: (folder / "a.pdf").symlink_to("/etc/passwd"), "scan-link-outside"),
    "a link to a device": (lambda folder: (folder / "a.pdf").symlink_to("/dev/zero"), "scan-link-outside"),
    "a name turned round": (lambda folder: (folder / "fdp.\u202ea.pdf").touch(), "scan-name-refused"),
    "a name with a hidden letter": (lambda folder: (folder / "a\u200b.pdf").touch(), "scan-name-refused"),
    "a name that moves the cursor": (lambda folder: (folder / "a\x1b[31m.pdf").touch(), "scan-name-refused"),
    "a name of two lines": (lambda folder: (folder / "a\n.pdf").touch(), "scan-name-refused"),
    "a name in no encoding": (lambda folder: (folder / os.fsdecode(b"\xff.pdf")).touch(), "scan-name-refused"),
}  # fmt: skip


@pytest.mark.parametrize("name", DISASTERS)
def test_what_cannot_be_a_scan_is_refused_by_name(tmp_path: Path, name: str) -> None:
    """Given an entry that is no scan or has no honest name, when the folder is read, then its code tells why."""
    make, code = DISASTERS[name]
    (tmp_path / "good.pdf").touch()
    make(tmp_path)
    found = read_folder(tmp_path)
    assert [one.code for one in found.refused] == [code]
    assert [scan.name for scan in found.scans] == ["good.pdf"]
    assert shown(found.refused[0].vi) == found.refused[0].vi, "the text itself may be printed"


def test_what_lies_beside_is_named(tmp_path: Path) -> None:
    """Given notes, lists and hidden files beside scans, when the folder is read, then each is remarked by its name."""
    for name in ("a.pdf", "b.jpg", "c.txt", "d.csv", ".e"):
        (tmp_path / name).touch()
    found = read_folder(tmp_path)
    assert [scan.name for scan in found.scans] == ["a.pdf", "b.jpg"]
    assert sorted(str(one.facts["name"]) for one in found.remarks) == [".e", "c.txt", "d.csv"]
    assert found.refused == ()


def test_a_scan_is_found_however_its_name_is_composed(tmp_path: Path) -> None:
    """Given a name decomposed on disk, when the worksheet names it composed, then it is that scan, and it is said."""
    name = "quyết định.pdf"
    (tmp_path / unicodedata.normalize("NFD", name)).touch()
    found = read_folder(tmp_path)
    assert found.named(tmp_path, name) == found.scans[0]
    assert [one.code for one in found.remarks] == ["scan-name-composed"]
    assert found.named(tmp_path, "khác.pdf") is None


def test_a_link_within_the_folder_is_a_scan(tmp_path: Path) -> None:
    """Given a link to another scan of the folder, when read, then it is taken: it will be that one's duplicate."""
    (tmp_path / "a.pdf").touch()
    (tmp_path / "b.pdf").symlink_to("a.pdf")
    assert len(read_folder(tmp_path).scans) == 2


def test_a_scan_without_end_is_not_opened(tmp_path: Path) -> None:
    """Given a terabyte of holes and a pipe, when asked for, then they are refused unread and have no digest."""
    (tmp_path / "a.pdf").touch()
    os.truncate(tmp_path / "a.pdf", 1 << 40)
    os.mkfifo(tmp_path / "b.pdf")
    for name, code in (("a.pdf", "scan-too-large"), ("b.pdf", "scan-not-file"), ("c.pdf", "scan-unreadable")):
        with pytest.raises(Refusal, match=code):
            require_scan(tmp_path / name)
        assert digest(tmp_path / name) == ""
