"""A product that serves, and a witness beside it: nobody has to do anything for the next checkpoint to be cosigned."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx

from mocban.database import Databases
from mocban.process_note import end_process
from mocban.witness.policy import FILE
from signing.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint_text
from signing.keystore import FileKeystore
from signing.note import VerifierKey, parse_note
from tests.api.test_serve import started
from tests.witness.serving import serving, signer_of, witness_of


def served(url: str) -> tuple[Checkpoint, bytes] | None:
    """The checkpoint over HTTP."""
    answer = httpx.get(f"{url}/checkpoint")
    return (parse_checkpoint_text(parse_note(answer.content).text), answer.content) if answer.is_success else None


def test_serving_is_cosigned_by_itself(tmp_path: Path, database: Databases) -> None:
    """Given a serving product and a policy, when the witness knows the log, then /checkpoint bears its signature."""
    home, vkey = tmp_path / "home", signer_of().verifier_key
    witness = witness_of(tmp_path / "witness")
    process = started(home, database)
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with serving(witness) as witness_url:
            until = time.monotonic() + 30
            while (found := served(url)) is None and time.monotonic() < until:
                time.sleep(0.1)
            assert found is not None
            signers = FileKeystore(home / "keys", "a passphrase for tests").log_signers(found[0].origin)
            keys: list[VerifierKey] = [signer.verifier_key for signer in signers]
            witness.logs.trust(found[0].origin, [key.text() for key in keys])
            (home / FILE).write_text(f"witness one {vkey.text()} {witness_url}\nquorum one\n")
            while vkey not in open_checkpoint(found[1], [*keys, vkey]).times:
                assert time.monotonic() < until
                time.sleep(0.1)
                found = served(url) or found
            proof = httpx.get(f"{url}/proof/0").text
            assert f" {vkey.name} " in proof
        assert end_process(home / "run", "serve")
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.communicate()
