"""A crowd of writers on one log, with conflicting decisions, guards and repeated ids; a reader and folders beside them.

Each writer keeps what it was told. Afterwards every act of the log must be one that its own callers were told of, every
refusal must have its cause, and whoever tailed or folded the log must have met each event once, in order.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from time import monotonic
from typing import Final
from uuid import UUID

import msgspec
import psycopg

from domain.errors import Refusal
from domain.event import Event as DomainEvent
from domain.identifiers import derive_id
from ledger.act_id import new_act_id
from ledger.prepared_act import AppendStatus
from ledger.proposal import Proposal
from ledger.streams import Streams
from mocban.bootstrap import Product
from mocban.drills.appointments import appointment, do_appoint, principal_of
from mocban.drills.beside import beside
from mocban.drills.verdict import Acknowledged, gaps, lost, unlike_rebuilt, unverified
from mocban.offices import Office

WRITERS: Final = 32
_TURNS_A_RACE: Final = 24
_INDEX_OF: Final = "SELECT originator_id, act_index FROM main_log.event WHERE originator_id = ANY(%s)"
_STORED: Final = "SELECT count(*) FROM main_log.act WHERE index >= %s"


class CrowdReport(msgspec.Struct, frozen=True, kw_only=True):
    """stored: acts. told: how often each thing was answered. problems: what does not hold; empty when all does."""

    seed: int
    stored: int
    told: dict[str, int]
    problems: list[str]


class _Race:
    """What the writers of some turns quarrel over: one principal, and one act id that all of them use."""

    def __init__(self, product: Product) -> None:
        self.shared_id = new_act_id()
        self.whom = derive_id(product.secret.ids, "race", str(self.shared_id))


class Crowd:
    """What all writers did and were told. Thread-safe by one lock, held for a moment only."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = Lock()
        self._turn = 0
        self._race = _Race(product)
        self.acknowledged: list[Acknowledged] = []
        self.answers: Counter[str] = Counter()
        self.winners: dict[UUID, list[int]] = defaultdict(list)
        self.losers: Counter[UUID] = Counter()
        self.guarded: list[tuple[UUID, int]] = []
        self.blocked: list[UUID] = []
        self.surprises: list[str] = []

    def write(self, dice: random.Random, until: float) -> None:
        """One writer: something else each turn."""
        deeds: tuple[Callable[[_Race], str], ...] = (self._alone, self._compete, self._repeat, self._guard, self._reuse)
        while monotonic() < until:
            deed = dice.choices(deeds, weights=(4, 3, 2, 2, 1))[0]
            try:
                answer = deed(self._next_race())
            except Refusal as refusal:
                answer = refusal.code
                with self._lock:
                    self.surprises.append(f"{deed.__name__.strip('_')} was answered {refusal.code}")
            with self._lock:
                self.answers[answer] += 1

    def _next_race(self) -> _Race:
        with self._lock:
            self._turn += 1
            if self._turn % _TURNS_A_RACE == 0:
                self._race = _Race(self._product)
            return self._race

    def _alone(self, _race: _Race) -> str:
        """Nobody is in the way."""
        self._told(new_act_id(), None)
        return "stored"

    def _compete(self, race: _Race) -> str:
        """All appoint the same principal; one wins, the others are told that they came too late."""
        try:
            index = self._told(new_act_id(), race.whom)
        except Refusal as refusal:
            if refusal.code != "principal-already-appointed":
                raise
            with self._lock:
                self.losers[race.whom] += 1
            return refusal.code
        with self._lock:
            self.winners[race.whom].append(index)
        return "won"

    def _repeat(self, race: _Race) -> str:
        """All use one act id for one request: one act, one receipt."""
        self._told(race.shared_id, None)
        return "shared"

    def _reuse(self, race: _Race) -> str:
        """A stored act's id for another request is refused."""
        self._told(race.shared_id, None)
        try:
            do_appoint(self._product, race.shared_id, derive_id(self._product.secret.ids, "other", str(new_act_id())))
        except Refusal as refusal:
            if refusal.code != "act-id-reused":
                raise
            return refusal.code
        with self._lock:
            self.surprises.append("an act id was taken for two requests")
        return "reused"

    def _guard(self, race: _Race) -> str:
        """A decision that holds only while the race is open; without a retry, so that the log's own word is heard."""
        act_id = new_act_id()
        whom = principal_of(self._product, act_id)

        def decide(streams: Streams) -> dict[UUID, list[DomainEvent]]:
            streams.expect(race.whom, 0)
            return {whom: [appointment(act_id)]}

        proposal = Proposal(
            act="principal.appoint",
            id=act_id,
            actor=self._product.actor(Office.ARCHIVIST),
            decide=decide,
            request={"guarded": str(whom)},
        )
        act = self._product.main.prepare(proposal)
        outcome = self._product.main.append_prepared([act])[0]
        with self._lock:
            if outcome.status is AppendStatus.STORED:
                self.acknowledged.append(Acknowledged(act_id, outcome.act_index, outcome.first_position))
                self.guarded.append((race.whom, outcome.act_index))
            elif (outcome.status, outcome.stream) == (AppendStatus.VERSION_CONFLICT, race.whom):
                self.blocked.append(race.whom)
            else:
                self.surprises.append(f"a guard was answered {outcome.status}")
        if outcome.status is not AppendStatus.STORED:
            self._product.sealer.discard(act.sealed)
        return outcome.status

    def _told(self, act_id: UUID, whom: UUID | None) -> int:
        receipt = do_appoint(self._product, act_id, whom)
        with self._lock:
            self.acknowledged.append(Acknowledged(act_id, receipt.act_index, receipt.first_position))
        return receipt.act_index


