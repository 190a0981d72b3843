"""Shelf metres as a person types them."""

from __future__ import annotations

from typing import Final

from domain.errors import Refusal

MOST_METRES: Final = 100_000


def centimetres(given: str | None) -> int:
    """Shelf metres as typed, in centimetres. Raises Refusal `handover-metres-unfit`."""
    if given is None:
        return 0
    whole, _, part = given.replace(",", ".").partition(".")
    digits = (whole + part).isascii() and (whole + part).isdigit()
    if not digits or not 0 < len(whole) <= 6 or len(part) > 2:
        raise Refusal("handover-metres-unfit", given=given[:20])
    found = int(whole) * 100 + int((part + "00")[:2])
    if not 0 < found <= MOST_METRES * 100:
        raise Refusal("handover-metres-unfit", given=given[:20])
    return found
