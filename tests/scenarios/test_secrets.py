"""Sealed from the first event: what the ledger and its tiles show, and what they can do without any key."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from domain.custody import CustodyReplay
from domain.identifiers import nfc
from domain.lot import Carrier
from ledger.mapper import EventMapper
from mocban.database import open_databases
from mocban.demo.people import PEOPLE
from mocban.settings import Settings
from projections.custody_queries import custody_of
from reference import hanoi
from reference.samples import confidential_texts
from tests.scenarios.conftest import Played

LONG_ENOUGH = 12
"""A shorter line of a scan ("Nơi nhận:", "- Lưu: VT") says nothing of its document."""


def _ledger_bytes(settings: Settings) -> Iterator[bytes]:
    """Every act and event of both logs as stored, and every published file of both."""
    with psycopg.connect(open_databases(settings).main_url("mocban_auditor")) as connection:
        for log in ("main_log", "access_log"):
            for (note,) in connection.execute(f"SELECT note FROM {log}.act"):
                yield note
            for row in connection.execute(f"SELECT state, topic::bytea FROM {log}.event"):
                yield from row
    for folder in (settings.objects / "main_log", settings.objects / "access_log", settings.out / "log"):
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
    haystack = b"\0".join(_ledger_bytes(played.settings))
    folded = haystack.decode("utf-8", "replace").casefold()
    found = [index for index, secret in enumerate(sorted(secrets)) if secret.casefold() in folded]
    assert found == [], f"{len(found)} of {len(secrets)} secrets stand in the ledger"
    assert "Ủy ban nhân dân".casefold() in folded, "names of bodies are public and prove that the search works"


def test_custody_replays_without_sealed_store_and_keys(played: Played) -> None:
    """From acts and events alone the pure replay answers for every file what the shared database answers."""
    decode = EventMapper().decode
    replay = CustodyReplay()
    databases = open_databases(played.settings)
    with psycopg.connect(databases.main_url("mocban_auditor")) as connection:
        rows = connection.execute(
            "SELECT act_index, originator_id, topic, state FROM main_log.event ORDER BY position"
        ).fetchall()
    for act_index, stream, topic, state in rows:
        replay.feed(act_index, stream, decode(topic, state))
    last = rows[-1][0]
    assert len(replay.files) == played.ran.answer["files"]
    days = ("2019-06-01", "2025-06-30", "2025-07-01", "2026-12-31")
    with psycopg.connect(databases.main_url("mocban_reader"), autocommit=True) as views:
        for file in replay.files:
            for carrier in Carrier:
                for day in days:
                    for known_at in (last, last // 2):
                        answered = custody_of(views, file, carrier, day, known_at).custody
                        assert answered == replay.ask(file, carrier, day, known_at)
