"""The policy file: C2SP tlog-policy, k of n, with a line number for every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Refusal
from mocban.witness.policy import read_policy
from signing.note import ED25519, ED25519_COSIGNATURE, VerifierKey
from tests.witness.log import Log
from tests.witness.serving import signer_of

V = [signer_of(number).verifier_key.text() for number in range(4)]
PUBLIC = b"\2" * 32
TWIN = VerifierKey("witness.example/w1", ED25519_COSIGNATURE, PUBLIC).text()
THREE = "".join(f"witness w{number} {V[number]} http://127.0.0.1:85{number}0/\n" for number in (1, 2, 3))


def policy_of(tmp_path: Path, text: str) -> tuple[int, tuple[str, ...], int]:
    """Quorum, members, and how many are asked."""
    path = tmp_path / "witness-policy"
    path.write_text(text)
    policy = read_policy(path)
    assert policy is not None
    assert policy.for_trust().quorum == policy.quorum
    assert len(policy.for_trust().witnesses) == len(policy.members)
    return policy.quorum, policy.members, len(policy.witnesses)


@pytest.mark.parametrize(
    ("rest", "quorum", "members"),
    [
        ("quorum none\n", 0, ("w1", "w2", "w3")),
        ("quorum w2\n", 1, ("w2",)),
        ("group g 2 w1 w2 w3\nquorum g\n", 2, ("w1", "w2", "w3")),
        ("group g any w1 w2\nquorum g", 1, ("w1", "w2")),
        ("# nhân chứng\n\n\tgroup  g all w1 w3 \n quorum g\n", 2, ("w1", "w3")),
        (f"log {Log().vkeys[0]} https://log.example\ngroup g 3 w1 w2 w3\nquorum g\n", 3, ("w1", "w2", "w3")),
    ],
)
def test_a_policy_is_read(tmp_path: Path, rest: str, quorum: int, members: tuple[str, ...]) -> None:
    """Given three witnesses and a quorum, when read, then how many of whom; all are asked."""
    assert policy_of(tmp_path, THREE + rest) == (quorum, members, 3)


def test_without_a_file_there_is_no_policy(tmp_path: Path) -> None:
    """Given no file, when read, then nothing is asked of anybody."""
    assert read_policy(tmp_path / "witness-policy") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (THREE, 3),
        (THREE + "quorum w4\n", 4),
        (THREE + "quorum w1\nquorum w2\n", 5),
        (THREE + "group g 4 w1 w2 w3\nquorum g\n", 4),
        (THREE + "group g 0 w1\nquorum g\n", 4),
        (THREE + f"witness w4 {TWIN} http://w.example\ngroup g 2 w1 w4\nquorum g\n", 5),
        (THREE + "group g 2 w1 w1\nquorum g\n", 4),
        (THREE + "group g 1 w1\ngroup h all g w2\nquorum h\n", 5),
        (THREE + "group w1 any w2\nquorum w1\n", 4),
        (THREE + "group g any\n", 4),
        (f"witness a {V[1]}\nquorum a\n", 1),
        (f"witness none {V[1]} http://w.example\nquorum none\n", 1),
        (f"witness a {V[1]} ftp://w.example\nquorum a\n", 1),
        (f"witness a {V[1]} https://user:secret@w.example\nquorum a\n", 1),
        (f"witness a {V[1]} http://a.example\nwitness b {V[1]} http://b.example\nquorum a\n", 2),
        (f"witness a {V[1][:-4]}AAA= http://a.example\nquorum a\n", 1),
        (f"witness a {VerifierKey('x', ED25519, PUBLIC).text()} http://a.example\nquorum a\n", 1),
        (f"witness a {V[1]} http://a..b\nquorum a\n", 1),
        (f"witness a {V[1]} http://{'a' * 64}.vn\nquorum a\n", 1),
        (f"witness a {V[1]} http://[bad]/\nquorum a\n", 1),
        (f"witness a {V[1]} http://[::1\nquorum a\n", 1),
        (f"witness a {V[1]} http://℀.vn\nquorum a\n", 1),
        (f"witness a {V[1]} http://a.example:99999\nquorum a\n", 1),
        (THREE + "quorum w1\n" + "#" * (1 << 20), 0),
        ("what is this\n", 1),
        ("", 0),
    ],
)
def test_a_fault_is_named_by_its_line(tmp_path: Path, text: str, line: int) -> None:
    """Given a policy with a fault, when read, then refused, its line told and no password repeated."""
    with pytest.raises(Refusal) as refused:
        policy_of(tmp_path, text)
    assert refused.value.code == "witness-policy-unfit"
    assert int(str(refused.value.facts["line"])) == line
    assert "secret" not in str(refused.value)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    """Given a folder where the policy should be, when read, then refused in words."""
    (tmp_path / "witness-policy").mkdir()
    with pytest.raises(Refusal) as refused:
        read_policy(tmp_path / "witness-policy")
    assert refused.value.code == "witness-policy-unfit"
    assert "?" not in refused.value.vi


@pytest.mark.parametrize("url", ["http://nhân-chứng.vn/log", "http://[::1]:8500", "https://a_b.example/"])
def test_an_address_that_can_be_asked_is_taken(tmp_path: Path, url: str) -> None:
    """Given an address in letters of any language or a number, when read, then it is a witness's."""
    assert policy_of(tmp_path, f"witness a {V[1]} {url}\nquorum a\n") == (1, ("a",), 1)
