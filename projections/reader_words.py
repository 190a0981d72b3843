"""Who may read a file, in words: rule by rule, with the bodies and what lets them, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

import msgspec

from domain.access import AccessRule
from domain.civil_date import as_spoken
from projections.readers import FileUse, NamedReader

RULES: Final = {
    AccessRule.HOLDER: ("đang giữ", "holds it"),
    AccessRule.ASSIGNEE: ("được giao quản lý", "must have it"),
    AccessRule.CREATOR: ("lập ra", "created it"),
    AccessRule.SUCCESSOR_FUNCTION: ("kế thừa chức năng", "took over the function"),
    AccessRule.TERRITORY: ("địa bàn cấp huyện đã kết thúc", "of the ended district's territory"),
    AccessRule.CITY_WIDE: ("chức vụ toàn thành phố", "city-wide office"),
    AccessRule.GRANTED: ("được cho phép theo quyết định", "granted by a decision"),
    AccessRule.NEEDS_GRANT: ("phải được cho phép bằng quyết định", "needs a grant"),
    AccessRule.NO_RULE: ("không quy tắc nào cho phép", "no rule allows it"),
}
_OTHERS: Final = {
    AccessRule.NEEDS_GRANT: ("nơi khác: phải được cho phép bằng quyết định", "anybody else needs a grant"),
    AccessRule.NO_RULE: ("nơi khác: không được", "nobody else"),
}
_PERSON: Final = ("một người", "one person")


class ReadingRule(msgspec.Struct, frozen=True, kw_only=True):
    """Those who read by one rule on one basis. who: their names; basis: empty where the fact itself is the basis."""

    rule: AccessRule
    who: tuple[tuple[str, str], ...]
    basis: str
    days: tuple[str, str]

    @property
    def vi(self) -> str:
        """`kế thừa chức năng (1656/NQ-UBTVQH15): A, B`."""
        return self._told(0)

    @property
    def en(self) -> str:
        """`took over the function (1656/NQ-UBTVQH15): A, B`."""
        return self._told(1)

    def _told(self, at: int) -> str:
        why = ", ".join(part for part in (self.basis, self.days[at]) if part)
        return f"{RULES[self.rule][at]}{f' ({why})' if why else ''}: {', '.join(who[at] for who in self.who)}"


def by_rule(readers: Iterable[NamedReader]) -> tuple[ReadingRule, ...]:
    """In the order of the rules, strongest first; bodies that are gone stand last under theirs and say so."""
    return tuple(
        ReadingRule(
            rule=rule, basis=basis, days=days, who=tuple(dict.fromkeys(_who(one) for one in _there_first(some)))
        )
        for (rule, basis, days), some in groupby(readers, key=lambda one: (one.rule, _cited(one)[0], _days(one)))
    )


def use_lines(use: FileUse) -> list[str]:
    """A line for each rule, then one for everybody else, as a terminal shows them."""
    lines = [f"  {one.vi} · {one.en.partition(': ')[0]}" for one in by_rule(use.may_use)]
    others = for_others(use.others_may_use)
    heads = ["Được khai thác · may use:"] if lines else []
    return [*heads, *lines, *([f"  {others[0]} · {others[1]}"] if others[0] else [])]


def for_others(others: AccessRule | None) -> tuple[str, str]:
    """What anybody else is told; nothing where nothing is known of the file."""
    return _OTHERS[others] if others is not None else ("", "")


def _there_first(readers: Iterable[NamedReader]) -> list[NamedReader]:
    return sorted(readers, key=lambda one: bool(one.ended))


def _who(one: NamedReader) -> tuple[str, str]:
    if one.agency is None:
        return _PERSON
    clause, ended = _cited(one)[1], as_spoken(one.ended) if one.ended else ""
    vi = "; ".join(part for part in (clause, f"kết thúc {ended}" if ended else "") if part)
    en = "; ".join(part for part in (clause, f"ended {ended}" if ended else "") if part)
    return (f"{one.name} ({vi})", f"{one.name} ({en})") if vi else (one.name, one.name)


def _cited(one: NamedReader) -> tuple[str, str]:
    """Instrument and clause; holders and assignees have their basis in the chain itself."""
    if one.rule in {AccessRule.HOLDER, AccessRule.ASSIGNEE}:
        return "", ""
    instrument, _, clause = one.basis.partition(", ")
    return instrument, clause


def _days(one: NamedReader) -> tuple[str, str]:
    if not one.since:
        return "", ""
    since, until = as_spoken(one.since), as_spoken(one.last_day)
    return f"{since} – {until}", f"{since} – {until}"
