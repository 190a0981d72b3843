"""The timestamp authorities of a data folder: a JSON file, changed only whole.

    {"authorities":[{"name":"one","url":"https://tsa.example/","certificates":["<base64 DER>"]}]}

certificates: pinned, the authority's own or its certifier's. Nothing that an authority says is believed under others.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from domain.errors import Refusal
from ledger.timestamps import AUTHORITY
from mocban.plain_address import is_plain_address
from mocban.process_note import waiting_turn
from mocban.timestamps.client import ask, fetch_list
from signing.base64_text import from_base64, to_base64
from signing.durable_file import write_durably
from signing.pinned_certificate import read_certificates, subject_of
from signing.timestamp import Authority
from signing.verification_error import VerificationError

FILE: Final = "timestamp-authorities"
WANTED: Final = 2
"""How many authorities a log should have, so that none of them is believed alone."""
_MAX_CERTIFICATES: Final = 1 << 20


class NamedAuthority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authority as it is named here. certificates: base64 of DER."""

    name: str
    url: str
    certificates: tuple[str, ...]

    def authority(self) -> Authority:
        """As it is asked, over HTTP. Raises VerificationError for certificates that are none."""
        certificates = tuple(from_base64(one) for one in self.certificates)
        return Authority(
            name=self.name,
            certificates=certificates,
            ask=partial(ask, self.name, self.url),
            fetch=partial(fetch_list, self.name),
        )


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    authorities: tuple[NamedAuthority, ...]


def read_authorities(home: Path) -> tuple[NamedAuthority, ...]:
    """Those named, in order; none without a file. Raises Refusal `timestamp-authorities-unfit`."""
    try:
        held = msgspec.json.decode((home / FILE).read_bytes(), type=_File).authorities
        for one in held:
            _check(one)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.MsgspecError, VerificationError) as error:
        kind = f"{type(error).__name__}."
        raise Refusal("timestamp-authorities-unfit", path=FILE, vi=kind, reason=kind) from error
    except Refusal as refusal:
        raise Refusal("timestamp-authorities-unfit", path=FILE, vi=refusal.vi, reason=refusal.en) from refusal
    return held


def pinned(home: Path) -> tuple[str, ...]:
    """Every certificate pinned here, base64 of DER, each once. Raises Refusal `timestamp-authorities-unfit`."""
    return tuple(dict.fromkeys(one for authority in read_authorities(home) for one in authority.certificates))


def add_authority(home: Path, name: str, url: str, certificates: Path) -> NamedAuthority:
    """Name one more. certificates: a file of PEM or DER certificates to be pinned.

    Raises Refusal `timestamp-authority-unfit`, `timestamp-authority-known`, `timestamp-authorities-unfit`.
    """
    try:
        with certificates.open("rb") as file:
            pinned = read_certificates(file.read(_MAX_CERTIFICATES))
    except OSError as error:
        raise _unfit(name, "không đọc được tệp chứng thư", "the certificate file cannot be read") from error
    except VerificationError as error:
        raise _unfit(name, "tệp không phải chứng thư X.509", f"no X.509 certificate ({error.detail})") from error
    added = NamedAuthority(name=name, url=url, certificates=tuple(map(to_base64, pinned)))
    _check(added)
    with waiting_turn(home / "run", FILE):
        held = read_authorities(home)
        if any(one.name == name for one in held):
            raise Refusal("timestamp-authority-known", name=name)
        _write(home, (*held, added))
    return added


def remove_authority(home: Path, name: str) -> None:
    """Ask it no more; what it gave stays, but can be checked here no longer. Raises Refusal."""
    with waiting_turn(home / "run", FILE):
        held = read_authorities(home)
        left = tuple(one for one in held if one.name != name)
        if len(left) == len(held):
            raise Refusal("timestamp-authority-unknown", name=name)
        _write(home, left)


def _write(home: Path, authorities: tuple[NamedAuthority, ...]) -> None:
    text = msgspec.json.format(msgspec.json.encode(_File(authorities=authorities)), indent=2)
    write_durably(home / FILE, text + b"\n")


def _check(one: NamedAuthority) -> None:
    if not AUTHORITY.fullmatch(one.name):
        raise _unfit(one.name, "tên chỉ gồm a-z, 0-9 và dấu nối", "a name has a-z, 0-9 and hyphens, at most 32")
    if not is_plain_address(one.url, query=True):
        raise _unfit(one.name, "địa chỉ không phải http hay https đơn thuần", "not a plain http or https address")
    if not one.certificates:
        raise _unfit(one.name, "không có chứng thư nào được ghim", "no certificate is pinned")
    for certificate in one.certificates:
        subject_of(from_base64(certificate))


def _unfit(name: str, vi: str, en: str) -> Refusal:
    return Refusal("timestamp-authority-unfit", name=name[:40], vi=vi, reason=en)
