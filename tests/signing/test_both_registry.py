"""Who may change the key registry, before both verifiers: founders, registrars, whoever rotates a key of his own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from uuid import UUID

import pytest

from tests.signing.judged_log import small
from tests.signing.small_log import (
    CLERK,
    REGISTRARS,
    SECOND,
    SERVICE,
    STRANGER,
    Event,
    Person,
    SmallLog,
    b64,
    write_folder,
)
from tests.signing.test_both_refuse import codes
from tests.signing.test_both_verifiers import BOTH, report


def granted(log: SmallLog) -> Event:
    """One more role for the clerk."""
    return log.event(log.registry, "registry.role-granted/1", actor=CLERK.actor, role="x", acts=["custody.*"])


def by(*people: Person) -> Callable[[SmallLog], None]:
    """A role granted by these."""

    def act(log: SmallLog) -> None:
        log.add("registry.grant", [granted(log)], people)

    return act


def enrolled_by_herself(log: SmallLog) -> None:
    log.enrol(SECOND, [SECOND])


def log_key_enrolled(log: SmallLog) -> None:
    log.enrol(Person(STRANGER.actor, log.ed))


def rotated(owner: Person, old: Person, *signers: Person) -> Callable[[SmallLog], None]:
    """A key of `owner` in the place of `old`'s, signed by these."""

    def act(log: SmallLog) -> None:
        members = {"actor": owner.actor, "old": old.kid, "key": b64(SECOND.typed)}
        log.add("registry.rotate", [log.event(log.registry, "registry.key-rotated/1", **members)], signers)

    return act


def withdrawn(role: str, holder: Person) -> Callable[[SmallLog], None]:
    """A role taken from somebody."""

    def act(log: SmallLog) -> None:
        event = log.event(log.registry, "registry.role-withdrawn/1", actor=holder.actor, role=role)
        log.add("registry.withdraw", [event], REGISTRARS)

    return act


NEW = Person(CLERK.actor, SECOND.key)
BAD: list[tuple[str, Callable[[SmallLog], None]]] = [
    ("granted by one twice", by(REGISTRARS[0], REGISTRARS[0])),
    ("granted by two, one of them twice", by(REGISTRARS[0], REGISTRARS[0], REGISTRARS[1])),
    ("granted by registrars and a clerk", by(*REGISTRARS, CLERK)),
    ("granted by a stranger and registrars", by(STRANGER, *REGISTRARS)),
    ("enrolled by nobody but herself", enrolled_by_herself),
    ("the log's own key enrolled", log_key_enrolled),
    ("another's key rotated", rotated(CLERK, SERVICE, CLERK, NEW)),
    ("rotated to another", rotated(SERVICE, CLERK, CLERK, Person(SERVICE.actor, SECOND.key))),
    ("rotated with a third", rotated(CLERK, CLERK, CLERK, SERVICE, NEW)),
    ("rotated without the old key", rotated(CLERK, CLERK, NEW)),
    ("a role withdrawn that she has not", withdrawn("service", CLERK)),
    ("a role withdrawn from a stranger", withdrawn("clerk", STRANGER)),
    ("rotated without the new key", rotated(CLERK, CLERK, CLERK)),
]


@BOTH
@pytest.mark.parametrize(("name", "write"), BAD, ids=[row[0] for row in BAD])
def test_who_may_not(verifier: ModuleType, name: str, write: Callable[[SmallLog], None], tmp_path: Path) -> None:
    """Given an act of the registry by whom it does not belong to, then it is bad and changes nothing."""
    log = small()
    write(log)
    log.register()
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {12}, name


@BOTH
def test_whoever_signs_along_needs_not_act_for_others(verifier: ModuleType, tmp_path: Path) -> None:
    """Given an act on behalf of somebody by a service that may, and a second signer who may not, then it is good."""
    log = small()
    log.grant(CLERK, "reader", ["access.*"])
    event = log.event(UUID(int=77), "access.granted/1")
    log.add("access.read", [event], [SERVICE, CLERK], for_=CLERK.actor)
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert told["bad"] == []


@BOTH
@pytest.mark.parametrize("how", ["two events", "one founder twice", "another's name", "the log's key", "one key twice"])
def test_a_log_is_founded_once_by_all_its_registrars(verifier: ModuleType, how: str, tmp_path: Path) -> None:
    """Given a first act with a second event, by one person or key twice, by the log itself, under another name: bad."""
    log = SmallLog()
    second = {
        "one founder twice": Person(REGISTRARS[0].actor, SECOND.key),
        "the log's key": Person(REGISTRARS[1].actor, log.ed),
        "one key twice": Person(REGISTRARS[1].actor, REGISTRARS[0].key),
    }
    people = [REGISTRARS[0], second.get(how, REGISTRARS[1])]
    members = {"registrars": [{"actor": one.actor, "key": b64(one.typed)} for one in people], "quorum": 1}
    origin = log.origin + ("0" if how == "another's name" else "")
    events = [
        log.event(log.registry, "registry.genesis/1", origin=origin, log_vkeys=log.vkeys(), **members)
        for _ in range(2 if how == "two events" else 1)
    ]
    log.add("log.found", events, people)
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {0}
