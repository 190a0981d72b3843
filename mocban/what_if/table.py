"""The report as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.lot import Carrier
from domain.plan import FondsOutcome
from mocban.grouped import grouped
from mocban.what_if.metres import UNKNOWN, WORDS, Measured, metres_between, said_metres
from mocban.what_if.report import Amount, Body, OutcomeLine, ReceiverLine, Report

SHOWN: Final = 20
OUTCOMES: Final = {
    FondsOutcome.GOES_ON: ("tiếp tục", "go on"),
    FondsOutcome.CLOSES: ("đóng", "close"),
    FondsOutcome.OPENS: ("mở", "open"),
}
CARRIERS: Final = {Carrier.PAPER: "giấy", Carrier.DIGITAL: "số"}


def lines(report: Report, width: int) -> Iterator[str]:
    """Heading, figures per receiver, then everything that stands in the way or should be looked at."""
    yield f"{report.title} ({report.effective})"
    if report.scope != report.title:
        yield f"Phạm vi · scope: {report.scope}"
    yield ("Thực hiện được · may be enacted" if report.may_be_enacted else "CHƯA thực hiện được · may NOT be enacted")
    yield f"{grouped(report.fonds)} phông được giao · fonds assigned"
    counts = Counter(one.outcome for one in report.outcomes)
    yield "; ".join(f"{grouped(counts[outcome])} phông {vi} · {en}" for outcome, (vi, en) in OUTCOMES.items())
    yield f"{grouped(report.awaiting_files)} hồ sơ chờ nơi nhận · files await a receiver"
    if report.other_title:
        yield f"So với · against: {report.other_title}"
    yield from _drawn(_figures(report), width)
    yield from _givers(report)
    yield "Mét giá · shelf metres: " + " · ".join(WORDS[Measured(report.metres)])
    yield from _matters(report)


def _figures(report: Report) -> Table:
    table = Table(title="Phải giữ theo phương án · must have by the plan", title_justify="left")
    table.add_column("Nơi nhận · receiver", overflow="fold", ratio=1)
    for head in ("", "phông\nfonds", "khối\nlots", "hồ sơ\nfiles", "văn bản\ndocuments", "hộp\nboxes", "mét\nmetres"):
        table.add_column(head, justify="right" if head else "left")
    table.add_column("so hôm nay\nto today", justify="right")
    if report.other_title:
        table.add_column("so phương án kia\nto the other", justify="right")
    for line in filter(_must_have, report.receivers):
        plan = line.plan
        cells = [escape(said(line.receiver)), CARRIERS[line.carrier]]
        cells += [grouped(one) for one in (plan.fonds, plan.lots, plan.files, plan.documents, plan.boxes)]
        cells += [said_metres(plan), difference(line.plan, line.today)]
        table.add_row(*cells, *([difference(line.plan, line.other)] if line.other is not None else []))
    return table


def _must_have(line: ReceiverLine) -> bool:
    """Whether it must have something by one of the plans; those that only give are told in one line."""
    return bool(line.plan.files or (line.other is not None and line.other.files))


def _givers(report: Report) -> Iterator[str]:
    given = [line for line in report.receivers if not _must_have(line) and line.today.files]
    if given:
        bodies, files = len({line.receiver.id for line in given}), sum(line.today.files for line in given)
        vi = f"{grouped(bodies)} cơ quan không còn phải giữ hồ sơ nào: -{grouped(files)}"
        yield f"{vi} · agencies that must have none any more"


def difference(one: Amount, other: Amount) -> str:
    """How many files more or fewer, and metres where there are."""
    files = grouped(one.files - other.files, signed=True) if one.files != other.files else "="
    metres = metres_between(one, other)
    return f"{files}\n{grouped(metres, 2, signed=True)} m" if metres else files


def said(body: Body) -> str:
    """Name, and code where there is one."""
    return f"{body.name} ({body.code})" if body.code else body.name


def said_of(one: OutcomeLine) -> str:
    """A fonds that goes on, and with whom."""
    whose = ", ".join(map(said, one.creators))
    before = f"; trước đó · before: {', '.join(map(said, one.former))}" if one.former else ""
    return f"{said(one.fonds)}: {whose}{before} ({one.basis})"


def matters(report: Report) -> list[tuple[str, str, list[str]]]:
    """What stands in the way or should be looked at: Vietnamese and English heading, a line each."""
    return [
        (
            "Chưa thực hiện được vì",
            "stands in the way",
            [f"{said(one.fonds)}: {one.vi} · {one.en}" for one in report.obstacles],
        ),
        (
            "Phông tiếp tục",
            "fonds that go on",
            [said_of(one) for one in report.outcomes if one.outcome is FondsOutcome.GOES_ON],
        ),
        (
            "Không quy tắc nào nói tới",
            "no rule matches",
            [f"{said(one.fonds)}: {_files(one.files)}; {', '.join(one.lots)}" for one in report.uncovered],
        ),
        (
            "Hai quy tắc cùng nhận (toàn phương án; quy tắc đứng trước thắng)",
            "two rules claim (whole plan; the first wins)",
            [
                f"{one.wins} > {', '.join(one.others)}: {grouped(one.lots)} khối · lots, {_files(one.files)}"
                for one in report.claims
            ],
        ),
        (
            "Chuyển giữa tuyến Đảng và tuyến Nhà nước",
            "crosses the lines of Party and State",
            [f"{said(one.fonds)} → {said(one.receiver)}: {_files(one.files)}" for one in report.crossings],
        ),
        *_doubts(report),
    ]


def _doubts(report: Report) -> list[tuple[str, str, list[str]]]:
    """What is recorded all the same, and is likely to be wrong."""
    return [
        (
            "Nơi nhận không tồn tại vào ngày đó",
            "receivers that do not exist that day",
            [said(one) for one in report.absent_receivers],
        ),
        (
            "Văn bản đề ngày sau khi cơ quan kết thúc",
            "documents dated after their body ended",
            [f"{said(one.fonds)}: {one.document}, {one.dated}" for one in report.late_documents],
        ),
        (
            "Hộp, bó, tập không hồ sơ nào ghi tên (ngoài các số trên)",
            "containers that no file names (beside the figures)",
            [
                f"{said(one.fonds)}: {grouped(one.containers)}; "
                f"{UNKNOWN if one.metres is None else f'{grouped(one.metres, 2)} m'}"
                for one in report.unlisted
            ],
        ),
        (
            "Cần xem lại trong tệp phương án",
            "to be looked at in the plan file",
            [f"{flag.at.vi}: {flag.vi} · {flag.at.en}: {flag.en}" for flag in report.flags],
        ),
    ]


def _files(number: int) -> str:
    return f"{grouped(number)} hồ sơ · files"


def _matters(report: Report) -> Iterator[str]:
    for vi, en, found in matters(report):
        yield f"{vi} · {en}: {len(found) or 'không có · none'}"
        yield from (f"  {line}" for line in found[:SHOWN])
        if len(found) > SHOWN:
            rest = len(found) - SHOWN
            yield f"  ... và {grouped(rest)} nữa: xem --json, --xlsx · and {grouped(rest)} more: see --json, --xlsx"


def _drawn(table: Table, width: int) -> Iterable[str]:
    out = StringIO()
    Console(file=out, width=width, no_color=True).print(table)
    return out.getvalue().rstrip("\n").split("\n")