def crowd(product: Product, seconds: float, seed: int, writers: int = WRITERS) -> CrowdReport:
    """Let them write for `seconds`, then look. The product's ledger must be this drill's own."""
    dice = random.Random(seed)  # noqa: S311  turns, not secrets
    start = product.main.recorder.max_notification_id() or 0
    acts = _count(product, 0)
    everyone, ending = Crowd(product), Event()
    with beside(product, start, ending) as witnesses, ThreadPoolExecutor(writers) as pool:
        until = monotonic() + seconds
        for written in [pool.submit(everyone.write, random.Random(dice.random()), until) for _ in range(writers)]:  # noqa: S311
            written.result()
        ending.set()
        found = list(witnesses.problems(product.main.recorder.max_notification_id() or 0))
    found += [*_unjust(product, everyone, acts), *gaps(product), *lost(product, set(everyone.acknowledged))]
    found += [*unlike_rebuilt(product), *unverified(product)]
    stored = len({act.id for act in everyone.acknowledged})
    return CrowdReport(seed=seed, stored=stored, told=dict(everyone.answers), problems=found[:20])


def _unjust(product: Product, everyone: Crowd, acts_before: int) -> Iterator[str]:
    """Answers without a cause, and acts that nobody was told of."""
    yield from everyone.surprises
    ids = {act.id for act in everyone.acknowledged}
    if len(set(everyone.acknowledged)) != len(ids):
        yield "one act id was answered with two places"
    stored = _count(product, acts_before)
    if stored != len(ids):
        yield f"{stored} acts are stored and {len(ids)} were acknowledged"
    for whom, indexes in everyone.winners.items():
        if len(indexes) != 1:
            yield f"{len(indexes)} writers were told that they appointed {whom}"
    for whom in {*everyone.losers, *everyone.blocked} - everyone.winners.keys():
        yield f"writers were refused over {whom}, and nobody won"
    won = _index_of(product, list(everyone.winners))
    for whom, index in everyone.guarded:
        if whom in won and won[whom] < index:
            yield f"act {index} was stored though its guard on {whom} had fallen at {won[whom]}"


def _index_of(product: Product, streams: list[UUID]) -> dict[UUID, int]:
    with psycopg.connect(product.databases.main_admin, autocommit=True) as connection:
        return dict(connection.execute(_INDEX_OF, (streams,)).fetchall())


def _count(product: Product, start: int) -> int:
    with psycopg.connect(product.databases.main_admin, autocommit=True) as connection:
        row = connection.execute(_STORED, (start,)).fetchone()
    return int(row[0]) if row else 0
