"""Light processes of a ledger that die at a fault point: forked from a server that has imported everything already."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec
from psycopg.conninfo import make_conninfo

from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Plain
from ledger import dispatch
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.bulk import BulkAppender
from ledger.bulk_draft import draft
from ledger.founding import Enrolment, Grant, found_ledger
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.log_store import LogStore
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.sealed_store import SealedStore
from ledger.sealer import Sealer
from ledger.secret import LedgerSecret
from ledger.sequencer import Sequencer
from ledger.streams import Streams
from mocban.database import Databases
from mocban.witness.collecting import Collector
from mocban.witness.policy import FILE, read_policy
from signing.checkpoint import MlDsa44Signer
from signing.fault_point import FaultPoint, arm
from signing.note import Ed25519Signer
from tests.ledger.conftest import BOX_EVENTS, BoxPacked, House, pieces
from tests.witness.log import Log
from tests.witness.serving import witness_of

FLOOD_WRITERS = 16
CLERK = Actor(id="00000000-0000-4000-8000-00000000000c", signer=Ed25519Signer("x/clerk", b"c" * 32))


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What a victim needs of a house: picklable. folder: for what it leaves behind."""

    database: Databases
    home: Path
    origin: str
    folder: Path

    @property
    def told(self) -> Path:
        """Where a victim notes what it was told, durably, before it goes on."""
        return self.folder / "told"


def site_of(house: House, folder: Path) -> Site:
    """The house with a clerk whose key a victim can make again."""
    founding = msgspec.structs.replace(
        house.founding,
        enrolments=(*house.founding.enrolments, Enrolment(actor=CLERK)),
        grants=(*house.founding.grants, Grant(log=LogName.MAIN, actor=CLERK.id, role="packer", acts=("box.*",))),
    )
    found_ledger(house.main, house.access, founding)
    house.founding = founding
    folder.mkdir(exist_ok=True)
    return Site(database=house.database, home=house.home, origin=house.main.origin, folder=folder)


Where = TypeVar("Where")


def dies(deed: Callable[[Where], object], site: Where, point: FaultPoint, times: int = 1) -> bool:
    """Do the deed in a process armed for the point: whether it was killed there. Anything but that or its end fails."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_victim, args=(deed, site, point, times))
    process.start()
    process.join(60)
    if process.exitcode not in {0, -signal.SIGKILL}:
        process.kill()
        raise AssertionError(f"{deed.__name__} ended with {process.exitcode} at {point}")
    return process.exitcode == -signal.SIGKILL


def _victim(deed: Callable[[Where], object], site: Where, point: FaultPoint, times: int) -> None:
    arm(point, times)
    deed(site)
    os._exit(0)


def pack(site: Site) -> None:
    """Two acts by command, each noted when it was told of; both ids are known before."""
    ledger = _ledger(site)
    for act_id in asked(site):
        _note(site, ledger.perform(packing(act_id)))


def pack_in_a_flood(site: Site) -> None:
    """Acts of many writers, nearly all through the append process; as `pack`."""
    ledger = _ledger(site)
    vars(dispatch).update(MANY=1, FLOOD=FLOOD_WRITERS)
    ledger._committer._desk._dispatch._start_after = 0.0  # on one core too

    def write(act_id: UUID) -> None:
        _note(site, ledger.perform(packing(act_id)))

    with ThreadPoolExecutor(FLOOD_WRITERS) as pool:
        list(pool.map(write, asked(site)))


def pack_in_bulk(site: Site) -> None:
    """Two acts on the bulk path."""
    ledger = _ledger(site)
    appender = BulkAppender(ledger, make_conninfo(site.database.main_url("mocban_bulk")))
    for act_id in asked(site):
        made, _ = draft(ledger, packing(act_id))
        _note(site, appender.append(made, [CLERK]).receipt(act_id))


def asked(site: Site, count: int = 2) -> list[UUID]:
    """The ids of the acts that a victim is to do; the same when asked for again, however many."""
    path = site.folder / "asked"
    if not path.exists():
        path.write_text("".join(f"{new_act_id()}\n" for _ in range(count)))
    return [UUID(line) for line in path.read_text().split()]


def packing(act_id: UUID) -> Proposal:
    """A labelled piece into the box that has the act's own id."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load(act_id, 0, pieces)
        return {act_id: [BoxPacked(piece=1, label=Plain("Hồ sơ")), BoxPacked(piece=2)]}

    return Proposal(act="box.pack", id=act_id, actor=CLERK, decide=decide, request={"box": str(act_id)})


def sequence(site: Site) -> None:
    """A checkpoint over what there is."""
    patiently(_sequencer(site))


def patiently(sequencer: Sequencer) -> None:
    """Advance as soon as the server has noticed that whoever sequenced before is dead."""
    until = time.monotonic() + 10
    while True:
        try:
            sequencer.advance()
        except Refusal as refusal:
            if refusal.code != "sequencer-busy" or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            sequencer.close()
            return


def export(site: Site) -> None:
    """The log into a folder."""
    LogStore(_ledger(site), site.home).export(site.folder / "export")


def cosign(site: Site) -> None:
    """A witness is asked to go from 4 to 9."""
    witness_of(site.folder / "witness").add_checkpoint(Log().request(4, 9))


def collect(site: Site) -> None:
    """The witnesses of the policy are asked."""
    policy = read_policy(site.home / FILE)
    assert policy is not None
    Collector(site.home).round(policy)


def _note(site: Site, receipt: Receipt) -> None:
    with site.told.open("a") as file:
        file.write(f"{receipt.id} {receipt.act_index}\n")
        file.flush()
        os.fsync(file.fileno())


def _ledger(site: Site) -> Ledger:
    writer = site.database.main_url("mocban_ledger_writer")
    keys = KeyStore(site.database.keys_url("mocban_ledger_writer"), b"k" * 32, "record")
    return Ledger(
        log=LogName.MAIN,
        origin=site.origin,
        conninfo=writer,
        secret=LedgerSecret(b"s" * 32),
        sealer=Sealer(keys, SealedStore(writer)),
        event_types=BOX_EVENTS,
    )


def _sequencer(site: Site) -> Sequencer:
    return Sequencer(
        log=LogName.MAIN,
        origin=site.origin,
        conninfo=site.database.main_url("mocban_ledger_writer"),
        home=site.home,
        signers=(Ed25519Signer(site.origin, b"L" * 32), MlDsa44Signer(site.origin, b"M" * 32)),
    )
