"""Collecting cosignatures, k of n: whoever is dead or refuses, a checkpoint stands; what is missing is asked again."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from ledger.cosignatures import Cosignatures
from ledger.log_name import LogName
from mocban.witness.collecting import Collector, Round
from mocban.witness.cosigning import Cosigning, collect_once
from mocban.witness.policy import FILE, Policy, PolicyWitness, read_policy
from signing.checkpoint import open_checkpoint
from signing.note import VerifierKey, parse_note
from tests.witness.log import TIME, Log
from tests.witness.serving import serving, signer_of, witness_of

LOG, FORK = Log(), Log(fork_at=4)
DEAD = "http://127.0.0.1:9"
KEYS = [signer_of(number).verifier_key for number in range(4)]


def policy_of(quorum: int, *urls: str) -> Policy:
    """All of the witnesses count."""
    witnesses = tuple(
        PolicyWitness(name=f"w{number}", key=KEYS[number], url=url) for number, url in enumerate(urls, start=1)
    )
    return Policy(witnesses=witnesses, members=tuple(one.name for one in witnesses), quorum=quorum)


def write_policy(home: Path, quorum: int, *urls: str) -> None:
    """The same as a file."""
    lines = [f"witness w{number} {KEYS[number].text()} {url}" for number, url in enumerate(urls, start=1)]
    names = " ".join(f"w{number}" for number in range(1, len(urls) + 1))
    (home / FILE).write_text("\n".join([*lines, f"group g {quorum} {names}", "quorum g", ""]))


def joined(home: Path, note: bytes) -> bytes:
    """The checkpoint as it is published."""
    return Cosignatures(home / "objects", LogName.MAIN).joined(note)


def signers_of(home: Path, note: bytes) -> set[VerifierKey]:
    """Who cosigned what is published; every signature in it is checked."""
    opened = open_checkpoint(joined(home, note), [*map(VerifierKey.parse, LOG.vkeys), *KEYS])
    return opened.times.keys() & set(KEYS)


def codes(made: Round) -> list[str | None]:
    """What each witness said."""
    return [None if outcome.refusal is None else outcome.refusal.code for outcome in made.outcomes]


def test_two_of_three_with_one_dead(tmp_path: Path) -> None:
    """Given three witnesses, one of them dead, when collected, then two of three hold and three of three do not."""
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(witness_of(tmp_path / str(n), LOG, number=n))) for n in (1, 2)]
        for size in (5, 9):
            note = LOG.publish(tmp_path, size)
            collector = Collector(tmp_path)
            made = collector.round(policy_of(2, *urls, DEAD))
            assert (made.size, made.cosigned, made.met, made.complete) == (size, 2, True, False)
            assert codes(made) == [None, None, "witness-unreachable"]
            assert not collector.round(policy_of(3, *urls, DEAD)).met
            assert signers_of(tmp_path, note) == set(KEYS[1:3])
    assert Collector(tmp_path).round(policy_of(2, *urls)).met  # what is here is not asked again
    assert codes(Collector(tmp_path).round(policy_of(2, *urls, DEAD), enough=True)) == [None, None, None]
    earlier = LOG.note(5)
    assert joined(tmp_path, earlier) == earlier  # cosignatures are of one checkpoint


@pytest.mark.parametrize(
    ("cosigned", "served", "code"),
    [
        (LOG.request(0, 9), (LOG, 7), "witness-ahead"),
        (FORK.request(0, 9), (LOG, 9), "witness-contradicts"),
        (FORK.request(0, 9), (LOG, 12), "witness-contradicts"),
        (FORK.request(0, 4), (LOG, 12), None),
        (Log(seed=b"X").request(0, 4), (LOG, 12), "witness-refuses"),
    ],
)
def test_what_a_witness_knows_against_us(
    tmp_path: Path, cosigned: bytes, served: tuple[Log, int], code: str | None
) -> None:
    """Given a witness that cosigned something, when our checkpoint is brought, then a roll-back or a fork is named."""
    witness = witness_of(tmp_path / "w", Log(seed=b"X") if code == "witness-refuses" else LOG, number=1)
    witness.add_checkpoint(cosigned)
    log, size = served
    note = log.publish(tmp_path, size)
    with serving(witness) as url:
        made = Collector(tmp_path).round(policy_of(1, url))
    assert codes(made) == [code]
    assert made.met == (code is None)
    assert len(parse_note(joined(tmp_path, note)).signatures) == (2 if code else 3)


def test_a_witness_that_does_not_know_us(tmp_path: Path) -> None:
    """Given a witness without our log, when asked, then refused; trusted by hand meanwhile, the next round has it."""
    LOG.publish(tmp_path, 5)
    witness = witness_of(tmp_path / "w")
    with serving(witness) as url:
        assert codes(Collector(tmp_path).round(policy_of(1, url))) == ["witness-refuses"]
        witness.logs.trust(LOG.origin, LOG.vkeys)
        assert Collector(tmp_path).round(policy_of(1, url)).met


async def _answering(send: Any, status: int, media: bytes, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", media)]})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize(
    ("status", "media", "body", "code"),
    [
        (200, b"text/plain", b"", "witness-answer-unfit"),
        (200, b"text/plain", b"thank you\n", "witness-answer-unfit"),
        (200, b"text/plain", b"x" * 100_000, "witness-answer-unfit"),
        (200, b"text/plain", LOG.note(5)[len(LOG.text(5)) + 1 :], "witness-answer-unfit"),
        (409, b"text/x.tlog.size", b"many\n", "witness-answer-unfit"),
        (409, b"text/x.tlog.size", b"0\n", "witness-answer-unfit"),
        (409, b"text/x.tlog.size", b"3\n", "witness-answer-unfit"),
        (409, b"text/x.tlog.size", b"99\n", "witness-ahead"),
        (302, b"text/plain", b"", "witness-refuses"),
        (500, b"text/html", b"<p>", "witness-refuses"),
    ],
)
def test_a_witness_that_answers_nonsense(tmp_path: Path, status: int, media: bytes, body: bytes, code: str) -> None:
    """Given a server that is no witness, when asked, then its answer is named and nothing of it is published."""
    note = LOG.publish(tmp_path, 5)

    async def nonsense(_scope: Any, _receive: Any, send: Any) -> None:
        await _answering(send, status, media, body)

    with serving(witness_of(tmp_path / "w", LOG), nonsense) as url:
        assert codes(Collector(tmp_path).round(policy_of(1, url))) == [code]
    assert joined(tmp_path, note) == note


def test_a_signature_of_another_checkpoint_is_not_taken(tmp_path: Path) -> None:
    """Given a witness that answers with its line over another checkpoint, when asked, then it is not published."""
    note = LOG.publish(tmp_path, 5)
    other = witness_of(tmp_path / "other", LOG).add_checkpoint(LOG.request(0, 4))

    async def replaying(_scope: Any, _receive: Any, send: Any) -> None:
        await _answering(send, 200, b"text/plain", other)

    with serving(witness_of(tmp_path / "w", LOG), replaying) as url:
        assert codes(Collector(tmp_path).round(policy_of(1, url))) == ["witness-answer-unfit"]
    assert joined(tmp_path, note) == note


def test_a_cosignature_spoilt_on_disk_is_asked_for_again(tmp_path: Path) -> None:
    """Given a kept cosignature with a changed bit, when collected, then a good one takes its place."""
    note = LOG.publish(tmp_path, 5)
    path = tmp_path / "objects" / LogName.MAIN.value / "cosignatures"
    with serving(witness_of(tmp_path / "w", LOG)) as url:
        Collector(tmp_path).round(policy_of(1, url))
        lines = parse_note(path.read_bytes())
        spoilt = lines.signatures[0].signature[:-1] + bytes([lines.signatures[0].signature[-1] ^ 1])
        Cosignatures(tmp_path / "objects", LogName.MAIN).add(
            lines.text, [type(lines.signatures[0])(KEYS[1].name, KEYS[1].key_id, spoilt)]
        )
        assert Collector(tmp_path).round(policy_of(1, url)).met
        assert signers_of(tmp_path, note) == {KEYS[1]}
        path.write_bytes(b"nonsense")
        assert joined(tmp_path, note) == note
        assert Collector(tmp_path).round(policy_of(1, url)).met


def until(held: Sequence[VerifierKey], home: Path, note: bytes) -> bool:
    """Whether exactly these have cosigned within some seconds."""
    deadline = time.monotonic() + 15
    while signers_of(home, note) != set(held) and time.monotonic() < deadline:
        time.sleep(0.02)
    return signers_of(home, note) == set(held)


def test_serving_brings_each_checkpoint_and_tells_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Given a running thread, when a policy comes and checkpoints follow, then each is cosigned; the dead once told."""
    note = LOG.publish(tmp_path, 2)
    cosigning = Cosigning(tmp_path, tick_seconds=0.02)
    with caplog.at_level(logging.WARNING), serving(witness_of(tmp_path / "w", LOG)) as url:
        cosigning.start()
        try:
            write_policy(tmp_path, 1, url, DEAD)
            assert until(KEYS[1:2], tmp_path, note)
            for size in (3, 8):
                assert until(KEYS[1:2], tmp_path, LOG.publish(tmp_path, size))
            time.sleep(0.2)
            assert cosigning.last is not None
            assert (cosigning.last.size, cosigning.last.met, cosigning.last.complete) == (8, True, False)
        finally:
            cosigning.stop()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "witness-unreachable" in caplog.text


