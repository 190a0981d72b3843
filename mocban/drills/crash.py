"""Kill -9 at random moments, round by round, in one archive that lives on; after each round all must hold.

Every round two writers appoint while a part of the product works beside them; then that part, or the server under all
of them, is killed, and soon after whatever else still runs. The demo is taken up again where the last kill left it.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import psycopg

from mocban.bootstrap import open_product
from mocban.drills.delivery import ROWS, write_delivery
from mocban.drills.ground import Ground, Process, ground, kill
from mocban.drills.part import receipts
from mocban.drills.verdict import problems

PARTS: Final = ("writer", "sequencer", "runner", "serve", "postmaster", "rebuild")
DEMO: Final = "demo"
IMPORT: Final = "import"
LONG: Final = (DEMO, IMPORT)
ALL: Final = (*PARTS, DEMO, IMPORT, DEMO)
SCANS: Final = ("ba-dinh-den-3817-qd-ubnd.pdf", "cau-giay-den-3817-qd-ubnd.pdf", "tan-minh-soc-son-31-ttr-ubnd.pdf")
_READY_SECONDS: Final = 60.0
WRITERS: Final = ("writer-1", "writer-2")
_KINDS: Final = (
    "SELECT event.topic, count(*) FROM main_log.event AS event JOIN main_log.act AS act ON act.index = event.act_index "
    "WHERE act.id = ANY(%s) GROUP BY event.topic"
)
_FILES: Final = (
    "SELECT count(*), count(DISTINCT event.originator_id) FROM main_log.event AS event "
    "JOIN main_log.act AS act ON act.index = event.act_index "
    "WHERE event.topic LIKE 'file.registered/%%' AND act.id <> ALL (%s)"
)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """moment: seconds after work began. killed: the victim still ran. acknowledged: acts in all. seconds: of all."""

    victim: str
    moment: float
    killed: bool
    acknowledged: int
    seconds: float
    problems: list[str]


class CrashReport(msgspec.Struct, frozen=True, kw_only=True):
    """seed: gives the same victims and moments again. same_records: demo and import ended as if undisturbed."""

    seed: int
    rounds: list[Round]
    same_records: bool

    @property
    def passed(self) -> bool:
        """Nothing was lost, doubled or out of order."""
        return self.same_records and not any(one.problems for one in self.rounds)


def crash(rounds: int, seed: int, victims: Sequence[str], told: Callable[[Round], None]) -> CrashReport:
    """Drill. told: after each round. Demo and import, when among the victims, must end as if nobody had disturbed."""
    dice = random.Random(seed)  # noqa: S311  moments, not secrets
    done: list[Round] = []
    with ground() as field:
        _supply(field)
        with open_product(field.settings):
            pass
        for number in range(rounds):
            victim = victims[number] if number < len(victims) else dice.choice(victims)
            done.append(_round(field, dice, victim))
            told(done[-1])
        met = {one.victim for one in done}
        same = (IMPORT not in met or _imported_once(field)) and (DEMO not in met or _same_records(field))
    return CrashReport(seed=seed, rounds=done, same_records=same)


def _round(field: Ground, dice: random.Random, victim: str) -> Round:
    began = time.monotonic()
    beside = [start_part(field, "writer", name) for name in WRITERS]
    target = beside[0] if victim == "writer" else _start(field, victim)
    wait_for_acts(field, beside)
    moment = dice.uniform(0.0, 12.0 if victim in LONG else 1.5)
    _sleep_while(target, moment)
    killed = _kill_server(field) if victim == "postmaster" else kill(target)
    time.sleep(dice.uniform(0.0, 1.0))
    for process in (*beside, target):
        kill(process)
    told = [act for name in WRITERS for act in receipts(field.folder / name)]
    with open_product(field.settings) as product:
        found = problems(product, told)
    return Round(
        victim=victim,
        moment=round(moment, 3),
        killed=killed,
        acknowledged=len(told),
        seconds=round(time.monotonic() - began, 1),
        problems=found,
    )


def _start(field: Ground, victim: str) -> Process:
    match victim:
        case "serve":
            return field.start("serve", "--port", "0", "--json")
        case "rebuild":
            return field.start("rebuild", "--json")
        case "demo":
            return field.start("demo", "--scans", str(field.folder / "scans"), "--json")
        case "import":
            return field.start("import", str(field.folder / "delivery.csv"), "--json")
        case "postmaster":
            return start_part(field, "sequencer", "sequencer")
        case _:
            return start_part(field, victim, victim)


def start_part(field: Ground, name: str, folder: str, *more: str) -> Process:
    """A part of the product as a process. folder: for what it leaves. more: the fault point it is armed for."""
    return field.start(name, str(field.folder / folder), *more, module="mocban.drills.part")


def wait_for_acts(field: Ground, writers: Sequence[Process]) -> None:
    """Until both writers were told of one more act, so that the kill meets work; a writer that ended is reported."""
    before = [len(receipts(field.folder / name)) for name in WRITERS]
    until = time.monotonic() + _READY_SECONDS
    while any(len(receipts(field.folder / name)) <= count for name, count in zip(WRITERS, before, strict=True)):
        if time.monotonic() > until or any(process.poll() is not None for process in writers):
            raise RuntimeError(f"the writers do not write; see {field.folder / 'said'}")
        time.sleep(0.01)


def _sleep_while(process: Process, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        time.sleep(0.005)


def _kill_server(field: Ground) -> bool:
    server = field.postmaster()
    if server is None:
        return False
    os.kill(server, signal.SIGKILL)
    return True


def _supply(field: Ground) -> None:
    """Scans for the demo and a worksheet for the import."""
    shipped = Path(__file__).parents[2] / "reference" / "scans"
    folder = field.folder / "scans"
    folder.mkdir()
    for name in SCANS:
        shutil.copy(shipped / name, folder / name)
    write_delivery(field.folder / "delivery.csv")


def _same_records(field: Ground) -> bool:
    """The demo, once more to its end, and once more; both leave what one on fresh ground leaves."""
    with ground() as fresh:
        _supply(fresh)
        expected = _played(fresh)
    return _played(field) == expected and _played(field) == expected


def _played(field: Ground) -> Counter[str]:
    """How many events of each kind the demo's own acts brought, once it has been played to its end."""
    _finish(field, "demo", "--scans", str(field.folder / "scans"), "--json")
    with open_product(field.settings) as product, psycopg.connect(product.databases.main_admin) as connection:
        return Counter(dict(connection.execute(_KINDS.encode(), (_demo_acts(field),)).fetchall()))


def _imported_once(field: Ground) -> bool:
    """The import, once more to its end, and once more: each row is one file."""
    for _ in range(2):
        _finish(field, "import", str(field.folder / "delivery.csv"), "--json")
        with open_product(field.settings) as product, psycopg.connect(product.databases.main_admin) as connection:
            if connection.execute(_FILES.encode(), (_demo_acts(field),)).fetchone() != (ROWS, ROWS):
                return False
    return True


def _demo_acts(field: Ground) -> list[UUID]:
    path = field.settings.home / "demo" / "acts"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [UUID(line.split(" ", 1)[0]) for line in lines]


def _finish(field: Ground, *words: str) -> None:
    code = field.start(*words).wait()
    if code != 0:
        raise RuntimeError(f"{words[0]} ended with {code}; see {field.folder / 'said'}")
