"""What is sensitive is sealed before it is hashed, opens for who holds the key, and can be destroyed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.errors import Refusal
from domain.event import Event
from domain.sealed import Plain, Sealed
from ledger.act_id import new_act_id
from ledger.append_statement import AppendStatement
from ledger.destruction import destroy
from ledger.fixity import FixityIndex
from ledger.key_store import KeyStore
from ledger.mapper import EventMapper
from ledger.prepared_act import AppendStatus, Outcome
from ledger.proposal import Proposal
from ledger.sealer import BlobPlain, SealedPlace
from signing.verification_error import VerificationError
from tests.ledger.conftest import BOX_EVENTS, BoxClosed, BoxPacked, House

TITLE = "Hồ sơ của bà Nguyễn Thị Thử Nghiệm"


def close_box(house: House, box: UUID, owner: UUID) -> BoxClosed:
    """A box closed with sealed things in a list and in a dict, as it was stored."""
    event = BoxClosed(inside=(Plain(TITLE), Plain(["a", 1])), by_name={"x/y~z": Plain({"tên": TITLE})})
    decide = {box: [BoxPacked(piece=1, label=Plain(TITLE)), event]}
    receipt = house.main.perform(
        Proposal(
            act="box.close",
            id=new_act_id(),
            actor=house.clerk,
            decide=lambda _: decide,
            request={"box": str(box), "title": TITLE},
            key_owners={box: owner},
        )
    )
    stored = house.main.recorder.select_notifications(receipt.first_position + 2, 1)[0]
    assert TITLE.encode() not in stored.state
    decoded = house.main.event_mapper.decode(stored.topic, stored.state)
    assert isinstance(decoded, BoxClosed)
    return decoded


def test_fields_are_sealed_wherever_they_stand(house: House) -> None:
    """Fields, list items and dict members open at their own pointer, and only there."""
    box, owner = uuid4(), uuid4()
    event = close_box(house, box, owner)
    first, second, named = event.inside[0], event.inside[1], event.by_name["x/y~z"]
    assert isinstance(first, Sealed)
    assert isinstance(second, Sealed)
    assert isinstance(named, Sealed)
    assert house.unsealer.open(first, box, 2, "/inside/0") == TITLE
    assert house.unsealer.open(second, box, 2, "/inside/1") == ["a", 1]
    assert house.unsealer.open(named, box, 2, "/by_name/x~1y~0z") == {"tên": TITLE}
    with pytest.raises(VerificationError):
        house.unsealer.open(first, box, 2, "/inside/1")
    with pytest.raises(VerificationError):
        house.unsealer.open(first, box, 3, "/inside/0")


def test_the_database_holds_no_plaintext(house: House) -> None:
    """A full look through logs and sealed store finds the title nowhere."""
    close_box(house, uuid4(), uuid4())
    with psycopg.connect(house.database.main_admin) as connection:
        for table in ("main_log.act", "main_log.event", "sealed.field", "sealed.blob", "sealed.fixity"):
            rows = connection.execute(f"SELECT t::text FROM {table} AS t").fetchall()
            text = "".join(str(row[0]) for row in rows)
            assert TITLE not in text
            assert TITLE.encode().hex() not in text


def test_destruction_takes_key_rows_and_blobs(house: House) -> None:
    """After it, the values are gone; another owner's stay; the ledger does not change."""
    box, other, owner, neighbour, blob = uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
    event, spared = close_box(house, box, owner), close_box(house, other, neighbour)
    assert house.main.sealer is not None
    kept = house.main.sealer.seal_blobs(
        [BlobPlain(owner=owner, stream=box, blob=blob, media="text/plain", data=TITLE.encode())]
    )[0]
    assert house.unsealer.open_blob(kept, box) == TITLE.encode()
    before = house.main.note_of(3)
    for _ in range(2):
        destroy(owner, house.keys, house.store, house.blobs)
    assert isinstance(event.inside[0], Sealed)
    assert isinstance(spared.inside[0], Sealed)
    places = [
        SealedPlace(event.inside[0], box, 2, "/inside/0"),
        SealedPlace(spared.inside[0], other, 2, "/inside/0"),
    ]
    assert house.unsealer.open_many(places) == [None, TITLE]
    with pytest.raises(Refusal) as refused:
        house.unsealer.open_blob(kept, box)
    assert refused.value.code == "sealed-value-gone"
    assert house.main.note_of(3) == before


def test_a_refused_act_leaves_no_ciphertext(house: House) -> None:
    """When the append is refused, what was sealed for it is removed again."""
    box = uuid4()
    house.pack(box)
    with pytest.raises(Refusal):
        house.main.perform(
            Proposal(
                act="box.pack",
                id=new_act_id(),
                actor=house.clerk,
                decide=lambda _: {box: [BoxPacked(piece=1, label=Plain(TITLE))]},
                request={},
            )
        )
    with psycopg.connect(house.database.main_admin) as connection:
        assert connection.execute("SELECT count(*) FROM sealed.field").fetchone() == (0,)


