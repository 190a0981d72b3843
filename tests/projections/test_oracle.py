"""Custody as the product answers it, against an independent replay: every file, carrier, day and state of knowledge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from domain.custody import CustodyReplay
from domain.errors import Refusal
from domain.lot import Carrier
from mocban.database import Databases
from projections.custody_batch import FileQuestion, custody_of_each
from projections.custody_queries import custody_of
from projections.view import Connection
from projections.whatif import Preview, preview
from tests.projections.deeds import DAYS, Deed, story
from tests.projections.doing import Doing
from tests.projections.house import MAIN, House, decode
from tests.projections.oracle import Oracle
from tests.projections.told_figures import foretold, recorded

NUMBERS = count()
SEEN: Counter[str] = Counter()
PHASES = (Phase.explicit, Phase.generate)
"""Without shrinking, which would do every story many times over."""


@pytest.fixture(scope="module")
def house(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One ledger for all stories; each has names of its own."""
    built = House(module_database, tmp_path_factory.mktemp("oracle"))
    yield built
    built.close()


@pytest.fixture(scope="module")
def reader(house: House) -> Iterator[Connection]:
    """A reader's connection."""
    with house.reader() as opened:
        yield opened


@settings(max_examples=30, deadline=None, derandomize=True, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=True))
def test_every_answer_is_the_oracles(house: House, reader: Connection, dice: Random) -> None:
    """Given any story, done by the product's commands, then SQL, replay and oracle answer every question alike,
    and each enactment brings what its preview said.
    """
    doing, oracle = Doing(house, f"s{next(NUMBERS)}"), Oracle()
    acts = []
    for deed in story(dice):
        foreseen = foresee(house, reader, doing, deed)
        try:
            act = doing.do(deed)
        except Refusal as refused:  # what the product refuses was not done
            event(f"refused {deed['do']}: {refused.code}")
            SEEN["refused"] += 1
            continue
        if foreseen is not None:
            house.runner.drain()
            assert foretold(foreseen.after) == recorded(reader, deed["day"]), "the preview was not the result"
        oracle.tell(act, deed)
        acts.append(act)
    house.runner.drain()
    compare(house, reader, doing, oracle, acts)


def foresee(house: House, reader: Connection, doing: Doing, deed: Deed) -> Preview | None:
    """What the preview says of an enactment that is about to be done."""
    if deed["do"] != "enact":
        return None
    house.runner.drain()
    return preview(reader, doing.plan(deed))


def compare(house: House, reader: Connection, doing: Doing, oracle: Oracle, acts: list[int]) -> None:
    """Every file of the story, both carriers, every day, as known before the story and after every third act of it."""
    files = [deed["file"] for _, deed in oracle.deeds if deed["do"] == "register"]
    days = ("2018-12-31", *DAYS, "2026-11-22")
    known = sorted({acts[0] - 1, acts[-1], *acts[-1:0:-3]})
    asked = [
        (file, carrier, day, known_at) for file in files for carrier in Carrier for day in days for known_at in known
    ]
    questions = [
        FileQuestion(file=doing.code(file).text, carrier=carrier, on=day, known_at=known_at)
        for file, carrier, day, known_at in asked
    ]
    replay = replayed(house, acts[0])
    for at, ((file, carrier, day, known_at), found) in enumerate(
        zip(asked, custody_of_each(reader, questions), strict=True)
    ):
        told = oracle.ask(file, carrier.value, day, known_at)
        for fact in ("assigned_to", "held_by"):
            told[fact] = doing.id("agency", told[fact]) if told[fact] else None
        (answer,) = found
        assert {name: getattr(answer, name) for name in told} == told, (file, carrier, day, known_at)
        assert replay.ask(doing.id("file", file), carrier, day, known_at) == answer, (file, carrier, day, known_at)
        if at % 97 == 0:
            assert custody_of(reader, doing.id("file", file), carrier, day, known_at).custody == answer
        SEEN[answer.state] += 1


def replayed(house: House, first: int) -> CustodyReplay:
    """The domain's replay of the log from an act on."""
    replay = CustodyReplay()
    with house.main.datastore.get_connection() as connection:
        for row in connection.execute(f"SELECT * FROM {MAIN}.event WHERE act_index >= {first} ORDER BY position"):
            if not row["topic"].startswith("registry."):
                replay.feed(row["act_index"], row["originator_id"], decode(row["topic"], bytes(row["state"])))
    return replay


def test_the_stories_reached_every_state() -> None:
    """Given the stories that were told, then each state was the answer to many questions."""
    if not SEEN:
        pytest.skip("the stories run in another process")
    states = ("held", "received", "offered", "disputed", "awaiting-receiver", "awaiting-hand-over")
    assert all(SEEN[state] > 20 for state in states), SEEN
