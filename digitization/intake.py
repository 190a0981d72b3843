"""Intake: scans become documents of the ledger, one act each; what came twice is noted, what is bad is named.

Safe to stop anywhere and to run again: an act already stored is not done twice, and only its scan is read anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from digitization.delivery import signer
from digitization.reading import Reading, Recognition
from digitization.scan_folder import require_scan
from domain.document import DocumentDescribed, DocumentDigitized, DocumentRecognized, FieldReading, ReadingState
from domain.errors import Refusal
from domain.identifiers import nfc, public_id
from domain.sealed import Plain, Sealable
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.commands import document
from ledger.committer import AWAY
from ledger.fixity import FixityIndex
from ledger.sealer import BlobPlain, Sealer

_NUMBER: Final = re.compile(r"[0-9]{1,7}[A-Za-z]?")
_NOTATION: Final = re.compile(r"[0-9A-ZĐa-zđ]+([-/&.][0-9A-ZĐÀ-Ỹa-zđ]+)*")


class Fate(StrEnum):
    """What became of a scan."""

    DIGITIZED = "digitized"
    ALREADY = "already-digitized"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A scan that was delivered for a document of a file. described: what the worksheet says, if it does."""

    scan: Path
    document: UUID
    file: UUID
    ordinal: int
    described: DocumentDescribed | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one paper. refusal: set where it was refused; original: where it came twice."""

    paper: Paper
    fate: Fate
    pages: int = 0
    refusal: Refusal | None = None
    original: UUID | None = None
    recognition: Recognition | None = None


class Intake:
    """Takes papers in for one actor. `act_id` gives the lasting id of the act that a name stands for.

    `sign` signs a derived PDF, in an update that leaves its bytes as they are; without it they stay unsigned.
    """

    def __init__(  # one argument for each thing it works with
        self,
        *,
        ledger: Ledger,
        actor: Actor,
        sealer: Sealer,
        fixity: FixityIndex,
        recognize: Callable[[bytes, str], Recognition],
        act_id: Callable[[str], UUID],
        sign: Callable[[bytes], bytes] | None = None,
        engine: str,
        held_by: UUID,
        on: str,
    ) -> None:
        self._ledger = ledger
        self._actor = actor
        self._sealer = sealer
        self._fixity = fixity
        self._recognize = recognize
        self._act_id = act_id
        self._sign = sign
        self._engine = engine
        self._held_by = held_by
        self._on = on

    def take(self, papers: Sequence[Paper], at_once: int = 2) -> Iterator[Taken]:
        """Take the papers in, `at_once` at a time, in no promised order; a refusal of one does not hold up the rest.

        Of papers with the same bytes the first named is the document; the others come after, as its duplicates.
        """
        first: dict[str, Paper] = {}
        contents = [(digest(paper.scan) or str(paper.scan), paper) for paper in papers]
        repeated = [paper for content, paper in contents if first.setdefault(content, paper) is not paper]
        with ThreadPoolExecutor(at_once, thread_name_prefix="intake") as pool:
            for future in as_completed([pool.submit(self._attempt, paper) for paper in first.values()]):
                yield future.result()
        for paper in repeated:
            yield self._attempt(paper)

    def _attempt(self, paper: Paper) -> Taken:
        try:
            return self._take(paper)
        except Refusal as refusal:
            if refusal.code in AWAY:
                raise
            return Taken(paper=paper, fate=Fate.REFUSED, refusal=refusal)

    def _take(self, paper: Paper) -> Taken:
        data, name = _read(paper.scan), nfc(paper.scan.name)
        act_id = self._act_id(f"document.digitize:{paper.document}")
        if self._ledger.receipt_of(act_id) is not None:
            if self._fixity.knows(paper.document) and not self._fixity.holds(data, paper.document):
                raise Refusal("scan-differs", name=name)
            self._fixity.record(data, paper.document, paper.file)  # a crash may have come between act and index
            return Taken(paper=paper, fate=Fate.ALREADY)
        known = [stream for stream in self._fixity.find(data) if stream != paper.document]
        if known:
            return self._note_duplicate(paper, known[0], name)
        recognition = self._recognize(data, name)
        scan = self._scan(paper, data, recognition)
        document.digitize(self._ledger, self._actor, act_id, scan, self._held_by, self._on)
        self._fixity.record(data, paper.document, paper.file)
        return Taken(paper=paper, fate=Fate.DIGITIZED, pages=len(recognition.pages), recognition=recognition)

    def _note_duplicate(self, paper: Paper, original: UUID, name: str) -> Taken:
        act_id = self._act_id(f"document.note-duplicate:{paper.document}")
        document.note_duplicate(self._ledger, self._actor, act_id, original, paper.file, name)
        return Taken(paper=paper, fate=Fate.DUPLICATE, original=original)

    def _scan(self, paper: Paper, data: bytes, recognition: Recognition) -> document.Scan:
        evidence = msgspec.json.encode(msgspec.structs.replace(recognition, searchable_pdf=b""))
        derived = recognition.searchable_pdf if self._sign is None else self._sign(recognition.searchable_pdf)
        original, searchable, text, kept = self._sealer.seal_blobs(
            [
                self._blob(paper, "original", "application/pdf", data),
                self._blob(paper, "searchable", "application/pdf", derived),
                self._blob(paper, "text", "text/plain", recognition.text.encode()),
                self._blob(paper, "evidence", "application/json", evidence),
            ]
        )
        digitized = DocumentDigitized(
            file=paper.file,
            DocOrdinal=paper.ordinal,
            original=original,
            searchable=searchable,
            text=text,
            PageAmount=len(recognition.pages),
            flags=recognition.flags,
            delivered_as=Plain(nfc(paper.scan.name)),
        )
        recognized = msgspec.structs.replace(recognized_of(recognition, self._engine), evidence=kept)
        return document.Scan(
            document=paper.document, described=paper.described, digitized=digitized, recognized=recognized
        )

    def _blob(self, paper: Paper, what: str, media: str, data: bytes) -> BlobPlain:
        """A blob keeps one id however often the intake is run again before its act is stored."""
        blob = public_id("blob", str(paper.document), what)
        return BlobPlain(owner=paper.file, stream=paper.document, blob=blob, media=media, data=data)


def digest(scan: Path) -> str:
    """SHA-256 of a scan's bytes, hex; empty where it cannot be read or is too large to be."""
    try:
        require_scan(scan)
        with scan.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, Refusal):
        return ""


