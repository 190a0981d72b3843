"""Where a file's paper is: its chain follows the box, act by act, and custody does not move with it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from domain.basis import Instrument
from domain.container import (
    ContainerEvent,
    ContainerKind,
    ContainerLent,
    ContainerMoved,
    ContainerOpened,
    ContainerRegistered,
    ContainerReturned,
    Place,
)
from domain.errors import Refusal
from domain.lot import Carrier
from ledger.act_id import new_act_id
from ledger.commands import container
from mocban.database import Databases
from projections.chain import chain
from projections.chain_sentence import clauses, in_words
from projections.container_queries import container_on, containers, containers_named, files_in
from projections.custody_queries import custody_of
from projections.view import Connection
from tests.projections.house import House
from tests.projections.story import Story, a

LATE = "2199-12-31"
TODAY = "2026-01-01"
YES = Instrument(number="7/GP-SNV", issued="2025-07-01", issuer="Sở Nội vụ", in_force="2025-07-01")
BOX = a("container", "d2-H1")


@pytest.fixture(scope="module")
def stored(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Files of every fonds, in boxes that their registrations name; no container is registered yet."""
    house = House(module_database, tmp_path_factory.mktemp("stored"))
    story = Story(house)
    story.found_bodies()
    story.register_files(6)
    house.runner.drain()
    yield story
    house.close()


@pytest.fixture(scope="module")
def reader(stored: Story) -> Iterator[Connection]:
    """A reader's connection."""
    with stored.house.reader() as opened:
        yield opened


def do(story: Story, fact: ContainerEvent, stream: UUID = BOX) -> int:
    """Do it and fold; the act's index."""
    done = container.record(story.house.main, story.house.clerk, new_act_id(), stream, fact, TODAY)
    story.house.runner.drain()
    return done.act_index


def a_box(story: Story) -> tuple[list[UUID], list[UUID]]:
    """Files of one fonds whose registration names H1, and its others; both there are."""
    for body in sorted({made.FileCode.OrganId for made in story.files.values()}):
        of_body = {key: made for key, made in story.files.items() if made.FileCode.OrganId == body}
        inside = [key for key, made in of_body.items() if made.box == "H1"]
        if body != "d1-government" and 0 < len(inside) < len(of_body):
            return inside, [key for key in of_body if key not in inside]
    raise AssertionError


def said(reader: Connection, file: UUID, on: str = LATE, known_at: int = 2**62) -> str:
    """The sentence of its chain, Vietnamese."""
    return in_words(clauses(chain(reader, file, on, known_at)))[0]


def test_a_file_is_where_its_box_is(stored: Story, reader: Connection) -> None:
    """Given a box that is registered, moved, lent and returned, the chain says where it is, as of each day and act."""
    inside, outside = a_box(stored)
    file, body = inside[0], stored.files[inside[0]].FileCode.OrganId
    fonds, keeper = a("fonds", body), a("agency", body)
    before = custody_of(reader, file, Carrier.PAPER, LATE)
    here = Place(keeper=keeper, repository="Kho quận", room="P2", shelf="G5")
    away = Place(keeper=a("agency", "archive"), repository="Kho Lưu trữ lịch sử", shelf="G77")
    stands = ContainerRegistered(kind=ContainerKind.BOX, label="H1", fonds=fonds, place=here, on="2025-06-01")
    registered = do(stored, stands)
    moved = do(stored, ContainerMoved(place=away, on="2025-07-02", permission=YES))
    lent = do(
        stored, ContainerLent(borrower=a("agency", "party-archive"), on="2025-08-01", due="2025-09-01", permission=YES)
    )

    assert f"đang ở kho của Cơ quan {body} (Kho quận, P2, G5) từ 01/6/2025, hộp H1" in said(reader, file, "2025-07-01")
    for sentence in (said(reader, file, "2025-07-02"), said(reader, file, LATE, moved)):
        assert f"do Cơ quan {body} giữ, đang ở kho của Cơ quan archive (Kho Lưu trữ lịch sử, G77)" in sentence
        assert "mượn" not in sentence
    assert "cho Cơ quan party-archive mượn từ 01/8/2025, hạn trả 01/9/2025" in said(reader, file)
    assert "Kho Lưu trữ" not in said(reader, file, LATE, registered)
    assert "Kho" not in said(reader, outside[0])
    whole = chain(reader, file, LATE)
    assert [act.index for act, one in whole.events() if one.what == "container"] == [registered, moved, lent]
    (now,) = (one for one in clauses(whole) if "đang ở kho" in one.vi)
    assert {moved, lent} < {*now.acts}
    after = custody_of(reader, file, Carrier.PAPER, LATE)
    assert (after.custody.assigned_to, after.custody.held_by) == (before.custody.assigned_to, before.custody.held_by)

    found = container_on(reader, BOX, LATE)
    assert found is not None
    assert found.placed_by.act == moved
    assert found.name == f"P-{body}/H1"
    assert containers_named(reader, found.name) == containers_named(reader, str(BOX)) == [BOX]
    assert files_in(reader, BOX) == sorted(stored.files[key].FileCode.text for key in inside)
    assert container_on(reader, BOX, "2025-05-31") is None
    back = do(stored, ContainerReturned(place=away, on="2025-09-02"))
    assert "mượn" not in said(reader, file)
    assert next(one.state.lent for one in containers(reader, LATE, back - 1, fonds=f"P-{body}")) is not None


def test_sealed_sets_stay_uncounted_until_opened(stored: Story, reader: Connection) -> None:
    """Given a sealed set, it is uncounted before its opening and counted after; nobody opens it twice."""
    fonds, stream = a("fonds", "d1-government"), a("container", "d1-set")
    place = Place(keeper=a("agency", "d1-government"), repository="Kho quận")
    stands = ContainerRegistered(
        kind=ContainerKind.SEALED_SET, label="Tập 1", fonds=fonds, place=place, on="2025-06-30", seal="N1"
    )
    do(stored, stands, stream)
    opened = ContainerOpened(seal="N2", on="2025-07-10", basis="8/QĐ-SNV", files=5)
    do(stored, opened, stream)
    sealed, counted = (container_on(reader, stream, day) for day in ("2025-07-09", "2025-07-10"))
    assert sealed is not None
    assert counted is not None
    assert (sealed.uncounted, sealed.state.files, counted.uncounted, counted.state.files) == (True, None, False, 5)
    with pytest.raises(Refusal, match="container-not-sealed"):
        do(stored, opened, stream)
    with pytest.raises(Refusal, match="container-unknown"):
        do(stored, opened, a("container", "nowhere"))
    stands = msgspec.structs.replace(stands, fonds=a("fonds", "none"))
    with pytest.raises(Refusal, match="fonds-unknown"):
        do(stored, stands, a("container", "x"))
