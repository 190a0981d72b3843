"""Whatever bytes come in, a verdict comes out: no stack trace, no endless loop, nothing extracted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.log_verifier import Bad as NotGood
from signing.log_verifier import Bundle, Checkpoint, LogKey, Proof, Trust, leaf_hash, main, verify, verify_log
from tests.signing.small_log import CLERK, SmallLog, b64, write_bundle, write_folder
from tests.signing.test_log_verifier_shown import manifest, published

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Memory:
    """Files in memory, as a source."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.names, self.unsafe, self.zipped = files, set(files), list[NotGood](), False

    def read(self, name: str) -> bytes:
        """As promised by Source."""
        if name not in self.files:
            raise NotGood("file-unreadable", name)
        return self.files[name]


def good() -> SmallLog:
    """Founding and a few registrations."""
    log = SmallLog()
    log.found()
    for count in (1, 3, 1):
        log.register(count)
    return log


LOG = good()
FILES = LOG.files()
TREE = sorted(name for name in FILES if name.startswith("tile/"))


def trust() -> Trust:
    """In the small log."""
    keys = [LogKey.parse(text) for text in LOG.vkeys()]
    return Trust(anchored=True, genesis=leaf_hash(LOG.entries[0]), origin=LOG.origin, keys=keys)


def judged(files: dict[str, bytes]) -> dict[str, Any]:
    """The report on files in memory."""
    return verify_log(Memory(files), trust(), 1, lambda *_: None)


@quick
@given(st.sampled_from(TREE), st.data())
def test_any_changed_byte_of_any_tile_is_found(name: str, data: st.DataObject) -> None:
    """Given one byte of any tile or bundle changed, then the verdict is never good."""
    at = data.draw(st.integers(0, len(FILES[name]) - 1))
    xor = data.draw(st.integers(1, 255))
    spoilt = FILES[name][:at] + bytes([FILES[name][at] ^ xor]) + FILES[name][at + 1 :]
    assert judged({**FILES, name: spoilt})["verdict"] == "invalid"


@quick
@given(st.dictionaries(st.sampled_from(sorted(FILES)), st.binary(max_size=400), min_size=1))
def test_any_bytes_as_files(changes: dict[str, bytes]) -> None:
    """Given files replaced by any bytes, then a verdict comes back, and none is good unless nothing changed."""
    report = judged({**FILES, **changes})
    assert report["verdict"] == ("valid" if all(FILES[n] == d for n, d in changes.items()) else "invalid")


@quick
@given(st.binary(max_size=600))
def test_any_bytes_as_one_file(data: bytes) -> None:
    """Given any bytes as checkpoint, proof or vkey, then only our own refusal is raised."""
    for read in (
        Checkpoint.parse,
        lambda d: Proof.parse(d.decode("latin-1")),
        lambda d: LogKey.parse(d.decode("latin-1")),
    ):
        with pytest.raises(NotGood):
            read(data)


@quick
@given(prefix=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.7\n"]), data=st.binary(max_size=600))
def test_any_bytes_at_the_path(prefix: bytes, data: bytes, tmp_path: Path) -> None:
    """Given any file, then the answer is exit 4 and no exception."""
    path = tmp_path / "given"
    path.write_bytes(prefix + data)
    assert main([str(path), "--json"]) == 4


@quick
@given(data=st.binary(min_size=1, max_size=40), at=st.integers(0, 1 << 16))
def test_any_hole_in_a_bundle(data: bytes, at: int, tmp_path: Path) -> None:
    """Given bytes written over a good bundle anywhere, then a verdict comes back."""
    path = write_bundle(FILES, tmp_path / "bundle.zip")
    whole = path.read_bytes()
    place = at % len(whole)
    path.write_bytes(whole[:place] + data + whole[place + len(data) :])
    assert verify(path, trust())["verdict"] in {"valid", "invalid"}


def test_good_bundle(tmp_path: Path) -> None:
    """Given a good bundle, then it is as good as the folder, and nothing is written beside it; not without MANIFEST."""
    path = published({**FILES, "MANIFEST": manifest(FILES, LOG)}, tmp_path / "bundle.zip")
    assert (verify(path, trust())["verdict"], verify(path, trust())["manifest"]) == ("valid", "checked")
    published(FILES, path)
    assert [(row["code"], row["detail"]) for row in verify(path, trust())["bad"]] == [("manifest", "MANIFEST")]
    assert [p.name for p in tmp_path.iterdir()] == ["bundle.zip"]


def test_compressed_bundle_is_refused(tmp_path: Path) -> None:
    """Given compressed members, then they are not unfolded: a bomb stays packed."""
    files = {**FILES, "tile/0/000.p/9": bytes(1 << 20)}
    report = verify(write_bundle(files, tmp_path / "bomb.zip", zipfile.ZIP_DEFLATED), trust())
    assert "file-unreadable" in {row["code"] for row in report["bad"]}


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "tile/../../evil", "a\\..\\evil", "C:evil"])
def test_unsafe_names(name: str, tmp_path: Path) -> None:
    """Given a member whose name climbs out, then it is named and nothing is extracted."""
    report = verify(write_bundle({**FILES, name: b"x"}, tmp_path / "b.zip"), trust())
    assert "member-name" in {row["code"] for row in report["bad"]}


