"""The offices of the ledger's people and services: which acts each may sign. Names of people are not here."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ledger.log_name import LogName


class Office(StrEnum):
    """Chức trách: who acts. The registrar enrols keys and grants roles; the recorder is the product's own service."""

    REGISTRAR = "registrar"
    ARCHIVIST = "archivist"
    DIGITIZER = "digitizer"
    PLANNER = "planner"
    GIVER = "giver"
    RECEIVER = "receiver"
    RECORDER = "recorder"
    DECIDER = "decider"
    AUDITOR = "auditor"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """The acts an office may sign in one log: names, or prefixes ending in `.*`."""

    office: Office
    acts: tuple[str, ...]
    log: LogName = LogName.MAIN


GRANTS: Final[tuple[Grant, ...]] = (
    Grant(office=Office.ARCHIVIST, acts=("unit.*", "accession.*", "principal.*", "document.*")),
    Grant(office=Office.DIGITIZER, acts=("document.*",)),
    Grant(office=Office.PLANNER, acts=("reorganization.*",)),
    Grant(office=Office.GIVER, acts=("handover.*",)),
    Grant(office=Office.RECEIVER, acts=("handover.*",)),
    Grant(office=Office.RECORDER, acts=("access.*", "log.*")),
    Grant(office=Office.RECORDER, acts=("access.*",), log=LogName.ACCESS),
    Grant(office=Office.ARCHIVIST, acts=("access.disclose",), log=LogName.ACCESS),
    Grant(office=Office.ARCHIVIST, acts=("disposition.*",)),
    Grant(office=Office.ARCHIVIST, acts=("file.continue",)),
    Grant(office=Office.DECIDER, acts=("disposition.*",)),
    Grant(office=Office.AUDITOR, acts=("audit.*",)),
    Grant(office=Office.ARCHIVIST, acts=("container.*",)),
    Grant(office=Office.ARCHIVIST, acts=("use.*",)),
    Grant(office=Office.PLANNER, acts=("assignment.*",)),
)

TITLES: Final[dict[Office, tuple[str, str]]] = {
    Office.REGISTRAR: ("Người quản lý khóa", "Registrar"),
    Office.ARCHIVIST: ("Lưu trữ viên", "Archivist"),
    Office.DIGITIZER: ("Cán bộ số hóa", "Digitizing officer"),
    Office.PLANNER: ("Cán bộ chủ trì sắp xếp", "Officer in charge of the reorganization"),
    Office.GIVER: ("Người được giao bàn giao", "Person named to hand over"),
    Office.RECEIVER: ("Người tiếp nhận", "Receiving officer"),
    Office.RECORDER: ("Dịch vụ ghi nhật ký", "Recording service"),
    Office.DECIDER: ("Người quyết định hủy tài liệu", "Officer who decides on destruction"),
    Office.AUDITOR: ("Người kiểm kê, kiểm tra kho", "Auditor of the stores"),
}
"""What each office is called, Vietnamese and English."""
