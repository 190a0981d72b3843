"""Reasons inside refusals, in Vietnamese: `signing` and the programs we run know English only.

A reason that is not in the tables stays as it is: a code, a type's name, or what another program said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from domain.refusal_texts import reasons_of_bytes, reasons_of_work

REASONS: Final[Mapping[str, str]] = {**reasons_of_bytes.REASONS, **reasons_of_work.REASONS}
"""English -> Vietnamese; `{}` stands for what is named there, in the same order."""
PROBLEMS: Final[Mapping[str, str]] = {**reasons_of_bytes.PROBLEMS, **reasons_of_work.JUDGEMENTS}
"""Codes that a refusal lists, and what they mean."""
_CODED: Final = re.compile(r"([a-z][a-z0-9-]*): (.+)", re.DOTALL)


def in_vietnamese(facts: Mapping[str, object]) -> Mapping[str, object]:
    """The facts of a refusal with `reason` and `problems` (codes, by commas) in Vietnamese; codes stay beside it."""
    spoken = dict(facts)
    if isinstance(reason := facts.get("reason"), str):
        spoken["reason"] = reason_in_vietnamese(reason)
    if isinstance(problems := facts.get("problems"), str):
        spoken["problems"] = ", ".join(_problem(code) for code in problems.split(", "))
    return spoken


def reason_in_vietnamese(reason: str) -> str:
    """The reason as the tables have it, also after a code (`act: not JSON`); unchanged where they have none."""
    if (exact := REASONS.get(reason)) is not None:
        return exact
    for pattern, spoken in _patterns():
        if found := pattern.fullmatch(reason):
            return spoken.format(*found.groups())
    coded = _CODED.fullmatch(reason)
    return reason if coded is None else f"{coded[1]}: {reason_in_vietnamese(coded[2])}"


def _problem(code: str) -> str:
    return f"{PROBLEMS[code]} ({code})" if code in PROBLEMS else code


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    named = [(english, spoken) for english, spoken in REASONS.items() if "{}" in english]
    return tuple((re.compile(re.escape(english).replace(r"\{\}", "(.+)")), spoken) for english, spoken in named)
