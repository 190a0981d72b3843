"""Timestamps of checkpoints: two authorities that really answer, and hostile ones."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.log_name import LogName
from ledger.tile_store import TileStore
from ledger.timestamps import Timestamps
from mocban.timestamps import client
from mocban.timestamps.authorities import FILE, read_authorities
from mocban.timestamps.checking import check
from mocban.timestamps.collecting import collect, now
from signing.timestamp import make_query, new_nonce
from tests.mocban.authority_server import Answer, answering
from tests.mocban.timestamps.conftest import LOG, Commands
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts
from tests.witness.log import Log

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")


def test_two_authorities_stamp_what_is_published(
    home: Path, run: Commands, authorities: tuple[LocalAuthority, LocalAuthority], served: tuple[str, str]
) -> None:
    """Given two authorities, when collected, then `openssl ts` holds each answer good for the file that is kept."""
    for local, url in zip(authorities, served, strict=True):
        run.named(local, url)
    code, told = run("collect")
    assert (code, told["size"], told["complete"], [one["fresh"] for one in told["authorities"]]) == (
        0, 5, True, [True, True],
    )  # fmt: skip
    folder = home / "objects" / "main_log" / "timestamps"
    assert sorted(path.name for path in folder.iterdir()) == ["5.checkpoint", "5.one.tsr", "5.two.tsr"]
    assert (folder / "5.checkpoint").read_bytes() == TileStore(home / "objects", LogName.MAIN).served()
    for local in authorities:
        assert local.openssl_accepts(folder / f"5.{local.name}.tsr", folder / "5.checkpoint")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert [one["fresh"] for one in run("collect")[1]["authorities"]] == [False, False]
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    LOG.publish(home, 9)
    assert run("collect")[1]["size"] == 9
    assert run.told("list").endswith("4 dấu thời gian · timestamps\n")
    code, listed = run("list")
    assert [(row["size"], row["authority"]) for row in listed["timestamps"]] == [
        (5, "one"), (5, "two"), (9, "one"), (9, "two"),
    ]  # fmt: skip
    code, told = run("check")
    assert (code, told["checked"], told["good"], told["bad"], told["alarms"]) == (0, 4, 4, [], [])
    names = [name for name, _ in Timestamps(home / "objects", LogName.MAIN).files(6)]
    assert names == ["timestamps/5.checkpoint", "timestamps/5.one.tsr", "timestamps/5.two.tsr"]


def test_a_heartbeat_is_not_another_checkpoint(home: Path, authorities: tuple[LocalAuthority, LocalAuthority]) -> None:
    """Given the same tree signed anew between two authorities, then both have stamped the same file."""
    kept = Timestamps(home / "objects", LogName.MAIN)
    assert kept.hold(5, b"first") == b"first"
    assert kept.hold(5, b"signed anew") == b"first"


@pytest.fixture
def hostile(
    authorities: tuple[LocalAuthority, LocalAuthority], monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[Answer, str]]:
    """Authorities that answer what they should not: name -> (answer, path)."""
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.3)
    one, two = authorities
    earlier = one.answer(make_query(bytes(32), new_nonce()))
    return {
        "another-ca": (two.answer, "/"),
        "replayed": (lambda _: earlier, "/"),
        "other-nonce": (lambda query: one.answer(make_query(imprint_of(query), new_nonce())), "/"),
        "garbage": (lambda _: b"<html>", "/"),
        "nothing": (lambda _: b"", "/"),
        "ten-megabytes": (lambda _: bytes(10_000_000), "/"),
        "elsewhere": (one.answer, "/elsewhere"),
        "busy": (one.answer, "/busy"),
        "slow": (one.answer, "/slow"),
        "packed": (one.answer, "/packed"),
    }


def imprint_of(query: bytes) -> bytes:
    """The 32 bytes that are to be stamped."""
    return query[query.index(b"\x04\x20") + 2 :][:32]


def test_hostile_answers_are_named_and_not_kept(
    home: Path,
    run: Commands,
    hostile: dict[str, tuple[Answer, str]],
    authorities: tuple[LocalAuthority, LocalAuthority],
) -> None:
    """Given authorities that lie, stall, flood or send elsewhere, then each has its code and nothing of it is kept."""
    wanted = {
        "another-ca": ("timestamp-answer-unfit", "timestamp-certificate"),
        "replayed": ("timestamp-answer-unfit", "timestamp-imprint"),
        "other-nonce": ("timestamp-answer-unfit", "timestamp-nonce"),
        "garbage": ("timestamp-answer-unfit", "timestamp-malformed"),
        "nothing": ("timestamp-answer-unfit", "timestamp-malformed"),
        "ten-megabytes": ("timestamp-answer-unfit", "too long"),
        "elsewhere": ("timestamp-refused", "HTTP 302"),
        "busy": ("timestamp-refused", "HTTP 503"),
        "slow": ("timestamp-unreachable", "too slow"),
        "packed": ("timestamp-answer-unfit", "timestamp-malformed"),
        "dead": ("timestamp-unreachable", "ConnectError"),
    }
    ca = authorities[0].folder / "ca.pem"
    with ExitStack() as stack:
        urls = {name: stack.enter_context(answering(answer)) + path for name, (answer, path) in hostile.items()}
        for name, url in {**urls, "dead": "http://127.0.0.1:9/"}.items():
            assert run("authority", "add", "--name", name, "--url", url, "--certificate", ca)[0] == 0
        code, told = run("collect")
    assert (code, told["complete"]) == (1, False)
    assert {one["name"]: one["code"] for one in told["authorities"]} == {
        name: code for name, (code, _) in wanted.items()
    }
    for one in told["authorities"]:
        assert wanted[one["name"]][1] in one["en"]
    assert list((home / "objects" / "main_log" / "timestamps").iterdir()) == []
    code, told = run("check")
    assert (code, {alarm["code"] for alarm in told["alarms"]}) == (
        1,
        {"timestamp-overdue", "timestamp-authorities-dependent"},  # all were named under one certificate
    )


def test_the_clock_of_an_authority_that_is_hours_off(
    home: Path, run: Commands, authorities: tuple[LocalAuthority, LocalAuthority], served: tuple[str, str]
) -> None:
    """Given an authority whose time is not this machine's, then its answer is not kept."""
    run.named(authorities[0], served[0])
    [made] = collect(home, read_authorities(home), lambda: now() + timedelta(hours=5)).outcomes
    assert made.refusal is not None
    assert made.refusal.code == "timestamp-clock"
    assert Timestamps(home / "objects", LogName.MAIN).sizes() == []


