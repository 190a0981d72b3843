"""Deputy and witnesses from a file, never from arguments: other accounts of a machine see those.

deputy:
  name: Nguyễn Văn Mẫu
  post: Tổ trưởng Tổ bàn giao
  decision: {number: 12/QĐ-UBND, issued: 2025-06-20, issuer: UBND quận, in_force: 2025-06-20}
witnesses:
  - {name: Lê Thị Mẫu, post: Công chức Sở Nội vụ}
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from domain.basis import Instrument
from domain.civil_date import parse
from domain.errors import Refusal
from domain.handover import Deputy, Witness
from domain.identifiers import nfc
from domain.sealed import Plain
from mocban.plan_file.yaml_form import read_yaml

MOST: Final = 256 * 1024
_MOST_LETTERS: Final = 200
_PLACE: Final = re.compile(r"`\$\.?(?P<member>[^`]*)`$")


class _Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    post: str
    actor: str = ""


class _Deputy(_Person, frozen=True, kw_only=True, forbid_unknown_fields=True):
    decision: Instrument


class _People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    deputy: _Deputy | None = None
    witnesses: tuple[_Person, ...] = ()


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Who hands over for a body that has ended, and who looks on."""

    deputy: Deputy | None = None
    witnesses: tuple[Witness, ...] = ()


def read_people(path: Path) -> People:
    """Raises Refusal `input-unreadable`, `handover-people-unfit` (naming member or line), `date-impossible`."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST else b"\0"
    except OSError as error:
        raise Refusal("input-unreadable", path=path) from error
    form = read_yaml(data)
    if form.found:
        fault = form.fault(form.found[0])
        raise Refusal("handover-people-unfit", where=f"{fault.at.vi} / {fault.at.en}", reason=fault.code)
    try:
        told = msgspec.convert(form.value, _People)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        where = place["member"] if place else "?"
        reason = str(error).partition(" - at")[0]
        raise Refusal("handover-people-unfit", where=where or "?", reason=reason) from error
    return People(
        deputy=_deputy(told.deputy) if told.deputy else None,
        witnesses=tuple(
            Witness(Name=_said(one.name, "witnesses.name"), Post=_said(one.post, "witnesses.post"), actor=one.actor)
            for one in told.witnesses
        ),
    )


def full_days(instrument: Instrument) -> Instrument:
    """The instrument, its texts in form C.

    Raises Refusal `date-impossible`, `question-date-partial`, `handover-decision-days`, `handover-text-unfit`.
    """
    for day in (instrument.issued, instrument.in_force):
        if len(parse(day)) != len("YYYY-MM-DD"):
            raise Refusal("question-date-partial", value=day)
    number = settled_text(instrument.number, "decision.number")
    if instrument.in_force < instrument.issued:
        raise Refusal("handover-decision-days", number=number, in_force=instrument.in_force, issued=instrument.issued)
    issuer = settled_text(instrument.issuer, "decision.issuer")
    return msgspec.structs.replace(instrument, number=number, issuer=issuer)


def settled_text(text: str, where: str, most: int = _MOST_LETTERS) -> str:
    """The text as the ledger keeps it: form C, no blank at either end. Raises Refusal `handover-text-unfit`."""
    settled = nfc(text.strip())
    if not settled or len(settled) > most or not settled.isprintable():
        raise Refusal("handover-text-unfit", where=where, most=most)
    return settled


def _deputy(one: _Deputy) -> Deputy:
    return Deputy(
        Name=_said(one.name, "deputy.name"),
        Post=_said(one.post, "deputy.post"),
        decision=full_days(one.decision),
        actor=one.actor,
    )


def _said(text: str, where: str) -> Plain:
    return Plain(settled_text(text, where))
