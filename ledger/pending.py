"""An append that somebody waits for: a future cut down to one lock, since waking a writer is a good part of its act."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from ledger.act_draft import ActDraft
from ledger.prepared_act import Outcome, PreparedAct

Composition = Callable[[], ActDraft]
"""Encodes and composes one act that is decided and sealed. Raises Refusal."""


class Pending:
    """Composed, signed, then settled, once each, by whoever works for the others; any thread may wait."""

    __slots__ = ("_act", "_composition", "_error", "_open", "_outcome", "draft")

    def __init__(self, composition: Composition | None, act: PreparedAct | None = None) -> None:
        """Either of both."""
        self._composition = composition
        self._act = act
        self.draft: ActDraft | None = None
        self._open = Lock()
        self._open.acquire()
        self._outcome: Outcome | None = None
        self._error: BaseException | None = None

    @classmethod
    def of(cls, act: PreparedAct) -> Pending:
        """One whose act is prepared already."""
        return cls(None, act)

    @property
    def act(self) -> PreparedAct:
        """Once it is signed; before, without signatures: the text in place of the note."""
        if self._act is not None:
            return self._act
        assert self.draft is not None
        return self.draft.unsigned

    @property
    def is_signed(self) -> bool:
        """Whether `act` is."""
        return self._act is not None

    def compose(self) -> bool:
        """Make `draft`, which an act that came prepared lacks; when that is refused, fail, and False."""
        try:
            if self._composition is not None:
                self.draft = self._composition()
        except BaseException as error:  # noqa: BLE001  it is raised again, where somebody waits for it
            self.fail(error)
            return False
        return True

    def sign(self) -> bool:
        """Have it signed and checked here, unless it is; as `compose`."""
        try:
            if self._act is None:
                assert self.draft is not None
                self._act = self.draft.signed()
        except BaseException as error:  # noqa: BLE001  as above
            self.fail(error)
            return False
        return True

    def result(self) -> Outcome:
        """What came of the act, once it is durable or refused. Raises what `fail` was given."""
        with self._open:  # who waits passes it on to the next who does
            pass
        if self._outcome is None:
            assert self._error is not None
            raise self._error
        return self._outcome

    @property
    def settled(self) -> bool:
        """Whether `result` would answer at once."""
        return self._outcome is not None or self._error is not None

    def settle(self, outcome: Outcome) -> None:
        """Let whoever waits go on. Once."""
        self._outcome = outcome
        self._open.release()

    def fail(self, error: BaseException) -> None:
        """As `settle`, by raising."""
        self._error = error
        self._open.release()
