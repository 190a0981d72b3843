"""Falsifications by who holds the log's own keys: the tree is made anew and signed, and agrees with itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ledger.act_id import new_act_id
from mocban.drills.tampering.forged import WHOLE_LOG, Forged, Forger, Kind, Place
from mocban.drills.tampering.held_log import HeldAct, resigned
from mocban.drills.tampering.spoilt_files import other_payload
from signing.act import act_root, open_act, sign_act
from signing.note import Ed25519Signer


def _made_anew(forger: Forger, acts: Sequence[HeldAct], place: Place) -> Forged:
    return Forged(resigned(acts, forger.log.origin, forger.log_keys), place)


def _signed_by(forger: Forger, like: int, signer: Ed25519Signer, actor: str, act: str | None = None) -> HeldAct:
    """A new act like one that is there, over the same events, by another key."""
    held = forger.log.acts[like]
    header = open_act(held.note, forger.log.origin).header
    changed = msgspec.structs.replace(header, id=new_act_id(), actor=actor, act=act or header.act)
    return HeldAct(sign_act(forger.log.origin, changed, [signer]), held.events)


def _instead(forger: Forger, at: int, made: HeldAct) -> list[HeldAct]:
    acts = forger.log.acts
    return [*acts[:at], made, *acts[at + 1 :]]


def signature_kept(forger: Forger) -> Forged:
    """An act over other events, its signature as it was."""
    at = forger.any_act()
    held = forger.log.acts[at]
    events = (other_payload(held.events[0]), *held.events[1:])
    old, new = act_root(held.events), act_root(events)
    note = held.note.replace(_text(old), _text(new))
    return _made_anew(forger, _instead(forger, at, HeldAct(note, events)), Place(act=at))


def _text(digest: bytes) -> bytes:
    return msgspec.json.encode(digest).strip(b'"')


def by_a_stranger(forger: Forger) -> Forged:
    """An act signed by a key that nobody enrolled."""
    at = forger.any_act()
    made = _signed_by(forger, at, forger.stranger, forger.stranger_id)
    return _made_anew(forger, _instead(forger, at, made), Place(act=at))


def before_enrolment(forger: Forger) -> Forged:
    """A clerk's genuine act moved to before the act that enrolled the clerk's key."""
    acts, at = list(forger.log.acts), forger.any_act()
    place = forger.dice.randrange(1, forger.enrolled_at + 1)
    moved = acts.pop(at)
    acts.insert(place, moved)
    return _made_anew(forger, acts, Place(act=place))


def after_revocation(forger: Forger) -> Forged:
    """An act signed by a key that had been revoked."""
    at = forger.any_act(forger.revoked_at + 1)
    made = _signed_by(forger, at, forger.revoked, forger.revoked_id)
    return _made_anew(forger, _instead(forger, at, made), Place(act=at))


def without_role(forger: Forger) -> Forged:
    """A clerk's act of a kind that no role of the clerk covers."""
    at = forger.any_act()
    made = _signed_by(forger, at, forger.clerk, forger.clerk_id, "reorganization.enact")
    return _made_anew(forger, _instead(forger, at, made), Place(act=at))


def doubled(forger: Forger) -> Forged:
    """An act twice, the tree over both."""
    acts, at = forger.log.acts, forger.any_act(1)
    return _made_anew(forger, [*acts[: at + 1], *acts[at:]], Place(act=at + 1))


def truncated(forger: Forger) -> Forged:
    """The last acts forgotten; the auditor's checkpoint knows of more."""
    size = forger.dice.randrange(forger.revoked_at + 1, max(forger.log.sizes))
    return _made_anew(forger, forger.log.acts[:size], _before(forger, size))


def dropped(forger: Forger) -> Forged:
    """An act forgotten and the tree made anew without it."""
    acts, at = forger.log.acts, forger.any_act()
    return _made_anew(forger, [*acts[:at], *acts[at + 1 :]], _before(forger, at))


def swapped(forger: Forger) -> Forged:
    """Two acts in each other's place, the tree over them."""
    acts = list(forger.log.acts)
    first, second = sorted(forger.dice.sample(range(forger.revoked_at + 1, len(acts)), 2))
    acts[first], acts[second] = acts[second], acts[first]
    return _made_anew(forger, acts, _before(forger, first))


def rewritten(forger: Forger) -> Forged:
    """An act that says something else, signed again by the clerk's stolen key: every signature holds."""
    at = forger.any_act()
    return _made_anew(forger, _rewritten(forger, at), _before(forger, at))


def not_witnessed(forger: Forger) -> Forged:
    """The same history rewritten, shown to an auditor who asks for a witness's cosignature."""
    return _made_anew(forger, _rewritten(forger, forger.any_act()), Place(act=WHOLE_LOG))


def _rewritten(forger: Forger, at: int) -> list[HeldAct]:
    held = forger.log.acts[at]
    events = (other_payload(held.events[0]), *held.events[1:])
    header = open_act(held.note, forger.log.origin).header
    changed = msgspec.structs.replace(header, root=act_root(events), actor=forger.clerk_id)
    return _instead(forger, at, HeldAct(sign_act(forger.log.origin, changed, [forger.clerk]), events))


def _before(forger: Forger, act: int) -> Place:
    return Place(act=act, before=forger.log.checkpoint_after(act))


KINDS: Final = (
    Kind(name="signature-kept", evidence="trust-file", share=40, forge=signature_kept),
    Kind(name="key-never-enrolled", evidence="trust-file", share=30, forge=by_a_stranger),
    Kind(name="key-not-yet-enrolled", evidence="trust-file", share=30, forge=before_enrolment),
    Kind(name="key-revoked", evidence="trust-file", share=30, forge=after_revocation),
    Kind(name="role-not-held", evidence="trust-file", share=20, forge=without_role),
    Kind(name="act-doubled-tree-resigned", evidence="trust-file", share=20, forge=doubled),
    Kind(name="history-truncated", evidence="earlier-checkpoint", share=25, forge=truncated),
    Kind(name="act-dropped-tree-resigned", evidence="earlier-checkpoint", share=25, forge=dropped),
    Kind(name="acts-swapped-tree-resigned", evidence="earlier-checkpoint", share=20, forge=swapped),
    Kind(name="act-rewritten-tree-resigned", evidence="earlier-checkpoint", share=25, forge=rewritten),
    Kind(name="act-rewritten-not-witnessed", evidence="cosignature", share=25, forge=not_witnessed),
)
