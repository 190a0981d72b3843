"""The list of logs: written by a command or by hand, read anew when it changes, refused line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Refusal
from mocban.witness.known_logs import KnownLogs
from signing.note import VerifierKey
from tests.witness.log import Log

LOG, OTHER = Log(), Log("go.sum database tree".replace(" ", "-"))
KEYS = [VerifierKey.parse(text) for text in LOG.vkeys]


def test_trusting_adds_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    """Given a list with a remark, when a log is trusted twice, then its keys stand once and the remark stays."""
    logs = KnownLogs(tmp_path)
    assert logs.keys_of(LOG.origin) == ()
    assert logs.trust(LOG.origin, LOG.vkeys[:1]) == 1
    with logs.path.open("a") as file:
        file.write("# thỏa thuận 12/2026")
    assert logs.trust(LOG.origin, LOG.vkeys) == 1
    assert logs.trust(LOG.origin, LOG.vkeys) == 0
    assert logs.keys_of(LOG.origin) == tuple(KEYS)
    assert "# thỏa thuận 12/2026\n" in logs.path.read_text("utf-8")
    assert KnownLogs(tmp_path).all() == {LOG.origin: tuple(KEYS)}


def test_an_edit_by_hand_counts_at_once(tmp_path: Path) -> None:
    """Given a running list, when it is edited, then the edit counts; edited to nonsense, the one before stands."""
    logs = KnownLogs(tmp_path)
    vkey = OTHER.vkeys[0]
    logs.path.write_text(f"logs/v0\n\nvkey {vkey}\norigin go.sum database tree\nqpd 24\ncontact a b (at) c\n\n")
    assert logs.keys_of("go.sum database tree") == (VerifierKey.parse(vkey),)
    assert logs.keys_of(OTHER.origin) == ()
    logs.path.write_text(f"logs/v0\nvkey {vkey}\norigin none\nvkey {OTHER.vkeys[1]}\n")
    assert len(logs.keys_of(OTHER.origin)) == 2
    logs.path.write_text("logs/v0\nvkey nonsense\n")
    assert len(logs.keys_of(OTHER.origin)) == 2
    with pytest.raises(Refusal) as refused:
        KnownLogs(tmp_path)
    assert (refused.value.code, refused.value.facts["line"]) == ("witness-logs-unfit", "2")
    logs.path.unlink()
    assert logs.all() == {}


def test_a_list_that_cannot_be_read_leaves_the_one_before(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Given a running list, when a folder takes its place, then told once, the logs stand; mended, it counts."""
    logs = KnownLogs(tmp_path)
    logs.trust(LOG.origin, LOG.vkeys)
    logs.path.rename(tmp_path / "aside")
    logs.path.mkdir()
    assert logs.keys_of(LOG.origin) == tuple(KEYS)
    assert logs.all() == {LOG.origin: tuple(KEYS)}
    assert len(caplog.records) == 1
    with pytest.raises(Refusal, match="witness-logs-unfit"):
        KnownLogs(tmp_path)
    logs.path.rmdir()
    logs.path.write_text("logs/v0\n")
    assert logs.all() == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("vkey x\n", "1"),
        ("logs/v1\n", "1"),
        ("logs/v0\norigin before-any-key\n", "2"),
        ("logs/v0\n# a remark\nkey x\n", "3"),
        (f"logs/v0\nvkey {LOG.vkeys[0][:-4]}AAA=\n", "2"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, line: str) -> None:
    """Given a list with a fault, when read, then its line is told."""
    (tmp_path / "logs").write_text(text)
    with pytest.raises(Refusal) as refused:
        KnownLogs(tmp_path)
    assert (refused.value.code, refused.value.facts["line"]) == ("witness-logs-unfit", line)


@pytest.mark.parametrize(
    ("origin", "vkey", "code"),
    [
        ("", LOG.vkeys[0], "witness-origin-unfit"),
        ("a\nb", LOG.vkeys[0], "witness-origin-unfit"),
        ("none", LOG.vkeys[0], "witness-origin-unfit"),
        (LOG.origin, "nonsense", "witness-vkey-unfit"),
        (LOG.origin, VerifierKey("x", 0xFF, b"k" * 32).text(), "witness-vkey-unfit"),
    ],
)
def test_what_is_no_log_is_not_trusted(tmp_path: Path, origin: str, vkey: str, code: str) -> None:
    """Given no origin or no key, when trusted, then refused and nothing is written."""
    logs = KnownLogs(tmp_path)
    with pytest.raises(Refusal) as refused:
        logs.trust(origin, [*LOG.vkeys, vkey])
    assert refused.value.code == code
    assert not logs.path.exists()
