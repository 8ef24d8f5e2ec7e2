"""The officer's day: what is owed, by when in words, and one action for each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text

from tests.web.casework import Casework
from tests.web.page import Page
from victimcare.domain.event_kinds import EventKind
from victimcare.queries.leaving import NotSent, NotSentList
from victimcare.store.dues import DUES
from victimcare.store.tables import OPEN_AND_COUNTED
from victimcare.web.routes import today

LISTS = ("overdue", "due-today", "due-soon", "waiting")
MORNING = datetime(2026, 5, 22, 5, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 8, tzinfo=UTC)


def a_day_of_every_list(casework: Casework) -> list[str]:
    """Cases old enough to be overdue, due today and due soon, and one in which the court owes the news first."""
    refs = [casework.case(f"Sample {day}", at=datetime(2026, 5, day, 9, tzinfo=UTC)) for day in (4, 8, 11, 13, 15, 20)]
    casework.record(refs[0], EventKind.SUSPECT_ARRESTED, datetime(2026, 5, 15, 9, tzinfo=UTC), subject="Suspect 1")
    hearing = {"hearing_on": date(2026, 5, 20), "hearing_type": "trial"}
    received = datetime(2026, 5, 11, 9, tzinfo=UTC)
    casework.record(refs[1], EventKind.HEARING_LISTED, received, received=received, subject="Hearing 1", **hearing)
    casework.crime("Not Mine", officer="colleague", at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    return refs


def heading_count(page: Page, list_id: str) -> int:
    words = page.section(f"{list_id}-heading").all("h2")[0].text
    return int(re.search(r"\((\d+)\)$", words)[1])  # type: ignore[index]


def test_each_list_says_how_many_it_has_and_shows_them(casework: Casework) -> None:
    a_day_of_every_list(casework)
    page = casework.page(casework.site.sign_in(), "/")
    counts = {list_id: heading_count(page, list_id) for list_id in LISTS}
    shown = {list_id: len(page.section(f"{list_id}-heading").rows()) for list_id in LISTS}
    assert shown == {list_id: min(count, 20) for list_id, count in counts.items()}
    numbers = [int(span.text) for span in page.all("span", class_="app-number__count")]
    assert numbers == list(counts.values())
    assert all(counts.values()), counts


def test_the_lists_hold_every_open_duty_of_the_officer_and_of_nobody_else(casework: Casework) -> None:
    a_day_of_every_list(casework)
    page = casework.page(casework.site.sign_in(), "/")
    near = DUES.c.due_on <= date(2026, 6, 1)
    statement = select(func.count()).where(text(OPEN_AND_COUNTED), DUES.c.holder_id == "officer")
    with casework.site.database.reading() as connection:
        police = connection.execute(statement.where(DUES.c.owed_by == "police", near)).scalar_one()
        others = connection.execute(statement.where(DUES.c.owed_by != "police")).scalar_one()
    assert sum(heading_count(page, list_id) for list_id in LISTS[:3]) == police
    assert heading_count(page, "waiting") >= others > 0
    assert "Not Mine" not in page.text


def test_a_due_date_says_in_words_how_it_stands(casework: Casework) -> None:
    ref = casework.case(at=datetime(2026, 5, 15, 9, tzinfo=UTC))
    casework.record(ref, EventKind.SUSPECT_ARRESTED, datetime(2026, 5, 15, 12, tzinfo=UTC), subject="Suspect 1")
    browser = casework.site.sign_in()
    assert "Due today Friday 22 May 2026" in casework.page(browser, "/").section("due-today-heading").text
    casework.site.clock.now = datetime(2026, 5, 23, 8, tzinfo=UTC)
    browser = casework.site.sign_in()
    assert "Overdue Friday 22 May 2026" in casework.page(browser, "/").section("overdue-heading").text
    casework.site.clock.now = LATER
    late = casework.page(casework.site.sign_in(), "/")
    assert "Overdue by 6 working days Friday 22 May 2026" in late.section("overdue-heading").text
    assert "Due in the next 5 working days (0) Nothing is due" in late.text


def test_a_duty_is_overdue_on_the_next_day_in_london_and_not_in_utc(casework: Casework) -> None:
    casework.case(at=datetime(2026, 5, 15, 9, tzinfo=UTC))
    casework.site.clock.now = datetime(2026, 5, 22, 22, 59, tzinfo=UTC)
    before = casework.page(casework.site.sign_in(), "/")
    casework.site.clock.now = datetime(2026, 5, 22, 23, 1, tzinfo=UTC)
    after = casework.page(casework.site.sign_in(), "/")
    assert [page.all("h1")[0].text for page in (before, after)] == ["Friday 22 May 2026", "Saturday 23 May 2026"]
    was_due_today = heading_count(before, "due-today")
    assert was_due_today
    assert heading_count(after, "overdue") == heading_count(before, "overdue") + was_due_today


def test_every_row_of_what_is_owed_has_one_action_and_it_ticks_that_duty_alone(casework: Casework) -> None:
    a_day_of_every_list(casework)
    browser = casework.site.sign_in()
    page = casework.page(browser, "/")
    rows = [row for list_id in LISTS[:3] for row in page.section(f"{list_id}-heading").rows()]
    for row in rows:
        refers = "Refer the victim" in row.text
        (action,) = row.links(starts="/cases/", text="Refer" if refers else "Record")
        (ref,) = [a.text for a in row.all("a") if a.attributes["href"].count("/") == 2]
        if refers:
            assert action == f"/cases/{ref}/support"  # where a referral is made, and its duty kept by it
            continue
        opened = casework.page(browser, action)
        form = next(form for form in opened.forms if form.action.startswith(f"/cases/{ref}/"))
        rule = action.partition("duty=")[2].partition(":")[0]
        assert [ticked.partition(":")[0] for ticked in form.ticked("duties")] == [rule]
        assert form.ticked("told") == []


def test_every_duty_that_waits_leads_to_its_place_on_the_case(casework: Casework) -> None:
    a_day_of_every_list(casework)
    browser = casework.site.sign_in()
    rows = casework.page(browser, "/").section("waiting-heading").rows()
    for row in rows:
        (action,) = row.links(text="See why")
        path, _, place = action.partition("#")
        assert place in {div.attributes.get("id") for div in casework.page(browser, path).all("div")}
    assert rows


def test_actions_can_be_told_apart_without_seeing_their_rows(casework: Casework) -> None:
    a_day_of_every_list(casework)
    page = casework.page(casework.site.sign_in(), "/")
    words = [a.text for a in page.all("a") if "Record" in a.text or "See why" in a.text]
    assert words
    assert len(words) == len(set(words))


def test_no_name_is_in_the_title_or_an_address_of_the_day(casework: Casework) -> None:
    casework.case("Canary Person", at=MORNING)
    page = casework.page(casework.site.sign_in(), "/")
    assert "Canary Person" in page.text
    assert page.title == "Today - victimcare"
    assert not [a for a in page.all("a") if "canary" in a.attributes.get("href", "").lower()]


def test_an_empty_day_says_so_in_each_list(casework: Casework) -> None:
    page = casework.page(casework.site.sign_in("colleague"), "/")
    for said in ("Nothing is overdue.", "Nothing is due today.", "Nothing is due in the next 5 working days."):
        assert said in page.text
    assert "0 open cases" in page.text


def test_the_day_says_whose_cases_it_showed(casework: Casework) -> None:
    refs = a_day_of_every_list(casework)
    browser = casework.site.sign_in()
    before = len(casework.site.audit())
    page = casework.page(browser, "/")
    shown = {ref for ref in refs if ref in page.text}
    assert casework.site.audit()[before:] == [("consultation", "worklist", "officer", "done")]
    assert casework.consulted() == shown


@pytest.mark.parametrize("who", ["board", "administrator"])
def test_those_who_hold_no_cases_have_no_day(casework: Casework, who: str) -> None:
    assert casework.site.sign_in(who).get("/").status_code == 403


def test_of_much_that_did_not_leave_the_rest_is_folded_so_that_what_is_due_stays_in_sight(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = casework.case("Wren Sample")
    with casework.site.database.reading() as connection:
        case_id = connection.execute(text("SELECT id FROM victim_case")).scalar_one()
    unsent = NotSentList(tuple(NotSent(case_id, ref, f"Sample {n}", False, "refused") for n in range(12)), 12)
    monkeypatch.setattr(today, "not_sent", lambda *_, **__: unsent)
    section = casework.page(casework.site.sign_in(), "/").section("not-sent-heading")
    assert "7 more that did not leave" in section.text
    at_once = [element.text for element in section.all("li")]
    folded = section.all("details")[0].text
    assert [f"Sample {n}." in folded for n in range(12)] == [False] * 5 + [True] * 7
    assert len(at_once) == 12
