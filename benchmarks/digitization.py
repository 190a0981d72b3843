"""How well and how fast scans are read: a folder with pdf/ and gt/ (truth as JSON, one a document).

Figures: character error rate over pages with text (the better of two plausible reading orders), fields right, CPU
seconds a page, and how honest the states are: of the values called sure, how many are right.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.progress import track

from digitization.pipeline import Reader
from digitization.plain import plain
from digitization.reading import Recognition

MEASURED: Final = {
    "CodeNumber": "number", "CodeNotation": "symbol", "IssuedDate": "issue_date", "Place": "place",
    "OrganName": "agency", "TypeName": "doc_type", "Subject": "abstract", "SignerInfo.FullName": "signer_name",
    "SignerInfo.Position": "signer_title", "Block": "block", "To.OrganName": "recipients",
}  # fmt: skip


def main() -> None:
    """Read a corpus and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path, help="folder with pdf/ and gt/")
    asked.add_argument("--take", type=int, default=1, help="take every n-th document")
    asked.add_argument("--json", action="store_true", help="one JSON object on stdout")
    asked.add_argument("--wrong", action="store_true", help="list the fields read otherwise than they are")
    given = asked.parse_args()
    report = measure(given.corpus, given.take, show_wrong=given.wrong)
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    for name, value in report["figures"].items():
        print(f"{name:32} {value}")


def measure(corpus: Path, take: int = 1, *, show_wrong: bool = False) -> dict[str, Any]:
    """The report over every `take`-th document: {"name", "figures", "ratios", "machine"}."""
    scans = sorted((corpus / "pdf").glob("*.pdf"))[::take]
    started, cpu = time.monotonic(), _cpu()
    with Reader() as reader, ThreadPoolExecutor(os.cpu_count()) as threads:
        reading = threads.map(lambda scan: reader.recognize(scan.read_bytes(), scan.name), scans)
        read = list(track(reading, "Đọc / reading", total=len(scans), console=Console(stderr=True)))
    wall, cpu = time.monotonic() - started, _cpu() - cpu
    pages = sum(len(one.pages) for one in read)
    figures: dict[str, float | int] = {
        "documents": len(read),
        "pages": pages,
        "cpu_seconds_per_page": round(cpu / max(pages, 1), 2),
        "wall_seconds_per_page": round(wall / max(pages, 1), 2),
    }
    truths = [json.loads((corpus / "gt" / f"{scan.stem}.json").read_text("utf-8")) for scan in scans]
    figures |= _characters(read, truths) | _fields(read, truths, show_wrong=show_wrong)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "machine": platform.machine()}
    return {"name": "digitization", "figures": figures, "ratios": {}, "machine": machine}


def _cpu() -> float:
    """CPU seconds of this process and of its children, with all that these have waited for (proc(5))."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            _, _, rest = stat.read_text().rpartition(") ")
            numbers = rest.split()
            if int(numbers[1]) == os.getpid() or stat.parent.name == str(os.getpid()):
                ticks += sum(int(value) for value in numbers[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _characters(read: list[Recognition], truths: list[dict[str, Any]]) -> dict[str, float | int]:
    wrong: list[tuple[int, int, bool]] = []
    blank_right = blank_all = 0
    for one, truth in zip(read, truths, strict=True):
        texts = one.text.split("\f")
        for page, text, true in zip(one.pages, texts, truth["pages"], strict=True):
            if not true["text"]:
                blank_all += 1
                blank_right += page.blank
                continue
            best = min(_errors(_normal(text), _normal(order)) for order in _orders(true))
            wrong.append((best, len(_normal(true["text"])), bool(true["flags"])))
    sound = [(errors, size) for errors, size, faulty in wrong if not faulty]
    return {
        "cer_percent": _percent(sum(e for e, _, _ in wrong), sum(n for _, n, _ in wrong)),
        "cer_percent_without_defect": _percent(sum(e for e, _ in sound), sum(n for _, n in sound)),
        "blank_pages_found": blank_right,
        "blank_pages": blank_all,
    }


def _errors(one: str, other: str) -> int:
    """Levenshtein distance of whole pages, a row at a time."""
    target = np.frombuffer(other.encode("utf-32-le"), dtype=np.uint32)
    at = np.arange(len(target) + 1)
    row = at.copy()
    for char in one:
        step = np.empty_like(row)
        step[0] = row[0] + 1
        step[1:] = np.minimum(row[1:] + 1, row[:-1] + (target != ord(char)))
        row = np.minimum.accumulate(step - at) + at
    return int(row[-1])


def _orders(page: dict[str, Any]) -> Iterator[str]:
    """The truth's own order (column by column), and the lines as they stand from the top down."""
    yield page["text"]
    lines = page["lines"]
    yield "\n".join(line["text"] for line in sorted(lines, key=lambda line: (line["bbox"][1] // 12, line["bbox"][0])))


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    for found, kept in (("–", "-"), ("—", "-"), ("“", '"'), ("”", '"'), ("’", "'")):
        text = text.replace(found, kept)
    return " ".join(text.split())


def _fields(read: list[Recognition], truths: list[dict[str, Any]], *, show_wrong: bool) -> dict[str, float | int]:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    sure: Counter[bool] = Counter()
    for one, truth in zip(read, truths, strict=True):
        both = True
        for field, name in MEASURED.items():
            true = _true(field, truth["fields"].get(name))
            if not true:
                continue
            reading = one.field(field)
            value = "" if reading is None else reading.value
            same = _same(field, value, true)
            asked[field] += 1
            right[field] += same
            both = both and (same or field not in {"CodeNumber", "CodeNotation"})
            if reading is not None and reading.state == "sure":
                sure[same] += 1
            if show_wrong and not same:
                print(one.name, field, repr(value), "is", repr(true), "" if reading is None else reading.state)
        if truth["fields"].get("number"):
            asked["CodeNumber+CodeNotation"] += 1
            right["CodeNumber+CodeNotation"] += both
    figures: dict[str, float | int] = {f"{field}_percent": _percent(right[field], asked[field]) for field in asked}
    return figures | {"sure_and_right_percent": _percent(sure[True], sure.total()), "said_sure": sure.total()}


def _true(field: str, value: object) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    text = str(value or "")
    return "mass" if field == "Block" and text.startswith("mass") else text


def _same(field: str, value: str, true: str) -> bool:
    if field == "CodeNotation":
        # The truth gives a normative symbol without its year, and a Party symbol with either sign.
        return value.replace("/", "-").removeprefix("-").split("-")[-2:] == true.replace("/", "-").split("-")[-2:]
    if field in {"CodeNumber", "IssuedDate"}:
        return value.lstrip("0") == true.lstrip("0")
    given, meant = _normal(value).strip(" .;").casefold(), _normal(true).strip(" .;").casefold()
    return given == meant if field != "Subject" else plain(given) == plain(meant)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


if __name__ == "__main__":
    main()