def test_a_lost_acknowledgement_keeps_the_ciphertexts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Committed, the answer lost, sent again: one act, and its sealed field still opens."""
    receive, calls = AppendStatement.receive, []

    def lossy(self: AppendStatement, connection: psycopg.Connection[Any]) -> list[Outcome]:
        outcomes = receive(self, connection)
        calls.append(outcomes[0].status)
        if len(calls) == 1:
            connection.close()
            raise psycopg.OperationalError("the answer never came")
        return outcomes

    monkeypatch.setattr(AppendStatement, "receive", lossy)
    box = uuid4()
    receipt = house.pack(box, label=Plain(TITLE))
    assert calls == [AppendStatus.STORED, AppendStatus.KNOWN]
    stored = house.main.recorder.select_notifications(receipt.position, 1)[0]
    event = house.main.event_mapper.decode(stored.topic, stored.state)
    assert isinstance(event, BoxPacked)
    assert isinstance(event.label, Sealed)
    assert house.unsealer.open(event.label, box, 1, "/label") == TITLE


def test_a_retry_leaves_only_the_first_ciphertexts(house: House) -> None:
    """A retry seals anew; what it sealed is removed, what was stored stays."""
    box, act_id = uuid4(), new_act_id()
    assert house.pack(box, act_id=act_id, label=Plain(TITLE)) == house.pack(box, act_id=act_id, label=Plain(TITLE))
    with psycopg.connect(house.database.main_admin) as connection:
        assert connection.execute("SELECT count(*) FROM sealed.field").fetchone() == (1,)


def test_keys_of_hundreds_of_owners_come_at_once(house: House) -> None:
    """Keys are made once, also by two stores at a time, and wrapped under their KEK and class."""
    owners = [uuid4() for _ in range(300)]
    keys = house.keys.keys_for(owners)
    assert len(set(keys.values())) == 300
    url = house.database.keys_url("mocban_ledger_writer")
    again = KeyStore(url, b"k" * 32, "record")
    assert again.keys_for(owners) == keys
    again.close()
    wrong = KeyStore(url, b"w" * 32, "record")
    with pytest.raises(VerificationError):
        wrong.find(owners[:1])
    wrong.close()
    with psycopg.connect(house.database.keys_admin) as connection:
        wrapped = [bytes(row[0]) for row in connection.execute("SELECT wrapped FROM key_store.record_key")]
    assert not any(key in held for key in list(keys.values())[:20] for held in wrapped)


def test_all_who_ask_at_once_get_one_key(house: House) -> None:
    """Of four stores that make keys of the same owners at the same moment, some of them made before, one wins each."""
    url = house.database.keys_url("mocban_ledger_writer")
    owners = [uuid4() for _ in range(200)]
    before = house.keys.keys_for(owners[::3])
    stores = [KeyStore(url, b"k" * 32, "record") for _ in range(4)]
    start = Barrier(4)

    def ask(store: KeyStore) -> dict[UUID, bytes]:
        start.wait()
        return {owner: key for at in range(0, 200, 20) for owner, key in store.keys_for(owners[at : at + 20]).items()}

    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(ask, stores)
    assert [first] * 3 == others
    assert len(set(first.values())) == 200
    assert {owner: first[owner] for owner in before} == before
    for store in stores:
        store.close()


def test_the_fixity_index_finds_exact_duplicates(house: House) -> None:
    """The same bytes are found again, other bytes are not, and the index holds no digest."""
    index = FixityIndex(house.database.main_url("mocban_ledger_writer"), house.secret)
    first, second, owner = uuid4(), uuid4(), uuid4()
    for document in (first, second, second):
        index.record(b"scan", document, owner)
    assert set(index.find(b"scan")) == {first, second}
    assert index.find(b"other") == []
    assert index.holds(b"scan", first)
    assert not index.holds(b"scam", first)
    destroy(owner, house.keys, house.store, house.blobs)
    assert index.find(b"scan") == []
    index.close()


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (BoxPacked(piece=1, label=Plain("x")), "event-not-sealed"),
        (BoxPacked(piece=1, label=Sealed(kc="a", nonce="b", ct="e\u0301", len=1)), "event-bytes-refused"),
        (BoxClosed(by_name={"k" * 70_000: Sealed(kc="a", nonce="b", ct="c", len=1)}), "event-bytes-refused"),
    ],
)
def test_the_mapper_refuses(event: Event, code: str) -> None:
    """Plain values, text that is not NFC and events beyond 64 KiB never become bytes."""
    with pytest.raises(Refusal) as refused:
        EventMapper(BOX_EVENTS).stored(uuid4(), 1, event)
    assert refused.value.code == code


def test_text_that_looks_like_a_plain_field_is_only_text() -> None:
    """The check for `Plain` reads structure, not what people write."""
    event = BoxClosed(by_name={'"alg":"plain"': Sealed(kc='{"alg":"plain"}', nonce="b", ct="c", len=1)})
    mapper = EventMapper(BOX_EVENTS)
    assert mapper.decode(*mapper.encode(event)) == event


def test_an_older_shape_is_raised_to_the_newest() -> None:
    """An event stored as `/1` is read as `/2` through its upcaster; its bytes stay what they were."""

    class BoxPackedNow(Event, frozen=True, kw_only=True, tag="box.packed/2"):
        pieces: int

    types: dict[str, type[Event]] = {**BOX_EVENTS, "box.packed/2": BoxPackedNow}
    mapper = EventMapper(types, {"box.packed/1": lambda old: BoxPackedNow(pieces=old.piece)})
    assert mapper.decode("box.packed/1", b'{"type":"box.packed/1","piece":7}') == BoxPackedNow(pieces=7)
    assert msgspec.json.encode(BoxPacked(piece=7)) == b'{"type":"box.packed/1","piece":7}'


@pytest.mark.parametrize("payload", [b'{"type":"box.packed/2","piece":7}', b'{"type":"box.packed/1"}', b"{"])
def test_bytes_that_do_not_fit_are_refused(payload: bytes) -> None:
    """Another type's bytes, missing members and broken JSON are named."""
    with pytest.raises(Refusal) as refused:
        EventMapper(BOX_EVENTS).decode("box.packed/1", payload)
    assert refused.value.code == "event-unreadable"
