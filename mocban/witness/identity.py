"""Who a witness is: a folder of its own, a name, a key. Nothing of the product's home is read or needed.

`<store>/`: `name`, `keys/` (encrypted, as any key store), `logs`, `checkpoints/`, `refused/`, `run/`. Key and records
belong together: a witness whose records are lost or older than what it cosigned is retired, not restored.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import platformdirs

from domain.errors import Refusal
from mocban.environment_problem import EnvironmentProblem
from mocban.passphrase import passphrase
from mocban.settings import Settings
from signing.durable_file import create_file, write_durably
from signing.keystore import FileKeystore
from signing.note import ED25519_COSIGNATURE, Ed25519Signer, check_key_name
from signing.verification_error import VerificationError

ROOT_STORE: Final = Path("/var/lib/mocban-witness")
_KEY: Final = "witness-ed25519"
_KEY_FILES: Final = ("keystore.json", f"secret.{_KEY}.key")
"""What a key store has written once it gave the key; opening one without them would write new ones."""
_NAME: Final = "witness.mocban"


def store_folder(given: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """`given`, else MOCBAN_WITNESS_HOME, else the system's place for a service or an account."""
    named = given or (Path(environ["MOCBAN_WITNESS_HOME"]) if environ.get("MOCBAN_WITNESS_HOME") else None)
    if named is not None:
        return named.expanduser().absolute()
    if os.name == "posix" and os.geteuid() == 0:
        return ROOT_STORE
    return Path(platformdirs.user_data_dir("mocban-witness", appauthor=False))


def founded(store: Path) -> bool:
    """Whether a witness was made in this folder."""
    return (store / "name").exists()


def witness_signer(store: Path, name: str | None = None, environ: Mapping[str, str] = os.environ) -> Ed25519Signer:
    """The witness's key (type 04), made at the first call; MOCBAN_PASSPHRASE opens it, else a file beside the keys.

    name: what the witness is to be called, at its making only; none: a random one. Raises Refusal
    `witness-name-unfit`, `witness-name-fixed`, `witness-store-damaged` where a witness was made here and its name or
    key is gone (no other is made in its place); EnvironmentProblem `keystore-passphrase`, `keystore-damaged`.
    """
    settings = Settings(home=store, passphrase=environ.get("MOCBAN_PASSPHRASE") or None)
    wanted = _fit(f"{_NAME}/{secrets.token_hex(8)}" if name is None else name)
    if founded(store):
        _check_held(store, name)
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        secret = FileKeystore(settings.keys, passphrase(settings)).secret(_KEY)
    except VerificationError as error:
        raise EnvironmentProblem(error.code, folder=settings.keys) from error
    if not founded(store):
        create_file(store / "name", f"{wanted}\n".encode(), 0o644)  # last: whoever has a name has a key
    return Ed25519Signer(_check_held(store, name), secret, ED25519_COSIGNATURE)


def publish_key(store: Path, signer: Ed25519Signer) -> None:
    """Write `<store>/vkey`, to be given to logs and auditors."""
    write_durably(store / "vkey", f"{signer.verifier_key.text()}\n".encode())


def _fit(name: str) -> str:
    try:
        check_key_name(name)
    except VerificationError as error:
        raise Refusal("witness-name-unfit") from error
    return name


def _check_held(store: Path, name: str | None) -> str:
    """The name kept in the folder, which the first call decided; its key is there too."""
    try:
        held = (store / "name").read_text(encoding="utf-8").strip()
        check_key_name(held)
    except (OSError, UnicodeDecodeError, VerificationError) as error:
        raise Refusal("witness-store-damaged", path="name") from error
    if name is not None and held != name:
        raise Refusal("witness-name-fixed", name=held)
    for file in _KEY_FILES:
        if not (store / "keys" / file).exists():
            raise Refusal("witness-store-damaged", path=f"keys/{file}")
    return held
