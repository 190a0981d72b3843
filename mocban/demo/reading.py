"""Step 5, second half: one principal reads a document through the API, another is denied; both enter the access log."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import psycopg

from api.app import create_app
from api.identity import issue_token, revoke_tokens
from digitization.intake import Paper
from domain.file import Rights
from domain.fonds import CustodyLine
from mocban.api_services import services_of
from mocban.bootstrap import WRITER
from mocban.demo.people import READER, STRANGER, Person, actor_id
from mocban.demo.stage import Stage
from projections.finding_aid_queries import document, file, fonds
from projections.runner import Runner

_BASE: Final = "http://mocban.local"


class Readings(msgspec.Struct, frozen=True, kw_only=True):
    """HTTP statuses: what the reader got, what the stranger got. tokens: folder with a bearer token of each."""

    reader: int
    stranger: int
    bytes: int
    tokens: Path


def read_and_deny(stage: Stage, asked: UUID, runners: tuple[Runner, Runner]) -> Readings:
    """Ask for a document's searchable PDF twice, in process, by the very API that `serve` serves."""
    for runner in runners:
        runner.drain()
    with stage.step("read", "Một người đọc, một người bị từ chối", "One reads, one is denied"):
        tokens = {person.key: _token(stage, person) for person in (READER, STRANGER)}
        answers = asyncio.run(_ask(stage, f"/documents/{asked}/searchable", tokens))
        runners[1].drain()
    reader, stranger = answers[READER.key], answers[STRANGER.key]
    return Readings(
        reader=reader.status_code,
        stranger=stranger.status_code,
        bytes=len(reader.content),
        tokens=_folder(stage),
    )


def readable(stage: Stage, papers: Sequence[Paper], runners: tuple[Runner, Runner]) -> UUID | None:
    """The first digitized document of an open State file: one that the reading room may see."""
    runners[0].drain()
    with stage.product.views.connection() as connection:
        for paper in papers:
            row = document(connection, paper.document)
            found = file(connection, paper.file)
            fonds_row = fonds(connection, found.fonds) if found else None
            is_open = found is not None and found.rights is Rights.OPEN
            if row and row.searchable and is_open and fonds_row and fonds_row.line is CustodyLine.STATE:
                return paper.document
    return None


async def _ask(stage: Stage, path: str, tokens: dict[str, str]) -> dict[str, httpx.Response]:
    app: Any = create_app(services_of(stage.product))  # typed apart from httpx's own idea of an application
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=_BASE, timeout=30) as client:
        return {
            name: await client.get(path, headers={"Authorization": f"Bearer {token}"}) for name, token in tokens.items()
        }


def _token(stage: Stage, person: Person) -> str:
    """A fresh token, kept for its owner alone; those of earlier runs end."""
    actor = actor_id(stage, person)
    with psycopg.connect(stage.product.databases.main_url(WRITER)) as connection:
        revoke_tokens(connection, actor)
        token = issue_token(connection, actor)
    path = _folder(stage) / person.key
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.write(token)
    return token


def _folder(stage: Stage) -> Path:
    return stage.out / "tokens"
