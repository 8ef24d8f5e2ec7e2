"""What the query of an address asks for and no page offers is told alike on every page, and shows nothing instead."""

from __future__ import annotations

import pytest

from tests.web.casework import Casework, add_strangers
from tests.web.every_form import LATE
from tests.web.page import Page
from tests.web.site import Site

NARROWED = {
    "officer": [
        "/cases?tier=gold",
        "/cases?status=lost",
        "/cases?late=perhaps",
        "/cases?page=abc",
        *(f"/cases/{{ref}}/journey?{asked}" for asked in ("shown=secrets", "stage=heaven", "compact=perhaps")),
    ],
    "supervisor": [
        "/team/waiting?only=nothing",
        *(f"/team/duties?{asked}" for asked in ("due=never", "owed=nobody", "right=99", "late=1-2", "day=2020-01-01")),
        "/team/duties?officer=stranger",
        "/team/samples?month=2020-13",
        "/team/samples?month=2999-01",
        "/cases/{ref}/access?shown=secrets",
        "/cases/{ref}/access?page=x",
        "/retention?done=nothing",
    ],
    "board": [
        *(f"/board/compliance?{asked}" for asked in ("by=gender", "period=1066", "since=1066")),
        "/board/months?agency=nobody",
        *(f"/board/feedback?{asked}" for asked in ("question=x", "by=x", "quarter=x")),
        "/board/support?by=x",
        "/board/actions?recorded=perhaps",
    ],
}
"""By who may open the page: what it does not offer, and is asked for."""


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


@pytest.mark.parametrize("who", NARROWED)
def test_what_a_page_does_not_offer_is_told_alike_on_every_page(casework: Casework, who: str) -> None:
    ref = casework.case("Wren Sample")
    browser = casework.site.sign_in(who)
    before = casework.site.audit()
    for address in NARROWED[who]:
        answer = browser.get(address.format(ref=ref))
        page = Page(answer.text)
        assert answer.status_code == 404, address
        assert "There is no such choice" in page.text, address
        assert "Open the page again, and choose anew" in page.text
        assert "Wren Sample" not in page.text
    assert not [row for row in casework.site.audit()[len(before) :] if row[-1] != "done"], "nobody was refused"


def test_the_part_of_a_page_that_is_asked_for_is_refused_as_the_page_is(casework: Casework) -> None:
    answer = casework.site.sign_in().client.get("/cases?tier=gold", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "body"


def test_a_choice_that_is_left_empty_is_none(casework: Casework) -> None:
    casework.case("Wren Sample")
    officer = casework.site.sign_in()
    assert "Wren Sample" in casework.page(officer, "/cases?tier=&search=").text


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("officer", ("/", "/cases", "/cases/{ref}", "/cases/{ref}/journey")),
        (
            "supervisor",
            ("/team", "/team/duties", "/team/waiting", "/team/forecast", "/team/samples", "/cases/{ref}/access"),
        ),
    ],
)
def test_every_choice_that_a_page_links_to_is_one(casework: Casework, who: str, pages: tuple[str, ...]) -> None:
    ref = casework.case("Wren Sample", at=LATE)
    browser = casework.site.sign_in(who)
    links = {link for page in pages for link in casework.page(browser, page.format(ref=ref)).links() if "?" in link}
    assert len(links) > 3
    assert {link: status for link in links if (status := browser.get(link).status_code) != 200} == {}
