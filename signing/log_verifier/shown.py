"""Acts shown alone: a certificate, a partial bundle, a proof, a disclosure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.log_verifier.act import Act, of_registry, parse_act
from signing.log_verifier.encoding import frames, from_base64, leaf_hash, path_root, root64, to_base64
from signing.log_verifier.event import check_event, payload_of
from signing.log_verifier.finding import Bad, attempt
from signing.log_verifier.log import check_genesis
from signing.log_verifier.manifest import check_manifest
from signing.log_verifier.pdf_signature import check_pdf_signature
from signing.log_verifier.registry import Registry, misplaced
from signing.log_verifier.report import report, verdict
from signing.log_verifier.source import Source
from signing.log_verifier.trust import Checkpoint, Trust


class Proof(NamedTuple):
    """A `.tlog-proof` (C2SP tlog-proof) with our `extra`: one event of one act, up to a checkpoint."""

    act: int
    entry: bytes
    event_index: int
    inner: list[bytes]
    event: bytes
    path: list[bytes]
    checkpoint: str

    @classmethod
    def parse(cls, text: str) -> Proof:
        with suppress(ValueError, IndexError):
            body, _, checkpoint = text.partition("\n\n")
            head, extra, index, *path = body.split("\n")
            raw = from_base64(extra.removeprefix("extra "))
            end = 2 + int.from_bytes(raw[:2], "big")
            inner_end = end + 5 + 32 * raw[end + 4]
            inner = [raw[at : at + 32] for at in range(end + 5, inner_end, 32)]
            event, lines = raw[inner_end + 4 :], [from_base64(line, 32) for line in path]
            good = head == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and len(path) < 64
            good = good and int.from_bytes(raw[inner_end : inner_end + 4], "big") == len(event)
            if good and re.fullmatch(r"index (0|[1-9]\d{0,15})", index):
                at = int.from_bytes(raw[end : end + 4], "big")
                return cls(int(index[6:]), raw[2:end], at, inner, event, lines, checkpoint)
        raise Bad("proof-malformed")

    def check(self, point: Checkpoint) -> Act:
        """The event is in the act, the act in the tree. Raises Bad."""
        act = parse_act(self.entry, point.origin.encode() + b"/act/v1\n")
        root = path_root(self.event_index, int(act["events"]), leaf_hash(self.event), self.inner)
        if to_base64(root) != act["root"]:
            raise Bad("act-root-mismatch")
        if path_root(self.act, point.size, leaf_hash(self.entry), self.path) != point.root:
            raise Bad("proof-inclusion")
        check_event(self.event)
        if misplaced(act, self.event):
            raise Bad("event-misplaced")
        return act


def check_shown(
    given: str,
    note: str,
    bad: list[Bad],
    trust: Trust,
    proofs: list[Proof],
    chosen: set[int],
    whole: dict[int, list[bytes]],
) -> dict[str, Any]:
    """Acts led to the checkpoint `note`, signers judged by the registry acts among them. whole: all events of an act.

    A proof or a disclosure brings no registry acts: it shows what the log signed, not whose signature an act bears.
    """
    point, judged = Checkpoint.parse(note.encode()), given in {"certificate", "partial"}
    registry, (acts, events) = Registry(point.origin), lead(proofs, note, point, bad)
    for index, act in acts.items():
        events[index] = whole.get(index, events[index])
        leaves = [leaf_hash(event) for event in whole.get(index, ())]
        if index in whole and (len(leaves) != int(act["events"]) or root64(leaves) != act["root"]):
            bad.append(Bad("act-root-mismatch", "", index))
        elif of_registry(act) and len(events[index]) == int(act["events"]):
            registry.replay(index, act, events[index])
        elif not of_registry(act) and any(event[:16] == registry.stream for event in events[index]):
            bad.append(Bad("registry-event", "", index))
        bad += [Bad("event-misplaced", "", index) for event in whole.get(index, ()) if misplaced(act, event)]
    bad += check_genesis(acts[0].string if 0 in acts else b"", registry, trust) if judged else []
    bad += [Bad("proof-malformed", "", index) for index in chosen - set(acts)] if chosen else [Bad("proof-malformed")]
    questioned = list[int]()
    for index in sorted(acts) if judged else ():
        attempt(bad, index, partial(registry.judge, index, acts[index], questioned))
    if judged or trust.keys:
        attempt(bad, None, lambda: trust.check(point, latest=True, classical=not judged))
    apart = [size for size in (beside(point, data, trust, bad) for data in trust.checkpoints) if size is not None]
    times = sorted(act["at"] for index, act in acts.items() if index in chosen)
    count = sum(len(events.get(index, [])) for index in chosen)
    complete: dict[str, Any] = {}
    if judged:
        gaps, held, shown_to = registry_shown(acts, events, registry.stream)
        bad += gaps
        complete = {"complete": "according to the archive at checkpoint", "at": point.size}
        complete["registry"] = {"acts": held, "shown_to": shown_to, "stated_to": point.size}
    more = {**complete, **({"not_compared": apart} if apart else {})}
    return report(given, bad, trust, point, len(chosen), count, times, questioned, **more)


def beside(point: Checkpoint, data: bytes, trust: Trust, bad: list[Bad]) -> int | None:
    """An earlier checkpoint beside the one that acts are led to. Its size when no comparing is possible from here."""
    try:
        other = Checkpoint.parse(data)
        if other.origin != point.origin:
            raise Bad("checkpoint-origin", other.origin[:120])
        if trust.keys:
            trust.check(other, latest=False, classical=True)
        if other.size == point.size and other.root != point.root:
            raise Bad("checkpoint-inconsistent", str(point.size))
    except Bad as found:
        bad.append(Bad(found.code, f"--checkpoint: {found.detail}".removesuffix(": ")))
        return None
    return other.size if other.size != point.size else None


def lead(
    proofs: list[Proof], note: str, point: Checkpoint, bad: list[Bad]
) -> tuple[dict[int, Act], dict[int, list[bytes]]]:
    """The acts, and events of each, whose proofs lead to the checkpoint."""
    acts, events = dict[int, Act](), dict[int, dict[int, bytes]]()
    for proof in sorted(proofs, key=lambda one: (one.act, one.event_index)):
        try:
            if proof.checkpoint != note:
                raise Bad("proof-malformed", "checkpoint")
            acts[proof.act] = proof.check(point)
            events.setdefault(proof.act, {})[proof.event_index] = proof.event
        except Bad as found:
            bad.append(found.at(proof.act))
    return acts, {index: list(shown.values()) for index, shown in events.items()}


def verify_partial(source: Source, trust: Trust) -> dict[str, Any]:
    """A partial bundle: acts/<index>.tlog-proof and acts/<index>.events for each act that partial.json names."""
    bad = list(source.unsafe)
    try:
        stated, note = json.loads(source.read("partial.json")), source.read("checkpoint").decode("utf-8", "replace")
        registry, chosen = {int(index) for index in stated["registry"]}, {int(index) for index in stated["acts"]}
        first, last = stated["of"].get("acts", (0, -1))
        complete = {bytes.fromhex(stream.replace("-", "")) for stream in stated["streams"]}
        if len(registry | chosen) > len(source.names):
            raise Bad("proof-malformed", "partial.json")
        among = range(first, min(last, first + len(chosen)) + 1)  # where one is missing, it is missing here
        bad += [Bad("entry-missing", "", index) for index in among if index not in chosen]
        proofs, whole = read_partial(source, sorted(registry | chosen), bad)
        origin, size = Checkpoint.parse(note.encode())[:2]
        bad += uneven_streams(whole, complete - {Registry(origin).stream})
        out = {**check_shown("partial", note, bad, trust, proofs, chosen, whole), "of": stated["of"]}
        out["manifest"] = "checked"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Bad) as found:
        bad.append(found if isinstance(found, Bad) else Bad("manifest", "partial.json"))
        origin, size, out = trust.origin or "", 0, report("partial", bad, trust, None, 0, 0)
    return {**out, **verdict([*bad, *check_manifest(source, trust, origin, size)], trust)}


def read_partial(source: Source, acts: list[int], bad: list[Bad]) -> tuple[list[Proof], dict[int, list[bytes]]]:
    """The proof and all events of each act; what is wrong with the files themselves is noted."""
    proofs, whole = list[Proof](), dict[int, list[bytes]]()
    for index in acts:
        try:
            proofs.append(Proof.parse(source.read(f"acts/{index}.tlog-proof").decode("utf-8", "replace")))
            whole[index], framed = frames(source.read(f"acts/{index}.events"), 4)
            if not framed or proofs[-1].act != index:
                raise Bad("bundle-framing" if proofs[-1].act == index else "proof-malformed", f"acts/{index}")
            for event in whole[index]:
                check_event(event)
        except Bad as found:
            bad.append(found.at(index))
    return proofs, whole


def uneven_streams(whole: dict[int, list[bytes]], complete: set[bytes]) -> Iterator[Bad]:
    """Versions rise in every stream, and leave no gap in those that are said to be complete."""
    versions: dict[bytes, int] = {}
    for index, head in [(act, event[:24]) for act in sorted(whole) for event in whole[act]]:
        stream, version, before = head[:16], int.from_bytes(head[16:], "big"), versions.get(head[:16], 0)
        if version != before + 1 if stream in complete else version <= before:
            yield Bad("event-version", stream.hex(), index)
        versions[stream] = version


def registry_shown(acts: dict[int, Act], events: dict[int, list[bytes]], stream: bytes) -> tuple[list[Bad], int, int]:
    """Gaps in the versions of the registry's stream; how many acts of it there are; up to which size none is hidden.

    Behind its last act nothing tells: that no later one changed a key or role is the word of whoever shows it.
    """
    bad, count, shown_to, version = list[Bad](), 0, 0, 0
    for index in sorted(acts):
        for event in events[index]:
            if event[:16] == stream:
                version += 1
                if int.from_bytes(event[16:24], "big") != version:
                    bad.append(Bad("event-version", stream.hex(), index))
                    version = int.from_bytes(event[16:24], "big")
        if of_registry(acts[index]):
            count, shown_to = count + 1, shown_to if bad else index + 1
    return bad, count, shown_to


def verify_certificate(data: bytes, trust: Trust) -> dict[str, Any]:
    """The PDF's signature, then every proof in it, which stand uncompressed between two marks."""
    bad, begin, end = list[Bad](), b"%MOCBAN-PROOF-BEGIN\n", b"%MOCBAN-PROOF-END\n"
    attempt(bad, None, lambda: check_pdf_signature(data, trust))
    try:
        held = (
            json.loads(data.partition(begin)[2].partition(end)[0]) if data.count(begin) == data.count(end) == 1 else {}
        )
        registry, proofs = ([Proof.parse(text) for text in held[kind]] for kind in ("registry", "proofs"))
        chosen = {proof.act for proof in proofs}
        return check_shown("certificate", held["checkpoint"], bad, trust, registry + proofs, chosen, {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Bad) as found:
        bad.append(found if isinstance(found, Bad) else Bad("proof-malformed"))
        return report("certificate", bad, trust, None, 0, 0)


def verify_disclosure(data: bytes, trust: Trust) -> dict[str, Any]:
    """One sealed field opened by its own key: the proof of its event, the commitments in it, then AES-256-GCM."""
    held, bad = json.loads(data), list[Bad]()
    proof, pointer = Proof.parse(held["proof"]), str(held["field"])
    out = check_shown("disclosure", proof.checkpoint, bad, trust, [proof], {proof.act}, {})
    try:
        return {**out, "field": pointer, "disclosed": opened(proof.event, pointer, held)}
    except Exception:  # noqa: BLE001  a pointer, a key, a cipher can be wrong in many ways; all mean the same
        return {**out, **verdict([*bad, Bad("disclosure", pointer[:120], proof.act)], trust)}


def opened(event: bytes, pointer: str, held: Any) -> Any:
    """The value of the sealed field at a JSON Pointer (RFC 6901), by its sub-key. Raises anything."""
    value = json.loads(payload_of(event))
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    key, ciphertext = from_base64(held["sub_key"], 32), from_base64(held["ciphertext"])
    digests = [to_base64(sha256(data).digest()).decode() for data in (b"mocban/sub-key/v1" + key, ciphertext)]
    if [value["kc"], value["ct"], value["len"]] != [*digests, len(ciphertext)] or held[
        "format"
    ] != "mocban/disclosure/1":
        raise Bad("disclosure")
    parts = (b"field", event[:16], event[16:24], pointer.encode())
    place = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return json.loads(AESGCM(key).decrypt(from_base64(value["nonce"], 12), ciphertext, place))
