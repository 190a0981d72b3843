"""One paper in two fonds: suggested, matched with a reference, unmatched again; both provenances and the past stay."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from domain.document import DocumentDescribed, DocumentsMatched
from domain.errors import Refusal
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.commands import document
from mocban.custody.document_named import document_named
from mocban.database import Databases
from projections.chain import chain
from projections.finding_aid_queries import matches_of
from projections.match_suggestions import suggestions
from projections.view import Connection
from tests.projections.house import House
from tests.projections.story import Story, a

LATE = "2199-12-31"


@pytest.fixture(scope="module")
def twins(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Files of several fonds; documents 3817/QĐ-UBND in two districts, one of another number, one of another date."""
    house = House(module_database, tmp_path_factory.mktemp("twins"))
    story = Story(house)
    story.found_bodies()
    story.register_files(1)
    for name, fonds, number, dated in (
        ("one", "d1-government", "3817", "2014-07-21"),
        ("two", "d2-government", "3817", "2014-07"),
        ("other-number", "d2-party", "3818", "2014-07-21"),
        ("other-date", "a1-government", "3817", "2013-07-21"),
        ("same-fonds", "d1-government", "3817", "2014-07-21"),
    ):
        fact = DocumentDescribed(
            file=a("file", f"{fonds}/0"), DocOrdinal=1, TypeName="Quyết định", CodeNumber=number,
            CodeNotation="QĐ-UBND", IssuedDate=dated, Subject=Plain("Về việc kín"),
        )  # fmt: skip
        house.record("document.describe", {a("document", name): [fact]}, {a("document", name): fact.file})
    house.runner.drain()
    yield story
    house.close()


@pytest.fixture(scope="module")
def reader(twins: Story) -> Iterator[Connection]:
    """A reader's connection."""
    with twins.house.reader() as opened:
        yield opened


def pairs(reader: Connection) -> set[frozenset[UUID]]:
    """What is suggested."""
    return {frozenset((one.one, one.other)) for one in suggestions(reader)}


def test_matched_and_unmatched(twins: Story, reader: Connection) -> None:
    """Given twins: suggested until matched, again once unmatched; the chains of both tell all of it."""
    one, two, third = a("document", "one"), a("document", "two"), a("document", "same-fonds")
    assert pairs(reader) == {frozenset((one, two)), frozenset((third, two))}
    house, stream = twins.house, a("match", "twins")
    fact = DocumentsMatched(reference=one, others=(two,), basis="Đã so bản quét", similarity=98)
    document.match(house.main, house.clerk, new_act_id(), stream, fact)
    house.runner.drain()
    assert pairs(reader) == {frozenset((third, two))}
    assert [(row.reference, row.other) for row in matches_of(reader, two)] == [(one, two)]
    with pytest.raises(Refusal, match="match-already"):
        document.match(house.main, house.clerk, new_act_id(), stream, fact)
    document.unmatch(house.main, house.clerk, new_act_id(), stream, "Khác nhau ở trang 2")
    house.runner.drain()
    assert matches_of(reader, one) == matches_of(reader, two) == []
    assert pairs(reader) == {frozenset((one, two)), frozenset((third, two))}
    for file in (a("file", "d1-government/0"), a("file", "d2-government/0")):
        told = [one.type for _, one in chain(reader, file, LATE).events() if one.what == "match"]
        assert told == ["documents.matched/1", "documents.unmatched/1"]
    with pytest.raises(Refusal, match="match-already-undone"):
        document.unmatch(house.main, house.clerk, new_act_id(), stream, "lần nữa")
    with pytest.raises(Refusal, match="match-unknown"):
        document.unmatch(house.main, house.clerk, new_act_id(), a("match", "none"), "x")
    document.match(house.main, house.clerk, new_act_id(), stream, fact)
    house.runner.drain()
    assert [row.reference for row in matches_of(reader, two)] == [one]


def test_a_document_is_named_by_its_place(twins: Story) -> None:
    """Given a file's code and an ordinal, or an id, that document is meant; any other place is nobody's."""
    with twins.house.reader() as reader:
        ((code,),) = reader.execute(
            "SELECT code FROM projection.file WHERE id = %s", [a("file", "d2-party/0")]
        ).fetchall()
        assert document_named(reader, f"{code}/1") == a("document", "other-number")
        assert document_named(reader, str(a("document", "two"))) == a("document", "two")
        for nobody in (f"{code}/2", f"{code}/", f"{code}/1e9", str(code), "", f"{code}/{'9' * 30}"):
            with pytest.raises(Refusal, match="document-unknown"):
                document_named(reader, nobody)
