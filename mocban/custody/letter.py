"""Letters that ask for what has not come: one for each present holder, in the name of the body that must have it.

Decree 30/2020/NĐ-CP orders the papers of State bodies; Party committees and mass organizations have rules of their
own, so what they await is counted and not written for.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final
from uuid import UUID

import msgspec

from domain.agency import AgencyKind, Block
from domain.basis import Confidence
from domain.errors import Refusal
from domain.lot import Carrier, WorkState
from mocban.custody.account import Account, AccountFonds, AccountLot, Body, LotState
from mocban.custody.account_words import lot_words

SUBJECT: Final = "V/v đề nghị bàn giao tài liệu lưu trữ"
_DECREE: Final = "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư"


class LetterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table. boxes, sheets: None of digital files. inferred: no text says it in so many words."""

    fonds: str
    lot: str
    files: int
    boxes: int | None
    sheets: int | None
    basis: str
    inferred: bool


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter, all of it but its number, symbol, signature and seal, which are the clerk's and the signer's.

    issuer: the body's name in its lines. place_and_date: as printed. total: files, boxes, sheets; None as in the lines.
    """

    issuer: tuple[str, ...]
    place_and_date: str
    addressee: str
    opening: str
    lines: tuple[LetterLine, ...]
    total: tuple[int, int | None, int | None]
    notes: tuple[str, ...]
    requests: tuple[str, ...]
    signer: tuple[str, ...]


def letters_of(account: Account, issued: str) -> list[Letter]:
    """The letters for what the unit's State bodies await, by holder's name. issued: civil day.

    Raises Refusal `letter-nothing-awaited`.
    """
    awaited: defaultdict[tuple[UUID, UUID], list[tuple[AccountFonds, AccountLot]]] = defaultdict(list)
    bodies: dict[UUID, Body] = {}
    for fonds, lot in _awaited(account):
        if lot.assigned_to and lot.held_by and lot.assigned_to.block is Block.GOVERNMENT:
            bodies |= {lot.assigned_to.id: lot.assigned_to, lot.held_by.id: lot.held_by}
            awaited[lot.assigned_to.id, lot.held_by.id].append((fonds, lot))
    if not awaited:
        raise Refusal("letter-nothing-awaited", unit=account.unit.name)
    sides = sorted(awaited, key=lambda pair: (bodies[pair[0]].code, bodies[pair[1]].name, pair))
    return [_letter(account, bodies[must], bodies[has], awaited[must, has], issued) for must, has in sides]


def left_out(account: Account) -> int:
    """Files that bodies of other blocks await, for which no letter of this form is written."""
    return sum(
        lot.files for _, lot in _awaited(account) if lot.assigned_to and lot.assigned_to.block != Block.GOVERNMENT
    )


def spoken_day(day: str) -> str:
    """`ngày 01 tháng 7 năm 2025`: days below 10 and the months 1 and 2 with a nought (Decree 30, App. I, II.4.b)."""
    year, month, date = (int(part) for part in day.split("-"))
    return f"ngày {date:02} tháng {month:02} năm {year}" if month < 3 else f"ngày {date:02} tháng {month} năm {year}"


def spoken_number(number: int) -> str:
    """`1.200`: thousands are parted by dots."""
    return f"{number:,}".replace(",", ".")


def _awaited(account: Account) -> list[tuple[AccountFonds, AccountLot]]:
    return [
        (fonds, lot)
        for origin in account.origins
        for fonds in origin.fonds
        for lot in fonds.lots
        if lot.state is LotState.AWAITING
    ]


def _letter(
    account: Account, body: Body, holder: Body, lots: list[tuple[AccountFonds, AccountLot]], issued: str
) -> Letter:
    lines = tuple(_line(fonds, lot) for fonds, lot in lots)
    boxes = len({(fonds.id, label) for fonds, lot in lots for label in lot.box_labels})
    papers = [line.sheets for line in lines if line.sheets is not None]
    total = (sum(line.files for line in lines), boxes if papers else None, sum(papers) if papers else None)
    return Letter(
        issuer=_in_lines(body),
        place_and_date=f"{account.unit.name}, {spoken_day(issued)}",
        addressee=_addressee(holder, issued),
        opening=_opening(account, body, holder, total, len({(fonds.id, lot.lot) for fonds, lot in lots})),
        lines=lines,
        total=total,
        notes=_notes(account, lines, total[1]),
        requests=_requests(body, lots),
        signer=_signer(body),
    )


def _line(fonds: AccountFonds, lot: AccountLot) -> LetterLine:
    paper = lot.carrier is Carrier.PAPER
    return LetterLine(
        fonds=f"{fonds.name} ({fonds.code})",
        lot=lot_words(lot),
        files=lot.files,
        boxes=lot.boxes if paper else None,
        sheets=lot.sheets if paper else None,
        basis=lot.basis,
        inferred=lot.confidence is Confidence.INFERENCE,
    )


def _in_lines(body: Body) -> tuple[str, ...]:
    """`ỦY BAN NHÂN DÂN`, `PHƯỜNG HỒNG HÀ`: the name in capitals, without the city that it lies in."""
    name = body.name.split(",")[0].strip()
    first = "Ủy ban nhân dân"
    if body.kind is AgencyKind.PEOPLES_COMMITTEE and name.startswith(f"{first} "):
        return first.upper(), name.removeprefix(f"{first} ").upper()
    return (name.upper(),)


def _addressee(holder: Body, issued: str) -> str:
    """Nobody can be written to in a body that has ended: whoever looks after its records is."""
    if holder.valid_to and holder.valid_to <= issued:
        ended = spoken_day(holder.valid_to)
        return f"Người được giao quản lý tài liệu của {holder.name} (kết thúc hoạt động từ {ended})"
    return holder.name


def _opening(account: Account, body: Body, holder: Body, total: tuple[int, int | None, int | None], lots: int) -> str:
    files, boxes, sheets = ("" if figure is None else spoken_number(figure) for figure in total)
    paper = f" (bản giấy: {boxes} hộp, {sheets} tờ)" if sheets else ""
    return (
        f"Theo sổ cái hồ sơ lưu trữ, tính đến {spoken_day(account.as_of)} (đến hành vi số {account.known_at} của sổ "
        f"cái), {body.name} phải quản lý nhưng chưa nhận được {files} hồ sơ{paper} thuộc {lots} khối tài liệu, hiện do "
        f"{holder.name} giữ. Cụ thể như sau:"
    )


def _notes(account: Account, lines: tuple[LetterLine, ...], boxes: int | None) -> tuple[str, ...]:
    notes = []
    if any(line.inferred for line in lines):
        notes.append(
            "(*) Nơi nhận được suy ra từ văn bản dẫn ở cột Căn cứ, chưa có quyết định riêng; đề nghị hai bên đối chiếu "
            "trước khi bàn giao."
        )
    if boxes is not None and boxes < sum(line.boxes or 0 for line in lines):
        notes.append("Một số hộp chứa hồ sơ của nhiều khối tài liệu nên chỉ được tính một lần ở dòng tổng cộng.")
    if account.reconstructed:
        notes.append("Một phần số liệu dựa trên thông tin đơn vị hành chính phục dựng từ danh sách.")
    return tuple(notes)


def _requests(body: Body, lots: list[tuple[AccountFonds, AccountLot]]) -> tuple[str, ...]:
    unfinished = any(lot.lot.split("/")[1] == WorkState.UNFINISHED for _, lot in lots)
    sealed = (
        " Hồ sơ chưa kết thúc được đóng gói, niêm phong, thống kê riêng theo phông và giao nguyên niêm phong."
        if unfinished
        else ""
    )
    wanted = [
        "Rà soát, đối chiếu tài liệu đang giữ với bảng trên; thông báo hồ sơ thiếu, hư hỏng hoặc chưa thống nhất.",
        "Giữ nguyên hiện trạng, không di chuyển, phân tán hoặc tiêu hủy tài liệu trong thời gian chờ bàn giao.",
        f"Lập danh mục hồ sơ và bàn giao toàn bộ tài liệu nêu trên.{sealed}",
        f"Lập biên bản giao nhận có chữ ký hai bên theo mẫu tại Phụ lục V {_DECREE}.",
    ]
    return (
        f"{body.name} đề nghị:",
        *(f"{number}. {text}" for number, text in enumerate(wanted, 1)),
        "Thời gian, địa điểm bàn giao do hai bên thống nhất; đề nghị trả lời bằng văn bản./.",
    )


def _signer(body: Body) -> tuple[str, ...]:
    if body.kind is AgencyKind.PEOPLES_COMMITTEE:
        return "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"
    return ("THỦ TRƯỞNG CƠ QUAN",)
