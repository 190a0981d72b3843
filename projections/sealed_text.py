"""Opening sealed fields for views that show or search them. A destroyed key leaves nothing, and never stops a fold."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
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


class OpenedText:
    """The opened texts of one page."""

    def __init__(
        self, unsealer: FieldUnsealer, texts: Mapping[str, str | None], blob_keys: Mapping[str, bytes]
    ) -> None:
        """texts, blob_keys: by `ct`."""
        self._unsealer = unsealer
        self._texts = texts
        self._blob_keys = blob_keys

    def of(self, recorded: Recorded, member: str) -> str | None:
        """The text of an event's sealed member that was wanted; None when absent or destroyed."""
        sealed = getattr(recorded.event, member)
        return self._texts.get(sealed.ct) if type(sealed) is Sealed else None

    def of_blob(self, recorded: Recorded, blob: SealedBlob) -> str | None:
        """The text of a sealed text blob that was wanted, read anew each time; None when destroyed."""
        try:
            opened = self._unsealer.open_blob_with(self._blob_keys.get(blob.ct), blob, recorded.stream)
            return _text(opened.decode("utf-8", "replace"))
        except Refusal:
            return None
        except VerificationError:
            _log.warning(
                "một nội dung không mở được, đã bị sửa · a text does not open, tampered with: luồng · stream %s",
                recorded.stream,
            )
            return None


class SealedText:
    """Opens the sealed texts of whole pages. What two views of one page both ask for opens once. Thread-safe."""

    def __init__(self, unsealer: FieldUnsealer) -> None:
        self._unsealer = unsealer
        self._opened: dict[str, str | None] = {}
        self._lock = Lock()

    def opened(self, wanted: Iterable[tuple[Recorded, str]], blobs: Sequence[SealedBlob] = ()) -> OpenedText:
        """The named members of events (such as `Title`), opened, and the keys of text blobs: a text may be long."""
        places = [
            SealedPlace(sealed, recorded.stream, recorded.version, f"/{member}")
            for recorded, member in wanted
            if type(sealed := getattr(recorded.event, member)) is Sealed
        ]
        with self._lock:
            texts = self._remembered(places)
        return OpenedText(self._unsealer, texts, self._unsealer.blob_keys(blobs) if blobs else {})

    def _remembered(self, places: list[SealedPlace]) -> dict[str, str | None]:
        known = self._opened
        missing = [place for place in places if place.sealed.ct not in known]
        if len(known) > _REMEMBERED:
            known = self._opened = {
                place.sealed.ct: known[place.sealed.ct] for place in places if place.sealed.ct in known
            }
        for place, value in zip(missing, self._open(missing), strict=True):
            known[place.sealed.ct] = _text(value)
        return {place.sealed.ct: known[place.sealed.ct] for place in places}

    def _open(self, places: list[SealedPlace]) -> list[Any]:
        """The values; where one was tampered with, the rest all the same: reading goes on, the verifier judges."""
        if not places:
            return []
        try:
            return self._unsealer.open_many(places)
        except VerificationError:
            if len(places) == 1:
                _log.warning(
                    "một nội dung không mở được, đã bị sửa · a text does not open, tampered with: %s %s",
                    places[0].pointer,
                    places[0].stream,
                )
                return [None]
        half = len(places) // 2
        return self._open(places[:half]) + self._open(places[half:])


def _text(value: Any) -> str | None:
    """NFC, and without NUL, which is no text to PostgreSQL and must not stop every view."""
    return unicodedata.normalize("NFC", value).replace("\0", "") if isinstance(value, str) else None
