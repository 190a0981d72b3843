"""How many witnesses a round has: all keys of one count once, as the verifiers count them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from mocban.witness.collecting import Collector
from mocban.witness.known_logs import KnownLogs
from mocban.witness.opening import open_witness
from mocban.witness.policy import Policy, PolicyWitness
from signing.note import ED25519_COSIGNATURE, Ed25519Signer
from tests.witness.log import Log
from tests.witness.serving import serving, signer_of

LOG = Log()


def test_two_keys_of_one_witness_count_once(tmp_path: Path) -> None:
    """Given a witness with two keys under one name, when both cosigned, then two of them are not a quorum of two."""
    one, other = signer_of(1), Ed25519Signer(signer_of(1).verifier_key.name, bytes([9]) * 32, ED25519_COSIGNATURE)
    with ExitStack() as stack:
        urls = []
        for folder, signer in (("a", one), ("b", other)):
            KnownLogs(tmp_path / folder).trust(LOG.origin, LOG.vkeys)
            urls.append(stack.enter_context(serving(open_witness(tmp_path / folder, signer))))
        LOG.publish(tmp_path, 5)
        keys = (one.verifier_key, other.verifier_key)
        both = tuple(
            PolicyWitness(name=f"w{n}", key=key, url=url) for n, (key, url) in enumerate(zip(keys, urls, strict=True))
        )
        made = Collector(tmp_path).round(Policy(witnesses=both, members=("w0", "w1"), quorum=2))
    assert [outcome.cosigned for outcome in made.outcomes] == [True, True]
    assert (made.cosigned, made.met) == (1, False)
