"""Keys and roles, replayed from act 0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from types import SimpleNamespace as Record
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from signing.log_verifier.act import UUID, Act, of_registry
from signing.log_verifier.encoding import FAR, from_base64, to_base64
from signing.log_verifier.event import payload_of
from signing.log_verifier.finding import Bad
from signing.log_verifier.trust import LogKey, key_hash, signs_anything

_NEVER: Final[tuple[int, int, list[Record]]] = (0, 0, [])


def act_key(origin: str, event: Any, since: int) -> Record:
    """A key from `actor` and `key` (base64 of type byte || public key): good for acts since < index <= until."""
    raw, actor = from_base64(event["key"], 33), event["actor"]
    if raw[0] != 1 or signs_anything(raw[1:]) or not re.fullmatch(UUID.decode(), actor):
        raise Bad("registry-event", "key")
    name, kid = f"{origin}/{actor}", to_base64(sha256(raw).digest())
    line = b"\xe2\x80\x94 " + name.encode() + b" "  # how its signature lines begin
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    times = {"since": since, "until": FAR, "compromised": FAR}
    return Record(kid=kid, actor=actor.encode(), public=public, line=line, id=key_hash(name, raw), **times)


def check_signatures(act: Act, keys: list[Record]) -> None:
    """Exactly one good signature line per key, in order. Raises Bad."""
    lines = act["lines"].split(b"\n")
    if len(lines) != len(keys):
        raise Bad("signature-line")
    for key, line in zip(keys, lines, strict=True):
        if not line.startswith(key.line):
            raise Bad("signature-line")
        try:
            raw = from_base64(line[len(key.line) :], 68)
            if raw[:4] != key.id:
                raise Bad("signature-line")
            key.public.verify(raw[4:], act["text"])
        except ValueError:
            raise Bad("signature-line") from None
        except InvalidSignature:
            raise Bad("signature-bad") from None


REGISTRY_ACTS: Final = {
    b"log.found": "registry.genesis/1",
    b"registry.enrol": "registry.key-enrolled/1",
    b"registry.rotate": "registry.key-rotated/1",
    b"registry.revoke": "registry.key-revoked/1",
    b"registry.grant": "registry.role-granted/1",
    b"registry.withdraw": "registry.role-withdrawn/1",
}

DUAL_ACTS: Final = {b"disposition.decide", b"handover.complete"}  # two people must sign
DUAL_EVENTS: Final = {  # and what they decide stands in no other act
    b"custody.handed-over": b"handover.complete",
    b"handover.disputes-settled": b"handover.complete",
    b"disposition.destruction-decided": b"disposition.decide",
}


DUAL_START: Final = re.compile(b"|".join(re.escape(kind) + b"/" for kind in DUAL_EVENTS)).match


def misplaced(act: Act, entry: bytes) -> bool:
    """Whether an event that two people decide stands in an act that one may sign."""
    kind = entry[26 : 26 + int.from_bytes(entry[24:26], "big")].partition(b"/")[0]
    return DUAL_EVENTS.get(kind, act["act"]) != act["act"]


class Registry:
    """The log's keys and roles over time, replayed from its own acts. A bad registry act has no effect."""

    def __init__(self, origin: str) -> None:
        raw = bytearray(sha256(b"mocban/registry/v1:" + origin.encode()).digest()[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
        self.origin, self.stream = origin, bytes(raw)  # a UUIDv8: where registry events lie, and nowhere else
        self.keys: dict[bytes, Record] = {}
        self.grants: list[Record] = []  # in force for acts since < index < until
        self.registrars: set[bytes] = set()
        self.quorum, self.compromised = 0, FAR  # compromised: the first act that any key makes questionable
        self.log_keys: list[LogKey] = []
        self.ended: dict[bytes, int] = {}  # log keys by kid, and the act that revoked each
        self.verdicts: dict[int, str] = {}  # of registry acts: "" when good, else the code
        self._covering: dict[tuple[bytes, bytes], list[Record]] = {}
        self._claims: dict[tuple[bytes, bytes, bytes, bool], tuple[int, int, list[Record]]] = {}

    def replay(self, index: int, act: Act, entries: Sequence[bytes]) -> None:
        """Judge registry act `index` by its event entries and, when good, let it take effect."""
        try:
            events = [json.loads(payload_of(entry)) for entry in entries]
            kinds = {event["type"] for event in events}
            if any(entry[:16] != self.stream for entry in entries) or (index == 0) != (act["act"] == b"log.found"):
                raise Bad("registry-event")
            if act["for"] is not None or kinds != {REGISTRY_ACTS.get(act["act"])}:
                raise Bad("registry-event")
            revoked = events if act["act"] == b"registry.revoke" else []
            gone = {*self.ended, *(event["kid"].encode() for event in revoked)}
            pairs = [{key.kid for key in self.log_keys[at : at + 2]} for at in range(0, len(self.log_keys), 2)]
            if index and all(gone & pair for pair in pairs):
                raise Bad("registry-event", "the log must be left a whole pair of keys")
            steps = [self._step(index, event) for event in events]
            self._check_signers(index, act, events, [key for step in steps for key in next(step)])
            for step in steps:
                next(step, None)
            self.verdicts[index] = ""
        except Bad as bad:
            self.verdicts[index] = bad.code
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.verdicts[index] = "registry-event"

    def _check_signers(self, index: int, act: Act, events: list[Any], fresh: list[Record]) -> None:
        """Registrars in quorum, or the old key of a rotation; then each new key, which so proves its possession."""
        kids = act["kids"].split(b'","')
        old = kids[: max(0, len(kids) - len(fresh))]
        if len(set(kids)) != len(kids):
            raise Bad("signer-repeated")
        if kids[len(old) :] != [key.kid for key in fresh]:
            raise Bad("registry-possession")
        signing = [self._live(index, kid) for kid in old] if index else fresh
        actors = {key.actor for key in signing}
        if not signing or signing[0].actor != act["actor"]:
            raise Bad("actor-mismatch")
        if act["act"] == b"registry.rotate":
            if len(kids) != 2 or events[0]["old"].encode() != kids[0] or fresh[0].actor != act["actor"]:
                raise Bad("registry-possession")
        elif index == 0:
            if len(events) != 1 or len(actors) != len(fresh) or act["size"] != b"0":
                raise Bad("registry-event")
        elif not actors <= self.registrars or len(actors) < self.quorum:
            raise Bad("registry-quorum")
        check_signatures(act, signing + fresh if index else fresh)

    def _step(self, index: int, event: Any) -> Iterator[list[Record]]:  # noqa: C901  one branch for each kind of event
        """Up to its `yield` (of the keys it brings) an event is judged; after it, it takes effect."""
        kind = event["type"]
        if kind == "registry.genesis/1":
            keys = [act_key(self.origin, registrar, index) for registrar in event["registrars"]]
            log_keys, quorum = [LogKey.parse(text) for text in event["log_vkeys"]], event["quorum"]
            shared = {key.kid for key in keys} & {key.kid for key in log_keys}  # nobody acts with a key of the log's
            if event["origin"] != self.origin or type(quorum) is not int or not 1 <= quorum <= len(keys) or shared:
                raise Bad("registry-event")
            yield keys
            self.keys, self.log_keys, self.quorum = {key.kid: key for key in keys}, log_keys, quorum
            self.registrars = {key.actor for key in keys}
        elif kind in {"registry.key-enrolled/1", "registry.key-rotated/1"}:
            key, old = act_key(self.origin, event, index), event.get("old", "")
            if key.kid in {*self.keys, *(one.kid for one in self.log_keys)}:
                raise Bad("registry-possession")
            yield [key]
            self.keys[key.kid] = key
            if kind == "registry.key-rotated/1":
                self.keys[old.encode()].until = index
        elif kind == "registry.key-revoked/1":
            yield from self._revoke(index, event)
        elif kind == "registry.role-granted/1":
            acts, behalf = set(event["acts"]), event.get("on_behalf") is True
            actor, role = event["actor"].encode(), event["role"]
            named = actor and role and isinstance(role, str) and acts
            if not named or not all(re.fullmatch(r"[^*\s]+|[^*\s]+\.\*", name) for name in acts):
                raise Bad("registry-event")
            yield []
            self.grants.append(Record(actor=actor, role=role, acts=acts, behalf=behalf, since=index, until=FAR))
        else:
            who = (event["actor"].encode(), event["role"], FAR)
            ended = [grant for grant in self.grants if (grant.actor, grant.role, grant.until) == who]
            if not ended:
                raise Bad("registry-event")
            yield []
            for grant in ended:
                grant.until = index

    def _revoke(self, index: int, event: Any) -> Iterator[list[Record]]:
        """An actor's key, or one of the log's own."""
        kid, since = event["kid"].encode(), event.get("compromised_since", FAR)
        of_log = kid in {key.kid for key in self.log_keys}
        past = type(since) is int and (since == FAR or 0 <= since <= index)
        if not past or (kid not in self.keys and not of_log):
            raise Bad("registry-event")
        yield []
        if of_log:
            self.ended.setdefault(kid, index)
        else:
            key = self.keys[kid]
            key.until, key.compromised = min(key.until, index), min(key.compromised, since)
            self.compromised = min(self.compromised, since)

    def _live(self, index: int, kid: bytes) -> Record:
        """The key, when it could sign act `index`. Raises Bad."""
        key = self.keys.get(kid)
        if key is None or key.since >= index:
            raise Bad("key-unknown")
        if index > key.until:
            raise Bad("key-revoked")
        return key

    def judge(self, index: int, act: Act, questioned: list[int]) -> None:
        """Signers, roles and signatures of an act, once all is replayed; the questioned are only listed. Raises Bad."""
        kids = act["kids"].split(b'","')
        if of_registry(act):
            if code := self.verdicts.get(index, "registry-event"):
                raise Bad(code)
        else:
            check_signatures(act, self._entitled(index, act, kids))
        if index >= self.compromised and any(kid in self.keys and index >= self.keys[kid].compromised for kid in kids):
            questioned.append(index)

    def _entitled(self, index: int, act: Act, kids: list[bytes]) -> list[Record]:
        """The signers' keys, each good then, each of somebody who had the right. Raises Bad.

        Once all is replayed the answer is the same as long as neither key nor grant begins or ends.
        """
        claim = (act["kids"], act["actor"], act["act"], act["for"] is None)
        since, until, signing = self._claims.get(claim, _NEVER)
        if since < index < until:
            return signing
        since, until, signing = 0, FAR, [self._live(index, kid) for kid in kids]
        if signing[0].actor != act["actor"]:
            raise Bad("actor-mismatch")
        if len(signing) > 1 or act["act"] in DUAL_ACTS:  # several keys of one person are one person
            people = len({key.actor for key in signing})
            if people < max(2, len(signing)):
                raise Bad("signer-repeated")
        for key in signing:
            held = [grant for grant in self._grants(key.actor, act["act"]) if grant.since < index < grant.until]
            if not held:
                raise Bad("role-missing")
            if key is signing[0] and act["for"] is not None:
                held = [grant for grant in held if grant.behalf]
                if not held:
                    raise Bad("on-behalf-missing")
            since, until = max(since, key.since, held[0].since), min(until, key.until + 1, held[0].until)
        self._claims[claim] = (since, until, signing)
        return signing

    def _grants(self, actor: bytes, act: bytes) -> list[Record]:
        """The actor's grants, of any time, that cover the act: by its name, or a prefix and `.*`."""
        found = self._covering.get((actor, act))
        if found is None:
            parts = act.decode().split(".")
            names = {act.decode(), *(".".join(parts[:count]) + ".*" for count in range(1, len(parts)))}
            found = self._covering[actor, act] = [g for g in self.grants if g.actor == actor and names & g.acts]
        return found
