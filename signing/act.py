"""An act: one decision, one signature, one log entry; a signed note over the root of its events."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature

from signing.canonical import INTEGER_LIMIT, check_text
from signing.event_entry import EventEntry, event_entry, parse_event_entry
from signing.merkle import EMPTY_ROOT, HASH_SIZE, leaf_hash, root
from signing.note import (
    ED25519,
    Note,
    NoteSignature,
    Signer,
    VerifierKey,
    ed25519_verify,
    key_digest,
    key_id,
    parse_note,
    signature_line,
)
from signing.verification_error import VerificationError

__all__ = [
    "NOTHING_SEEN", "ActHeader", "Basis", "EventEntry", "OpenedAct", "Seen", "UnsignedAct", "act_header", "act_root",
    "actor_key_name", "compose", "event_entry", "open_act", "parse_event_entry", "sign_act", "signed_act",
    "unsigned_act", "verify_act_signatures",
]  # fmt: skip

MAX_ACT_SIZE = 65_535
_Count = Annotated[int, msgspec.Meta(ge=0, lt=INTEGER_LIMIT)]


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On what ground: the decision, plan, contract or request. code: of which kind; ref: its number or id."""

    code: str
    ref: str


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last checkpoint of this log that the preparer had verified. root: 32 bytes (base64 in the line)."""

    root: bytes
    size: _Count


NOTHING_SEEN = Seen(size=0, root=EMPTY_ROOT)


class ActHeader(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename={"for_": "for"}
):
    """The one line of JSON. at: `YYYY-MM-DDTHH:MM:SS.ffffffZ`; root: 32-byte act root; kids: 32 bytes each.

    The members stand here in the order of the line, byte fields in it as base64. `kids` is filled in by `sign_act`.
    """

    act: str
    actor: str
    at: str
    basis: Basis | None = None
    events: _Count
    for_: str | None = None
    id: UUID
    kids: tuple[bytes, ...] = ()
    root: bytes
    seen: Seen


class OpenedAct(msgspec.Struct, frozen=True, kw_only=True):
    """A well-formed act whose signatures are not yet checked. data: the whole note, which is the log entry."""

    origin: str
    header: ActHeader
    note: Note
    data: bytes
    signers: tuple[str, ...]  # the actor id in each signature line, in order

    @property
    def kids(self) -> tuple[bytes, ...]:
        """The digests of the signers' keys, in the order of the signature lines."""
        return self.header.kids

    @property
    def leaf_hash(self) -> bytes:
        """This act's leaf hash in its log."""
        return leaf_hash(self.data)


class UnsignedAct(msgspec.Struct, frozen=True):
    """A composed act. text: what each of `keys` is to sign, in that order; signers: their actor ids."""

    origin: str
    header: ActHeader
    text: bytes
    keys: tuple[VerifierKey, ...]
    signers: tuple[str, ...]

    @property
    def kids(self) -> tuple[bytes, ...]:
        """As `OpenedAct.kids`."""
        return self.header.kids

    @property
    def opened(self) -> OpenedAct:
        """For who judges it before it is signed: without data and signature lines."""
        return OpenedAct(
            origin=self.origin, header=self.header, note=Note(self.text, ()), data=b"", signers=self.signers
        )

    def signed(self, signatures: Sequence[bytes]) -> OpenedAct:
        """With a 64-byte signature of each key, in order, not verified. Raises VerificationError `act`."""
        lines = [NoteSignature(key.name, key.key_id, made) for key, made in zip(self.keys, signatures, strict=True)]
        note = Note(self.text, tuple(lines))
        data = note.data
        _check_size(len(data))
        return OpenedAct(origin=self.origin, header=self.header, note=note, data=data, signers=self.signers)


_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z").fullmatch
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ActHeader).decode


def act_root(event_entries: Sequence[bytes]) -> bytes:
    """The RFC 6962 root over the act's events in order; for one event its leaf hash. At least one entry."""
    if len(event_entries) == 1:
        return leaf_hash(event_entries[0])
    if not event_entries:
        raise VerificationError("act", "an act carries at least one event")
    return root([leaf_hash(entry) for entry in event_entries])


def actor_key_name(origin: str, actor: str) -> str:
    """The name of an actor's key in the notes of one log."""
    return f"{origin}/{actor}"


def compose(origin: str, header: ActHeader) -> bytes:
    """The text to be signed: `<origin>/act/v1`, the JSON line. Raises VerificationError `act`."""
    _check_header(header)
    return b"%b/act/v1\n%b\n" % (origin.encode(), _encode(header))


def sign_act(origin: str, header: ActHeader, signers: Sequence[Signer]) -> bytes:
    """The act's note: `header.kids` set from the signers, then one line each, in order.

    Each signer's key name must be `<origin>/<actor id>` (`Ed25519Signer.named`), the first that of `header.actor`.
    Raises VerificationError `act`.
    """
    return signed_act(origin, header, signers).data


def signed_act(origin: str, header: ActHeader, signers: Sequence[Signer]) -> OpenedAct:
    """As `sign_act`, and opened: what `open_act` would parse from the note, the signatures not verified either."""
    act = unsigned_act(origin, header, [signer.verifier_key for signer in signers])
    return act.signed([signer.sign(act.text) for signer in signers])


