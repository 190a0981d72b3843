"""The signer's desk: look at a prepared file, sign it, attach a signature made by another tool. All offline."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final, TextIO

from domain.errors import Refusal
from ledger.prepared_file import PreparedFile, read_prepared, write_prepared
from mocban.acts.inspection import Inspection, awaited, inspect
from mocban.acts.openings import opened_lines, read_openings
from mocban.acts.own_key import find_key, open_key
from mocban.acts.words import shown
from mocban.cli.answer import answer
from signing.durable_file import write_durably
from signing.note import VerifierKey
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
    """Show, ask, sign, write the signature into the file; 4 when the file does not fit together. Raises Refusal."""
    file = read(args.file)
    inspection = inspect(file)
    opened = _opened(file, args.openings) if not inspection.problems else ()
    _say(inspection, sys.stderr, opened)
    if inspection.problems:
        answer({"problems": _coded(inspection)}, as_json=args.json)
        return BAD
    own = find_key(args.key)
    if own.origin != file.origin:
        raise Refusal("own-key-of-other-ledger", origin=own.origin, asked=file.origin)
    if not args.yes and not _confirmed():
        raise Refusal("not-confirmed")
    signer = open_key(own)
    _write(args.file, file.with_signature(signer.verifier_key, signer.sign(file.signed_bytes)), as_json=args.json)
    return 0


def attach(args: argparse.Namespace) -> int:
    """Take in a signature that another tool made over the same bytes, once it verifies. Raises Refusal."""
    file = read(args.file)
    if refuse_altered(file, as_json=args.json):
        return BAD
    try:
        key = VerifierKey.parse(args.vkey.strip())
    except VerificationError as error:
        raise Refusal("vkey-unfit", reason=error.detail) from error
    _write(args.file, file.with_signature(key, _bytes(args.signature)), as_json=args.json)
    return 0


def _confirmed() -> bool:
    print("Ký hành vi này? Gõ 'ký' · Sign this act? Type 'sign': ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"ký", "ky", "sign"}


def _write(path: Path, file: PreparedFile, *, as_json: bool) -> None:
    write_durably(path, write_prepared(file))
    missing = [key.name for key in awaited(file)]
    answer(
        {"id": str(file.header.id), "file": str(path), "awaited": missing},
        f"Đã ký · Signed: {path}",
        *(f"Còn chờ · Still awaited: {shown(name)}" for name in missing),
        as_json=as_json,
    )


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
        return path.read_bytes()
    except OSError as error:
        raise Refusal("input-unreadable", path=path) from error
