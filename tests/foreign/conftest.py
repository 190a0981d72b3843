"""One published ledger for all foreign checks of a run, whichever worker asks first."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import copied_pair
from tests.foreign import tools
from tests.foreign.published import Published
from tests.foreign_summary import PROPERTY

Recording = Callable[[str, object], None]


@pytest.fixture
def published(request: pytest.FixtureRequest) -> Published:
    """The export, bundle, proofs and certificate of a small real ledger, made at the first call.

    Of one test, so that a program that is not there is found missing before.
    """
    from tests.foreign.story import publish_story  # noqa: PLC0415  the whole product, which a skip does not need

    run = Path(os.environ["MOCBAN_TEST_HOME"])
    folder, made = run / "foreign", run / "foreign.made"
    with (run / "foreign.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with copied_pair(request.getfixturevalue("_template")) as pair:
                publish_story(pair, folder)
            made.touch()
    return Published(folder)


@pytest.fixture
def pymerkle(record_property: Recording) -> None:
    """For the summary: the package comes with the lock."""
    record_property(PROPERTY, f"pymerkle {metadata.version('pymerkle')}")


@pytest.fixture
def openssl(record_property: Recording) -> Path:
    """OpenSSL's command."""
    found = tools.program("openssl", "openssl")
    record_property(PROPERTY, f"openssl {tools.version(found, 'version')}")
    return found


@pytest.fixture
def pdfsig(record_property: Recording) -> Path:
    """poppler's pdfsig."""
    found = tools.program("pdfsig", "poppler-utils")
    record_property(PROPERTY, f"pdfsig {tools.version(found, '-v')}")
    return found


@pytest.fixture
def node(record_property: Recording) -> Path:
    """Node, new enough for the package for ML-DSA."""
    found = tools.node()
    record_property(PROPERTY, f"node {tools.version(found, '--version')}")
    return found


@pytest.fixture
def noble(record_property: Recording) -> Path:
    """The folder of `node_modules` with `@noble/post-quantum`."""
    found = tools.noble()
    package = json.loads((found / "node_modules/@noble/post-quantum/package.json").read_bytes())
    record_property(PROPERTY, f"@noble/post-quantum {package['version']}")
    return found


@pytest.fixture(scope="module")
def go() -> Path:
    """Go of the machine."""
    return tools.go()


@pytest.fixture(autouse=True)
def _go_said(request: pytest.FixtureRequest, record_property: Recording) -> None:
    """For the summary, of tests whose program was compiled once for a module."""
    if "judge" in request.fixturenames and "go" in request.fixturenames:
        record_property(PROPERTY, f"go sumdb ({tools.version(tools.go(), 'version')})")
