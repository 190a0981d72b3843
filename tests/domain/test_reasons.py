"""Reasons that stand inside Vietnamese refusals are Vietnamese: every one that our own code can give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Refusal
from domain.reasons import PROBLEMS, REASONS, reason_in_vietnamese

ROOT = Path(__file__).parents[2]
FLOORS = ("domain", "signing", "ledger", "projections", "digitization", "api", "mocban")
ALONE = {"standalone_verifier.py", "log_verifier"}  # they share no code with the product
_CODE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def given() -> Iterator[tuple[str, str]]:
    """(where, reason as a template) of every reason written out in a refusal or a failed verification."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if path.name not in ALONE and path.parent.name not in ALONE:
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    yield from ((f"{path.name}:{node.lineno}", text) for text in _texts(node))  # type: ignore[attr-defined]


def _texts(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    written: list[ast.expr] = []
    if name in {"VerificationError", "_failure"}:
        written = node.args[-1:]
    elif name in {"Refusal", "EnvironmentProblem"}:
        written = [one.value for one in node.keywords if one.arg == "reason"]
    for one in written:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in one.values)


def test_every_reason_of_ours_is_there_in_vietnamese() -> None:
    """Given every reason in the code, each that is words has its Vietnamese, with as many gaps; none is left over."""
    found = [(where, text) for where, text in given() if not set(text) <= _CODE and text.strip("{}: ")]
    found = [(where, text) for where, text in found if text != "HTTP {}"]
    assert len(found) > 150, "the search still finds them"
    assert [one for one in found if one[1] not in REASONS] == []
    assert [text for text, spoken in REASONS.items() if text.count("{}") != spoken.count("{}")] == []


@pytest.mark.parametrize(
    ("reason", "spoken"),
    [
        ("not JSON", "không phải JSON"),
        ("act 7 is not as signed", "hành vi 7 không đúng như đã ký"),
        ("32 bytes where 64 belong", "32 byte, lẽ ra 64 byte"),
        ("act: not JSON", "act: không phải JSON"),
        ("TimeoutError", "TimeoutError"),
        ("FATAL: said by another program", "FATAL: said by another program"),
    ],
)
def test_a_reason_is_spoken(reason: str, spoken: str) -> None:
    """Given reasons with and without gaps, codes before them, or none of ours, they are as the tables have them."""
    assert reason_in_vietnamese(reason) == spoken


def test_refusals_speak_both() -> None:
    """Given a refusal with a reason or with codes, each language has its own words; the codes stand in both."""
    malformed = Refusal("act-malformed", act="x", reason="it commits to other events")
    assert "cam kết các sự kiện khác" in malformed.vi
    assert "it commits to other events" in malformed.en
    refused = Refusal("act-not-permitted", act="x", problems="role-missing, key-revoked")
    assert f"{PROBLEMS['role-missing']} (role-missing), {PROBLEMS['key-revoked']} (key-revoked)" in refused.vi
    assert "role-missing, key-revoked" in refused.en
