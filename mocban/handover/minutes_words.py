"""The sentences of the record of hand-over and receipt: one source for the page and the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from domain.agency import AgencyKind
from domain.basis import Instrument
from domain.civil_date import as_spoken, earliest, latest
from mocban.custody.letter import spoken_day, spoken_number
from mocban.handover.minutes import Minutes
from mocban.handover.wording import FLAGS, REASONS
from projections.handover_queries import ListedLine
from projections.succession_queries import AgencyRow

DECREE: Final = "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư"
DOTS: Final = "." * 46
_ANY: Final = "Văn bản"
_KINDS: Final = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "KL": "Kết luận", "KH": "Kế hoạch", "TB": "Thông báo",
    "NĐ": "Nghị định",
}  # fmt: skip
"""What decides, by the abbreviation in its symbol (Decree 30/2020, App. III.I; Party: Regulation 399-QĐ/TW). Those that
stand for two kinds, as TT of Thông tư and Thông tri, are not here."""
_ABBREVIATION: Final = re.compile(r"\d+[a-z]?(?:-|/(?:\d{4}/)?)([A-ZĐ]+)(?=[-/]|$)")
Item = tuple[str, str]
"""Vietnamese, English."""


def issuer_lines(body: AgencyRow) -> tuple[str, ...]:
    """The receiver's name in capitals, without the city that it lies in."""
    name = body.name.split(",")[0].strip()
    first = "Ủy ban nhân dân"
    if body.kind is AgencyKind.PEOPLES_COMMITTEE and name.startswith(f"{first} "):
        return first.upper(), name.removeprefix(f"{first} ").upper()
    return (name.upper(),)


def place_and_day(minutes: Minutes) -> str:
    """As printed at the right."""
    return f"Hà Nội, {spoken_day(minutes.listing.row.handed_on)}"


def grounds(minutes: Minutes) -> list[str]:
    """What it rests on."""
    listing = minutes.listing
    found = [DECREE, _cited(listing.decision) if listing.decision else listing.row.basis]
    if listing.named_by is not None and listing.named_by == listing.decision:
        found[-1] += " (đồng thời cử người bàn giao)"
    elif listing.named_by is not None:
        found.append(f"{_cited(listing.named_by)} (cử người bàn giao)")
    return [f"Căn cứ {one};" for one in found]


def parties(minutes: Minutes) -> Iterator[tuple[Item, list[tuple[Item, str]]]]:
    """Each side: its name, then label and value of its lines."""
    listing = minutes.listing
    for label, body, person in (
        (("BÊN GIAO", "Giver"), listing.giver, minutes.giver),
        (("BÊN NHẬN", "Receiver"), listing.receiver, minutes.receiver),
    ):
        lines = [
            (("Ông (bà)", "Name"), person.name or DOTS),
            (("Chức vụ công tác", "Post"), person.post or DOTS),
        ]
        name = f"{label[0]}: {body.name}"
        yield (name, label[1]), lines
    for witness in listing.witnesses:
        yield (
            ("NGƯỜI CHỨNG KIẾN", "Witness"),
            [(("Ông (bà)", "Name"), witness.name or DOTS), (("Chức vụ công tác", "Post"), witness.post or DOTS)],
        )


def ended_giver(minutes: Minutes) -> str:
    """That the giver has ended and who hands over for it, or nothing."""
    giver = minutes.listing.giver
    if not giver.valid_to or giver.valid_to > minutes.listing.row.handed_on:
        return ""
    ended = f"{giver.name} kết thúc hoạt động từ {spoken_day(giver.valid_to)}"
    by = minutes.listing.named_by
    return f"{ended}; người bàn giao được cử theo văn bản số {by.number} nêu trên." if by else f"{ended}."


