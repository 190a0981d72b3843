"""The what-if over HTTP: a report for a plan that can be read, faults by line for one that cannot; nothing written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from io import BytesIO
from uuid import UUID

import psycopg
import pytest
from openpyxl import load_workbook

from api.problems import status_of
from api.services import PreviewWish, Services
from domain.container import ContainerKind, ContainerRegistered, Place
from domain.errors import Refusal
from domain.file import FileRegistered
from domain.fonds import CustodyLine, FondsOpened
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.reorganization import draft
from domain.retention import Maintenance
from domain.sealed import Plain
from mocban.plan_file.reading import read_form
from mocban.plan_file.workbook_form import write_workbook
from mocban.plan_file.workbook_layout import FIRST_ROW, RULES
from mocban.plan_file.yaml_form import read_yaml
from mocban.what_if.over_http import HttpPreviews
from mocban.what_if.resolving import resolve
from projections.whatif import one_moment
from tests.api.archive import CONTENT, Archive, named
from tests.api.conftest import NAMING, Client, Headers, facts

PLAN = """
title: Phường Nguyễn Du kết thúc
effective: "2026-08-01"
instrument: {number: 9/NQ-HĐND, issued: "2026-07-01", issuer: HĐND, in_force: "2026-07-15"}
receivers: {}
changes:
  - {unit: "00256", change: dissolved}
rules:
  - {id: all, when: {}, receiver: awaiting, basis: 9/NQ-HĐND, confidence: decision}
"""
PATH = "/reorganizations/preview"


def head(archive: Archive) -> tuple[int, ...]:
    """How many acts and events there are."""
    row = archive.main.recorder.max_notification_id()
    return (archive.main.size(), row or 0)


def test_a_plan_is_foreseen_and_nothing_is_written(client: Client, archive: Archive, holder: Headers) -> None:
    """Given a plan, when it is posted, then the report tells what would be, and the ledger is as it was."""
    before = head(archive)
    answer = client.post(PATH, content=PLAN.encode(), headers=holder)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["title"], told["effective"]) == ("Phường Nguyễn Du kết thúc", "2026-08-01")
    assert told["may_be_enacted"] is True
    (line,) = [one for one in told["receivers"] if one["plan"]["boxes"] and "id" not in one["receiver"]]
    assert (line["plan"]["files"], line["plan"]["boxes"], line["plan"]["metres"]) == (1, 1, 0.3)
    assert head(archive) == before
    assert not any(text in answer.text for text in CONTENT)
    one = client.post(f"{PATH}?unit=00256@2026-07-31", content=PLAN.encode(), headers=holder)
    assert one.status_code == 200, one.text
    assert one.json()["scope"] != told["scope"]


@pytest.mark.parametrize(
    ("plan", "status", "code"),
    [
        (PLAN.replace("rules:", "rulez:"), 422, "plan-file-unfit"),
        (PLAN.replace("00256", "99999"), 422, "plan-file-unfit"),
        ("\0\xff[[[", 422, "plan-file-unfit"),
        ("", 422, "plan-file-unfit"),
    ],
)
def test_an_unfit_plan_is_told_fault_by_fault(
    client: Client, holder: Headers, plan: str, status: int, code: str
) -> None:
    """Given a wrong member, a code that nobody carries, no YAML, nothing at all: each fault at its line."""
    answer = client.post(PATH, content=plan.encode("latin-1", "replace"), headers=holder)
    assert facts(answer) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["faults"]


def test_asking_needs_a_token_and_the_verb(client: Client, holder: Headers) -> None:
    """Given no token, another verb, a body beyond the limit, or two parts at once, then 401, 405, 413 and 400."""
    assert client.post(PATH, content=PLAN.encode()).status_code == 401
    assert client.get(PATH, headers=holder).status_code == 405
    assert client.post(PATH, content=b"x" * 4_000_001, headers=holder).status_code == 413
    both = client.post(f"{PATH}?unit=00256&former_district=1", content=PLAN.encode(), headers=holder)
    assert facts(both) == (400, "parameter-unfit")


OTHER = PLAN.replace("Phường Nguyễn Du kết thúc", "Phương án 2").replace("receiver: awaiting", "receiver: keeper")
OTHER = OTHER.replace("receivers: {}", "receivers: {keeper: H26.creator}")
COMPARISON = "/reorganizations/comparison"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAFTED = UUID("7d3b2c44-55a1-8f0e-9c1d-0a6a3f6f7a10")


@pytest.fixture(scope="module", autouse=True)
def stored(archive: Archive) -> None:
    """A file of a body that goes on until the plan's day, in a box of 30 cm."""
    creator, fonds = named("stranger"), named("later fonds")
    opened = FondsOpened(
        code="P2", name="Phông sau", creators=(creator,), opened_from="2025-07-01", line=CustodyLine.STATE
    )
    file = FileRegistered(
        FileCode=FileCode(OrganId="H26.stranger", FileCatalog=2025, FileNotation="1"), fonds=fonds,
        Title=Plain("Hồ sơ"), Maintenance=Maintenance(retention=RetentionClass.PERMANENT), state=WorkState.FINISHED,
        arranged=True, held_by=creator, held_from="2025-07-02", box="H1",
    )  # fmt: skip
    box = ContainerRegistered(
        kind=ContainerKind.BOX, label="H1", fonds=fonds, place=Place(keeper=creator, repository="Kho 1"),
        on="2025-07-02", cm=30,
    )  # fmt: skip
    archive.record("fonds.open", {fonds: [opened]})
    archive.record("file.register", {named("later file"): [file]})
    archive.record("container.register", {named("later box"): [box]})
    archive.settle()


