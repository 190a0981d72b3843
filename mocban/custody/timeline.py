"""A file's chain as a picture (SVG): bars for who made, must have and has it, over time; its acts as numbered marks.

Time is not to scale: every day on which something changed has room for its date, and years between them get the rest.
Nothing is cut and nothing overlaps; the picture grows with what is to be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape

import msgspec

from domain.basis import Certainty
from domain.civil_date import as_spoken
from mocban.custody.timeline_lanes import Lane, lanes_of, letters_of
from mocban.custody.timeline_scale import Scale, rows_without_overlap
from mocban.what_if.lettering import advance, wrapped
from projections.chain import Body, Chain
from projections.chain_words import line
from projections.reader_words import by_rule, for_others
from projections.readers import FileUse

WIDTH: Final = 1240
MARGIN: Final = 28
LABEL: Final = 196
"""Width of the lanes' titles, px."""
OPEN: Final = 74
"""What a bar that has no end yet reaches beyond the last day, px."""
BAR: Final = 30
LANE: Final = 52
SIZE: Final = 13
BOLD: Final = 13.6
"""Size by which letters of 12 px are measured when they are bold."""
LEADING: Final = 18
MARK: Final = 10
"""Radius of a mark, px."""
INK: Final = "#1d1a17"
SOFT: Final = "#6b6259"
RULE: Final = "#d9cfc0"
AWAITS: Final = "#b9b3ab"
SEAL: Final = "#a32a1c"
_COLORS: Final = ("#1f5f8b", "#3f7d3a", "#8a5a00", "#6a3d8f", "#00736b", "#b0487a", "#4a5a9a", "#7a6a1a", "#8b3f1f")
_TOLD: Final = frozenset({"file", "fonds", "assignment", "handover", "agency", "unit", "reorganization", "match"})


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What one act meant on one day. number: as on the mark and in the list below."""

    number: int
    day: str
    act: int
    vi: str
    en: str


def timeline(chain: Chain, use: FileUse) -> str:
    """The SVG. use: who may use the file on the chain's day."""
    lanes, marks = lanes_of(chain), marks_of(chain)
    days = sorted({day for lane in lanes for span in lane.spans for day in (span.since, span.until) if day}
                  | {mark.day for mark in marks} | {chain.on})  # fmt: skip
    scale = Scale(days, MARGIN + LABEL, WIDTH - MARGIN - OPEN)
    letters = letters_of(lanes)
    body, bottom = _body(chain, lanes, marks, scale, letters, use)
    frame = f'width="{WIDTH}" height="{bottom:.0f}" viewBox="0 0 {WIDTH} {bottom:.0f}"'
    faces = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {frame} font-family="{faces}" font-size="{SIZE}">',
            f"<title>Chuỗi lưu giữ hồ sơ {escape(chain.file.code)} · chain of custody</title>",
            f'<rect x="0" y="0" width="{WIDTH}" height="{bottom:.0f}" fill="#fffdf9"/>',
            *body,
            "</svg>\n",
        )
    )


def marks_of(chain: Chain) -> tuple[Mark, ...]:
    """By day and then as recorded, one for each act and day; what an act did on one day is told together."""
    found: dict[tuple[str, int], tuple[list[str], list[str]]] = {}
    for act, one in chain.events():
        if one.what in _TOLD:
            told = line(chain, one)
            vi, en = found.setdefault((one.day, act.index), ([], []))
            if told.vi not in vi:
                vi.append(told.vi)
                en.append(told.en)
    return tuple(
        Mark(number=number, day=day, act=act, vi="; ".join(vi), en="; ".join(en))
        for number, ((day, act), (vi, en)) in enumerate(sorted(found.items()), 1)
    )


def _color(letters: dict[UUID | None, str], agency: UUID | None) -> str:
    return AWAITS if agency is None else _COLORS[list(letters).index(agency) % len(_COLORS)]


