"""What goes on otherwise than before, told of a file's chain: a body's names, and who creates the fonds when."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from domain.administrative_unit import UnitBoundaryAdjusted, UnitRenamed, UnitSeparated
from domain.agency import AgencyBoundaryAdjusted, AgencyEstablished, AgencyRenamed, AgencySeparated
from domain.civil_date import as_spoken
from domain.creatorship import FondsWentOn
from domain.event import Event
from projections.chain import Chain, ChainedAct, ChainedEvent


def named_on(chain: Chain, agency: UUID, day: str) -> str:
    """What an agency was called on a day, as far as the chain tells; else its name of the chain's day."""
    names = [
        (one.day, one.event.name)
        for _, one in chain.events()
        if one.stream == agency and isinstance(one.event, AgencyEstablished | AgencyRenamed)
    ]
    past = [name for since, name in sorted(names, key=lambda one: one[0]) if since <= day]
    return past[-1] if past else chain.named(agency)


def told_of_change(chain: Chain, event: Event | None) -> tuple[str, str] | None:
    """What an event meant, Vietnamese and English; None of any other event."""
    match event:
        case UnitRenamed(name=name, code=code, basis=basis) | AgencyRenamed(name=name, code=code, basis=basis):
            return f"Đổi tên, đổi loại thành {name}, mã {code} ({basis})", f"Becomes {name}, code {code}"
        case UnitSeparated(basis=basis):
            return f"Tách lập đơn vị mới từ đơn vị này ({basis})", "New units separated from this one"
        case UnitBoundaryAdjusted(basis=basis):
            return f"Điều chỉnh địa giới đơn vị ({basis})", "The unit's boundary adjusted"
        case AgencySeparated(to=to, basis=basis):
            names = ", ".join(map(chain.named, to))
            return f"Tách lập {names} từ cơ quan này ({basis})", f"{names} separated from this agency"
        case AgencyBoundaryAdjusted(basis=basis):
            return f"Điều chỉnh địa bàn của cơ quan ({basis})", "The agency's area adjusted"
        case FondsWentOn(creators=creators, basis=basis):
            names = ", ".join(map(chain.named, creators))
            return (
                f"Phông tiếp tục, đơn vị hình thành: {names} ({basis})",
                f"The fonds goes on, created by {names}",
            )
        case _:
            return None


def changes_in_turn(chain: Chain) -> Iterator[tuple[ChainedAct, ChainedEvent, str, str]]:
    """Each change of a creator's name and of the creators themselves, with its words."""
    for act, one in chain.events():
        day = as_spoken(one.day)
        match one.event:
            case AgencyRenamed(name=name, basis=basis):
                was = next((told for told in _names_before(chain, one)), "")
                if was and was != name:
                    yield (
                        act, one, f"từ {day} {was} đổi tên thành {name} theo {basis}",
                        f"from {day} {was} is called {name} under {basis}",
                    )  # fmt: skip
            case FondsWentOn(creators=creators, former=former, basis=basis) if former:
                names = " và ".join(named_on(chain, creator, one.day) for creator in creators)
                yield (
                    act, one, f"từ {day} phông tiếp tục, do {names} hình thành theo {basis}",
                    f"from {day} the fonds goes on, created by {names}, under {basis}",
                )  # fmt: skip
            case _:
                pass


def _names_before(chain: Chain, renamed: ChainedEvent) -> Iterator[str]:
    """The name that it had, newest first."""
    for _, one in reversed(list(chain.events())):
        earlier = one.position < renamed.position and one.stream == renamed.stream
        if earlier and isinstance(one.event, AgencyEstablished | AgencyRenamed):
            yield one.event.name
