"""The main job on three scans: what it promises to scripts, what others can verify, and what stays sealed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from openpyxl import load_workbook
from psycopg import sql

from domain.custody import CustodyReplay
from domain.identifiers import nfc
from domain.lot import Carrier
from ledger.mapper import EventMapper
from mocban.__main__ import main
from mocban.database import open_databases
from mocban.demo.people import PEOPLE
from mocban.settings import Settings
from projections.custody_queries import custody_of
from reference import hanoi
from reference.samples import confidential_texts
from signing.note import ED25519, ML_DSA_44, VerifierKey
from signing.tlog_proof import verify_event_proof
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
    derived = msgspec.json.decode((played.settings.keys / "keystore.json").read_bytes())
    assert (derived["kdf"], derived["n"]) == ("scrypt", 16384), "what docs/trust.md says, and no test has lowered"


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


LONG_ENOUGH = 12
"""A shorter line of a scan ("Nơi nhận:", "- Lưu: VT") says nothing of its document."""


def _ledger_bytes(settings: Settings) -> Iterator[bytes]:
    """Every column of every table of both logs and of what lies sealed, and every published file of both."""
    with psycopg.connect(open_databases(settings).main_admin) as connection:
        tables = connection.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname IN ('main_log', 'access_log', 'sealed') ORDER BY 1"
        ).fetchall()
        assert {"main_log.act", "main_log.event", "access_log.act", "sealed.field"} <= {name for (name,) in tables}
        for (table,) in tables:
            for row in connection.execute(sql.SQL("TABLE {}").format(sql.SQL(table)), binary=True):
                yield b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    for folder in (settings.objects, settings.out / "log"):
        yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _secrets() -> set[str]:
    """Names, titles, subjects and lines of the demo's papers, but for those that are names of public bodies."""
    texts = {person.name for person in PEOPLE} | set(confidential_texts())
    bodies = (*hanoi.agencies_before(), *hanoi.agencies_after(), *hanoi.departments())
    public = " ".join(body.name for body in bodies).casefold()
    lines = {line.strip() for text in texts for line in nfc(text).splitlines()}
    return {line for line in lines if len(line) >= LONG_ENOUGH and " " in line and line.casefold() not in public}


def test_no_name_title_subject_or_line_stands_in_the_ledger(played: Played) -> None:
    """Given every secret of the demo, when the ledger and its tiles are searched, then none is found in any form."""
    secrets = _secrets()
    assert len(secrets) > 200
    haystack = b"\0".join(dict.fromkeys(_ledger_bytes(played.settings)))  # exports repeat the files of the store
    folded = haystack.decode("utf-8", "replace").casefold().encode()  # bytes are searched five times as fast
    found = [index for index, secret in enumerate(sorted(secrets)) if secret.casefold().encode() in folded]
    assert found == [], f"{len(found)} of {len(secrets)} secrets stand in the ledger"
    assert "Ủy ban nhân dân".casefold().encode() in folded, "names of bodies are public and prove that the search works"


def _replayed(settings: Settings) -> tuple[CustodyReplay, int]:
    """The ledger's acts and events, nothing else, fed to the pure replay; and the last act."""
    decode = EventMapper().decode
    replay = CustodyReplay()
    with psycopg.connect(open_databases(settings).main_url("mocban_auditor")) as connection:
        rows = connection.execute(
            "SELECT act_index, originator_id, topic, state FROM main_log.event ORDER BY position"
        ).fetchall()
    for act_index, stream, topic, state in rows:
        replay.feed(act_index, stream, decode(topic, state))
    return replay, rows[-1][0]


DAYS = ("2019-06-01", "2025-06-30", "2025-07-01", "2030-12-31")


