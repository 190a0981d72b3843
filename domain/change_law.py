"""What each kind of change means in law, of an agency and of a unit: who succeeds, and what becomes of the fonds.

Absorbed (sáp nhập): the receiver and its fonds go on. Consolidated (hợp nhất): all end, one begins. Divided (chia): the
old ends. Separated (tách): the old remains (TT 06/2025/TT-BNV art. 39). A body that ends closes its fonds; that an
absorbed one's goes on under the receiver is for a cited decision to say (CV 414/BNV-VTLTNN).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from domain.finding import Finding, Path
from domain.plan import ChangeKind, FondsOutcome

CLOSES: Final = (FondsOutcome.CLOSES,)
GOES_ON: Final = (FondsOutcome.GOES_ON,)


class Law(msgspec.Struct, frozen=True):
    """fonds: what may become of an agency's fonds. least, most: how many successors; begins: all of them begin."""

    fonds: tuple[FondsOutcome, ...]
    least: int = 0
    most: int = 0
    begins: bool = False
    goes_on: bool = False

    @property
    def needed(self) -> str:
        """How many successors, as people write it."""
        if self.least == self.most:
            return str(self.least)
        return f"{self.least}+" if self.most == _MANY else f"{self.least}-{self.most}"


_MANY: Final = 1_000
OF_AGENCY: Final = {
    ChangeKind.ESTABLISHED: Law((FondsOutcome.OPENS,)),
    ChangeKind.ABSORBED: Law((FondsOutcome.CLOSES, FondsOutcome.GOES_ON), 1, 1, goes_on=True),
    ChangeKind.CONSOLIDATED: Law(CLOSES, 1, 1, begins=True),
    ChangeKind.DIVIDED: Law(CLOSES, 2, _MANY),
    ChangeKind.SPLIT: Law(CLOSES, 2, _MANY),
    ChangeKind.SEPARATED: Law(GOES_ON, 1, _MANY, begins=True),
    ChangeKind.BOUNDARY_ADJUSTED: Law(GOES_ON, 1, _MANY, goes_on=True),
    ChangeKind.RENAMED: Law(GOES_ON),
    ChangeKind.DISSOLVED: Law(CLOSES, 0, _MANY),
}
"""By kind. goes_on: the successors were there before; begins: they begin by the plan."""
OF_UNIT: Final = {
    ChangeKind.ESTABLISHED: Law(()),
    ChangeKind.SEPARATED: Law((), 1, _MANY, begins=True),
    ChangeKind.BOUNDARY_ADJUSTED: Law((), 1, _MANY),
    ChangeKind.RENAMED: Law(()),
}
"""Of the kinds by which a unit goes on; of the others a plan may leave the successors open."""


def unlawful(path: Path, change: ChangeKind, successors: int, fonds: FondsOutcome, basis: str) -> Iterator[Finding]:
    """What an agency's change says that contradicts its kind. path: of the change."""
    law = OF_AGENCY[change]
    if fonds is FondsOutcome.GOES_ON and fonds in law.fonds and successors == 0 < law.least:
        yield Finding(path=(*path, "fonds"), code="plan-fonds-goes-on-with-nobody", facts={"change": change.value})
    elif fonds not in law.fonds:
        facts = {"change": change.value, "fonds": fonds.value, "lawful": ", ".join(law.fonds)}
        yield Finding(path=(*path, "fonds"), code="plan-fonds-contradicts-change", facts=facts)
    yield from _successors_unfit(path, change, successors, law)
    if not basis:
        yield Finding(path=(*path, "basis"), code="plan-value-missing")


def unlawful_of_unit(path: Path, change: ChangeKind, successors: int) -> Iterator[Finding]:
    """The same of a unit's change."""
    law = OF_UNIT.get(change)
    if law is not None:
        yield from _successors_unfit(path, change, successors, law)


def form_unfit(path: Path, change: ChangeKind, *, given: bool, says: bool) -> Iterator[Finding]:
    """What is renamed says what it becomes, and nothing else does. given: there is `becomes`; says: with something."""
    if change is ChangeKind.RENAMED and not says:
        yield Finding(path=path, code="plan-becomes-missing", facts={"change": change.value})
    elif change is not ChangeKind.RENAMED and given:
        yield Finding(path=(*path, "becomes"), code="plan-becomes-unfit", facts={"change": change.value})


def _successors_unfit(path: Path, change: ChangeKind, successors: int, law: Law) -> Iterator[Finding]:
    if not law.least <= successors <= law.most:
        facts = {"change": change.value, "needed": law.needed, "given": str(successors)}
        yield Finding(path=(*path, "successors"), code="plan-successors-unfit", facts=facts)
