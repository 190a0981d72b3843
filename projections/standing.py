"""Where the views stand against their log: behind is normal, ahead means that they were folded from another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.errors import Refusal
from projections.view import Cursor

_TRACKED: Final = """
SELECT tracking.application_name, tracking.notification_id, head.events
FROM projection.tracking AS tracking, {log}.head AS head
WHERE tracking.application_name = ANY(%s) AND tracking.notification_id > head.events
ORDER BY 1 LIMIT 1
"""


def check_views(cursor: Cursor, log: str, views: Sequence[str]) -> None:
    """Refuse views that have folded more events than their log holds: they would pass over the next ones unseen.

    cursor: of `mocban_projector`. views: their names. Raises Refusal `projection-ahead-of-ledger`; then they must be
    rebuilt.
    """
    ahead = cursor.execute(_TRACKED.replace("{log}", log).encode(), (list(views),)).fetchone()
    if ahead is not None:
        raise Refusal("projection-ahead-of-ledger", view=ahead[0], position=ahead[1], events=ahead[2])