def _body(
    chain: Chain,
    lanes: Sequence[Lane],
    marks: Sequence[Mark],
    scale: Scale,
    letters: dict[UUID | None, str],
    use: FileUse,
) -> tuple[list[str], float]:
    """Everything drawn from top to bottom, and where it ends."""
    drawn: list[str] = []
    top = _headed(drawn, chain)
    axis_top = top
    for lane in lanes:
        drawn += _bars(lane, scale, letters, chain, top)
        top += LANE
    top = _marked(drawn, marks, scale, top)
    top = _dated(drawn, scale, axis_top, top)
    top = _listed_bodies(drawn, chain, letters, lanes, top + 10)
    top = _listed_uses(drawn, chain, use, top + 10)
    top = _listed_marks(drawn, marks, top + 10)
    return drawn, _footed(drawn, chain, top + 6) + MARGIN


def _headed(drawn: list[str], chain: Chain) -> float:
    top = MARGIN + 22.0
    drawn.append(_text(MARGIN, top, f"Chuỗi lưu giữ hồ sơ {chain.file.code}", color=SEAL, size=22, bold=True))
    told = f"Đến ngày {as_spoken(chain.on)} · as of {chain.on}"
    drawn.append(_text(MARGIN, top + 22, f"{told}; chain of custody", color=SOFT, size=SIZE))
    return top + 48


def _bars(lane: Lane, scale: Scale, letters: dict[UUID | None, str], chain: Chain, top: float) -> Iterator[str]:
    yield _text(MARGIN, top + 14, lane.vi, color=INK, size=SIZE, bold=True)
    yield _text(MARGIN, top + 30, lane.en, color=SOFT, size=12)
    for span in lane.spans:
        x0, x1 = scale.x(span.since), scale.x(span.until) if span.until else WIDTH - MARGIN
        width = max(2.0, x1 - x0 - 2)
        color = _color(letters, span.agency)
        yield f'<rect x="{x0:.1f}" y="{top:.1f}" width="{width:.1f}" height="{BAR}" fill="{color}" rx="3"/>'
        letter = letters.get(span.agency, "?")
        name = "chờ nơi nhận · awaits" if span.agency is None else f"{letter} {chain.named(span.agency)}"
        told = name if advance(name, BOLD) < width - 10 else letter
        if advance(told, BOLD) < width:
            ink = INK if span.agency is None else "#ffffff"
            yield _text(x0 + 6, top + BAR / 2 + 5, told, color=ink, size=12, bold=True)


def _marked(drawn: list[str], marks: Sequence[Mark], scale: Scale, top: float) -> float:
    """The marks, those of near days one above the other."""
    drawn.append(_text(MARGIN, top + 14, "Hành vi", color=INK, size=SIZE, bold=True))
    drawn.append(_text(MARGIN, top + 30, "acts", color=SOFT, size=12))
    rows = rows_without_overlap([scale.x(mark.day) for mark in marks], 2 * MARK + 4)
    for mark, row in zip(marks, rows, strict=True):
        x, y = scale.x(mark.day), top + MARK + 2 + row * (2 * MARK + 4)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{MARK}" fill="#fffdf9" stroke="{SEAL}" stroke-width="1.6"/>'
        )
        drawn.append(_text(x, y + 4, str(mark.number), color=SEAL, size=11, bold=True, anchor="middle"))
    return top + max(LANE - 12, (max(rows, default=0) + 1) * (2 * MARK + 4) + 8)


def _dated(drawn: list[str], scale: Scale, top: float, bottom: float) -> float:
    """A line down from each day, and its date below."""
    places = [scale.x(day) for day in scale.days]
    rows = rows_without_overlap(places, 78)
    lines = []
    for day, x, row in zip(scale.days, places, rows, strict=True):
        y = bottom + 14 + row * 16
        lines.append(f'<path d="M{x:.1f} {top - 6:.1f} V{y - 11:.1f}" stroke="{RULE}" stroke-width="1"/>')
        drawn.append(_text(x, y, as_spoken(day), color=SOFT, size=11, anchor="middle"))
    drawn[:0] = lines  # behind the bars
    return bottom + 14 + (max(rows, default=0) + 1) * 16


def _listed_bodies(
    drawn: list[str], chain: Chain, letters: dict[UUID | None, str], lanes: Sequence[Lane], top: float
) -> float:
    for agency, letter in letters.items():
        body = chain.bodies.get(agency) if agency else None
        name = f"{chain.named(agency) if agency else ''}{_interval(body) if body else ''}"
        top = _entry(drawn, letter, name, _color(letters, agency), top)
    if any(span.agency is None for lane in lanes for span in lane.spans):
        top = _entry(drawn, "?", "Chờ xác định nơi nhận · awaiting a receiver", AWAITS, top)
    return top


