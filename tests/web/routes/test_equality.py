"""Characteristics are asked once, in the victim's words, and shown nowhere but on their own page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.editions.equality import characteristics
from victimcare.store.equality import EQUALITY
from victimcare.store.journeys import EVENTS

WORDS = "CANARY words of their own"


def send(casework: Casework, browser: Browser, ref: str, **changes: Any) -> Any:
    form = casework.page(browser, f"/cases/{ref}/equality").form(f"/cases/{ref}/equality")
    return browser.post(form.action, form.filled(**changes))


def test_there_are_the_nine_characteristics_of_the_act() -> None:
    assert len(characteristics()) == len({one.id for one in characteristics()}) == 9


def test_what_was_answered_is_on_its_own_page_only(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    said = {"answer_religion": "recorded", "words_religion": WORDS, "answer_sex": "prefers_not_to_say"}
    assert send(casework, browser, ref, **said).headers["location"] == f"/cases/{ref}/victim?done=equality"
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert "2 of 9 asked" in page.text
    for path in (f"/cases/{ref}/victim", f"/cases/{ref}", "/", "/cases"):
        assert "CANARY" not in browser.get(path).text
    form = casework.page(browser, f"/cases/{ref}/equality").form(f"/cases/{ref}/equality")
    assert form.ticked("words_religion") == [WORDS]
    assert form.ticked("answer_sex") == ["prefers_not_to_say"]
    assert form.ticked("answer_age") == [], "not asked yet"
    with casework.site.database.reading() as connection:
        assert "CANARY" not in str(connection.execute(select(EVENTS)).all())
    assert ("consultation", "equality answers", "officer", "done") in casework.site.audit()


def test_an_answer_needs_something_said_and_something_said_an_answer(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    for changes, message in (
        ({"answer_sex": "recorded"}, "Choose a category or enter their own words"),
        ({"category_sex": "Female"}, "Say “Recorded”, or empty the category and the words"),
        ({"answer_sex": "recorded", "category_sex": "Unlisted"}, "Sex, category is not one that is known here"),
    ):
        answer = send(casework, browser, ref, **changes)
        assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    with casework.site.database.reading() as connection:
        assert connection.execute(select(EQUALITY)).all() == []


def test_nobody_else_has_the_page(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    found = {
        who: sqlite_casework.site.sign_in(who).get(f"/cases/{ref}/equality").status_code
        for who in ("stranger", "colleague", "board")
    }
    assert found == {"stranger": 404, "colleague": 404, "board": 403}
