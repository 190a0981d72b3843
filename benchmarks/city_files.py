"""A whole city's files for custody: every fonds of 2025-06-30, eight lots each, recorded by the bulk path.

Child processes, one a core, make the facts and draft the acts; the parent signs and stores. Every tenth file of a lot
is digital too. Titles are sealed commitments of no key: custody needs none.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from typing import Final
from uuid import UUID

from benchmarks.file_rows import SEALED_TITLE
from benchmarks.proving_ground import ProvingGround
from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.retention import Maintenance
from ledger.act_id import new_act_id
from ledger.bulk import BulkAppender
from ledger.bulk_draft import BulkDraft, draft
from ledger.commands.administrative_unit import record_units
from ledger.proposal import Proposal
from mocban.hanoi import fonds_creators, unit_entries
from mocban.importing.crew import MOST_WORKERS
from mocban.importing.gear import gear_of
from mocban.importing.importer import BULK
from mocban.importing.workplace import move_in, workplace
from reference import hanoi

FILES_AN_ACT: Final = 5_000
DIGITAL: Final = 10
LOTS: Final = 8
"""Of a fonds: permanent or temporary, finished or unfinished, paper or digital; all arranged."""
_KINDS: Final = tuple((kept, state) for kept in ("permanent", "temporary") for state in ("finished", "unfinished"))
_HELD_FROM: Final = "2016-03-01"
_SCANNED: Final = "2025-05-12"


def record_city(ground: ProvingGround) -> None:
    """Every unit, agency and fonds of the city as on 2025-06-30."""
    for act in unit_entries(ground.product.naming):
        record_units(ground.product.main, ground.clerk, new_act_id(), act)


def record_files(ground: ProvingGround, files: int, told: Callable[[int], None]) -> None:
    """Record so many files, digital carriers included. told: how many are stored."""
    gear = gear_of(ground.product, ground.clerk, ground.folder / "day")
    context = multiprocessing.get_context("spawn")
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    parts = [range(first, min(first + FILES_AN_ACT, files)) for first in range(0, files, FILES_AN_ACT)]
    appender = BulkAppender(ground.product.main, ground.product.databases.main_url(BULK))
    try:
        with ProcessPoolExecutor(workers, mp_context=context, initializer=move_in, initargs=(gear,)) as children:
            for part, made in zip(parts, _ahead(children, parts, 2 * workers), strict=True):
                appender.append(made, [ground.clerk]).receipt(made.id)
                told(part.stop)
    finally:
        appender.close()


def file_id(ground: ProvingGround, number: int) -> UUID:
    """The id of file `number`."""
    creator = _fonds()[number % len(_fonds())][1]
    return ground.product.naming.file(_code(creator, number))


def _ahead(children: ProcessPoolExecutor, parts: list[range], most: int) -> Iterator[BulkDraft]:
    """The drafts in order, a few ahead of whoever takes them: memory stays flat."""
    waiting: list[Future[BulkDraft]] = []
    for part in parts:
        waiting.append(children.submit(_drafted, part))
        if len(waiting) > most:
            yield waiting.pop(0).result()
    for one in waiting:
        yield one.result()


# --- in the child ----------------------------------------------------------------------------------------------------


@cache
def _fonds() -> list[tuple[str, str]]:
    """The fonds of units that end or go on, without the city's departments: 1,671 of them, by code; their creators."""
    departments = {body.fonds_code for body in hanoi.departments()}
    return sorted((code, creator) for code, creator in fonds_creators().items() if code not in departments)


def _code(creator: str, number: int) -> FileCode:
    return FileCode(OrganId=creator, FileCatalog=2016, FileNotation=f"{number:08}")


def _facts(numbers: range) -> Iterator[tuple[UUID, list[Event]]]:
    place, fonds = workplace(), _fonds()
    keeper = place.naming.agency("H26")
    for number in numbers:
        fonds_code, creator = fonds[number % len(fonds)]
        turn = number // len(fonds)
        kept, state = _KINDS[turn % len(_KINDS)]
        code = _code(creator, number)
        registered = FileRegistered(
            FileCode=code,
            fonds=place.naming.fonds(fonds_code),
            Title=SEALED_TITLE,
            Maintenance=Maintenance(retention=RetentionClass(kept)),
            state=WorkState(state),
            arranged=True,
            held_by=place.naming.agency(creator),
            held_from=_HELD_FROM,
            StartDate="2014",
            EndDate="2015",
            sheets=number % 200,
            box=f"H{turn // 20}",
            place="Kho 1",
        )
        events: list[Event] = [registered]
        if turn // len(_KINDS) % DIGITAL == 0:
            events.append(FileDigitized(held_by=keeper, held_from=_SCANNED))
        yield place.naming.file(code), events


def _drafted(numbers: range) -> BulkDraft:
    decided = dict(_facts(numbers))
    place = workplace()
    proposal = Proposal(
        act="accession.import",
        id=new_act_id(),
        actor=place.actor,
        decide=lambda _: decided,
        request={"first": numbers.start, "files": len(numbers)},
    )
    return draft(place.ledger, proposal, decided)[0]
