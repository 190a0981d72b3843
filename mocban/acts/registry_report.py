"""The key registry as it stands: keys, roles, and the acts that a compromise puts in question."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ledger.application import Ledger
from ledger.questioned import QuestionedAct, questioned_acts
from mocban.acts.words import shown
from signing.actor_key import KeyRecord, Role
from signing.base64_text import to_base64
from signing.log_key import log_pairs
from signing.note import VerifierKey
from signing.registry import Registry


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key. The numbers are act indexes; kid, key: base64."""

    kid: str
    key: str
    actor: str
    registrar: bool
    enrolled_at: int
    revoked_at: int | None
    compromised_since: int | None


class RoleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A grant of a role."""

    actor: str
    role: str
    acts: tuple[str, ...]
    on_behalf: bool
    granted_at: int
    withdrawn_at: int | None


class LogKeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the log itself. standby: of the pair that takes over; kid: base64, as `registry.revoke` names it."""

    kid: str
    vkey: str
    standby: bool
    revoked_at: int | None
    compromised_since: int | None


class Quorum(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the registrars it takes to change the registry."""

    needed: int
    of: int


class RegistryReport(msgspec.Struct, frozen=True, kw_only=True):
    """The registry of one log."""

    origin: str
    quorum: Quorum
    log_keys: tuple[LogKeyRow, ...]
    keys: tuple[KeyRow, ...]
    roles: tuple[RoleRow, ...]
    questioned: tuple[QuestionedAct, ...]


def registry_report(ledger: Ledger) -> RegistryReport:
    """Of one log, as of now."""
    registry = ledger.registry.refresh().registry
    assert registry is not None, "a ledger that is open was founded"
    records = sorted(registry.records.values(), key=lambda record: record.enrolled_at)
    return RegistryReport(
        origin=registry.origin,
        quorum=Quorum(needed=registry.genesis.quorum, of=len(registry.registrars)),
        log_keys=tuple(
            _log_key(registry, key, standby=at > 0)
            for at, pair in enumerate(log_pairs(registry.genesis))
            for key in pair
        ),
        keys=tuple(_key(registry, record) for record in records),
        roles=tuple(_role(actor, role) for actor, roles in registry.roles.items() for role in roles),
        questioned=tuple(questioned_acts(ledger)),
    )


def in_words(report: RegistryReport) -> Iterator[str]:
    """Line by line."""
    yield f"Sổ khóa · Key registry: {report.origin}"
    few = "  ← MỘT NGƯỜI ĐỦ QUYỀN ĐỔI SỔ KHÓA · ONE PERSON CAN CHANGE THE REGISTRY" if report.quorum.needed == 1 else ""
    yield f"Cần {report.quorum.needed}/{report.quorum.of} người quản lý khóa · registrars needed{few}"
    for log_key in report.log_keys:
        kind = "khóa dự phòng của sổ · standby key of the log" if log_key.standby else "khóa của sổ · key of the log"
        yield f"{log_key.kid}  {', '.join(part for part in (kind, _ended(log_key)) if part)}"
    for key in report.keys:
        yield f"{key.kid}  {key.actor}{' (quản lý khóa · registrar)' if key.registrar else ''}, {_span(key)}"
    for role in report.roles:
        ended = "" if role.withdrawn_at is None else f", thôi · withdrawn {role.withdrawn_at}"
        yield f"{role.actor}  {shown(role.role)}: {shown(', '.join(role.acts))}, từ · from {role.granted_at}{ended}"
    for act in report.questioned:
        yield f"NGHI VẤN · QUESTIONED: {act.index} {shown(act.act)}, {act.actor}, {act.at}"


def _span(key: KeyRow) -> str:
    return ", ".join(part for part in (f"từ · from {key.enrolled_at}", _ended(key)) if part)


def _ended(key: KeyRow | LogKeyRow) -> str:
    parts = []
    if key.revoked_at is not None:
        parts.append(f"thu hồi · revoked {key.revoked_at}")
    if key.compromised_since is not None:
        parts.append(f"lộ từ · compromised since {key.compromised_since}")
    return ", ".join(parts)


def _log_key(registry: Registry, key: VerifierKey, *, standby: bool) -> LogKeyRow:
    end = registry.ended.get(key.kid)
    return LogKeyRow(
        kid=to_base64(key.kid),
        vkey=key.text(),
        standby=standby,
        revoked_at=None if end is None else end.revoked_at,
        compromised_since=None if end is None else end.compromised_since,
    )


def _key(registry: Registry, record: KeyRecord) -> KeyRow:
    return KeyRow(
        kid=to_base64(record.kid),
        key=to_base64(record.encoded),
        actor=record.actor,
        registrar=record.actor in registry.registrars,
        enrolled_at=record.enrolled_at,
        revoked_at=record.revoked_at,
        compromised_since=record.compromised_since,
    )


def _role(actor: str, role: Role) -> RoleRow:
    return RoleRow(
        actor=actor,
        role=role.name,
        acts=role.acts,
        on_behalf=role.on_behalf,
        granted_at=role.granted_at,
        withdrawn_at=role.withdrawn_at,
    )
