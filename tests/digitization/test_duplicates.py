"""Exact and near duplicates, by digest and by MinHash."""

from __future__ import annotations

from digitization import duplicates

TEXT = " ".join(f"Điều {n}. Giao đơn vị thứ {n * 7} chỉnh lý tài liệu năm {1950 + n}." for n in range(60))


def test_a_text_is_like_itself_and_unlike_another() -> None:
    """Given a text, a copy with misread accents and another text, when compared, then only the copy is near."""
    misread = TEXT.replace("ệ", "ê").replace("Điều 12", "Diêu l2").replace("1980", "198O")
    other = " ".join(f"Hộ ông {n} ở thôn {n * 3}, thửa đất số {n * 11}, diện tích {n * 13} m2." for n in range(60))
    ours = duplicates.signature(TEXT)
    assert duplicates.similarity(ours, ours) == 1.0
    assert duplicates.similarity(ours, duplicates.signature(misread)) > duplicates.NEAR
    assert duplicates.similarity(ours, duplicates.signature(other)) < 0.3


def test_signatures_are_fixed_for_ever() -> None:
    """Given a text, when signed, then the numbers are those of every other day: signatures are stored and compared."""
    signed = duplicates.signature(TEXT)
    assert len(signed) == 128
    assert signed[:4] == GOLDEN


def test_too_little_text_has_no_signature() -> None:
    """Given a line or nothing, when signed and compared, then it is like nothing."""
    assert duplicates.signature("Số: 12/QĐ-UBND") == ()
    assert duplicates.similarity((), duplicates.signature(TEXT)) == 0.0


GOLDEN = (107784, 314225, 562570, 1772034)
