"""What stands in the log of a service is for people too: Vietnamese, then English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mocban.house_rules import REPOSITORY

_FLOORS = ("domain", "signing", "ledger", "projections", "digitization", "api", "mocban")
_LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}


def _lines(module: Path) -> Iterator[tuple[int, str]]:
    """The formats of a module's log lines."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="_log"), attr=level),
                args=[ast.Constant(value=str(text)), *_],
            ) if level in _LEVELS:
                yield node.lineno, text


def test_every_log_line_is_in_both_languages() -> None:
    """Given all floors, each log line has both languages, or is a refusal, which has them."""
    found = [
        (module.relative_to(REPOSITORY), line, text)
        for floor in _FLOORS
        for module in sorted((REPOSITORY / floor).rglob("*.py"))
        for line, text in _lines(module)
    ]
    assert len(found) >= 15
    assert [one for one in found if one[2] != "%s" and " · " not in one[2]] == []
