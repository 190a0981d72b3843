"""The workplace of a child process of the import: what it is given, and the drafting of one part.

What is secret comes with the first message to the child and stays in its memory. No signing key is among it: the parent
signs.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn
from uuid import UUID

import msgspec
from typing_extensions import override

from digitization.delivery import DeliveryTerms, delivery_of, refused_row
from digitization.processes import end_with_parent
from digitization.worksheet_part import judge
from digitization.worksheet_parts import Fault, Part
from digitization.worksheet_rows import Known
from domain.accession import AccessionReceived, RefusedRow, RowsRefused
from domain.errors import Refusal
from domain.file import FileSentBack
from domain.identifiers import Naming
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.bulk_draft import BulkDraft, draft
from ledger.commands.accession import proposal
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.sealed_store import SealedStore
from ledger.sealer import Sealer
from ledger.secret import LedgerSecret
from mocban.hanoi import fonds_creators, retention_rules
from signing.note import VerifierKey


class Gear(msgspec.Struct, frozen=True, kw_only=True):
    """What a workplace is built from. secret, kek: 32 bytes each; received_on: civil day; actor: who will sign.

    creators: fonds code -> code of its creator, of those recorded beside the reference data.
    """

    origin: str
    main: str
    keys: str
    secret: bytes
    kek: bytes
    actor: str
    actor_key: VerifierKey
    received_on: str
    creators: dict[str, str] = {}

    @override
    def __repr__(self) -> str:
        return "Gear(...)"


class PartDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A drafted part. rows: of them; sent_back: files stopped at the gate; refused: each with its words, vi and en;
    remarks: code -> cells taken otherwise than as written."""

    draft: BulkDraft
    rows: int
    sent_back: int
    refused: tuple[tuple[RefusedRow, str, str], ...]
    remarks: dict[str, int] = {}


class Workplace:
    """Everything that drafting needs, open. actor: who will sign, elsewhere."""

    def __init__(self, gear: Gear) -> None:
        secret = LedgerSecret(gear.secret)
        creators, rules = {**fonds_creators(), **gear.creators}, retention_rules()
        self._known = Known(agencies=frozenset(creators.values()), fonds=creators, rules=frozenset(rules))
        self.naming: Final = Naming(secret.ids)
        self._terms = DeliveryTerms(naming=self.naming, creators=creators, rules=rules, received_on=gear.received_on)
        self.actor: Final = Actor(id=gear.actor, signer=_KeyElsewhere(gear.actor_key))
        self._keys = KeyStore(gear.keys, gear.kek, "record", cached_keys=0)  # each file's key is used once here
        self._store = SealedStore(gear.main)
        self.ledger: Final = Ledger(
            log=LogName.MAIN,
            origin=gear.origin,
            conninfo=gear.main,
            secret=secret,
            sealer=Sealer(self._keys, self._store),
        )

    def draft(self, part: Part, act_id: UUID, number: str, digest: str, *, presume_new: bool) -> PartDraft:
        """The part as accession `number`. presume_new: its files and documents are taken for new without asking.

        Raises Refusal, such as `accession-already-received`.
        """
        sheet, codes = judge(part, self._known)
        delivery = delivery_of(sheet, number, digest, self._terms, codes)
        title = {"files_sheet": part.sheet} if part.is_files else {"documents_sheet": part.sheet}
        delivery = msgspec.structs.replace(delivery, **title)
        new = [entry.file for entry in delivery.files] + [entry.document for entry in delivery.documents]
        # The worksheet's digest and the part's number stand for the rows.
        act = proposal(self.actor, act_id, delivery, request={"accession": number, "worksheet": digest})
        made, placed = draft(self.ledger, act, new if presume_new else ())
        refused = [row for item in placed if isinstance(item.event, RowsRefused) for row in item.event.refused]
        said = {refused_row(one): (one.vi, one.en) for one in sheet.refusals}
        received = next(item.event for item in placed if isinstance(item.event, AccessionReceived))
        return PartDraft(
            draft=made,
            rows=received.rows,
            sent_back=sum(isinstance(item.event, FileSentBack) for item in placed),
            refused=tuple((row, *(said.get(row) or words(row))) for row in refused),
            remarks=_counted(sheet.remarks),
        )

    def close(self) -> None:
        """Close what was opened."""
        for part in (self.ledger, self._store, self._keys):
            part.close()


def _counted(remarks: Sequence[Refusal]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for one in remarks:
        cells = one.facts.get("cells", one.facts.get("links"))
        counts[one.code] += cells if isinstance(cells, int) else 1
    return dict(counts)


def words(row: RefusedRow) -> tuple[str, str]:
    """Vietnamese and English of a refused row as the ledger keeps it; what it does not keep shows as `?`."""
    refusal = Refusal(row.code, sheet=row.sheet, row=row.row, column=row.column, code=f"{row.sheet} {row.row}")
    return refusal.vi, refusal.en


class _KeyElsewhere:
    """The signer of an actor whose private key is in another process."""

    def __init__(self, key: VerifierKey) -> None:
        self.verifier_key: Final = key

    def sign(self, message: bytes) -> NoReturn:
        """Never here."""
        raise NotImplementedError(f"{len(message)} bytes are signed by the parent")


_places: list[Workplace] = []
"""The one workplace of this process, once it is a child."""


def move_in(gear: Gear) -> None:
    """Set the child up; it ends with its parent, however that ended.

    In a session of its own, as PostgreSQL's processes are: a terminal's interrupt is the parent's to answer, and where
    a busy kernel shares out processors by session, the children do not live on their parent's share.
    """
    end_with_parent()
    os.setsid()
    _places.append(Workplace(gear))
    gc.collect()
    gc.freeze()  # what is here now stays: no later search for cycles looks through it


def workplace() -> Workplace:
    """This child's own."""
    return _places[0]


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles while a part is drafted: thousands of events come to be, none of them in a cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def draft_here(part: Part, act_id: UUID, number: str, digest: str, presume_new: bool) -> PartDraft | Fault:
    """`Workplace.draft` in the child; a refusal as its code and facts, which travel."""
    try:
        with uncollected():
            return workplace().draft(part, act_id, number, digest, presume_new=presume_new)
    except Refusal as refusal:
        return refusal.code, dict(refusal.facts)
