"""MANIFEST: what a bundle holds, signed by the log."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from signing.log_verifier.finding import Bad
from signing.log_verifier.source import Source
from signing.log_verifier.trust import Trust, parse_note, signers


def check_manifest(source: Source, trust: Trust, origin: str, size: int) -> list[Bad]:
    """MANIFEST: a note signed by the log: `<origin>/manifest/v1`, then `<sha256 hex> <length> <name>` a line."""
    try:
        text, signatures = parse_note(source.read("MANIFEST"))
        head, *lines = text.decode()[:-1].split("\n")
        listed = {name: f"{digest} {length}" for digest, length, name in (line.split(" ", 2) for line in lines)}
        keys = [key for key in trust.log_keys(origin, size) if key.type == 1]
        if head != f"{origin}/manifest/v1" or not signers(keys, text, signatures):
            raise ValueError("not signed")
    except (Bad, ValueError):
        return [Bad("manifest", "MANIFEST")]
    bad = []
    for name in sorted((source.names | set(listed)) - {"MANIFEST"}):
        data = b""
        with suppress(Bad):
            data = source.read(name)
        if listed.get(name) != f"{sha256(data).hexdigest()} {len(data)}" or name not in source.names:
            bad.append(Bad("manifest", name[:120]))
    return bad
