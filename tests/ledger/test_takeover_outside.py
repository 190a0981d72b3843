"""A takeover seen from outside: verifier and witness go on from the old pair's checkpoints to the new one's."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from domain.keys import KeyRevoked
from ledger.act_id import new_act_id
from ledger.commands import registry
from ledger.log_pairs import Takeover, live_pair_ended
from ledger.log_store import LogStore
from mocban.witness.collecting import Collector
from mocban.witness.policy import Policy, PolicyWitness
from signing.base64_text import to_base64
from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes
from tests.ledger.test_cosigned import KEYS, trusting
from tests.ledger.test_export import trust_file, verdict
from tests.ledger.test_takeover import STANDBY, paired, sequencer, signed_by
from tests.witness.serving import serving, witness_of

__all__ = ["paired"]


def test_verifier_and_witness_go_on(paired: House, tmp_path: Path) -> None:
    """Given the genesis's four keys, export, bundle and cosignature hold before the takeover, at it and after it."""
    folder, bundle, takeover = tmp_path / "export", tmp_path / "bundle.zip", Takeover(paired.home)
    store = LogStore(paired.main, paired.home)
    line = sequencer(paired, takeover.declared)
    with ExitStack() as stack:
        witness = witness_of(tmp_path / "w1", number=1)
        witness.logs.trust(paired.main.origin, [key.text() for key in paired.main.log_keys()])
        url = stack.enter_context(serving(witness))
        policy = Policy(witnesses=(PolicyWitness(name="w1", key=KEYS[1], url=url),), members=("w1",), quorum=1)
        for step in ("before", "at", "after"):
            if step == "at":
                takeover.declare()
            else:
                append_boxes(paired, 5)
            line.advance()
            assert Collector(paired.home).round(policy).met, step
            store.export(folder)
            pair = paired.signers_of(paired.main, standby=step != "before")
            store.bundle(bundle, pair[0])
            for path in (folder, bundle):
                code, report = verdict(path, trusting(paired, tmp_path, 1, 1))
                assert (code, report["anchored"]) == (0, True), (step, report)
                assert verdict(path)[0] == 0
    line.close()
    assert signed_by(paired, store.checkpoint()[1]) == list(paired.main.log_keys()[STANDBY])
    assert trust_file(paired, tmp_path).read_text().count(paired.main.origin + "+") == 4


def test_a_verifier_takes_no_checkpoint_of_an_ended_pair(paired: House, tmp_path: Path) -> None:
    """Given the live pair revoked, an export under its signatures is refused, and one of the standby pair is not."""
    folder, trust = tmp_path / "export", trust_file(paired, tmp_path)
    kids = [to_base64(key.kid) for key in paired.main.log_keys()[:2]]
    facts = [KeyRevoked(kid=kid, reason="stolen") for kid in kids]
    paired.main.perform(registry.revocation(paired.main.origin, paired.registrars, new_act_id(), *facts))
    thief = sequencer(paired)
    thief.advance()
    thief.close()
    store = LogStore(paired.main, paired.home)
    store.export(folder)
    code, report = verdict(folder, trust)
    assert (code, [bad["code"] for bad in report["bad"]]) == (4, ["checkpoint-signature"])
    line = sequencer(paired, lambda: live_pair_ended(paired.main.registry))
    line.advance()
    line.close()
    store.export(folder)
    assert verdict(folder, trust)[0] == 0
