"""`act prepare` leaves all the files it was asked for, or nothing: neither a file nor a waiting act."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from ledger.founding import founded_origin
from mocban.database import Databases
from tests.mocban.signing_elsewhere import Machines


@pytest.fixture
def machines(module_database: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machines:
    """The ledger's machine and the signer's."""
    return Machines(module_database, tmp_path, capsys)


def test_an_act_whose_files_cannot_all_be_written_does_not_wait(
    machines: Machines, module_database: Databases, tmp_path: Path
) -> None:
    """Given outputs that are one, taken, or unwritable, it is refused in words; no file, no act waiting."""
    revoke = ("registry.revoke", "--kid", "AAAA", "--reason", "x", "--out", tmp_path / "none.json")
    machines.here("act", "prepare", *revoke)  # and it is founded
    origin = founded_origin(module_database.main_url("mocban_ledger_writer"))
    assert origin is not None
    _, vkey, _ = machines.new_key(origin)
    file = tmp_path / "file"
    file.write_bytes(b"")
    out, dangling, long = tmp_path / "o.json", tmp_path / "dangling", tmp_path / ("x" * 300)
    dangling.symlink_to(tmp_path / "nowhere")
    for given, code in [
        ((out, out), "outputs-equal"),
        ((dangling, out), "output-exists"),
        ((out, dangling), "output-exists"),
        ((out, long), "output-unwritable"),
        ((file / "below", out), "output-unwritable"),
    ]:
        files = ("--out", given[0], "--openings", given[1])
        exit_code, told = machines.here("act", "prepare", "registry.enrol", "--vkey", vkey, *files)
        assert (exit_code, told["problem"]["code"]) == (1, code)
        assert not out.exists()
    with psycopg.connect(module_database.main_admin) as connection:
        assert connection.execute("SELECT count(*) FROM sealed.prepared_act").fetchone() == (0,)
