"""The register of incidents: recorded with its clock, decided, closed, and read by its team's supervisors alone."""

from __future__ import annotations

from typing import Any

from tests.web.casework import Casework
from tests.web.every_form import INCIDENT
from tests.web.page import Page

WORDS = "Canaryletter went to the wrong house"
WHY = "They could be found by it"


def recorded(casework: Casework, **other: Any) -> Any:
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, "/incidents/new").form("/incidents")
    typed = {name.replace("-", "__"): value for name, value in {**INCIDENT, "words": WORDS, **other}.items()}
    return browser.post("/incidents", form.filled(**typed))


def opened(casework: Casework, who: str = "supervisor") -> Page:
    """The one incident of the register."""
    browser = casework.site.sign_in(who)
    links = [link for link in casework.page(browser, "/incidents").links(starts="/incidents/") if "new" not in link]
    return casework.page(browser, links[0])


def test_it_is_recorded_with_its_cases_and_its_clock(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    assert recorded(casework, refs=ref.lower()).headers["location"] == "/incidents?done=recorded"
    page = casework.page(casework.site.sign_in("supervisor"), "/incidents")
    assert "22 hours left until 23 May 2026 at 9:00am" in page.text  # found on Wednesday at 9, it is Friday 10:30
    assert WORDS in opened(casework).text
    assert ref in opened(casework).text
    casework.site.clock.forward(days=1)
    page = casework.page(casework.site.sign_in("supervisor"), "/incidents")
    assert "The 72 hours are over since 23 May 2026 at 9:00am" in page.text


def test_every_page_of_those_who_decide_says_how_much_is_left_until_somebody_has(casework: Casework) -> None:
    recorded(casework)
    words = "22 hours left, until 23 May 2026 at 9:00am, of the 72 hours of an incident"
    supervisor = casework.site.sign_in("supervisor")
    for path in ("/", "/help", "/cases"):
        page = casework.page(supervisor, path)
        assert words in page.text, path
        assert WORDS not in page.text
    for who in ("officer", "board", "administrator", "reviewer"):
        assert "72 hours" not in casework.page(casework.site.sign_in(who), "/help").text
    path = next(link for link in casework.page(supervisor, "/help").links(starts="/incidents/"))
    casework.site.clock.forward(days=1)
    supervisor = casework.site.sign_in("supervisor")
    assert "The 72 hours of an incident are over since 23 May 2026" in casework.page(supervisor, "/help").text
    form = casework.page(supervisor, path).form(f"{path}/decision")
    assert supervisor.post(f"{path}/decision", form.filled(decision="told", why=WHY)).status_code == 303
    assert "72 hours of an incident" not in casework.page(supervisor, "/help").text


def test_it_is_decided_before_it_is_closed(casework: Casework) -> None:
    recorded(casework)
    browser = casework.site.sign_in("supervisor")
    links = casework.page(browser, "/incidents").links(starts="/incidents/")
    path = next(link for link in links if "new" not in link)
    early = browser.post(f"{path}/close", {"form_key": "early"})
    assert early.status_code == 422
    assert "Decide first" in Page(early.text).errors()[0]
    form = casework.page(browser, path).form(f"{path}/decision")
    assert browser.post(f"{path}/decision", form.filled(decision="told", why="Short")).status_code == 422
    assert browser.post(f"{path}/decision", form.filled(decision="told", why=WHY)).status_code == 303
    assert browser.post(f"{path}/close", casework.page(browser, path).form(f"{path}/close").filled()).status_code == 303
    text = casework.page(browser, path).text
    assert "The Information Commissioner was told" in text
    assert "Closed Example Supervisor" in text
    assert browser.post(f"{path}/close", {"form_key": "again"}).status_code == 404
    whats = [what for _, what, _, _ in casework.site.audit()]
    assert {"record incident", "decide on incident", "close incident"} <= set(whats)


def test_an_administrator_sees_the_clock_and_no_word_and_no_case(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    recorded(casework, refs=ref)
    page = opened(casework, "administrator")
    assert "hours left" in page.text
    assert WORDS not in page.text
    assert ref not in page.text
    assert casework.site.sign_in("administrator").get("/incidents/new").status_code == 403
    assert casework.site.sign_in("officer").get("/incidents").status_code == 403


def test_a_case_that_is_not_theirs_and_a_time_to_come_are_refused(casework: Casework) -> None:
    other = casework.case("Wren Sample", officer="stranger")
    answer = recorded(casework, refs=other)
    assert answer.status_code == 422
    assert f"There is no case {other}, or it is not yours to see" in Page(answer.text).errors()
    future = recorded(casework, found_time="23:00", **{"found_on-day": "22"})
    assert "It cannot have been found after now" in Page(future.text).errors()
