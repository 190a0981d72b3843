"""Ids and codes: the same thing always gets the same id, and nothing else does."""

from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import FileCode, Naming, derive_id, number_key, public_id

SECRET = bytes(range(32))


def test_an_id_is_version_8_and_repeats() -> None:
    """The id of a natural key under a secret is a UUIDv8 and the same each time."""
    one = derive_id(SECRET, "file", "H26\x002019\x0001")
    assert one.version == 8
    assert one == derive_id(SECRET, "file", "H26\x002019\x0001")


@given(st.text(max_size=20), st.text(max_size=20))
def test_another_secret_or_kind_gives_another_id(kind: str, key: str) -> None:
    """Nobody without the secret can recompute an id from a code."""
    assert derive_id(SECRET, kind, key) != derive_id(b"\0" * 32, kind, key)
    assert derive_id(SECRET, kind, key) != derive_id(SECRET, kind + "x", key)


def test_composed_and_decomposed_letters_are_one_key() -> None:
    """A code typed with combining marks names the same thing."""
    assert derive_id(SECRET, "fonds", "Đ\u1ebf") == derive_id(SECRET, "fonds", "Đe\u0302\u0301")


def test_files_with_the_same_joined_text_stay_apart() -> None:
    """`A.1` + `2` and `A` + `1.2` read alike when joined; they are two files all the same."""
    naming = Naming(SECRET)
    one, other = FileCode("H26.1", 2019, "2"), FileCode("H26", 2019, "2")
    assert naming.file(one) != naming.file(other)
    assert FileCode("H26", 2019, "HS.01").text == "H26.2019.HS.01"


def test_a_code_of_two_units_gives_two_ids() -> None:
    """Code 00634 was phường Đại Mỗ until 30/6/2025 and is phường Tây Mỗ since."""
    naming = Naming(SECRET)
    assert naming.unit("00634", "2020-01-01") != naming.unit("00634", "2025-07-01")


def test_document_numbers_are_compared_in_normal_form() -> None:
    """Leading zeros, case and spaces do not make another number."""
    rows = [("05", "QĐ-UBND", "5/QĐ-UBND"), ("5", "qđ - ubnd", "5/QĐ-UBND"), ("123", "", "123"), ("00", "TB", "0/TB")]
    for number, notation, key in rows:
        assert number_key(number, notation) == key


def test_a_public_id_needs_no_secret() -> None:
    """A lot's id follows from what stands in the ledger in clear."""
    assert public_id("lot", "a", "b") == public_id("lot", "a", "b") != public_id("lot", "a", "c")
