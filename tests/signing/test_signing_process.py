"""A signing process signs as its parent would, knows nothing else, and outlives nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from select import select

import pytest

from signing.note import Ed25519Signer, check_ed25519
from signing.signing_process import SigningProcess

SIGNERS = [Ed25519Signer(f"x.example/{number}", bytes([number]) * 32) for number in (1, 2)]
PARENT = """
import sys
from signing.signing_process import SigningProcess
child = SigningProcess()
child.signatures()
print(child._child.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def child() -> Iterator[SigningProcess]:
    """One that is ready."""
    process = SigningProcess()
    assert process.signatures() == []
    yield process
    process.close()


def pid_of(child: SigningProcess) -> int:
    """Its number."""
    return child._child.pid


def ended(pid: int) -> bool:
    """Whether a process is gone within ten seconds, or only its number is left."""
    for _ in range(200):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(") ")[2].startswith("Z"):
            return True
        time.sleep(0.05)
    return False


def test_it_signs_as_its_parent_would(child: SigningProcess) -> None:
    """Given texts of two keys, large ones too, then each has the one signature that its key makes, in order."""
    assert child.ready
    texts = [(SIGNERS[number % 2], bytes([number]) * (number**3)) for number in range(40)]
    for _ in range(2):
        child.ask(texts)
        made = child.signatures()
        assert made == [signer.sign(text) for signer, text in texts]
        for (signer, text), signature in zip(texts, made, strict=True):
            check_ed25519(signer.verifier_key.public, signature, text)


def test_nobody_sees_a_key_or_the_passphrase_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its command line and environment, which others may list, hold neither; what it holds came over the pipe."""
    monkeypatch.setenv("MOCBAN_PASSPHRASE", "not-to-be-handed-on")
    child = SigningProcess()
    child.signatures()
    child.ask([(SIGNERS[0], b"text")])
    child.signatures()
    for shown in ("cmdline", "environ"):
        content = Path(f"/proc/{pid_of(child)}/{shown}").read_bytes()
        assert content
        assert b"not-to-be-handed-on" not in content
        assert SIGNERS[0].seed not in content
    child.close()


def test_a_killed_child_is_noticed(child: SigningProcess) -> None:
    """When it dies, asking and waiting fail, and the file is readable so that a waiting parent looks."""
    os.kill(pid_of(child), signal.SIGKILL)
    assert select([child.answers_at], [], [], 10)[0]
    with pytest.raises(OSError, match="gone"):
        child.signatures()
    assert ended(pid_of(child))
    with pytest.raises(OSError, match=r"Broken pipe"):
        child.ask([(SIGNERS[0], b"text")])


def test_it_ends_with_its_parent() -> None:
    """Given a parent that is killed without a chance to say so, then the child ends by itself."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
        parent.wait()
        assert ended(pid)


def test_closing_ends_it(child: SigningProcess) -> None:
    """Closed, it is gone and reaped."""
    pid = pid_of(child)
    child.close()
    assert not Path(f"/proc/{pid}").exists()
