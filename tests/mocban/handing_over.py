"""A small product with two bodies and files between them, driven by its commands only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from domain.agency import AgencyEnded, AgencyEstablished, AgencyKind, Block
from domain.event import Event
from domain.file import FileAdmitted, FileRegistered
from domain.fonds import CustodyLine, FondsOpened
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.proposal import Proposal
from ledger.streams import Streams
from mocban.__main__ import main
from mocban.bootstrap import Product, open_product
from mocban.database import Databases
from mocban.handover.list_layout import CODE, SHEET
from mocban.offices import Office
from mocban.settings import Settings

GIVER, RECEIVER, OTHER = "H26.41", "H26.17", "H26.02"
TITLE = "Hồ sơ về việc cấp giấy chứng nhận quyền sử dụng đất tại phường Quốc Tử Giám, quận Đống Đa"
DECIDED = ("--decision", "12/QĐ-UBND", "--issued", "2025-06-20", "--issuer", "UBND thành phố")
PEOPLE = """
deputy:
  name: Nguyễn Thị Hoàng Phương Thảo
  post: Tổ trưởng Tổ bàn giao
  decision: {number: 15/QĐ-UBND, issued: 2025-06-25, issuer: UBND thành phố, in_force: 2025-07-01}
witnesses:
  - {name: Lê Quang Mẫu, post: Chuyên viên Sở Nội vụ}
"""


def code(number: int) -> str:
    """The code of one of the giver's files."""
    return f"{GIVER}.2019.{number:02}"


class Desk:
    """folder: where papers go. `run` gives exit code and the JSON object printed."""

    def __init__(self, database: Databases, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self._environment = {
            "MOCBAN_HOME": str(folder / "home"),
            "MOCBAN_PASSPHRASE": "the server's",
            "DATABASE_URL": database.main_admin,
            "MOCBAN_KEYS_DATABASE_URL": database.keys_admin,
        }
        (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            self._set(patch)
            with open_product(Settings.from_environment()) as product:
                record_city(product)

    def _set(self, patch: pytest.MonkeyPatch) -> None:
        for name, value in self._environment.items():
            patch.setenv(name, value)

    def run(self, *words: object) -> tuple[int, Any]:
        """(exit code, the JSON object printed last)."""
        exit_code, told = self._answers(*words)
        return exit_code, told[-1] if told else None

    def _answers(self, *words: object) -> tuple[int, list[Any]]:
        with pytest.MonkeyPatch.context() as patch:
            self._set(patch)
            exit_code = main([*map(str, words), "--json"])
        return exit_code, [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]

    def told(self, *words: object) -> str:
        """What a person is told, without `--json`."""
        with pytest.MonkeyPatch.context() as patch:
            self._set(patch)
            assert main([*map(str, words)]) == 0
        return self._capsys.readouterr().out

    def done(self, *words: object) -> Any:
        """As `run`, of a command that must succeed."""
        exit_code, told = self.run(*words)
        assert exit_code == 0, told
        return told

    def refused(self, *words: object) -> str:
        """The code of the refusal."""
        exit_code, told = self.run(*words)
        assert exit_code != 0
        return str(told["problem"]["code"])

    def offer(self, *words: object, giver: str = GIVER) -> Any:
        """Offer files by a body that has ended, through the person named for it."""
        people = ("--people", self.folder / "people.yaml", "--on", "2025-07-20")
        return self.done("handover", "prepare", "--giver", giver, "--receiver", RECEIVER, *DECIDED, *people, *words)

    def asked(self, *questions: tuple[str, str, int | None]) -> list[tuple[str, str]]:
        """State and holder's code by `custody ask`, of each file on its day as known at its act."""
        lines = [
            json.dumps({"file": file, "carrier": "paper", "date": day, "known_at_index": known_at})
            for file, day, known_at in questions
        ]
        path = self.folder / "questions.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        exit_code, told = self._answers("custody", "ask", "--questions", path)
        assert exit_code == 0, told
        return [(one["state"], one["held_by_code"]) for one in told]


def tick(source: Path, target: Path, marks: dict[str, tuple[str, str, str]]) -> None:
    """Fill the list in as a clerk does: by code (result, reason, note); every other line is taken."""
    book = openpyxl.load_workbook(source)
    sheet = book[SHEET]
    head = next(row for row in range(1, 30) if str(sheet.cell(row, 2).value).startswith(CODE[0]))
    for row in range(head + 1, sheet.max_row + 1):
        for at, value in enumerate(marks.get(str(sheet.cell(row, 2).value), ("x", "", ""))):
            sheet.cell(row, 8 + at, value or None)
    book.save(target)


def record_city(product: Product) -> None:
    """Three bodies, the first ended; its fonds with six files, one of them unfinished; a file of another body."""
    naming, events = product.naming, dict[UUID, list[Event]]()
    unit = naming.unit("00001", "2000-01-01")
    for key in (GIVER, RECEIVER, OTHER):
        archive = key == RECEIVER
        kind = AgencyKind.HISTORICAL_ARCHIVE if archive else AgencyKind.PEOPLES_COMMITTEE
        events[naming.agency(key)] = [
            AgencyEstablished(
                name=f"Ủy ban nhân dân {key}", block=Block.GOVERNMENT, kind=kind, unit=unit, code=key,
                valid_from="2000-01-01",
            )
        ]  # fmt: skip
        fonds = FondsOpened(
            code=f"P-{key}", name=f"Phông {key}", creators=(naming.agency(key),), opened_from="2000-01-01",
            line=CustodyLine.STATE,
        )  # fmt: skip
        events[naming.fonds(f"P-{key}")] = [fonds]
    events[naming.agency(GIVER)].append(AgencyEnded(effective="2025-07-01", basis="1656/NQ-UBTVQH15"))
    for number in range(1, 7):
        events |= _file(product, GIVER, number)
    events |= _file(product, OTHER, 1)

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load_many(list(events), 0, lambda seen, _event: seen + 1)
        return events

    archivist = product.actor(Office.ARCHIVIST)
    product.main.perform(
        Proposal(act="unit.record", id=new_act_id(), actor=archivist, decide=decide, request={"city": 1})
    )


def _file(product: Product, body: str, number: int) -> dict[UUID, list[Event]]:
    made = FileCode(body, 2019, f"{number:02}")
    registered = FileRegistered(
        FileCode=made,
        fonds=product.naming.fonds(f"P-{body}"),
        Title=Plain(f"{TITLE} ({number})"),
        Maintenance=Maintenance(retention=RetentionClass.PERMANENT, as_written="Vĩnh viễn"),
        state=WorkState.UNFINISHED if number == 6 else WorkState.FINISHED,
        arranged=True,
        held_by=product.naming.agency(body),
        held_from="2019-01-01",
        block=Block.GOVERNMENT,
        StartDate="2019",
        EndDate="2020-05-17",
        sheets=100 + number,
        box=f"H{number % 2}",
    )
    return {product.naming.file(made): [registered, FileAdmitted()]}
