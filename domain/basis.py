"""What a decision rests on: the instrument it cites, and how sure that is."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Confidence(StrEnum):
    """How a rule is known: the law says it, a decision says it, or it is inferred from them."""

    LAW = "law"
    DECISION = "decision"
    INFERENCE = "inference"


class Certainty(StrEnum):
    """How a date is known: stated by a source, reconstructed from rosters, or only attested by that day."""

    STATED = "stated"
    RECONSTRUCTED = "reconstructed"
    ATTESTED = "attested"


class Instrument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision, law or resolution: number and symbol as written, its day, issuer, and first day in force."""

    number: str
    issued: str
    issuer: str
    in_force: str

    @property
    def spoken(self) -> str:
        """As cited in a sentence."""
        return f"{self.number} ({self.issuer})"
