"""Streams: what a decision reads. Every stream it reads becomes a guard of the act it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast, get_args, get_type_hints
from uuid import UUID

from eventsourcing.application import Repository

from domain.errors import Refusal
from ledger.mapper import StreamEvent
from ledger.recorder import LogRecorder

S = TypeVar("S")


class _Folded(Generic[S]):
    """The state of one stream at one version, in the shape that `Repository` hands around."""

    __slots__ = ("id", "state", "version")

    def __init__(self, stream: UUID, state: S, version: int) -> None:
        self.id = stream
        self.state = state
        self.version = version


class Streams:
    """The streams of one log as one decision sees them. For one decision only: not shared, not kept."""

    def __init__(self, repository: Repository[UUID], recorder: LogRecorder) -> None:
        self._repository = repository
        self._recorder = recorder
        self._versions: dict[UUID, int] = {}
        self._presumed: frozenset[UUID] = frozenset()

    def presume_new(self, streams: Iterable[UUID]) -> None:
        """Let `load_many` take these for new without asking. They become guards all the same."""
        self._presumed = frozenset(streams)

    @property
    def guards(self) -> Mapping[UUID, int]:
        """Stream -> version read, 0 for a stream that does not exist."""
        return self._versions

    def load(self, stream: UUID, initial: S, evolve: Callable[[S, Any], S]) -> S:
        """The state of a stream: `evolve` folded over its events from `initial`. Becomes a guard.

        Raises Refusal `stream-of-other-kind` for the id of something that `evolve` does not know.
        """
        folded = cast(
            "_Folded[S]",
            self._repository.get(stream, projector_func=cast("Any", _projector(stream, initial, evolve))),
        )
        self._note(stream, folded.version)
        return folded.state

    def load_many(self, streams: Sequence[UUID], initial: S, evolve: Callable[[S, Any], S]) -> dict[UUID, S]:
        """As `load` for many streams with one question to the database. Each becomes a guard."""
        mapper = self._repository.event_store.mapper
        states = dict.fromkeys(streams, initial)
        versions = dict.fromkeys(streams, 0)
        asked = [stream for stream in states if stream not in self._presumed]
        for stored in self._recorder.select_streams(asked) if asked else ():
            event = cast("StreamEvent", mapper.to_domain_event(stored))
            states[event.originator_id] = _evolved(states[event.originator_id], event, evolve)
            versions[event.originator_id] = event.originator_version
        for stream, version in versions.items():
            self._note(stream, version)
        return states

    def expect(self, stream: UUID, version: int = 0) -> None:
        """Make a guard without reading: the stream must be at `version` (0: must not exist) when the act is stored."""
        self._note(stream, version)

    def version(self, stream: UUID) -> int:
        """The version a stream is guarded at; one never read is expected not to exist."""
        return self._versions.setdefault(stream, 0)

    def _note(self, stream: UUID, version: int) -> None:
        # The first reading stands: if another writer came between two readings, the append must refuse.
        self._versions.setdefault(stream, version)


def _projector(
    stream: UUID, initial: S, evolve: Callable[[S, Any], S]
) -> Callable[[object, Iterable[StreamEvent]], _Folded[S]]:
    def project(_aggregate: object, events: Iterable[StreamEvent]) -> _Folded[S]:
        state, version = initial, 0
        for event in events:
            state = _evolved(state, event, evolve)
            version = event.originator_version
        return _Folded(stream, state, version)

    return project


def _evolved(state: S, event: StreamEvent, evolve: Callable[[S, Any], S]) -> S:
    """Whoever names a file by the id of an agency is told so; a fault of `evolve` itself stays one."""
    try:
        return evolve(state, event.event)
    except (AssertionError, AttributeError) as fault:
        *_, known = [kind for name, kind in get_type_hints(evolve).items() if name != "return"]
        if isinstance(event.event, get_args(known) or known):
            raise
        raise Refusal("stream-of-other-kind", stream=event.originator_id) from fault
