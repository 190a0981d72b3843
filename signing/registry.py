"""A log's key registry: a pure fold over its own events, by which every act is judged from the log alone.

Records keep the act index at which they began and ended, so one registry, replayed to the end, judges every act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

import msgspec

from domain.keys import (
    ACT_ENROL,
    ACT_GRANT,
    ACT_REVOKE,
    ACT_ROTATE,
    ACT_WITHDRAW,
    DUAL_ACTS,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    RegistryEvent,
    RegistryGenesis,
    RoleGranted,
    RoleWithdrawn,
)
from signing.act import OpenedAct, is_actor
from signing.actor_key import KeyRecord, Role, is_act_pattern, parse_actor_key
from signing.base64_text import from_base64
from signing.log_key import LogKeyEnd, log_keys, log_pairs
from signing.note import VerifierKey, key_digest
from signing.verification_error import VerificationError


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """Who could sign what, and when. Made by `genesis.found`, grown by `evolve`; never changed in place.

    index: of the last registry act folded in; keys: kid -> type byte || public key, for `verify_act_signatures`.
    ended: the log's own keys that were revoked, by kid.
    """

    genesis: RegistryGenesis
    index: int
    keys: Mapping[bytes, bytes]
    records: Mapping[bytes, KeyRecord]
    roles: Mapping[str, tuple[Role, ...]]
    ended: Mapping[bytes, LogKeyEnd] = {}

    @property
    def origin(self) -> str:
        """The log this registry belongs to."""
        return self.genesis.origin

    @property
    def registrars(self) -> frozenset[str]:
        """The actor ids that may change this registry."""
        return frozenset(registrar.actor for registrar in self.genesis.registrars)

    def checkpoint_keys(self, size: int) -> tuple[VerifierKey, ...]:
        """The log's keys that may sign a checkpoint over `size` acts: not one that an act among those revoked."""
        known = log_keys(self.genesis)
        return tuple(key for key in known if (end := self.ended.get(key.kid)) is None or end.revoked_at >= size)

    def keys_with(self, events: Sequence[RegistryEvent]) -> Mapping[bytes, bytes]:
        """`keys` and those that `events` would bring, whose first signature is their proof of possession."""
        new = [parse_actor_key(event.key) for event in events if isinstance(event, KeyEnrolled | KeyRotated)]
        return {**self.keys, **{key_digest(encoded): encoded for encoded in new}}

    def judge(self, act: OpenedAct, index: int, events: Sequence[RegistryEvent] = ()) -> list[str]:
        """The problem codes of act `index`, empty when valid; its signatures are checked apart.

        events: those of a registry act (`registry_event.registry_events`), nothing for any other act.
        """
        if act.header.act == "log.found":
            return [] if index == 0 else ["founded-twice"]
        if act.header.act.startswith("registry."):
            return self._judge_registry_act(act, index, events)
        problems = [problem for at in range(len(act.kids)) if (problem := self._signer_problem(act, at, index))]
        if events:
            problems.append("registry-event-misplaced")
        if len(set(act.signers)) < max(len(act.signers), 2 if act.header.act in DUAL_ACTS else 1):
            problems.append("dual-control-missing")  # several keys of one person are one person
        for at, signer in enumerate(act.signers):
            granted = [role for role in self.roles.get(signer, ()) if role.allows(act.header.act, index)]
            if not granted:
                problems.append("role-missing")
            elif at == 0 and act.header.for_ is not None and not any(role.on_behalf for role in granted):
                problems.append("on-behalf-not-granted")
        return problems

    def questioned(self, act: OpenedAct, index: int) -> bool:
        """Whether a key that signed act `index` was later called compromised since that act or before."""
        records = [self.records[kid] for kid in act.kids if kid in self.records]
        return any(record.compromised_since is not None and record.compromised_since <= index for record in records)

    def evolve(self, event: RegistryEvent, index: int) -> Registry:
        """The registry after an event of the valid act `index`."""
        match event:
            case RegistryGenesis():
                raise VerificationError("founded-twice", "a log has one genesis")
            case KeyEnrolled():
                encoded = parse_actor_key(event.key)
                kid = key_digest(encoded)
                record = KeyRecord(kid=kid, encoded=encoded, actor=event.actor, enrolled_at=index)
                return self._with_record(record, index)
            case KeyRotated():
                old = msgspec.structs.replace(self.records[from_base64(event.old)], revoked_at=index)
                rotated = self._with_record(old, index)
                return rotated.evolve(KeyEnrolled(actor=event.actor, key=event.key, held="own"), index)
            case KeyRevoked() if (kid := from_base64(event.kid)) not in self.records:
                ended = {**self.ended, kid: LogKeyEnd.after(self.ended.get(kid), event, index)}
                return msgspec.structs.replace(self, index=index, ended=ended)
            case KeyRevoked():
                record = self.records[from_base64(event.kid)]
                revoked_at = index if record.revoked_at is None else record.revoked_at
                since = [at for at in (record.compromised_since, event.compromised_since) if at is not None]
                changed = msgspec.structs.replace(
                    record, revoked_at=revoked_at, compromised_since=min(since, default=None)
                )
                return self._with_record(changed, index)
            case RoleGranted():
                role = Role(name=event.role, acts=event.acts, on_behalf=event.on_behalf, granted_at=index)
                return self._with_roles(event.actor, (*self.roles.get(event.actor, ()), role), index)
            case RoleWithdrawn():
                return self._with_roles(event.actor, self._ended(event.actor, event.role, index), index)
            case _:
                assert_never(event)

    def advance(self, act: OpenedAct, index: int, events: Sequence[RegistryEvent]) -> tuple[Registry, list[str]]:
        """Judge a registry act and, when it is valid, fold its events; a bad act changes nothing."""
        problems = self.judge(act, index, events)
        registry = self
        if not problems:
            for event in events:
                registry = registry.evolve(event, index)
        return registry, problems

    def _signer_problem(self, act: OpenedAct, at: int, index: int) -> str | None:
        record = self.records.get(act.kids[at])
        if record is None:
            return "unknown-key"
        return "actor-mismatch" if record.actor != act.signers[at] else record.problem_at(index)

    def _judge_registry_act(self, act: OpenedAct, index: int, events: Sequence[RegistryEvent]) -> list[str]:
        if act.header.for_ is not None:
            return ["on-behalf-not-granted"]
        if not events or len(events) != act.header.events:
            return ["registry-act-malformed"]
        name, first = act.header.act, events[0]
        if name == ACT_ENROL:
            olds = len(act.kids) - len(events)  # the registrars' keys come first, then the new keys in events' order
            news = [self._new_key_problem(act, olds + at, event, index) for at, event in enumerate(events)]
            return self._quorum_problems(act, max(olds, 0), index) + [problem for problem in news if problem]
        if name == ACT_ROTATE and isinstance(first, KeyRotated) and len(events) == 1:
            problem = self._new_key_problem(act, 1, first, index)
            return self._rotation_problems(act, first, index) + ([problem] if problem else [])
        kind = {ACT_REVOKE: KeyRevoked, ACT_GRANT: RoleGranted, ACT_WITHDRAW: RoleWithdrawn}.get(name)
        if kind is None or not all(isinstance(event, kind) for event in events):
            return ["registry-act-malformed"]
        changes = [problem for event in events if (problem := self._change_problem(event, index))]
        if not changes and not self._log_can_sign_on(events):
            changes.append("log-keys-exhausted")
        return self._quorum_problems(act, len(act.kids), index) + changes

    def _quorum_problems(self, act: OpenedAct, count: int, index: int) -> list[str]:
        """Of the first `count` signers: all registrars with good keys, and enough of them."""
        problems = [problem for at in range(count) if (problem := self._signer_problem(act, at, index))]
        signers = set(act.signers[:count])
        if not signers <= self.registrars:
            problems.append("not-a-registrar")
        if len(signers & self.registrars) < self.genesis.quorum:
            problems.append("registrar-quorum-missing")
        return problems

    def _new_key_problem(self, act: OpenedAct, at: int, event: RegistryEvent, index: int) -> str | None:
        """Of signer `at`, who must be the owner of the key that `event` brings."""
        if not isinstance(event, KeyRotated if act.header.act == ACT_ROTATE else KeyEnrolled):
            return "registry-act-malformed"
        try:
            kid = key_digest(parse_actor_key(event.key))
        except VerificationError as error:
            return error.code
        record = self.records.get(kid)
        if kid in self._log_kids() or (record is not None and record.enrolled_at < index):
            return "key-already-enrolled"  # a revoked key never comes back
        if not 0 < at < len(act.kids) or act.kids[at] != kid or act.signers[at] != event.actor:
            return "proof-of-possession-missing"
        return None

    def _rotation_problems(self, act: OpenedAct, event: KeyRotated, index: int) -> list[str]:
        if len(act.kids) != 2 or act.kids[0] != _kid_of(event.old) or act.header.actor != event.actor:
            return ["old-key-did-not-sign"]
        problem = self._signer_problem(act, 0, index)
        return [problem] if problem else []

    def _change_problem(self, event: RegistryEvent, index: int) -> str | None:
        match event:
            case KeyRevoked():
                kid = _kid_of(event.kid)
                record = self.records.get(kid)
                known = kid in self._log_kids() if record is None else record.enrolled_at < index
                if not known:
                    return "unknown-key"
                since = event.compromised_since
                return "compromise-in-the-future" if since is not None and not 0 <= since <= index else None
            case RoleGranted():
                good = is_actor(event.actor) and event.role and event.acts and all(map(is_act_pattern, event.acts))
                return None if good else "role-malformed"
            case RoleWithdrawn():
                held = [role for role in self.roles.get(event.actor, ()) if role.name == event.role]
                return None if any(role.in_force(index) for role in held) else "role-missing"
            case _:
                return "registry-act-malformed"

    def _log_kids(self) -> frozenset[bytes]:
        return frozenset(key.kid for key in log_keys(self.genesis))

    def _log_can_sign_on(self, events: Sequence[RegistryEvent]) -> bool:
        """Whether the live or the standby pair is left whole after these events."""
        gone = {*self.ended, *(_kid_of(event.kid) for event in events if isinstance(event, KeyRevoked))}
        return any(not gone & {key.kid for key in pair} for pair in log_pairs(self.genesis))

    def _ended(self, actor: str, role: str, index: int) -> tuple[Role, ...]:
        """The actor's roles, those called `role` ended at `index` unless they were before."""
        return tuple(
            msgspec.structs.replace(held, withdrawn_at=index)
            if held.name == role and held.withdrawn_at is None
            else held
            for held in self.roles.get(actor, ())
        )

    def _with_record(self, record: KeyRecord, index: int) -> Registry:
        keys = {**self.keys, record.kid: record.encoded}
        records = {**self.records, record.kid: record}
        return msgspec.structs.replace(self, index=index, keys=keys, records=records)

    def _with_roles(self, actor: str, roles: tuple[Role, ...], index: int) -> Registry:
        return msgspec.structs.replace(self, index=index, roles={**self.roles, actor: roles})


def _kid_of(text: str) -> bytes:
    """The kid of a registry event, or nothing that could match."""
    try:
        return from_base64(text, 32)
    except VerificationError:
        return b""
