"""TypeName, Subject and Block: what kind of document it is, what about, and whose line it belongs to."""

from __future__ import annotations

import re
from typing import Final

from digitization import bodies
from digitization.document_types import OFFICIAL_LETTER, abbreviated, titled
from digitization.fields.evidence import SURE, Candidate, unread, weigh
from digitization.layout import Layout
from digitization.plain import plain
from digitization.reading import Box, Line, Reading, State

_LETTER_SUBJECT: Final = re.compile(r"^\W*v\s*/\s*v\b|^\W*[vy]/[vy]", re.IGNORECASE)
_ADDRESSED: Final = re.compile(r"^\W*kinh gui\b")
_BODY_OPENS: Final = re.compile(
    r"^\W*(can cu|kinh gui|xet|theo de nghi|hom nay|kinh thua|(?:[ivx]+|\d+)\s*[./)]|-|\+|dieu \d|phan )"
)
_MOST_SUBJECT_LINES: Final = 6
_LEGIBLE: Final = 60.0
"""Confidence under which one word, struck by a stamp perhaps, makes the whole subject doubtful."""


def read(layout: Layout, notation: Reading) -> tuple[Reading, Reading, Reading]:
    """TypeName, Subject, Block. The type is cross-checked with the abbreviation in the symbol."""
    at = _title(layout)
    if at is not None:
        type_name = _from_title(layout, at, notation)
        subject = _subject_under(layout, at)
    else:
        type_name = _without_title(layout, notation)
        subject = _letter_subject(layout)
    return type_name, subject, _block(layout)


def _title(layout: Layout) -> int | None:
    """Index, among the lines under the header, of the line that bears the type."""
    limit = layout.first.frame.upright[1] * 0.5
    for index, line in enumerate(layout.below):
        letters = [char for char in line.text if char.isalpha()]
        upper = sum(char.isupper() for char in letters)
        if line.box.top < limit and letters and upper > 0.7 * len(letters) and titled(line.text) is not None:
            return index
    return None


def _from_title(layout: Layout, at: int, notation: Reading) -> Reading:
    line = layout.below[at]
    kind = titled(line.text)
    assert kind is not None
    told = abbreviated(notation.value) if notation.value else None
    # QĐ stands for Quyết định and, in the Party, for Quy định too.
    contradicted = told is not None and told.name != kind.name and {told.name, kind.name} != {"Quyết định", "Quy định"}
    confirmed = told is not None and not contradicted
    confidence = max(line.confidence, 90.0) if confirmed else line.confidence
    one = Candidate(value=kind.name, confidence=confidence, page=layout.first.number, box=line.box)
    return weigh("TypeName", [one], doubted=contradicted)


def _without_title(layout: Layout, notation: Reading) -> Reading:
    letter = _addressing(layout)
    told = abbreviated(notation.value) if notation.value else None
    if letter is not None and (told is None or told.name == OFFICIAL_LETTER):
        confidence = max(letter.confidence, SURE)
        one = Candidate(value=OFFICIAL_LETTER, confidence=confidence, page=layout.first.number, box=letter.box)
        return weigh("TypeName", [one])
    if told is None:
        return unread("TypeName")
    return Reading(
        field="TypeName",
        value=told.name,
        confidence=min(notation.confidence, 60.0),
        state="doubtful",
        page=notation.page,
        box=notation.box,
    )


def _addressing(layout: Layout) -> Line | None:
    """The line that only an official letter has: `V/v ...` under the number, or `Kính gửi`."""
    for line in layout.under_number:
        if _LETTER_SUBJECT.match(line.text):
            return line
    return next((line for line in layout.below[:12] if _ADDRESSED.match(plain(line.text))), None)


