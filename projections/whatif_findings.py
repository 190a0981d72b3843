"""What a preview finds in a plan's way, or worth an officer's look."""

from __future__ import annotations

from uuid import UUID

import msgspec


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """A fonds for which `assign` refuses: the plan cannot be enacted. code, vi, en: the refusal's."""

    fonds: UUID
    code: str
    vi: str
    en: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Lots that further rules would send elsewhere; the first rule wins."""

    wins: str
    others: tuple[str, ...]
    lots: int
    files: int


class Crossing(msgspec.Struct, frozen=True, kw_only=True):
    """A fonds of one line of custody (Party, State) with lots that go to a receiver of the other."""

    fonds: UUID
    receiver: UUID
    files: int


class Uncovered(msgspec.Struct, frozen=True, kw_only=True):
    """Lots of a fonds that hold something and that no rule matches."""

    fonds: UUID
    lots: tuple[str, ...]
    files: int


class LateDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document dated, in every reading of its date, after its body ended. Flagged, never refused."""

    fonds: UUID
    document: UUID
    file: UUID
    dated: str
