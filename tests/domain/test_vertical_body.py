"""Police, army, tax and courts are out of scope and refused; bodies that only sound alike are not."""

from __future__ import annotations

import unicodedata
from uuid import UUID

import pytest

from domain.agency import AgencyEstablished, AgencyKind, Block, establish
from domain.errors import TEXTS, Refusal
from domain.vertical_body import is_vertical
from reference import hanoi


def fact(name: str) -> AgencyEstablished:
    """An agency of this name."""
    return AgencyEstablished(
        name=name, block=Block.GOVERNMENT, kind=AgencyKind.DEPARTMENT, unit=UUID(int=1), code="H26.99",
        valid_from="2025-07-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "Công an phường Cửa Nam",
        "CÔNG AN  quận Ba Đình",
        "Ban Chỉ huy quân sự xã Đông Anh",
        "Bộ Tư lệnh Thủ đô Hà Nội",
        "Chi cục Thuế quận Hai Bà Trưng",
        "Thuế cơ sở 1",
        "Toà án nhân dân quận Hoàn Kiếm",
        "Tòa án nhân dân khu vực 1",
        "Viện kiểm sát nhân dân huyện Sóc Sơn",
        unicodedata.normalize("NFD", "Công an thành phố Hà Nội"),
    ],
)
def test_vertical_bodies_are_refused(name: str) -> None:
    """Given a body of the vertical branches, however written, then it is refused with a reason in both languages."""
    with pytest.raises(Refusal) as refused:
        establish(None, fact(name))
    assert refused.value.code == "agency-out-of-scope"
    assert "ngành dọc" in TEXTS[refused.value.code][0]


def test_no_body_of_the_three_blocks_is_taken_for_one() -> None:
    """Given every agency of Hà Nội that is shipped, and names that begin alike, then none is refused."""
    names = [body.name for body in (*hanoi.agencies_before(), *hanoi.agencies_after(), *hanoi.departments())]
    assert len(names) > 2000
    assert [name for name in (*names, "Công anh", "Hội Cựu chiến binh", "Thuế") if is_vertical(name)] == ["Thuế"]
