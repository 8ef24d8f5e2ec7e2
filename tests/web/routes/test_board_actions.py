"""What the board decided to do: recorded for good, held against published figures, its history never overwritten."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.published import publish_due
from tests.queries.worlds import store
from tests.web.page import Page
from tests.web.routes.test_board import IN_TIME, LATE, arrest
from tests.web.site import NAMES, Browser, Site
from victimcare.domain.law import Law
from victimcare.store.board_actions import ACTIONS, STEPS

ACTIONS_PAGE = "/board/actions"
THE_ACTION = f"{ACTIONS_PAGE}/{NAMES.name('board_action', 1)}"
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)
WHAT = "Ring every victim on the day of an arrest"


@pytest.fixture
def published(site: Site, law: Law) -> Site:
    """In February 30 of 50 victims were told of an arrest in time; the quarter is published."""
    told = [IN_TIME] * 30 + [LATE] * 20
    store(site.database, [arrest(number, after, referred=number < 20) for number, after in enumerate(told)], law=law)
    publish_due(site.database, law, site.clock.now)
    return site


def page(browser: Browser, path: str, status: int = 200) -> Page:
    answer = browser.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return Page(answer.text)


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}__day": str(on.day), f"{name}__month": str(on.month), f"{name}__year": str(on.year)}


def decide(site: Site, **changes: str) -> tuple[int, Page]:
    browser = site.sign_in("board")
    form = page(browser, f"{ACTIONS_PAGE}/new").form(ACTIONS_PAGE)
    filled = {"words": WHAT, "measure": "police:6", "way": "up", "owner": "police"}
    days = day("decided_on", date(2026, 5, 20)) | day("due_on", date(2026, 9, 1))
    answer = browser.post(ACTIONS_PAGE, form.filled(**{**filled, **days, **changes}))
    return answer.status_code, Page(answer.text) if answer.text else page(browser, answer.headers["location"])


def steps(site: Site) -> list[tuple[str, date, str]]:
    with site.database.reading() as connection:
        return [(row.step, row.due_on, row.words) for row in connection.execute(select(STEPS).order_by(STEPS.c.id))]


def quarter_after(site: Site, law: Law, told: list[int | None]) -> None:
    """The arrests of July, and in November their figures are published."""
    july = date(2026, 7, 6)
    journeys = [arrest(50 + number, after, referred=True, month_on=july) for number, after in enumerate(told)]
    store(site.database, journeys, law=law)
    site.clock.now = NOVEMBER
    publish_due(site.database, law, NOVEMBER)


def test_an_action_is_held_against_the_newest_published_quarter(published: Site) -> None:
    status, listed = decide(published)
    assert status == 303
    assert WHAT in listed.text
    assert "Not yet known" in listed.text
    one = page(published.sign_in("board"), THE_ACTION)
    assert "January to March 2026" in one.text
    assert "60.0% of 50" in one.text
    assert ("collection", "record board action 1", "board", "done") in published.audit()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ([IN_TIME] * 44 + [LATE] * 6, "Whether it moved: moved"),
        ([IN_TIME] * 33 + [LATE] * 17, "Whether it moved: no more than chance"),
        ([IN_TIME] * 12 + [LATE] * 38, "Whether it moved: moved the other way"),
    ],
)
def test_whether_it_moved_is_told_by_a_quarter_that_began_after_the_decision(
    published: Site, law: Law, told: list[int | None], says: str
) -> None:
    decide(published)
    quarter_after(published, law, told)
    one = page(published.sign_in("board"), THE_ACTION)
    assert next(heading.text for heading in one.all("h2")) == says
    assert "Since: July to September 2026" in one.text


def test_its_history_is_kept_and_ends(published: Site) -> None:
    decide(published)
    browser = published.sign_in("board")
    one = page(browser, THE_ACTION)
    later = date(2026, 10, 1)
    due = one.form(f"{THE_ACTION}/due").filled(why_due="The training is later", **day("due_on", later))
    assert browser.post(f"{THE_ACTION}/due", due).status_code == 303
    end = page(browser, THE_ACTION).form(f"{THE_ACTION}/end").filled(step="done", why="All were trained")
    assert browser.post(f"{THE_ACTION}/end", end).status_code == 303
    first, why = ("decided", date(2026, 9, 1), ""), "The training is later"
    assert steps(published) == [first, ("due_moved", later, why), ("done", later, "All were trained")]
    ended = page(browser, f"{THE_ACTION}?recorded=true")
    for words in ("The training is later", "All were trained", "1 September 2026", "1 October 2026"):
        assert words in ended.text
    assert [form.action for form in ended.forms if form.action.startswith(ACTIONS_PAGE)] == []
    again = browser.post(f"{THE_ACTION}/end", {**end, "form_key": "another"})
    assert (again.status_code, len(steps(published))) == (422, 3)


def test_what_is_overdue_says_so(published: Site, law: Law) -> None:
    decide(published)
    published.clock.now = NOVEMBER
    assert "Overdue" in page(published.sign_in("board"), ACTIONS_PAGE).text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"words": ""}, "Enter what is to be done"),
        ({"words": "Visit the victim at LU1 2AB"}, "must not tell a postcode"),
        ({"measure": ""}, "Choose the figure"),
        ({"owner": ""}, "Choose the agency that does it"),
        (day("due_on", date(2026, 5, 1)), "must be in the future"),
        (day("decided_on", date(2026, 8, 1)), "must be today or in the past"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(published: Site, changes: dict[str, str], says: str) -> None:
    status, shown = decide(published, **changes)
    assert status == 422
    assert says in " ".join(shown.errors())
    with published.database.reading() as connection:
        assert connection.execute(select(ACTIONS)).all() == []


def test_without_published_figures_there_is_nothing_to_hold_it_against(site: Site) -> None:
    browser = site.sign_in("board")
    assert "none was published yet" in page(browser, ACTIONS_PAGE).text
    assert browser.get(f"{ACTIONS_PAGE}/new").status_code == 404


def test_an_action_that_is_none_does_not_exist(published: Site) -> None:
    browser = published.sign_in("board")
    assert browser.get(f"{ACTIONS_PAGE}/7").status_code == 404
    assert browser.get(f"{ACTIONS_PAGE}/99999999999").status_code in (404, 422)


@pytest.mark.parametrize("who", ["officer", "supervisor", "administrator", "clerk"])
def test_it_is_for_the_board(site: Site, who: str) -> None:
    assert site.sign_in(who).get(ACTIONS_PAGE).status_code == 403
