"""Who may read each file as the product answers it, against an independent replay: any day, as known at any act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.access import may_use
from domain.access_grant import AccessGranted
from domain.basis import Instrument
from domain.errors import Refusal
from ledger.act_id import new_act_id
from ledger.commands import access_grant
from mocban.database import Databases
from projections.readers import ReadingQuestion, readership_of_each
from projections.scope import access_facts, access_scope
from projections.view import Connection
from tests.projections.deeds import DAYS, Deed, story
from tests.projections.doing import Doing
from tests.projections.house import House
from tests.projections.oracle import Oracle
from tests.projections.reading_oracle import ReadingOracle

NUMBERS = count()
SEEN: Counter[str] = Counter()
PHASES = (Phase.explicit, Phase.generate)


@pytest.fixture(scope="module")
def house(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One ledger for all stories; each has names of its own."""
    built = House(module_database, tmp_path_factory.mktemp("reading"))
    yield built
    built.close()


@pytest.fixture(scope="module")
def reader(house: House) -> Iterator[Connection]:
    """A reader's connection."""
    with house.reader() as opened:
        yield opened


@settings(max_examples=8, deadline=None, derandomize=True, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=True))
def test_every_reader_is_the_oracles(house: House, reader: Connection, dice: Random) -> None:
    """Given any story with grants, then every file's readers and their rules are the oracle's, on each day and act,
    and today's are whoever a single decision lets read.
    """
    doing, oracle = Doing(house, f"r{next(NUMBERS)}"), Oracle()
    reading, acts = ReadingOracle(oracle), []
    for deed in story(dice):
        try:
            act = doing.do(deed)
        except Refusal:  # what the product refuses was not done
            continue
        oracle.tell(act, deed)
        acts.append(act)
    files = [deed["file"] for _, deed in oracle.deeds if deed["do"] == "register"]
    if not files:
        return
    reading.grants.append(_grant(house, doing, oracle, dice, dice.choice(files)))
    acts.append(reading.grants[-1][0])
    house.runner.drain()
    names = {doing.id("agency", body["name"]): body["name"] for body in oracle.bodies()}
    asked = [
        (file, day, known_at)
        for file in files
        for day in (*DAYS, "2026-11-22")
        for known_at in sorted({acts[0] - 1, *acts})
    ]
    questions = [
        ReadingQuestion(file=doing.id("file", file), on=day, known_at=known_at) for file, day, known_at in asked
    ]
    for (file, day, known_at), found in zip(asked, readership_of_each(reader, questions), strict=True):
        told = {(names[one.agency], one.rule.value) for one in found.readers if one.agency is not None}
        assert told == reading.ask(file, day, known_at), (file, day, known_at)
        SEEN.update(rule for _, rule in told)
    for file in files:
        _decided(reader, doing.id("file", file), names, reading.ask(file, "2026-11-22", acts[-1]))


def _decided(reader: Connection, file: UUID, names: dict[UUID, str], expected: set[tuple[str, str]]) -> None:
    """Each body by itself, as a request for reading is decided."""
    allowed = set()
    for agency, name in names.items():
        facts = access_facts(reader, file, access_scope(reader, agency, False, "2026-11-22"))
        assert facts is not None
        may, rule = may_use(facts)
        allowed |= {(name, rule.value)} if may else set()
    assert allowed == expected


def _grant(house: House, doing: Doing, oracle: Oracle, dice: Random, file: str) -> tuple[int, Deed]:
    """Reading of one file, or of its fonds, granted for some days to a body that there is on the first of them."""
    fonds = next(deed["fonds"] for _, deed in oracle.deeds if deed["do"] == "register" and deed["file"] == file)
    since, until = sorted(dice.choices(DAYS, k=2))
    what = dice.choice(({"files": [file], "fonds": []}, {"files": [], "fonds": [fonds]}))
    fact = AccessGranted(
        decision=Instrument(number="5/QĐ", issued=since, issuer="UBND", in_force=since), since=since, last_day=until,
        files=tuple(doing.id("file", one) for one in what["files"]),
        fonds=tuple(doing.id("fonds", one) for one in what["fonds"]),
    )  # fmt: skip
    for body in dice.sample(oracle.bodies(), len(oracle.bodies())):
        given = msgspec.structs.replace(fact, agency=doing.id("agency", body["name"]))
        stream = doing.id("grant", body["name"])
        try:
            done = access_grant.grant(house.main, house.clerk, new_act_id(), stream, given, since)
        except Refusal:  # it is not there yet, or no more
            continue
        return done.act_index, {"to": body["name"], "from": since, "until": until, **what}
    raise AssertionError("somebody is there on every day")


def test_the_stories_reached_every_rule() -> None:
    """Given the stories that were told, then each rule let somebody read."""
    if not SEEN:
        pytest.skip("the stories run in another process")
    rules = ("holder", "assignee", "creator", "successor-function", "territory", "granted")
    assert all(SEEN[rule] > 5 for rule in rules), SEEN
