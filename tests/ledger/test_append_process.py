"""An append process appends as its parent would, knows nothing that others may see, and outlives nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from select import select
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.keys import RoleGranted
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.act_parcel import fits
from ledger.actor import Actor
from ledger.append_process import AppendProcess
from ledger.commands import registry
from ledger.log_name import LogName
from ledger.pending import Pending
from ledger.prepared_act import AppendStatus
from ledger.proposal import Proposal
from ledger.streams import Streams
from signing.act import open_act, verify_act_signatures
from signing.note import Ed25519Signer
from tests.ledger.conftest import BoxPacked, House, build, close
from tests.ledger.floods import ended, kill, pid_of
from tests.ledger.test_signature_watch import Token

PARENT = """
import sys
from ledger.append_process import AppendProcess
from ledger.log_name import LogName
child = AppendProcess("", LogName.MAIN)
child.heed()
print(child._child.pid, flush=True)
sys.stdin.read()
"""
SHORT_OF_TIME = "from ledger import append_process as p; p.IDLE_SECONDS = 0.1; p.AppendService(0, 1).serve()"
WITHOUT_SODIUM = (
    "import sys; sys.modules['nacl'] = None\nfrom ledger import append_process as p; p.AppendService(0, 1).serve()"
)


@pytest.fixture(scope="module")
def house(module_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One founded ledger for everything here."""
    built = build(module_database, tmp_path_factory.mktemp("home"))
    yield built
    close(built)


@pytest.fixture
def child(house: House) -> Iterator[AppendProcess]:
    """One that is ready, for the main log of a house."""
    process = AppendProcess(house.database.main_url("mocban_ledger_writer"), LogName.MAIN)
    process.heed()
    assert process.ready
    yield process
    process.close()


def _packing(house: House, *, actor: Actor | None = None, pieces: int = 1, guarded: bool = False) -> Pending:
    """An act into a new box; guarded: it has also read another, which must stay away."""
    box, other = uuid4(), uuid4()

    def decide(streams: Streams) -> dict[UUID, list[BoxPacked]]:
        if guarded:
            streams.expect(other)
        return {box: [BoxPacked(piece=at, label=Plain("Hộp") if at else None) for at in range(pieces)]}

    proposal = Proposal(
        act="box.pack",
        id=new_act_id(),
        actor=actor or house.clerk,
        decide=decide,
        request="x",
        trace="a" * 32,
    )
    pending = Pending(house.main._decided(proposal, bytes(32)))
    assert pending.compose()
    return pending


def test_it_stores_what_its_parent_would(house: House, child: AppendProcess) -> None:
    """Given acts of every kind, two calls at once, then outcomes come in order; the notes are what we would sign."""
    prepared, broken = _packing(house), _packing(house)
    assert prepared.sign()
    assert broken.sign()
    acts = [_packing(house), prepared, _packing(house, pieces=3), _packing(house, guarded=True)]
    notes = []
    for pending in acts:
        assert fits(pending)
        assert pending.draft is not None
        notes.append(pending.draft.signed().note)
    before = house.main.size()
    child.send(acts)
    child.send([acts[0], _packing(house)])
    first, second = child.receive(), child.receive()
    assert [outcome.act_index for outcome in first] == [before, before + 1, before + 2, before + 3]
    assert [outcome.events for outcome in first] == [1, 1, 3, 1]
    assert [house.main.note_of(outcome.act_index) for outcome in first] == notes
    assert [outcome.status for outcome in second] == [AppendStatus.KNOWN, AppendStatus.STORED]
    known = house.main.registry.current().registry
    assert known is not None
    for outcome in (*first, *second):
        verify_act_signatures(open_act(house.main.note_of(outcome.act_index), house.main.origin), known.keys)
    [_, label, _] = house.main.recorder.select_events(acts[2].act.events[0].stream)
    event = house.main.event_mapper.decode(label.topic, label.state)
    assert house.unsealer.open(event.label, label.originator_id, 2, "/label") == "Hộp"  # type: ignore[attr-defined, arg-type]


