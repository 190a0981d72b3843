"""A file's chain in words: a line for each event, Vietnamese and English.

Nothing that is sealed is said: names of bodies, days, bases and counts stand in clear.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec

from domain.administrative_unit import UnitEnded, UnitEstablished
from domain.agency import AgencyEnded, AgencyEstablished
from domain.civil_date import as_spoken
from domain.custody import HoldingState
from domain.disposition import DestructionDecided
from domain.document import DocumentsMatched
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened
from domain.handover import CustodyHandedOver, HandoverProposed
from domain.lot import Carrier
from domain.reorganization import FondsAssigned, ReorganizationAdopted, ReorganizationCorrected, ReorganizationEnacted
from domain.single_file import FileAssigned, FileReassigned, FileRejoined
from projections.chain import Chain, ChainedEvent
from projections.chain_changes import told_of_change
from projections.chain_child_lots import told_of_child_lot
from projections.chain_place import told_of_container
from projections.lot_number import lot_bits


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """What an event meant for a file. date: civil day on which it counts, as offices write it; may be empty."""

    date: str
    vi: str
    en: str


CARRIERS: Final = {Carrier.PAPER: ("bản giấy", "paper"), Carrier.DIGITAL: ("bản số", "digital copy")}
STATES: Final = {
    HoldingState.HELD: ("đang giữ từ đầu", "held"),
    HoldingState.RECEIVED: ("đã nhận bàn giao", "received"),
    HoldingState.OFFERED: ("đã đề nghị bàn giao, chưa ký nhận", "offered"),
    HoldingState.DISPUTED: ("có tranh chấp khi bàn giao", "disputed"),
    HoldingState.AWAITING_HANDOVER: ("chờ bàn giao", "awaiting hand-over"),
    HoldingState.AWAITING_RECEIVER: ("chờ xác định nơi nhận", "awaiting a receiver"),
}
_PLAIN: Final = {
    "file.destroyed/1": (
        "Nội dung niêm phong của hồ sơ bị hủy theo quyết định",
        "Sealed content destroyed, by decision",
    ),
    "disposition.destruction-completed/1": (
        "Việc hủy đã xong: không còn bản sao lưu nào giữ nội dung",
        "Destruction complete: no back-up holds the content any more",
    ),
    "file.admitted/1": ("Đạt kiểm tra đầu vào", "Passed the entry gate"),
    "file.sent-back/1": ("Chưa đạt kiểm tra đầu vào", "Stopped at the entry gate"),
    "document.described/1": ("Mô tả một văn bản theo bảng kê", "A document described by the worksheet"),
    "document.digitized/1": ("Số hóa một văn bản", "A document digitized"),
    "document.recognized/1": ("Nhận dạng một văn bản", "A document read by machine"),
    "document.discrepancy-noted/1": ("Bản quét khác bảng kê", "Scan and worksheet differ"),
    "document.duplicate-delivered/1": ("Văn bản được giao lần nữa", "A document delivered again"),
    "documents.unmatched/1": ("Bỏ ghép văn bản", "A match of documents undone"),
    "file.continued/1": ("Hồ sơ được lập tiếp ở nơi khác", "File continued elsewhere"),
    "reorganization.completed/1": ("Hoàn thành việc sắp xếp", "Reorganization completed"),
    "handover.withdrawn/1": ("Rút đợt bàn giao", "Hand-over taken back"),
    "handover.lines-disputed/1": ("Hồ sơ này bị tranh chấp khi bàn giao", "This file is disputed at the hand-over"),
    "handover.disputes-settled/1": ("Giải quyết tranh chấp khi bàn giao", "Dispute at the hand-over settled"),
    "accession.received/1": ("Tiếp nhận đợt giao nộp", "Delivery received"),
    "accession.rows-refused/1": ("Đợt giao nộp có dòng bị từ chối", "Rows of the delivery refused"),
}


def line(chain: Chain, one: ChainedEvent) -> Sentence:
    """The line of one event; of a kind not known here, its permanent name."""
    vi, en = _PLAIN.get(one.type) or _told(chain, one) or (f"Sự kiện {one.type}", f"Event {one.type}")
    return Sentence(date=as_spoken(one.day), vi=vi, en=en)


def _told(chain: Chain, one: ChainedEvent) -> tuple[str, str] | None:
    match one.event:
        case UnitEstablished(name=name) | AgencyEstablished(name=name):
            return f"Có {name}", f"{name} exists"
        case UnitEnded() | AgencyEnded():
            return _ended(chain, one, one.event.basis)
        case ReorganizationAdopted(instrument=by):
            return f"Thông qua phương án sắp xếp ({by.number})", f"Reorganization adopted ({by.number})"
        case ReorganizationCorrected(instrument=by):
            return f"Điều chỉnh việc giao hồ sơ ({by.number})", f"Assignment corrected ({by.number})"
        case ReorganizationEnacted():
            return "Thi hành phương án sắp xếp", "Reorganization enacted"
        case DestructionDecided(basis=by):
            return f"Quyết định hủy nội dung niêm phong ({by})", f"Destruction of sealed content decided ({by})"
        case DocumentsMatched(similarity=alike):
            vi, en = (f" (giống {alike}%)", f" ({alike}% alike)") if alike else ("", "")  # a person says no percentage
            return f"Ghép với văn bản cùng nội dung{vi}", f"Matched with the same paper{en}"
        case _:
            told = told_of_change(chain, one.event) or told_of_container(chain, one.event)
            return told or told_of_child_lot(chain, one.event) or _told_of_custody(chain, one)


def _told_of_custody(chain: Chain, one: ChainedEvent) -> tuple[str, str] | None:
    named = chain.named
    match one.event:
        case FondsOpened(creators=creators):
            return f"Mở phông của {named(creators[0])}", f"Fonds of {named(creators[0])} opened"
        case FileRegistered(held_by=by):
            # Its day is the first on which the paper may be held (decision 0008), never that of the registration.
            return (
                f"Bản giấy do {named(by)} giữ, theo đăng ký hồ sơ",
                f"Paper held by {named(by)}, as the file's registration says",
            )
        case FileDigitized(held_by=by):
            return f"Số hóa; bản số do {named(by)} giữ", f"Digitized; digital carrier with {named(by)}"
        case FondsAssigned() as assigned:
            return _assigned(chain, assigned)
        case FileAssigned(receiver=receiver, decision=by, carriers=carriers):
            vi, en = _of_file(carriers)
            return (
                f"Giao riêng {vi} này cho {named(receiver)} quản lý ({by.number})",
                f"{en} alone assigned to {named(receiver)} ({by.number})",
            )
        case FileReassigned(receiver=whom, basis=basis, carrier=carrier):
            vi, en = _of_file((carrier,))
            to = ("chờ xác định nơi nhận", "awaits a receiver") if whom is None else (named(whom), named(whom))
            return (
                f"Nơi phải giữ riêng {vi} này kết thúc; theo phương án: {to[0]} ({basis})",
                f"The body that had to have it ends ({en[:1].lower()}{en[1:]} alone); by the plan: {to[1]} ({basis})",
            )
        case FileRejoined(decision=by, carriers=carriers):
            vi, en = _of_file(carriers)
            return f"{_raised(vi)} lại theo khối của phông ({by.number})", f"{en} goes with its lot again ({by.number})"
        case HandoverProposed(giver=giver, receiver=receiver, basis=basis):
            return (
                f"Lập danh mục bàn giao từ {named(giver)} cho {named(receiver)} ({basis})",
                f"Hand-over from {named(giver)} to {named(receiver)} offered",
            )
        case CustodyHandedOver() as done:
            return _handed(chain, one, done)
        case _:
            return None


def _of_file(carriers: Collection[Carrier]) -> tuple[str, str]:
    """The file, or one carrier of it."""
    if len(carriers) != 1:
        return "hồ sơ", "This file"
    vi, en = CARRIERS[next(iter(carriers))]
    return f"{vi} của hồ sơ", f"This file's {en}"


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(chain: Chain, one: ChainedEvent, basis: str) -> tuple[str, str]:
    body = chain.bodies.get(one.stream)
    who = body.name if body else next((b.unit_name for b in chain.bodies.values() if b.unit == one.stream), "")
    return f"{who or 'Đơn vị'} kết thúc hoạt động ({basis})", f"{who or 'The unit'} ended"


def _assigned(chain: Chain, event: FondsAssigned) -> tuple[str, str] | None:
    """By the lines that speak of this file's lots; of the digital one where it goes another way than the paper."""
    paper, digital = (line_for(chain, event, carrier) for carrier in Carrier)
    there_is_digital = chain.custody(Carrier.DIGITAL).known
    if there_is_digital and (paper and paper[0]) != (digital and digital[0]):
        told = [_given(chain, found, CARRIERS[one]) for one, found in zip(Carrier, (paper, digital), strict=True)]
        vi, en = ("; ".join(one[at] for one in told) for at in (0, 1))
    else:
        vi, en = _given(chain, paper, ("", ""))
    return (f"Phông đóng; {vi}", f"Fonds closed; {en}") if event.closes else (f"Phông: {vi}", f"Fonds: {en}")