def test_the_alarm_comes_before_the_certificate_ends(home: Path, run: Commands, tmp_path: Path) -> None:
    """Given certificates that end in ten days or have ended, then the alarm names what nothing newer renews."""
    short = LocalAuthority(tmp_path / "short", "short", days=10)
    with answering(short.answer) as url:
        run.named(short, url)
        assert run("collect")[0] == 0
        assert run("check", "--days", "5")[0] == 0
        code, told = run("check")
        assert (code, [alarm["code"] for alarm in told["alarms"]]) == (1, ["timestamp-certificate-ends"])
        assert "short" in told["alarms"][0]["vi"]
        authorities = read_authorities(home)
        later = check(home, authorities, now() + timedelta(days=11))
        assert [(one.code, len(later.bad)) for one in later.alarms] == [("timestamp-certificate-ended", 0)]
        LOG.publish(home, 6)
        assert run("collect")[0] == 0
        assert [alarm.facts["size"] for alarm in check(home, authorities, now()).alarms] == [6]
    longer = LocalAuthority(tmp_path / "longer", "short", days=300)
    both = tmp_path / "both.pem"
    both.write_bytes((short.folder / "ca.pem").read_bytes() + (longer.folder / "ca.pem").read_bytes())
    assert run("authority", "remove", "--name", "short")[0] == 0
    with answering(longer.answer) as url:
        assert run("authority", "add", "--name", "short", "--url", url, "--certificate", both)[0] == 0
        LOG.publish(home, 7)
        assert run("collect")[0] == 0
    assert run("check")[1]["alarms"] == []  # the newer one over the longer tree renews those before it
    assert [alarm.code for alarm in check(home, read_authorities(home), now() + timedelta(days=290)).alarms] == [
        "timestamp-certificate-ends"
    ]


