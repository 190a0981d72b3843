"""Instruments that plans and rules cite, and the days on which they are in force, as far as they are known."""

from __future__ import annotations

from functools import cache

import msgspec

from domain.plan_check import Validity
from reference.tables import read_table


class KnownInstrument(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument. from_known_by: `stated` by a source, `reconstructed`, or `issued`: taken from its day of issue.

    in_force_from may be a year alone; in_force_to: first day it is in force no longer, empty while it is.
    """

    number: str
    title: str
    in_force_from: str
    from_known_by: str
    in_force_to: str = ""


@cache
def instruments() -> tuple[KnownInstrument, ...]:
    """All that are known; what is not listed is not known, and nothing is said of it."""
    return read_table("instruments", KnownInstrument)


def days_in_force() -> tuple[Validity, ...]:
    """The same as the check of a plan asks for them."""
    return tuple(
        Validity(number=one.number, in_force_from=one.in_force_from, in_force_to=one.in_force_to)
        for one in instruments()
    )
