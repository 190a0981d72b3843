"""Refusals: every code that is raised has both texts."""

import re
from pathlib import Path

from domain.errors import TEXTS, Refusal

ROOT = Path(__file__).parents[2]


def test_every_code_raised_anywhere_has_both_texts() -> None:
    """No floor raises a code that a person could not read in Vietnamese and English."""
    raised = set()
    for floor in ("domain", "ledger", "projections", "digitization", "api", "mocban"):
        for path in (ROOT / floor).rglob("*.py"):
            raised |= set(
                re.findall(r'(?:Refusal|EnvironmentProblem)\(\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
            )
    assert raised
    assert raised <= set(TEXTS)


def test_texts_are_in_two_languages() -> None:
    """No text is empty or the same in both languages."""
    for code, (vi, en) in TEXTS.items():
        assert vi.strip(), code
        assert en.strip(), code
        assert vi != en, code


def test_a_missing_fact_does_not_break_the_message() -> None:
    """A refusal raised without a fact still reads."""
    assert "?" in Refusal("fonds-unknown").en
