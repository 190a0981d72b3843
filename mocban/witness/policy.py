"""Which witnesses a log asks, and how many must have cosigned: a file in the form of C2SP tlog-policy.

    witness one nhan-chung.example/w1+3f2a...+BA... https://nhan-chung.example
    witness two witness.example/w2+90c1...+BA... https://witness.example/log
    group both 2 one two
    quorum both

Groups of groups are refused: a trust file says k of n, and nothing finer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from domain.errors import Refusal
from domain.keys import WitnessPolicy
from mocban.plain_address import is_plain_address
from signing.note import ED25519_COSIGNATURE, ML_DSA_44, VerifierKey
from signing.verification_error import VerificationError

FILE: Final = "witness-policy"
_COSIGNERS: Final = frozenset({ED25519_COSIGNATURE, ML_DSA_44})
_MAX_FILE: Final = 1 << 20


class PolicyWitness(msgspec.Struct, frozen=True, kw_only=True):
    """A witness to ask. url: its submission prefix, without a slash at the end."""

    name: str
    key: VerifierKey
    url: str


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """witnesses: all that are asked. members: names of those that count; quorum: how many of them must cosign."""

    witnesses: tuple[PolicyWitness, ...]
    members: tuple[str, ...]
    quorum: int

    def for_trust(self) -> WitnessPolicy:
        """What a trust file says of it."""
        keys = tuple(one.key.text() for one in self.witnesses if one.name in self.members)
        return WitnessPolicy(quorum=self.quorum, witnesses=keys)


def read_policy(path: Path) -> Policy | None:
    """The policy in a file; None when there is no file. Raises Refusal `witness-policy-unfit`."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = f"it cannot be read ({type(error).__name__})"
        raise Refusal("witness-policy-unfit", path=path.name, line=0, reason=reason) from error
    if len(data) > _MAX_FILE:
        raise Refusal("witness-policy-unfit", path=path.name, line=0, reason=f"it is longer than {_MAX_FILE} bytes")
    try:
        return parse_policy(data)
    except VerificationError as error:
        line, _, reason = error.detail.partition(":")
        raise Refusal("witness-policy-unfit", path=path.name, line=line, reason=reason) from error


def parse_policy(data: bytes) -> Policy:
    """Raises VerificationError `policy`, its detail `line:reason`."""
    reading = _Reading()
    number = 0
    for number, words in _lines(data):
        reading.take(number, words)
    if reading.quorum is None:
        raise _failure(number, "there is no quorum line")
    members, threshold = reading.quorum
    return Policy(witnesses=tuple(reading.witnesses.values()), members=members, quorum=threshold)


class _Reading:
    """A policy as far as it was read. groups and the quorum: (names of witnesses, how many of them)."""

    def __init__(self) -> None:
        self.witnesses: dict[str, PolicyWitness] = {}
        self.groups: dict[str, tuple[tuple[str, ...], int]] = {}
        self.quorum: tuple[tuple[str, ...], int] | None = None

    def take(self, number: int, words: list[str]) -> None:
        """One line. Raises VerificationError `policy`."""
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                _vkey(number, vkey)
            case ["witness", name, vkey, url]:
                self._name(number, name)
                self.witnesses[name] = self._witness(number, name, vkey, url)
            case ["witness", _, _]:
                raise _failure(number, "a witness that is to be asked needs a URL")
            case ["group", name, threshold, *members] if members:
                self._name(number, name)
                self.groups[name] = (tuple(members), self._threshold(number, threshold, members))
            case ["quorum", name] if self.quorum is None:
                self.quorum = self._quorum(number, name)
            case _:
                raise _failure(number, "not a log, witness, group or quorum line as C2SP tlog-policy has it")

    def _name(self, number: int, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise _failure(number, "a name that is taken")

    def _witness(self, number: int, name: str, vkey: str, url: str) -> PolicyWitness:
        key = _vkey(number, vkey)
        if key.type not in _COSIGNERS:
            raise _failure(number, "the key is not a witness's (type 04 or 06)")
        if any(other.key.public == key.public for other in self.witnesses.values()):
            raise _failure(number, "a key that another witness has")
        if not is_plain_address(url):
            raise _failure(number, "not a plain http or https address")
        return PolicyWitness(name=name, key=key, url=url.rstrip("/"))

    def _threshold(self, number: int, text: str, members: list[str]) -> int:
        if any(member in self.groups for member in members):
            raise _failure(number, "groups of groups are not supported")
        if len(set(members)) != len(members) or not set(members) <= self.witnesses.keys():
            raise _failure(number, "a member that is repeated or was not named before")
        names = len({self.witnesses[member].key.name for member in members})  # all keys of a witness count once
        words: Mapping[str, int] = {"any": 1, "all": names}
        threshold = words.get(text, int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0)
        if not 1 <= threshold <= names:
            raise _failure(number, "the threshold is any, all, or a number of the names in the members' keys")
        return threshold

    def _quorum(self, number: int, name: str) -> tuple[tuple[str, ...], int]:
        if name == "none":
            return tuple(self.witnesses), 0
        if name in self.witnesses:
            return (name,), 1
        if name not in self.groups:
            raise _failure(number, "a quorum that was not named before")
        return self.groups[name]


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise _failure(0, "not UTF-8") from error
    for number, line in enumerate(lines, start=1):
        words = line.replace("\t", " ").split(" ")
        told = [word for word in words if word]
        if told and not told[0].startswith("#"):
            yield number, told


def _vkey(number: int, text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except VerificationError as error:
        raise _failure(number, error.detail) from error


def _failure(number: int, reason: str) -> VerificationError:
    return VerificationError("policy", f"{number}:{reason}")
