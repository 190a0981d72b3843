"""What both verifiers ask of what is shown alone and of whom they are told to believe; and that they ask no more."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from signing import log_verifier, standalone_verifier
from signing.note import Ed25519Signer, signature_line
from signing.pades_key import PadesKey
from tests.signing import small_log
from tests.signing.judged_log import small
from tests.signing.small_log import CLERK, REGISTRARS, SECOND, SERVICE, Person, SmallLog, b64, write_folder
from tests.signing.test_both_refuse import codes
from tests.signing.test_both_verifiers import BOTH, certificate, report
from tests.signing.test_pades import key

__all__ = ["key"]


@BOTH
def test_one_event_of_an_act_of_many(verifier: ModuleType, key: PadesKey, tmp_path: Path) -> None:
    """Given a certificate that shows one of an act's six events, then it holds: that event is proven alone."""
    log = small()
    told = report(verifier, certificate(log, [8], [0, 1, 2, 3, 4], key, tmp_path), log.trust(), tmp_path)
    assert (told["bad"], told["acts"], told["events"]) == ([], 1, 1)


@BOTH
def test_an_act_of_the_registry_is_shown_whole(verifier: ModuleType, key: PadesKey, tmp_path: Path) -> None:
    """Given a certificate with one of two roles granted at once, then that act is bad: what it hides could be any."""
    log = small()
    granted = [
        log.event(log.registry, "registry.role-granted/1", actor=person.actor, role="x", acts=["custody.*"])
        for person in (CLERK, SERVICE)
    ]
    both = log.add("registry.grant", granted, REGISTRARS)
    log.publish()
    path = certificate(log, [6], [0, 1, 2, 3, 4, both], key, tmp_path)
    assert {act for act, _ in codes(report(verifier, path, log.trust(), tmp_path))} == {both}


