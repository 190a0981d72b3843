"""A small Hà Nội told to a ledger: districts and communes, files and scans, a hand-over, a reorganization."""

from __future__ import annotations

import random
from uuid import UUID

import msgspec

from domain.access import AccessRule, ReadDenied, RecordRead
from domain.accession import AccessionReceived, RefusedRow, RowsRefused
from domain.administrative_unit import UnitEstablished
from domain.agency import AgencyEstablished, AgencyKind, Block
from domain.basis import Instrument
from domain.document import (
    DiscrepancyNoted,
    DocumentDescribed,
    DocumentDigitized,
    DocumentRecognized,
    DocumentsMatched,
    DuplicateDelivered,
    FieldReading,
    ReadingState,
)
from domain.event import Event
from domain.file import FileAdmitted, FileDigitized, FileRegistered, FileSentBack, GateFault, Rights
from domain.fonds import FondsOpened, line_of
from domain.handover import HandoverProposed, InventoryLine
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass, WorkState
from domain.plan import Plan
from domain.principal import PrincipalAppointed, Reach
from domain.retention import Maintenance
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import handover, reorganization
from ledger.log_name import LogName
from ledger.proposal import Basis
from tests.projections import story_in_part as in_part
from tests.projections.house import BoxPacked, House
from tests.projections.story_later import tell_later
from tests.projections.story_plan import BLOCKS, EFFECTIVE, KIND_OF, KINDS, TITLES, UNITS, a, shipped_plan

__all__ = ["BLOCKS", "EFFECTIVE", "UNITS", "Story", "a"]


