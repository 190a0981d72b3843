"""A finding: something about one place of a plan, as a file or as drafted; its lists are in one order in both."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

Path = tuple[str | int, ...]
"""Where in a plan: names of members and places in lists, from the outside in."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something about one place. code: of `domain.errors.TEXTS`. flagged: to be looked at; it hinders nothing."""

    path: Path
    code: str
    facts: Mapping[str, str] = {}
    flagged: bool = False
