"""The chain of a file (chuỗi lưu giữ): every act on it in order with its proof, as JSON, a page and a picture. Public.

Files are named by code and opaque id, agencies by name; no title and no person's name is shown.
"""

from __future__ import annotations

from html import escape
from uuid import UUID

from litestar import Response
from litestar.params import FromPath

from api.chain_answer import ChainOfFile, as_asked, chain_answer
from api.civil_day import Day, civil_day, today
from api.custody import KnownAt
from api.pages import both, page
from api.resource import public
from api.services import Services, Wired
from projections.chain import Chain, ChainedAct, ChainedEvent, chain
from projections.chain_sentence import Clause, clauses
from projections.chain_words import line
from projections.custody_queries import NEWEST_KNOWN
from projections.reader_words import by_rule, for_others
from projections.readers import FileUse, use_of


@public("/files/{file_id:uuid}/chain")
def chain_of_file(services: Wired, file_id: FromPath[UUID], on: Day = None, known_at: KnownAt = None) -> ChainOfFile:
    """Chuỗi lưu giữ của hồ sơ / every act on the file, its fonds, creators and their units, in order, with proofs."""
    found, use = _asked(services, file_id, on, known_at)
    return chain_answer(found, use, known_at)


@public("/files/{file_id:uuid}/chain.svg", media_type="image/svg+xml")
def chain_picture(
    services: Wired, file_id: FromPath[UUID], on: Day = None, known_at: KnownAt = None
) -> Response[bytes]:
    """Trục thời gian / the chain as a picture."""
    drawn = services.draw_chain(*_asked(services, file_id, on, known_at))
    return Response(drawn.encode(), media_type="image/svg+xml", headers={"Cache-Control": "no-cache"})


@public("/files/{file_id:uuid}/chain.html", media_type="text/html")
def chain_page(services: Wired, file_id: FromPath[UUID], on: Day = None, known_at: KnownAt = None) -> Response[bytes]:
    """Trang chuỗi lưu giữ / the chain as a page: the sentence with a link for each clause, picture and acts."""
    found, use = _asked(services, file_id, on, known_at)
    asked = escape(as_asked(found, known_at))
    rows = "".join(_row(found, act, one) for act, one in found.events())
    body = (
        f"<p>{'; '.join(_linked(one, one.vi) for one in clauses(found))}."
        f'<span lang="en">{"; ".join(escape(one.en) for one in clauses(found))}.</span></p>'
        f'<p><a href="/files/{file_id}/chain.svg{asked}"><img src="/files/{file_id}/chain.svg{asked}" '
        f'alt="Trục thời gian / timeline" width="100%"></a></p>'
        f"{_uses(use)}<table>"
        f"<tr><th>{both('Ngày', 'Day')}</th><th>{both('Việc', 'What')}</th><th>{both('Căn cứ', 'Basis')}</th>"
        f"<th>{both('Hành vi', 'Act')}</th><th>{both('Chứng cứ', 'Proof')}</th></tr>{rows}</table>"
    )
    title = f"Chuỗi lưu giữ hồ sơ {found.file.code}"
    return Response(page(title, body), media_type="text/html", headers={"Cache-Control": "no-cache"})


def _asked(services: Services, file: UUID, on: str | None, known_at: int | None) -> tuple[Chain, FileUse]:
    day = civil_day(on) if on is not None else today(services.clock)
    newest = NEWEST_KNOWN if known_at is None else known_at
    with services.views.connection() as connection:
        return chain(connection, file, day, newest), use_of(connection, file, day, newest)


def _uses(use: FileUse) -> str:
    """Who may use the file: a row for each rule."""
    rows = "".join(f"<tr><td>{both(one.vi, one.en)}</td></tr>" for one in by_rule(use.may_use))
    others = for_others(use.others_may_use)
    rest = f"<tr><td>{both(*others)}</td></tr>" if others[0] else ""
    return f"<table><tr><th>{both('Được khai thác', 'May use')}</th></tr>{rows}{rest}</table>"


def _linked(one: Clause, text: str) -> str:
    return f'<a href="/acts/{one.acts[-1]}">{escape(text)}</a>' if one.acts else escape(text)


def _row(found: Chain, act: ChainedAct, one: ChainedEvent) -> str:
    told = line(found, one)
    return (
        f"<tr><td>{escape(told.date)}</td><td>{both(told.vi, told.en)}</td><td>{escape(act.basis_ref)}</td>"
        f'<td><a href="/acts/{act.index}">{act.index}</a> <code>{escape(act.name)}</code></td>'
        f'<td><a href="/proof/{one.position}">{one.position}</a></td></tr>'
    )