@BOTH
def test_keys_of_another_log_sign_for_it_alone(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a trust file of another log's keys that names no log, then a checkpoint is of the wrong one, signed or not.

    One of those keys did sign it, under its own name.
    """
    log, other = small(), "elsewhere.example/log"
    signer = Ed25519Signer(other, b"o" * 32)
    files = log.files()
    text = files["checkpoint"].partition(b"\n\n")[0] + b"\n"
    files["checkpoint"] += signature_line(signer.verifier_key, signer.sign(text))
    trust = {"genesis": log.trust()["genesis"], "vkeys": [signer.verifier_key.text()]}
    told = report(verifier, write_folder(files, tmp_path / "log"), trust, tmp_path)
    assert (None, "checkpoint-origin") in codes(told)


@BOTH
def test_a_proof_without_a_trust_file(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a proof and nobody to believe, then it agrees with itself, and no more is said."""
    path = tmp_path / "event.tlog-proof"
    path.write_text(small().proof(8, 3), encoding="utf-8")
    told = verifier.verify(path, verifier.Trust())
    assert (told["verdict"], told["anchored"], told["bad"]) == ("self-consistent", False, [])


@BOTH
@pytest.mark.parametrize("name", ["checkpoints/5", "timestamps/5.checkpoint"])
def test_a_checkpoint_under_another_size(verifier: ModuleType, name: str, tmp_path: Path) -> None:
    """Given a good checkpoint of six acts kept as the one of five, then it is malformed: it is misnamed."""
    log = small()
    files = {**log.files(), name: log.noted[6]}
    told = report(verifier, write_folder(files, tmp_path / "log"), log.trust(), tmp_path)
    assert codes(told) == [(None, "checkpoint-malformed")]


@BOTH
def test_events_of_an_act_that_cannot_be_read(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a signed act that cannot be read, then its events are not bad for that, nor the acts after it."""
    log = small()
    log.add("file.note", [log.event(UUID(int=77), "custody.handed-over/2")], [CLERK], note=lambda note: b"x" + note)
    log.register()
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert codes(told) == [(12, "act-malformed")]


@BOTH
def test_a_type_is_as_long_as_is_told(verifier: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a signed event whose type is said to be shorter than it is, then it is malformed."""
    log, well = small(), small_log.event_entry
    monkeypatch.setattr(small_log, "event_entry", lambda event: well(event)[:25] + b"\5" + well(event)[26:])
    bad = log.register()
    monkeypatch.undo()
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert codes(told) == [(bad, "event-malformed")]


@pytest.mark.parametrize("program", [log_verifier, standalone_verifier], ids=["fast", "alone"])
@pytest.mark.parametrize("quorum", [True, 1.0, None])
def test_a_quorum_is_a_number(
    program: ModuleType, quorum: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a quorum that is no whole number, then exit 2."""
    log = SmallLog()
    log.found()
    (tmp_path / "trust.json").write_text(json.dumps({**log.trust(), "policy": {"quorum": quorum}}))
    folder = write_folder(log.files(), tmp_path / "log")
    assert program.main([str(folder), "--trust", str(tmp_path / "trust.json")]) == 2
    assert "not a trust file" in capsys.readouterr().err


@BOTH
@pytest.mark.parametrize("quorum", [True, 0, 3, "2", 1.0])
def test_a_founding_quorum_is_a_number_of_its_registrars(verifier: ModuleType, quorum: Any, tmp_path: Path) -> None:
    """Given a log founded by two that asks for none, three, or for what is no number, then its first act is bad."""
    log = SmallLog()
    log.found(quorum)
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert (0, "registry-event") in codes(told)


@BOTH
def test_nobody_grants_for_another(verifier: ModuleType, tmp_path: Path) -> None:
    """Given an act of the registry done on behalf of somebody, then it is bad: registrars speak for themselves."""
    log = small()
    role = log.event(log.registry, "registry.role-granted/1", actor=CLERK.actor, role="x", acts=["custody.*"])
    bad = log.add("registry.grant", [role], REGISTRARS, for_=CLERK.actor)
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert [act for act, _ in codes(told)] == [bad]


@BOTH
@pytest.mark.parametrize("since", [-1, 13, True, 7.0, "7", None, [7]])
def test_compromised_since_is_an_earlier_act(verifier: ModuleType, since: Any, tmp_path: Path) -> None:
    """Given a key revoked as compromised since no earlier act, then that act is bad and nothing is questioned."""
    log = small()
    event = log.event(log.registry, "registry.key-revoked/1", kid=CLERK.kid, reason="lost", compromised_since=since)
    bad = log.add("registry.revoke", [event], REGISTRARS)
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {bad}
    assert told["questioned"] == []


@BOTH
@pytest.mark.parametrize(
    "changes",
    [
        {"acts": [1]},
        {"acts": []},
        {"acts": ["*"]},
        {"acts": None},
        {"role": 1},
        {"role": ""},
        {"actor": ""},
        {"actor": 7},
    ],
)
def test_a_role_is_words(verifier: ModuleType, changes: dict[str, Any], tmp_path: Path) -> None:
    """Given a role whose name, acts or holder are no words, then the act that grants it is bad, and gives nothing."""
    log = small()
    members = {"actor": CLERK.actor, "role": "x", "acts": ["custody.*"], **changes}
    granted = log.add("registry.grant", [log.event(log.registry, "registry.role-granted/1", **members)], REGISTRARS)
    used = log.add("custody.take", [log.event(UUID(int=77), "box.noted/1", number=1)], [CLERK])
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {granted, used}


@BOTH
@pytest.mark.parametrize("actor", ["nobody", SECOND.actor.replace("-7", "-A"), SECOND.actor + " ", ""])
def test_a_key_is_of_an_id(verifier: ModuleType, actor: str, tmp_path: Path) -> None:
    """Given a key enrolled for who is no id as ids are written, then that act is bad."""
    log = small()
    bad = log.enrol(Person(actor, SECOND.key))
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {bad}


@BOTH
@pytest.mark.parametrize("act", ["registry.enrol", "registry.grant", "registry.withdraw"])
def test_an_act_of_the_registry_brings_its_own_events(verifier: ModuleType, act: str, tmp_path: Path) -> None:
    """Given an act of the registry that carries another's event, fit for both, then it is bad, and gives no role."""
    log = small()
    kind = "registry.role-withdrawn/1" if act == "registry.grant" else "registry.role-granted/1"
    members = {"actor": CLERK.actor, "role": "clerk", "acts": ["custody.*"], "key": b64(SECOND.typed)}
    bad = log.add(act, [log.event(log.registry, kind, **members)], REGISTRARS)
    log.register()
    told = report(verifier, write_folder(log.files(), tmp_path / "log"), log.trust(), tmp_path)
    assert {act for act, _ in codes(told)} == {bad}