def _listed_uses(drawn: list[str], chain: Chain, use: FileUse, top: float) -> float:
    """Who may use the file on the day, a paragraph for each rule in both languages."""
    rules, others = by_rule(use.may_use), for_others(use.others_may_use)
    if not rules and not others[0]:
        return top
    head = f"Được khai thác, {as_spoken(chain.on)} · may use"
    drawn.append(_text(MARGIN, top + 12, head, color=INK, size=SIZE, bold=True))
    top += LEADING + 2
    told = [*((one.vi, one.en.partition(": ")[0]) for one in rules), *([others] if others[0] else [])]
    for vi, en in told:
        for text, color in ((vi, INK), (en, SOFT)):
            for part in wrapped(text, WIDTH - 2 * MARGIN - 22, SIZE):
                drawn.append(_text(MARGIN + 22, top + 12, part, color=color, size=SIZE))
                top += LEADING
        top += 3
    return top


def _interval(body: Body) -> str:
    """Since when until when it exists; a first day that is only attested may be any before it."""
    since = as_spoken(body.valid_from)
    told = f"từ trước hoặc · by {since}" if body.certainty is Certainty.ATTESTED else since
    mark = "; ≈ phục dựng · reconstructed" if body.reconstructed else ""
    return f" ({told} - {as_spoken(body.valid_to) or 'nay · now'}{mark})"


def _entry(drawn: list[str], letter: str, text: str, color: str, top: float) -> float:
    drawn.append(f'<rect x="{MARGIN}" y="{top:.1f}" width="14" height="14" fill="{color}" rx="2"/>')
    drawn.append(_text(MARGIN + 22, top + 12, letter, color=INK, size=SIZE, bold=True))
    for at, part in enumerate(wrapped(text, WIDTH - 2 * MARGIN - 60, SIZE)):
        drawn.append(_text(MARGIN + 50, top + 12 + at * LEADING, part, color=INK, size=SIZE))
        top += LEADING if at else 0
    return top + LEADING + 2


def _listed_marks(drawn: list[str], marks: Sequence[Mark], top: float) -> float:
    """Number, day, what it was, and the act's index in the log."""
    inner = WIDTH - 2 * MARGIN - 190 - 110
    for mark in marks:
        drawn.append(_text(MARGIN + 24, top + 13, f"{mark.number}.", color=SEAL, size=SIZE, bold=True, anchor="end"))
        drawn.append(_text(MARGIN + 36, top + 13, as_spoken(mark.day), color=INK, size=SIZE))
        act = f"hành vi · act {mark.act}"
        drawn.append(_text(WIDTH - MARGIN, top + 13, act, color=SOFT, size=11, anchor="end"))
        for text, color in ((mark.vi, INK), (mark.en, SOFT)):
            for part in wrapped(text, inner, SIZE):
                drawn.append(_text(MARGIN + 150, top + 13, part, color=color, size=SIZE))
                top += LEADING
        top += 6
    return top


def _footed(drawn: list[str], chain: Chain, top: float) -> float:
    told = [
        "Trục thời gian không theo tỉ lệ; mỗi ngày có thay đổi đều được ghi · time is not to scale; each day of change is named.",  # noqa: E501
        f"Theo sổ cái đến hành vi {max((act.index for act in chain.acts), default=0)} · by the ledger up to this act.",
    ]
    if chain.reconstructed:
        told.append("≈ Ngày phục dựng từ danh mục đơn vị, không phải từ văn bản · dates reconstructed from rosters.")
    for text in told:
        for part in wrapped(text, WIDTH - 2 * MARGIN, 12):
            top += LEADING
            drawn.append(_text(MARGIN, top, part, color=SOFT, size=12))
    return top


def _text(x: float, y: float, text: str, *, color: str, size: int, bold: bool = False, anchor: str = "") -> str:
    more = (' font-weight="bold"' if bold else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" font-size="{size}"{more}>{escape(text)}</text>'
