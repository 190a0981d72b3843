"""The base of every event: a fact in the archive's own words, already happened, never changed."""

from __future__ import annotations

import msgspec


class Event(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True, forbid_unknown_fields=True
):
    """A fact on one stream.

    The tag (`noun.past-tense/1`) is the event's permanent name and lies inside the signed bytes. A member
    that equals its default is absent from the bytes; there are no nulls. A new shape takes a new number.
    """
