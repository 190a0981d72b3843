"""Text that somebody typed into an act, where the act says nothing without it: a reason, an office, a basis."""

from __future__ import annotations

from domain.errors import Refusal
from domain.identifiers import nfc


def text_given(text: str, name: str) -> str:
    """As it is kept: NFC, without blanks at its ends. name: of the member, as typed. Raises Refusal `text-empty`."""
    if not (kept := nfc(text.strip())):
        raise Refusal("text-empty", name=name)
    return kept
