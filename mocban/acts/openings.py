"""Openings: what a signer needs to read the sealed values of one act before signing it, and nothing more.

A sub-key opens one field of one event. The file lies apart from the act's: in effect it holds what the ledger
seals. It is for the signer's eyes, and to be deleted after signing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.sealed import Sealed
from ledger.prepared_file import PreparedFile
from ledger.sealed_field import SealedField
from mocban.acts.words import shown
from signing.base64_text import from_base64, to_base64
from signing.event_entry import parse_event_entry
from signing.seal import FIELD, open_with_sub_key, place, sub_key
from signing.verification_error import VerificationError

if TYPE_CHECKING:
    from ledger.key_store import KeyStore  # the signer's machine has no database, nor what speaks to one

FORMAT: Final = "mocban/openings/1"


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field. event: its number in the act, from 1; pointer: JSON Pointer; key, ciphertext: base64."""

    event: Annotated[int, msgspec.Meta(ge=1)]
    pointer: str
    key: str
    ciphertext: str


class Openings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of one act's. id: the act's."""

    format: Literal["mocban/openings/1"]
    id: UUID
    fields: tuple[Opening, ...]


def openings(file: PreparedFile, fields: Sequence[SealedField], keys: KeyStore) -> Openings:
    """The sub-key and ciphertext of each sealed field of an act just prepared."""
    numbers = {}
    for number, entry in enumerate(file.entries, start=1):
        parsed = parse_event_entry(entry)
        numbers[parsed.stream, parsed.version] = number
    held = keys.find({field.owner for field in fields})
    opened = tuple(
        Opening(
            event=numbers[field.stream, field.version],
            pointer=field.pointer,
            key=to_base64(sub_key(held[field.owner], FIELD, field.stream, field.version, field.pointer)),
            ciphertext=to_base64(field.ciphertext),
        )
        for field in fields
    )
    return Openings(format=FORMAT, id=file.header.id, fields=opened)


def read_openings(data: bytes) -> Openings:
    """Raises Refusal `openings-unfit`."""
    try:
        return msgspec.json.decode(data, type=Openings)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Refusal("openings-unfit") from error


def opened_lines(file: PreparedFile, given: Openings) -> Iterator[str]:
    """Each value in clear, once, shown only when it is what the act commits to. Raises Refusal `openings-unfit`."""
    places = {(one.event, one.pointer) for one in given.fields}
    if given.id != file.header.id or len(places) < len(given.fields):
        raise Refusal("openings-unfit")
    entries = file.entries
    for one in given.fields:
        try:
            entry = parse_event_entry(entries[one.event - 1])
            sealed = msgspec.convert(_at(msgspec.json.decode(entry.payload), one.pointer), Sealed)
            where = place(FIELD, entry.stream, entry.version, one.pointer)
            value = open_with_sub_key(from_base64(one.key), sealed, from_base64(one.ciphertext), where)
        except (VerificationError, msgspec.MsgspecError, LookupError, ValueError, TypeError) as error:
            raise Refusal("openings-unfit") from error
        yield f"   {one.event}{shown(one.pointer)} = {shown(value.decode(errors='replace'))}"


def _at(value: Any, pointer: str) -> Any:
    """What a JSON Pointer names (RFC 6901). Raises LookupError, ValueError, TypeError."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
