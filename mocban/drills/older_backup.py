"""The recovery drill: an older copy of the cluster is restored under a ledger that went on, and refilled from tiles.

The demo's records, then a back-up of the stopped cluster; then more acts of every kind, published. The old cluster is
put in place: start must be refused. `recover` is killed at random moments, then runs to its end; after it every row of
both logs must be as before, the verifier say 0, the views equal rebuilt ones, and the log go on without a fork.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg

from ledger.act_id import new_act_id
from ledger.log_name import LogName
from mocban.bootstrap import Product, open_product
from mocban.database.cluster import Cluster
from mocban.drills.appointments import do_appoint
from mocban.drills.crash import SCANS
from mocban.drills.delivery import write_delivery
from mocban.drills.ground import Ground, ground, kill
from mocban.drills.verdict import Acknowledged, gaps, lost, unlike_rebuilt, unverified
from mocban.own_rows import bad_rows
from mocban.publication import publish
from signing.checkpoint import Checkpoint
from signing.tile_reader import TileReader

ACTS: Final = 40
ROWS: Final = 6000
KILLS: Final = 3
REFUSED: Final = "ledger-shorter-than-checkpoint"
_ENVIRONMENT: Final = 3
_ROWS: Final = {
    "act": "SELECT index, id, encode(note, 'hex'), first_position, events FROM {log}.act",
    "event": "SELECT position, originator_id, originator_version, topic, encode(state, 'hex'), act_index "
    "FROM {log}.event",
    "head": "SELECT acts, events, registry_index FROM {log}.head",
    "latest": "SELECT size, encode(note, 'hex') FROM {log}.latest_checkpoint",
}
_DIGEST: Final = "SELECT count(*), md5(string_agg(one::text, E'\\n' ORDER BY one::text)) FROM ({rows}) AS one"


class RecoveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """backed_up, recorded: acts of the main log in the back-up and in the end. refused: what start said.

    kills: how often `recover` was killed. lost: sealed fields and blobs whose content did not come back. seconds: of
    the run that came to its end.
    """

    seed: int
    backed_up: int
    recorded: int
    refused: str
    kills: int
    lost: int
    seconds: float
    problems: list[str]

    @property
    def passed(self) -> bool:
        """Everything is as it was, and nothing could go on before it was."""
        return not self.problems and self.refused == REFUSED


def older_backup(seed: int, told: Callable[[str], None], *, acts: int = ACTS, rows: int = ROWS) -> RecoveryReport:
    """Drill. told: of each step. acts, rows: how many acts by command, and files by import, the back-up lacks."""
    dice = random.Random(seed)  # noqa: S311  moments, not secrets
    with ground() as field:
        told("ghi và sao lưu · record and back up")
        _finish(field, "demo", "--scans", str(_scans(field)), "--json")
        backed_up = _size(field)
        _back_up(field)
        told("ghi tiếp và công bố · record more and publish")
        acknowledged, before, last = _record_more(field, acts, rows)
        recorded = _size(field)
        told("khôi phục bản cũ · restore the old one")
        _restore(field)
        refused = _refused(field)
        told("nạp lại, bị giết giữa chừng · recover, killed on the way")
        kills = sum(_killed(field, dice) for _ in range(KILLS))
        began = time.monotonic()
        lost_parts = _recovered(field)
        seconds = round(time.monotonic() - began, 1)
        told("kiểm tra · verify")
        found = list(_problems(field, acknowledged, before, last))
    return RecoveryReport(
        seed=seed,
        backed_up=backed_up,
        recorded=recorded,
        refused=refused,
        kills=kills,
        lost=lost_parts,
        seconds=seconds,
        problems=found[:20],
    )


def _record_more(field: Ground, acts: int, rows: int) -> tuple[list[Acknowledged], dict[str, Any], Checkpoint]:
    """What the back-up lacks: acts by command and by import; their receipts, all rows, and the checkpoint over them."""
    write_delivery(field.folder / "delivery.csv", rows)
    _finish(field, "import", str(field.folder / "delivery.csv"), "--json")
    told = []
    with open_product(field.settings) as product:
        for _ in range(acts):
            receipt = do_appoint(product, new_act_id())
            told.append(Acknowledged(receipt.id, receipt.act_index, receipt.first_position))
        publish(product)
        return told, _rows(product), product.main_log.checkpoint()[0]


def _problems(
    field: Ground, acknowledged: list[Acknowledged], before: dict[str, Any], last: Checkpoint
) -> Iterator[str]:
    with open_product(field.settings) as product:
        after = _rows(product)
        yield from (f"{name} differs from before" for name in before if after[name] != before[name])
        size = product.main.size()
        if do_appoint(product, new_act_id()).act_index != size:
            yield "a new act does not follow the last"
        yield from gaps(product)
        yield from lost(product, acknowledged)
        yield from unlike_rebuilt(product)
        yield from unverified(product)
        yield from (str(bad.refusal) for bad in bad_rows(product.databases, field.settings.home))
        if TileReader(last.size, product.main_log.tiles.read).root() != last.root:
            yield "the checkpoint from before is no part of the log any more"


def _rows(product: Product) -> dict[str, Any]:
    """A digest of every table of both logs, of what was published in it."""
    with psycopg.connect(product.databases.main_admin) as connection:
        return {
            f"{log}.{name}": connection.execute(_DIGEST.format(rows=rows.format(log=log)).encode()).fetchone()
            for log in LogName
            for name, rows in _ROWS.items()
        }


def _size(field: Ground) -> int:
    with open_product(field.settings) as product:
        return product.main.size()


def _back_up(field: Ground) -> None:
    """The stopped cluster's folder, with its owners and times."""
    cluster = Cluster(settings=field.settings)
    cluster.stop()
    subprocess.run(["cp", "-a", str(cluster.data), str(field.folder / "backup")], check=True)


def _restore(field: Ground) -> None:
    cluster = Cluster(settings=field.settings)
    cluster.stop()
    shutil.rmtree(cluster.data)
    (field.folder / "backup").rename(cluster.data)


def _refused(field: Ground) -> str:
    """The code by which a command does not start on the restored cluster, if that is what it does."""
    process = field.start("rebuild", "--json")
    if process.wait() != _ENVIRONMENT:
        return f"exit {process.returncode}"
    return str(_answer(field, "rebuild")["problem"]["code"])


def _killed(field: Ground, dice: random.Random) -> bool:
    process = field.start("recover", "--json")
    time.sleep(dice.uniform(1.0, 12.0))
    return kill(process)


def _recovered(field: Ground) -> int:
    """Recover to the end; how much sealed content is gone."""
    process = field.start("recover", "--json")
    if process.wait() not in {0, 1}:
        raise RuntimeError(f"recover ended with {process.returncode}; see {field.folder / 'said'}")
    answer = _answer(field, "recover")
    return sum(answer[log]["lost"][part] for log in LogName for part in ("fields", "blobs"))


def _answer(field: Ground, word: str) -> Any:
    """The last object that a command printed."""
    text = (field.folder / "said" / f"{word}.txt").read_text(encoding="utf-8")
    return json.loads([line for line in text.splitlines() if line.startswith("{")][-1])


def _scans(field: Ground) -> Path:
    """A few for the demo."""
    folder = field.folder / "scans"
    folder.mkdir()
    for name in SCANS:
        shutil.copy(Path(__file__).parents[2] / "reference" / "scans" / name, folder / name)
    return folder


def _finish(field: Ground, *words: str) -> None:
    code = field.start(*words).wait()
    if code != 0:
        raise RuntimeError(f"{words[0]} ended with {code}; see {field.folder / 'said'}")
