"""Two verifiers written apart, of one text: whatever is done to a log, both say the same of it, and of its place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from signing import log_verifier, standalone_verifier
from tests.signing import test_log_verifier_dual as dual
from tests.signing.judged_log import EVENTS, Files, found, small
from tests.signing.small_log import CLERK, SECOND, SERVICE, Person, SmallLog, write_bundle, write_folder
from tests.signing.test_log_verifier import SPOILT
from tests.signing.test_log_verifier_acts import WRITTEN
from tests.signing.test_log_verifier_shown import SPOILT as DISCLOSED
from tests.signing.test_log_verifier_shown import manifest, published, told
from tests.signing.test_vectors import stored

Report = dict[str, Any]


def judged(path: Path, trust: dict[str, Any] | None, checkpoints: list[bytes] | None = None) -> tuple[Report, Report]:
    """What the verifier of `verify` says of a path, and what the stand-alone one does."""
    file = path.parent / "trust.json"
    file.write_text(json.dumps({**trust, "checkpoints": [c.decode() for c in checkpoints or []]} if trust else None))
    fast = log_verifier.Trust.load(file) if trust else log_verifier.Trust()
    alone = standalone_verifier.Trust(json.loads(file.read_text()))
    return log_verifier.verify(path, fast), standalone_verifier.verify(path, alone)


def agree(reports: tuple[Report, Report]) -> Report:
    """Both say good or both say bad, and name the same act first; the stand-alone report."""
    fast, alone = reports
    assert alone["verdict"] == fast["verdict"], (fast["bad"], alone["bad"])
    assert [row["act"] for row in alone["bad"][:1]] == [row["act"] for row in fast["bad"][:1]], (
        found(fast),
        found(alone),
    )
    same = ("given", "acts", "events", "from", "to", "checkpoint", "anchored", "questioned")
    assert json.dumps([alone[name] for name in same]) == json.dumps([fast[name] for name in same])
    return alone


def of_files(files: Files, base: Path, trust: dict[str, Any] | None, checkpoints: list[bytes] | None = None) -> Report:
    """What both say of files laid out as an export."""
    return agree(judged(write_folder(files, base / "export"), trust, checkpoints))


@pytest.mark.parametrize(("name", "spoil", "act", "code"), SPOILT, ids=[row[0] for row in SPOILT])
def test_spoilt_files(name: str, spoil: Callable[[Files], None], act: int | None, code: str, tmp_path: Path) -> None:
    """Given a good export, when files are spoilt, then both name the act, and by the code of the table.

    Where a bundle's framing is broken the stand-alone verifier says what cannot be read: that it is missing.
    """
    log = small()
    files = log.files()
    spoil(files)
    report = of_files(files, tmp_path, log.trust())
    assert (act, code) in found(report) or code == "bundle-framing", (name, found(report))
    assert found(report)[0][0] == act


@pytest.mark.parametrize(("name", "write", "act", "code"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_bad_acts(name: str, write: Callable[[SmallLog], None], act: int, code: str, tmp_path: Path) -> None:
    """Given a log whose tree commits to a bad act, then both name it, it alone, and by the code of the table.

    To the stand-alone verifier an act is a note like any other: a line feed too many makes it none.
    """
    log = small()
    write(log)
    report = of_files(log.files(), tmp_path, log.trust())
    code = "act-malformed" if name == "a line feed too many" else code
    assert (act, code) in found(report), (name, found(report))
    assert {index for index, _ in found(report) if index is not None} == {act}


def test_a_key_that_lives_and_is_questioned(tmp_path: Path) -> None:
    """Given a key enrolled, granted and revoked as compromised, then both list the same acts as questioned."""
    log = small()
    new = Person(CLERK.actor, SERVICE.key)
    log.revoke(CLERK, since=7)
    log.grant(new, "clerk", ["custody.*"])
    assert of_files(log.files(), tmp_path, log.trust())["questioned"] == [7, 8, 9, 10, 11]


@pytest.mark.parametrize("anchored", [True, False])
@pytest.mark.parametrize(
    ("ended", "other"),
    [
        ((), []),
        ((0, 1), [(None, "checkpoint-signature")]),
        ((2, 3), [(None, "checkpoint-signature")]),
        ((0, 2), [(7, "registry-event")]),
        ((0, 1, 2), [(7, "registry-event")]),
    ],
)
def test_the_logs_own_keys(
    ended: tuple[int, ...], other: list[tuple[int | None, str]], tmp_path: Path, *, anchored: bool
) -> None:
    """Given keys of the log revoked, then both let the pair that is left sign and no other; one must be left.

    other: what is bad where the other pair signs.
    """
    log = dual.paired()
    log.register()
    if ended:
        log.end(*ended)
    log.sign_by(1 if ended == (0, 1) else 0)
    good = of_files(log.files(), tmp_path / "good", log.trust() if anchored else None)
    left_none = other if len({number // 2 for number in ended}) == 2 else []
    assert (found(good), good["anchored"]) == (left_none, anchored)
    log.sign_by(0 if ended == (0, 1) else 1)
    log.register()
    assert sorted(set(found(of_files(log.files(), tmp_path / "other", log.trust() if anchored else None)))) == other


@pytest.mark.parametrize("signers", [1, 2, 3])
@pytest.mark.parametrize("act", ["handover.complete", "disposition.decide", "handover.propose"])
def test_two_people(act: str, signers: int, tmp_path: Path) -> None:
    """Given acts signed by one, by one with two keys and by two, then both ask for two people where two decide."""
    log = dual.ready()
    keys = {1: [CLERK], 2: [CLERK, dual.CLERKS_OTHER], 3: [CLERK, SECOND]}[signers]
    index = log.add(act, [log.event(UUID(int=77), "box.noted/1", number=1)], keys)
    good = signers == 3 or (signers == 1 and act == "handover.propose")
    assert found(of_files(log.files(), tmp_path, log.trust())) == ([] if good else [(index, "signer-repeated")])


@pytest.mark.parametrize("act", ["handover.complete", "handover.propose"])
def test_what_two_people_decide_stands_in_no_other_act(act: str, tmp_path: Path) -> None:
    """Given a hand-over as an event of the act that two sign, and of another, then both name the other."""
    log = dual.ready()
    log.add(act, [log.event(UUID(int=77), "custody.handed-over/2", number=1)], [CLERK, SECOND])
    report = of_files(log.files(), tmp_path, log.trust())
    assert [row["code"] for row in report["bad"]] == ([] if act == "handover.complete" else ["event-misplaced"])


def test_history(tmp_path: Path) -> None:
    """Given logs rewritten, cut short, of another genesis or not witnessed, then both say so."""
    log, longer, other = small(), small(), SmallLog()
    longer.register()
    other.found()
    for _ in range(7):
        other.register(2)
    trust = log.trust()
    rows = [
        (log, trust, [longer.publish()], "history-truncated"),
        (other, other.trust(), [log.publish()], "checkpoint-inconsistent"),
        (log, {**trust, "genesis": "A" * 43 + "="}, [], "genesis-mismatch"),
        (log, {**trust, "policy": {"quorum": 1, "witnesses": []}}, [], "witness-quorum"),
        (log, {**trust, "vkeys": trust["vkeys"][:1], "origin": other.origin + "0"}, [], "checkpoint-origin"),
        (log, trust, [log.checkpoint(6)], ""),
    ]
    for number, (of, trusted, checkpoints, code) in enumerate(rows):
        report = of_files(of.files(), tmp_path / str(number), trusted, checkpoints)
        assert not code or code in {row["code"] for row in report["bad"]}, (code, report["bad"])


def test_many_acts(tmp_path: Path) -> None:
    """Given 600 acts, tiles of two levels and old partial tiles among them, both agree, also with two acts spoilt."""
    log = SmallLog()
    log.found()
    for n in range(594):
        log.register(1 + n % 3)
    older = {name: data for name, data in log.files().items() if ".p/" in name}
    log.register()
    files = {**older, **log.files()}
    assert of_files(files, tmp_path / "good", log.trust())["bad"] == []
    files["tile/events/003"] = files["tile/events/003"].replace(b"HS-1", b"HS-7", 1)
    files["tile/entries/001"] = files["tile/entries/001"].replace(b"1656/NQ", b"1657/NQ", 1)
    assert {act for act, _ in found(of_files(files, tmp_path / "bad", log.trust()))} == {256, 388}


@pytest.mark.parametrize(("name", "spoil", "code"), [("good", None, ""), *DISCLOSED], ids=lambda row: str(row)[:20])
def test_disclosures(name: str, spoil: Callable[[dict[str, Any]], object] | None, code: str, tmp_path: Path) -> None:
    """Given a disclosed field, good or spoilt in any part, both open it or refuse it, by the code of the table."""
    log, given = told()
    if spoil:
        spoil(given)
    (tmp_path / "given.json").write_text(json.dumps(given))
    fast, alone = judged(tmp_path / "given.json", log.trust())
    assert (alone["verdict"], alone.get("disclosed")) == (fast["verdict"], fast.get("disclosed")), name
    assert not code or code in {row["code"] for row in alone["bad"]}, alone["bad"]


def test_proof_files(tmp_path: Path) -> None:
    """Given a proof of each event, whole or with one letter changed, both agree."""
    log = small()
    for number, (act, event) in enumerate([(0, 0), (5, 1), (8, 0), (8, 5), (11, 0)]):
        path, text = tmp_path / f"{number}.tlog-proof", log.proof(act, event)
        path.write_text(text)
        assert agree(judged(path, log.trust()))["verdict"] == "valid"
        at = len(text) * (number + 1) // 7
        path.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
        assert [report["verdict"] for report in judged(path, log.trust())] == ["invalid", "invalid"]


def test_bundles(tmp_path: Path) -> None:
    """Given a .zip with its MANIFEST, compressed, with unsafe, repeated or unlisted names, both agree."""
    log = small()
    files = log.files()
    whole = {**files, "MANIFEST": manifest(files, log)}
    assert agree(judged(published(whole, tmp_path / "a.zip"), log.trust()))["bad"] == []
    for name in ("../evil", "/etc/evil", "tile/../../evil", "a\\..\\evil", "C:evil", "more"):
        report = agree(judged(published({**whole, name: b"x"}, tmp_path / "b.zip"), log.trust()))
        assert {row["code"] for row in report["bad"]} <= {"member-name", "manifest", "tile-unknown"}
        assert report["bad"]
    bomb = {**files, "more": bytes(1 << 20)}
    fast, alone = judged(write_bundle(bomb, tmp_path / "c.zip", zipfile.ZIP_DEFLATED), log.trust())
    assert fast["verdict"] == alone["verdict"] == "invalid"
    assert "bundle-bytes" in {row["code"] for row in alone["bad"]}
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("checkpoint", files["checkpoint"])
    assert "member-name" in {row["code"] for row in judged(tmp_path / "a.zip", log.trust())[1]["bad"]}


def test_the_golden_log_by_the_file_alone(tmp_path: Path) -> None:
    """Given the golden files and the verifier copied away, then it says valid; one bit turned: 4; nothing: 2."""
    names = {"tile/0/000.p/6": "tile-0-000.p-6.hex", "checkpoint": "checkpoint.note", "genesis": "genesis.note"}
    names |= {f"tile/{kind}/000.p/6": f"tile-{kind}-000.p-6.hex" for kind in ("entries", "positions")}
    files = {path: stored(name) for path, name in {**names, "tile/events/000.p/9": "tile-events-000.p-9.hex"}.items()}
    shutil.copy(standalone_verifier.__file__, tmp_path / "verify.py")

    def run(path: Path) -> tuple[int, Report]:
        command = [sys.executable, "-I", str(tmp_path / "verify.py"), str(path), "--json"]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.returncode, json.loads(done.stdout or "{}")

    code, said = run(write_folder(files, tmp_path / "log"))
    assert (code, said["acts"], said["events"], said["bad"], said["anchored"]) == (0, 6, 9, [], False)
    spoilt = files["tile/entries/000.p/6"].replace(b'"events":1', b'"events":2', 1)
    assert run(write_folder({**files, "tile/entries/000.p/6": spoilt}, tmp_path / "bad"))[0] == 4
    assert run(tmp_path / "nothing")[0] == 2
    fast, alone = judged(tmp_path / "log", None)
    assert (alone["verdict"], alone["bad"]) == (fast["verdict"], []) == ("self-consistent", [])


@pytest.mark.parametrize("prefix", [b"", b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.7\n", b"c2sp.org/", b"{", b"[" * 9999])
def test_any_bytes_end_in_a_verdict(prefix: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a file that is nothing of ours, then exit 4 and words, no stack trace."""
    (tmp_path / "given").write_bytes(prefix + bytes(range(256)))
    assert standalone_verifier.main([str(tmp_path / "given")]) == 4
    assert "KHÔNG HỢP LỆ / NOT VALID" in capsys.readouterr().out


