"""Acts signed elsewhere: prepared here, signed by a key the ledger never has, submitted once or refused whole."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from domain.errors import Refusal
from domain.keys import RoleGranted
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.commands import registry
from ledger.prepared_file import FileSigner, PreparedFile, problems_of, read_prepared
from ledger.sealer import SealedPlace
from mocban.database import Databases
from signing.act import compose, open_act, verify_act_signatures
from signing.base64_text import from_base64, to_base64
from signing.merkle import leaf_hash
from tests.ledger.conftest import BoxPacked, House, build, close, new_actor
from tests.ledger.elsewhere import HOUR, Desk, changed, elsewhere, signed


@pytest.fixture(scope="module")
def shared_house(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all of these tests; each brings an officer and boxes of its own."""
    built = build(module_database, tmp_path_factory.mktemp("house"))
    yield built
    close(built)


@pytest.fixture
def desk(shared_house: House) -> Desk:
    """An officer of the house who keeps their key."""
    return Desk(shared_house)


def test_an_officer_joins_and_signs_with_a_key_the_server_never_has(desk: Desk) -> None:
    """Given an own key enrolled by proof of possession, an act with a sealed field is signed elsewhere and stored."""
    desk.join()
    box = uuid4()
    file = desk.prepare(desk.packing(box, "thư riêng"))
    assert desk.counts() == (1, 1, 0)
    receipt = desk.submit(signed(file, desk.officer))
    assert desk.counts() == (0, 0, 1)

    act = open_act(desk.house.main.note_of(receipt.act_index), desk.origin)
    known = desk.house.main.registry.current().registry
    assert known is not None
    verify_act_signatures(act, known.keys)
    assert act.signers == (desk.officer.id,)
    [stored] = desk.house.main.recorder.select_events(box)
    event = desk.house.main.event_mapper.decode(stored.topic, stored.state)
    assert isinstance(event, BoxPacked)
    sealed: Any = event.label
    assert desk.house.unsealer.open_many([SealedPlace(sealed, box, 1, "/label")]) == ["thư riêng"]


def test_submitted_again_it_is_the_same_act(desk: Desk) -> None:
    """Given a stored act, submitting its file again, also from two threads at once, returns the stored receipt."""
    desk.join()
    file = signed(desk.prepare(desk.packing(uuid4(), "once")), desk.officer)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(desk.submit, [file, file])
    assert first == second == desk.submit(file)
    assert desk.counts() == (0, 0, 1)


def _other_event(file: PreparedFile) -> PreparedFile:
    [entry] = file.entries
    return changed(file, events=(to_base64(entry.replace(b'"piece":7', b'"piece":8')),))


def _other_bytes(file: PreparedFile) -> PreparedFile:
    return changed(file, text=to_base64(file.signed_bytes.replace(b"box.pack", b"box.park")))


def _rehashed(file: PreparedFile) -> PreparedFile:
    """A forger who keeps file and root in step: everything fits but what the server prepared."""
    other = _other_event(file)
    header = msgspec.structs.replace(file.header, root=leaf_hash(other.entries[0]))
    return changed(other, text=to_base64(compose(file.origin, header)))


def _other_signer(file: PreparedFile) -> PreparedFile:
    actor = new_actor()
    key = actor.signer_in(file.origin).verifier_key
    return changed(file, signers=(FileSigner(vkey=key.text()),))


def _signature_of_another(file: PreparedFile) -> PreparedFile:
    forged = to_base64(new_actor().signer.sign(file.signed_bytes))
    return changed(file, signers=(msgspec.structs.replace(file.signers[0], signature=forged),))


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (_other_event, "events-not-those-signed"),
        (lambda file: changed(file, events=file.events * 2), "events-not-those-signed"),
        (lambda file: changed(file, events=()), "events-not-those-signed"),
        (lambda file: changed(file, text=to_base64(file.signed_bytes + b"\n")), "text-malformed"),
        (lambda file: changed(file, text="?"), "text-malformed"),
        (lambda file: changed(file, origin="elsewhere/0"), "text-malformed"),
        (_other_signer, "signers-not-those-signed"),
        (lambda file: changed(file, signers=()), "signers-not-those-signed"),
        (_signature_of_another, "signature-wrong"),
    ],
)
def test_a_tampered_file_is_seen_without_a_server_and_refused_by_one(desk: Desk, tamper: Any, problem: str) -> None:
    """Given a file changed in one place, its own bytes say so, and submitting it records nothing."""
    desk.join()
    size = desk.house.main.size()
    file = tamper(signed(desk.prepare(desk.packing(uuid4())), desk.officer))
    assert problem in {code for code, _ in problems_of(file)}
    with pytest.raises(Refusal, match="prepared-file-altered"):
        desk.submit(file)
    assert desk.house.main.size() == size


