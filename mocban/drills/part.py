"""One part of the product as a process of its own, to be killed: `python -m mocban.drills.part NAME FOLDER [POINT]`.

`writer` appoints one principal after the other and notes each receipt, fsynced, before it goes on: what is noted was
acknowledged. The others do their work until killed. Armed for a fault point, a part kills itself there.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from uuid import UUID

from ledger.sequencer_thread import SequencerThread
from mocban.act_ids import ActIds
from mocban.bootstrap import Product, open_product
from mocban.drills.appointments import do_appoint
from mocban.drills.verdict import Acknowledged
from mocban.publication import publish
from mocban.settings import Settings
from signing.fault_point import FaultPoint, arm

RECEIPTS: Final = "receipts"


def receipts(folder: Path) -> list[Acknowledged]:
    """What the writer of a folder was told; a line cut short by a kill was not acknowledged to anybody."""
    path = folder / RECEIPTS
    text = path.read_text(encoding="ascii") if path.exists() else ""
    return [Acknowledged(UUID(words[0]), int(words[1]), int(words[2])) for words in _whole_lines(text)]


def write(product: Product, folder: Path) -> None:
    """Appoint for ever, taking up what was asked for and perhaps not acknowledged."""
    act_ids = ActIds(folder / "asked")
    path = folder / RECEIPTS
    done = receipts(folder)
    path.write_text("".join(f"{act.id} {act.index} {act.first_position}\n" for act in done), encoding="ascii")
    with path.open("a", encoding="ascii") as notes:
        number = len(done)
        while True:
            act_id = act_ids(f"appointment-{number}")
            receipt = do_appoint(product, act_id)
            notes.write(f"{act_id} {receipt.act_index} {receipt.first_position}\n")
            notes.flush()
            os.fsync(notes.fileno())
            number += 1


def sequence(product: Product, _folder: Path) -> None:
    """Publish both logs for ever."""
    for sequencer in product.sequencers():
        SequencerThread(sequencer).start()
    _for_ever()


def fold(product: Product, _folder: Path) -> None:
    """Fold both logs for ever."""
    with ExitStack() as running:
        for runner in product.runners():
            running.enter_context(runner)
        _for_ever()


def export(product: Product, folder: Path) -> None:
    """Publish both logs and complete an export folder, for ever."""
    while True:
        publish(product)
        product.main_log.export(folder / "log")


PARTS: Final[dict[str, Callable[[Product, Path], None]]] = {
    "writer": write, "sequencer": sequence, "runner": fold, "exporter": export,
}  # fmt: skip


def main(name: str, folder: str, point: str | None = None) -> None:
    """Be that part; armed once the product is open, so that it dies at its work."""
    Path(folder).mkdir(exist_ok=True)
    with open_product(Settings.from_environment()) as product:
        if point is not None:
            arm(FaultPoint(point))
        PARTS[name](product, Path(folder))


def _whole_lines(text: str) -> Iterator[list[str]]:
    return (line.split() for line in text[: text.rfind("\n") + 1].splitlines())


def _for_ever() -> None:
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
