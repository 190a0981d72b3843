"""Lanes of a rebuild: views that fold at the same time as others, each lane in a thread and transactions of its own.

Python works for one of them at a time, but while one waits for the server the others go on. A clone that is half
filled is thrown away, so lanes need not commit together; only the swap does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from projections.tracking import REBUILD_SCHEMA, ViewTracking
from projections.view import Recorded, SummingView, View, fill_views

PAGES_AHEAD: Final = 2
"""Pages that a lane may have before it, the one at hand included; what bounds a rebuild's memory."""

_TOGETHER: Final = (frozenset({"finding_aid"}), frozenset({"search"}), frozenset({"custody_history", "holdings"}))
"""Views of a lane: holdings reads what custody_history has just written. The others, which write little, share one."""
_INDEX: Final = b"SELECT projection.index_rebuild(%s)"


def lanes_of(views: Sequence[View]) -> list[list[View]]:
    """The views of each lane."""
    lanes = [[view for view in views if view.name in names] for names in _TOGETHER]
    rest = [view for view in views if not any(view.name in names for names in _TOGETHER)]
    return [lane for lane in (*lanes, rest) if lane]


class Lane:
    """One lane at work. Leaving it waits for the page at hand; what waited behind a failure is dropped."""

    def __init__(self, tracking: ViewTracking, views: Sequence[View]) -> None:
        self._tracking = tracking
        self._views = views
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rebuild")
        self._ahead: deque[Future[None]] = deque()

    def take(self, page: Sequence[Recorded]) -> None:
        """Have a page folded after those before it; waits when there are enough. Raises what folding raised."""
        if len(self._ahead) == PAGES_AHEAD:
            self._ahead.popleft().result()
        self._ahead.append(self._thread.submit(self._fold, page))

    def drain(self) -> None:
        """Wait until all that was asked is done. Raises what folding raised."""
        while self._ahead:
            self._ahead.popleft().result()

    def finish(self) -> None:
        """Have the sums added up and the lane's clones given the indexes and statistics that they lack, as soon as all
        is folded."""
        for view in self._views:
            sums = view.sums if isinstance(view, SummingView) else ()
            rows = [table for table in view.tables if table not in sums]
            self._ahead += [self._thread.submit(self._index, table) for table in rows]
            if isinstance(view, SummingView):
                self._ahead.append(self._thread.submit(self._add_up, view))
            self._ahead += [self._thread.submit(self._index, table) for table in sums]

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)

    def _fold(self, page: Sequence[Recorded]) -> None:
        with self._tracking.transaction(REBUILD_SCHEMA) as cursor:
            fill_views(self._views, cursor, page)

    def _add_up(self, view: SummingView) -> None:
        with self._tracking.transaction(REBUILD_SCHEMA) as cursor:
            view.add_up(cursor)

    def _index(self, table: str) -> None:
        with self._tracking.transaction(REBUILD_SCHEMA) as cursor:
            cursor.execute(_INDEX, ([table],))
