"""What a list of containers is written as: a workbook, and labels to stick on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.civil_date import as_spoken
from mocban.container_table import Cell
from projections.chain_place import KINDS
from projections.container_queries import StandingContainer


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a label says. code: what its QR code holds, lines of text; kind: Vietnamese and English; more: further lines
    in both languages."""

    name: str
    kind: tuple[str, str]
    fonds: str
    place: str
    code: str
    more: tuple[tuple[str, str], ...] = ()


def table_rows(found: Sequence[StandingContainer], names: Mapping[UUID, str]) -> list[list[Cell]]:
    """In the order of `mocban.container_table.HEADS`. names: of the agencies that keep or borrowed one."""
    return [_row(one, names) for one in found]


def labels(found: Sequence[StandingContainer], names: Mapping[UUID, str], origin: str) -> list[Label]:
    """A label each. Its QR code holds the container's id, its name and the log, a line each."""
    return [
        Label(
            name=one.state.registered.label,
            kind=KINDS[one.state.registered.kind],
            fonds=one.fonds,
            place=f"{names[one.state.place.keeper]}: {one.state.place.spoken}",
            code="\n".join(("mocban-container/1", str(one.id), one.name, origin)),
            more=tuple(_more(one)),
        )
        for one in found
    ]


def _row(one: StandingContainer, names: Mapping[UUID, str]) -> list[Cell]:
    state, place, lent = one.state, one.state.place, one.state.lent
    return [
        one.fonds,
        state.registered.label,
        " / ".join(KINDS[state.registered.kind]),
        names[place.keeper],
        place.repository,
        place.room,
        place.shelf,
        as_spoken(state.placed_on),
        state.seal if state.sealed else "",
        str(state.condition),
        None if one.uncounted else state.files or None,
        state.registered.cm / 100 if state.registered.cm else None,
        names[lent.borrower] if lent else "",
        as_spoken(lent.due) if lent else "",
        one.placed_by.act,
        str(one.id),
    ]


def _more(one: StandingContainer) -> list[tuple[str, str]]:
    state = one.state
    told = []
    if state.sealed:
        told.append((f"niêm phong số {state.seal}, chưa đếm", f"sealed ({state.seal}), uncounted"))
    elif state.files:
        told.append((f"{state.files} hồ sơ", f"{state.files} files"))
    if state.registered.cm:
        metres = f"{state.registered.cm / 100:.2f} m".replace(".", ",")
        told.append((f"{metres} giá", "of shelf"))
    return told