def test_custody_replays_without_sealed_store_and_keys(played: Played) -> None:
    """From acts and events alone the pure replay answers for every file what the shared database answers."""
    replay, last = _replayed(played.settings)
    assert len(replay.files) == played.ran.answer["files"]
    with psycopg.connect(open_databases(played.settings).main_url("mocban_reader"), autocommit=True) as views:
        for file in replay.files:
            for carrier in Carrier:
                for day in DAYS:
                    for known_at in (last, last // 2):
                        answered = custody_of(views, file, carrier, day, known_at).custody
                        assert answered == replay.ask(file, carrier, day, known_at)


Said = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def said(played: Played, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """A command with `--json` on the demo's data: exit code, and what stood on each line of stdout."""

    def run_here(*words: object) -> tuple[int, list[dict[str, Any]]]:
        monkeypatch.setenv("MOCBAN_HOME", str(played.settings.home))
        monkeypatch.setenv("MOCBAN_PASSPHRASE", played.settings.passphrase or "")
        monkeypatch.delenv("DATABASE_URL", raising=False)
        code = main([*map(str, words), "--json"])
        return code, [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]

    return run_here


@pytest.fixture
def custody(said: Said) -> Said:
    """`custody ... --json` likewise."""
    return lambda *words: said("custody", *words)


def test_questions_from_outside_are_answered_as_the_replay_answers(
    played: Played, custody: Said, tmp_path: Path
) -> None:
    """Every file, carrier and day as lines of a file, and one unknown: all answered in order, the run partial."""
    replay, last = _replayed(played.settings)
    asking = [(f, c, day, at) for f in replay.files for c in Carrier for day in DAYS for at in (last, last // 2)]
    lines = [
        {"file": replay.files[file].FileCode.text, "carrier": carrier, "date": day, "known_at_index": known_at}
        for file, carrier, day, known_at in asking
    ]
    (tmp_path / "q.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, [*lines, {**lines[0], "file": "?"}])))
    code, (*answers, unknown) = custody("ask", "--questions", tmp_path / "q.jsonl")
    assert (code, unknown["problem"]["code"]) == (1, "question-file-unknown")
    for question, answer in zip(asking, answers, strict=True):
        expected = replay.ask(*question)
        assert answer["assigned_to"] == (str(expected.assigned_to) if expected.assigned_to else None)
        assert answer["held_by"] == (str(expected.held_by) if expected.held_by else None)
        because = {"assigned_to": expected.because_assigned, "held_by": expected.because_held}
        assert answer["because"] == {fact: act if act >= 0 else None for fact, act in because.items()}


def test_every_new_unit_has_its_account_and_letters(custody: Said, tmp_path: Path) -> None:
    """All 126 by one command, each with predecessors; one alone, by its code, says the same and asks for the rest."""
    code, (answer,) = custody("rebuild", "--all", "--as-of", DAYS[-1])
    units = answer["units"]
    assert (code, len(units)) == (0, 126)
    assert all(any(origin["relation"] == "predecessor" for origin in one["origins"]) for one in units)
    awaiting = next(one for one in units if one["totals"]["awaiting"]["files"])
    words = ("rebuild", "--unit", awaiting["unit"]["code"], "--as-of", DAYS[-1], "--known-at", "2199-01-01T00:00+07:00")
    code, (alone,) = custody(*words, "--xlsx", tmp_path / "a.xlsx", "--letter", tmp_path / "a.pdf")
    assert (code, alone["letter"]["letters"] >= 1) == (0, True)
    assert {name: alone[name] for name in awaiting} == awaiting
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_a_plan_is_converted_changed_and_compared(said: Said, tmp_path: Path) -> None:
    """Given the shipped plan as a workbook with one rule changed, when both are compared, its files go elsewhere."""
    shipped, book = str(ROOT / "reference" / "plans" / "2025-07-01.yaml"), tmp_path / "plan.xlsx"
    assert said("reorganization", "convert", shipped, book)[0] == 0
    changed = load_workbook(book)
    rules = {row[0].value: row for row in changed["Quy tắc"].iter_rows(min_row=3)}
    rules["district-temporary"][9].value = "city-historical-archive"
    changed.save(book)
    wanted = ("--against", shipped, "--former-district", "001", "--svg", tmp_path / "p.svg")
    code, answers = said("reorganization", "preview", book, *wanted)
    assert code == 0, answers
    report = answers[-1]["report"]
    assert (report["scope"], report["may_be_enacted"]) == ("Quận Ba Đình", True)
    lines = {(line["receiver"].get("code", ""), line["carrier"]): line for line in report["receivers"]}
    awaiting, archive = lines["", "paper"], lines["H26.17", "paper"]
    moved = awaiting["other"]["files"] - awaiting["plan"]["files"]
    assert moved == archive["plan"]["files"] - archive["other"]["files"] > 0
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_log_is_exported_bundled_and_proven_by_command(said: Said, tmp_path: Path) -> None:
    """Given a ledger, each thing an auditor takes away is written by one command, and the verifier accepts it."""
    trust, folder, bundle = tmp_path / "trust.json", tmp_path / "log", tmp_path / "b.zip"
    assert said("log", "trust", trust)[0] == 0
    assert said("log", "export", folder)[1][-1]["new_files"] > 0
    code, (again,) = said("log", "export", folder)
    assert (code, again["new_files"]) == (0, 0)
    assert said("log", "bundle", bundle)[0] == 0
    code, (proof,) = said("log", "proof", "--position", 100, tmp_path / "p.tlog-proof")
    keys = [VerifierKey.parse(line) for line in (folder / "log_vkey").read_text().splitlines()]
    assert verify_event_proof((tmp_path / "p.tlog-proof").read_bytes(), keys).index < proof["acts"]
    for path in (folder, bundle):
        assert said("verify", path, "--trust", trust)[0] == 0, path
    code, (beyond,) = said("log", "proof", "--position", 99999999, tmp_path / "q")
    assert (code, beyond["problem"]["code"]) == (1, "position-unknown")
