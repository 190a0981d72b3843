"""The chain as a picture: everything within the frame, nothing on top of anything, each act with its number."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from rich.console import Console

from domain.basis import Certainty
from domain.custody import Custody, HoldingState
from domain.event import Event
from domain.file import FileRegistered
from domain.fonds import CustodyLine, FondsOpened
from domain.handover import CustodyHandedOver
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain
from mocban.cli.custody_chain import _table
from mocban.custody.timeline import MARK, WIDTH, marks_of, timeline
from mocban.custody.timeline_scale import Scale, rows_without_overlap
from mocban.what_if.lettering import advance
from projections.chain import Body, Chain, ChainedAct, ChainedEvent
from projections.chain_rows import ChainFile
from projections.custody_queries import CustodyAnswer
from projections.readers import FileUse

SPACE = "{http://www.w3.org/2000/svg}"


def chain_of(handovers: int, name: str = "Ủy ban nhân dân phường Bùi Thị Xuân") -> Chain:
    """A file handed over so many times, each on a day of its own."""
    agencies = [uuid4() for _ in range(handovers + 1)]
    file, fonds = uuid4(), uuid4()
    registered = FileRegistered(
        FileCode=FileCode(OrganId="H26.41", FileCatalog=2019, FileNotation="05"),
        fonds=fonds, Title=Plain("kín"),
        Maintenance=Maintenance(retention=RetentionClass.PERMANENT, years=0, as_written=""),
        state=WorkState.FINISHED, arranged=True, held_by=agencies[0], held_from="2019-03-01",
    )  # fmt: skip
    opened = FondsOpened(code="P", name="P", creators=(agencies[0],), opened_from="2019-01-01", line=CustodyLine.STATE)
    events: list[tuple[UUID, str, str, Event]] = [
        (fonds, "fonds", "2019-01-01", opened), (file, "file", "2019-03-01", registered),
    ]  # fmt: skip
    for at in range(handovers):
        day = f"20{20 + at // 12:02}-{at % 12 + 1:02}-15"
        done = CustodyHandedOver(
            giver=agencies[at], receiver=agencies[at + 1], carrier=Carrier.PAPER, on=day, basis=f"QĐ {at}/QĐ-UBND",
            root="", files=1, boxes=1, sheets=1,
        )  # fmt: skip
        events.append((uuid4(), "handover", day, done))
    acts = tuple(
        ChainedAct(
            index=at, name="act", at="2026-01-01T00:00:00.000000Z", signers=("x",), leaf=b"\0" * 32,
            events=(ChainedEvent(position=at, stream=stream, what=what, type="t", payload=b"", day=day, event=event),),
        )
        for at, (stream, what, day, event) in enumerate(events)
    )  # fmt: skip
    bodies = {
        agency: Body(id=agency, name=f"{name} {at}", code=f"H{at}", valid_from="2019-01-01", valid_to="",
                     unit=agency, unit_name=name, certainty=Certainty.RECONSTRUCTED if at == 1 else Certainty.STATED,
                     unit_certainty=Certainty.STATED)
        for at, agency in enumerate(agencies)
    }  # fmt: skip
    now = Custody(assigned_to=agencies[0], held_by=agencies[-1], state=HoldingState.AWAITING_HANDOVER,
                  because_assigned=0, because_held=len(acts) - 1, known=True)  # fmt: skip
    unknown = msgspec.structs.replace(now, held_by=None, known=False, because_held=-1)
    return Chain(
        file=ChainFile(id=file, code="H26.41.2019.05", fonds=fonds, lot=0, box="1", place="A", digital=False,
                       recorded=1),
        on="2026-11-22", known_at=len(acts), acts=acts,
        held={Carrier.PAPER: CustodyAnswer(custody=now), Carrier.DIGITAL: CustodyAnswer(custody=unknown)},
        bodies=bodies,
    )  # fmt: skip


@pytest.mark.parametrize("handovers", [0, 1, 3, 30])
@pytest.mark.parametrize("name", ["UBND X", "Ủy ban nhân dân phường Văn Miếu - Quốc Tử Giám " * 4])
def test_nothing_leaves_the_frame_and_no_mark_covers_another(handovers: int, name: str, tmp_path: Path) -> None:
    """Given few and many hand-overs, short and endless names, then all is within the picture and marks stand apart."""
    found = chain_of(handovers, name)
    drawn = timeline(found, FileUse())
    (tmp_path / "t.svg").write_text(drawn)
    root = ET.parse(tmp_path / "t.svg").getroot()  # noqa: S314  our own
    height = float(root.attrib["height"])
    for text in root.iter(f"{SPACE}text"):
        x, size = float(text.attrib["x"]), float(text.attrib["font-size"])
        width = advance(text.text or "", size)
        left = {"end": x - width, "middle": x - width / 2}.get(text.attrib.get("text-anchor", ""), x)
        assert left >= 0, text.text
        assert left + width <= WIDTH, text.text
        assert float(text.attrib["y"]) <= height
    circles = [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in root.iter(f"{SPACE}circle")]
    assert len(circles) == len(marks_of(found)) == handovers + 2
    for (ax, ay), (bx, by) in combinations(circles, 2):
        assert (ax - bx) ** 2 + (ay - by) ** 2 >= (2 * MARK) ** 2


def test_marks_are_listed_with_day_and_act_and_reconstruction_is_said() -> None:
    """Given three hand-overs, then each is told with its day and act, and the reconstructed body says so."""
    drawn = timeline(chain_of(3), FileUse())
    for day, act in (("15/01/2020", 2), ("15/02/2020", 3), ("15/3/2020", 4)):
        assert f">{day}<" in drawn
        assert f">hành vi · act {act}<" in drawn
    assert "phục dựng" in drawn
    assert not re.search(r"kín", drawn)


def test_the_scale_keeps_the_order_of_days_and_room_between_them() -> None:
    """Given days near and far, then places rise, neighbours keep their distance, and the ends are the ends."""
    days = ["1954-10-10", "2025-06-30", "2025-07-01", "2026-11-22"]
    scale = Scale(days, 100, 700)
    places = [scale.x(day) for day in days]
    assert places[0] == 100
    assert places[-1] == pytest.approx(700)
    assert min(after - before for before, after in pairwise(places)) >= 0.62 * 600 / 3
    assert Scale(["2025"], 100, 700).x("2025") == 100
    assert rows_without_overlap([0, 5, 20, 21, 22], 10) == [0, 1, 0, 1, 2]


def test_the_table_can_be_read_on_a_narrow_terminal() -> None:
    """Given eighty columns, when the chain is a table, then days and signers are whole and what happened has room."""
    told = io.StringIO()
    chain = chain_of(3)
    named = tuple(msgspec.structs.replace(act, name="reorganization.enact", signers=("0" * 36,)) for act in chain.acts)
    Console(file=told, width=80).print(_table(msgspec.structs.replace(chain, acts=named), 80))
    lines = told.getvalue().splitlines()
    assert all(day in told.getvalue() for day in ("01/3/2019", "15/01/2020", "15/3/2020"))
    assert "…" not in told.getvalue()
    assert max(map(len, lines)) <= 80
    assert lines[0].endswith("┓")  # nothing is cut off at the right
    assert all(f"/proof/{at}" in told.getvalue() for at in range(5))
    assert any("Bản giấy do Ủy ban nhân" in line for line in lines)