@pytest.mark.parametrize("forge", [_rehashed, _other_bytes])
def test_a_forged_file_that_fits_together_is_not_what_was_prepared(desk: Desk, forge: Any) -> None:
    """Given a file forged whole and even signed by the officer, the server takes only the bytes it prepared."""
    desk.join()
    size = desk.house.main.size()
    file = signed(forge(desk.prepare(desk.packing(uuid4()))), desk.officer)
    assert problems_of(file) == []
    with pytest.raises(Refusal, match="not-as-prepared"):
        desk.submit(file)
    assert desk.house.main.size() == size


def test_another_key_cannot_sign_and_a_missing_signature_waits(desk: Desk) -> None:
    """Given no signature or a stranger's, the act goes on waiting for its own signer."""
    desk.join()
    file = desk.prepare(desk.packing(uuid4()))
    with pytest.raises(Refusal, match="not-a-signer"):
        signed(file, new_actor())
    with pytest.raises(Refusal, match="signature-wrong"):
        file.with_signature(desk.officer.signer.verifier_key, b"\1" * 64)
    with pytest.raises(Refusal, match="signature-missing"):
        desk.submit(file)
    desk.submit(signed(file, desk.officer))


def test_an_act_that_expired_leaves_nothing(desk: Desk) -> None:
    """Given an act whose time is over, it is refused, its ciphertexts are gone, and then it is unknown."""
    desk.join()
    size = desk.house.main.size()
    file = signed(desk.prepare(desk.packing(uuid4(), "late"), timedelta(0)), desk.officer)
    with pytest.raises(Refusal, match="prepared-act-expired"):
        desk.submit(file)
    assert desk.counts() == (0, 0, 0)
    with pytest.raises(Refusal, match="prepared-act-unknown"):
        desk.submit(file)
    assert desk.house.main.size() == size


def test_acts_never_submitted_are_swept_away(desk: Desk) -> None:
    """Given one act that expired and one that has not, sweeping removes the first with its ciphertexts."""
    desk.join()
    desk.prepare(desk.packing(uuid4(), "late"), timedelta(0))
    desk.prepare(desk.packing(uuid4(), "in time"), HOUR)
    assert desk.waiting.discard_expired(datetime.now(UTC)) == 1
    assert desk.counts() == (1, 1, 0)


@pytest.mark.parametrize("only_read", [False, True])
def test_whoever_writes_first_wins(desk: Desk, *, only_read: bool) -> None:
    """Given another act on a stream that the prepared act writes or only read, it is stale and leaves nothing."""
    desk.join()
    box, other = uuid4(), uuid4()
    desk.house.pack(other)
    file = signed(desk.prepare(desk.packing(box, "stale", read=(other,))), desk.officer)
    desk.house.pack(other if only_read else box)
    size = desk.house.main.size()
    with pytest.raises(Refusal, match="prepared-act-stale"):
        desk.submit(file)
    assert desk.house.main.size() == size
    assert desk.counts() == (0, 0, 0)


def test_the_registry_may_move_while_an_act_waits(desk: Desk) -> None:
    """Given a registry that grew meanwhile, an act of records goes through, an act of the registry is stale."""
    desk.join()
    file = signed(desk.prepare(desk.packing(uuid4())), desk.officer)
    newcomer = Desk(desk.house)
    enrolment = registry.enrolment(desk.origin, desk.house.registrars, new_act_id(), newcomer.away, "own")
    pending = signed(newcomer.prepare(enrolment), newcomer.officer)
    fact = RoleGranted(actor=desk.officer.id, role="reader", acts=("shelf.read",))
    desk.house.main.perform(registry.grant(desk.origin, desk.house.registrars, new_act_id(), fact))
    desk.submit(file)
    with pytest.raises(Refusal, match="prepared-act-stale"):
        newcomer.submit(pending)


