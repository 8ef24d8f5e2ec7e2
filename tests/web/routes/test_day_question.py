"""A day that can hardly be meant is asked about before anything is stored, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.routes.test_events import send
from victimcare.domain.event_kinds import EventKind
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import CASES

TITLE = "Is this date right? - victimcare"


def on(day: str, month: str, year: str, name: str = "happened_on") -> dict[str, str]:
    return {f"{name}__day": day, f"{name}__month": month, f"{name}__year": year}


def count(casework: Casework, table: Any) -> int:
    with casework.site.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def arrests_told_late(casework: Casework) -> int:
    return count(casework, select(BREACHES).where(BREACHES.c.rule == "R6-ARR").subquery())


def test_before_the_crime_was_reported(casework: Casework) -> None:
    ref, browser = casework.case(), casework.site.sign_in()
    before = casework.stored_events()
    asked = Page(send(casework, browser, ref, "suspect_arrested", **on("1", "1", "2020")).text)
    assert asked.title == TITLE
    assert "You entered Wednesday 1 January 2020." in asked.text
    assert "before the crime was reported, on Monday 18 May 2026" in asked.text
    assert casework.stored_events() == before
    form = asked.form(f"/cases/{ref}/events/suspect_arrested")
    back = Page(browser.post(form.action, {**form.filled(), "sure": "no"}).text)
    again = back.form(form.action)
    assert (back.errors(), again.values("happened_on-year")) == ([], ["2020"])
    assert again.values("happened_time") == ["9:05am"]
    assert "sure" not in again.names, "asked again where the date is wrong again"
    assert browser.post(form.action, {**form.filled(), "sure": "yes"}).status_code == 303
    assert casework.stored_events() == before + 1


def test_late_at_once_by_more_than_a_month(casework: Casework) -> None:
    ref, browser = casework.case(at=MONDAY.replace(month=1)), casework.site.sign_in()
    asked = Page(send(casework, browser, ref, "suspect_arrested", **on("2", "3", "2026")).text)
    assert asked.title == TITLE
    assert "Tell the victim: suspect arrested, due by Monday 9 March 2026" in asked.text
    assert arrests_told_late(casework) == 0
    form = asked.form(f"/cases/{ref}/events/suspect_arrested")
    assert browser.post(form.action, {**form.filled(), "sure": "yes"}).status_code == 303
    assert arrests_told_late(casework) == 1


def test_a_day_of_last_week_is_taken_without_a_word(sqlite_casework: Casework) -> None:
    ref, browser = sqlite_casework.case(), sqlite_casework.site.sign_in()
    assert send(sqlite_casework, browser, ref, "suspect_arrested", **on("18", "5", "2026")).status_code == 303


def test_a_contact_and_the_end_of_a_duty_before_the_report(sqlite_casework: Casework) -> None:
    ref, browser = sqlite_casework.case(), sqlite_casework.site.sign_in()
    day = on("18", "5", "2025")
    asked = Page(sqlite_casework.contact(browser, ref, note="At LU1 2AB", **day).text)
    form = asked.form(f"/cases/{ref}/contacts")
    doubted = Page(browser.post(form.action, {**form.filled(), "location": "keep"}).text)
    assert doubted.title == TITLE, "both questions are asked, one after the other"
    kept = doubted.form(form.action).filled()
    assert browser.post(form.action, {**kept, "sure": "yes"}).status_code == 303
    link = next(each for each in sqlite_casework.page(browser, f"/cases/{ref}").links() if each.endswith("/ending"))
    ending = sqlite_casework.page(browser, link).form(link)
    doubted = Page(browser.post(link, ending.filled(why="duty_not_applicable:other", **day)).text)
    assert doubted.title == TITLE, doubted.errors()


def test_the_correction_of_a_day(sqlite_casework: Casework) -> None:
    ref, browser = sqlite_casework.case(), sqlite_casework.site.sign_in()
    key = sqlite_casework.record(ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 1")
    path = f"/cases/{ref}/corrections/suspect_arrested/{key}"
    form = sqlite_casework.page(browser, path).form(path)
    asked = Page(browser.post(path, form.filled(correction="amends", **on("22", "5", "2025"))).text)
    assert asked.title == TITLE
    check = Page(browser.post(path, {**asked.form(path).filled(), "sure": "yes"}).text)
    assert "this changes" in check.text
    assert browser.post(path, {**check.form(path).filled(), "step": "record"}).status_code == 303


def test_a_crime_reported_last_year(casework: Casework) -> None:
    browser, before = casework.site.sign_in(), count(casework, CASES)
    form = casework.page(browser, "/crimes/new").form("/crimes")
    typed = {"crime_ref": "40/900/26", "crime_type": "Burglary", "area": "E01", "name_1": "Wren Sample"}
    asked = Page(browser.post("/crimes", form.filled(**typed, **on("18", "5", "2025", "reported_on"))).text)
    assert asked.title == TITLE
    assert "due by Wednesday 20 May 2025" not in asked.text
    assert "Tuesday 20 May 2025" in asked.text, "the referral: from Sunday 18 May, two working days"
    assert count(casework, CASES) == before
    again = asked.form("/crimes").filled()
    back = Page(browser.post("/crimes", {**again, "sure": "no"}).text).form("/crimes")
    assert (back.values("crime_ref"), back.values("name_1")) == (["40/900/26"], ["Wren Sample"])
    assert browser.post("/crimes", {**again, "sure": "yes"}).status_code == 200
    assert count(casework, CASES) == before + 1


@pytest.mark.parametrize("sure", ["maybe", "YES"])
def test_an_answer_that_is_none_is_refused(sqlite_casework: Casework, sure: str) -> None:
    ref, browser = sqlite_casework.case(), sqlite_casework.site.sign_in()
    before = sqlite_casework.stored_events()
    assert send(sqlite_casework, browser, ref, "suspect_arrested", sure=sure).status_code == 422
    assert sqlite_casework.stored_events() == before


def test_a_case_that_is_open_is_not_reopened(sqlite_casework: Casework) -> None:
    ref, browser = sqlite_casework.case(), sqlite_casework.site.sign_in()
    refused = send(sqlite_casework, browser, ref, "case_reopened")
    assert (refused.status_code, Page(refused.text).errors()) == (422, ["This case is open already"])