def _given(chain: Chain, found: tuple[UUID | None, str] | None, what: tuple[str, str]) -> tuple[str, str]:
    """To whom, on what basis. what: the carrier's words, empty where both go the same way."""
    vi, en = (f"{one} " if one else "" for one in what)
    if found is None or found[0] is None:
        basis = (found[1] if found else "") or "không quy tắc nào / no rule"
        return f"{vi}chờ xác định nơi nhận ({basis})", f"{en}awaits a receiver"
    receiver, by = chain.named(found[0]), f" theo {found[1]}" if found[1] else ""
    return f"{vi}giao {receiver} quản lý{by}", f"{en}assigned to {receiver}"


def _handed(chain: Chain, one: ChainedEvent, done: CustodyHandedOver) -> tuple[str, str]:
    giver, receiver = chain.named(done.giver), chain.named(done.receiver)
    vi, en = CARRIERS[done.carrier]
    if not one.taken:
        return (
            f"Bàn giao từ {giver} cho {receiver}; hồ sơ này không được nhận",
            f"Handed over from {giver} to {receiver}; this file was not accepted",
        )
    return (
        f"Bàn giao {vi} từ {giver} cho {receiver}, hai bên ký ({done.basis})",
        f"Handed over ({en}) from {giver} to {receiver}, signed by both",
    )


def line_for(chain: Chain, event: FondsAssigned, carrier: Carrier) -> tuple[UUID | None, str] | None:
    """Receiver and basis for the lot of a carrier of the file; the later of two lines counts, as in the views."""
    wanted = 1 << (chain.file.lot + (carrier is Carrier.DIGITAL))
    found = [one for one in event.table if lot_bits(one.lots) & wanted]
    return (found[-1].receiver, found[-1].basis) if found else None
