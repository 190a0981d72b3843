"""What is shown alone: proofs, disclosures, bundles as published, timestamps; and the words for people."""

from __future__ import annotations

import json
import struct
import zipfile
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.log_verifier import LogKey, Trust, leaf_hash, main, verify
from tests.signing.small_log import CLERK, DASH, SmallLog, b64, write_folder

KEY, NONCE, TITLE = bytes(range(32)), bytes(12), "Hồ sơ địa giới"
FILE = 7
POINTER = "/Title"


def place(log: SmallLog) -> bytes:
    """Section 6 of the formats: the field of the last event."""
    stream, version = log.events[-1][:16], log.events[-1][16:24]
    parts = (b"field", stream, version, POINTER.encode())
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def told() -> tuple[SmallLog, dict[str, Any]]:
    """A log whose last event seals a title, and the disclosure of that title."""
    log = SmallLog()
    log.found()
    log.register(stream=FILE)
    info = place(log).replace(struct.pack(">Q", 1), struct.pack(">Q", 2))
    ciphertext = AESGCM(KEY).encrypt(NONCE, json.dumps(TITLE).encode(), info)
    kc, ct = (b64(sha256(data).digest()) for data in (b"mocban/sub-key/v1" + KEY, ciphertext))
    sealed = {"alg": "A256GCM", "kc": kc, "nonce": b64(NONCE), "ct": ct, "len": len(ciphertext)}
    stream = log.events[-1][:16]
    event = log.event(next(key for key in log.versions if key.bytes == stream), "file.titled/1", Title=sealed)
    index = log.add("file.title", [event], [CLERK])
    assert place(log) == info
    return log, {
        "format": "mocban/disclosure/1",
        "proof": log.proof(index),
        "field": POINTER,
        "sub_key": b64(KEY),
        "ciphertext": b64(ciphertext),
    }


def trust_in(log: SmallLog) -> Trust:
    """In the small log."""
    keys = [LogKey.parse(text) for text in log.vkeys()]
    return Trust(anchored=True, genesis=leaf_hash(log.entries[0]), origin=log.origin, keys=keys)


def judged(disclosure: object, log: SmallLog, folder: Path) -> dict[str, Any]:
    """The report on a disclosure."""
    path = folder / "given.json"
    path.write_text(json.dumps(disclosure))
    return verify(path, trust_in(log))


def test_a_disclosed_field_is_opened(tmp_path: Path) -> None:
    """Given a disclosure, then its text is told, anchored by a trust file and only then."""
    log, given = told()
    report = judged(given, log, tmp_path)
    assert (report["verdict"], report["disclosed"], report["field"]) == ("valid", TITLE, POINTER)
    alone = verify(tmp_path / "given.json", Trust())
    assert (alone["verdict"], alone["anchored"], alone["disclosed"]) == ("self-consistent", False, TITLE)


def flipped(member: str) -> Callable[[dict[str, Any]], None]:
    """One bit of what a member holds in base64."""

    def spoil(given: dict[str, Any]) -> None:
        data = bytearray(b64decode(given[member]))
        data[-1] ^= 1
        given[member] = b64(bytes(data))

    return spoil


SPOILT: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("another key", flipped("sub_key"), "disclosure"),
    ("another ciphertext", flipped("ciphertext"), "disclosure"),
    ("a shorter ciphertext", lambda g: g.update(ciphertext=b64(b64decode(g["ciphertext"])[:-1])), "disclosure"),
    ("a field that is not sealed", lambda g: g.update(field="/type"), "disclosure"),
    ("no such field", lambda g: g.update(field="/Nothing/0"), "disclosure"),
    ("no pointer", lambda g: g.update(field=""), "disclosure"),
    ("another format", lambda g: g.update(format="mocban/disclosure/2"), "disclosure"),
    ("no key", lambda g: g.pop("sub_key"), "disclosure"),
    ("another act", lambda g: g.update(proof=g["proof"].replace("index 7", "index 6")), "proof-inclusion"),
    ("another checkpoint", lambda g: g.update(proof=g["proof"].replace("\n8\n", "\n9\n")), "checkpoint-signature"),
    ("no proof", lambda g: g.update(proof=""), "proof-malformed"),
]


@pytest.mark.parametrize(("name", "spoil", "code"), SPOILT, ids=[row[0] for row in SPOILT])
def test_a_spoilt_disclosure_opens_nothing(
    name: str, spoil: Callable[[dict[str, Any]], object], code: str, tmp_path: Path
) -> None:
    """Given a disclosure changed in any part, then it is rejected by name; what the key does not open is not told."""
    log, given = told()
    spoil(given)
    report = judged(given, log, tmp_path)
    assert report["verdict"] == "invalid", name
    assert code in {row["code"] for row in report["bad"]}, report["bad"]
    assert code != "disclosure" or "disclosed" not in report