def test_a_key_revoked_while_its_act_waits_is_refused(desk: Desk) -> None:
    """Given a signature made in time and a key revoked since, nothing is recorded."""
    desk.join()
    file = signed(desk.prepare(desk.packing(uuid4(), "too late")), desk.officer)
    desk.revoke()
    size = desk.house.main.size()
    with pytest.raises(Refusal, match="key-revoked"):
        desk.submit(file)
    assert desk.house.main.size() == size
    assert desk.counts()[2] == 0


def test_a_key_revoked_between_check_and_append_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a revocation that lands after the check and before the append, the database's guard sends it back."""
    desk.join()
    file = signed(desk.prepare(desk.packing(uuid4(), "too late")), desk.officer)
    append = desk.house.main.log_recorder.append
    calls: list[Any] = []

    def first_revoke(acts: Any) -> Any:
        if not calls:
            calls.append(acts)
            desk.revoke()
        return append(acts)

    monkeypatch.setattr(desk.house.main.log_recorder, "append", first_revoke)
    with pytest.raises(Refusal, match="key-revoked"):
        desk.submit(file)
    assert calls


def test_what_the_registry_would_refuse_is_not_prepared(desk: Desk) -> None:
    """Given an officer without the role, the act is refused before anybody is asked to sign."""
    desk.join(role=False)
    with pytest.raises(Refusal, match="role-missing"):
        desk.prepare(desk.packing(uuid4(), "no right"))
    assert desk.counts() == (0, 0, 0)


def test_an_act_needs_its_sealed_content(desk: Desk) -> None:
    """Given an owner destroyed while the act waits, the ciphertext is gone and the act refused."""
    desk.join()
    box = uuid4()
    file = signed(desk.prepare(desk.packing(box, "gone")), desk.officer)
    desk.house.store.destroy(box)
    with pytest.raises(Refusal, match="prepared-act-content-gone"):
        desk.submit(file)
    assert desk.counts() == (0, 0, 0)


def test_an_officer_replaces_a_key_that_nobody_else_has(desk: Desk) -> None:
    """Given both keys in the officer's hands, the rotation waits for both, and the old key ends with it."""
    desk.join()
    successor = Actor(id=desk.officer.id, signer=new_actor().signer)
    file = desk.prepare(registry.rotation(desk.origin, desk.away, elsewhere(successor), new_act_id()))
    half = signed(file, desk.officer)
    with pytest.raises(Refusal, match="signature-missing"):
        desk.submit(half)
    desk.submit(signed(half, successor))
    with pytest.raises(Refusal, match="key-revoked"):
        desk.prepare(desk.packing(uuid4()))
    desk.away = elsewhere(successor)
    desk.submit(signed(desk.prepare(desk.packing(uuid4())), successor))


def test_a_key_held_elsewhere_signs_nothing_here(desk: Desk) -> None:
    """Given a proposal of such an actor, performing it at once is refused, naming the way."""
    desk.join()
    with pytest.raises(Refusal, match="key-held-elsewhere"):
        desk.house.main.perform(desk.packing(uuid4()))


def test_the_servers_own_signature_is_not_in_the_file(desk: Desk) -> None:
    """Given an act that registrars here sign too, the file carries their keys and no signature of theirs."""
    enrolment = registry.enrolment(desk.origin, desk.house.registrars, new_act_id(), desk.away, "own")
    file = desk.prepare(enrolment)
    assert [(one.here, one.signature) for one in file.signers] == [(True, ""), (True, ""), (False, "")]
    assert from_base64(file.text).startswith(desk.origin.encode() + b"/act/v1\n")


def test_anything_else_is_no_prepared_file() -> None:
    """Given other bytes, they are refused with words."""
    for data in (b"", b"{}", b'{"format":"mocban/prepared-act/2"}', b"[" * 100_000):
        with pytest.raises(Refusal, match="prepared-file-unreadable"):
            read_prepared(data)