def test_what_says_more_than_a_signature_is_signed_where_it_is_checked(house: House) -> None:
    """Keys held elsewhere and acts on the registry go signed, or not at all."""
    away = Actor(id=house.clerk.id, signer=Token(house.clerk.signer))
    fact = RoleGranted(actor=house.clerk.id, role="packer", acts=("box.*",))
    granting = registry.grant(house.main.origin, house.registrars, new_act_id(), fact)
    for pending in (_packing(house, actor=away), Pending(house.main._decided(granting, bytes(32)))):
        assert pending.compose()
        assert not fits(pending)
        assert pending.sign()
        assert fits(pending)


def test_it_ends_at_anything_unforeseen(house: House) -> None:
    """Given a seed that is not the key's, or an act that the server refuses, it ends, and nothing is stored."""
    before, stranger, misfit = house.main.size(), _packing(house), _packing(house)
    assert stranger.draft is not None
    assert misfit.sign()
    [signer] = stranger.draft.signers
    wrong = object.__new__(Ed25519Signer)
    wrong.verifier_key, wrong.sign, wrong.seed = signer.verifier_key, signer.sign, b"?" * 32
    stranger.draft = msgspec.structs.replace(stranger.draft, signers=(wrong,))
    for pending in (stranger, Pending.of(msgspec.structs.replace(misfit.act, digest=b"short"))):
        child = AppendProcess(house.database.main_url("mocban_ledger_writer"), LogName.MAIN)
        child.heed()
        child.send([pending])
        with pytest.raises(OSError, match="gone"):
            child.receive()
        assert ended(pid_of(child))
        child.close()
    assert house.main.size() == before


def test_nobody_sees_a_secret_in_it(house: House, child: AppendProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its command line and environment, which others may list, hold neither keys nor address nor passphrase."""
    monkeypatch.setenv("MOCBAN_PASSPHRASE", "not-to-be-handed-on")
    monkeypatch.setenv("PGPASSWORD", "handed-on-unseen")
    conninfo = house.database.main_url("mocban_ledger_writer")
    again = AppendProcess(conninfo, LogName.MAIN)
    again.heed()
    assert isinstance(house.clerk.signer, Ed25519Signer)
    for process in (child, again):
        process.send([_packing(house)])
        assert len(process.receive()) == 1
        for shown in ("cmdline", "environ"):
            content = Path(f"/proc/{pid_of(process)}/{shown}").read_bytes()
            assert content
            for secret in (b"not-to-be-handed-on", b"handed-on-unseen", house.clerk.signer.seed, conninfo.encode()):
                assert secret not in content
    again.close()


def test_a_killed_child_is_noticed(house: House, child: AppendProcess) -> None:
    """When it dies, asking and waiting fail, and the file is readable so that a waiting parent looks."""
    kill(child)
    assert select([child.answers_at], [], [], 10)[0]
    with pytest.raises(OSError, match="gone"):
        child.receive()
    assert ended(pid_of(child))  # it closes one pipe after the other
    with pytest.raises(OSError, match=r"Broken pipe"):
        child.send([_packing(house)])


def test_it_ends_with_its_parent() -> None:
    """Given a parent that is killed without a chance to say so, then the child ends by itself."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
        parent.wait()
        assert ended(pid)


def test_it_ends_when_closed_and_when_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed, it is gone and reaped; unasked, it ends by itself, and its parent notices."""
    child = AppendProcess("", LogName.MAIN)
    child.heed()
    child.close()
    assert not Path(f"/proc/{pid_of(child)}").exists()
    monkeypatch.setattr("ledger.append_process.COMMAND", (sys.executable, "-P", "-c", SHORT_OF_TIME))
    idle = AppendProcess("", LogName.MAIN)
    idle.heed()
    assert ended(pid_of(idle))
    with pytest.raises(OSError, match="gone"):
        idle.receive()
    idle.close()


def test_where_it_cannot_sign_it_is_never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library that it signs with, it ends before anything is handed to it."""
    monkeypatch.setattr("ledger.append_process.COMMAND", (sys.executable, "-P", "-c", WITHOUT_SODIUM))
    child = AppendProcess("", LogName.MAIN)
    with pytest.raises(OSError, match="gone"):
        child.heed()
    child.close()