def test_a_heartbeat_is_cosigned_anew(tmp_path: Path) -> None:
    """Given a checkpoint signed anew, when it is brought, then the witness says anew that it knows of nothing later."""
    LOG.publish(tmp_path, 2)
    times = iter(range(TIME, TIME + 100))
    witness = witness_of(tmp_path / "w", LOG)
    witness._clock = lambda: next(times)
    with serving(witness) as url:
        write_policy(tmp_path, 1, url)
        cosigning = Cosigning(tmp_path, tick_seconds=0.02)
        cosigning.start()
        try:
            assert until(KEYS[1:2], tmp_path, LOG.note(2))
            note = LOG.publish(tmp_path, 2)  # ML-DSA signatures are randomized: other bytes, the same text
            wanted = [*map(VerifierKey.parse, LOG.vkeys), KEYS[1]]
            deadline = time.monotonic() + 15
            while (said := open_checkpoint(joined(tmp_path, note), wanted).times[KEYS[1]]) == TIME:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert said == TIME + 1
        finally:
            cosigning.stop()


def test_a_log_that_was_grown_elsewhere_is_found_by_a_heartbeat(tmp_path: Path) -> None:
    """Given a cosigned checkpoint and a later one that is not ours, when brought anew, then the witness is ahead."""
    LOG.publish(tmp_path, 2)
    witness = witness_of(tmp_path / "w", LOG)
    with serving(witness) as url:
        collector = Collector(tmp_path)
        assert collector.round(policy_of(1, url)).complete
        witness.add_checkpoint(FORK.request(2, 9))
        assert codes(collector.round(policy_of(1, url))) == [None]  # its signature is here: it is not asked
        made = collector.round(policy_of(1, url), renew=True)
    assert (codes(made), made.met, made.complete) == (["witness-ahead"], True, False)


