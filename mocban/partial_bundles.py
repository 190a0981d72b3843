"""What goes into a partial bundle: the acts on one file or agency, or a range, as far as a checkpoint covers them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.disposition import disposition_stream
from domain.errors import Refusal
from ledger.partial_bundle import Part
from mocban.custody.chain_report import file_named
from projections import finding_aid_queries, succession_queries
from projections.agency_acts import acts_on_agency
from projections.chain import chain
from projections.file_acts import acts_beside_chain
from projections.stream_positions import positions_of
from projections.view import Connection

_ANY_DAY: Final = "9999-12-31"


def part_of_file(connection: Connection, code: str, known_at: int) -> Part:
    """Every act up to `known_at` of the file's chain, whatever day it takes effect, and those beside it: audits, grants
    of reading. Raises as `file_named`."""
    file = file_named(connection, code)
    acts = {act.index for act in chain(connection, file, _ANY_DAY, known_at).acts}
    acts.update(acts_beside_chain(connection, file, known_at))
    documents = (document.id for document in finding_aid_queries.documents_of(connection, file))
    streams = (file, disposition_stream(file), *documents)
    whole = [{one.act for one in positions_of(connection, stream) if one.act <= known_at} for stream in streams]
    held = tuple(stream for stream, of_stream in zip(streams, whole, strict=True) if of_stream)
    return Part(of={"file": str(file), "code": code}, acts=sorted(acts.union(*whole)), streams=held)


def part_of_agency(connection: Connection, agency: UUID, known_at: int) -> Part:
    """Every act up to `known_at` on the agency, its unit, fonds and hand-overs, audits of what it holds, what it and
    whoever reads in its fonds may read. Raises Refusal `agency-unknown`."""
    if succession_queries.agency(connection, agency) is None:
        raise Refusal("agency-unknown", code=str(agency))
    return Part(of={"agency": str(agency)}, acts=acts_on_agency(connection, agency, known_at), streams=(agency,))


def part_of_range(first: int, last: int, size: int) -> Part:
    """Acts first..last of a log whose checkpoint covers `size`. Raises Refusal `acts-not-published`."""
    if not 0 <= first <= last < size:
        raise Refusal("acts-not-published", first=first, last=last, size=size)
    return Part(of={"acts": (first, last)}, acts=range(first, last + 1))
