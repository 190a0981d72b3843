"""Where private keys and secrets lie: the port, and the folder of encrypted files that is the default.

Every file is AES-256-GCM under one storage key, which scrypt derives from the passphrase once per folder; the file's
name is associated data, so files cannot change places. Get means get or create: whoever comes first decides, also
among processes. Nothing here logs, prints or shows a key in an error.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol
from urllib.parse import quote

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.cosignature import MlDsa44Signer
from signing.durable_file import create_file
from signing.note import Ed25519Signer
from signing.pades_issuer import PadesIssuer, make_issuer
from signing.pades_key import PadesKey, make_pades_key
from signing.verification_error import VerificationError

SCRYPT_N: Final = 2**14
_NONCE_SIZE: Final = 12
_PARAMETERS: Final = "keystore.json"


class Keystore(Protocol):
    """The port: keys by kind and name; an HSM or a token may stand behind it."""

    def signer(self, name: str, key_name: str) -> Ed25519Signer:
        """The Ed25519 key stored as `name`, signing under `key_name`; created when missing."""

    def ml_dsa_signer(self, name: str, key_name: str) -> MlDsa44Signer:
        """The ML-DSA-44 key stored as `name`, signing under `key_name`; created when missing."""

    def secret(self, name: str, length: int = 32) -> bytes:
        """The random secret stored as `name`; created when missing."""

    def pades_key(self, name: str, common_name: str, not_before: int, years: int = 10) -> PadesKey:
        """The P-256 key stored as `name`, its certificates and their issuer; created when missing."""

    def log_signers(self, origin: str, *, standby: bool = False) -> tuple[Ed25519Signer, MlDsa44Signer]:
        """The pair of keys that signs a log's checkpoints."""

    def holds(self, kind: str, name: str) -> bool:
        """Whether a key of this kind (ed25519, ml-dsa-44, secret, pades) is stored, without making one."""

    def actor_signer(self, actor: str, origin: str, generation: int = 1) -> Ed25519Signer:
        """A server-held key of an actor, named for the log `origin`. generation: 1, then one more with each new key."""

    def key_encryption_key(self, class_name: str) -> bytes:
        """The 32-byte key that wraps the record keys of one class."""

    def ledger_secret(self) -> bytes:
        """The 32-byte secret from which ids, request digests and the fixity index are derived."""


