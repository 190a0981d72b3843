"""The order of the demo: reads as a table of contents."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from digitization.scan_folder import read_folder
from mocban.demo.bundles import bundle_scans
from mocban.demo.city import record_city
from mocban.demo.digitizing import digitize_papers
from mocban.demo.files import register_files
from mocban.demo.matching import match_likest
from mocban.demo.people import appoint_people
from mocban.demo.publishing import publish_all
from mocban.demo.reading import read_and_deny, readable
from mocban.demo.reorganizing import reorganize
from mocban.demo.stage import Stage
from mocban.demo.summary import Outcome


def play(stage: Stage, worksheet: Path, scans: Path) -> Outcome:
    """Do the main job on an open product; every refusal is named on the way."""
    product = stage.product
    city = record_city(stage)
    appoint_people(stage)
    lying = read_folder(scans)
    stage.refuse_all(lying.refused)
    stage.remark(lying.remarks)
    registered = register_files(stage, worksheet, scans, lying)
    named = {paper.scan for paper in registered.papers}
    bundled = bundle_scans(stage, [scan for scan in lying.scans if scan not in named])
    papers = (*registered.papers, *bundled)
    digitized = digitize_papers(stage, papers, refused=len(lying.refused))
    likest = match_likest(stage, papers)
    runners = product.runners()
    try:
        document = readable(stage, papers, runners)
        readings = read_and_deny(stage, document, runners) if document else None
        reorganized = reorganize(stage, runners[0])
        file = _certified(reorganized.handed_over, [paper.file for paper in papers])
        published = publish_all(stage, file, reorganized.handover)
        runners[1].drain()
    finally:
        for runner in runners:
            runner.stop()
    return Outcome(
        city=city,
        registered=registered,
        bundles=len({paper.file for paper in bundled}),
        digitized=digitized,
        matched=1 if likest else 0,
        readings=readings,
        reorganized=reorganized,
        published=published,
        remarks=dict(stage.remarks),
        seconds=stage.seconds,
        home=product.settings.home,
    )


def _certified(handed_over: tuple[UUID, ...], digitized: list[UUID]) -> UUID | None:
    """A file that was handed over, one with scans if there is one: its chain is the longest."""
    both = [file for file in handed_over if file in set(digitized)]
    return next(iter([*both, *handed_over, *digitized]), None)
