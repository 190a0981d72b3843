"""What a prepared file really says: the summary computed from the bytes to be signed, and all that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from ledger.prepared_file import PreparedFile, Problem, parsed_entry, problems_of
from mocban.acts.words import event_lines, is_known, shown
from signing.act import ActHeader
from signing.base64_text import to_base64
from signing.note import VerifierKey

PROBLEMS: Final[Mapping[str, tuple[str, str]]] = {
    "text-malformed": (
        "nội dung phải ký không phải một hành vi của sổ cái ấy",
        "the bytes to sign are no act of that ledger",
    ),
    "events-not-those-signed": (
        "các sự kiện trong tệp không phải những sự kiện mà chữ ký sẽ cam kết",
        "the events in the file are not those that the signature would commit to",
    ),
    "event-unreadable": ("sự kiện không đúng dạng", "the event is malformed"),
    "event-unknown": ("chương trình này không biết loại sự kiện", "this program does not know this kind of event"),
    "signers-not-those-signed": (
        "danh sách người ký không khớp với nội dung phải ký",
        "the signers are not those that the bytes to sign name",
    ),
    "expires-malformed": (
        "thời hạn trong tệp không phải một thời điểm (RFC 3339)",
        "the expiry in the file is no moment (RFC 3339)",
    ),
    "signature-wrong": ("chữ ký không đúng", "a signature does not hold"),
    "summary-not-of-these-bytes": (
        "lời tóm tắt trong tệp không phải của các byte này",
        "the summary in the file is not that of these bytes",
    ),
}
"""Code -> what is wrong, Vietnamese and English."""


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """lines: the act in words, computed here. sealed: how many values nobody can read from the file alone."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    sealed: int

    @property
    def warnings(self) -> list[str]:
        """The problems in words."""
        return [
            f"[{code}]{f' {shown(where)}' if where else ''} {PROBLEMS[code][0]} · {PROBLEMS[code][1]}"
            for code, where in self.problems
        ]


def inspect(file: PreparedFile) -> Inspection:
    """Look at everything in a file; needs nothing but the file."""
    problems = problems_of(file)
    if any(code == "text-malformed" for code, _ in problems):
        return Inspection(lines=(), problems=tuple(problems), sealed=0)
    lines = tuple(_header_lines(file, file.header))
    if not any(code == "events-not-those-signed" for code, _ in problems):
        problems += _unknown(file)
        lines += tuple(_event_lines(file))
        if file.summary and file.summary != lines:
            problems.append(("summary-not-of-these-bytes", ""))
    sealed = sum(" = [niêm phong · sealed, " in line for line in lines)
    return Inspection(lines=lines, problems=tuple(problems), sealed=sealed)


def summarized(file: PreparedFile) -> PreparedFile:
    """The file with its summary."""
    return msgspec.structs.replace(file, summary=inspect(msgspec.structs.replace(file, summary=())).lines)


def _header_lines(file: PreparedFile, header: ActHeader) -> Iterator[str]:
    yield f"Sổ cái · Ledger: {shown(file.origin)}"
    yield f"Hành vi · Act: {shown(header.act)} ({header.events} sự kiện · events)"
    yield f"Mã · Id: {header.id}"
    yield f"Thời điểm khai · Claimed time: {header.at}"
    yield f"Đã thấy · Has seen: {header.seen.size} hành vi · acts, {to_base64(header.seen.root)}"
    if header.for_ is not None:
        yield f"Thay cho · On behalf of: {shown(header.for_)}"
    if header.basis is not None:
        yield f"Căn cứ · Basis: {shown(header.basis.code)} {shown(header.basis.ref)}"
    for number, kid in enumerate(header.kids, start=1):
        yield f"Người ký · Signer {number}: {_signer(file, number - 1)}, kid {to_base64(kid)}"


def _signer(file: PreparedFile, at: int) -> str:
    if at >= len(file.signers):
        return "?"
    return shown(file.signers[at].vkey.partition("+")[0].removeprefix(f"{file.origin}/"))


def _unknown(file: PreparedFile) -> list[Problem]:
    parsed = [parsed_entry(entry) for entry in file.entries]
    return [
        ("event-unknown", str(number))
        for number, entry in enumerate(parsed, start=1)
        if entry is not None and not is_known(entry)
    ]


def _event_lines(file: PreparedFile) -> Iterator[str]:
    for number, data in enumerate(file.entries, start=1):
        entry = parsed_entry(data)
        if entry is not None:
            yield from event_lines(number, len(file.events), entry)


def awaited(file: PreparedFile) -> list[VerifierKey]:
    """The keys whose signatures are still missing."""
    return [VerifierKey.parse(one.vkey) for one in file.signers if not one.here and not one.signature]
