"""The gear of the children, from an open product; the day of a worksheet's first import is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from ledger.actor import Actor
from mocban.bootstrap import WRITER, Product
from mocban.importing.workplace import Gear
from signing.durable_file import write_durably

CIVIL_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""Legal dates are civil dates here."""


def gear_of(product: Product, actor: Actor, day: Path, creators: Mapping[str, str] | None = None) -> Gear:
    """day: the file that keeps the civil day on which the worksheet was first taken in. creators: as in `Gear`."""
    return Gear(
        origin=product.origin,
        main=product.databases.main_url(WRITER),
        keys=product.databases.keys_url(WRITER),
        secret=product.keystore.ledger_secret(),
        kek=product.keystore.key_encryption_key("record"),
        actor=actor.id,
        actor_key=actor.signer.verifier_key,
        received_on=_first_day(day),
        creators=dict(creators or {}),
    )


def _first_day(path: Path) -> str:
    if not path.exists():
        write_durably(path, datetime.now(CIVIL_ZONE).date().isoformat().encode())
    return path.read_text(encoding="ascii")
