"""Kill -9 at every fault point: no two checkpoints fork, no acknowledged act is lost, what lies about can be read."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from ledger.kept_checkpoint import KeptCheckpoint
from ledger.log_store import LogStore
from mocban.witness.collecting import Collector
from mocban.witness.policy import FILE, read_policy
from signing.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint_text
from signing.fault_point import FaultPoint, arm, reached
from signing.merkle import leaf_hash, root
from signing.note import parse_note
from tests.failures.test_recover import POINTS as RECOVERY
from tests.failures.victims import (
    FLOOD_WRITERS,
    Site,
    asked,
    collect,
    cosign,
    dies,
    export,
    pack,
    pack_in_a_flood,
    pack_in_bulk,
    packing,
    patiently,
    sequence,
    site_of,
)
from tests.ledger.conftest import House, build, close
from tests.ledger.test_append import append_boxes
from tests.ledger.test_export import verdict
from tests.ledger.test_sequencer import sequencer
from tests.witness.log import Log
from tests.witness.serving import serving, signer_of, witness_of

P = FaultPoint
APPEND = (P.RECORD_KEYS_MADE, P.APPEND_DUE, P.APPEND_COMMITTED, P.APPEND_TOLD)
BULK = (P.BULK_OPENED, P.BULK_COPIED, P.BULK_COMMITTED)
FILES = (P.FILE_OPENED, P.FILE_WRITTEN, P.FILE_SYNCED, P.FILE_NAMED, P.FOLDER_SYNCED)
SEQUENCE = (
    P.EVENTS_BUNDLED, P.PAGE_CHECKED, P.TILES_WRITTEN, P.CHECKPOINT_SIGNED, P.CHECKPOINT_SWAPPED, P.CHECKPOINT_KEPT,
    P.CHECKPOINT_SERVED,
)  # fmt: skip
EXPORT = (
    P.EXPORT_FILE_DRAFTED, P.EXPORT_FILE_NAMED, P.EXPORT_FILES_SYNCED, P.FILE_SYNCED, P.EXPORT_CHECKPOINT_NAMED,
    P.EXPORT_PARTIAL_PRUNED,
)  # fmt: skip
WITNESS = (P.WITNESS_CHECKED, P.WITNESS_SIGNED, *FILES, P.WITNESS_STORED)
COLLECT = (P.COSIGNATURE_RECEIVED, P.FILE_NAMED, P.COSIGNATURE_KEPT)


@pytest.fixture(scope="module")
def house(module_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One founded ledger for everything here: it lives on from kill to kill."""
    built = build(module_database, tmp_path_factory.mktemp("home"))
    yield built
    close(built)


@pytest.fixture
def site(house: House, tmp_path: Path) -> Site:
    """What a victim is given."""
    return site_of(house, tmp_path / "left")


class Seen:
    """Every checkpoint that anybody may have been shown, from all three places where one can be found."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._points: dict[bytes, Checkpoint] = {}

    def look(self) -> None:
        """Remember what is there now; each must bear the log's signatures."""
        house = self._house
        notes = [LogStore(house.main, house.home).tiles.served()]
        kept = KeptCheckpoint(house.home, house.main.log_name).path
        notes.append(kept.read_bytes() if kept.exists() else None)
        with psycopg.connect(house.database.main_admin) as connection:
            notes += [bytes(row[0]) for row in connection.execute("SELECT note FROM main_log.checkpoint")]
        for note in notes:
            if note:
                point = open_checkpoint(note, house.main.log_keys()).checkpoint
                self._points[parse_note(note).text] = point

    def agree(self) -> None:
        """All of them are of one history, the one that the acts give."""
        self.look()
        hashes = [leaf_hash(self._house.main.note_of(index)) for index in range(self._house.main.size())]
        assert all(point.root == root(hashes[: point.size]) for point in self._points.values())
        assert max(point.size for point in self._points.values()) == len(hashes)


def advance(house: House) -> None:
    """The next process publishes."""
    patiently(sequencer(house))


@pytest.mark.parametrize("point", APPEND + BULK)
def test_an_act_is_stored_once_and_never_lost(house: House, site: Site, point: FaultPoint) -> None:
    """Given a writer killed in its second act, the first is where it was told, the second is stored once on a retry."""
    deed = pack if point in APPEND else pack_in_bulk
    first, second = asked(site)
    before = house.main.size()
    assert dies(deed, site, point, times=2)
    [(told, index)] = [line.split() for line in site.told.read_text().splitlines()]
    assert (told, int(index)) == (str(first), before)
    assert house.main.receipt_of(first) is not None
    committed = point in {P.APPEND_COMMITTED, P.APPEND_TOLD, P.BULK_COMMITTED}
    assert (house.main.receipt_of(second) is not None) == committed
    receipt = house.main.perform(packing(second))
    assert (receipt.act_index, house.main.size()) == (before + 1, before + 2)
    labels = [event.label for event in _events(house, second) if event.label is not None]
    assert house.unsealer.open(labels[0], second, 1, "/label") == "Hồ sơ"