def test_repeated_names(tmp_path: Path) -> None:
    """Given a name twice in a bundle, then it is named: readers may differ on which one counts."""
    path = write_bundle(FILES, tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("checkpoint", FILES["checkpoint"])
    assert [(bad.code, bad.detail) for bad in Bundle(path).unsafe] == [("member-name", "checkpoint")]


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Given a link in an export, then it is not read."""
    folder = write_folder(FILES, tmp_path / "export")
    (tmp_path / "elsewhere").write_bytes(FILES["checkpoint"])
    (folder / "checkpoint").unlink()
    (folder / "checkpoint").symlink_to(tmp_path / "elsewhere")
    assert "file-unreadable" in {row["code"] for row in verify(folder, trust())["bad"]}


@pytest.mark.parametrize("size", [10, 1 << 20, 10**17])
def test_absurd_sizes_end(size: int, tmp_path: Path) -> None:
    """Given a checkpoint or an act that claims a huge number, and far-off tiles, then the check still ends."""
    log = good()
    log.register(line=lambda line: line.replace(b'"events":1', b'"events":%d' % size))
    log.register()
    files = log.files()
    files["checkpoint"] = log.checkpoint(size)
    files["tile/entries/x999/x999/x999/x999/999"] = b""
    files["tile/events/x999/x999/x999/x999/999"] = b""
    assert judged(files)["verdict"] == "invalid"


def test_both_ways_of_working_agree(tmp_path: Path) -> None:
    """Given 1,100 acts with two of them spoilt, then one process and two give the same report."""
    log = SmallLog()
    log.found()
    for n in range(1_100):
        log.register(1 + n % 3)
    log.register(person=CLERK, root=b64(bytes(32)))
    files = log.files()
    files["tile/events/003"] = files["tile/events/003"].replace(b"HS-1", b"HS-7", 1)
    folder = write_folder(files, tmp_path / "export")
    one, two = (verify(folder, Trust(), processes) for processes in (1, 2))
    assert one == two
    assert len(one["bad"]) == 2


def test_usage(tmp_path: Path) -> None:
    """Given nothing at the path, or a trust file that is none, then exit 2."""
    assert main([str(tmp_path / "nothing")]) == 2
    (tmp_path / "trust.json").write_text(json.dumps({"vkeys": []}))
    assert main([str(tmp_path), "--trust", str(tmp_path / "trust.json")]) == 2


def test_report_reads_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a bad act, then the words say which, in Vietnamese first and English beside."""
    files = {**FILES, "tile/positions/000.p/9": bytes(72)}
    assert main([str(write_folder(files, tmp_path / "export"))]) == 4
    said = capsys.readouterr().out
    assert "Kết luận / Verdict: KHÔNG HỢP LỆ / NOT VALID" in said
    assert "hành vi / act 1: [tile-mismatch]" in said


def test_a_console_of_another_encoding_gets_its_report(tmp_path: Path) -> None:
    """Given a console without Vietnamese letters and a file name in no encoding, the whole report still comes out."""
    folder = write_folder(FILES, tmp_path / "export")
    (folder / os.fsdecode(b"tile/\xff")).write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "signing.log_verifier", str(folder)],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (4, b"")
    assert "Kết luận / Verdict: KHÔNG HỢP LỆ" in done.stdout.decode()
