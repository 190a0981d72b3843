"""The chain of a file (chuỗi lưu giữ): every act on it in order with its proof, as JSON, a page and a picture. Public.

Files are named by code and opaque id, agencies by name; no title and no person's name is shown.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import FromPath

from api.agency import AgencyName
from api.civil_day import Day, civil_day, today
from api.custody import KnownAt
from api.pages import both, page
from api.resource import public
from api.services import Services, Wired
from domain.lot import Carrier
from projections.chain import Chain, ChainedAct, ChainedEvent, chain
from projections.chain_sentence import Clause, clauses, in_words
from projections.chain_spans import assigned, held
from projections.chain_words import line
from projections.custody_queries import NEWEST_KNOWN


class ChainClause(msgspec.Struct, frozen=True, kw_only=True):
    """Một vế của câu / a clause of the sentence. acts, proofs: where to get the acts it rests on and their proofs."""

    vi: str
    en: str
    acts: tuple[str, ...]
    proofs: tuple[str, ...]


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

    reconstructed: whether it rests on dates inferred from rosters; sentenceVi, sentenceEn: the clauses in one.
    """

    file: UUID
    code: str
    on: str
    known_at: int | None
    reconstructed: bool
    sentence_vi: str
    sentence_en: str
    clauses: tuple[ChainClause, ...]
    assigned_to: tuple[ChainSpan, ...]
    held_by: dict[Carrier, tuple[ChainSpan, ...]]
    agencies: tuple[AgencyName, ...]
    acts: tuple[ChainAct, ...]


@public("/files/{file_id:uuid}/chain")
def chain_of_file(services: Wired, file_id: FromPath[UUID], on: Day = None, known_at: KnownAt = None) -> ChainOfFile:
    """Chuỗi lưu giữ của hồ sơ / every act on the file, its fonds, creators and their units, in order, with proofs."""
    found = _asked(services, file_id, on, known_at)
    vi, en = in_words(clauses(found))
    spans = {carrier: held(found, carrier) for carrier in Carrier}
    return ChainOfFile(
        file=file_id,
        code=found.file.code,
        on=found.on,
        known_at=known_at,
        reconstructed=found.reconstructed,
        sentence_vi=vi,
        sentence_en=en,
        clauses=tuple(_clause(one) for one in clauses(found)),
        assigned_to=_spans(assigned(found)),
        held_by={carrier: _spans(of_carrier) for carrier, of_carrier in spans.items()},
        agencies=tuple(AgencyName(id=one.id, name=one.name, code=one.code) for one in found.bodies.values()),
        acts=tuple(_act(found, act) for act in found.acts),
    )


@public("/files/{file_id:uuid}/chain.svg", media_type="image/svg+xml")
def chain_picture(
    services: Wired, file_id: FromPath[UUID], on: Day = None, known_at: KnownAt = None
) -> Response[bytes]:
    """Trục thời gian / the chain as a picture."""
    drawn = services.draw_chain(_asked(services, file_id, on, known_at))
    return Response(drawn.encode(), media_type="image/svg+xml", headers={"Cache-Control": "no-cache"})


@public("/files/{file_id:uuid}/chain.html", media_type="text/html")
def chain_page(services: Wired, file_id: FromPath[UUID], on: Day = None, known_at: KnownAt = None) -> Response[bytes]:
    """Trang chuỗi lưu giữ / the chain as a page: the sentence with a link for each clause, picture and acts."""
    found = _asked(services, file_id, on, known_at)
    asked = f"?on={found.on}" + (f"&amp;known_at={known_at}" if known_at is not None else "")
    rows = "".join(_row(found, act, one) for act, one in found.events())
    body = (
        f"<p>{'; '.join(_linked(one, one.vi) for one in clauses(found))}."
        f'<span lang="en">{"; ".join(escape(one.en) for one in clauses(found))}.</span></p>'
        f'<p><a href="/files/{file_id}/chain.svg{asked}"><img src="/files/{file_id}/chain.svg{asked}" '
        f'alt="Trục thời gian / timeline" width="100%"></a></p>'
        f"<table><tr><th>{both('Ngày', 'Day')}</th><th>{both('Việc', 'What')}</th><th>{both('Căn cứ', 'Basis')}</th>"
        f"<th>{both('Hành vi', 'Act')}</th><th>{both('Chứng cứ', 'Proof')}</th></tr>{rows}</table>"
    )
    title = f"Chuỗi lưu giữ hồ sơ {found.file.code}"
    return Response(page(title, body), media_type="text/html", headers={"Cache-Control": "no-cache"})


def _asked(services: Services, file: UUID, on: str | None, known_at: int | None) -> Chain:
    day = civil_day(on) if on is not None else today(services.clock)
    with services.views.connection() as connection:
        return chain(connection, file, day, NEWEST_KNOWN if known_at is None else known_at)


def _clause(one: Clause) -> ChainClause:
    return ChainClause(
        vi=one.vi,
        en=one.en,
        acts=tuple(f"/acts/{act}" for act in one.acts),
        proofs=tuple(f"/proof/{position}" for position in one.positions),
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


def _linked(one: Clause, text: str) -> str:
    return f'<a href="/acts/{one.acts[-1]}">{escape(text)}</a>' if one.acts else escape(text)


def _row(found: Chain, act: ChainedAct, one: ChainedEvent) -> str:
    told = line(found, one)
    return (
        f"<tr><td>{escape(told.date)}</td><td>{both(told.vi, told.en)}</td><td>{escape(act.basis_ref)}</td>"
        f'<td><a href="/acts/{act.index}">{act.index}</a> <code>{escape(act.name)}</code></td>'
        f'<td><a href="/proof/{one.position}">{one.position}</a></td></tr>'
    )