def test_a_flood_cut_short_is_stored_once(house: House, site: Site) -> None:
    """Given a process killed with acts at its append process, those told of are there, the others on a retry."""
    acts, before = asked(site, 1500), house.main.size()
    assert dies(pack_in_a_flood, site, P.APPEND_HANDED, times=5)
    told = {UUID(act): int(index) for act, index in map(str.split, site.told.read_text().splitlines())}
    assert len(told) >= FLOOD_WRITERS
    for act, index in told.items():
        receipt = house.main.receipt_of(act)
        assert receipt is not None
        assert receipt.act_index == index
    unsure = [act for act in acts[: len(told) + 2 * FLOOD_WRITERS] if act not in told]
    assert unsure
    for act in unsure:
        house.main.perform(packing(act))
    assert house.main.size() == before + len(told) + len(unsure)
    for act in unsure:
        label = _events(house, act)[0].label
        assert house.unsealer.open(label, act, 1, "/label") == "Hồ sơ"


def test_no_step_of_sequencing_forks(house: House, site: Site) -> None:
    """Given kills at each step, and after each file that gets its name, checkpoints agree, and the next goes on."""
    seen = Seen(house)
    advance(house)
    for point in SEQUENCE + FILES:
        append_boxes(house, 1)
        assert dies(sequence, site, point)
        seen.look()
    for files in count(2):
        append_boxes(house, 1)
        if not dies(sequence, site, P.FILE_NAMED, files):
            break
        seen.look()
    append_boxes(house, 1)
    advance(house)
    seen.agree()
    assert files > 6, "events, entries, positions, hashes, kept, served"


def test_no_step_of_pruning_loses_a_tile(house: House, site: Site) -> None:
    """Given a kill among partial tiles that a full one replaces, every checkpoint before can still be proven."""
    seen = Seen(house)
    advance(house)
    append_boxes(house, 256 - house.main.size() % 256)
    assert dies(sequence, site, P.PARTIAL_PRUNED)
    seen.look()
    append_boxes(house, 1)
    advance(house)
    seen.agree()


@pytest.mark.parametrize("point", EXPORT)
def test_an_export_cut_short_is_taken_up(house: House, site: Site, point: FaultPoint) -> None:
    """Given an export killed while it grows, what its checkpoint speaks of is good, and the next completes it."""
    store, folder = LogStore(house.main, house.home), site.folder / "export"
    append_boxes(house, 2)
    advance(house)
    store.export(folder)
    append_boxes(house, 256 - house.main.size() % 256)
    advance(house)
    assert dies(export, site, point)
    _, report = verdict(folder)
    assert {bad["code"] for bad in report["bad"]} <= {"tile-unknown"}, "tiles ahead of their checkpoint, nothing else"
    store.export(folder)
    store.export(site.folder / "fresh")
    assert _contents(folder) == _contents(site.folder / "fresh")


@pytest.mark.parametrize("point", WITNESS)
def test_a_witness_forgets_nothing_it_cosigned(site: Site, point: FaultPoint) -> None:
    """Given a witness killed in an update, its record is the old one or the new one, and it goes on from it."""
    log, store = Log(), site.folder / "witness"
    witness_of(store, log).add_checkpoint(log.request(0, 4))
    assert dies(cosign, site, point)
    again = witness_of(store)
    latest = again.records.latest(log.origin)
    assert latest is not None
    assert latest == parse_checkpoint_text(log.text(latest.size))
    assert latest.size == (9 if point in {P.FILE_NAMED, P.FOLDER_SYNCED, P.WITNESS_STORED} else 4)
    assert again.add_checkpoint(log.request(latest.size, 9))


@pytest.mark.parametrize("point", COLLECT)
def test_a_cosignature_is_kept_or_asked_for_again(house: House, site: Site, point: FaultPoint) -> None:
    """Given a collector killed with a cosignature in hand, the next round has it."""
    append_boxes(house, 1)
    advance(house)
    witness = witness_of(site.folder / "w")
    witness.logs.trust(house.main.origin, [key.text() for key in house.main.log_keys()])
    with serving(witness) as url:
        (house.home / FILE).write_text(f"witness w1 {signer_of().verifier_key.text()} {url}\nquorum w1\n")
        assert dies(collect, site, point)
        policy = read_policy(house.home / FILE)
        assert policy is not None
        assert Collector(house.home).round(policy).met


def test_every_point_is_hit_somewhere() -> None:
    """The tables of these tests hold every fault point there is."""
    tried = {
        *APPEND,
        P.APPEND_HANDED,
        *BULK,
        *SEQUENCE,
        *FILES,
        P.PARTIAL_PRUNED,
        *EXPORT,
        *WITNESS,
        *COLLECT,
        *RECOVERY,
    }
    assert tried == set(FaultPoint)


def test_only_the_point_that_was_armed_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given no drill, every point is passed by; given one, every other, and the armed one until its turn."""
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr("signing.fault_point.os.kill", lambda *what: killed.append(what))
    monkeypatch.setattr("signing.fault_point._armed", None)
    for point in FaultPoint:
        reached(point)
    arm(P.APPEND_DUE, times=2)
    for point in FaultPoint:
        reached(point)
    assert killed == []
    reached(P.APPEND_DUE)
    assert killed == [(os.getpid(), signal.SIGKILL)]


def _events(house: House, box: Any) -> list[Any]:
    return [house.main.mapper.to_domain_event(stored).event for stored in house.main.recorder.select_events(box)]  # type: ignore[attr-defined]


def _contents(folder: Path) -> dict[str, bytes]:
    """Files by name but for drafts that a kill left."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
