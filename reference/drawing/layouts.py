"""Lay out a document as its kind asks: Decree 30/2020 App. I, the Party's own heading, a typewriter of 1997."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.drawing import stamps
from reference.drawing.typesetting import INK, Typesetter

Document = dict[str, Any]
"""One entry of `scans/documents.yaml`."""


def set_document(document: Document, dpi: int, dice: np.random.Generator) -> Typesetter:
    """The sheets of a document, unscanned."""
    page = Typesetter(dpi, document.get("leading", 1.42))
    typewritten = document["layout"] == "typewritten"
    _head(page, document, typewritten)
    _title(page, document, typewritten)
    for part in document["body"]:
        _part(page, part, typewritten)
    _foot(page, document, dice, typewritten)
    if "annex" in document:
        page.new_sheet()
        for part in document["annex"]:
            _part(page, part, typewritten)
    return page


def _head(page: Typesetter, document: Document, typewritten: bool) -> None:
    """Left: the issuing body and the number. Right: national title and motto, or the Party's name; place and date."""
    party = document["layout"] == "party"
    plain, bold, italic = ("m", "mb", "m") if typewritten else ("", "b", "i")
    size = 10 if typewritten else 12.5
    left = (page.left - page.px(8), page.left + page.px(68))
    right = (page.left + page.px(64), page.width - page.right + page.px(6))
    y = page.top
    for place, line in enumerate(document["heading"]):
        style = bold if place == len(document["heading"]) - 1 else plain
        y = page.centered(line, *left, y, style, size)
    y = _under(page, left, y, 20) if not party else page.centered("*", *left, y, plain, size)
    separator = "-" if party else "/"
    written = f"Số {document['number']} {document['symbol']}" if typewritten else ""
    number = written or f"Số{' ' if party else ': '}{document['number']}{separator}{document['symbol']}"
    y = page.centered(number, *left, y + page.px(1), plain, size + 0.5)
    if document["layout"] == "letter":
        for line in page.wrapped(document["subject"], "", 11.5, left[1] - left[0] - page.px(4)):
            y = page.centered(line, *left, y, "", 11.5)
    other = page.top
    if party:
        other = page.centered("ĐẢNG CỘNG SẢN VIỆT NAM", *right, other, "b", 14)
        other = _under(page, right, other, 62)
    else:
        other = page.centered(
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", *right, other, bold, size - (1 if typewritten else 0)
        )
        other = page.centered("Độc lập - Tự do - Hạnh phúc", *right, other, bold, size + (0 if typewritten else 0.5))
        other = _under(page, right, other, 60)
    year, month, day = document["date"].split("-")
    spoken_month = month if int(month) < 3 else str(int(month))
    when = f"{document['place']}, ngày {day} tháng {spoken_month} năm {year}"
    other = page.centered(when, *right, other + page.px(2.5), italic, size + 0.5)
    page.y = max(y, other) + page.px(5)
    if incoming := document["paper"].get("incoming"):
        organ, received_as, received_on = incoming
        stamps.incoming(page, organ, received_as, received_on, (page.left - page.px(6), page.y - page.px(3)))
        page.y += page.px(20)


def _under(page: Typesetter, between: tuple[int, int], y: int, mm: float) -> int:
    """A short rule under a heading."""
    middle, half = sum(between) / 2, page.px(mm) / 2
    page.draw.line((middle - half, y + page.px(0.8), middle + half, y + page.px(0.8)), fill=INK, width=page.px(0.3))
    return y + page.px(2)


def _title(page: Typesetter, document: Document, typewritten: bool) -> None:
    whole = (page.left, page.width - page.right)
    bold = "mb" if typewritten else "b"
    size = 11.5 if typewritten else 14
    if document["layout"] != "letter":
        page.y = page.centered(document["type"].upper(), *whole, page.y, bold, size + 1)
        for line in page.wrapped(document["subject"], bold, size - 0.5, whole[1] - whole[0] - page.px(20)):
            page.y = page.centered(line, *whole, page.y, bold, size - 0.5)
        page.y = _under(page, whole, page.y, 35) + page.px(2)
    for key, style in (("greeting", ""), ("opening", "b")):
        if key in document:
            page.y = page.centered(document[key], *whole, page.y + page.px(2), style, 14) + page.px(2)


def _part(page: Typesetter, part: str | Document, typewritten: bool) -> None:
    if isinstance(part, str):
        if typewritten:
            page.typed(part)
        else:
            page.paragraph(part)
    elif "heading" in part:
        page.room(16)
        page.paragraph(part["heading"], "b")
    elif "center" in part:
        page.room(14)
        page.y = page.centered(part["center"], page.left, page.width - page.right, page.y, "b", 14) + page.px(2)
    else:
        page.table(part["table"])


def _foot(page: Typesetter, document: Document, dice: np.random.Generator, typewritten: bool) -> None:
    """Left: Nơi nhận. Right: on whose behalf, post, signature under the seal, name."""
    page.room(62)
    page.y += page.px(3)
    plain, bold, heading = ("m", "mb", "mb") if typewritten else ("", "b", "bi")
    x, y = page.left, page.y
    recipients = document["recipients"]
    lines = ["Nơi nhận:", *(f"- {recipient};" for recipient in recipients[:-1]), f"- {recipients[-1]}."]
    for place, line in enumerate(lines):
        size = (9.5 if typewritten else 11) + (0.5 if place == 0 else 0)
        page.flush(line, x, y, heading if place == 0 else plain, size)
        y += page.px(5)
    right = (page.left + page.px(78), page.width - page.right + page.px(4))
    below = page.y
    size = 11 if typewritten else 13.5
    for line in document["signature"]:
        below = page.centered(line, *right, below, bold, size)
    middle = sum(right) // 2
    ink = INK if document["paper"]["colour"] == "bilevel" else stamps.BLUE
    stamps.signature(page, (middle, below + page.px(14)), dice, ink)
    stamps.seal(page, document["paper"]["stamp"], (middle - page.px(19), below + page.px(14)))
    page.centered(document["signer"], *right, below + page.px(30), bold, size)
    page.y = max(y, below + page.px(40))