def test_a_proof_file(tmp_path: Path) -> None:
    """Given a .tlog-proof, also one without the long signature, it is good; without the short one it is not."""
    log, given = told()
    path = tmp_path / "event.tlog-proof"
    head, lines = given["proof"][: given["proof"].rindex("\n\n") + 2], given["proof"].splitlines(keepends=True)[-2:]
    for signatures, verdict in ((lines, "valid"), (lines[:1], "valid"), (lines[1:], "invalid")):
        path.write_text(head + "".join(signatures), encoding="utf-8")
        assert verify(path, trust_in(log))["verdict"] == verdict, signatures
    path.write_text(given["proof"].replace(str(DASH.decode()), "- "), encoding="utf-8")
    assert verify(path, trust_in(log))["verdict"] == "invalid"


def test_what_is_shown_alone_is_held_against_earlier_checkpoints(tmp_path: Path) -> None:
    """Given one proof and a checkpoint kept from before, a second history of its size, and another log, are named."""
    log, given = told()
    size, shown = len(log.entries), tmp_path / "event.tlog-proof"
    shown.write_text(given["proof"], encoding="utf-8")
    other = SmallLog()
    other.origin = "elsewhere"

    def report(kept: bytes) -> dict[str, Any]:
        trust = trust_in(log)
        trust.checkpoints = [kept]
        return verify(shown, trust)

    def codes(kept: bytes) -> list[str]:
        return [row["code"] for row in report(kept)["bad"]]

    assert codes(log.checkpoint(size)) == []
    assert codes(log.checkpoint(size, [bytes(32)] * size)) == ["checkpoint-inconsistent"]
    assert codes(log.checkpoint(size).replace(b"\n8\n", b"\n7\n")) == ["checkpoint-signature"]
    assert codes(other.checkpoint(0)) == ["checkpoint-origin"]
    assert codes(b"") == ["checkpoint-malformed"]
    earlier = report(log.checkpoint(size - 1))
    assert (earlier["verdict"], earlier["not_compared"]) == ("valid", [size - 1])


def manifest(files: dict[str, bytes], log: SmallLog) -> bytes:
    """MANIFEST as section 4 of the formats tells."""
    lines = [f"{sha256(data).hexdigest()} {len(data)} {name}" for name, data in files.items()]
    text = "\n".join([f"{log.origin}/manifest/v1", *lines, ""]).encode()
    line = DASH + log.origin.encode() + b" " + b64(log.key_id(log.typed_keys()[0]) + log.ed.sign(text)).encode()
    return text + b"\n" + line + b"\n"


def published(files: dict[str, bytes], path: Path) -> Path:
    """A bundle as it is published: stored, of 1980, mode 0644."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, data)
    return path


def test_every_byte_of_a_published_bundle_counts(tmp_path: Path) -> None:
    """Given a bundle with its MANIFEST, when a byte outside its members is changed or added, then that shows."""
    log = SmallLog()
    log.found()
    files = log.files()
    path = published({**files, "MANIFEST": manifest(files, log)}, tmp_path / "bundle.zip")
    assert verify(path, trust_in(log))["bad"] == []
    whole = path.read_bytes()
    directory = whole.rindex(b"PK\x01\x02")
    for at in (10, 12, 14, directory + 12, directory + 38, len(whole) - 1, len(whole)):
        path.write_bytes(whole[:at] + bytes([(whole[at] if at < len(whole) else 0) ^ 1]) + whole[at + 1 :])
        report = verify(path, trust_in(log))
        assert report["verdict"] == "invalid", at
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert verify(tmp_path / "unpacked", trust_in(log))["bad"] == []
    (tmp_path / "unpacked" / "more").write_bytes(b"x")
    assert [row["code"] for row in verify(tmp_path / "unpacked", trust_in(log))["bad"]] == ["manifest"]


def test_stamped_checkpoints_belong_to_the_history(tmp_path: Path) -> None:
    """Given timestamps, then they are counted and their checkpoints must be of this history, as any earlier one."""
    log = SmallLog()
    log.found()
    log.register()
    files = log.files()
    stamped = {"timestamps/6.checkpoint": log.noted[6], "timestamps/6.0011.tsr": b"token"}
    report = verify(write_folder({**files, **stamped}, tmp_path / "good"), trust_in(log))
    assert (report["bad"], report["timestamps"]) == ([], 1)
    other = log.checkpoint(6, [leaf_hash(b"other")] * 6)
    report = verify(write_folder({**files, "timestamps/6.checkpoint": other}, tmp_path / "bad"), trust_in(log))
    assert [row["code"] for row in report["bad"]] == ["checkpoint-inconsistent"]
    assert "timestamps/6.checkpoint (6)" in report["bad"][0]["detail"]


def test_one_line_of_json_and_words_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Given a good log, then --json is one line, and the summary says what was given, found and not proven."""
    log = SmallLog()
    log.found()
    folder = write_folder(log.files(), tmp_path / "export")
    assert main([str(folder), "--json"]) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert json.loads(said)["from"] == "2026-11-22T01:02:03.000004Z"
    assert main([str(folder)]) == 0
    said = capsys.readouterr().out
    for part in (
        "CHƯA ĐỐI CHIẾU",
        "toàn bộ sổ",
        "6 hành vi",
        "Giờ khai",
        "KHÔNG có tệp tin cậy",
        "không có gì",
        "Không chứng minh",
    ):
        assert part in said, part
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "2 dùng sai / wrong usage" in capsys.readouterr().out.replace("\n", " ")