def contents(minutes: Minutes) -> Iterator[tuple[str, str]]:
    """Items 1 to 5: Vietnamese, English. An empty English goes with the line above."""
    row, listing = minutes.listing.row, minutes.listing
    names = "; ".join(f"{name} ({code})" for code, name in listing.fonds)
    yield f"1. Tên khối tài liệu giao nộp: {names}.", "name of the body of records"
    yield f"2. Thời gian của hồ sơ, tài liệu: {dates(minutes) or DOTS}.", "dates of the records"
    yield "3. Số lượng tài liệu:", "quantity"
    yield "a) Đối với hồ sơ, tài liệu giấy:", "paper"
    paper, digital = minutes.paper, not minutes.paper
    yield f"- Tổng số hộp (cặp): {_figure(row.boxes, told=paper)}.", "boxes"
    metres = f"{row.shelf_cm / 100:.2f}".replace(".", ",") if row.shelf_cm and paper else ("......" if paper else "0")
    files = f"- Tổng số hồ sơ (đơn vị bảo quản): {_figure(row.files, told=paper)}. Quy ra mét giá: {metres} mét."
    yield files, "files; shelf metres"
    if paper:
        sealed = f"; trong đó {spoken_number(row.sealed_sets)} bộ giao nguyên niêm phong, không kiểm đếm bên trong"
        told = sealed if row.sealed_sets else ""
        yield f"- Tổng số tờ: {spoken_number(row.sheets)}{told}.", "sheets; sealed sets are uncounted"
    yield "b) Đối với hồ sơ, tài liệu điện tử:", "electronic"
    yield f"- Tổng số hồ sơ: {_figure(row.files, told=digital)}.", "files"
    yield f"- Tổng số tệp tin trong hồ sơ: {_figure(minutes.computer_files, told=digital)}.", "computer files"
    yield f"4. Tình trạng tài liệu giao nộp: {condition(minutes)}", "condition"
    listed = spoken_number(len(listing.lines))
    yield f"5. Mục lục hồ sơ, tài liệu nộp lưu kèm theo ({listed} hồ sơ).", "the list is attached"


def condition(minutes: Minutes) -> str:
    """What the two state, then what is in dispute."""
    row, listing = minutes.listing.row, minutes.listing
    said = f"{listing.condition.rstrip('.')}. " if listing.condition else ""
    if not row.disputed:
        return f"{said}Bên nhận đã nhận đủ các hồ sơ trong mục lục."
    settled = row.disputed - listing.open
    told = (
        f"{said}Bên nhận đã nhận {spoken_number(row.files)} trong số {spoken_number(len(listing.lines))} hồ sơ; "
        f"{spoken_number(row.disputed)} hồ sơ chưa thống nhất, bên giao tiếp tục giữ, nêu tại danh sách kèm theo"
    )
    return f"{told}; {spoken_number(settled)} hồ sơ trong đó đã được giải quyết sau này." if settled else f"{told}."


def remarks(minutes: Minutes) -> list[Item]:
    """What is out of order and was recorded all the same."""
    return [FLAGS[flag] for flag in minutes.listing.row.flags.split() if flag in FLAGS]


def dispute_words(minutes: Minutes, line: ListedLine) -> str:
    """Why a line was not taken, what was noted, and how it ended."""
    if line.reason is None:
        return ""
    note = minutes.listing.notes.get(line.file, "")
    said = REASONS[line.reason][0] + (f": {note}" if note else "")
    if line.settled is None:
        return f"{said} (chưa giải quyết)"
    how = "đã nhận" if line.taken else "loại khỏi danh mục"
    return f"{said} ({how} ngày {as_spoken(line.settled_on)}, hành vi {line.settled})"


def dates(minutes: Minutes) -> str:
    """From the earliest to the latest of the files' own dates, as precisely as those are."""
    lines = minutes.listing.lines
    starts = sorted((line.start_date for line in lines if line.start_date), key=earliest)
    ends = sorted((end for line in lines if (end := line.end_date or line.start_date)), key=latest)
    return " - ".join(dict.fromkeys(as_spoken(day) for day in (*starts[:1], *ends[-1:])))


def _cited(by: Instrument) -> str:
    found = _ABBREVIATION.match(by.number)
    kind = _KINDS.get(found[1], _ANY) if found else _ANY
    return f"{kind} số {by.number} {spoken_day(by.issued)} của {by.issuer}"


def _figure(number: int, *, told: bool) -> str:
    return spoken_number(number) if told else "0"
