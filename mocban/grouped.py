"""Large numbers where both languages stand together: `6 030`, for `6,030` is six and a little in Vietnamese."""

from __future__ import annotations


def grouped(number: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Thousands parted by a space that does not break (SI; Vietnamese and English read it alike)."""
    return f"{number:{'+' if signed else ''}_.{decimals}f}".replace("_", "\u00a0")
