"""The verification of a whole log: chunks on all processors, then what needs the whole order, then every other file."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

from signing.log_verifier.finding import Bad
from signing.log_verifier.log import Chunk, Log
from signing.log_verifier.manifest import check_manifest
from signing.log_verifier.report import report
from signing.log_verifier.shown import verify_partial
from signing.log_verifier.source import Source
from signing.log_verifier.tiles import check_tiles
from signing.log_verifier.trust import Trust

_SHARED: list[Log] = []  # set before the fork, so that workers inherit the tree and the registry without copying


def _work(chunk: int) -> Chunk:
    return _SHARED[0].check_chunk(chunk)


def check_chunks(log: Log, processes: int) -> Iterator[Chunk]:
    """Chunks in order. Forked workers on Linux; elsewhere threads (verification lets go of the interpreter lock)."""
    if processes < 2 or len(log.chunks()) < 4:
        yield from map(log.check_chunk, log.chunks())
        return
    _SHARED[:] = [log]
    fork = sys.platform == "linux"
    with ProcessPoolExecutor(processes, get_context("fork")) if fork else ThreadPoolExecutor(processes) as pool:
        for start in range(0, len(log.chunks()), 1024):  # so that no more than this waits in memory
            yield from pool.map(_work, log.chunks()[start : start + 1024])


def check_order(log: Log, chunks: Iterable[Chunk], told: Callable[[int, int], None]) -> tuple[list[int], list[bytes]]:
    """Ids unique, versions of streams gapless over the whole log; acts questioned, first and last time claimed."""
    ids = [bytearray() for _ in range(256)]  # by the id's last byte: one set of all would take five times the memory
    versions: dict[bytes, int] = {}
    questioned, times = list[int](), list[bytes]()
    for number, chunk in enumerate(chunks):
        log.bad += chunk.bad
        questioned += chunk.questioned
        times = [min(times + chunk.times), max(times + chunk.times)] if chunk.times else times
        for at in range(0, len(chunk.ids), 24):
            ids[chunk.ids[at + 15]] += chunk.ids[at : at + 24]
        heads = struct.iter_unpack(">16sQ", chunk.heads)
        for position, (stream, version) in enumerate(heads, log.firsts[number * 256]):
            if versions.get(stream, 0) + 1 != version and (version or any(stream)):  # all zeros: missing, named
                log.bad.append(Bad("event-version", stream.hex(), log.act_of(position), position))
            versions[stream] = version
            if stream == log.registry.stream and log.act_of(position) not in log.registry.verdicts:
                log.bad.append(Bad("registry-event", "", log.act_of(position), position))
        told(number + 1, len(log.chunks()))
    for bucket in ids:
        known = set[bytes]()
        for act_id, index in struct.iter_unpack(">16sQ", bucket):
            if act_id in known:
                log.bad.append(Bad("act-id-repeated", "", index))
            known.add(act_id)
    return questioned, times


def verify_log(source: Source, trust: Trust, processes: int, told: Callable[[int, int], None]) -> dict[str, Any]:
    """A whole log, or a partial bundle, as a report (see `report`)."""
    if "partial.json" in source.names:
        return verify_partial(source, trust)
    log = Log(source, trust)
    log.read_entries()
    log.check_checkpoints()
    questioned, times = check_order(log, check_chunks(log, processes), told)
    check_tiles(log)
    listed = source.zipped or "MANIFEST" in source.names
    log.bad += check_manifest(source, trust, log.origin, log.size) if listed else []
    tokens = sum(name.startswith("timestamps/") and name.endswith(".tsr") for name in source.names)
    held = min(log.firsts[-1], log.held_events)
    more = {"timestamps": tokens, "manifest": "checked" if listed else "not given"}
    registry = {"acts": len(log.registry.verdicts), "shown_to": log.size, "stated_to": log.size}
    return report("log", log.bad, trust, log.point, log.size, held, times, questioned, registry=registry, **more)
