"""The main job on three scans: what it promises to scripts, what it leaves in the ledger, what others can verify."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from signing.note import ED25519, ML_DSA_44, VerifierKey
from tests.scenarios.conftest import Played
from tests.scenarios.small_demo import run, scans

ROOT = Path(__file__).parents[2]
PROMISED = {
    "acts", "events", "files", "documents", "refused", "units", "agencies", "fonds_assigned", "awaiting", "verified",
    "log", "log_vkey", "actor_vkeys", "trust", "certificate", "bundle", "seconds",
}  # fmt: skip


def test_it_keeps_its_promise_to_scripts(played: Played) -> None:
    """Every key of the contract is there, every path exists, and the run is done."""
    answer = played.ran.answer
    assert played.ran.code == 0, played.ran.said[-2000:]
    assert set(answer) >= PROMISED
    assert answer["verified"] is True
    for place in ("log", "log_vkey", "actor_vkeys", "trust", "certificate", "bundle"):
        assert Path(answer[place]).exists(), place
    keys = [VerifierKey.parse(line) for line in Path(answer["log_vkey"]).read_text().splitlines()]
    assert [key.type for key in keys] == [ED25519, ML_DSA_44]


def test_it_records_the_whole_city(played: Played) -> None:
    """557 units with three agencies each and the departments; one assignment for each fonds of an ended body."""
    answer = played.ran.answer
    assert answer["units"] == 1 + 30 + 526
    assert answer["agencies"] >= 1671
    assert answer["fonds_assigned"] == 3 * (30 + 526)
    assert answer["awaiting"] > 0


def test_one_paper_in_two_fonds_is_matched_read_and_denied(played: Played) -> None:
    """The pair is found by likeness; one principal gets the document, the other a refusal."""
    answer = played.ran.answer
    assert (answer["documents"], answer["matched"]) == (3, 1)
    assert (answer["read"], answer["denied"]) == (200, 403)
    assert answer["handed_over"] > 0


def test_a_second_run_adds_no_record(played: Played, tmp_path: Path) -> None:
    """Run again, the demo finds everything done: no further file, document, assignment or hand-over."""
    before = played.ran.answer
    again = run(played.settings, "demo", "--scans", str(scans(tmp_path / "again")))
    same = ("files", "documents", "units", "agencies", "fonds_assigned", "awaiting", "handed_over", "matched")
    assert again.code == 0, again.said[-2000:]
    assert {name: again.answer[name] for name in same} == {name: before[name] for name in same}
    # A second reading is a second entry of the access log, whose checkpoint is one more act of the main log.
    assert again.answer["acts"] == before["acts"] + 1


@pytest.mark.parametrize("what", ["log", "bundle", "certificate"])
def test_the_verifier_alone_says_valid_and_catches_one_byte(played: Played, what: str, tmp_path: Path) -> None:
    """Copied away and run by itself the verifier accepts each thing, and refuses it with one byte changed."""
    program = tmp_path / "verify.py"
    program.write_bytes((ROOT / "signing" / "standalone_verifier.py").read_bytes())
    trust = str(played.ran.answer["trust"])

    def verdict(path: Path) -> tuple[int, dict[str, object]]:
        done = subprocess.run(
            [sys.executable, "-I", str(program), str(path), "--trust", trust, "--json"],
            capture_output=True,
            cwd=tmp_path,
            check=False,
        )
        return done.returncode, msgspec.json.decode(done.stdout)

    source = Path(played.ran.answer[what])
    code, said = verdict(source)
    assert (code, said["anchored"]) == (0, True)
    copy = tmp_path / source.name
    if source.is_dir():
        subprocess.run(["cp", "-r", str(source), str(copy)], check=True)
        victim = max(
            (path for path in (copy / "tile" / "entries").rglob("*") if path.is_file()), key=lambda p: p.stat().st_size
        )
    else:
        copy.write_bytes(source.read_bytes())
        victim = copy
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(bytes(data))
    assert verdict(copy)[0] == 4