def _read(scan: Path) -> bytes:
    require_scan(scan)
    try:
        return scan.read_bytes()
    except OSError as error:
        raise Refusal("scan-unreadable", name=scan.name) from error


def recognized_of(recognition: Recognition, engine: str) -> DocumentRecognized:
    """The reading as an event: what may stand in clear only if it has the form of its field; the rest to be sealed."""
    readings = {one.field: one for one in recognition.fields}
    return DocumentRecognized(
        readings=tuple(_field_reading(one) for one in recognition.fields),
        engine=engine,
        TypeName=_value(readings, "TypeName"),
        CodeNumber=_in_form(_NUMBER, _value(readings, "CodeNumber")),
        CodeNotation=_in_form(_NOTATION, _value(readings, "CodeNotation")),
        IssuedDate=_value(readings, "IssuedDate"),
        OrganName=_sealable(readings, "OrganName"),
        Subject=_sealable(readings, "Subject"),
        SignerInfo=signer(_value(readings, "SignerInfo.FullName"), _value(readings, "SignerInfo.Position")),
    )


def _field_reading(one: Reading) -> FieldReading:
    confidence = max(0, min(100, round(one.confidence)))
    return FieldReading(field=one.field, confidence=confidence, state=ReadingState(one.state))


def _value(readings: dict[str, Reading], field: str) -> str:
    return readings[field].value if field in readings else ""


def _sealable(readings: dict[str, Reading], field: str) -> Sealable | None:
    value = _value(readings, field)
    return Plain(value) if value else None


def _in_form(form: re.Pattern[str], value: str) -> str:
    return value if len(value) <= 30 and form.fullmatch(value) else ""
