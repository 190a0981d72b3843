"""Our own keys, and the codes the law gives to files and documents.

Unit codes are not keys: each of the 126 codes of 2025-07-01 belonged to another unit the day before. What
the ledger refers to is an id of its own, derived from a natural key under a secret, so that an import run
twice names the same thing and nobody can guess the id of a document from its number.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from uuid import UUID

import msgspec

_VERSION_8 = 0x8 << 76
_VARIANT = 0x2 << 62
_KEEP = ~((0xF << 76) | (0x3 << 62))


def uuid8(digest: bytes) -> UUID:
    """UUID version 8 (RFC 9562 section 5.8) from the first 16 bytes of a digest."""
    return UUID(int=(int.from_bytes(digest[:16], "big") & _KEEP) | _VERSION_8 | _VARIANT)


def derive_id(secret: bytes, kind: str, key: str) -> UUID:
    """The id of the `kind` of thing whose natural key is `key`; HMAC-SHA-256 under the ledger's id secret."""
    return uuid8(hmac.digest(secret, f"{kind}\0{nfc(key)}".encode(), "sha256"))


def public_id(kind: str, *parts: str) -> UUID:
    """An id that anyone can recompute from ids already known, such as a lot's from its fonds and key."""
    return uuid8(hashlib.sha256("\0".join(("mocban", kind, *parts)).encode()).digest())


def nfc(text: str) -> str:
    """`text` in Unicode normalization form C, the only form the ledger keeps."""
    return unicodedata.normalize("NFC", text)


class FileCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mã hồ sơ: the code of a file (Decree 30/2020, App. VI, II.3): who set the filing plan, year, symbol."""

    OrganId: str
    FileCatalog: int
    FileNotation: str

    @property
    def text(self) -> str:
        """The code as one text, its parts joined by dots."""
        return f"{self.OrganId}.{self.FileCatalog}.{self.FileNotation}"

    @property
    def in_capitals(self) -> FileCode:
        """With its notation in capital letters, as offices write it: `1A` for `1a`."""
        return FileCode(self.OrganId, self.FileCatalog, self.FileNotation.upper())


def number_key(number: str, notation: str) -> str:
    """Normalized document number for searching and comparing: `05`, `QĐ-UBND` -> `5/QĐ-UBND`.

    Case and inner spaces are folded; leading zeros are dropped, because `05/QĐ-UBND` and `5/QĐ-UBND` are one.
    """
    plain = "".join(nfc(number).split()).lstrip("0") or "0"
    symbol = "".join(nfc(notation).upper().split())
    return f"{plain}/{symbol}" if symbol else plain


class Naming:
    """The ids of what the archive names by a public code, all under the ledger's id secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def unit(self, code: str, valid_from: str) -> UUID:
        """An administrative unit: its code and the first day it carried it, since codes are used again."""
        return derive_id(self._secret, "unit", f"{code}\0{valid_from}")

    def agency(self, code: str) -> UUID:
        """An agency, by its identification code, never used again (Decision 20/2020/QĐ-TTg)."""
        return derive_id(self._secret, "agency", code)

    def fonds(self, code: str) -> UUID:
        """A fonds, by its code."""
        return derive_id(self._secret, "fonds", code)

    def file(self, code: FileCode) -> UUID:
        """A file, by its code."""
        return derive_id(self._secret, "file", f"{code.OrganId}\0{code.FileCatalog}\0{code.FileNotation}")

    def document(self, code: FileCode, ordinal: int) -> UUID:
        """A document, by its file's code and its ordinal there."""
        return derive_id(self._secret, "document", f"{self.file(code)}\0{ordinal}")

    def other(self, kind: str, key: str) -> UUID:
        """Anything else with a natural key of its own, such as an accession, a hand-over or a match."""
        return derive_id(self._secret, kind, key)
