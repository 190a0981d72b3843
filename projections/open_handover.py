"""What hand-overs that are not concluded say of a carrier of a file, in SQL; as `domain.open_handover` says it."""

from __future__ import annotations

from typing import Final

_DISPUTED: Final = """EXISTS (
        SELECT FROM projection.disputed_line AS d
        WHERE d.file = {file} AND d.carrier = {carrier} AND d.effective <= {day} AND d.recorded <= {known_at}
          AND d.recorded > {since}
          AND NOT coalesce(d.settled <= {known_at} AND d.settled_on <= {day}, false))"""
_OFFERED: Final = """EXISTS (
        SELECT FROM projection.inventory_line AS l JOIN projection.handover AS o ON o.id = l.handover
        WHERE l.file = {file} AND o.carrier = {carrier} AND o.offered_on <> '' AND o.offered_on <= {day}
          AND o.proposed <= {known_at} AND o.proposed > {since}
          AND NOT coalesce(o.completed <= {known_at} AND o.handed_on <= {day}, false)
          AND NOT coalesce(o.withdrawn <= {known_at} AND o.withdrawn_on <= {day}, false))"""


def claim(*, file: str, carrier: str, day: str, known_at: str, since: str) -> str:
    """`disputed`, `offered` or null. All are SQL; since: act of the holding, -1 where there is none."""
    disputed, offered = (
        query.format(file=file, carrier=carrier, day=day, known_at=known_at, since=since)
        for query in (_DISPUTED, _OFFERED)
    )
    return f"CASE WHEN {disputed} THEN 'disputed' WHEN {offered} THEN 'offered' END"
