"""The signer's desk: look at a prepared file, sign it, attach a signature made by another tool. All offline."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final, TextIO

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.prepared_file import PreparedFile, read_prepared, write_prepared
from mocban.acts.inspection import Inspection, awaited, inspect
from mocban.acts.openings import opened_lines, read_openings
from mocban.acts.own_key import find_key, open_key
from mocban.acts.words import shown
from mocban.cli.answer import answer
from mocban.given_file import read_given
from signing.base64_text import from_base64
from signing.durable_file import write_durably
from signing.note import Ed25519Signer, VerifierKey
from signing.verification_error import VerificationError

BAD: Final = 4


def read(path: Path) -> PreparedFile:
    """The file at `path`. Raises Refusal `input-unreadable`, `prepared-file-unreadable`."""
    return read_prepared(_bytes(path))


def refuse_altered(file: PreparedFile, *, as_json: bool) -> bool:
    """Say what does not fit together; whether anything did not."""
    inspection = inspect(file)
    if inspection.problems:
        _say(inspection, sys.stderr)
        answer({"problems": _coded(inspection)}, as_json=as_json)
    return bool(inspection.problems)


def show(args: argparse.Namespace) -> int:
    """0 when all fits together, else 4. Raises Refusal."""
    file = read(args.file)
    inspection = inspect(file)
    opened = _opened(file, args.openings) if not inspection.problems else ()
    if args.bytes is not None and not inspection.problems:
        write_durably(args.bytes, file.signed_bytes)
    if args.json:
        _answer_shown(file, inspection, opened)
    else:
        _say(inspection, sys.stdout, opened)
        for key in awaited(file) if not inspection.problems else ():
            print(f"Chờ chữ ký của · Awaits the signature of: {shown(key.name)}")
        print(f"Máy chủ bỏ hành vi này lúc · The server discards this act at: {shown(file.expires)}")
    return BAD if inspection.problems else 0


def sign(args: argparse.Namespace) -> int:
    """Show each, ask, sign, write the signature into it; 4 when one does not fit together, the first that does not.

    Raises Refusal.
    """
    own, told = find_key(args.key), []
    signer: Ed25519Signer | None = None
    for path in args.files:
        file = read(path)
        inspection = inspect(file)
        opened = _opened(file, args.openings) if not inspection.problems else ()
        _say(inspection, sys.stderr, opened)
        if inspection.problems:
            answer({"problems": _coded(inspection)}, as_json=args.json)
            return BAD
        if file.origin not in {log.origin(own.origin) for log in LogName}:
            raise Refusal("own-key-of-other-ledger", origin=own.origin, asked=file.origin)
        if not args.yes and not _confirmed():
            raise Refusal("not-confirmed")
        signer = signer or open_key(own)
        told.append(_written(path, file.with_signature(signer.verifier_key, signer.sign(file.signed_bytes))))
    _tell(told, as_json=args.json)
    return 0


def attach(args: argparse.Namespace) -> int:
    """Take in signatures over the same bytes: of another tool, or from copies that others signed. Raises Refusal."""
    file = read(args.file)
    if refuse_altered(file, as_json=args.json):
        return BAD
    if not args.copies and (args.vkey is None or args.signature is None):
        raise Refusal("attachment-missing")
    for path in args.copies:
        copy = read(path)
        if refuse_altered(copy, as_json=args.json):
            return BAD
        if copy.text != file.text:
            raise Refusal("copy-of-other-act", path=path)
        file = _gathered(file, copy)
    if args.vkey is not None and args.signature is not None:
        try:
            key = VerifierKey.parse(args.vkey.strip())
        except VerificationError as error:
            raise Refusal("vkey-unfit", reason=error.detail) from error
        file = file.with_signature(key, _bytes(args.signature))
    _tell([_written(args.file, file)], as_json=args.json)
    return 0


def _gathered(file: PreparedFile, copy: PreparedFile) -> PreparedFile:
    """The file with the signatures that only the copy has; those of the copy were checked."""
    for signer in copy.signers:
        if signer.signature:
            file = file.with_signature(VerifierKey.parse(signer.vkey), from_base64(signer.signature))
    return file


def _confirmed() -> bool:
    print("Ký hành vi này? Gõ 'ký' · Sign this act? Type 'sign': ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"ký", "ky", "sign"}


def _written(path: Path, file: PreparedFile) -> dict[str, object]:
    """What was written, as it is told."""
    write_durably(path, write_prepared(file))
    return {"id": str(file.header.id), "file": str(path), "awaited": [key.name for key in awaited(file)]}


def _tell(told: list[dict[str, object]], *, as_json: bool) -> None:
    lines = []
    for one in told:
        lines.append(f"Đã ký · Signed: {one['file']}")
        names = one["awaited"]
        lines += [f"Còn chờ · Still awaited: {shown(name)}" for name in names] if isinstance(names, list) else []
    answer(told[0] if len(told) == 1 else {"files": told}, *lines, as_json=as_json)


def _opened(file: PreparedFile, path: Path | None) -> tuple[str, ...]:
    return () if path is None else tuple(opened_lines(file, read_openings(_bytes(path))))


def _say(inspection: Inspection, stream: TextIO, opened: tuple[str, ...] = ()) -> None:
    """The act in words, then what nobody can read in it, then warnings."""
    lines = list(inspection.lines)
    if opened:
        lines += ["Giá trị niêm phong, mở cho người ký · Sealed values, opened for the signer:", *opened]
    if (unread := inspection.sealed - len(opened)) > 0:
        lines.append(
            f"Chú ý: {unread} giá trị niêm phong không đọc được từ tệp này (--openings) · "
            f"Note: {unread} sealed values cannot be read from this file (--openings)"
        )
    if inspection.problems:
        lines += ["KHÔNG KHỚP, ĐỪNG KÝ · DOES NOT FIT TOGETHER, DO NOT SIGN", *inspection.warnings]
    for line in lines:
        print(line, file=stream, flush=True)


def _answer_shown(file: PreparedFile, inspection: Inspection, opened: tuple[str, ...]) -> None:
    missing = [] if inspection.problems else [key.name for key in awaited(file)]
    facts = {
        "lines": inspection.lines,
        "opened": opened,
        "sealed": inspection.sealed,
        "awaited": missing,
        "expires": file.expires,
        "problems": _coded(inspection),
    }
    answer(facts, as_json=True)


def _coded(inspection: Inspection) -> list[dict[str, str]]:
    return [
        {"code": code, "where": where, "words": words}
        for (code, where), words in zip(inspection.problems, inspection.warnings, strict=True)
    ]


def _bytes(path: Path) -> bytes:
    try:
        return read_given(path)
    except OSError as error:
        raise Refusal("input-unreadable", path=path) from error
