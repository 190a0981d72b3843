"""A key of one's own: an encrypted file that its owner keeps, in the same form as the product's own key files.

Works on a machine that has neither the product's data folder nor a database.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import msgspec

from domain.errors import Refusal
from signing.act import actor_key_name
from signing.durable_file import create_file
from signing.keystore import FileKeystore
from signing.note import Ed25519Signer, VerifierKey, check_key_name
from signing.verification_error import VerificationError

SCRYPT_N: Final = 2**17
"""128 MiB and about half a second for each guess at a person's passphrase."""
NEW: Final = "new"
_PARAMETERS: Final = "keystore.json"
_KEY_FILE: Final = re.compile(r"ed25519\.actor-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.key")


class OwnKey(msgspec.Struct, frozen=True, kw_only=True):
    """path: of the encrypted private key. public: named `<origin>/<actor id>`, as the text beside it says."""

    path: Path
    actor: str
    public: VerifierKey

    @property
    def origin(self) -> str:
        """The ledger the key was made for."""
        return self.public.name.removesuffix(f"/{self.actor}")


def make_key(folder: Path, actor: str, origin: str) -> OwnKey:
    """A new key; where only its private file came to be, its public side too. actor: a UUID, or `new`.

    Raises Refusal: `actor-unfit`, `vkey-unfit`, `own-key-exists`, the passphrase's.
    """
    actor = str(uuid4()) if actor == NEW else _actor(actor)
    try:
        check_key_name(name := actor_key_name(origin, actor))
    except VerificationError as error:
        raise Refusal("vkey-unfit", reason=error.detail) from error
    path = folder / f"ed25519.actor-{actor}.key"
    locked = (folder / _PARAMETERS).exists()
    vkey = folder / f"actor-{actor}.vkey"
    if vkey.exists() or (path.exists() and not locked):
        raise Refusal("own-key-exists", path=path if path.exists() else vkey)
    opened = _opened(folder, ask_passphrase(twice=not locked))
    try:
        key = OwnKey(path=path, actor=actor, public=opened.signer(f"actor-{actor}", name).verifier_key)
    except VerificationError as error:
        raise Refusal("passphrase-wrong", path=folder) from error
    create_file(vkey, key.public.text().encode() + b"\n", 0o644)
    return key


def find_key(path: Path) -> OwnKey:
    """The key whose file is `path`, known by its public side. Raises Refusal `own-key-unfit`."""
    named = _KEY_FILE.fullmatch(path.name)
    if named is None or not path.is_file() or not path.with_name(_PARAMETERS).is_file():
        raise Refusal("own-key-unfit", path=path)
    try:
        public = VerifierKey.parse(path.with_name(f"actor-{named[1]}.vkey").read_text(encoding="utf-8").strip())
    except (OSError, ValueError, VerificationError) as error:
        raise Refusal("own-key-unfit", path=path) from error
    if not public.name.endswith(f"/{named[1]}"):
        raise Refusal("own-key-unfit", path=path)
    return OwnKey(path=path, actor=named[1], public=public)


def open_key(key: OwnKey) -> Ed25519Signer:
    """The private key. Raises Refusal: the passphrase's, `own-key-unfit` when it is not the public side's."""
    store = _opened(key.path.parent, ask_passphrase(twice=False))
    try:
        signer = store.signer(f"actor-{key.actor}", key.public.name)
    except VerificationError as error:
        raise Refusal("passphrase-wrong", path=key.path.parent) from error
    if signer.verifier_key != key.public:
        raise Refusal("own-key-unfit", path=key.path)
    return signer


def ask_passphrase(*, twice: bool) -> str:
    """MOCBAN_PASSPHRASE, or typed unseen. Raises Refusal `passphrase-missing`, `passphrase-differs`."""
    if given := os.environ.get("MOCBAN_PASSPHRASE"):
        return given
    if not sys.stdin.isatty():
        raise Refusal("passphrase-missing")
    typed = getpass.getpass("Cụm mật khẩu · Passphrase: ")
    if not typed:
        raise Refusal("passphrase-missing")
    if twice and typed != getpass.getpass("Nhập lại · Again: "):
        raise Refusal("passphrase-differs")
    return typed


def _opened(folder: Path, passphrase: str) -> FileKeystore:
    try:
        return FileKeystore(folder, passphrase, SCRYPT_N)
    except VerificationError as error:
        raise Refusal("passphrase-wrong", path=folder) from error


def _actor(text: str) -> str:
    try:
        if str(UUID(text)) == text:
            return text
    except ValueError:
        pass
    raise Refusal("actor-unfit", given=text)