@pytest.fixture(scope="module")
def drafted(archive: Archive) -> UUID:
    """The plan, drafted in the ledger."""
    reading = read_form(read_yaml(PLAN.encode()))
    assert reading.plan is not None
    url = archive.database.main_url("mocban_reader")
    with psycopg.connect(url, autocommit=True) as reader, one_moment(reader) as snapshot:
        plan, _ = resolve(reading.plan, snapshot, NAMING)
    assert plan is not None
    archive.record("reorganization.draft", {DRAFTED: draft(None, plan)})
    archive.settle()
    return DRAFTED


def as_workbook(plan: str) -> bytes:
    """The plan file as a workbook."""
    reading = read_form(read_yaml(plan.encode()))
    assert reading.plan is not None, reading.faults
    return write_workbook(reading.plan)


def test_a_workbook_tells_what_the_text_tells(client: Client, holder: Headers) -> None:
    """Given the plan as a workbook, when it is posted, then the report is that of the text."""
    text = client.post(PATH, content=PLAN.encode(), headers=holder)
    sheet = client.post(PATH, content=as_workbook(PLAN), headers=holder | {"Content-Type": SHEET})
    assert sheet.status_code == 200, sheet.text
    assert sheet.json() == text.json()


def test_a_report_comes_as_workbook_and_as_picture(client: Client, holder: Headers) -> None:
    """Given a format, then the answer is of that kind: a workbook that opens, a picture of one unit at a time."""
    sheet = client.post(f"{PATH}?format=xlsx", content=PLAN.encode(), headers=holder)
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, SHEET)
    assert "attachment" in sheet.headers["content-disposition"]
    assert load_workbook(BytesIO(sheet.content)).sheetnames[0] == "Nơi nhận"
    one = f"{PATH}?format=svg&unit=00256@2026-07-31"
    drawn = client.post(one, content=PLAN.encode(), headers=holder)
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(drawn.text).tag.endswith("svg")  # noqa: S314  our own
    wide = client.post(f"{PATH}?format=svg", content=PLAN.encode(), headers=holder)
    assert facts(wide) == (400, "preview-picture-too-wide")
    assert client.post(f"{PATH}?format=pdf", content=PLAN.encode(), headers=holder).status_code == 400


def test_two_plans_are_compared(client: Client, archive: Archive, holder: Headers) -> None:
    """Given two plan files, a text and a workbook, then the report says both; against itself nothing differs."""
    before = head(archive)
    files = {"plan": ("a.yaml", PLAN.encode()), "against": ("b.xlsx", as_workbook(OTHER))}
    told = client.post(COMPARISON, files=files, headers=holder)
    assert told.status_code == 200, told.text
    assert told.json()["other_title"] == "Phương án 2"
    assert any(line["plan"] != line["other"] for line in told.json()["receivers"])
    same = client.post(COMPARISON, files=dict.fromkeys(files, ("a.yaml", PLAN.encode())), headers=holder).json()
    assert all(line["plan"] == line["other"] for line in same["receivers"])
    assert head(archive) == before
    assert client.post(COMPARISON, files={"plan": ("a.yaml", b"")}, headers=holder).status_code == 400


