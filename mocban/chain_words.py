"""A file's chain in words: one sentence for each act that its custody rests on, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec

from domain.civil_date import as_spoken
from domain.event import Event
from domain.file import FileAdmitted, FileDigitized, FileRegistered, FileSentBack, lot_key
from domain.fonds import FondsOpened
from domain.handover import CustodyHandedOver
from domain.lot import Carrier
from domain.reorganization import FondsAssigned

Named = Callable[[UUID], str]
"""Agency id -> its name."""


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """What an act meant for a file. date: civil day or partial date on which it counts, as offices write it."""

    date: str
    vi: str
    en: str


def sentence(event: Event, file: FileRegistered, named: Named) -> Sentence | None:
    """The sentence of one event, or None where it says nothing of custody."""
    match event:
        case FondsOpened():
            creator = named(event.creators[0])
            return _at(event.opened_from, f"Mở phông của {creator}", f"Fonds of {creator} opened")
        case FileRegistered():
            holder = named(event.held_by)
            return _at(
                event.held_from,
                f"Hồ sơ được đăng ký; bản giấy do {holder} giữ",
                f"File registered; paper held by {holder}",
            )
        case FileAdmitted():
            return Sentence(date="", vi="Đạt kiểm tra đầu vào", en="Passed the entry gate")
        case FileSentBack():
            return Sentence(date="", vi="Chưa đạt kiểm tra đầu vào", en="Stopped at the entry gate")
        case FileDigitized():
            keeper = named(event.held_by)
            return _at(event.held_from, f"Số hóa; bản số do {keeper} giữ", f"Digitized; digital carrier with {keeper}")
        case FondsAssigned():
            return _assigned(event, file, named)
        case CustodyHandedOver():
            giver, receiver = named(event.giver), named(event.receiver)
            return _at(
                event.on,
                f"Bàn giao {_carrier_vi(event.carrier)} từ {giver} cho {receiver}, hai bên ký ({event.basis})",
                f"Handed over from {giver} to {receiver}, signed by both",
            )
        case _:
            return None


def _assigned(event: FondsAssigned, file: FileRegistered, named: Named) -> Sentence | None:
    lot = lot_key(file, Carrier.PAPER).text
    line = next((line for line in event.table if lot in line.lots), None)
    if line is None:
        return None
    if line.receiver is None:
        return _at(
            event.effective, f"Phông đóng; chờ xác định nơi nhận ({line.basis})", "Fonds closed; awaits a receiver"
        )
    receiver = named(line.receiver)
    return _at(
        event.effective,
        f"Phông đóng; giao {receiver} quản lý theo {line.basis}",
        f"Fonds closed; assigned to {receiver}",
    )


def _at(date: str, vi: str, en: str) -> Sentence:
    return Sentence(date=as_spoken(date), vi=vi, en=en)


def _carrier_vi(carrier: Carrier) -> str:
    return "bản giấy" if carrier is Carrier.PAPER else "bản số"