@pytest.mark.parametrize("url", ["http://a..b", f"http://{'a' * 64}.vn", "http://[bad]", "http://\u2100.vn"])
def test_an_address_that_nobody_can_have(tmp_path: Path, url: str) -> None:
    """Given an address that no policy file would pass, when asked, then the witness is unreachable, and no more."""
    LOG.publish(tmp_path, 2)
    assert codes(Collector(tmp_path).round(policy_of(1, url))) == ["witness-unreachable"]


def test_the_thread_outlives_what_nobody_foresaw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a fault of no known kind in one round, when cosigning goes on, then the next round is made."""
    cosigning, looked = Cosigning(tmp_path, tick_seconds=0.01), Event()

    def look() -> None:
        if not looked.is_set():
            looked.set()
            raise ZeroDivisionError
        cosigning._stopping.set()

    monkeypatch.setattr("ledger.periodic.PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(cosigning, "_look", look)
    cosigning.start()
    assert cosigning._stopping.wait(5)
    cosigning.stop()


def test_one_round_never_raises(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Given no policy, a bad one, no checkpoint, a fork, when collected in passing, then told at most."""
    assert collect_once(tmp_path) is None
    (tmp_path / FILE).write_text("nonsense\n")
    assert collect_once(tmp_path) is None
    write_policy(tmp_path, 1, DEAD)
    assert collect_once(tmp_path) is None
    witness = witness_of(tmp_path / "w", LOG)
    witness.add_checkpoint(FORK.request(0, 9))
    LOG.publish(tmp_path, 9)
    with serving(witness) as url:
        write_policy(tmp_path, 1, url)
        policy = read_policy(tmp_path / FILE)
        assert policy is not None
        made = collect_once(tmp_path)
        assert httpx.get(url).status_code == 200
    assert made is not None
    assert codes(made) == ["witness-contradicts"]
    assert [record.levelname for record in caplog.records][-1] == "ERROR"
