"""A whole log: read once in order, then 256 acts at a time."""

from __future__ import annotations

import binascii
import re
import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Final, NamedTuple

from signing.log_verifier.act import EVENTS, Act, is_nfc, parse_act
from signing.log_verifier.encoding import FAR, Tree, frames, leaf_hash, root64, to_base64
from signing.log_verifier.event import check_event
from signing.log_verifier.finding import Bad
from signing.log_verifier.registry import DUAL_START, Registry, misplaced
from signing.log_verifier.source import Source
from signing.log_verifier.trust import Checkpoint, Trust

TILE: Final = re.compile(  # one name for each: no leading x000, no digits of other scripts
    r"tile/([0-9]|entries|events|positions)/((?!x000)(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


class Chunk(NamedTuple):
    """What 256 acts gave: id || index of each act; stream || version of each event, in order; the times claimed."""

    bad: list[Bad]
    questioned: list[int]
    ids: bytearray
    heads: bytearray
    times: list[bytes]


class Log:
    """An exported log under verification. After `read_entries`, chunks are independent of one another."""

    def __init__(self, source: Source, trust: Trust) -> None:
        self.source, self.trust, self.bad = source, trust, list(source.unsafe)
        self.tiles: dict[tuple[str, int], dict[int, str]] = {}  # the names of each tile, by width
        for name in source.names:
            if (found := TILE.fullmatch(name)) and int(found[3] or 0) < 256:
                number = int(re.sub("[x/]", "", found[2]))
                self.tiles.setdefault((found[1], number), {})[int(found[3] or 256)] = name
            elif name.startswith("tile/"):
                self.bad.append(Bad("tile-unknown", name[:120]))
        self.point = self._checkpoint("checkpoint")
        self.held_events, held = self._held("events"), self._held("entries")
        self.size = min(self.point.size, held) if self.point else held
        if self.point and self.point.size > held:
            self.bad.append(Bad("history-truncated", f"{held} < {self.point.size}", held))
        first = b"".join(self.entries(0)[:1]).partition(b"/act/v1\n")[0]
        self.origin = trust.origin or (first.decode() if len(first) < 256 and is_nfc(first) else "")
        self.head, self.registry = self.origin.encode() + b"/act/v1\n", Registry(self.origin)
        self.firsts = array("Q")  # first event position of each act; as the last item, how many events there are
        self.tree = Tree(b"")
        self._bundle: tuple[int, list[bytes], bool] = (-1, [], True)
        self._seen = (b"", b"")

    def _checkpoint(self, name: str) -> Checkpoint | None:
        try:
            return Checkpoint.parse(self.source.read(name))
        except Bad as bad:
            self.bad.append(Bad(bad.code, name))
            return None

    def _held(self, kind: str) -> int:
        """How many entries or events the files at hand can hold; far-off names cannot make it absurd."""
        ends = [number * 256 + max(widths) for (of, number), widths in self.tiles.items() if of == kind]
        return min(max(ends, default=0), 256 * (2 * len(ends) + 16))

    def chunks(self) -> range:
        return range((self.size + 255) // 256)

    def file(self, kind: str, number: int, count: int) -> tuple[bytes, int]:
        """The file of items number*256 to `count`, or a wider one: its bytes, and width by its name. Raises Bad."""
        wanted, widths = min(256, count - number * 256), self.tiles.get((kind, number))
        if not widths:
            raise Bad("tile-missing", f"tile/{kind} {number}")
        width = min((width for width in widths if width >= wanted), default=max(widths))
        return self.source.read(widths[width]), width

    def items(self, kind: str, number: int, count: int, unit: int) -> bytes:
        """The items of `unit` bytes, without those beyond `count`. Raises Bad."""
        data, width = self.file(kind, number, count)
        return data[: (count - number * 256) * unit] if width > count - number * 256 else data

    def records(self, kind: str, number: int, count: int) -> tuple[list[bytes], bool]:
        """The entries or events in a bundle, as many as can be read, and whether it is framed as it must be."""
        with suppress(Bad):
            data, width = self.file(kind, number, count)
            found, whole = frames(data, 2 if kind == "entries" else 4)
            return found[: min(256, count - number * 256)], whole and len(found) == width
        return [], True

    def entries(self, chunk: int) -> list[bytes]:
        return self.records("entries", chunk, self.size)[0]

    def read_entries(self) -> None:
        """First reading: tree, positions, registry. An act that the tree vouches for is believed, else the sidecar."""
        told, leaves, position = self._told(), bytearray(), 0
        changes_registry = (self.head + b'{"act":"registry.', self.head + b'{"act":"log.found"')
        for chunk in self.chunks():
            entries, framed = self.records("entries", chunk, self.size)
            start, width = chunk * 256, min(256, self.size - chunk * 256)
            if not framed:
                self.bad.append(Bad("bundle-framing", "tile/entries", start + min(len(entries), width - 1)))
            entries += [b""] * (width - len(entries))
            hashes, sidecar = b"".join(map(leaf_hash, entries)), self._sidecar(chunk)
            right = told[start * 32 : (start + width) * 32] or hashes
            all_right = hashes == right
            leaves += b"" if told else hashes
            for at, entry in enumerate(entries):
                vouched = entry != b"" and (
                    all_right or hashes[at * 32 : at * 32 + 32] == right[at * 32 : at * 32 + 32]
                )
                if not vouched:
                    self.bad.append(Bad("entry-altered" if entry else "entry-missing", "", start + at))
                self.firsts.append(position)
                stated = EVENTS.search(entry, len(self.head)) if vouched else None
                position = min(position + (int(stated[1]) if stated else step_in(sidecar, at)), FAR)
                if start + at == 0 or entry.startswith(changes_registry):
                    self._replay(start + at, entry, position)
            self._check_sidecar(chunk, sidecar, struct.pack(f">{width}Q", *self.firsts[start:]))
        self.firsts.append(position)
        if not self.size:
            self.bad += check_genesis(b"", self.registry, self.trust)
        if not told:
            self.tree = Tree(bytes(leaves))
            if self.point and self.point.size == self.size and self.tree.root(self.size) != self.point.root:
                self.bad.append(Bad("root-mismatch", str(self.size)))

    def _told(self) -> bytes:
        """The leaves as the tiles have them, if they lead to the signed root: then one altered entry is named alone."""
        with suppress(Bad):
            told = b"".join([self.items("0", chunk, self.size, 32) for chunk in self.chunks()])
            self.tree = Tree(told)
            if self.point and len(told) == 32 * self.point.size and self.tree.root(self.size) == self.point.root:
                return told
        return b""

    def _sidecar(self, chunk: int) -> bytes:
        """The positions bundle; nothing, and named, when it is not there."""
        try:
            return self.items("positions", chunk, self.size, 8)
        except Bad as bad:
            self.bad.append(bad)
            return b""

    def _check_sidecar(self, chunk: int, held: bytes, right: bytes) -> None:
        wrong = [at for at in range(0, max(len(held), len(right)), 8) if held[at : at + 8] != right[at : at + 8]]
        acts = [
            chunk * 256 + min(at, len(right) - 8) // 8 for at in (wrong if ("positions", chunk) in self.tiles else ())
        ]
        self.bad += [Bad("tile-mismatch", "tile/positions", act) for act in acts]

    def _replay(self, index: int, entry: bytes, last: int) -> None:
        """A registry act takes effect, or not; what is wrong with it as with any act is named by the second reading."""
        self.registry.verdicts[index] = ""
        with suppress(Bad):
            act = parse_act(entry, self.head)
            events = [one for _, _, piece, _ in self.events(self.firsts[index], last) for one in piece]
            if root64([leaf_hash(event) for event in events] or [b""]) == act["root"]:
                self.registry.replay(index, act, events)
        if index == 0:
            self.bad += check_genesis(entry, self.registry, self.trust)
            if "genesis" in self.source.names and self.source.read("genesis") != entry:
                self.bad.append(Bad("genesis-mismatch", "genesis", 0))

    def check_checkpoints(self) -> None:
        """The latest and every earlier checkpoint: signatures, and one history under all of them."""
        older = r"checkpoints/\d{1,18}|timestamps/\d{1,18}\.checkpoint"
        given = [("checkpoint", self.point)]
        given += [(name, self._checkpoint(name)) for name in sorted(self.source.names) if re.fullmatch(older, name)]
        for data in self.trust.checkpoints:
            try:
                given.append(("--checkpoint", Checkpoint.parse(data)))
            except Bad as bad:
                self.bad.append(Bad(bad.code, "--checkpoint"))
        for name, point in given:
            try:
                if point is not None:
                    self.trust.check(point, latest=name == "checkpoint")
                    if "/" in name and re.findall(r"\d+", name) != [str(point.size)]:
                        raise Bad("checkpoint-malformed")
                    if name != "checkpoint" and self.tree.root(min(point.size, self.size)) != point.root:
                        raise Bad("history-truncated" if point.size > self.size else "checkpoint-inconsistent")
            except Bad as bad:
                place = f"{name} ({point.size if point else 0})"
                self.bad.append(Bad(bad.code, place + (f": {bad.detail}" if bad.detail else "")))

    def events(self, first: int, last: int) -> Iterator[tuple[int, int, list[bytes], bool]]:
        """Event entries at first..last-1, bundle by bundle: from, until, what is there of them, whether well framed."""
        last = min(last, self.held_events)
        while first < last:
            bundle, number = self._bundle, first >> 8
            if bundle[0] != number:
                bundle = self._bundle = (number, *self.records("events", number, self.held_events))
            until = min(last, (number + 1) << 8)
            yield first, until, bundle[1][first & 255 : until - (number << 8)], bundle[2]
            first = until

    def act_of(self, position: int) -> int:
        return max(0, bisect_right(self.firsts, position, 0, self.size) - 1)

    def check_chunk(self, chunk: int) -> Chunk:
        """Second reading: every act of a bundle and its events. Needs nothing of other chunks."""
        start, out = chunk * 256, Chunk([], [], bytearray(), bytearray(), [])
        base = self.firsts[start]
        dual: list[tuple[int, bytes]] = []
        leaves = self._check_events(base, self.firsts[min(start + 256, self.size)], out, dual)
        for index, entry in enumerate(self.entries(chunk), start):
            try:
                act = parse_act(entry, self.head)
            except Bad as bad:
                out.bad.append(bad.at(index))
                continue
            first, last = self.firsts[index], self.firsts[index + 1]
            if last > self.held_events:
                out.bad.append(Bad("event-missing", "", index, max(first, self.held_events)))
            if int(act["events"]) != last - first or root64(leaves[first - base : last - base]) != act["root"]:
                out.bad.append(Bad("act-root-mismatch", "", index, first if last - first == 1 else None))
            for position, event in dual:
                if first <= position < last and misplaced(act, event):
                    out.bad.append(Bad("event-misplaced", "", index, position))
            self._check_act(index, act, out)
        return out

    def _check_events(self, first: int, last: int, out: Chunk, dual: list[tuple[int, bytes]]) -> list[bytes]:
        """Every event of a chunk; their leaf hashes, nothing for one that is missing. dual: those two people decide."""
        leaves: list[bytes] = []
        for start, until, entries, framed in self.events(first, last):
            if not framed:
                lost = min(until - 1, start + len(entries))
                out.bad.append(Bad("bundle-framing", "tile/events", self.act_of(lost), lost))
            leaves += [sha256(b"\0" + entry).digest() for entry in entries]
            out.heads.extend(b"".join([entry[:24].ljust(24, b"\0") for entry in entries]))
            for position, entry in enumerate(entries, start):
                if DUAL_START(entry, 26):
                    dual.append((position, entry))
                try:
                    check_event(entry)
                except Bad as bad:
                    out.bad.append(Bad(bad.code, "", self.act_of(position), position))
            for position in range(start + len(entries), until):
                out.bad.append(Bad("event-missing", "", self.act_of(position), position))
                out.heads.extend(bytes(24))
                leaves.append(b"")
        return leaves

    def _check_act(self, index: int, act: Act, out: Chunk) -> None:
        out.ids.extend(binascii.unhexlify(act["id"].replace(b"-", b"")) + index.to_bytes(8, "big"))
        out.times.append(act["at"])
        try:
            self.registry.judge(index, act, out.questioned)
        except Bad as bad:
            out.bad.append(bad.at(index))
        if (seen := (act["size"], act["seen"])) != self._seen:
            if int(seen[0]) > index or to_base64(self.tree.root(int(seen[0]))) != seen[1]:
                out.bad.append(Bad("seen-not-in-history", seen[0].decode(), index))
            else:
                self._seen = seen


def step_in(sidecar: bytes, at: int) -> int:
    """How many events act `at` of a bundle has by the sidecar; 1 where it makes no sense."""
    first, second = sidecar[at * 8 : at * 8 + 8], sidecar[at * 8 + 8 : at * 8 + 16]
    step = int.from_bytes(second, "big") - int.from_bytes(first, "big")
    return step if len(second) == 8 and 0 < step < 1 << 24 else 1


def check_genesis(entry: bytes, registry: Registry, trust: Trust) -> list[Bad]:
    """Act 0 is the trusted one. Without a trust file, the log's keys are taken from it."""
    trust.keys, trust.ended = trust.keys if trust.anchored else registry.log_keys, registry.ended
    return [Bad("genesis-mismatch", "", 0)] if trust.genesis not in {None, leaf_hash(entry)} else []
