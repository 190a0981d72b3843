"""An import takes every good row once, names every other, and may be stopped anywhere."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from openpyxl import Workbook
from rich.progress import Progress

from digitization.delivery import DeliveryTerms, delivery_of
from digitization.worksheet import read_worksheet
from digitization.worksheet_columns import FILE_COLUMNS
from digitization.worksheet_template import write_worksheet
from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.errors import Refusal
from domain.fonds import CustodyLine, FondsOpened
from domain.identifiers import FileCode
from ledger.act_id import new_act_id
from ledger.commands.accession import proposal
from ledger.commands.administrative_unit import AgencyEntry, UnitEntry, record_units
from mocban.bootstrap import Product, open_product
from mocban.cli.import_ import _imported, _lines
from mocban.database import Databases
from mocban.hanoi import fonds_creators, retention_rules, unit_entries
from mocban.importing import crew, importer
from mocban.importing.importer import Importer
from mocban.importing.workplace import draft_here
from mocban.offices import Office
from mocban.settings import Settings

FONDS, AGENCY = next(iter(sorted(fonds_creators().items())))
SEALS = ("kc", "nonce", "ct")


@pytest.fixture(scope="module")
def product(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One founded product for all imports here."""
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        database_url=module_database.main_admin,
        keys_database_url=module_database.keys_admin,
        passphrase="a passphrase for tests",
    )
    with open_product(settings) as opened:
        yield opened


def test_an_import_in_children_takes_each_good_row_once(product: Product, tmp_path: Path) -> None:
    """Given rows of which one is bad and one comes again in another part, when imported twice, then each is in once."""
    rows = [_row(number) for number in range(12)]
    rows[3]["catalog"] = "20x9"
    rows[11] = {**rows[0], "title": "đến lần thứ hai"}
    path = _csv(tmp_path / "mười hai.csv", rows)
    first = Importer(product, rows=4, workers=2).run(path)
    assert (first.rows, first.refused, first.parts, first.known) == (12, 2, 3, 0)
    assert first.by_code == {"file-already-registered": 1, "worksheet-number": 1}
    assert first.listed is not None
    with first.listed.open(encoding="utf-8-sig", newline="") as file:
        named = [(line[1], line[3]) for line in list(csv.reader(file))[1:]]
    assert named == [("5", "worksheet-number"), ("13", "file-already-registered")]
    head = product.main.recorder.max_notification_id()
    again = Importer(product, rows=4, workers=2).run(path)
    assert (again.rows, again.refused, again.by_code, again.known) == (12, 2, first.by_code, 3)
    assert product.main.recorder.max_notification_id() == head


def dies_at_first(*given: Any, **named: Any) -> Any:
    """Drafts a part as a child does, but the first so many children that try are killed over it."""
    left = Path(os.environ["TEST_DEATHS"])
    deaths = int(left.read_text())
    if deaths:
        left.write_text(str(deaths - 1))
        os.kill(os.getpid(), signal.SIGKILL)
    return draft_here(*given, **named)


