"""What a command says: lines for a person, or one JSON object, last on stdout, for a script."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import msgspec

from domain.errors import Refusal


def answer(facts: Mapping[str, object], *lines: str, as_json: bool) -> None:
    """Print `facts` as one JSON object on one line, or `lines`."""
    if as_json:
        print(msgspec.json.encode(facts).decode(), flush=True)
    else:
        for line in lines:
            print(line, flush=True)


def explain(refusal: Refusal, *, as_json: bool) -> None:
    """Say what was refused and what to do, on stderr; with `as_json` also as an object on stdout."""
    print(f"mocban: {refusal.vi}\nmocban: {refusal.en}\n({refusal.code})", file=sys.stderr, flush=True)
    if as_json:
        answer({"problem": {"code": refusal.code, "vi": refusal.vi, "en": refusal.en}}, as_json=True)
