"""The passphrase of the key store: the one given, or a generated one beside the keys, as befits a laptop only."""

from __future__ import annotations

import secrets

from mocban.settings import Settings
from signing.durable_file import create_file


def passphrase(settings: Settings) -> str:
    """`MOCBAN_PASSPHRASE`, else the folder's own file, made at the first call (0600)."""
    if settings.passphrase:
        return settings.passphrase
    path = settings.keys / "passphrase"
    settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        create_file(path, secrets.token_hex(24).encode())
    return path.read_text(encoding="ascii")
