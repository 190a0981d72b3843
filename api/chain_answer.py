"""What is answered of a file's chain: each act with its proof, who had it in turn, who may use it."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

import msgspec

from api.may_use import FileReader, file_readers
from domain.access import AccessRule
from domain.basis import Certainty
from domain.custody import Custody, HoldingState
from domain.lot import Carrier
from projections.chain import Body, Chain, ChainedAct, ChainedEvent
from projections.chain_sentence import Clause, clauses, in_words
from projections.chain_spans import apart, held, must_have
from projections.chain_words import line
from projections.readers import FileUse


class ChainClause(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một vế của câu / a clause of the sentence. acts, proofs: where to get the acts it rests on and their proofs.

    actIndexes, positions: the same acts and events by their numbers in the log.
    """

    vi: str
    en: str
    acts: tuple[str, ...]
    proofs: tuple[str, ...]
    act_indexes: tuple[int, ...]
    positions: tuple[int, ...]


class ChainCustody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một vật mang tin ngày đó / a carrier on the day: who must have it and who has it, by which acts.

    known: whether anything was known of it then; state: null where nothing was.
    """

    known: bool
    state: HoldingState | None
    assigned_to: UUID | None
    held_by: UUID | None
    because_assigned: int | None
    because_held: int | None


class ChainAgency(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một cơ quan trong chuỗi / an agency of the chain, in its unit. validTo: first day it is gone, or empty.

    certainty, unitCertainty: how the first day of each is known; `reconstructed` where it is inferred from rosters.
    """

    id: UUID
    name: str
    code: str
    valid_from: str
    valid_to: str
    certainty: Certainty
    unit_name: str
    unit_certainty: Certainty


class ChainSpan(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một khoảng thời gian / from a day until a day (empty: still so). agency: null while a receiver is awaited."""

    since: str
    until: str
    agency: UUID | None
    act: int
    position: int
    basis: str


class ChainEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một sự kiện / an event. of: what it concerns; day: when it takes effect; position, proof: where it is proven."""

    position: int
    type: str
    of: str
    day: str
    vi: str
    en: str
    proof: str


class ChainAct(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Một hành vi / an act. signers: actor ids in the order they signed; leafHash: base64; note: the signed bytes."""

    index: int
    act: str
    at: str
    signers: tuple[str, ...]
    basis_code: str
    basis_ref: str
    leaf_hash: str
    note: str
    events: tuple[ChainEvent, ...]


class ChainOfFile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Chuỗi lưu giữ / the chain as of a day and as known after an act.

    reconstructed: whether it rests on dates inferred from rosters; sentenceVi, sentenceEn: the clauses in one; custody:
    of each carrier on the day; assignedTo, heldBy: of each in turn, of the digital one since there is one; apart:
    whether the two were ever assigned to different bodies; mayUse, othersMayUse: who may use the file, and why nobody
    else may; picture, page: where to get the chain as SVG and as HTML.
    """

    file: UUID
    code: str
    on: str
    known_at: int | None
    reconstructed: bool
    sentence_vi: str
    sentence_en: str
    clauses: tuple[ChainClause, ...]
    custody: dict[Carrier, ChainCustody]
    apart: bool
    assigned_to: dict[Carrier, tuple[ChainSpan, ...]]
    held_by: dict[Carrier, tuple[ChainSpan, ...]]
    may_use: tuple[FileReader, ...]
    others_may_use: AccessRule | None
    agencies: tuple[ChainAgency, ...]
    acts: tuple[ChainAct, ...]
    picture: str
    page: str


def chain_answer(found: Chain, use: FileUse, known_at: int | None) -> ChainOfFile:
    """The whole chain. known_at: as asked, None for the newest."""
    vi, en = in_words(clauses(found))
    asked = as_asked(found, known_at)
    return ChainOfFile(
        file=found.file.id,
        code=found.file.code,
        on=found.on,
        known_at=known_at,
        reconstructed=found.reconstructed,
        sentence_vi=vi,
        sentence_en=en,
        clauses=tuple(_clause(one) for one in clauses(found)),
        custody={carrier: _custody(found.custody(carrier)) for carrier in Carrier},
        apart=apart(found),
        assigned_to={carrier: _spans(must_have(found, carrier)) for carrier in Carrier},
        held_by={carrier: _spans(held(found, carrier)) for carrier in Carrier},
        may_use=file_readers(use),
        others_may_use=use.others_may_use,
        agencies=tuple(_agency(found.bodies[one]) for one in sorted(found.bodies, key=str)),
        acts=tuple(_act(found, act) for act in found.acts),
        picture=f"/files/{found.file.id}/chain.svg{asked}",
        page=f"/files/{found.file.id}/chain.html{asked}",
    )


def as_asked(found: Chain, known_at: int | None) -> str:
    """The query by which the same is asked again."""
    return f"?on={found.on}" + (f"&known_at={known_at}" if known_at is not None else "")


def _custody(one: Custody) -> ChainCustody:
    return ChainCustody(
        known=one.known,
        state=one.state if one.known else None,
        assigned_to=one.assigned_to,
        held_by=one.held_by,
        because_assigned=one.because_assigned if one.because_assigned >= 0 else None,
        because_held=one.because_held if one.because_held >= 0 else None,
    )


def _agency(body: Body) -> ChainAgency:
    return ChainAgency(**{name: getattr(body, name) for name in ChainAgency.__struct_fields__})


def _clause(one: Clause) -> ChainClause:
    return ChainClause(
        vi=one.vi,
        en=one.en,
        acts=tuple(f"/acts/{act}" for act in one.acts),
        proofs=tuple(f"/proof/{position}" for position in one.positions),
        act_indexes=one.acts,
        positions=one.positions,
    )


def _spans(found: tuple[object, ...]) -> tuple[ChainSpan, ...]:
    return tuple(msgspec.convert(list(found), list[ChainSpan], from_attributes=True))


def _act(found: Chain, act: ChainedAct) -> ChainAct:
    return ChainAct(
        index=act.index,
        act=act.name,
        at=act.at,
        signers=act.signers,
        basis_code=act.basis_code,
        basis_ref=act.basis_ref,
        leaf_hash=b64encode(act.leaf).decode(),
        note=f"/acts/{act.index}",
        events=tuple(_event(found, one) for one in act.events),
    )


def _event(found: Chain, one: ChainedEvent) -> ChainEvent:
    told = line(found, one)
    return ChainEvent(
        position=one.position,
        type=one.type,
        of=one.what,
        day=one.day,
        vi=told.vi,
        en=told.en,
        proof=f"/proof/{one.position}",
    )
