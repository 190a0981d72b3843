"""Scans: whole, in ranges and conditional (RFC 9110), always for one reader and never without a record."""

from __future__ import annotations

import msgspec
import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.services import Services
from domain.access import RecordRead
from domain.errors import Refusal
from domain.sealed import SealedBlob
from signing.verification_error import VerificationError
from tests.api.archive import OCR, PDF, named
from tests.api.conftest import Client, Headers, facts
from tests.api.desk import RememberingJournal

ORIGINAL = f"/documents/{named('document')}/original"


def test_a_scan_comes_as_it_was_delivered(client: Client, holder: Headers) -> None:
    """Given a sealed scan, when read, then its bytes are the delivered ones, with media type and length."""
    answer = client.get(ORIGINAL, headers=holder)
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(PDF))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["vary"] == "Authorization"
    assert client.get(f"/documents/{named('document')}/searchable", headers=holder).content == PDF + b"s"
    text = client.get(f"/documents/{named('document')}/text", headers=holder)
    assert (text.text, text.headers["content-type"]) == (OCR, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(PDF)),
        ("bytes=-7", len(PDF) - 7, len(PDF)),
        ("bytes=5-999999999", 5, len(PDF)),
        ("BYTES=0-0", 0, 1),
        ("bytes=-999999999", 0, len(PDF)),
    ],
)
def test_one_range_is_answered_with_206(client: Client, holder: Headers, asked: str, start: int, end: int) -> None:
    """Given a satisfiable range, when asked, then those bytes come and Content-Range says which."""
    answer = client.get(ORIGINAL, headers={**holder, "Range": asked})
    assert answer.status_code == 206
    assert answer.content == PDF[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(PDF)}"


@pytest.mark.parametrize("asked", ["bytes=9-1", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=" + "9" * 5000 + "-"])
def test_a_range_we_do_not_understand_is_ignored(client: Client, holder: Headers, asked: str) -> None:
    """Given a malformed, foreign or manifold range, when asked, then the whole comes."""
    answer = client.get(ORIGINAL, headers={**holder, "Range": asked})
    assert (answer.status_code, len(answer.content)) == (200, len(PDF))


@pytest.mark.parametrize("asked", [f"bytes={len(PDF)}-", "bytes=-0", "bytes=999999999999-"])
def test_a_range_outside_is_refused(client: Client, holder: Headers, asked: str) -> None:
    """Given a range beyond the end, when asked, then 416 tells the length."""
    answer = client.get(ORIGINAL, headers={**holder, "Range": asked})
    assert facts(answer) == (416, "range-unfit")
    assert answer.headers["content-range"] == f"bytes */{len(PDF)}"


def test_a_range_of_other_bytes_is_the_whole(client: Client, holder: Headers) -> None:
    """Given If-Range with another tag, when asked, then the whole comes; with the right one, the part."""
    tag = client.head(ORIGINAL, headers=holder).headers["etag"]
    other = client.get(ORIGINAL, headers={**holder, "Range": "bytes=0-1", "If-Range": '"other"'})
    same = client.get(ORIGINAL, headers={**holder, "Range": "bytes=0-1", "If-Range": tag})
    assert (other.status_code, same.status_code) == (200, 206)


def test_ranges_of_one_scan_are_one_reading(watched: Client, journal: RememberingJournal, holder: Headers) -> None:
    """Given a scan read in ranges, when its reader goes on, then one event covers them; other scans take their own."""
    for start in range(0, 4000, 1000):
        assert watched.get(ORIGINAL, headers={**holder, "Range": f"bytes={start}-{start + 999}"}).status_code == 206
    assert len(journal.events) == 1
    watched.get(ORIGINAL.replace("original", "searchable"), headers={**holder, "Range": "bytes=0-9"})
    assert len(journal.events) == 2
    watched.get(ORIGINAL, headers=holder)
    assert [type(event) for event in journal.events] == [RecordRead] * 3


def test_ranges_of_one_reader_open_nothing_to_another(
    watched: Client, journal: RememberingJournal, holder: Headers, auditor: Headers, stranger: Headers
) -> None:
    """Given a scan one reader has open, when others ask for a range, then each is judged and recorded for itself."""
    asked = {"Range": "bytes=0-9"}
    watched.get(ORIGINAL, headers={**holder, **asked})
    assert watched.get(ORIGINAL, headers={**auditor, **asked}).status_code == 206
    assert watched.get(ORIGINAL, headers={**stranger, **asked}).status_code == 403
    assert watched.get(ORIGINAL, headers={**stranger, **asked}).status_code == 403
    assert len(journal.events) == 4


def test_head_and_304_of_content_are_readings_too(
    watched: Client, journal: RememberingJournal, holder: Headers
) -> None:
    """Given content, when asked by HEAD or with its tag, then no body comes and the asking is recorded."""
    head = watched.head(ORIGINAL, headers=holder)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(PDF)))
    same = watched.get(ORIGINAL, headers={**holder, "If-None-Match": head.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert len(journal.events) == 2


class _Blobs(msgspec.Struct):
    """Blobs that fail in a given way."""

    error: Exception

    def open_blob(self, sealed: SealedBlob, stream: object) -> bytes:  # noqa: ARG002  the port's shape
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refusal("sealed-value-gone", pointer="/x"), 410, "sealed-value-gone"),
        (VerificationError("seal", "tampered"), 500, "content-unreadable"),
    ],
)
def test_what_was_destroyed_or_tampered_with_is_told_apart(
    services: Services, holder: Headers, error: Exception, status: int, code: str
) -> None:
    """Given a blob destroyed by decision or changed on disk, when asked, then 410 or 500, each with its code."""
    with TestClient(create_app(msgspec.structs.replace(services, blobs=_Blobs(error)))) as client:
        assert facts(client.get(ORIGINAL, headers=holder)) == (status, code)
