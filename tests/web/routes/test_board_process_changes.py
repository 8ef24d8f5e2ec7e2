"""That a process changed: declared for the board, drawn on the chart, and when it is withdrawn, kept all the same."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.web.page import Page
from tests.web.routes.test_board_actions import day, page, published, quarter_after
from tests.web.site import NAMES, Browser, Site
from victimcare.domain.law import Law
from victimcare.store.process_changes import CHANGES, WITHDRAWN

__all__ = ["published"]

CHANGES_PAGE = "/board/months/changes"
THE_CHANGE = f"{CHANGES_PAGE}/{NAMES.name('process_change', 1)}"
REASON = "One team tells victims of every arrest"


def declare(site: Site, **changes: str) -> tuple[int, Page]:
    browser = site.sign_in("board")
    form = page(browser, f"{CHANGES_PAGE}/new?agency=police").form(CHANGES_PAGE)
    filled = {"month": "2026-03", "reason": REASON, "decided_by": "board", **day("decided_on", date(2026, 2, 20))}
    answer = browser.post(CHANGES_PAGE, form.filled(**{**filled, **changes}))
    return answer.status_code, Page(answer.text) if answer.text else page(browser, answer.headers["location"])


def declared(site: Site) -> list[tuple[str, date, str, str]]:
    with site.database.reading() as connection:
        rows = connection.execute(select(CHANGES).order_by(CHANGES.c.id))
        return [(row.agency, row.from_on, row.reason, row.decided_by) for row in rows]


def withdraw(browser: Browser, number: int = 1) -> int:
    path = f"{CHANGES_PAGE}/{NAMES.name('process_change', number)}"
    form = page(browser, path).form(f"{path}/withdraw").filled(why="The team was never formed")
    return browser.post(f"{path}/withdraw", form).status_code


def test_a_change_is_declared_and_the_months_say_so(published: Site, law: Law) -> None:
    status, listed = declare(published, month="2026-05")
    assert (status, declared(published)) == (303, [("police", date(2026, 5, 1), REASON, "board")])
    assert REASON in listed.text
    assert ("collection", "declare process change 1", "board", "done") in published.audit()
    quarter_after(published, law, [3] * 50)
    months = page(published.sign_in("board"), "/board/months?agency=police")
    assert f"A, from May 2026: {REASON}. Decided by the board, 20 February 2026" in months.text
    assert "limits begin anew with July 2026, the first month since that is shown" in months.text
    assert "July 2026" in months.text
    assert "Limits begin anew: A" in months.text
    assert "too few to judge" in months.text


def test_what_is_withdrawn_draws_nothing_and_stays_in_the_record(published: Site, law: Law) -> None:
    declare(published, month="2026-05")
    quarter_after(published, law, [3] * 50)
    browser = published.sign_in("board")
    assert withdraw(browser) == 303
    assert "Limits begin anew" not in page(browser, "/board/months?agency=police").text
    assert "Withdrawn" in page(browser, CHANGES_PAGE).text
    one = page(browser, THE_CHANGE)
    assert REASON in one.text
    assert "The team was never formed" in one.text
    assert [form.action for form in one.forms if form.action.startswith(CHANGES_PAGE)] == []
    assert declared(published) == [("police", date(2026, 5, 1), REASON, "board")]
    assert ("alteration", "withdraw process change 1", "board", "done") in published.audit()


def test_it_can_be_withdrawn_once(published: Site) -> None:
    declare(published)
    browser = published.sign_in("board")
    form = page(browser, THE_CHANGE).form(f"{THE_CHANGE}/withdraw").filled(why="The team was never formed")
    assert browser.post(f"{THE_CHANGE}/withdraw", form).status_code == 303
    again = browser.post(f"{THE_CHANGE}/withdraw", {**form, "form_key": "another", "why": "Another reason"})
    assert again.status_code == 422
    with published.database.reading() as connection:
        assert [row.reason for row in connection.execute(select(WITHDRAWN))] == ["The team was never formed"]


def test_a_month_is_declared_once_unless_it_was_withdrawn(published: Site) -> None:
    declare(published)
    status, shown = declare(published, reason="Another reason")
    assert (status, len(declared(published))) == (422, 1)
    assert "A change is declared of this month already" in " ".join(shown.errors())
    withdraw(published.sign_in("board"))
    assert declare(published, reason="Another reason")[0] == 303


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "Enter what changed"),
        ({"reason": "The victim at LU1 2AB moved"}, "must not tell a postcode"),
        ({"agency": "nobody"}, "Choose the agency"),
        ({"month": "2026-13"}, "Choose the month"),
        ({"month": "2026-01"}, "Choose the month"),
        ({"month": "2031-01"}, "Choose the month"),
        ({"decided_by": "hmcts"}, "Say who decided it"),
        (day("decided_on", date(2026, 12, 1)), "must be today or in the past"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(published: Site, changes: dict[str, str], says: str) -> None:
    status, shown = declare(published, **changes)
    assert status == 422
    assert says in " ".join(shown.errors())
    assert declared(published) == []


def test_the_file_of_the_months_says_it_too(published: Site, law: Law) -> None:
    declare(published, month="2026-05")
    quarter_after(published, law, [3] * 50)
    browser = published.sign_in("board")
    shown = page(browser, "/board/months/file?agency=police").form("/board/months/file").filled(purpose="meeting")
    taken = browser.post("/board/months/file", shown).text
    assert "Held against months since" in taken
    assert REASON in taken


def test_without_published_figures_there_is_nothing_to_declare(site: Site) -> None:
    browser = site.sign_in("board")
    assert "none was published yet" in page(browser, CHANGES_PAGE).text
    assert browser.get(f"{CHANGES_PAGE}/new").status_code == 404


def test_a_change_that_is_none_does_not_exist(published: Site) -> None:
    browser = published.sign_in("board")
    none = f"{CHANGES_PAGE}/{NAMES.name('process_change', 7)}"
    assert browser.get(none).status_code == 404
    assert browser.post(f"{none}/withdraw", {"why": "x"}).status_code in (403, 404)


@pytest.mark.parametrize("who", ["officer", "supervisor", "administrator", "clerk"])
def test_it_is_for_the_board(site: Site, who: str) -> None:
    assert site.sign_in(who).get(CHANGES_PAGE).status_code == 403