def test_a_drafted_plan_is_previewed_by_its_id(client: Client, drafted: UUID, holder: Headers) -> None:
    """Given a drafted plan, then its id says what its file said, alone, beside another and as that other."""
    by_file = client.post(PATH, content=PLAN.encode(), headers=holder).json()
    by_id = client.get(f"/reorganizations/{drafted}/preview", headers=holder)
    assert by_id.status_code == 200, by_id.text
    assert by_id.json() == by_file
    beside = client.post(f"{PATH}?against={drafted}", content=OTHER.encode(), headers=holder).json()
    assert (beside["title"], beside["other_title"]) == ("Phương án 2", by_file["title"])
    itself = client.get(f"/reorganizations/{drafted}/preview?against={drafted}", headers=holder).json()
    assert all(line["plan"] == line["other"] for line in itself["receivers"])
    for path in (
        f"/reorganizations/{UUID(int=9)}/preview",
        f"/reorganizations/{drafted}/preview?against={UUID(int=9)}",
    ):
        assert facts(client.get(path, headers=holder)) == (404, "reorganization-unknown")
    assert client.get(f"/reorganizations/{drafted}/preview").status_code == 401


def test_faults_of_either_plan_are_told_at_line_or_cell(client: Client, holder: Headers) -> None:
    """Given a fault in the second plan's workbook, or a code that means nothing in it, then plan and place are told."""
    broken = load_workbook(BytesIO(as_workbook(OTHER)))
    broken[RULES].cell(FIRST_ROW, 1).value = None
    kept = BytesIO()
    broken.save(kept)
    files = {"plan": ("a.yaml", PLAN.encode()), "against": ("b.xlsx", kept.getvalue())}
    answer = client.post(COMPARISON, files=files, headers=holder)
    assert facts(answer) == (422, "plan-file-unfit")
    assert answer.json()["plan"] == "against"
    assert "The plan file against has" in answer.json()["detailEn"]
    assert any(fault["at"].get("cell") for fault in answer.json()["faults"])
    unknown = {"plan": ("a.yaml", PLAN.encode()), "against": ("b.yaml", PLAN.replace("00256", "99999").encode())}
    answer = client.post(COMPARISON, files=unknown, headers=holder)
    (fault,) = answer.json()["faults"]
    assert (answer.json()["plan"], fault["code"], fault["at"]["line"] > 1) == ("against", "plan-unit-unknown", True)
    bomb = client.post(PATH, content=b"PK\x03\x04" + b"\0" * 100, headers=holder)
    assert facts(bomb) == (422, "plan-file-unfit")


def test_what_is_too_large_or_too_many_is_refused(client: Client, services: Services, holder: Headers) -> None:
    """Given a part, or a body, beyond the limit, or a preview that is being made, then 413 and 503 with when again."""
    large = {"plan": ("a.yaml", b"x" * 4_000_001), "against": ("b.yaml", PLAN.encode())}
    assert facts(client.post(COMPARISON, files=large, headers=holder)) == (413, "plan-file-too-large")
    both = {name: (name, b"x" * 4_100_000) for name in large}
    assert client.post(COMPARISON, files=both, headers=holder).status_code == 413
    previews = HttpPreviews(services.views.connection, NAMING, patience=0.05)
    with previews.in_turn(), pytest.raises(Refusal) as refused:
        previews.made(PreviewWish(plan=PLAN.encode()))
    assert refused.value.code == "preview-busy"
    assert status_of("preview-busy") == 503


def test_the_documentation_says_what_may_be_sent(client: Client) -> None:
    """Given the OpenAPI document, then bodies, parts, formats and problems of previews stand in it."""
    paths = client.get("/schema/openapi.json").json()["paths"]
    assert set(paths[PATH]["post"]["requestBody"]["content"]) == {"application/yaml", "application/json", SHEET}
    assert set(paths[COMPARISON]["post"]["requestBody"]["content"]) == {"multipart/form-data"}
    drafted_one = paths["/reorganizations/{reorganization_id}/preview"]["get"]
    assert {one["name"] for one in drafted_one["parameters"]} >= {"unit", "former_district", "against", "format"}
    for operation in (paths[PATH]["post"], paths[COMPARISON]["post"], drafted_one):
        assert {"200", "401", "404", "413", "422", "503"} <= set(operation["responses"])
