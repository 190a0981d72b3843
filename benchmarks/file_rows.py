"""Rows of a worksheet as its reader hands them over: synthetic files of real fonds, the same for every run."""

from __future__ import annotations

from typing import Final

import msgspec

from digitization.delivery import DeliveryTerms, delivery_of
from digitization.worksheet import Worksheet
from digitization.worksheet_rows import FileRow
from domain.agency import Block
from domain.file import FileRegistered, Rights
from domain.identifiers import Naming
from domain.lot import WorkState
from domain.sealed import Sealed
from ledger.commands.accession import Delivery, FileEntry
from mocban.hanoi import fonds_creators, retention_rules

TITLES: Final = (
    "Hồ sơ cấp giấy chứng nhận quyền sử dụng đất phường Cống Vị năm 2014",
    "Tập báo cáo công tác cải cách hành chính quý III",
    "Quyết định về việc nâng bậc lương thường xuyên cho cán bộ, công chức",
    "Hồ sơ hội nghị tổng kết phong trào thi đua yêu nước",
    "Biên bản bàn giao tài liệu lưu trữ giữa các phòng, ban",
)
SEALED_TITLE: Final = Sealed(
    kc="kP3q0y3w7yR3m0aVq2o1Z2nJbU5bq7m0n3X9i6tE4aE=",
    nonce="AAECAwQFBgcICQoL",
    ct="n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
    len=91,
)
"""Commitments as they stand in a payload: with it an event weighs what a sealed one weighs and no sealing is done."""
_RECEIVED: Final = "2025-06-30"


class Deliveries:
    """Makes deliveries of files. `naming`: of the ledger they are for."""

    def __init__(self, naming: Naming) -> None:
        creators = fonds_creators()
        self._fonds = sorted(creators.items())
        rules = retention_rules()
        # In force when the files were appraised: most pass the gate, one in five is not appraised and sent back.
        self._rule = next(rule.id for rule in rules.values() if "" < rule.in_force_from < "2016")
        self._next = 0
        self._terms = DeliveryTerms(naming=naming, creators=creators, rules=rules, received_on=_RECEIVED)

    def rows(self, count: int, first: int | None = None) -> list[FileRow]:
        """Rows that were never handed out before, or those from number `first` on."""
        first = self.reserve(count) if first is None else first
        return [self._row(number) for number in range(first, first + count)]

    def reserve(self, count: int) -> int:
        """The first of so many numbers that nobody else is given."""
        self._next += count
        return self._next - count

    def delivery(self, rows: list[FileRow]) -> Delivery:
        """The delivery they make."""
        sheet = Worksheet(files=tuple(rows), documents=(), refusals=())
        return delivery_of(sheet, f"bench-{rows[0].row}", "0" * 64, self._terms)

    def entries(self, count: int) -> list[FileEntry]:
        """Facts about files that were never handed out before."""
        return list(self.delivery(self.rows(count)).files)

    def _row(self, number: int) -> FileRow:
        fonds, creator = self._fonds[number % len(self._fonds)]
        return FileRow(
            row=number,
            file_code=f"{creator}.{2000 + number % 25}.{number:07}",
            organ_id=creator,
            fonds=fonds,
            list_no=str(1 + number // 1000 % 9),
            catalog=2000 + number % 25,
            notation=f"{number:07}",
            title=f"{TITLES[number % len(TITLES)]}, số {number}",
            start="2014-03",
            end="2015" if number % 3 else "2015-11-20",
            state=WorkState.FINISHED,
            retention="20 năm",
            retention_rule="" if number % 5 == 0 else self._rule,
            appraised_on="2016",
            rights=Rights.OPEN,
            block=Block.GOVERNMENT,
            arranged=True,
            duplicate=False,
            superfluous=False,
            damaged=False,
            sheets=number % 200,
            volumes=1,
            box=f"H{number // 20 % 1000}",
            repository="Kho 1",
            shelf=f"G{number // 200 % 100}",
            holder=creator,
            language="vi",
            note="",
            raw={},
        )


def unsealed(fact: FileRegistered) -> FileRegistered:
    """The fact as it would stand once sealed, so that nothing is left to seal."""
    return msgspec.structs.replace(fact, Title=SEALED_TITLE)
