"""A small real archive: two communes, three agencies, two files, one scanned document; founded, signed, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import UUID, uuid4, uuid5

from domain.administrative_unit import Level, UnitEnded, UnitEstablished, UnitKind
from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.document import DocumentDescribed, DocumentDigitized, DocumentRecognized, FieldReading, ReadingState
from domain.event import Event
from domain.file import FileAdmitted, FileDigitized, FileRegistered
from domain.fonds import CustodyLine, FondsOpened
from domain.identifiers import FileCode
from domain.lot import RetentionClass, WorkState
from domain.principal import PrincipalAppointed, Reach
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.access_journal import AccessJournal
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.blob_store import BlobStore
from ledger.founding import Enrolment, Founding, Grant, found_ledger, new_origin
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.log_store import LogStore
from ledger.mapper import EventMapper
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.sealed_store import SealedStore
from ledger.sealer import BlobPlain, Sealer, Unsealer
from ledger.secret import LedgerSecret
from ledger.sequencer import Sequencer
from ledger.streams import Streams
from mocban.database import Databases
from projections.main_views import main_views
from projections.runner import Runner
from signing.checkpoint import MlDsa44Signer
from signing.note import Ed25519Signer

_NAMES: Final = UUID("6f0c8f0e-8f5e-4c58-9d1e-27c0f1a3b5d7")

TITLE: Final = "Hồ sơ cải tạo hồ Thiền Quang"
PARTY_TITLE: Final = "Hồ sơ đại hội chi bộ phường Nguyễn Du"
SUBJECT: Final = "Về việc phê duyệt kinh phí nạo vét"
SIGNER: Final = "Trần Hữu Nghĩa"
OCR: Final = "ỦY BAN NHÂN DÂN PHƯỜNG\nQuyết định về việc nạo vét hồ\n"
PDF: Final = b"%PDF-1.7\n" + bytes(range(256)) * 16 + b"\n%%EOF\n"
_NOUNS: Final = ("unit", "fonds", "file", "document", "principal", "container", "reorganization")
CONTENT: Final = (TITLE, PARTY_TITLE, SUBJECT, SIGNER, "nạo vét")
"""Texts that may never reach anybody without a rule."""


def named(what: str) -> UUID:
    """The id of a thing of this archive."""
    return uuid5(_NAMES, what)


class Archive:
    """The archive with everything open. Close it, or use it in a `with`."""

    def __init__(self, database: Databases, home: Path) -> None:
        self.database: Final = database
        self.origin: Final = new_origin()
        self._closing = ExitStack()
        secret = LedgerSecret(b"s" * 32)
        writer, logger = database.main_url("mocban_ledger_writer"), database.main_url("mocban_access_logger")
        keys = KeyStore(database.keys_url("mocban_ledger_writer"), b"k" * 32, "record")
        reader_keys = KeyStore(database.keys_url("mocban_access_logger"), b"r" * 32, "reader")
        store, blobs = SealedStore(writer), BlobStore(home / "objects" / "blobs")
        self.sealer: Final = Sealer(keys, store, blobs)
        self.unsealer: Final = Unsealer(keys, store, blobs)
        self.main: Final = Ledger(
            log=LogName.MAIN, origin=self.origin, conninfo=writer, secret=secret, sealer=self.sealer
        )
        self.access: Final = Ledger(
            log=LogName.ACCESS,
            origin=LogName.ACCESS.origin(self.origin),
            conninfo=logger,
            secret=secret,
            sealer=Sealer(reader_keys, store),
        )
        self.clerk: Final = _new_actor()
        self.log: Final = LogStore(self.main, home)
        self.access_log: Final = LogStore(self.access, home)
        self.journal: Final = AccessJournal(self.access, self.clerk)
        self.runner: Final = Runner(
            database.main_url("mocban_projector"), "main_log", main_views(self.unsealer), EventMapper().decode
        )
        for close in (keys.close, reader_keys.close, store.close, self.access.close, self.main.close):
            self._closing.callback(close)
        self._closing.callback(self.journal.close)
        self._closing.callback(self.runner.stop)
        self._sequencers = [
            _sequencer(ledger, url, home) for ledger, url in ((self.main, writer), (self.access, logger))
        ]
        for sequencer in self._sequencers:
            self._closing.callback(sequencer.close)
        self._found()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def record(self, act: str, events: Mapping[UUID, Sequence[Event]], owners: Mapping[UUID, UUID] = {}) -> Receipt:
        """One act with these events, signed by the clerk."""

        def decide(streams: Streams) -> Mapping[UUID, Sequence[Event]]:
            for stream in events:
                streams.load(stream, 0, lambda count, _: count + 1)
            return events

        return self.main.perform(
            Proposal(act=act, id=new_act_id(), actor=self.clerk, decide=decide, request={"act": act}, key_owners=owners)
        )

    def settle(self) -> int:
        """Publish checkpoints of both logs and fold everything; the Ledger-Position reached."""
        for sequencer in self._sequencers:
            sequencer.advance()
        self.runner.drain()
        return self.runner.tracking.position()

    def readings(self) -> int:
        """How many acts of reading the access log holds as events."""
        return self.access.log_recorder.max_notification_id() or 0

    def _found(self) -> None:
        registrars = (_new_actor(),)
        live = (Ed25519Signer(self.origin, b"L" * 32), MlDsa44Signer(self.origin, b"M" * 32))
        founding = Founding(
            registrars=registrars,
            quorum=1,
            log_keys=tuple(signer.verifier_key for signer in live),
            enrolments=(Enrolment(actor=self.clerk),),
            grants=(
                Grant(
                    log=LogName.MAIN,
                    actor=self.clerk.id,
                    role="clerk",
                    acts=tuple(f"{noun}.*" for noun in _NOUNS),
                ),
                Grant(log=LogName.ACCESS, actor=self.clerk.id, role="reading-room", acts=("access.*",)),
            ),
        )
        found_ledger(self.main, self.access, founding)


def fill(archive: Archive) -> None:
    """Record the story: two communes of which one ended, their agencies, two fonds, three files, one scan, people."""
    archive.record("unit.establish", {named("old"): [unit_established("Phường Nguyễn Du", "00256", "2008-08-01")]})
    archive.record("unit.establish", {named("new"): [unit_established("Phường Hai Bà Trưng", "00256", "2025-07-01")]})
    archive.record("unit.end", {named("old"): [UnitEnded(effective="2025-07-01", basis="1656/NQ-UBTVQH15")]})
    for key, unit, block, kind in (
        ("creator", "old", Block.GOVERNMENT, AgencyKind.PEOPLES_COMMITTEE),
        ("cell", "old", Block.PARTY, AgencyKind.PARTY_COMMITTEE),
        ("archive", "new", Block.GOVERNMENT, AgencyKind.HISTORICAL_ARCHIVE),
        ("stranger", "new", Block.GOVERNMENT, AgencyKind.DEPARTMENT),
    ):
        established = AgencyEstablished(
            name=f"Cơ quan {key}", block=block, kind=kind, unit=named(unit), code=f"H26.{key}", valid_from="2008-08-01"
        )
        archive.record("unit.agency", {named(key): [established]})
    for fonds, creator, line in (("fonds", "creator", CustodyLine.STATE), ("party", "cell", CustodyLine.PARTY)):
        opened = FondsOpened(
            code=f"P{fonds}", name=f"Phông {fonds}", creators=(named(creator),), opened_from="2008-08-01", line=line
        )
        archive.record("fonds.open", {named(fonds): [opened]})
    for file, fonds, title, holder in (
        ("file", "fonds", TITLE, "creator"),
        ("party-file", "party", PARTY_TITLE, "cell"),
    ):
        archive.record("file.register", {named(file): [_file(file, fonds, title, holder), FileAdmitted()]})
    _scan(archive)
    for person, agency, reach in (
        ("holder", "creator", Reach.AGENCY),
        ("auditor", "archive", Reach.CITY),
        ("other", "stranger", Reach.AGENCY),
        ("secretary", "cell", Reach.AGENCY),
    ):
        fact = PrincipalAppointed(agency=named(agency), office="Lưu trữ viên", Name=Plain(SIGNER), reach=reach)
        archive.record("principal.appoint", {named(person): [fact]})
    archive.settle()


def _scan(archive: Archive) -> None:
    blobs = archive.sealer.seal_blobs(
        [
            BlobPlain(owner=named("file"), stream=named("document"), blob=named(f"blob {kind}"), media=media, data=data)
            for kind, media, data in (
                ("original", "application/pdf", PDF),
                ("searchable", "application/pdf", PDF + b"s"),
                ("text", "text/plain", OCR.encode()),
            )
        ]
    )
    described = DocumentDescribed(
        file=named("file"), DocOrdinal=1, TypeName="Quyết định", CodeNumber="05", CodeNotation="QĐ-UBND",
        IssuedDate="2019-05-17", PageAmount=2, Subject=Plain(SUBJECT), SignerInfo=Plain(SIGNER),
    )  # fmt: skip
    digitized = DocumentDigitized(
        file=named("file"), DocOrdinal=1, original=blobs[0], searchable=blobs[1], text=blobs[2], PageAmount=2
    )
    read = DocumentRecognized(
        readings=(FieldReading("CodeNumber", 91, ReadingState.SURE),), engine="tesseract 5", CodeNumber="05",
        Subject=Plain(SUBJECT),
    )  # fmt: skip
    owners = {named("document"): named("file")}
    archive.record("document.describe", {named("document"): [described]}, owners)
    archive.record("document.describe", {named("undigitized"): [_second()]}, {named("undigitized"): named("file")})
    held = FileDigitized(held_by=named("archive"), held_from="2026-01-05")
    archive.record("document.digitize", {named("document"): [digitized, read], named("file"): [held]}, owners)


def _second() -> DocumentDescribed:
    return DocumentDescribed(file=named("file"), DocOrdinal=2, TypeName="Báo cáo", Subject=Plain(SUBJECT))


def _file(key: str, fonds: str, title: str, holder: str) -> FileRegistered:
    return FileRegistered(
        FileCode=FileCode(OrganId="H26.1", FileCatalog=2019, FileNotation=key.upper()),
        fonds=named(fonds),
        Title=Plain(title),
        Maintenance=Maintenance(retention=RetentionClass.PERMANENT, as_written="Vĩnh viễn"),
        state=WorkState.FINISHED,
        arranged=True,
        held_by=named(holder),
        held_from="2019-12-31",
        block=Block.GOVERNMENT,
        StartDate="2019",
        EndDate="2019-12",
        sheets=40,
    )


def unit_established(name: str, code: str, valid_from: str) -> UnitEstablished:
    """A ward."""
    return UnitEstablished(name=name, kind=UnitKind.WARD, level=Level.COMMUNE, code=code, valid_from=valid_from)


def _new_actor() -> Actor:
    actor = str(uuid4())
    return Actor(id=actor, signer=Ed25519Signer(f"x/{actor}", uuid4().bytes * 2))


def _sequencer(ledger: Ledger, conninfo: str, home: Path) -> Sequencer:
    signers = (Ed25519Signer(ledger.origin, b"L" * 32), MlDsa44Signer(ledger.origin, b"M" * 32))
    return Sequencer(log=ledger.log_name, origin=ledger.origin, conninfo=conninfo, home=home, signers=signers)
