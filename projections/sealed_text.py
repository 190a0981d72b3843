"""Opening sealed fields for views that show or search them. A destroyed key leaves nothing, and never stops a fold."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

from domain.errors import Refusal
from domain.sealed import Sealed, SealedBlob
from ledger.sealer import SealedPlace
from projections.view import Recorded
from signing.verification_error import VerificationError

_REMEMBERED: Final = 65_536
_log = logging.getLogger(__name__)


class FieldUnsealer(Protocol):
    """What opens sealed values: `ledger.sealer.Unsealer`."""

    def open_many(self, places: Sequence[SealedPlace]) -> list[Any]: ...

    def blob_keys(self, blobs: Sequence[SealedBlob]) -> dict[str, bytes]: ...

    def open_blob_with(self, key: bytes | None, sealed: SealedBlob, stream: UUID) -> bytes: ...


class SealedText:
    """Texts of sealed fields, opened for a whole page at once. What two views of one page both ask for opens once."""

    def __init__(self, unsealer: FieldUnsealer) -> None:
        self._unsealer = unsealer
        self._opened: dict[str, str | None] = {}
        self._blob_keys: dict[str, bytes] = {}

    def prepare(self, wanted: Iterable[tuple[Recorded, str]]) -> None:
        """Open the named members of events (such as `Title`), so that `of` finds them."""
        if len(self._opened) > _REMEMBERED:
            self._opened.clear()
        places = [
            SealedPlace(sealed, recorded.stream, recorded.version, f"/{member}")
            for recorded, member in wanted
            if isinstance(sealed := getattr(recorded.event, member), Sealed) and sealed.ct not in self._opened
        ]
        for place, value in zip(places, self._open(places), strict=True):
            self._opened[place.sealed.ct] = _text(value)

    def of(self, recorded: Recorded, member: str) -> str | None:
        """The text of an event's sealed member that was prepared; None when absent or destroyed."""
        sealed = getattr(recorded.event, member)
        return self._opened.get(sealed.ct) if isinstance(sealed, Sealed) else None

    def prepare_blobs(self, blobs: Sequence[SealedBlob]) -> None:
        """Find the keys of a page's text blobs, so that `of_blob` opens them; a text itself may be long."""
        self._blob_keys = self._unsealer.blob_keys(blobs) if blobs else {}

    def of_blob(self, recorded: Recorded, blob: SealedBlob) -> str | None:
        """The text of a sealed text blob that was prepared; None when destroyed."""
        try:
            opened = self._unsealer.open_blob_with(self._blob_keys.get(blob.ct), blob, recorded.stream)
            return _text(opened.decode("utf-8", "replace"))
        except Refusal:
            return None
        except VerificationError:
            _log.warning("a text of stream %s does not open: tampered with", recorded.stream)
            return None

    def _open(self, places: list[SealedPlace]) -> list[Any]:
        """The values; where one was tampered with, the rest all the same: reading goes on, the verifier judges."""
        if not places:
            return []
        try:
            return self._unsealer.open_many(places)
        except VerificationError:
            if len(places) == 1:
                _log.warning("%s of stream %s does not open: tampered with", places[0].pointer, places[0].stream)
                return [None]
        half = len(places) // 2
        return self._open(places[:half]) + self._open(places[half:])


def _text(value: Any) -> str | None:
    """NFC, and without NUL, which is no text to PostgreSQL and must not stop every view."""
    return unicodedata.normalize("NFC", value).replace("\0", "") if isinstance(value, str) else None
