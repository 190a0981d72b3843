"""Which authorities of time are of one house: their word counts once, however many names they have here.

Of one house are those that share a public key (of a certificate that is pinned, or on the chain under a token they
gave) or the organization that such a certificate names: whoever holds that key, or runs that organization, can date for
all of them. A certifier above what is pinned does not matter: nothing is believed because of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mocban.timestamps.authorities import WANTED, NamedAuthority
from signing.base64_text import from_base64
from signing.pinned_certificate import marks_of


def houses_of(authorities: Sequence[NamedAuthority], chains: Iterable[tuple[str, bytes]] = ()) -> list[tuple[str, ...]]:
    """The names of the authorities, those of one house together, in the order in which they are named.

    chains: (name of an authority, certificate in DER) of tokens that hold.
    """
    marks = {one.name: _marks(map(from_base64, one.certificates)) for one in authorities}
    for name, certificate in chains:
        if name in marks:
            marks[name] |= marks_of(certificate)
    houses: list[tuple[tuple[str, ...], set[str]]] = []
    for name, its in marks.items():
        same = [house for house in houses if house[1] & its]
        names = (*(one for house in same for one in house[0]), name)
        houses = [house for house in houses if house not in same]
        houses.append((names, its.union(*(house[1] for house in same))))
    return [names for names, _ in houses]


def too_few(authorities: Sequence[NamedAuthority], houses: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Houses of several names, where because of them fewer than `WANTED` houses are named; else none."""
    if len(authorities) < WANTED or len(houses) >= WANTED:
        return []
    return [house for house in houses if len(house) > 1]


def _marks(certificates: Iterable[bytes]) -> set[str]:
    return {mark for certificate in certificates for mark in marks_of(certificate)}