def test_children_that_are_killed_lose_nothing(
    product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given children killed over their parts, then others draft them; where none lives, a refusal that says so."""
    (tmp_path / "deaths").write_text("3")
    monkeypatch.setattr(importer, "_ATTEMPTS", 2)
    monkeypatch.setenv("TEST_DEATHS", str(tmp_path / "deaths"))
    monkeypatch.setattr(crew, "draft_here", dies_at_first)
    path = _csv(tmp_path / "con.csv", [_row(2000 + number) for number in range(6)])
    importing = Importer(product, rows=2, workers=1)
    with pytest.raises(Refusal, match="import-child-lost"):
        importing.run(path)
    taken = importing.run(path)
    assert (taken.rows, taken.refused, taken.parts, taken.known) == (6, 0, 3, 0)


def test_an_import_stopped_is_taken_up(product: Product, tmp_path: Path) -> None:
    """Given an import that dies after its first act, when run again, then only the rest is stored."""
    path = _csv(tmp_path / "dừng.csv", [_row(number) for number in range(100, 104)])

    def die(_done: int, _of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Importer(product, die, rows=2, workers=0).run(path)
    again = Importer(product, rows=2, workers=0).run(path)
    assert (again.rows, again.refused, again.parts) == (4, 0, 2)
    assert again.known >= 1
    assert [len(_events(product, number)) for number in range(100, 104)] == [2] * 4


def test_an_import_says_what_the_command_says(product: Product, tmp_path: Path) -> None:
    """Given the same rows, when prepared as a command and imported, then the events differ in their seals alone."""
    rows = [_row(number) for number in range(200, 203)]
    rows[1]["damaged"] = "có"
    write_worksheet(tmp_path / "bang-ke.xlsx", rows, ())
    command = _by_command(product, tmp_path / "bang-ke.xlsx")
    imported = Importer(product).run(tmp_path / "bang-ke.xlsx")
    assert (imported.parts, imported.refused, imported.sent_back) == (1, 0, 3)
    for number in range(200, 203):
        file = _file(product, number)
        assert _masked(_events(product, number)) == _masked(command[file])


def test_a_code_in_small_letters_is_no_second_file(product: Product, tmp_path: Path) -> None:
    """Given a file in the ledger, when another worksheet has its code in small letters, then that row is refused."""
    one = _row(400) | {"notation": "12.TCCB"}
    assert Importer(product, workers=0).run(_csv(tmp_path / "một.csv", [one])).refused == 0
    again = _csv(tmp_path / "hai.csv", [one | {"notation": "12.tccb"}, _row(401) | {"notation": "13.tccb"}])
    taken = Importer(product, workers=0).run(again)
    assert (taken.refused, taken.by_code) == (1, {"file-code-in-capitals": 1})
    assert taken.listed is not None
    assert "bằng chữ hoa" in taken.listed.read_text(encoding="utf-8")


def test_what_is_not_taken_is_named_and_what_stops_at_the_gate_is_counted(
    product: Product, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a workbook of other sheets beside a list that stops at the gate, when imported, then a person sees both."""
    Workbook().save(tmp_path / "lạ.xlsx")
    write_worksheet(tmp_path / "tốt.xlsx", [_row(300)], ())
    progress = Progress(disable=True)
    (taken,), problems = _imported(product, progress, [tmp_path / "lạ.xlsx", tmp_path / "tốt.xlsx"])
    assert [(name, one.code) for name, one in problems] == [("lạ.xlsx", "worksheet-sheet-missing")]
    assert "✗ lạ.xlsx" in capsys.readouterr().err
    assert ["tốt.xlsx" in task.description for task in progress.tasks] == [True]
    assert [line for line in _lines(taken) if "1 hồ sơ đã đăng ký nhưng không qua kiểm tra đầu vào" in line]


def _by_command(product: Product, path: Path) -> dict[UUID, list[bytes]]:
    """The payloads of each stream that the command path would store for a worksheet."""
    (day,) = {(product.settings.home / "imports" / name).read_text() for name in _days(product)}
    terms = DeliveryTerms(naming=product.naming, creators=fonds_creators(), rules=retention_rules(), received_on=day)
    sheet = read_worksheet(path)
    assert not sheet.refusals
    number = f"{path.stem}-x/0001"
    delivery = delivery_of(sheet, number, "0" * 64, terms)
    # Every stream of the delivery carries the number of its accession; the import's is another.
    prepared = product.main.prepare(proposal(product.actor(Office.ARCHIVIST), new_act_id(), delivery))
    streams: dict[UUID, list[bytes]] = {}
    for event in prepared.events:
        streams.setdefault(event.stream, []).append(event.payload)
    return streams


def _days(product: Product) -> list[str]:
    return [path.name for path in (product.settings.home / "imports").glob("*.day")]


def _masked(payloads: Sequence[bytes]) -> list[Any]:
    """Payloads without what a seal draws at random, and without the accession's own id."""
    events = [msgspec.json.decode(payload) for payload in payloads]
    for event in events:
        event.pop("accession", None)
        for name in SEALS:
            event.get("Title", {}).pop(name, None)
    return events


def _events(product: Product, number: int) -> list[bytes]:
    return [event.state for event in product.main.recorder.select_events(_file(product, number))]


def _file(product: Product, number: int) -> UUID:
    return product.naming.file(FileCode(AGENCY, 2019, f"{number:04}"))


def test_files_of_a_fonds_that_a_reorganization_opened_are_taken(product: Product, tmp_path: Path) -> None:
    """Given a body and fonds that the reference data does not have, when recorded, then their files are registered."""
    path = _csv(tmp_path / "mới.csv", [_row(700) | {"organ_id": "H26.99", "fonds": "P-H2699", "holder": "H26.99"}])
    assert Importer(product, workers=0).run(path).refused == 1
    agency, fonds = product.naming.agency("H26.99"), product.naming.fonds("P-H2699")
    city = unit_entries(product.naming)[0][0].unit
    body = AgencyEntry(
        agency=agency,
        fact=AgencyEstablished(
            name="Sở Mới", block=Block.GOVERNMENT, kind=AgencyKind.DEPARTMENT, unit=city, code="H26.99",
            valid_from="2026-01-01",
        ),
        fonds=fonds,
        fonds_fact=FondsOpened(
            code="P-H2699", name="Phông Sở Mới", creators=(agency,), opened_from="2026-01-01", line=CustodyLine.STATE
        ),
    )  # fmt: skip
    clerk = product.actor(Office.ARCHIVIST)
    record_units(product.main, clerk, new_act_id(), [UnitEntry(unit=city, fact=None, agencies=(body,))])
    again = _csv(tmp_path / "lần hai.csv", [_row(701) | {"organ_id": "H26.99", "fonds": "P-H2699", "holder": "H26.99"}])
    assert (taken := Importer(product, workers=0).run(again)).refused == 0, taken.by_code


def _row(number: int) -> dict[str, str]:
    return {
        "organ_id": AGENCY,
        "fonds": FONDS,
        "catalog": "2019",
        "notation": f"{number:04}",
        "title": f"Hồ sơ số {number}",
        "start_year": "2019",
        "state": "Đã kết thúc",
        "block": "Chính quyền",
        "arranged": "Có",
        "holder": AGENCY,
        "retention": "vĩnh viễn",
    }


def _csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in FILE_COLUMNS])
        writer.writerows([row.get(column.field, "") for column in FILE_COLUMNS] for row in rows)
    return path
