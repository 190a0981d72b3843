"""What both verifiers say of what is hidden, missing, counted twice or no file at all; and that they say the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing import log_verifier, standalone_verifier
from signing.checkpoint import cosign
from signing.cosignature import MlDsa44Signer
from signing.note import ED25519_COSIGNATURE, Ed25519Signer, Signer
from signing.pades import sign_pdf
from signing.pades_key import PadesKey
from tests.signing.judged_log import small
from tests.signing.small_log import CLERK, DASH, REGISTRARS, SmallLog, b64, write_folder
from tests.signing.test_log_verifier_shown import NONCE, TITLE, manifest, place, published
from tests.signing.test_log_verifier_shown import told as disclosed
from tests.signing.test_pades import key, page, proof_of

__all__ = ["key"]
BOTH = pytest.mark.parametrize("verifier", [log_verifier, standalone_verifier], ids=["fast", "alone"])


def report(verifier: ModuleType, given: Path, trust: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What one of them says."""
    file = folder / "trust.json"
    file.write_text(json.dumps(trust))
    loaded = log_verifier.Trust.load(file) if verifier is log_verifier else verifier.Trust(trust)
    told: dict[str, Any] = verifier.verify(given, loaded)
    return told


def witnesses() -> tuple[dict[str, Any], Callable[[bytes, list[int]], bytes]]:
    """Vkeys of one witness with two keys and of a second, and how those chosen cosign a checkpoint."""
    name, seed = "witness.example/one", b"w" * 32
    signers: list[Signer] = [
        Ed25519Signer(name, seed, ED25519_COSIGNATURE),
        MlDsa44Signer(name, seed),
        Ed25519Signer("witness.example/two", b"v" * 32, ED25519_COSIGNATURE),
    ]

    def cosigned(note: bytes, chosen: list[int]) -> bytes:
        text = note.partition(b"\n\n")[0] + b"\n"
        return note + b"".join(cosign(text, signers[at], 1_790_000_000) for at in chosen)

    return {"witnesses": [one.verifier_key.text() for one in signers]}, cosigned


@BOTH
@pytest.mark.parametrize(("chosen", "count"), [([0], 1), ([0, 1], 1), ([1, 2], 2), ([0, 1, 2], 2)])
def test_a_witness_counts_once(verifier: ModuleType, chosen: list[int], count: int, tmp_path: Path) -> None:
    """Given keys of types 04 and 06 under one name, then both together are one witness toward a quorum."""
    log, (policy, cosigned) = small(), witnesses()
    files = log.files()
    files["checkpoint"] = cosigned(files["checkpoint"], chosen)
    folder = write_folder(files, tmp_path / "export")
    for quorum in (count, count + 1):
        told = report(verifier, folder, {**log.trust(), "policy": {**policy, "quorum": quorum}}, tmp_path)
        assert [row["code"] for row in told["bad"]] == (["witness-quorum"] if quorum > count else [])


@pytest.mark.parametrize("program", [log_verifier, standalone_verifier], ids=["fast", "alone"])
@pytest.mark.parametrize("place", ["path", "--trust", "--checkpoint"])
@pytest.mark.parametrize("special", ["pipe", "device"])
def test_what_never_ends_is_refused(program: ModuleType, place: str, special: str, tmp_path: Path) -> None:
    """Given a pipe that nobody writes into, or a device, in any place, then exit 2 and words at once."""
    pipe, folder = tmp_path / "pipe", write_folder(small().files(), tmp_path / "export")
    os.mkfifo(pipe)
    given = str(pipe if special == "pipe" else Path("/dev/zero"))
    words = [given] if place == "path" else [str(folder), place, given]
    alone = ["-I", str(program.__file__)]
    run = [sys.executable, *(alone if program is standalone_verifier else ["-P", "-m", program.__name__]), *words]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert given in done.stderr
    assert "Traceback" not in done.stderr
    told = program.verify(pipe, program.Trust())
    assert [row["code"] for row in told["bad"]] == ["input-unreadable"]


