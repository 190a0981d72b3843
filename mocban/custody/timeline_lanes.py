"""The lanes of a timeline: who must have each carrier and who has it, one lane for both where they go one way."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.lot import Carrier
from projections.chain import Chain
from projections.chain_spans import Span, apart, held, must_have


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """A row of bars and its title."""

    vi: str
    en: str
    spans: tuple[Span, ...]


def lanes_of(chain: Chain) -> list[Lane]:
    """From top to bottom. Each carrier has a lane of its own where the two were ever assigned to different bodies."""
    paper, digital = (must_have(chain, carrier) for carrier in Carrier)
    assigned = [Lane(vi="Phải giữ", en="assigned to", spans=paper)]
    if apart(chain):
        assigned = [
            Lane(vi="Phải giữ bản giấy", en="paper assigned to", spans=paper),
            Lane(vi="Phải giữ bản số", en="digital assigned to", spans=digital),
        ]
    on_paper, scanned = (held(chain, carrier) for carrier in Carrier)
    holding = [Lane(vi="Đang giữ bản giấy", en="paper held by", spans=on_paper)]
    if scanned:
        holding.append(Lane(vi="Đang giữ bản số", en="digital held by", spans=scanned))
    return [*assigned, *holding]


def letters_of(lanes: Sequence[Lane]) -> dict[UUID | None, str]:
    """A letter for each agency, in the order in which they appear."""
    order = dict.fromkeys(span.agency for lane in lanes for span in lane.spans if span.agency is not None)
    return {agency: _lettered(at) for at, agency in enumerate(order)}


def _lettered(at: int) -> str:
    return chr(65 + at % 26) + (str(at // 26) if at >= 26 else "")
