"""The prepared file: an act on its way to the person who signs it elsewhere, and back.

It carries the exact bytes to be signed and the event entries they commit to. What it says of them in words is checked
against the bytes by whoever reads it; nothing here needs a database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from domain.errors import Refusal
from signing.act import MAX_ACT_SIZE, ActHeader, act_header, act_root
from signing.base64_text import from_base64, to_base64
from signing.event_entry import EventEntry, parse_event_entry
from signing.note import ED25519, Note, NoteSignature, VerifierKey, check_ed25519
from signing.verification_error import VerificationError

FORMAT: Final = "mocban/prepared-act/1"
SIGNATURE_SIZE: Final = 64
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Problem = tuple[str, str]
"""(stable code, which signer or event, or nothing)."""


class FileSigner(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One signer, in the order of the act's `kids`. vkey: text of the key, named `<origin>/<actor id>`.

    here: the server holds this key and has signed already; that signature stays with it. signature: base64, 64 bytes.
    """

    vkey: str
    here: bool = False
    signature: str = ""


class PreparedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """text: base64 of the bytes to sign. events: base64 event entries, in order.

    expires: when the server forgets it, RFC 3339.

    summary: what the act means, line by line; a courtesy, never trusted.
    """

    format: Literal["mocban/prepared-act/1"]
    origin: str
    text: str
    events: tuple[str, ...]
    signers: tuple[FileSigner, ...]
    expires: str
    summary: tuple[str, ...] = ()

    @property
    def signed_bytes(self) -> bytes:
        """The exact bytes each signer signs. Raises VerificationError `base64`."""
        return from_base64(self.text)

    @property
    def header(self) -> ActHeader:
        """The act's header. Raises VerificationError."""
        return act_header(self.signed_bytes, self.origin)

    @property
    def entries(self) -> list[bytes]:
        """The event entries. Raises VerificationError `base64`."""
        return [from_base64(event) for event in self.events]

    def with_signature(self, key: VerifierKey, signature: bytes) -> PreparedFile:
        """With the signature of one of its signers. Raises Refusal `not-a-signer`, `signature-wrong`."""
        at = next((at for at, one in enumerate(self.signers) if VerifierKey.parse(one.vkey).kid == key.kid), None)
        if at is None:
            raise Refusal("not-a-signer", key=to_base64(key.kid))
        try:
            check_ed25519(key.public, signature, self.signed_bytes)
        except VerificationError as error:
            raise Refusal("signature-wrong", key=to_base64(key.kid)) from error
        signed = msgspec.structs.replace(self.signers[at], signature=to_base64(signature))
        return msgspec.structs.replace(self, signers=(*self.signers[:at], signed, *self.signers[at + 1 :]))


def write_prepared(file: PreparedFile) -> bytes:
    """The file's bytes: JSON, two spaces of indent, UTF-8, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def read_prepared(data: bytes) -> PreparedFile:
    """Inverse of `write_prepared`; any layout of the JSON will do. Raises Refusal `prepared-file-unreadable`."""
    try:
        return msgspec.json.decode(data, type=PreparedFile)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refusal("prepared-file-unreadable") from error


def problems_of(file: PreparedFile) -> list[Problem]:
    """Whatever in the file does not fit together, the summary left aside; empty when all does."""
    try:
        header = file.header
    except VerificationError:
        return [("text-malformed", "")]
    problems: list[Problem] = []
    try:
        entries = file.entries
        if len(entries) != header.events or act_root(entries) != header.root:
            problems.append(("events-not-those-signed", ""))
    except VerificationError:
        return [("events-not-those-signed", "")]
    for number, entry in enumerate(entries, start=1):
        if parsed_entry(entry) is None:
            problems.append(("event-unreadable", str(number)))
    if not _is_moment(file.expires):
        problems.append(("expires-malformed", ""))
    return problems + _signer_problems(file, header)


def parsed_entry(entry: bytes) -> EventEntry | None:
    """The entry's parts, or None when it is none."""
    try:
        return parse_event_entry(entry)
    except VerificationError:
        return None


def _is_moment(text: str) -> bool:
    try:
        msgspec.convert(text, _Moment)
    except msgspec.ValidationError:
        return False
    return True


def assembled(file: PreparedFile, signatures: list[bytes]) -> bytes:
    """The act's note from the text and one signature for each signer. Raises VerificationError `act`."""
    keys = [VerifierKey.parse(signer.vkey) for signer in file.signers]
    lines = [NoteSignature(key.name, key.key_id, one) for key, one in zip(keys, signatures, strict=True)]
    data = Note(file.signed_bytes, tuple(lines)).data
    if len(data) > MAX_ACT_SIZE:
        raise VerificationError("act", "larger than 65,535 bytes")
    return data


def _signer_problems(file: PreparedFile, header: ActHeader) -> list[Problem]:
    try:
        keys = [VerifierKey.parse(signer.vkey) for signer in file.signers]
    except VerificationError:
        return [("signers-not-those-signed", "")]
    names = [key.name.removeprefix(f"{file.origin}/") for key in keys]
    fitting = all(
        key.type == ED25519 and key.name == f"{file.origin}/{name}" for key, name in zip(keys, names, strict=True)
    )
    if not fitting or tuple(key.kid for key in keys) != header.kids or names[:1] != [header.actor]:
        return [("signers-not-those-signed", "")]
    problems: list[Problem] = []
    for key, name, signer in zip(keys, names, file.signers, strict=True):
        if signer.signature:
            try:
                check_ed25519(key.public, from_base64(signer.signature, SIGNATURE_SIZE), file.signed_bytes)
            except VerificationError:
                problems.append(("signature-wrong", name))
    return problems
