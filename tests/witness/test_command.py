"""The command `witness`: a folder of its own, a key made once, a process that is alone and stops cleanly."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from mocban.witness.policy import FILE
from signing.note import ED25519_COSIGNATURE, VerifierKey
from tests.witness.log import Log

LOG = Log()


def command(store: Path, home: Path, *words: str) -> tuple[list[str], dict[str, str]]:
    """The command line and its surroundings."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
    environ |= {"MOCBAN_WITNESS_HOME": str(store), "MOCBAN_HOME": str(home)}
    return [sys.executable, "-m", "mocban", "witness", *words, "--json"], environ


def said(store: Path, home: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the object printed."""
    line, environ = command(store, home, *words)
    done = subprocess.run(line, env=environ, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_from_nothing_to_a_cosigned_checkpoint(tmp_path: Path) -> None:
    """Given nothing, when a witness is started, told of a log and asked, then it cosigns, and remembers."""
    store, home = tmp_path / "witness", tmp_path / "home"
    home.mkdir()
    LOG.publish(home, 6)
    assert said(store, home, "collect")[1]["problem"]["code"] == "witness-policy-missing"
    assert said(store, home, "show")[1]["problem"]["code"] == "witness-absent"
    line, environ = command(store, home, "serve", "--port", "0", "--name", "nhan-chung.example/w1")
    process = subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        vkey = VerifierKey.parse(told["vkey"])
        assert (vkey.name, vkey.type, told["logs"]) == ("nhan-chung.example/w1", ED25519_COSIGNATURE, 0)
        (home / FILE).write_text(f"witness one {told['vkey']} {told['url']}\nquorum one\n")
        code, made = said(store, home, "collect")
        assert (code, made["met"], made["witnesses"][0]["code"]) == (1, False, "witness-refuses")
        assert said(store, home, "trust", LOG.origin, *LOG.vkeys)[1]["added"] == 2
        assert said(store, home, "collect") == (
            0,
            {"size": 6, "quorum": 1, "cosigned": 1, "met": True, "witnesses": [{"name": "one", "cosigned": True}]},
        )
        assert httpx.get(told["url"]).text == (store / "vkey").read_text() == f"{told['vkey']}\n"
        code, refused = said(store, home, "serve", "--port", "0")
        assert (code, refused["problem"]["code"]) == (1, "already-running")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.communicate()
    assert said(store, home, "show")[1] == {"vkey": told["vkey"], "store": str(store), "logs": {LOG.origin: 6}}
    assert said(store, home, "serve", "--port", "0", "--name", "other")[1]["problem"]["code"] == "witness-name-fixed"
    assert sorted(path.name for path in home.iterdir()) == ["objects", "run", FILE]
    assert stat.S_IMODE((store / "keys").stat().st_mode) == 0o700
