"""Openings at the signer's desk: what they open is said, and so is what they leave unread."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from domain.document import DocumentDescribed
from domain.errors import Refusal
from domain.keys import registry_stream
from ledger.prepared_file import read_prepared, write_prepared
from mocban.__main__ import main
from mocban.acts.openings import FORMAT, Opening, Openings, opened_lines, read_openings
from signing.base64_text import to_base64
from signing.note import Ed25519Signer
from signing.seal import FIELD, new_key, seal, sub_key
from tests.mocban.test_signing_offline import ORIGIN, prepared

STREAM, VERSION = registry_stream(ORIGIN), 3


def _sealed_act() -> tuple[bytes, Openings]:
    """A prepared file with two sealed values, and what opens both."""
    rk, fields, kept = new_key(), [], {}
    for name in ("Subject", "OrganName"):
        pointer = f"/{name}"
        kept[name], cipher = seal(rk, f'"{name}"'.encode(), stream=STREAM, version=VERSION, pointer=pointer)
        key = to_base64(sub_key(rk, FIELD, STREAM, VERSION, pointer))
        fields.append(Opening(event=1, pointer=pointer, key=key, ciphertext=to_base64(cipher)))
    payload = msgspec.json.encode(
        DocumentDescribed(file=uuid4(), DocOrdinal=1, Subject=kept["Subject"], OrganName=kept["OrganName"])
    )
    signer = Ed25519Signer(f"{ORIGIN}/{uuid4()}", new_key())
    file = prepared(signer.verifier_key, payload, "document.described/1")
    return write_prepared(file), Openings(format=FORMAT, id=file.header.id, fields=tuple(fields))


def _opened(data: bytes, given: Openings) -> list[str]:
    return list(opened_lines(read_prepared(data), read_openings(msgspec.json.encode(given))))


@pytest.mark.parametrize("opened", [0, 1, 2])
def test_what_the_openings_leave_unread_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], opened: int
) -> None:
    """Given openings for some of two sealed values, the person is told how many stay unread."""
    data, given = _sealed_act()
    act, openings = tmp_path / "act.json", tmp_path / "openings.json"
    act.write_bytes(data)
    openings.write_bytes(msgspec.json.encode(msgspec.structs.replace(given, fields=given.fields[:opened])))
    assert main(["act", "show", str(act), "--openings", str(openings)]) == 0
    said = capsys.readouterr().out
    assert ('/Subject = "Subject"' in said, '/OrganName = "OrganName"' in said) == (opened > 0, opened > 1)
    assert (f"Note: {2 - opened} sealed values cannot be read" in said) == (opened < 2)
    assert ("Note:" in said) == (opened < 2)


def test_a_value_is_opened_once_and_of_an_event_that_is_there() -> None:
    """Given one value twice, or an event numbered from the end, the openings are refused."""
    data, given = _sealed_act()
    first = given.fields[0]
    assert len(_opened(data, given)) == 2
    for fields in [(first, first), (msgspec.structs.replace(first, event=0),)]:
        with pytest.raises(Refusal) as refused:
            _opened(data, msgspec.structs.replace(given, fields=fields))
        assert refused.value.code == "openings-unfit"