@BOTH
def test_a_bundle_without_its_manifest(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a .zip without MANIFEST, then that is bad; a folder has none, and the report and its summary say so."""
    log = small()
    files = log.files()
    bundle = published({**files, "MANIFEST": manifest(files, log)}, tmp_path / "bundle.zip")
    told = report(verifier, bundle, log.trust(), tmp_path)
    assert (told["verdict"], told["manifest"]) == ("valid", "checked")
    told = report(verifier, published(files, tmp_path / "bundle.zip"), log.trust(), tmp_path)
    assert [(row["code"], row["detail"]) for row in told["bad"]] == [("manifest", "MANIFEST")]
    told = report(verifier, write_folder(files, tmp_path / "export"), log.trust(), tmp_path)
    assert (told["verdict"], told["manifest"]) == ("valid", "not given")
    assert any("MANIFEST" in line for line in verifier.summary(told))


@BOTH
def test_a_log_without_acts(verifier: ModuleType, tmp_path: Path) -> None:
    """Given nothing but a checkpoint over no act, well signed, then it is not the log whose act 0 is trusted."""
    log = small()
    folder = write_folder({"checkpoint": log.checkpoint(0)}, tmp_path / "export")
    told = report(verifier, folder, log.trust(), tmp_path)
    assert [(row["act"], row["code"]) for row in told["bad"]] == [(0, "genesis-mismatch")]


@BOTH
def test_a_tile_has_one_name(verifier: ModuleType, tmp_path: Path) -> None:
    """Given files that another spelling of a tile's name would read as that tile, then each is named."""
    log = small()
    names = [
        "tile/0/x000/000.p/12",
        "tile/0/\uff10\uff10\uff10.p/12",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/00.p/2",
    ]
    for number, name in enumerate(names):
        folder = write_folder({**log.files(), name: b""}, tmp_path / str(number))
        told = report(verifier, folder, log.trust(), tmp_path)
        assert [row["code"] for row in told["bad"]] == ["tile-unknown"], name


@BOTH
@pytest.mark.parametrize("kind", ["0", "positions", "entries", "events"])
def test_an_older_tile_is_whole(verifier: ModuleType, kind: str, tmp_path: Path) -> None:
    """Given an older partial tile beside today's, then it is good; not cut short, nor with more, nor in its stead."""
    log = SmallLog()
    log.found()
    ((name, data),) = [one for one in log.files().items() if one[0].startswith(f"tile/{kind}/")]
    log.register()
    files = log.files()
    others = {name: data for name, data in files.items() if not name.startswith(f"tile/{kind}/")}
    rows = [({**files, name: data}, True), ({**others, name: data}, False)]
    rows += [({**files, name: data[:-cut]}, False) for cut in (1, 8, 32)]
    rows += [({**files, name: data + bytes(more)}, False) for more in (1, 4, 8, 32)]
    for number, (given, good) in enumerate(rows):
        told = report(verifier, write_folder(given, tmp_path / str(number)), log.trust(), tmp_path)
        assert (told["verdict"] == "valid") is good, (number, told["bad"])


def certificate(log: SmallLog, acts: list[int], registry: list[int], signing: PadesKey, folder: Path) -> Path:
    """A certificate over some acts that shows some acts of the registry."""
    told = proof_of(log, acts)
    told["registry"] = [log.proof(index, checkpoint=log.noted[len(log.entries)]) for index in registry]
    path = folder / "certificate.pdf"
    path.write_bytes(sign_pdf(page(), signing, proof=json.dumps(told).encode()))
    return path


@BOTH
def test_acts_of_the_registry_that_are_not_shown(verifier: ModuleType, key: PadesKey, tmp_path: Path) -> None:
    """Given a certificate that hides an act of the registry, then the next one is named; the last: up to where."""
    log = small()
    revoked = log.revoke(CLERK, since=6)
    log.publish()
    size = len(log.entries)
    told = report(verifier, certificate(log, [6], [0, 1, 2, 3, 4, revoked], key, tmp_path), log.trust(), tmp_path)
    assert (told["bad"], told["questioned"]) == ([], [6])
    assert told["registry"] == {"acts": 6, "shown_to": size, "stated_to": size}
    told = report(verifier, certificate(log, [6], [0, 1, 2, 3, 4], key, tmp_path), log.trust(), tmp_path)
    assert (told["bad"], told["questioned"]) == ([], [])
    assert told["registry"] == {"acts": 5, "shown_to": 5, "stated_to": size}
    said = "\n".join(verifier.summary(told))
    assert "Sổ khóa" in said
    told = report(verifier, certificate(log, [6], [0, 1, 2, 3, revoked], key, tmp_path), log.trust(), tmp_path)
    assert (revoked, "event-version") in [(row["act"], row["code"]) for row in told["bad"]]
    assert told["registry"]["shown_to"] == 4


@BOTH
def test_a_whole_log_shows_its_whole_registry(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a whole log, then no act of its registry is hidden; a proof brings none of them, and says nothing of it."""
    log = small()
    told = report(verifier, write_folder(log.files(), tmp_path / "export"), log.trust(), tmp_path)
    assert told["registry"] == {"acts": 5, "shown_to": 12, "stated_to": 12}
    (tmp_path / "event.tlog-proof").write_text(log.proof(6), encoding="utf-8")
    assert report(verifier, tmp_path / "event.tlog-proof", log.trust(), tmp_path)["registry"] is None


@BOTH
def test_a_bad_act_of_the_registry_changes_nothing(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a grant whose second event names nobody, then its first one gives no role either."""
    log = small()
    named = [
        log.event(log.registry, "registry.role-granted/1", actor=actor, role="x", acts=["custody.*"])
        for actor in (CLERK.actor, [CLERK.actor])
    ]
    granted = log.add("registry.grant", named, REGISTRARS)
    used = log.add("custody.take", [log.event(UUID(int=77), "box.noted/1", number=1)], [CLERK])
    told = report(verifier, write_folder(log.files(), tmp_path / "export"), log.trust(), tmp_path)
    assert [(row["act"], row["code"]) for row in told["bad"]] == [(granted, "registry-event"), (used, "role-missing")]


@BOTH
@pytest.mark.parametrize("wrong", ["key", "title"])
def test_a_manifest_is_the_logs_word(verifier: ModuleType, wrong: str, tmp_path: Path) -> None:
    """Given a MANIFEST of all files that a stranger signed, or that says it is something else, then it is bad."""
    log, stranger = small(), SmallLog(ed=CLERK.key)
    files = log.files()
    if wrong == "key":
        listed = manifest(files, stranger)
    else:
        text = manifest(files, log).partition(b"\n\n")[0].replace(b"/manifest/v1", b"/list/v1", 1) + b"\n"
        signature = b64(log.key_id(log.typed_keys()[0]) + log.ed.sign(text))
        listed = text + b"\n" + DASH + f"{log.origin} {signature}\n".encode()
    bundle = published({**files, "MANIFEST": listed}, tmp_path / "bundle.zip")
    told = report(verifier, bundle, log.trust(), tmp_path)
    assert {(row["act"], row["code"]) for row in told["bad"]} == {(None, "manifest")}


@BOTH
def test_another_key_that_opens_another_ciphertext(verifier: ModuleType, tmp_path: Path) -> None:
    """Given a sealed title put in another's place, key and ciphertext that fit each other, then nothing is told."""
    log, given = disclosed()
    other = bytes(32)
    given["sub_key"] = b64(other)
    given["ciphertext"] = b64(AESGCM(other).encrypt(NONCE, json.dumps(TITLE[::-1]).encode(), place(log)))
    (tmp_path / "given.json").write_text(json.dumps(given))
    told = report(verifier, tmp_path / "given.json", log.trust(), tmp_path)
    assert ([row["code"] for row in told["bad"]], told.get("disclosed")) == (["disclosure"], None)
