"""What is done with a container: each of its events once, of fixed facts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.basis import Instrument
from domain.container import (
    Condition,
    ContainerKind,
    ContainerLent,
    ContainerMoved,
    ContainerOpened,
    ContainerRegistered,
    ContainerResealed,
    ContainerReturned,
    Flag,
    Place,
)
from domain.event import Event

FONDS: Final = UUID("0198aaaa-0000-8000-8000-0000000d0001")
KEEPER: Final = UUID("0198aaaa-0000-8000-8000-0000000d0002")
BORROWER: Final = UUID("0198aaaa-0000-8000-8000-0000000d0003")
PERMISSION: Final = Instrument(
    number="77/QĐ-SNV", issued="2025-07-10", issuer="Sở Nội vụ Hà Nội", in_force="2025-07-10"
)
HERE: Final = Place(keeper=KEEPER, repository="Kho số 2", room="P.12", shelf="Giá 3, tầng 4")


def events() -> tuple[Event, ...]:
    """One of each kind."""
    return (
        ContainerRegistered(
            kind=ContainerKind.SEALED_SET, label="Tập 07", fonds=FONDS, place=HERE, on="2025-06-30",
            seal="NP-0007", condition=Condition.DAMP, cm=35,
        ),
        ContainerMoved(place=Place(keeper=KEEPER, repository="Kho số 1"), on="2025-07-11", permission=PERMISSION),
        ContainerOpened(
            seal="NP-0008", on="2025-07-12", basis="78/QĐ-SNV", condition=Condition.MOULD, files=12,
            flags=(Flag.SEAL_DIFFERS,),
        ),
        ContainerResealed(seal="NP-0009", on="2025-07-13", basis="78/QĐ-SNV"),
        ContainerLent(borrower=BORROWER, on="2025-07-14", due="2025-08-14", permission=PERMISSION),
        ContainerReturned(place=HERE, on="2025-08-15", seal="NP-0009", flags=(Flag.RETURNED_LATE,)),
    )  # fmt: skip


def payloads() -> dict[str, bytes]:
    """File name -> bytes, one for each event's permanent name."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
