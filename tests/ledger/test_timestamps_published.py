"""Timestamps leave the house with the log: in the export folder and in the bundle, byte for byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes
from tests.ledger.test_export import publish, trust_file, verdict
from tests.signing.local_authority import LocalAuthority, needs_openssl_ts

pytestmark = pytest.mark.skipif(needs_openssl_ts, reason="openssl is not there")


def test_timestamps_travel_with_the_log(house: House, tmp_path: Path) -> None:
    """Given a stamped checkpoint, when the log grows and is exported and bundled, then both hold what was stamped."""
    append_boxes(house, 2)
    store = publish(house)
    local = LocalAuthority(tmp_path / "authority")
    checkpoint, note = store.checkpoint()
    held = store.timestamps.hold(checkpoint.size, note)
    from signing.timestamp import stamp  # noqa: PLC0415  slow to import

    reply, _ = stamp(local.authority, held)
    assert store.timestamps.keep(checkpoint.size, "one", reply)
    append_boxes(house, 1)
    store = publish(house)
    assert store.checkpoint()[0].size > checkpoint.size
    folder, zipped = tmp_path / "log", tmp_path / "bundle.zip"
    store.export(folder)
    stamped, answer = (
        folder / f"timestamps/{checkpoint.size}.checkpoint",
        folder / f"timestamps/{checkpoint.size}.one.tsr",
    )
    assert (stamped.read_bytes(), answer.read_bytes()) == (note, reply)
    assert local.openssl_accepts(answer, stamped)
    assert store.export(folder) == 0
    store.bundle(zipped, house.signers_of(house.main)[0])
    with zipfile.ZipFile(zipped) as bundle:
        assert bundle.read(f"timestamps/{checkpoint.size}.one.tsr") == reply
        assert f" timestamps/{checkpoint.size}.checkpoint\n" in bundle.read("MANIFEST").decode()
    for path in (folder, zipped):
        code, report = verdict(path, trust_file(house, tmp_path))
        assert (code, report["verdict"], report["bad"]) == (0, "valid", [])
