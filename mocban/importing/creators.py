"""Which fonds there are and by whom: also those that a reorganization opened, which no reference data has."""

from __future__ import annotations

from typing import Final

from mocban.bootstrap import Product
from mocban.custody.freshness import caught_up

_CREATORS: Final = """
SELECT f.id, f.code, a.id, a.code FROM projection.fonds AS f JOIN projection.agency AS a ON a.id = f.creators[1]
"""


def recorded_creators(product: Product) -> dict[str, str]:
    """Fonds code -> code of its creator, of every fonds recorded so far that both codes name."""
    caught_up(product)
    naming = product.naming
    with product.views.connection() as connection:
        rows = connection.execute(_CREATORS).fetchall()
    return {
        code: creator
        for fonds, code, agency, creator in rows
        if naming.fonds(code) == fonds and naming.agency(creator) == agency
    }
