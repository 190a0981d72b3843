"""Two authorities that really answer, a published log, and the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mocban.__main__ import main
from tests.mocban.authority_server import answering
from tests.signing.local_authority import LocalAuthority
from tests.witness.log import Log

LOG = Log()


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[LocalAuthority, LocalAuthority]:
    """Two, of different CAs."""
    return (
        LocalAuthority(tmp_path_factory.mktemp("one"), "one"),
        LocalAuthority(tmp_path_factory.mktemp("two"), "two", days=400),
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose log has published five acts."""
    LOG.publish(tmp_path, 5)
    monkeypatch.setenv("MOCBAN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def served(authorities: tuple[LocalAuthority, LocalAuthority]) -> Iterator[tuple[str, str]]:
    """The addresses of both, answering."""
    with ExitStack() as stack:
        one, two = (stack.enter_context(answering(local.answer)) for local in authorities)
        yield one, two


class Commands:
    """The command line on one data folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> tuple[int, Any]:
        """(exit code, the JSON object)."""
        code = main(["timestamp", *map(str, words), "--json"])
        return code, json.loads(self._capsys.readouterr().out.splitlines()[-1])

    def told(self, *words: object) -> str:
        """What a person is told, without `--json`."""
        assert main(["timestamp", *map(str, words)]) == 0
        return self._capsys.readouterr().out

    def named(self, local: LocalAuthority, url: str) -> None:
        """Name an authority under its CA."""
        certificate = ("--certificate", local.folder / "ca.pem")
        assert self("authority", "add", "--name", local.name, "--url", url, *certificate)[0] == 0


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Commands:
    """The command line."""
    return Commands(capsys)
