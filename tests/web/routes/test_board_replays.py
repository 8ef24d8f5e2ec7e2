"""Quarters reckoned anew for the board: asked for on a page, made by a job, and nothing told by subtraction."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import select, update

from tests.builders import event
from tests.invented_edition import invented
from tests.published import publish, publish_due
from tests.queries.worlds import store
from tests.web.page import Page
from tests.web.page_checker import check
from tests.web.routes.test_board import arrest, page_of
from tests.web.site import Site
from tests.web.test_browser import sign_in
from victimcare.commands.make_replay import make_replay
from victimcare.commands.propose_edition import EditionSource, propose_edition
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import Told
from victimcare.editions.force_policy import published_policy
from victimcare.jobs import tasks
from victimcare.jobs.work import Work
from victimcare.presentation.replay_columns import LINES, columns_of
from victimcare.store.publications import REPLAYS
from victimcare.store.replays_asked import ASKED, to_make
from victimcare.web.routes import board_replays

PAGE, WINTER, FEBRUARY = "/board/replays", "2026-q1", "known-2026-02-28"
ADDRESS = f"{PAGE}?quarter={WINTER}&how={FEBRUARY}"
LEAD = Person("lead", "A Code Lead", Role.CODE_LEAD)


def with_victims(site: Site, law: Law, *, typed_in_later: int) -> Site:
    """60 arrests of February, told in time; of some of which that was typed in only in April."""
    journeys = []
    for number in range(60):
        journey = arrest(number, 1, referred=False)
        on = date(2026, 4, 2) if number < typed_in_later else date(2026, 2, 26)
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        recorded = event("crime_recorded", journey.events[0].happened.on, key=f"REF{number:02}-recorded")
        told = [replace(each, recorded_at=at) if each.key.endswith("-told") else each for each in journey.events]
        journeys.append(replace(journey, events=(*told, recorded)))
    store(site.database, journeys, law=law)
    publish_due(site.database, law, site.clock.now)
    return site


@pytest.fixture
def worked(site: Site, law: Law) -> Site:
    """Of half of the victims it was not known in February that they had been told."""
    return with_victims(site, law, typed_in_later=30)


def with_news_after_four_days(site: Site, law: Law, *, of: int = 20) -> None:
    """So many more victims were told four days later; the quarter is published once more."""
    store(site.database, [arrest(60 + number, 4, referred=False) for number in range(of)], law=law)
    publish(site.database, law, [Quarter.named(WINTER)], site.clock.now)


@pytest.fixture
def sqlite_worked(sqlite_site: Site, law: Law) -> Site:
    return with_victims(sqlite_site, law, typed_in_later=30)


def ask(site: Site, how: str = FEBRUARY, **chosen: str) -> Any:
    browser = site.sign_in("board")
    form = Page(browser.get(f"{PAGE}?quarter={WINTER}").text).form(f"{PAGE}/new")
    return browser.post(f"{PAGE}/new", form.filled(how=how, **chosen))


def run_job(site: Site, law: Law, **more: Any) -> tasks.Done:
    work = Work(site.database, law, channel=None, now=site.clock.now, clock=lambda: site.clock.now, **more)  # type: ignore[arg-type]
    return tasks.make_replays(work)


def rows(site: Site, table: Any) -> list[Any]:
    with site.database.reading() as connection:
        return list(connection.execute(select(table)).all())


def lines(page: Page, *, columns: int = 5) -> dict[str, list[str]]:
    """The figures of each line: so many as published, and as many as reckoned."""
    found = {}
    for row in page.rows():
        cells = [" ".join(cell.text.split()) for cell in row.all("td")]
        if len(cells) == 2 * columns:
            found[" ".join(row.all("th")[0].text.split())] = cells
    return found


def test_a_quarter_is_asked_for_reckoned_and_shown_beside_what_was_published(worked: Site, law: Law) -> None:
    answer = ask(worked)
    assert (answer.status_code, answer.headers["location"]) == (303, ADDRESS)
    assert "Waiting to be reckoned." in page_of(worked, ADDRESS).text
    assert run_job(worked, law).summary == "1 quarter reckoned anew"
    page = page_of(worked, ADDRESS)
    told = next(cells for line, cells in lines(page).items() if line.startswith("R6") or "arrest" in line.lower())
    assert told == ["60", "60", "0", "0", "100.0%", "60", "30", "0", "30", "50.0%"]
    assert "Too few officers to say what it asks of each." in page.text
    (kept,) = rows(worked, REPLAYS)
    assert (kept.quarter, kept.known_on, kept.edition) == (WINTER, date(2026, 2, 28), None)
    assert ("disclosure", "show replay", "system", "done") in worked.audit()
    assert ("alteration", f"ask for {WINTER} {FEBRUARY}", "board", "done") in worked.audit()


def test_any_table_of_duties_can_be_asked_for_one_thing_at_a_time(worked: Site, law: Law) -> None:
    by_area = f"{ADDRESS}&told=area"
    assert ask(worked, told="area").headers["location"] == by_area
    assert run_job(worked, law).summary == "1 quarter reckoned anew"
    page = page_of(worked, by_area)
    assert "Duties by area: as known on 28 February 2026" in page.text
    assert set(lines(page)) == {"All", "Luton"}
    assert lines(page)["Luton"] == lines(page)["All"]
    assert lines(page)["All"][1] != lines(page)["All"][6]
    assert lines(page)["All"][6] != "[c]"
    assert "Nobody has asked for it yet." in page_of(worked, ADDRESS).text, "by right it is another question"
    ask(worked, told="team")
    run_job(worked, law)
    named = lines(page_of(worked, f"{ADDRESS}&told=team"))
    assert len(named) == 2
    assert "north" not in named, "teams are called what they are called, not what they are numbered"


def test_the_way_to_support_can_be_told_as_it_was_known(worked: Site, law: Law) -> None:
    """40 more victims: all were referred in February, of half of whom that was typed in only in April."""
    later = datetime(2026, 4, 2, 12, tzinfo=UTC)
    journeys = []
    for number in range(60, 100):
        journey = arrest(number, 1, referred=True)
        events = journey.events
        if number < 80:
            events = tuple(replace(e, recorded_at=later) if e.kind == "referral_sent" else e for e in events)
        journeys.append(replace(journey, events=events))
    store(worked.database, journeys, law=law)
    publish(worked.database, law, [Quarter.named(WINTER)], worked.clock.now)
    assert ask(worked, told="support-area").headers["location"] == f"{ADDRESS}&told=support-area"
    run_job(worked, law)
    page = page_of(worked, f"{ADDRESS}&told=support-area")
    assert "The way to support by area: as known on 28 February 2026" in page.text
    found = lines(page, columns=4)
    assert found["All"] == ["100", "40", "40.0%", "0", "100", "20", "20.0%", "0"]
    assert found["Luton"] == found["All"]
    assert "for each officer" not in page.text, "nothing of duties is told"


@pytest.mark.parametrize("told", [told for told in Told if told is not Told.RIGHT])
def test_whatever_is_told_has_its_table_beside_what_was_published(sqlite_worked: Site, law: Law, told: Told) -> None:
    ask(sqlite_worked, told=told.value)
    assert run_job(sqlite_worked, law).summary == "1 quarter reckoned anew"
    page = page_of(sqlite_worked, f"{ADDRESS}&told={told}")
    titles = [heading.text for heading in page.all("th", scope="col")]
    assert titles == [LINES[told], *list(columns_of(told).values()) * 2]


def test_what_no_law_changes_is_not_reckoned_by_another_law(
    sqlite_worked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy_with(monkeypatch, R6_ARR=3)
    answer = ask(sqlite_worked, "own-times", told="support-area")
    assert answer.status_code == 422
    assert "An edition, or times, change duties alone" in answer.text
    assert rows(sqlite_worked, ASKED) == []
    address = f"{PAGE}?quarter={WINTER}&how=own-times&told=support-area"
    assert sqlite_worked.sign_in("board").get(address).status_code == 404


def test_what_a_few_late_records_changed_is_not_told(sqlite_site: Site, law: Law) -> None:
    site = with_victims(sqlite_site, law, typed_in_later=3)
    ask(site)
    run_job(site, law)
    page = page_of(site, ADDRESS)
    table = lines(page)
    assert f"Only 3 lines of {len(table)} can be shown." in page.text
    assert table["All"][5:] == table["6. Information about the investigation and prosecution"][5:] == ["[c]"] * 5


def test_the_same_is_reckoned_once_however_often_it_is_asked_for(sqlite_worked: Site, law: Law) -> None:
    browser = sqlite_worked.sign_in("board")
    forms = [Page(browser.get(f"{PAGE}?quarter={WINTER}").text).form(f"{PAGE}/new") for _ in range(2)]
    for form in forms:
        assert browser.post(f"{PAGE}/new", form.filled(how=FEBRUARY)).status_code == 303
    assert run_job(sqlite_worked, law).summary == "1 quarter reckoned anew"
    assert run_job(sqlite_worked, law).summary == "0 quarters reckoned anew"
    assert len(rows(sqlite_worked, ASKED)) == 1
    assert ask(sqlite_worked).headers["location"] == ADDRESS
    assert len(rows(sqlite_worked, ASKED)) == 1, "it leads to what was reckoned"
    for told in Told:
        ask(sqlite_worked, told=told.value)
    offered = page_of(sqlite_worked, f"{PAGE}?quarter={WINTER}").form(f"{PAGE}/new")
    assert FEBRUARY not in offered.values("how"), "nothing of it is left to ask"


def test_by_another_edition_it_is_what_that_asks_and_its_own_duties_are_marked(sqlite_worked: Site, law: Law) -> None:
    with sqlite_worked.database.writing() as connection:
        what = {"source": EditionSource.FILE, "by": LEAD, "now": sqlite_worked.clock.now, "law": law}
        propose_edition(connection, text=invented(), **what)  # type: ignore[arg-type]
    assert ask(sqlite_worked, "edition-1").status_code == 303
    run_job(sqlite_worked, law)
    page = page_of(sqlite_worked, f"{PAGE}?quarter={WINTER}&how=edition-1")
    assert "Duties by right and duty: by the edition “Invented Code, for tests only”" in page.text
    assert "the day before the figures were published" in page.text
    cells = [cells for cells in lines(page).values() if cells[:5] == ["[z]"] * 5]
    assert cells, "a duty that only the edition has"
    assert rows(sqlite_worked, REPLAYS)[0].edition == "2027-01-01"


def policy_with(monkeypatch: pytest.MonkeyPatch, **own_times: int) -> None:
    """From now on the force would ask these times of itself."""
    policy = replace(published_policy(), own_times={name.replace("_", "-"): days for name, days in own_times.items()})
    monkeypatch.setattr(board_replays, "published_policy", lambda: policy)


def test_by_the_forces_own_times_it_is_what_would_have_been_late(
    worked: Site, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = page_of(worked, f"{PAGE}?quarter={WINTER}").form(f"{PAGE}/new")
    assert "own-times" not in offered.values("how"), "the force has none"
    policy_with(monkeypatch, R6_ARR=1)
    with_news_after_four_days(worked, law)
    assert ask(worked, "own-times").status_code == 303
    run_job(worked, law)
    page = page_of(worked, f"{PAGE}?quarter={WINTER}&how=own-times")
    assert "Tell the victim: suspect arrested in 1 working day." in page.text
    told = next(cells for line, cells in lines(page).items() if "arrest" in line.lower())
    assert told == ["80", "80", "0", "0", "100.0%", "80", "60", "20", "0", "75.0%"]
    assert rows(worked, REPLAYS)[0].edition == "R6-ARR=1"


def test_a_time_that_is_no_shorter_than_the_codes_is_refused_in_a_sentence(
    sqlite_worked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy_with(monkeypatch, R6_ARR=9)
    answer = ask(sqlite_worked, "own-times")
    assert answer.status_code == 422
    assert "R6-ARR: no edition of the Code gives it more than 9 working days" in Page(answer.text).text
    assert rows(sqlite_worked, ASKED) == []


def test_other_times_are_another_question_and_held_against_what_was_shown(
    worked: Site, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_news_after_four_days(worked, law, of=2)
    policy_with(monkeypatch, R6_ARR=1)
    ask(worked, "own-times")
    run_job(worked, law)
    table = lines(page_of(worked, f"{PAGE}?quarter={WINTER}&how=own-times"))
    assert table["All"][5:] == ["[c]"] * 5, "two would be told by subtraction"
    policy_with(monkeypatch, R6_ARR=2)
    offered = page_of(worked, f"{PAGE}?quarter={WINTER}").form(f"{PAGE}/new")
    assert "own-times" in offered.values("how")


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ({"how": "known-2026-02-27"}, 422),
        ({"how": "edition-1"}, 422),
        ({"how": FEBRUARY, "told": "cause"}, 422),
        ({"how": FEBRUARY, "told": ""}, 422),
        ({"how": ""}, 422),
        ({"quarter": "2019-q1"}, 422),
        ({"quarter": "spring"}, 422),
    ],
)
def test_nothing_is_reckoned_that_is_not_on_the_menu(sqlite_worked: Site, chosen: dict[str, str], status: int) -> None:
    browser = sqlite_worked.sign_in("board")
    form = Page(browser.get(f"{PAGE}?quarter={WINTER}").text).form(f"{PAGE}/new")
    assert browser.post(f"{PAGE}/new", form.filled(**{"how": FEBRUARY, **chosen})).status_code == status
    assert browser.get(f"{PAGE}?quarter={WINTER}&how=known-2026-02-27").status_code == 404
    assert rows(sqlite_worked, ASKED) == []


def test_while_it_is_reckoned_the_page_says_how_far_it_has_come(sqlite_worked: Site) -> None:
    ask(sqlite_worked)
    with sqlite_worked.database.writing() as connection:
        connection.execute(update(ASKED).values(seen_at=sqlite_worked.clock.now, cases=6000, cases_done=2500))
    page = page_of(sqlite_worked, ADDRESS)
    assert "Being reckoned: 2,500 of 6,000 cases." in page.text
    assert '<progress max="6000" value="2500"' in page.html


def test_one_that_is_stopped_on_the_way_begins_anew_and_one_that_died_is_taken_up(
    sqlite_worked: Site, law: Law
) -> None:
    ask(sqlite_worked)
    site = sqlite_worked
    with site.database.reading() as connection:
        (asked,) = to_make(connection, now=site.clock.now)
    assert not make_replay(site.database, asked, law=law, clock=lambda: site.clock.now, stopping=lambda: True)
    assert rows(site, REPLAYS) == []
    with site.database.reading() as connection:
        assert to_make(connection, now=site.clock.now) == (asked,)
    with site.database.writing() as connection:
        connection.execute(update(ASKED).values(seen_at=site.clock.now))
    assert run_job(site, law).summary == "0 quarters reckoned anew"
    site.clock.forward(minutes=6)
    assert run_job(site, law).summary == "1 quarter reckoned anew"


def test_one_that_fails_is_said_and_can_be_asked_for_again(
    sqlite_worked: Site, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(sqlite_worked)
    with monkeypatch.context() as broken:
        broken.setattr("victimcare.commands.make_replay.replay", lambda *_, **__: 1 / 0)
        assert run_job(sqlite_worked, law).summary == "0 quarters reckoned anew; 1 could not be"
    assert "It could not be reckoned." in page_of(sqlite_worked, ADDRESS).text
    assert ask(sqlite_worked).status_code == 303
    assert run_job(sqlite_worked, law).summary == "1 quarter reckoned anew"


def test_the_job_says_what_it_would_do(sqlite_worked: Site, law: Law) -> None:
    ask(sqlite_worked)
    assert run_job(sqlite_worked, law, dry_run=True).summary == "1 quarter to reckon anew"
    assert rows(sqlite_worked, REPLAYS) == []


def test_while_nothing_was_published_the_page_says_so(sqlite_site: Site) -> None:
    page = page_of(sqlite_site, PAGE)
    assert "There is nothing to show yet" in page.text
    assert not re.search('<form[^>]*method="post"[^>]*board/replays', page.html)


@pytest.mark.parametrize("width", [1280, 320])
def test_it_is_accessible(page: BrowserPage, address: str, sqlite_site: Site, law: Law, width: int) -> None:
    with_victims(sqlite_site, law, typed_in_later=30)
    ask(sqlite_site)
    run_job(sqlite_site, law)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, address, "board")
    page.goto(address + ADDRESS)
    check(page, f"replays at {width}")
