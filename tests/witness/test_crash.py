"""A witness killed between any two steps: it forgets nothing it cosigned, and who asks again gets the cosignature."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mocban.witness.client import Asking
from mocban.witness.policy import PolicyWitness
from signing.checkpoint import parse_checkpoint_text
from signing.fault_point import FaultPoint
from signing.merkle import consistency_path
from signing.note import parse_note
from tests.witness.log import Log
from tests.witness.serving import serving, signer_of, witness_of

LOG, FORK = Log(), Log(fork_at=4)
POINTS = (FaultPoint.WITNESS_CHECKED, FaultPoint.WITNESS_SIGNED, FaultPoint.FILE_SYNCED, FaultPoint.WITNESS_STORED)

_DRIVER = """
import sys
from pathlib import Path
import uvicorn
from mocban.listening import listening
from mocban.witness.service import configuration
from signing.fault_point import FaultPoint, arm
from tests.witness.serving import witness_of

witness = witness_of(Path(sys.argv[1]))
arm(FaultPoint(sys.argv[2]))
with listening("127.0.0.1", 0) as bound:
    bound.listen()
    print(bound.getsockname()[1], flush=True)
    uvicorn.Server(configuration(witness)).run(sockets=[bound])
"""


@contextmanager
def dying(store: Path, point: FaultPoint) -> Iterator[str]:
    """The address of a witness that is killed at a point."""
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(store), point], cwd=root, env=os.environ, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        assert process.wait(timeout=10) == -9
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("point", POINTS)
def test_killed_between_any_two_steps(tmp_path: Path, point: FaultPoint) -> None:
    """Given a kill at a point, when it serves again, then it holds what it may have cosigned, and no fork gets in."""
    first = witness_of(tmp_path, LOG)
    first.add_checkpoint(LOG.request(0, 4))
    with dying(tmp_path, point) as url, pytest.raises(httpx.HTTPError):
        httpx.post(f"{url}/add-checkpoint", content=LOG.request(4, 9), timeout=10)
    again = witness_of(tmp_path)
    latest = again.records.latest(LOG.origin)
    assert latest is not None
    assert latest.size == (9 if point is FaultPoint.WITNESS_STORED else 4)
    assert latest.root == parse_checkpoint_text(LOG.text(latest.size)).root
    with serving(again) as url, httpx.Client() as http:
        if point is FaultPoint.WITNESS_STORED:
            assert httpx.post(f"{url}/add-checkpoint", content=FORK.request(4, 9)).text == "9\n"
        asking = Asking(PolicyWitness(name="one", key=signer_of().verifier_key, url=url))
        note = parse_note(LOG.note(9))
        latter = parse_checkpoint_text(note.text)
        line = asking.cosignature(http, note, latter, lambda old: consistency_path(LOG.hashes(9), old) if old else [])
    assert line.name == signer_of().verifier_key.name
    latest = again.records.latest(LOG.origin)
    assert latest is not None
    assert latest.size == 9
