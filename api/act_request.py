"""Requests for acts: what may be prepared over HTTP, one shape for each act, told apart by `act`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.principal import Reach

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Actors = Annotated[tuple[_Line, ...], msgspec.Meta(max_length=50)]
Log = Literal["main", "access"]


class ActRequest(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="act", rename="camel", forbid_unknown_fields=True
):
    """id: UUIDv7 of the caller; the same request under the same id is the same act. hours: how long it waits."""

    id: UUID
    hours: Annotated[float, msgspec.Meta(gt=0, le=24 * 92)] = 72


class RegistryRequest(ActRequest, frozen=True, kw_only=True):
    """Of the key registry. log: of which log; by: which registrars sign, none: the first who can."""

    log: Log = "main"
    by: _Actors = ()


class EnrolKey(RegistryRequest, frozen=True, kw_only=True, tag="registry.enrol"):
    """A key of somebody's own. vkey: its public side, named `<origin>/<actor>`."""

    vkey: _Line


class RotateKey(RegistryRequest, frozen=True, kw_only=True, tag="registry.rotate"):
    """A new key in place of the actor's newest."""

    vkey: _Line


class RevokeKeys(RegistryRequest, frozen=True, kw_only=True, tag="registry.revoke"):
    """Keys of actors or of the log end. kid: base64; compromisedSince: index of an act."""

    kid: Annotated[tuple[_Line, ...], msgspec.Meta(min_length=1, max_length=50)]
    reason: _Line
    compromised_since: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class GrantRole(RegistryRequest, frozen=True, kw_only=True, tag="registry.grant"):
    """acts: names of acts, or prefixes that end in `.*`."""

    actor: _Line
    role: _Line
    acts: Annotated[tuple[_Line, ...], msgspec.Meta(min_length=1, max_length=50)]
    on_behalf: bool = False


class WithdrawRole(RegistryRequest, frozen=True, kw_only=True, tag="registry.withdraw"):
    """All grants of the role to the actor end."""

    actor: _Line
    role: _Line


class Appoint(ActRequest, frozen=True, kw_only=True, tag="principal.appoint"):
    """Somebody is given an office. signer: who signs; name: sealed before anything is stored."""

    signer: _Line
    principal: UUID
    agency: UUID
    office: _Line
    name: _Line
    reach: Reach = Reach.AGENCY


class CompleteHandover(ActRequest, frozen=True, kw_only=True, tag="handover.complete"):
    """Files change hands. giver, receiver: who signs for each; on: the day."""

    handover: UUID
    giver: _Line
    receiver: _Line
    on: date


AnyActRequest = EnrolKey | RotateKey | RevokeKeys | GrantRole | WithdrawRole | Appoint | CompleteHandover
