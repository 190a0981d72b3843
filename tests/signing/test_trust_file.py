"""A trust file is the reader's own: what is misspelt in it is told, and never quietly asks for less."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from signing import log_verifier
from signing.log_verifier import Trust
from signing.note import ED25519, ED25519_COSIGNATURE, VerifierKey

WITNESS = VerifierKey("witness.example/w1", ED25519_COSIGNATURE, bytes(range(32))).text()
LOG = VerifierKey("hanoi.example/log", ED25519, bytes(range(1, 33))).text()
GENESIS = "A" * 43 + "="


def trust_file(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "trust.json"
    path.write_text(text, encoding="utf-8")
    return path


def told(**members: object) -> str:
    """A trust file's text, with these members besides."""
    return json.dumps({"genesis": GENESIS, "vkeys": [LOG], **members})


@pytest.mark.parametrize(
    ("text", "quorum", "witnesses"),
    [
        (told(), 0, 0),
        (told(policy=None), 0, 0),
        (told(policy={}), 0, 0),
        (told(policy={"quorum": 1, "witnesses": [WITNESS]}), 1, 1),
        (told(policy={"quorum": 2}, not_known_here=[1]), 2, 0),
    ],
)
def test_what_it_asks_for(tmp_path: Path, text: str, quorum: int, witnesses: int) -> None:
    """Given a policy or none, how many of which witnesses; a member that is not known says nothing."""
    trust = Trust.load(trust_file(tmp_path, text))
    assert (trust.anchored, trust.quorum, len(trust.witnesses)) == (True, quorum, witnesses)


@pytest.mark.parametrize(
    "text",
    [
        told(policy={"qourum": 2, "witnesses": [WITNESS]}),
        told(policy={"quorum": 2, "witness": [WITNESS]}),
        told(policy={"witnesses": [WITNESS]}),
        *(told(policy={"quorum": quorum, "witnesses": [WITNESS]}) for quorum in (-1, "1", 1.5, True)),
        told(policy=[1]),
        told()[:-1] + f', "genesis": "{GENESIS}"}}',
        '{"vkeys": []}',
        told(vkeys=[]),
        "[]",
        "[" * 100_000,
        "",
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a misspelt policy, a name given twice, or no such thing at all, it is wrong usage, in words."""
    path = trust_file(tmp_path, text)
    assert log_verifier.main([str(path), "--trust", str(path)]) == 2
    said = capsys.readouterr().err
    assert "not a trust file: trust.json" in said
    assert "Error" not in said