class Story:
    """Tells it in parts, so that a test can stop between them."""

    def __init__(self, house: House, seed: int = 7) -> None:
        self.house = house
        self.dice = random.Random(seed)
        self.files: dict[UUID, FileRegistered] = {}
        self.documents: dict[UUID, UUID] = {}

    def found_bodies(self) -> None:
        """Units and agencies of 2025-06-30 with one fonds each, and the city's archives."""
        units: dict[UUID, list[Event]] = {}
        bodies: dict[UUID, list[Event]] = {}
        for number, (name, (level, parent)) in enumerate(UNITS.items()):
            units[a("unit", name)] = [
                UnitEstablished(
                    name=f"Đơn vị {name}",
                    kind=KIND_OF[level],
                    level=level,
                    code=f"{number:05}",
                    valid_from="2020-01-01",
                    parent=a("unit", parent) if parent else None,
                )
            ]
            for block, kind in zip(BLOCKS, KINDS, strict=True):
                bodies |= self._body(f"{name}-{block}", block, kind, name)
        bodies |= self._body("archive", Block.GOVERNMENT, AgencyKind.HISTORICAL_ARCHIVE, "city")
        bodies |= self._body("party-archive", Block.PARTY, AgencyKind.PARTY_ARCHIVE, "city")
        self.house.record("unit.establish", units, basis=Basis(code="decision", ref="Quyết định 1/QĐ-UBND"))
        self.house.record("agency.establish", bodies)

    def _body(self, name: str, block: Block, kind: AgencyKind, unit: str) -> dict[UUID, list[Event]]:
        body = AgencyEstablished(
            name=f"Cơ quan {name}", block=block, kind=kind, unit=a("unit", unit), code=name, valid_from="2020-01-01"
        )
        opened = FondsOpened(
            code=f"P-{name}",
            name=f"Phông {name}",
            creators=(a("agency", name),),
            opened_from="2020-01-01",
            line=line_of(block),
        )
        return {a("agency", name): [body], a("fonds", name): [opened]}

    def register_files(self, per_fonds: int = 4) -> None:
        """Files in each fonds of a unit, in one delivery each; some rows are refused; one unknown kind of event."""
        for name in [f"{unit}-{block}" for unit in UNITS for block in BLOCKS]:
            delivery = a("accession", name)
            received = AccessionReceived(
                number=name, rows=per_fonds + 2, registered=per_fonds, worksheet_digest=Plain("0" * 64)
            )
            refused = RowsRefused(
                refused=(RefusedRow(row=9, code="date-impossible", column="StartDate"), RefusedRow(row=4, code="x"))
            )
            events: dict[UUID, list[Event]] = {delivery: [received, refused]}
            for number in range(per_fonds):
                file, made = self._file(name, number, delivery)
                self.files[file] = made
                sent = FileSentBack(faults=(GateFault.NOT_ARRANGED, GateFault.DAMAGED))
                events[file] = [made, FileAdmitted() if made.arranged else sent]
            self.house.record("file.register", events)
        self.house.record("box.pack", {a("box", "1"): [BoxPacked()]})

    def _file(self, name: str, number: int, delivery: UUID) -> tuple[UUID, FileRegistered]:
        dice = self.dice
        retention = dice.choice(list(RetentionClass))
        years = dice.choice((0, 10, 20)) if retention is RetentionClass.TEMPORARY else 0
        block = BLOCKS[[str(one) for one in BLOCKS].index(name.split("-")[1])]
        return a("file", f"{name}/{number}"), FileRegistered(
            FileCode=FileCode(OrganId=name, FileCatalog=2020, FileNotation=f"{number:03}"),
            fonds=a("fonds", name),
            Title=Plain(dice.choice(TITLES)),
            Maintenance=Maintenance(retention=retention, years=years, as_written="20 năm"),
            state=dice.choice(list(WorkState)),
            arranged=dice.random() < 0.6,
            held_by=a("agency", name),
            held_from=dice.choice(("2020-01-01", "2021-06-01")),
            block=block,
            StartDate="2020",
            EndDate=dice.choice(("", "2021", "2022-05", "2023-05-17")),
            Rights=dice.choice((Rights.OPEN, Rights.OPEN, Rights.CONDITIONAL)),
            sheets=number,
            box=dice.choice(("", "H1", "H2")),
            accession=delivery,
        )

    def digitize(self) -> None:
        """A third of the files: described, scanned, read; one contradicted, one delivered again, two matched."""
        chosen = sorted(self.files, key=str)[::3]
        for at, file in enumerate(chosen):
            for ordinal in range(1, 3):
                document = a("document", f"{file}/{ordinal}")
                self.documents[document] = file
                first = self._described(file, ordinal, at) if at % 4 else []
                if at % 5 == 0 and first:
                    self.house.record("document.describe", {document: first}, {document: file})
                    first = []
                events: dict[UUID, list[Event]] = {document: [*first, *self._scanned(file, document, ordinal, at)]}
                if ordinal == 1:
                    scanned = FileDigitized(held_by=a("agency", "archive"), held_from="2025-03-01")
                    events[file] = [scanned]
                self.house.record("document.digitize", events, {document: file})
        one, two, *_ = sorted(self.documents, key=str)
        again = DuplicateDelivered(file=self.documents[one], delivered_as=Plain("quét lại.pdf"))
        self.house.record("document.note-duplicate", {one: [again]}, {one: self.documents[one]})
        matched = DocumentsMatched(reference=one, others=(two,), basis="So sánh", similarity=97)
        self.house.record("document.match", {a("match", "1"): [matched]})

    def _described(self, file: UUID, ordinal: int, at: int) -> list[Event]:
        return [
            DocumentDescribed(
                file=file,
                DocOrdinal=ordinal,
                TypeName="Quyết định",
                CodeNumber=f"0{at}",
                CodeNotation="QĐ-UBND",
                IssuedDate="2025-08-01" if at % 3 == 0 else "2023-05",
                PageAmount=2,
                OrganName=Plain("Ủy ban nhân dân"),
                Subject=Plain(f"Về việc nâng lương {at}"),
            )
        ]

    def _scanned(self, file: UUID, document: UUID, ordinal: int, at: int) -> list[Event]:
        text = f"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nCấp đất cho trường học số {at}".encode()
        blob = self.house.seal_blob(file, document, text)
        scan = DocumentDigitized(
            file=file, DocOrdinal=ordinal, original=blob, searchable=blob, text=blob, PageAmount=2, flags=("skewed",)
        )
        read = DocumentRecognized(
            readings=(FieldReading("CodeNumber", 91, ReadingState.SURE),),
            engine="tesseract 5",
            CodeNumber=str(at + 1),
            CodeNotation="QĐ-UBND",
            IssuedDate="2023-05-02",
            Subject=Plain("Về việc nâng lương"),
            SignerInfo=Plain("Nguyễn Văn Mẫu"),
        )
        return [scan, read, *([DiscrepancyNoted(fields=("CodeNumber",))] if at % 2 else [])]

    def appoint(self) -> None:
        """An officer in each of a few agencies, one of them for the whole city."""
        for name in ("a1-government", "d1-government", "archive"):
            reach = Reach.CITY if name == "archive" else Reach.AGENCY
            fact = PrincipalAppointed(
                agency=a("agency", name), office="Lưu trữ viên", Name=Plain("Trần Thị Mẫu"), reach=reach
            )
            self.house.record("principal.appoint", {a("principal", name): [fact]})

    def hand_over(self, name: str, unit: str, carrier: Carrier, on: str, receiver: str = "archive") -> None:
        """Every second paper file of a unit's government fonds, or each that was scanned, signed for by both."""
        house, stream = self.house, a("handover", name)
        fonds = a("fonds", f"{unit}-government")
        of_fonds = [key for key, file in self.files.items() if file.fonds == fonds]
        scanned = set(self.documents.values())
        chosen = of_fonds[::2] if carrier is Carrier.PAPER else [key for key in of_fonds if key in scanned]
        lines = [InventoryLine(FileCode=self.files[key].FileCode, file=key, sheets=3, box="H1") for key in chosen]
        offer = HandoverProposed(
            giver=a("agency", f"{unit}-government"),
            receiver=a("agency", receiver),
            carrier=carrier,
            basis="QĐ 12",
            deputy=None if on < EFFECTIVE else in_part.DEPUTY,
        )
        handover.propose(house.main, house.clerk, new_act_id(), stream, offer, lines)
        handover.complete(house.main, house.clerk, house.chief, new_act_id(), stream, on)

    def hand_over_in_part(self) -> None:
        """Lines disputed in two wards and a district, some settled later; an offer left open, another taken back."""
        in_part.tell(self.house, self.files)

    def plan(self) -> Plan:
        """The plan of the story."""
        return shipped_plan()

    def draft(self, name: str = "2025", plan: Plan | None = None) -> None:
        """Put the plan down."""
        reorganization.draft(
            self.house.main, self.house.clerk, new_act_id(), a("reorganization", name), plan or self.plan()
        )

    def enact(self, name: str = "2025") -> None:
        """Adopt and enact it."""
        main, clerk, stream = self.house.main, self.house.clerk, a("reorganization", name)
        adopted = Instrument(number="1656/NQ-UBTVQH15", issued="2025-06-16", issuer="UBTVQH", in_force="2025-06-16")
        reorganization.adopt(main, clerk, new_act_id(), stream, adopted)
        reorganization.enact(main, clerk, new_act_id(), stream, EFFECTIVE)

    def read_records(self) -> None:
        """One document read, another denied: in the access log."""
        one, two, *_ = sorted(self.documents, key=str)
        read = RecordRead(
            reader=Plain("reader"), records=(one, self.documents[one]), what="text", rule=AccessRule.HOLDER
        )
        denied = ReadDenied(reader=Plain("reader"), records=(two,), what="text", rule=AccessRule.NEEDS_GRANT)
        self.house.record("access.record", {a("journal", "1"): [read, denied]}, log=LogName.ACCESS)

    def until_enactment(self) -> None:
        """Everything before the reorganization takes effect."""
        self.found_bodies()
        self.register_files()
        self.digitize()
        self.appoint()
        self.hand_over("early", "a1", Carrier.PAPER, "2025-05-01")
        self.draft()

    def after_enactment(self) -> None:
        """Hand-overs that follow, one of them entered late for an earlier day; a plan that was given up."""
        self.hand_over("paper", "d1", Carrier.PAPER, "2025-08-01")
        self.hand_over("back", "a1", Carrier.PAPER, "2025-09-01", "n1-government")
        self.hand_over("late", "a1", Carrier.PAPER, "2025-04-01", "d1-government")
        self.hand_over("digital", "a2", Carrier.DIGITAL, "2025-08-01", "n1-government")
        self.hand_over_in_part()
        self.draft("given-up", msgspec.structs.replace(self.plan(), title="Phương án khác"))
        reorganization.withdraw(
            self.house.main, self.house.clerk, new_act_id(), a("reorganization", "given-up"), "thôi"
        )

    def tell(self) -> None:
        """All of it."""
        self.until_enactment()
        self.enact()
        self.after_enactment()
        tell_later(self)
        self.read_records()
