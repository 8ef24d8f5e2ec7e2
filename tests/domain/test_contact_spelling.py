"""The same number or address is the same however it was written, and another is not."""

from itertools import combinations

import pytest

from victimcare.domain.contact_spelling import address_lines, compared_form, text_windows
from victimcare.domain.safe_contact import PointKind as K

SAME = [
    (K.PHONE, ["07700 900123", "+44 7700 900123", "0044 (0)7700-900-123", "(07700) 900123", "O77OO 9OO123"]),
    (K.PHONE, ["01632 960001", "+441632960001"]),
    (K.EMAIL, ["Wren@Example.org", "wren@example.ORG "]),
    (K.ADDRESS, ["Flat 2, 14 Invented Rd.\nSampleton\nlu99 2zz", "14 Invented Road, Flat 2, Sampleton LU992ZZ"]),
    (K.ADDRESS, ["14 Invented Street\nLU99 2ZZ", "14 INVENTED ST, Sampleton, lu99-2zz"]),
    (K.ADDRESS, ["The Old Barn, Invented Lane", "the old barn invented ln"]),
    (K.OTHER, ["Through her sister", "through HER sister!"]),
]


@pytest.mark.parametrize(("kind", "spellings"), SAME)
def test_spellings_of_one_are_the_same(kind: K, spellings: list[str]) -> None:
    assert len({compared_form(kind, spelled) for spelled in spellings}) == 1


def test_different_ones_are_different() -> None:
    forms = [compared_form(kind, spellings[0]) for kind, spellings in SAME]
    assert all(one != other for one, other in combinations(forms, 2))
    assert compared_form(K.ADDRESS, "15 Invented St, LU99 2ZZ") != compared_form(K.ADDRESS, "14 Invented St, LU99 2ZZ")
    assert compared_form(K.PHONE, "07700 900123") != compared_form(K.OTHER, "07700 900123")


def test_the_lines_of_an_address_are_found_in_a_text_however_it_is_written() -> None:
    lines = address_lines("Flat 2\n14 Invented Street\nSampleton\nLU99 2ZZ")
    assert lines == ("14 invented street", "lu99 2zz")
    assert "14 invented street" in text_windows("She said that 14, Invented St. is where he came to")
    assert not set(lines) & text_windows("She lives in a flat, number 2, and invented nothing")
