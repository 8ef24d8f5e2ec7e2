"""The way through the board's pages: each is found from the summary, and says where one is."""

from __future__ import annotations

from tests.web.casework import Casework
from tests.web.every_form import routes

NO_PLACE_OF_ITS_OWN = ("/new", "/file")
"""Pages that belong to another, which leads to them."""


def pages_of_the_board(casework: Casework) -> set[str]:
    """Every page that opens by its address alone."""
    found = {path for path in routes(casework, "GET") if path.startswith("/board/") and "{" not in path}
    assert len(found) > 10, "the routes were seen"
    return {path for path in found if not path.endswith(NO_PLACE_OF_ITS_OWN)}


def test_the_summary_leads_to_every_page(casework: Casework) -> None:
    index = casework.site.sign_in("board").get("/board").text.split('id="all-pages"')[1]
    assert {path for path in pages_of_the_board(casework) if f'href="{path}"' not in index} == set()


def test_each_page_says_where_one_is_and_does_not_lead_to_itself(casework: Casework) -> None:
    browser = casework.site.sign_in("board")
    for address in sorted(pages_of_the_board(casework)):
        contents = browser.get(address).text.split("app-board-contents")[1:]
        parts, pages = contents[0], contents[1].split("</nav>")[0]
        assert parts.count('aria-current="true"') == 1, address
        assert pages.count('aria-current="page"') == 1, address
        assert f'href="{address}"' not in pages, address