@pytest.mark.parametrize(
    "more",
    [
        ', "policy": {"qourum": 1}',
        ', "policy": {"quorum": 1, "witness": []}',
        ', "policy": {"quorum": "1"}',
        ', "policy": {"quorum": -1}',
        ', "policy": {"quorum": 0}, "policy": {"quorum": 0}',
        ', "vkeys": ["x"]',
        "}",
        None,
    ],
)
def test_a_trust_file_that_cannot_be_meant(
    more: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a trust file with a misspelt policy, a name twice or no content, then exit 2: it never asks for less."""
    path = write_folder(small().files(), tmp_path / "export")
    (tmp_path / "trust.json").write_text("null" if more is None else json.dumps(small().trust())[:-1] + more + "}")
    assert standalone_verifier.main([str(path), "--trust", str(tmp_path / "trust.json")]) == 2
    assert "not a trust file" in capsys.readouterr().err


@pytest.mark.parametrize("at", [0, 9, 10, 11, 17])
def test_a_broken_length(at: int, tmp_path: Path) -> None:
    """Given the length of an event made too large, then both name the act of that event first."""
    log = small()
    files = log.files()
    place = sum(4 + len(event) for event in log.events[:at])
    files[EVENTS] = files[EVENTS][:place] + b"\xff" + files[EVENTS][place + 1 :]
    report = of_files(files, tmp_path, log.trust())
    assert found(report)[0][0] == max(index for index, first in enumerate(log.firsts) if first <= at)
