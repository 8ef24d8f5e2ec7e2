"""Pages of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from victimcare.presentation.paging import Paging


def test_a_page_says_what_it_shows() -> None:
    paging = Paging(asked=2, total=310, size=25, address="/cases?tier=enhanced")
    assert (paging.first, paging.last, paging.pages) == (26, 50, 13)
    assert (paging.previous, paging.next) == (1, 3)
    assert paging.href(3) == "/cases?tier=enhanced&page=3"


@pytest.mark.parametrize(
    ("asked", "shown"), [(1, (1, 2, None, 13)), (3, (1, 2, 3, 4, None, 13)), (7, (1, None, 6, 7, 8, None, 13))]
)
def test_pages_far_away_are_left_out(asked: int, shown: tuple[int | None, ...]) -> None:
    assert Paging(asked, 310, 25, "/cases").numbers == shown


def test_an_empty_list_has_one_empty_page() -> None:
    paging = Paging(1, 0, 25, "/cases")
    assert (paging.pages, paging.first, paging.last, paging.previous, paging.next) == (1, 0, 0, None, None)


@given(st.integers(-5, 60), st.integers(0, 500), st.integers(1, 50))
def test_every_page_asked_for_exists_and_links_to_both_ends(asked: int, total: int, size: int) -> None:
    paging = Paging(asked, total, size, "/cases")
    assert 1 <= paging.page <= paging.pages
    assert 0 <= paging.offset <= total
    assert {1, paging.page, paging.pages} <= set(paging.numbers)
    assert None not in (paging.numbers[0], paging.numbers[-1])