SPOILT = [
    ("5.one.tsr", lambda data: data[:300] + bytes([data[300] ^ 1]) + data[301:], {"timestamp-bad"}),
    ("5.one.tsr", lambda _data: b"garbage", {"timestamp-bad"}),
    ("5.checkpoint", lambda data: data + b"\n", {"timestamp-bad", "timestamp-checkpoint-bad"}),
    ("5.checkpoint", lambda _data: Log(fork_at=2).note(5), {"timestamp-bad", "timestamp-checkpoint-bad"}),
    ("5.checkpoint", None, {"timestamp-checkpoint-bad"}),
]


@pytest.mark.parametrize(("name", "spoil", "codes"), SPOILT, ids=["a bit", "garbage", "a byte more", "a fork", "gone"])
def test_what_does_not_hold_is_named(
    name: str,
    spoil: Any,
    codes: set[str],
    home: Path,
    run: Commands,
    authorities: tuple[LocalAuthority, LocalAuthority],
    served: tuple[str, str],
) -> None:
    """Given a kept file altered or removed, then checking says which does not hold, exit 4."""
    run.named(authorities[0], served[0])
    assert run("collect")[0] == 0
    path = home / "objects" / "main_log" / "timestamps" / name
    if spoil is None:
        path.unlink()
    else:
        path.write_bytes(spoil(path.read_bytes()))
    code, told = run("check")
    assert (code, {one["code"] for one in told["bad"]}) == (4, codes)


def test_tokens_of_an_authority_no_longer_named(
    home: Path, run: Commands, authorities: tuple[LocalAuthority, LocalAuthority], served: tuple[str, str]
) -> None:
    """Given an authority that was removed, then its tokens stay, and are said not to be checked."""
    run.named(authorities[0], served[0])
    assert run("collect")[0] == 0
    assert run("authority", "remove", "--name", "one") == (0, {"authorities": [], "independent": 0, "wanted": 2})
    code, told = run("check")
    assert (code, told["bad"], [one["code"] for one in told["unknown"]]) == (1, [], ["timestamp-of-unknown"])
    assert run("authority", "remove", "--name", "one")[1]["problem"]["code"] == "timestamp-authority-unknown"
    assert run("collect")[1]["problem"]["code"] == "timestamp-authorities-none"


@pytest.mark.parametrize(
    ("name", "url", "certificate"),
    [
        ("One", "http://a.example/", "ca.pem"),
        ("a.b", "http://a.example/", "ca.pem"),
        ("../x", "http://a.example/", "ca.pem"),
        ("x" * 33, "http://a.example/", "ca.pem"),
        ("one", "file:///etc/hostname", "ca.pem"),
        ("one", "ftp://a.example/", "ca.pem"),
        ("one", "http://u:p@a.example/", "ca.pem"),
        ("one", "http:///", "ca.pem"),
        ("one", "http://a.example:99999/", "ca.pem"),
        ("one", "http://a.example/", "tsa.key"),
        ("one", "http://a.example/", "tsa.cnf"),
        ("one", "http://a.example/", "none"),
    ],
)
def test_authorities_that_cannot_be_named(
    name: str, url: str, certificate: str, home: Path, run: Commands, authorities: tuple[LocalAuthority, LocalAuthority]
) -> None:
    """Given a name, an address or a certificate that is none, then it is refused and nothing is written."""
    path = authorities[0].folder / certificate
    code, told = run("authority", "add", "--name", name, "--url", url, "--certificate", path)
    assert (code, told["problem"]["code"]) == (1, "timestamp-authority-unfit")
    assert not (home / FILE).exists()


def test_a_file_of_authorities_that_became_nonsense(home: Path, run: Commands) -> None:
    """Given a spoilt file, then every command says so, and the one that adds does not write over it."""
    (home / FILE).write_text("{nonsense")
    for words in (("authority", "list"), ("collect",), ("check",)):
        assert run(*words)[1]["problem"]["code"] == "timestamp-authorities-unfit"
    assert (home / FILE).read_text() == "{nonsense"
