"""The people of the demo: invented, with an office in an agency each; their names are sealed like anybody's."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.agency import AgencyKind
from domain.principal import PrincipalAppointed, Reach
from domain.sealed import Plain
from ledger.commands import principal
from mocban.demo.stage import Stage
from mocban.offices import TITLES, Office
from reference import hanoi

CITY_ARCHIVE: Final = next(body.code for body in hanoi.departments() if body.kind is AgencyKind.HISTORICAL_ARCHIVE)
SERVICE_CENTER: Final = next(body.code for body in hanoi.departments() if body.kind is AgencyKind.SERVICE_CENTER)
CITY_COMMITTEE: Final = next(body.code for body in hanoi.agencies_before() if body.kind is AgencyKind.PEOPLES_COMMITTEE)
STRANGERS_BODY: Final = next(body.code for body in hanoi.departments() if body.name.startswith("Sở Tư pháp"))


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """key: of the person's actor id. agency: code. title: of the office, Vietnamese."""

    key: str
    name: str
    agency: str
    title: str
    reach: Reach = Reach.AGENCY


READER: Final = Person(
    key="reader", name="Đặng Thị Quỳnh Mai", agency=CITY_ARCHIVE, title="Viên chức phòng đọc", reach=Reach.CITY
)
STRANGER: Final = Person(key="stranger", name="Lương Bá Khiêm", agency=STRANGERS_BODY, title="Công chức văn phòng")
PEOPLE: Final[tuple[Person, ...]] = (
    Person(key=Office.ARCHIVIST, name="Trịnh Thu Hằng", agency=CITY_ARCHIVE, title=TITLES[Office.ARCHIVIST][0]),
    Person(key=Office.DIGITIZER, name="Ngô Quang Vinh", agency=SERVICE_CENTER, title=TITLES[Office.DIGITIZER][0]),
    Person(key=Office.PLANNER, name="Vũ Đức Thắng", agency=CITY_COMMITTEE, title=TITLES[Office.PLANNER][0]),
    Person(key=Office.GIVER, name="Phan Thị Bích Liên", agency=CITY_COMMITTEE, title=TITLES[Office.GIVER][0]),
    Person(key=Office.RECEIVER, name="Hoàng Minh Tú", agency=CITY_ARCHIVE, title=TITLES[Office.RECEIVER][0]),
    READER,
    STRANGER,
)


def actor_id(stage: Stage, person: Person) -> UUID:
    """The person's opaque actor id."""
    return stage.product.naming.other("actor", person.key)


def appoint_people(stage: Stage) -> None:
    """Record each person's office, by the archivist's signature."""
    product = stage.product
    archivist = product.actor(Office.ARCHIVIST)
    for person in PEOPLE:
        fact = PrincipalAppointed(
            agency=product.naming.agency(person.agency),
            office=person.title,
            Name=Plain(person.name),
            reach=person.reach,
        )
        whom = actor_id(stage, person)
        principal.appoint(product.main, archivist, stage.act_ids(f"principal.appoint:{person.key}"), whom, fact)
