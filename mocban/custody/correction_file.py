"""A correction as a file (YAML or JSON): by which instrument, from when, which lots of which fonds go elsewhere."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import yaml

from domain.after_enactment import Corrected, Correction
from domain.basis import Confidence, Instrument
from domain.errors import Refusal
from domain.identifiers import nfc
from domain.lot import ALL_LOT_KEYS
from projections.child_lot_queries import child_lots_named
from projections.succession_queries import agency_by_code
from projections.view import Connection

AWAITING: Final = "awaiting"
_LIMIT: Final = 4_000_000
_FONDS: Final = "SELECT id FROM projection.fonds WHERE code = %s"


class CorrectionLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """lots: texts of lot keys, each of the four parts may be `*`. receiver: an agency's code, or `awaiting`."""

    lots: tuple[str, ...]
    receiver: str
    basis: str
    confidence: Confidence = Confidence.DECISION


class CorrectionFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """fonds: fonds code -> its lines; child_lots: FONDS/NAME -> its lines."""

    instrument: Instrument
    effective: str
    reason: str
    fonds: dict[str, tuple[CorrectionLine, ...]] = {}
    child_lots: dict[str, tuple[CorrectionLine, ...]] = {}


def read_correction(path: Path) -> CorrectionFile:
    """Raises Refusal `file-missing`, `correction-file-unfit` with the member that does not fit."""
    if not path.is_file():
        raise Refusal("file-missing", path=path)
    data = path.read_bytes()
    if len(data) > _LIMIT:
        raise Refusal("correction-file-unfit", file=path.name, where=f"> {_LIMIT} byte")
    try:
        said = yaml.load(data.decode("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  texts only, builds no objects
        return msgspec.convert(said, CorrectionFile)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("correction-file-unfit", file=path.name, where="YAML") from error
    except msgspec.ValidationError as error:
        raise Refusal("correction-file-unfit", file=path.name, where=str(error).rpartition("`")[0][-80:]) from error


def corrected(connection: Connection, file: CorrectionFile, today: str) -> Corrected:
    """With ids for its codes.

    Raises Refusal `fonds-unknown`, `agency-unknown`, `child-lot-unknown`, `correction-lot-unfit`.
    """
    return Corrected(
        instrument=file.instrument,
        effective=file.effective,
        today=today,
        reason=file.reason,
        fonds={
            _fonds(connection, code): tuple(_line(connection, line, file.effective) for line in lines)
            for code, lines in file.fonds.items()
        },
        child_lots={
            _child_lot(connection, name): tuple(_line(connection, line, file.effective) for line in lines)
            for name, lines in file.child_lots.items()
        },
    )


def _fonds(connection: Connection, code: str) -> UUID:
    rows = connection.execute(_FONDS, (code.replace("\0", ""),)).fetchall()
    if len(rows) != 1:
        raise Refusal("fonds-unknown", code=code[:60])
    found: UUID = rows[0][0]
    return found


def _child_lot(connection: Connection, name: str) -> UUID:
    found = child_lots_named(connection, nfc(name.replace("\0", "")))
    if len(found) != 1:
        raise Refusal("child-lot-unknown", name=name[:60])
    return found[0]


def _line(connection: Connection, line: CorrectionLine, on: str) -> Correction:
    receiver = None
    if line.receiver != AWAITING:
        body = agency_by_code(connection, line.receiver.replace("\0", ""), on)
        if body is None:
            raise Refusal("agency-unknown", code=line.receiver[:60])
        receiver = body.id
    return Correction(lots=_lots(line.lots), receiver=receiver, basis=line.basis, confidence=line.confidence)


def _lots(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Every lot that a pattern names, in order. Raises Refusal `correction-lot-unfit` where one names none."""
    named = []
    for pattern in patterns:
        hit = [key.text for key in ALL_LOT_KEYS if fnmatchcase(key.text, pattern)] if "[" not in pattern else []
        if not hit or pattern.count("/") != 3:
            raise Refusal("correction-lot-unfit", lot=pattern[:60])
        named += hit
    return tuple(named)
