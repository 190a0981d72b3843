"""A log verified at the address where it is published: served from an export folder by any HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from ledger.log_store import LogStore
from mocban.__main__ import main
from mocban.bootstrap import open_product
from mocban.publication import publish, write_trust
from mocban.settings import Settings


class _Quiet(SimpleHTTPRequestHandler):
    @override
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def exported(home: Path, tmp_path: Path) -> Path:
    """An export folder `log`, and its trust file beside it."""
    with open_product(Settings(home=home, passphrase="a passphrase for tests")) as product:
        publish(product)
        store: LogStore = product.main_log
        store.export(tmp_path / "log")
        write_trust(product, tmp_path / "trust.json")
    return tmp_path


@pytest.fixture
def address(exported: Path) -> Iterator[str]:
    """Where that folder is served."""
    handler = partial(_Quiet, directory=str(exported / "log"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_log_is_verified_where_it_is_published(
    address: str, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a served log, when whole, altered, without a file and not there, then 0, 4 at the act, 4 and 3."""

    def verified(url: str) -> tuple[int, list[str]]:
        code = main(["verify", url, "--trust", str(exported / "trust.json"), "--json"])
        said = json.loads(capsys.readouterr().out)
        return code, [one["code"] for one in said.get("bad", [said.get("problem")])]

    assert verified(address) == (0, [])
    (entries,) = (exported / "log" / "tile" / "entries" / "000.p").iterdir()
    sound = entries.read_bytes()
    entries.write_bytes(sound[:-1] + b"x")
    code, found = verified(address)
    assert code == 4
    assert "entry-altered" in found
    entries.unlink()
    code, found = verified(address)
    assert code == 4
    assert "history-truncated" in found
    assert verified(address + "/elsewhere") == (3, ["log-address-unreachable"])


def test_a_size_that_is_a_lie_comes_to_an_end(address: str, exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a checkpoint of more acts than anybody can have, then what is not there is soon not asked for any more."""
    checkpoint = exported / "log" / "checkpoint"
    origin, _, rest = checkpoint.read_text(encoding="utf-8").split("\n", 2)
    checkpoint.write_text(f"{origin}\n999999999999\n{rest}", encoding="utf-8")
    assert main(["verify", address, "--trust", str(exported / "trust.json"), "--json"]) == 4
    found = {one["code"] for one in json.loads(capsys.readouterr().out)["bad"]}
    assert {"checkpoint-signature", "history-truncated"} <= found


def test_this_machine_s_log_is_held_against_a_trust_file(
    exported: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given the ledger here, then its own trust file makes it valid, another's does not, nor does an altered tile."""
    monkeypatch.setenv("MOCBAN_HOME", str(home))

    def verified(*words: str) -> tuple[int, str, list[str]]:
        code = main(["verify", *words, "--json"])
        said = json.loads(capsys.readouterr().out)
        return code, said["verdict"], [one["code"] for one in said["bad"]]

    own, other = exported / "trust.json", exported / "other.json"
    other.write_text(json.dumps({**json.loads(own.read_text()), "genesis": "A" * 43 + "="}))
    assert verified() == (0, "self-consistent", [])
    assert verified("--trust", str(own)) == (0, "valid", [])
    assert verified("--trust", str(other)) == (4, "invalid", ["genesis-mismatch"])
    assert main(["verify", "--trust", str(exported / "none.json")]) == 2
    (tile,) = (home / "objects" / "main_log" / "tile" / "0" / "000.p").iterdir()
    tile.write_bytes(bytes([tile.read_bytes()[0] ^ 1]) + tile.read_bytes()[1:])
    code, verdict, bad = verified("--trust", str(own))
    assert (code, verdict) == (4, "invalid")
    assert "tile-mismatch" in bad


def test_a_negative_position_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Given a position below 0, when a proof is asked for, then it is wrong usage and no sign of two histories."""
    with pytest.raises(SystemExit) as ended:
        main(["log", "proof", "--position", "-1", "proof"])
    assert ended.value.code == 2
    assert "log-forked" not in capsys.readouterr().err
