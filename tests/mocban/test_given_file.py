"""What people hand to a command is read whole, and never without end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import Refusal
from mocban.__main__ import main
from mocban.audit.sample import read_sample
from mocban.given_file import read_given


def test_as_much_as_there_may_be(tmp_path: Path) -> None:
    """Given a file of the most bytes there may be, then it is read; with one more, not."""
    path = tmp_path / "tệp"
    path.write_bytes(b"12345")
    assert read_given(path, 5) == b"12345"
    with pytest.raises(OSError, match="too large"):
        read_given(path, 4)


def test_a_device_that_never_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """Given a device as a prepared act or a sample, then a refusal and an end."""
    with pytest.raises(Refusal, match="audit-sample-unreadable"):
        read_sample(Path("/dev/zero"))
    assert main(["act", "show", "/dev/zero", "--json"]) != 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["problem"]["code"] == "input-unreadable"
