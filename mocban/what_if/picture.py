"""The report as a picture (SVG): from whom to whom, bands as wide as files are many; for one unit or former district.

Nothing is cut and nothing overlaps: every label has a slot as high as its lines, and the picture grows with them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from domain.civil_date import as_spoken
from domain.lot import Carrier
from mocban.grouped import grouped
from mocban.what_if.lettering import wrapped
from mocban.what_if.metres import WORDS, Measured, said_metres, together
from mocban.what_if.report import Amount, Body, Report

WIDTH: Final = 1240
MARGIN: Final = 28
LABEL: Final = 370
"""Width of a label column, px."""
BAR: Final = 14
SIZE: Final = 13
LEADING: Final = 17
GAP: Final = 16
BANDS: Final = 420
"""Height that all files together take, px."""

INK: Final = "#1d1a17"
SOFT: Final = "#6b6259"
AWAITS: Final = "#a8a29a"
_COLORS: Final = (
    "#a32a1c",
    "#1f5f8b",
    "#3f7d3a",
    "#8a5a00",
    "#6a3d8f",
    "#00736b",
    "#b0487a",
    "#4a5a9a",
    "#7a6a1a",
    "#8b3f1f",
)

Key = tuple[bool, int, str, str]
Flows = dict[tuple[Key, Key], tuple[Body, Body, Counter[Carrier], list[Amount]]]
"""Source and receiver -> both, how many files on each carrier, and the amounts of paper."""


class _Node(msgspec.Struct):
    """A source or a receiver: what is said of it, and where its bar stands."""

    lines: list[str]
    counts: list[str]
    files: int
    color: str = INK
    top: float = 0
    height: float = 0
    used: float = 0

    @property
    def slot(self) -> float:
        return max(LEADING * (len(self.lines) + len(self.counts)), self.height) + GAP


def picture(report: Report) -> str:
    """The SVG. One row a unit; where only one unit is looked at, one a fonds."""
    flows = _flows(report)
    heading = list(_heading(report))
    top = MARGIN + sum(height for _, _, _, height in heading) + 2 * GAP
    left = _nodes(flows, 0)
    height = _stacked(left, top)
    right = _facing(_nodes(flows, 1), flows, left)
    height = max(height, _stacked(right, top))
    foot = list(_foot(report, bool(flows)))
    whole = height + GAP + LEADING * len(foot) + MARGIN
    faces = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
    frame = f'width="{WIDTH}" height="{whole:.0f}" viewBox="0 0 {WIDTH} {whole:.0f}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} font-family="{faces}" font-size="{SIZE}">',
        f"<title>{escape(report.scope)}: {escape(report.title)}</title>",
        f'<rect x="0" y="0" width="{WIDTH}" height="{whole:.0f}" fill="#fffdf9"/>',
        *_written_heading(heading),
        *_bands(flows, left, right),
        *_labels(left, at_left=True),
        *_labels(right, at_left=False),
        *(_text(MARGIN, height + GAP + LEADING * at, line, color=SOFT, size=12) for at, line in enumerate(foot)),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _flows(report: Report) -> Flows:
    """From whom to whom, and how many files on each carrier."""
    several = len({line.unit.id for line in report.by_fonds}) > 1
    found: Flows = {}
    for line in report.by_fonds:
        source = line.unit if several else line.fonds
        flow = found.setdefault((_key(source), _key(line.receiver)), (source, line.receiver, Counter(), []))
        flow[2][line.carrier] += line.amount.files
        if line.carrier is Carrier.PAPER:
            flow[3].append(line.amount)
    return found


def _key(body: Body) -> Key:
    return body.id is None, len(body.code), body.code, str(body.id)  # a district before its communes


def _nodes(flows: Flows, side: int) -> dict[Key, _Node]:
    counts: defaultdict[Key, Counter[Carrier]] = defaultdict(Counter)
    paper: defaultdict[Key, list[Amount]] = defaultdict(list)
    bodies: dict[Key, Body] = {}
    for keys, flow in flows.items():
        counts[keys[side]] += flow[2]
        paper[keys[side]] += flow[3]
        bodies[keys[side]] = flow[0] if side == 0 else flow[1]
    total = sum(count.total() for count in counts.values())
    return {
        key: _Node(
            lines=wrapped(_name(bodies[key]), LABEL, SIZE),
            counts=[_count(counts[key]), *_shelf(together(paper[key]))],
            files=counts[key].total(),
            height=max(4.0, BANDS * counts[key].total() / total),
        )
        for key in sorted(counts)
    }


def _facing(right: dict[Key, _Node], flows: Flows, left: dict[Key, _Node]) -> dict[Key, _Node]:
    """Receivers in an order in which few bands cross: by where on the left theirs come from; nobody comes last."""
    weights: Counter[Key] = Counter()
    for (source, receiver), flow in flows.items():
        weights[receiver] += int(flow[2].total() * left[source].top)
    ordered = sorted(right, key=lambda key: (key[0], weights[key] / right[key].files, key))
    for at, key in enumerate(ordered):
        right[key].color = AWAITS if key[0] else _COLORS[at % len(_COLORS)]
    return {key: right[key] for key in ordered}


def _name(body: Body) -> str:
    return f"{body.name} ({body.code})" if body.code else body.name


def _count(count: Counter[Carrier]) -> str:
    return f"giấy · paper {grouped(count[Carrier.PAPER])}; số · digital {grouped(count[Carrier.DIGITAL])}"


def _shelf(paper: Amount) -> list[str]:
    return [f"mét giá · shelf metres {said_metres(paper)}"] if paper.boxes else []


def _stacked(nodes: dict[Key, _Node], top: float) -> float:
    """Stand the nodes one under the other; where the last slot ends."""
    for node in nodes.values():
        node.top = top
        top += node.slot
    return top


def _heading(report: Report) -> Iterator[tuple[str, int, str, float]]:
    """Lines with size, colour and height."""
    inner = WIDTH - 2 * MARGIN
    for line in wrapped(report.scope, inner, 22):
        yield line, 22, "#a32a1c", 30
    for line in wrapped(report.title, inner, 15):
        yield line, 15, INK, 21
    told = f"Nơi phải giữ hồ sơ từ {as_spoken(report.effective)} theo phương án · who must have the files by the plan"
    for line in wrapped(told, inner, SIZE):
        yield line, SIZE, SOFT, 19


def _written_heading(heading: Iterable[tuple[str, int, str, float]]) -> Iterator[str]:
    top = float(MARGIN)
    for text, size, color, height in heading:
        top += height
        yield _text(MARGIN, top - height + size, text, color=color, size=size, bold=size == 22)


def _foot(report: Report, any_flow: bool) -> Iterator[str]:
    inner = WIDTH - 2 * MARGIN
    told = [] if any_flow else ["Không có hồ sơ nào trong phạm vi này · no files in this scope."]
    told.append(
        "Dải càng rộng, hồ sơ càng nhiều; hồ sơ có cả bản giấy và bản số được tính hai lần · "
        "bands are as wide as files are many; a file on both carriers counts twice."
    )
    told.append(
        f"Chờ nơi nhận · awaiting: {grouped(report.awaiting_files)}. Không quy tắc nào nói tới · no rule matches: "
        f"{grouped(sum(one.files for one in report.uncovered))}. Giao giữa hai tuyến · cross the lines: "
        f"{grouped(sum(one.files for one in report.crossings))}. "
        f"Văn bản đề ngày muộn · late documents: {grouped(len(report.late_documents))}."
    )
    if any_flow:
        told.append("Mét giá · shelf metres: " + " · ".join(WORDS[Measured(report.metres)]) + ".")
    for text in told:
        yield from wrapped(text, inner, 12)


def _bands(flows: Flows, left: dict[Key, _Node], right: dict[Key, _Node]) -> Iterator[str]:
    x0, x1 = MARGIN + LABEL + 12 + BAR, WIDTH - MARGIN - LABEL - 12 - BAR
    middle = (x0 + x1) / 2
    ends: dict[tuple[Key, Key], list[float]] = {}
    for side, nodes in enumerate((left, right)):
        for keys in sorted(flows, key=lambda keys: (left[keys[0]].top, right[keys[1]].top)):
            node = nodes[keys[side]]
            share = node.height * flows[keys][2].total() / node.files
            ends.setdefault(keys, []).extend((node.top + node.used, node.top + node.used + share))
            node.used += share
    for keys in sorted(flows):
        a, b, c, d = ends[keys]
        yield (
            f'<path d="M{x0} {a:.1f} C{middle} {a:.1f} {middle} {c:.1f} {x1} {c:.1f} '
            f'L{x1} {d:.1f} C{middle} {d:.1f} {middle} {b:.1f} {x0} {b:.1f} Z" '
            f'fill="{right[keys[1]].color}" fill-opacity="0.5"/>'
        )


def _labels(nodes: dict[Key, _Node], *, at_left: bool) -> Iterator[str]:
    bar = MARGIN + LABEL + 12 if at_left else WIDTH - MARGIN - LABEL - 12 - BAR
    for node in nodes.values():
        yield f'<rect x="{bar}" y="{node.top:.1f}" width="{BAR}" height="{node.height:.1f}" fill="{node.color}"/>'
        for at, line in enumerate((*node.lines, *node.counts)):
            last = at >= len(node.lines)
            size = 12 if last else SIZE
            x = MARGIN + LABEL if at_left else WIDTH - MARGIN - LABEL
            yield _text(x, node.top + SIZE + LEADING * at, line, color=SOFT if last else INK, size=size, end=at_left)


def _text(x: float, y: float, text: str, *, color: str, size: int, bold: bool = False, end: bool = False) -> str:
    more = (' font-weight="bold"' if bold else "") + (' text-anchor="end"' if end else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" font-size="{size}"{more}>{escape(text)}</text>'
