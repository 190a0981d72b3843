"""Falsifications of the files as they lie: bits flipped, acts dropped, moved and doubled, payloads replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mocban.drills.tampering.forged import WHOLE_LOG, Forged, Forger, Kind, Place
from mocban.drills.tampering.held_log import HeldAct, tree_files
from signing.event_entry import EventEntry, parse_event_entry
from signing.tile import parse_tile_path


def flipped_bit(forger: Forger) -> Forged:
    """One bit of any file, each byte as likely as another."""
    files, dice = forger.log.files, forger.dice
    name = dice.choices(list(files), weights=[len(data) for data in files.values()])[0]
    data = bytearray(files[name])
    at = dice.randrange(len(data))
    data[at] ^= 1 << dice.randrange(8)
    return Forged({**files, name: bytes(data)}, _place(forger, name, at))


def _place(forger: Forger, name: str, at: int) -> Place:
    """The act that byte `at` of a file speaks of; the file itself where it speaks of the whole log."""
    if not name.startswith("tile/"):
        return Place(act=0) if name == "genesis" else Place(act=WHOLE_LOG, file=name)
    log = forger.log
    match parse_tile_path(name).kind:
        case "entries":
            return Place(act=_item([len(act.note) + 2 for act in log.acts], at))
        case "events":
            position = _item([len(entry) + 4 for act in log.acts for entry in act.events], at)
            return Place(act=log.act_of_event(position))
        case "positions":
            return Place(act=at // 8)
        case _:
            return Place(act=at // 32)


def _item(lengths: Sequence[int], at: int) -> int:
    """Which of the items, one after another, byte `at` lies in."""
    for number, length in enumerate(lengths):
        if at < length:
            return number
        at -= length
    raise AssertionError("beyond the last item")


def _entries_only(forger: Forger, acts: Sequence[HeldAct], act: int) -> Forged:
    """Other entries under the tiles and the checkpoint as they were."""
    name = next(name for name in forger.log.files if name.startswith("tile/entries/"))
    return Forged({**forger.log.files, name: _framed(acts)}, Place(act=act))


def _framed(acts: Sequence[HeldAct]) -> bytes:
    return b"".join(len(act.note).to_bytes(2, "big") + act.note for act in acts)


def dropped(forger: Forger) -> Forged:
    """An act left out of its bundle."""
    acts, at = forger.log.acts, forger.any_act(1)
    return _entries_only(forger, [*acts[:at], *acts[at + 1 :]], at)


def swapped(forger: Forger) -> Forged:
    """Two acts in each other's place."""
    acts = list(forger.log.acts)
    first, second = sorted(forger.dice.sample(range(1, len(acts)), 2))
    acts[first], acts[second] = acts[second], acts[first]
    return _entries_only(forger, acts, first)


def doubled(forger: Forger) -> Forged:
    """An act once more in the place of the next."""
    acts, at = forger.log.acts, forger.any_act(1, len(forger.log.acts) - 1)
    return _entries_only(forger, [*acts[: at + 1], acts[at], *acts[at + 2 :]], at + 1)


def reordered(forger: Forger) -> Forged | None:
    """All acts from one on in another order."""
    acts, at = forger.log.acts, forger.any_act(1, len(forger.log.acts) - 2)
    rest = list(range(at, len(acts)))
    forger.dice.shuffle(rest)
    moved = [place for place, act in enumerate(rest, at) if place != act]
    return _entries_only(forger, [*acts[:at], *(acts[act] for act in rest)], moved[0]) if moved else None


def payload_replaced(forger: Forger) -> Forged:
    """An event that says something else, well formed, in the place of the one that the act was signed over."""
    at = forger.any_act(1)
    acts = list(forger.log.acts)
    acts[at] = HeldAct(acts[at].note, (other_payload(acts[at].events[0]), *acts[at].events[1:]))
    return Forged({**forger.log.files, **tree_files(acts)}, Place(act=at))


def event_of_another(forger: Forger) -> Forged:
    """The event of another act, genuine in its own place."""
    first, second = forger.dice.sample(range(forger.revoked_at + 1, len(forger.log.acts)), 2)
    acts = list(forger.log.acts)
    acts[first] = HeldAct(acts[first].note, (acts[second].events[0], *acts[first].events[1:]))
    return Forged({**forger.log.files, **tree_files(acts)}, Place(act=first))


def other_payload(entry: bytes) -> bytes:
    """The event entry with one digit of its payload another."""
    event: EventEntry = parse_event_entry(entry)
    head = len(entry) - len(event.payload)
    digits = [at for at, byte in enumerate(event.payload) if 0x30 <= byte <= 0x38 and at > len(event.type) + 10]
    payload = bytearray(event.payload)
    payload[digits[-1]] += 1
    return entry[:head] + bytes(payload)


KINDS: Final = (
    Kind(name="bit-flipped", evidence="trust-file", share=500, forge=flipped_bit),
    Kind(name="act-dropped", evidence="trust-file", share=35, forge=dropped),
    Kind(name="acts-swapped", evidence="trust-file", share=35, forge=swapped),
    Kind(name="act-doubled", evidence="trust-file", share=35, forge=doubled),
    Kind(name="acts-reordered", evidence="trust-file", share=35, forge=reordered),
    Kind(name="payload-replaced", evidence="trust-file", share=40, forge=payload_replaced),
    Kind(name="event-of-another-act", evidence="trust-file", share=30, forge=event_of_another),
)
