"""An append that somebody waits for: a future cut down to one lock, since waking a writer is a good part of its act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from ledger.act_draft import ActDraft
from ledger.prepared_act import Outcome, PreparedAct

Composition = Callable[[], ActDraft]
"""Encodes and composes one act that is decided and sealed. Raises Refusal."""


class Pending:
    """Composed, signed, then settled, once each, by whoever works for the others; any thread may wait."""

    __slots__ = ("_composition", "_error", "_open", "_outcome", "act", "draft")

    act: PreparedAct

    def __init__(self, composition: Composition | None) -> None:
        self._composition = composition
        self.draft: ActDraft | None = None
        self._open = Lock()
        self._open.acquire()
        self._outcome: Outcome | None = None
        self._error: BaseException | None = None

    @classmethod
    def of(cls, act: PreparedAct) -> Pending:
        """One whose act is prepared already."""
        pending = cls(None)
        pending.act = act
        return pending

    def prepare(self) -> bool:
        """Make `act`; when that is refused, fail, and False."""
        return self.compose() and self.sign()

    def compose(self) -> bool:
        """Make `draft`, which an act that came prepared lacks; as `prepare`."""
        try:
            if self._composition is not None:
                self.draft = self._composition()
        except BaseException as error:  # noqa: BLE001  it is raised again, where somebody waits for it
            self.fail(error)
            return False
        return True

    def sign(self, signatures: Sequence[bytes] | None = None) -> bool:
        """Make `act` of the draft, with signatures made elsewhere or by its own signers now; as `prepare`."""
        try:
            if self.draft is not None:
                self.act = self.draft.signed(signatures)
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