def _letter_subject(layout: Layout) -> Reading:
    start = next((i for i, line in enumerate(layout.under_number) if _LETTER_SUBJECT.match(line.text)), None)
    if start is None:
        return unread("Subject")
    lines = [layout.under_number[start]]
    for line in layout.under_number[start + 1 :]:
        near = line.box.top - lines[-1].box.bottom < lines[-1].box.height
        centred = abs(line.box.middle - lines[0].box.middle) < layout.width * 0.06
        if not near or not centred or line.confidence < 75 or line.text.isupper():
            break
        lines.append(line)
    return _joined(layout, lines)


def _subject_under(layout: Layout, at: int) -> Reading:
    title = layout.below[at]
    widest = max((line.box.right for line in layout.below), default=layout.width)
    leftmost = min((line.box.left for line in layout.below if line.box.width > layout.width * 0.5), default=0)
    lines: list[Line] = []
    previous = title
    for line in layout.below[at + 1 :]:
        if len(lines) == _MOST_SUBJECT_LINES:
            break
        if _beside(line, layout):
            continue
        if not _goes_on(line, previous, title, layout, (leftmost, widest)):
            break
        lines.append(line)
        previous = line
    return _joined(layout, lines) if lines else unread("Subject")


def _beside(line: Line, layout: Layout) -> bool:
    """A piece of an incoming stamp in the margin, which may lie level with the subject."""
    return line.box.right < layout.width * 0.45 and line.box.width < layout.width * 0.3


def _goes_on(line: Line, previous: Line, title: Line, layout: Layout, margins: tuple[int, int]) -> bool:
    """Whether a line still belongs to the centred block under the type."""
    leftmost, widest = margins
    whole = max(widest - leftmost, 1)
    centred = abs(line.box.middle - title.box.middle) < layout.width * 0.05
    narrow = line.box.width < 0.93 * whole
    near = line.box.top - previous.box.bottom < 2.2 * max(previous.box.height, 12)
    letters = [char for char in line.text if char.isalpha()]
    capitals = bool(letters) and sum(char.isupper() for char in letters) > 0.8 * len(letters)
    return centred and narrow and near and not capitals and not _BODY_OPENS.match(plain(line.text))


def _joined(layout: Layout, lines: list[Line]) -> Reading:
    text = " ".join(line.text for line in lines).strip(" -–—_.:;,'\"“”‘’|*")
    confidence = round(sum(line.confidence for line in lines) / len(lines), 1)
    box = Box(
        min(line.box.left for line in lines),
        min(line.box.top for line in lines),
        max(line.box.right for line in lines),
        max(line.box.bottom for line in lines),
    )
    worst = min(word.confidence for line in lines for word in line.words)
    state: State = "sure" if worst >= _LEGIBLE and confidence >= SURE and len(text) > 5 else "doubtful"
    if not text:
        return unread("Subject")
    return Reading(field="Subject", value=text, confidence=confidence, state=state, page=layout.first.number, box=box)


def _block(layout: Layout) -> Reading:
    """party, government or mass: by the Party's heading, else by the issuing body."""
    page = layout.first.number
    everywhere = (*layout.right, *layout.first.lines[:8])
    for line in everywhere:
        if "dang cong san" in plain(line.text):
            one = Candidate(value="party", confidence=max(line.confidence, SURE), page=page, box=line.box)
            return weigh("Block", [one])
    found = [(line, bodies.head(line.text)) for line in layout.letterhead]
    heads = [(line, head[1]) for line, head in found if head is not None]
    state_title = next((line for line in everywhere if "cong hoa xa hoi" in plain(line.text)), None)
    for line, block in heads:
        if block != "government":
            return weigh(
                "Block", [Candidate(value=block, confidence=max(line.confidence, 80), page=page, box=line.box)]
            )
    anchor = state_title or (heads[0][0] if heads else None)
    if anchor is None:
        return unread("Block")
    doubted = state_title is None or not heads
    one = Candidate(value="government", confidence=anchor.confidence, page=page, box=anchor.box)
    return weigh("Block", [one], doubted=doubted)