def unsigned_act(origin: str, header: ActHeader, keys: Sequence[VerifierKey]) -> UnsignedAct:
    """As `sign_act` before anybody has signed. Raises VerificationError `act`."""
    keys = tuple(keys)
    kids, names, lines_size = _signed_by(origin, header.actor, keys)
    if header.kids != kids:
        header = msgspec.structs.replace(header, kids=kids)
    text = compose(origin, header)
    _check_size(len(text) + 1 + lines_size)
    return UnsignedAct(origin, header, text, keys, names)


@lru_cache(maxsize=4096)
def _signed_by(
    origin: str, actor: str, keys: tuple[VerifierKey, ...]
) -> tuple[tuple[bytes, ...], tuple[str, ...], int]:
    """Kids, actor ids and the bytes of the signature lines of keys that are to sign an act of that actor."""
    if any(key.type != ED25519 for key in keys):
        raise VerificationError("act", "acts are signed by keys of type 01")
    signers = _check_names(origin, actor, tuple([key.name for key in keys]))
    return tuple([key.kid for key in keys]), signers, sum([len(signature_line(key, bytes(64))) for key in keys])


def open_act(data: bytes, origin: str) -> OpenedAct:
    """The parsed act, canonical and complete, of the log `origin`; signatures are `verify_act_signatures`' matter.

    Raises VerificationError (`act`, `note`, `base64`, `canonical`).
    """
    _check_size(len(data))
    note = parse_note(data)
    header = act_header(note.text, origin)
    if len(header.kids) != len(note.signatures):
        raise VerificationError("act", "not exactly one signature line for each kid")
    signers = _check_names(origin, header.actor, tuple([line.name for line in note.signatures]))
    return OpenedAct(origin=origin, header=header, note=note, data=data, signers=signers)


def act_header(text: bytes, origin: str) -> ActHeader:
    """The header in an act's text, before or after it was signed; canonical, of the log `origin`.

    Raises VerificationError `act`.
    """
    head = f"{origin}/act/v1\n".encode()
    if not text.startswith(head) or not text.endswith(b"\n"):
        raise VerificationError("act", "not an act of this log")
    line = text[len(head) : -1]
    try:
        header = _decode(line)
        same = _encode(header) == line
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise VerificationError("act", "the line is not an act's JSON") from error
    if not same:
        raise VerificationError("act", "the line is not in canonical form")
    _check_header(header)
    return header


def verify_act_signatures(opened: OpenedAct, keys: Mapping[bytes, bytes]) -> None:
    """Check every signature line. keys: kid -> type byte || public key (the registry's `keys`).

    Raises VerificationError `unknown-key`, `key-id` or `signature`. The order of lines is the order of kids.
    """
    note = opened.note
    for kid, line in zip(opened.header.kids, note.signatures, strict=True):
        encoded = keys.get(kid)
        if encoded is None:
            raise VerificationError("unknown-key", "a signer's key is not in the registry")
        if key_id(line.name, encoded) != line.key_id:
            raise VerificationError("key-id", "the key id does not belong to the name and key")
        try:
            _verifier(kid, encoded)(line.signature, note.text)
        except (InvalidSignature, ValueError) as error:
            raise VerificationError("signature", "a signature does not hold") from error


@lru_cache(maxsize=65536)
def _verifier(kid: bytes, encoded: bytes) -> Callable[[bytes, bytes], None]:
    if key_digest(encoded) != kid or encoded[:1] != bytes((ED25519,)):
        raise VerificationError("unknown-key", "the key is not the one that the kid names")
    return ed25519_verify(encoded[1:])


def _check_size(size: int) -> None:
    if size > MAX_ACT_SIZE:
        raise VerificationError("act", "larger than 65,535 bytes")


def _check_header(header: ActHeader) -> None:
    if header.events < 1 or len(header.root) != HASH_SIZE or len(header.seen.root) != HASH_SIZE:
        raise VerificationError("act", "no events, or a root that is not 32 bytes")
    kids = header.kids
    if (len(kids) != 1 or len(kids[0]) != 32) and (set(map(len, kids)) != {32} or len(set(kids)) != len(kids)):
        raise VerificationError("act", "no kids, a kid that is not 32 bytes, or one twice")
    if not header.act or header.for_ == "":
        raise VerificationError("act", "an empty name")
    _check_time(header.at)
    for text in (header.act, header.for_):
        if text is not None:
            check_text(text)
    if header.basis is not None:
        check_text(header.basis.code)
        check_text(header.basis.ref)


def _check_time(at: str) -> None:
    try:
        if _TIME(at):
            datetime.fromisoformat(at)
            return
    except ValueError as error:
        raise VerificationError("act", "not a time") from error
    raise VerificationError("act", "a time is YYYY-MM-DDTHH:MM:SS.ffffffZ")


@lru_cache(maxsize=4096)
def _check_names(origin: str, actor: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The actor ids in the key names `<origin>/<actor id>`."""
    prefix = f"{origin}/"
    signers = tuple([name.removeprefix(prefix) for name in names])
    if not all(is_actor(actor_id) for actor_id in signers) or not all(name.startswith(prefix) for name in names):
        raise VerificationError("act", "a key's name is the log's origin and an actor's id")
    if signers[:1] != (actor,):
        raise VerificationError("act", "the first signer is not the actor")
    return signers


@lru_cache(maxsize=65536)
def is_actor(text: str) -> bool:
    """Whether the text is an actor id: a lower-case hyphenated UUID."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
