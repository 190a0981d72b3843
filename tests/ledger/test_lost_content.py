"""Content of acts that came back from tiles: scans whose key is here get their owner again, the rest is counted."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from domain.document import DocumentDigitized
from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Plain, SealedBlob
from ledger.act_id import new_act_id
from ledger.lost_content import Lost, LostContent
from ledger.proposal import Proposal
from ledger.receipt import RECOVERED
from ledger.sealer import BlobPlain
from ledger.streams import Streams
from signing.act import open_act
from signing.base64_text import from_base64
from signing.note import parse_note
from tests.ledger.conftest import House
from tests.ledger.test_sequencer import administrator

TEXTS = (b"original", b"searchable", b"text")


def digitized(house: House, file: UUID, document: UUID) -> list[SealedBlob]:
    """An act with three blobs and a sealed field, all under the file's key."""
    assert house.main.sealer is not None
    plain = [BlobPlain(data=data, stream=document, blob=uuid4(), media="x", owner=file) for data in TEXTS]
    original, searchable, text = made = house.main.sealer.seal_blobs(plain)
    event = DocumentDigitized(
        file=file,
        DocOrdinal=1,
        original=original,
        searchable=searchable,
        text=text,
        PageAmount=1,
        delivered_as=Plain("a.pdf"),
    )

    def decide(_: Streams) -> dict[UUID, list[Event]]:
        return {document: [event]}

    house.main.perform(
        Proposal(
            act="box.pack",
            id=new_act_id(),
            actor=house.clerk,
            decide=decide,
            request="digitize",
            key_owners={document: file},
        )
    )
    return made


def come_back(house: House) -> None:
    """As after a recovery: the last act's digest is unknown, and the database has none of its content."""
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.act DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE main_log.act SET request_digest = %s WHERE index = (SELECT max(index) FROM main_log.act)",
            (RECOVERED,),
        )
        connection.execute("DELETE FROM sealed.blob")
        connection.execute("DELETE FROM sealed.field")


def settled(house: House) -> Lost:
    """What is told."""
    content = LostContent(house.main, house.keys, house.store, house.blobs)
    with psycopg.connect(house.database.main_url("mocban_auditor")) as connection:
        return content.settle(connection)


def test_scans_get_their_owner_again(house: House) -> None:
    """Given two scans still here and one gone, two open again, and one scan and one text are counted as gone."""
    file, document = uuid4(), uuid4()
    blobs = digitized(house, file, document)
    come_back(house)
    house.blobs.delete([from_base64(blobs[2].ct, 32)])
    with pytest.raises(Refusal):
        house.unsealer.open_blob(blobs[0], document)
    for _ in range(2):
        lost = settled(house)
        assert (lost.fields, lost.blobs, lost.blobs_found) == (1, 1, 2)
        assert [house.unsealer.open_blob(blob, document) for blob in blobs[:2]] == [*TEXTS[:2]]


def test_what_was_destroyed_gets_no_owner(house: House) -> None:
    """Given a file whose key was destroyed, its scans stay nobody's."""
    file, document = uuid4(), uuid4()
    digitized(house, file, document)
    come_back(house)
    house.keys.destroy(file)
    lost = settled(house)
    assert (lost.blobs, lost.blobs_found) == (3, 0)


def test_acts_that_never_left_are_not_asked_about(house: House) -> None:
    """Given a ledger that lost nothing, nothing is counted."""
    digitized(house, uuid4(), uuid4())
    lost = settled(house)
    assert (lost.fields, lost.blobs, lost.blobs_found) == (0, 0, 0)


def test_what_was_signed_tells_that_a_request_is_the_same(house: House) -> None:
    """Given an act that came back, its own text gets the receipt; another text, or none, is told where it lies."""
    digitized(house, uuid4(), uuid4())
    come_back(house)
    index = house.main.size() - 1
    note = parse_note(house.main.note_of(index))
    act_id = open_act(note.data, house.main.origin).header.id
    receipt = house.main.receipt_of(act_id, b"d" * 32, note.text)
    assert receipt is not None
    assert receipt.act_index == index
    for text in (None, note.text[:-1], b"other\n"):
        with pytest.raises(Refusal) as told:
            house.main.receipt_of(act_id, b"d" * 32, text)
        assert (told.value.code, told.value.facts["index"]) == ("act-recovered", index)
