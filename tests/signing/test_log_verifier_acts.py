"""Bad acts as named rows: whoever has keys and writes them into the log, each is named, and it alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.signing.judged_log import checked, found, small
from tests.signing.small_log import (
    CLERK,
    REGISTRARS,
    SEALED,
    SECOND,
    SERVICE,
    STRANGER,
    Person,
    SmallLog,
    b64,
)


def no_key(log: SmallLog) -> None:
    log.register(person=STRANGER)


def revoked(log: SmallLog) -> None:
    log.revoke(CLERK)
    log.register()


def no_role(log: SmallLog) -> None:
    log.register(person=SERVICE)


def withdrawn(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.role-withdrawn/1", actor=CLERK.actor, role="clerk")
    log.add("registry.withdraw", [event], REGISTRARS)
    log.register()


def second_signer_without_role(log: SmallLog) -> None:
    log.add("file.register", [log.event(uuid.uuid4(), "file.registered/1")], [CLERK, SERVICE])


def on_behalf(log: SmallLog) -> None:
    log.register(for_=SERVICE.actor)


def changed(**changes: Any) -> Callable[[SmallLog], None]:
    return lambda log: (log.register(**changes), None)[1]


def spaced(line: bytes) -> bytes:
    return line.replace(b'":', b'": ', 1)


def doubled(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1,"events":1')


def floating(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1.0')


def nulled(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1,"for":null')


def escaped(line: bytes) -> bytes:
    return line.replace("đ".encode(), b"\\u0111")


def decomposed(line: bytes) -> bytes:
    return line.replace("ợ".encode(), "o\u031b\u0323".encode())


def more_members(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":1,"extra":1')


def by_stranger(note: bytes) -> bytes:
    return note + STRANGER.line(note.partition(b"\n\n")[0] + b"\n")


def unsigned(note: bytes) -> bytes:
    return note.partition(b"\n\n")[0] + b"\n\n"


def resigned(note: bytes) -> bytes:
    text = note.partition(b"\n\n")[0] + b"\n"
    return text + b"\n" + Person(CLERK.actor, STRANGER.key).line(text)


def wrong_signature(note: bytes) -> bytes:
    text = note.partition(b"\n\n")[0] + b"\n"
    return text + b"\n" + CLERK.line(text + b"\n")


def payload(data: bytes, kind: str = "file.noted/1") -> Callable[[SmallLog], None]:
    def act(log: SmallLog) -> None:
        log.add("file.note", [(uuid.UUID(int=77), 1, kind, data)], [CLERK])

    return act


def sealed(**changes: Any) -> Callable[[SmallLog], None]:
    return payload(json.dumps({"type": "file.noted/1", "t": {**SEALED, **changes}}, separators=(",", ":")).encode())


def enrol_without_possession(log: SmallLog) -> None:
    log.enrol(SECOND, REGISTRARS)


def enrol_by_one(log: SmallLog) -> None:
    log.enrol(SECOND, [REGISTRARS[0], SECOND])


def enrol_by_clerk(log: SmallLog) -> None:
    log.enrol(SECOND, [CLERK, SECOND])


def enrol_twice(log: SmallLog) -> None:
    log.enrol(CLERK)


def enrol_nothing(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.key-enrolled/1", actor=SECOND.actor, held="own")
    log.add("registry.enrol", [event], REGISTRARS)


def rotate_another_too(log: SmallLog) -> None:
    new = Person(CLERK.actor, SECOND.key)
    own = log.event(log.registry, "registry.key-rotated/1", actor=CLERK.actor, old=CLERK.kid, key=b64(new.typed))
    others = log.event(log.registry, "registry.key-rotated/1", actor=SERVICE.actor, old=SERVICE.kid)
    log.add("registry.rotate", [own, others], [CLERK, new])


def grant_nobody(log: SmallLog) -> None:
    log.add(
        "registry.grant", [log.event(log.registry, "registry.role-granted/1", role="x", acts=["file.*"])], REGISTRARS
    )


def weak_key(log: SmallLog) -> None:
    event = log.event(
        log.registry, "registry.key-enrolled/1", actor=SECOND.actor, key=b64(b"\1\1" + bytes(31)), held="own"
    )
    log.add("registry.enrol", [event], [*REGISTRARS, SECOND])


def registry_event_smuggled(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.role-granted/1", actor=CLERK.actor, role="god", acts=["custody.*"])
    log.add("file.register", [event], [CLERK])


def founded_again(log: SmallLog) -> None:
    event = log.event(log.registry, "registry.genesis/1", registrars=[], quorum=1, origin=log.origin, log_vkeys=[])
    log.add("log.found", [event], REGISTRARS)


def revoke_one_of_nobody(log: SmallLog) -> None:
    kids = [CLERK.kid, STRANGER.kid]
    events = [log.event(log.registry, "registry.key-revoked/1", kid=kid, reason="lost") for kid in kids]
    log.add("registry.revoke", events, REGISTRARS)
    log.register()


def version_skipped(log: SmallLog) -> None:
    log.versions[uuid.UUID(int=5)] = 1
    log.register(stream=5)


def version_twice(log: SmallLog) -> None:
    log.register(stream=(1 << 70) + 5)
    log.versions[uuid.UUID(int=(1 << 70) + 5)] = 1
    log.entries.pop()
    log.events.pop()
    log.firsts.pop()
    log.register(stream=(1 << 70) + 5)


def repeated(log: SmallLog) -> None:
    log.register(id=json.loads(log.entries[7].split(b"\n")[1])["id"])


def counted(line: bytes) -> bytes:
    return line.replace(b'"events":1', b'"events":2')


def wrong_count(log: SmallLog) -> None:
    log.add("file.register", [log.event(uuid.uuid4(), "file.registered/1")], [CLERK], line=counted)


NOWHERE = {"root": b64(b"r" * 32), "size": 5}
AHEAD = {"root": b64(b"r" * 32), "size": 13}
# What somebody with keys writes into the log, as act 12: (name, the act, index named, code)
WRITTEN: list[tuple[str, Callable[[SmallLog], None], int, str]] = [
    ("a key never enrolled", no_key, 12, "key-unknown"),
    ("a key revoked before", revoked, 13, "key-revoked"),
    ("no role for the act", no_role, 12, "role-missing"),
    ("a role withdrawn before", withdrawn, 13, "role-missing"),
    ("the second signer has no role", second_signer_without_role, 12, "role-missing"),
    ("for another without the right", on_behalf, 12, "on-behalf-missing"),
    ("another's name", changed(actor=SERVICE.actor), 12, "actor-mismatch"),
    ("a wrong root", changed(root=b64(b"x" * 32)), 12, "act-root-mismatch"),
    ("a wrong count", wrong_count, 12, "event-missing"),
    ("a space in the JSON", changed(line=spaced), 12, "act-malformed"),
    ("a member twice", changed(line=doubled), 12, "act-malformed"),
    ("a float", changed(line=floating), 12, "act-malformed"),
    ("a null", changed(line=nulled), 12, "act-malformed"),
    ("a needless escape", changed(line=escaped), 12, "act-malformed"),
    ("not NFC", changed(line=decomposed), 12, "act-malformed"),
    ("a member nobody knows", changed(line=more_members), 12, "act-malformed"),
    ("no such day", changed(at="2026-02-30T00:00:00.000000Z"), 12, "act-malformed"),
    ("an extra signature", changed(note=by_stranger), 12, "signature-line"),
    ("no signature", changed(note=unsigned), 12, "act-malformed"),
    ("another key under the name", changed(note=resigned), 12, "signature-line"),
    ("a signature of something else", changed(note=wrong_signature), 12, "signature-bad"),
    ("a line feed too many", changed(note=lambda note: note + b"\n"), 12, "signature-line"),
    ("another log's act", changed(note=lambda note: b"x" + note), 12, "act-malformed"),
    ("one signer twice", changed(kids=[CLERK.kid, CLERK.kid]), 12, "signer-repeated"),
    ("saw what never was", changed(seen=NOWHERE), 12, "seen-not-in-history"),
    ("saw the future", changed(seen=AHEAD), 12, "seen-not-in-history"),
    ("an id used before", repeated, 12, "act-id-repeated"),
    ("a version skipped", version_skipped, 12, "event-version"),
    ("a version twice", version_twice, 12, "event-version"),
    ("a type not the row's", payload(b'{"type":"file.other/1"}'), 12, "event-malformed"),
    ("a type twice", payload(b'{"type":"file.noted/1","type":"file.other/1"}'), 12, "event-malformed"),
    ("no type tag", payload(b'{"type":"x"}', "x"), 12, "event-malformed"),
    ("too long", payload(b'{"type":"file.noted/1","a":"' + b"x" * 65_500 + b'"}'), 12, "event-malformed"),
    ("a null in an event", payload(b'{"type":"file.noted/1","a":[null]}'), 12, "event-malformed"),
    ("no JSON", payload(b'{"type":"file.noted/1",'), 12, "event-malformed"),
    ("NaN", payload(b'{"type":"file.noted/1","a":NaN}'), 12, "event-malformed"),
    ("two JSON values", payload(b'{"type":"file.noted/1"}{}'), 12, "event-malformed"),
    ("no UTF-8", payload(b'{"type":"file.noted/1","a":"\xff"}'), 12, "event-malformed"),
    ("text not in NFC", payload('{"type":"file.noted/1","a":"o\u031b"}'.encode()), 12, "event-malformed"),
    ("nested without end", payload(b'{"type":"file.noted/1","a":' + b"[" * 60_000), 12, "event-malformed"),
    ("a field left in clear", payload(b'{"type":"file.noted/1","t":{"alg":"plain","value":"x"}}'), 12, "event-sealed"),
    (
        "a field left in clear, spaced",
        payload(b'{"type":"file.noted/1","t":{"alg" :"plain","value":"x"}}'),
        12,
        "event-sealed",
    ),
    ("a short nonce", sealed(nonce="AAAA"), 12, "event-sealed"),
    ("an unknown algorithm", sealed(alg="none"), 12, "event-sealed"),
    ("a ciphertext without a tag", sealed(len=15), 12, "event-sealed"),
    ("enrolled without possession", enrol_without_possession, 12, "registry-possession"),
    ("enrolled by too few", enrol_by_one, 12, "registry-quorum"),
    ("enrolled by a clerk", enrol_by_clerk, 12, "registry-quorum"),
    ("enrolled twice", enrol_twice, 12, "registry-possession"),
    ("enrolled without a key", enrol_nothing, 12, "registry-event"),
    ("another's key rotated along", rotate_another_too, 12, "registry-event"),
    ("a role granted to nobody", grant_nobody, 12, "registry-event"),
    ("a weak key", weak_key, 12, "registry-event"),
    ("a registry event in another act", registry_event_smuggled, 12, "registry-event"),
    ("founded again", founded_again, 12, "registry-event"),
    ("a key of nobody revoked along: nothing is", revoke_one_of_nobody, 12, "registry-event"),
]


@pytest.mark.parametrize(("name", "write", "act", "code"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_bad_acts_are_named(name: str, write: Callable[[SmallLog], None], act: int, code: str, tmp_path: Path) -> None:
    """Given a log whose tree and checkpoint commit to a bad act, then that act, and no other, is named."""
    log = small()
    write(log)
    report = checked(log.files(), tmp_path, log.trust())
    assert (act, code) in found(report), found(report)
    assert {index for index, _ in found(report) if index is not None} == {act}


def test_good_key_lives(tmp_path: Path) -> None:
    """Given rotation, dual signatures, service acts on behalf and a late revocation, then all is valid."""
    log = small()
    new = Person(CLERK.actor, SECOND.key)
    event = log.event(log.registry, "registry.key-rotated/1", actor=CLERK.actor, old=CLERK.kid, key=b64(new.typed))
    log.add("registry.rotate", [event], [CLERK, new])
    log.register(person=new)
    log.grant(SERVICE, "partner", ["file.register"])
    log.add("file.register", [log.event(uuid.uuid4(), "file.registered/1")], [new, SERVICE])
    log.add("access.read", [log.event(uuid.uuid4(), "access.granted/1")], [SERVICE], for_=CLERK.actor)
    log.revoke(new, since=13)
    report = checked(log.files(), tmp_path, log.trust())
    assert report["bad"] == []
    assert report["questioned"] == [13, 15]
