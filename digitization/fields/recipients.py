"""To.OrganName: the recipients named under `Nơi nhận`, in order, parted by `; `."""

from __future__ import annotations

import re
from typing import Final

from digitization.fields.evidence import SURE, unread
from digitization.layout import Layout
from digitization.reading import Box, Line, Reading, State

_BULLET: Final = re.compile(r"^\W*[-–—+•*~]\s*")
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")


def read(layout: Layout) -> Reading:
    """Each item opens with a dash; a line without one goes on with the last."""
    lines = [line for line in layout.recipients if _WORDS.search(line.text)]
    items = items_in([line.text for line in lines])
    if not items or layout.signed is None:
        return unread("To.OrganName")
    confidence = round(sum(line.confidence for line in lines) / len(lines), 1)
    state: State = "sure" if min(line.confidence for line in lines) >= SURE else "doubtful"
    return Reading(
        field="To.OrganName",
        value="; ".join(items),
        confidence=confidence,
        state=state,
        page=layout.signed.number,
        box=_around(lines),
    )


def items_in(lines: list[str]) -> list[str]:
    """`["- Như Điều 3;", "- Lưu: VT."]` -> `["Như Điều 3", "Lưu: VT"]`."""
    items: list[str] = []
    for text in lines:
        if _BULLET.match(text):
            items.append(_BULLET.sub("", text))
        elif items:
            items[-1] += " " + text
    return [item.strip(" ;.,") for item in items if item.strip(" ;.,")]


def _around(lines: list[Line]) -> Box:
    boxes = [line.box for line in lines]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
