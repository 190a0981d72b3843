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


def test_a_negative_position_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Given a position below 0, when a proof is asked for, then it is wrong usage and no sign of two histories."""
    with pytest.raises(SystemExit) as ended:
        main(["log", "proof", "--position", "-1", "proof"])
    assert ended.value.code == 2
    assert "log-forked" not in capsys.readouterr().err
