"""Two names of one house are one witness of time, and the alarm says so."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.mocban.authority_server import answering
from tests.mocban.timestamps.conftest import Commands
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")


def codes(run: Commands) -> tuple[int, int, list[str]]:
    """(exit code, independent authorities, alarms) of a check."""
    code, told = run("check")
    return code, told["independent"], [one["code"] for one in told["alarms"]]


def test_two_under_one_certifier_are_one(
    home: Path, run: Commands, authorities: tuple[LocalAuthority, LocalAuthority], served: tuple[str, str]
) -> None:
    """Given two names under one pinned key, the alarm tells it in both languages; a third of another house ends it."""
    one, two = authorities
    pinned = ("--certificate", one.folder / "ca.pem")
    assert run("authority", "add", "--name", "first", "--url", served[0], *pinned)[1]["independent"] == 1
    assert codes(run)[1:] == (1, ["timestamp-overdue"])
    assert run("authority", "add", "--name", "second", "--url", served[0], *pinned)[1]["independent"] == 1
    assert run("collect")[0] == 0
    code, told = run("check")
    assert (code, told["authorities"], told["independent"], told["wanted"]) == (1, 2, 1, 2)
    [alarm] = told["alarms"]
    assert alarm["code"] == "timestamp-authorities-dependent"
    assert "first, second" in alarm["vi"]
    assert "một nhà" in alarm["vi"]
    assert "first, second" in alarm["en"]
    run.named(two, served[1])
    assert run("collect")[0] == 0
    assert codes(run) == (0, 2, [])


def test_one_organization_of_two_certifiers(home: Path, run: Commands, tmp_path: Path) -> None:
    """Given two CAs whose authorities name one organization, it comes to light with their first tokens."""
    made = [
        LocalAuthority(tmp_path / "a", "a", organization="Nhà Giờ"),
        LocalAuthority(tmp_path / "b", "b", organization="NHÀ  GIỜ "),
    ]
    with ExitStack() as stack:
        for local in made:
            run.named(local, stack.enter_context(answering(local.answer)))
        assert codes(run)[1] == 2, "the pinned certificates name nobody"
        assert run("collect")[0] == 0
    assert codes(run) == (1, 1, ["timestamp-authorities-dependent"])
