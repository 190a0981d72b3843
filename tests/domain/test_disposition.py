"""Destroying a file: by two, on a ground that holds, carried out before it is said to be, complete after back-ups."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import pytest

from domain import file
from domain.agency import Block
from domain.disposition import (
    DestructionCompleted,
    DestructionDecided,
    Disposition,
    Ground,
    carry_out,
    complete,
    decide,
    disposition_stream,
    evolve,
)
from domain.errors import Refusal
from domain.file import File, FileDestroyed, FileRegistered
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.actor import Actor
from ledger.commands.disposition import decision
from mocban.acts.act_arguments import GROUNDS
from signing.note import Ed25519Signer

FILE = UUID("0198aaaa-0000-8000-8000-00000000f11e")
TODAY = "2026-11-22"


def registered(**more: object) -> File:
    """A finished file of 2001, kept for 10 years."""
    fact = FileRegistered(
        FileCode=FileCode(OrganId="A", FileCatalog=2001, FileNotation="1"),
        fonds=uuid4(),
        Title=Plain("T"),
        Maintenance=Maintenance(retention=RetentionClass.TEMPORARY, years=10),
        state=WorkState.FINISHED,
        arranged=True,
        held_by=uuid4(),
        held_from="2001-01-01",
        block=Block.GOVERNMENT,
        EndDate="2001-12-31",
    )
    return File(registered=msgspec.structs.replace(fact, **more))


def order(ground: Ground = Ground.RETENTION_ENDED, basis: str = "QĐ 1") -> DestructionDecided:
    """A decision on the file."""
    return DestructionDecided(file=FILE, ground=ground, basis=basis)


def test_the_command_line_knows_every_ground() -> None:
    """Given the grounds typed and those of the domain, they are the same."""
    assert set(GROUNDS) == set(Ground)


KEPT = Maintenance(retention=RetentionClass.PERMANENT)
UNKNOWN = Maintenance(retention=RetentionClass.NOT_APPRAISED)
YOUNG = Maintenance(retention=RetentionClass.TEMPORARY, years=25)
ENDLESS = Maintenance(retention=RetentionClass.TEMPORARY)
SUPERFLUOUS, ENDED = Ground.SUPERFLUOUS, Ground.RETENTION_ENDED


@pytest.mark.parametrize(
    ("subject", "ground", "code"),
    [
        (None, ENDED, "file-unknown"),
        (registered(Maintenance=KEPT), ENDED, "destruction-permanent"),
        (registered(Maintenance=UNKNOWN), ENDED, "destruction-not-appraised"),
        (registered(Maintenance=YOUNG), ENDED, "destruction-not-due"),
        (registered(Maintenance=ENDLESS), ENDED, "destruction-not-due"),
        (registered(EndDate=""), ENDED, "destruction-not-due"),
        (registered(EndDate="2016"), ENDED, "destruction-not-due"),
        (registered(state=WorkState.UNFINISHED), SUPERFLUOUS, "destruction-unfinished"),
        (msgspec.structs.replace(registered(), destroyed=TODAY), ENDED, "file-destroyed"),
    ],
)
def test_what_may_not_be_destroyed_is_refused(subject: File | None, ground: Ground, code: str) -> None:
    """Given a file that must be kept, or of which nothing is known, then no decision."""
    with pytest.raises(Refusal) as refused:
        decide(None, subject, order(ground), TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("subject", "ground"),
    [(registered(), ENDED), (registered(EndDate="2015-12-31"), ENDED), (registered(Maintenance=UNKNOWN), SUPERFLUOUS)],
)
def test_what_is_past_retention_or_superfluous_may_be(subject: File, ground: Ground) -> None:
    """Given a ground that holds, then the decision; said again, nothing new; on another basis, a refusal."""
    made = decide(None, subject, order(ground), TODAY)
    assert made == [order(ground)]
    state = evolve(None, order(ground))
    assert decide(state, subject, order(ground), TODAY) == []
    with pytest.raises(Refusal) as refused:
        decide(state, subject, order(ground, "QĐ 2"), TODAY)
    assert refused.value.code == "destruction-decided-otherwise"


def test_it_is_carried_out_before_it_is_complete() -> None:
    """Given a decision, then what is gone is named by at most 500 an event, and it is complete after the last day."""
    subject, state = registered(), evolve(None, order())
    documents = tuple(uuid4() for _ in range(1001))
    events = carry_out(state, subject, documents, TODAY)
    parts = [event.documents for event in events if isinstance(event, FileDestroyed)]
    assert [len(part) for part in parts] == [500, 500, 1]
    assert tuple(one for part in parts for one in part) == documents
    gone: File | None = subject
    for event in events:
        assert isinstance(event, FileDestroyed)
        assert event.decision == disposition_stream(FILE)
        gone = file.evolve(gone, event)
    assert carry_out(state, gone, documents, TODAY) == []
    with pytest.raises(Refusal) as refused:
        carry_out(state, gone, documents, "2027-01-01")
    assert refused.value.code == "destruction-kept-otherwise"
    for day, code in ((TODAY, "destruction-too-early"), ("2026-11-21", "destruction-too-early")):
        assert _refused(state, gone, day) == code
    assert complete(state, gone, "2026-11-23") == [DestructionCompleted(file=FILE, on="2026-11-23")]
    ended = evolve(state, DestructionCompleted(file=FILE, on="2026-11-23"))
    assert complete(ended, gone, "2026-11-24") == []
    with pytest.raises(Refusal):
        file.digitize(gone, uuid4(), TODAY)


def test_nothing_is_carried_out_without_a_decision() -> None:
    """Given none, then neither the one nor the other."""
    with pytest.raises(Refusal) as refused:
        carry_out(None, registered(), (), TODAY)
    assert refused.value.code == "destruction-not-decided"
    assert _refused(evolve(None, order()), registered(), TODAY) == "destruction-not-carried-out"
    assert len(carry_out(evolve(None, order()), registered(), (), TODAY)) == 1


def test_one_person_decides_nothing() -> None:
    """Given the same person twice, then no act."""
    one = Actor(id=str(uuid4()), signer=Ed25519Signer("x/1", b"1" * 32))
    with pytest.raises(Refusal) as refused:
        decision(one, one, uuid4(), order(), TODAY)
    assert refused.value.code == "destruction-one-person"


def _refused(state: Disposition | None, subject: File | None, today: str) -> str:
    with pytest.raises(Refusal) as refused:
        complete(state, subject, today)
    return refused.value.code
