"""Ed25519 keys under which one signature fits many messages: the points of small order."""

from __future__ import annotations

from typing import Final

_FIELD_PRIME: Final = 2**255 - 19
_ORDER_8: Final = (
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
)
_WEAK_Y: Final = frozenset({0, 1, _FIELD_PRIME - 1, _FIELD_PRIME, _FIELD_PRIME + 1, *_ORDER_8})


def has_small_order(public: bytes) -> bool:
    """Whether a public key (32 bytes) is such a point: nobody's signature by it means anything."""
    return int.from_bytes(public, "little") & (2**255 - 1) in _WEAK_Y