class _Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the folder tells of itself in clear. salt: 16 bytes. The bounds: a GiB to open it, whoever wrote this."""

    kdf: Literal["scrypt"]
    n: Annotated[int, msgspec.Meta(ge=2, le=2**20)]
    r: Annotated[int, msgspec.Meta(ge=1, le=8)]
    p: Annotated[int, msgspec.Meta(ge=1, le=16)]
    salt: bytes


class FileKeystore:
    """Encrypted files in `folder` (0700), each 0600. Opening costs one scrypt (about 50 ms at the default n).

    Raises VerificationError `keystore-passphrase` when the passphrase is not the folder's, `keystore-damaged` for a
    file that does not open.
    """

    def __init__(self, folder: Path, passphrase: str, n: int | None = None) -> None:
        if not passphrase:
            raise VerificationError("keystore-passphrase", "the keystore needs a passphrase")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._cipher = AESGCM(_storage_key(folder, passphrase, n or SCRYPT_N))
        try:
            self._get("check", "passphrase", self._checked)
        except VerificationError as error:
            raise VerificationError("keystore-passphrase", "the passphrase is not the keystore's") from error

    def signer(self, name: str, key_name: str) -> Ed25519Signer:
        """The Ed25519 key stored as `name`, signing under `key_name` (a log's origin, `<origin>/<actor id>`)."""
        return Ed25519Signer(key_name, self._get("ed25519", name, _random(32)))

    def ml_dsa_signer(self, name: str, key_name: str) -> MlDsa44Signer:
        """The ML-DSA-44 key stored as `name`, signing under `key_name`."""
        return MlDsa44Signer(key_name, self._get("ml-dsa-44", name, _random(32)))

    def secret(self, name: str, length: int = 32) -> bytes:
        """The secret stored as `name`. Raises VerificationError `keystore-damaged` when it has another length."""
        secret = self._get("secret", name, _random(length))
        if len(secret) != length:
            raise VerificationError("keystore-damaged", "the secret has another length")
        return secret

    def pades_key(self, name: str, common_name: str, not_before: int, years: int = 10) -> PadesKey:
        """The P-256 key stored as `name` and its issuer; the arguments matter only at its making.

        A key from before there was an issuer gets one now, and stays the key that trust files name.
        """
        stored = self._get("pades", name, lambda: make_pades_key(common_name, not_before, years).to_bytes())
        key = PadesKey.from_bytes(stored)
        issuer = self._get("pades-issuer", name, lambda: make_issuer(key.certificate).to_bytes())
        return PadesKey(key.private, key.certificate, PadesIssuer.from_bytes(issuer))

    def log_signers(self, origin: str, *, standby: bool = False) -> tuple[Ed25519Signer, MlDsa44Signer]:
        """The pair of keys that signs a log's checkpoints, named as its origin; live, or the standby pair."""
        name = f"log-{'standby' if standby else 'live'}-{origin}"
        return self.signer(name, origin), self.ml_dsa_signer(name, origin)

    def actor_signer(self, actor: str, origin: str, generation: int = 1) -> Ed25519Signer:
        """A server-held key of an actor, named for the log `origin`; the same key in both logs."""
        return self.signer(actor_key_file(actor, generation), f"{origin}/{actor}")

    def key_encryption_key(self, class_name: str) -> bytes:
        """The KEK (32 bytes) of one class of record keys."""
        return self.secret(f"kek-{class_name}")

    def ledger_secret(self) -> bytes:
        """The secret (32 bytes) from which ids, request digests and the fixity index are derived."""
        return self.secret("ledger")

    def holds(self, kind: str, name: str) -> bool:
        """Whether a key of this kind (ed25519, ml-dsa-44, secret, pades) is stored, without making one."""
        return self._path(kind, name).exists()

    def _checked(self) -> bytes:
        """What the check holds. Where it was lost, keys that are there must open: else any passphrase would be kept."""
        held = sorted(self.folder.glob("*.key"))
        if held and not any(self._opens(path) for path in held):
            raise VerificationError("keystore-damaged", "no key file opens")
        return b"mocban"

    def _opens(self, path: Path) -> bool:
        data = path.read_bytes()
        try:
            self._cipher.decrypt(data[:_NONCE_SIZE], data[_NONCE_SIZE:], path.name.encode())
        except (InvalidTag, ValueError):
            return False
        return True

    def _get(self, kind: str, name: str, make: Callable[[], bytes]) -> bytes:
        path = self._path(kind, name)
        if not path.exists():
            nonce = secrets.token_bytes(_NONCE_SIZE)
            create_file(path, nonce + self._cipher.encrypt(nonce, make(), path.name.encode()))
        data = path.read_bytes()  # read back: another process may have been first
        try:
            return self._cipher.decrypt(data[:_NONCE_SIZE], data[_NONCE_SIZE:], path.name.encode())
        except (InvalidTag, ValueError) as error:
            raise VerificationError("keystore-damaged", f"the key file {path.name} does not open") from error

    def _path(self, kind: str, name: str) -> Path:
        if not name:
            raise VerificationError("keystore-name", "a key has a name")
        return self.folder / f"{kind}.{quote(name, safe='')}.key"


def actor_key_file(actor: str, generation: int = 1) -> str:
    """The name under which an actor's key of a generation is stored."""
    return f"actor-{actor}" if generation == 1 else f"actor-{actor}.{generation}"


def _random(length: int) -> Callable[[], bytes]:
    return lambda: secrets.token_bytes(length)


def _storage_key(folder: Path, passphrase: str, n: int) -> bytes:
    path = folder / _PARAMETERS
    orphaned = any(folder.glob("*.key"))  # asked first: another process may be making both
    if not path.exists():
        if orphaned:
            raise VerificationError("keystore-damaged", f"{_PARAMETERS} is missing, and keys are there")
        fresh = _Parameters(kdf="scrypt", n=n, r=8, p=1, salt=os.urandom(16))
        create_file(path, msgspec.json.encode(fresh))
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=_Parameters)
        password = passphrase.encode()
        memory = 256 * stored.n * stored.r
        return hashlib.scrypt(password, salt=stored.salt, n=stored.n, r=stored.r, p=stored.p, maxmem=memory, dklen=32)
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise VerificationError("keystore-damaged", f"{_PARAMETERS} cannot be read") from error
