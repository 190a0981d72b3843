"""Every tile against what the entries make it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from signing.log_verifier.encoding import frames
from signing.log_verifier.finding import Bad, attempt
from signing.log_verifier.log import Log


def holds(kind: str, data: bytes, width: int) -> bool:
    """Whether these are the bytes of so many items of a kind, by their lengths."""
    if kind not in {"entries", "events"}:
        return len(data) == width * (8 if kind == "positions" else 32)
    records, framed = frames(data, 2 if kind == "entries" else 4)
    return framed and len(records) == width


def check_tiles(log: Log) -> None:
    """Every tile is what the entries make it; any other file is the beginning of one, from a smaller tree."""
    counts = {"entries": log.size, "positions": log.size, "events": log.firsts[-1]}
    rows = log.tree.levels[::8] if log.size else []
    counts |= {str(level): len(row) // 32 for level, row in enumerate(rows)}
    for level, row in enumerate(rows):
        for number in range((len(row) + 8191) // 8192):
            right = row[number * 8192 : number * 8192 + 8192]
            attempt(log.bad, None, partial(_check_hashes, log, level, number, right, counts))
    for kind, number in log.tiles:
        for width, name in log.tiles[kind, number].items():
            known = number * 256 + width <= counts.get(kind, 0)
            if known and width < min(256, counts[kind] - number * 256):
                known = False
                with suppress(Bad):
                    held = log.source.read(name)
                    known = holds(kind, held, width) and log.file(kind, number, counts[kind])[0].startswith(held)
            if not known:
                log.bad.append(Bad("tile-unknown", name))


def _check_hashes(log: Log, level: int, number: int, right: bytes, counts: dict[str, int]) -> None:
    """One tile of hashes against those computed; every act under a wrong hash is named by its first."""
    held = log.items(str(level), number, counts[str(level)], 32)
    places = [at for at in range(0, len(right), 32) if held[at : at + 32] != right[at : at + 32]]
    acts: list[int | None] = [(number * 256 + at // 32) << (8 * level) for at in places]
    wrong = acts or ([] if held == right else [None])
    log.bad += [Bad("tile-mismatch", f"tile/{level} {number}", act) for act in wrong]
