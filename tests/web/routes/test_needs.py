"""Assessing needs: the consequences are seen first, the tier follows from the answers, and every assessment is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.store.cases import CASES
from victimcare.store.journeys import EVENTS
from victimcare.store.needs import ASSESSMENTS, SUPPORTER
from victimcare.store.sealed_words import opened_from

ANSWERS = {"agency": "police", "stage": "report", "interpreter": "no"}
CHILD = date(2011, 3, 4)


def typed(casework: Casework, browser: Browser, ref: str, **changes: Any) -> Any:
    """Fill the form in and ask what it changes."""
    form = casework.page(browser, f"/cases/{ref}/needs").form(f"/cases/{ref}/needs")
    return browser.post(form.action, form.filled(**{**ANSWERS, **changes}))


def step(browser: Browser, page: Page, ref: str, step: str = "record") -> Any:
    """Press a button of the page that shows what it changes."""
    form = page.form(f"/cases/{ref}/needs")
    return browser.post(form.action, {**form.filled(), "step": step})


def assess(casework: Casework, browser: Browser, ref: str, **changes: Any) -> None:
    casework.site.clock.forward(minutes=1)
    checked = typed(casework, browser, ref, **changes)
    assert step(browser, Page(checked.text), ref).status_code == 303


def stored(casework: Casework, table: Any) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def tier(casework: Casework) -> str:
    return str(stored(casework, CASES)[0].tier)


def test_what_moves_is_shown_before_anything_is_recorded(casework: Casework) -> None:
    ref = casework.case(at=MONDAY + timedelta(days=3))
    browser, before = casework.site.sign_in(), casework.stored_events()
    checked = typed(casework, browser, ref, criteria=["domestic_abuse"])
    page = Page(checked.text)
    assert (checked.status_code, casework.stored_events()) == (200, before)
    assert "Rights found Enhanced rights Because Victim of the most serious crime" in page.text
    assert "Send the victim written confirmation Earlier" in page.text
    assert step(browser, page, ref).headers["location"] == f"/cases/{ref}/victim?done=needs"
    assert casework.stored_events() == before + 1
    assert tier(casework) == "enhanced"


def test_going_back_keeps_what_was_typed(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    answers = {"criteria": ["hate_crime", "fear_or_distress"], "supporter": "Lark Sample", "measures": ["screens"]}
    page = Page(typed(casework, browser, ref, **answers).text)
    again = Page(step(browser, page, ref, "change").text).form(f"/cases/{ref}/needs")
    assert {name: again.ticked(name) for name in answers} == {**answers, "supporter": ["Lark Sample"]}
    assert again.ticked("agency") == ["police"]


def test_the_answers_are_kept_and_the_event_holds_none_of_them(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    assess(casework, browser, ref, criteria=["mental_disorder"], supporter="Lark Sample", language="pl")
    (row,) = stored(casework, ASSESSMENTS)
    event = stored(casework, EVENTS)[-1]
    supporter = opened_from(SUPPORTER, row.event_key, row.sealed_supporter, casework.vault)
    assert (row.criteria, supporter, row.language, row.event_key) == (
        "mental_disorder",
        "Lark Sample",
        "pl",
        event.key,
    )
    assert event.details == '{"agency":"police","grounds":"vulnerable","tier":"enhanced"}'
    page = casework.page(browser, f"/cases/{ref}/victim?done=needs")
    assert "Recorded Needs assessed" in page.text
    assert "Rights found Enhanced rights: vulnerable" in page.text
    assert "Lark Sample" in page.text
    assert "Language Polish" in page.text


def test_a_child_has_enhanced_rights_until_eighteen_whatever_is_ticked(casework: Casework) -> None:
    ref = casework.case(born_on=CHILD)
    browser = casework.site.sign_in()
    assert "under_18" not in casework.page(browser, f"/cases/{ref}/needs").form(f"/cases/{ref}/needs").values(
        "criteria"
    )
    assess(casework, browser, ref)
    assert '"grounds":"under_18"' in stored(casework, EVENTS)[-1].details
    assert '"until_on":"2029-03-04"' in stored(casework, EVENTS)[-1].details
    casework.site.clock.now = datetime(2029, 3, 4, 9, tzinfo=UTC)
    older = casework.page(casework.site.sign_in(), f"/cases/{ref}/victim")
    assert "They were a child when their needs were last assessed and are 18 now" in older.text


def test_where_no_date_of_birth_is_known_perhaps_under_18_counts_as_under_18(casework: Casework) -> None:
    ref = casework.case()
    assess(casework, casework.site.sign_in(), ref, criteria=["under_18"])
    assert tier(casework) == "enhanced"
    assert "until_on" not in stored(casework, EVENTS)[-1].details


def test_one_agency_does_not_take_away_what_the_other_found(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    assess(casework, browser, ref, criteria=["hate_crime"])
    assess(casework, browser, ref, agency="witness_care_unit", stage="court")
    assert tier(casework) == "enhanced"
    assess(casework, browser, ref)
    assert tier(casework) == "standard"
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert page.text.count("Latest: 22 May 2026") == 2
    assert "Earlier: 22 May 2026" in page.text


def test_what_was_not_offered_is_refused(casework: Casework) -> None:
    ref = casework.case(born_on=CHILD)
    browser, before = casework.site.sign_in(), casework.stored_events()
    for changes, message in (
        ({"criteria": ["under_18"]}, "Choose from the categories shown"),
        ({"agency": "neighbour"}, "Choose who assesses"),
        ({"happened_on__day": "23"}, "Date must be today or in the past"),
    ):
        answer = typed(casework, browser, ref, **changes)
        assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    assert casework.stored_events() == before


def test_what_somebody_else_recorded_meanwhile_is_shown(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    page = Page(typed(casework, browser, ref).text)
    casework.record(ref, EventKind.VPS_OFFERED)
    answer = step(browser, page, ref)
    assert answer.status_code == 409
    assert "Victim Personal Statement offered" in Page(answer.text).text


def test_a_missing_assessment_is_a_gap_from_the_day_after_the_forces_day(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    silent = casework.case("Robin Sample", at=MONDAY)
    assess(casework, casework.site.sign_in(), silent)
    casework.site.clock.now = datetime(2026, 5, 19, 12, tzinfo=UTC)
    browser = casework.site.sign_in()
    assert "Nobody has assessed" not in casework.page(browser, f"/cases/{ref}/victim").text
    assert "Needs not assessed" not in casework.page(browser, "/").text
    casework.site.clock.now = datetime(2026, 5, 20, 12, tzinfo=UTC)
    browser = casework.site.sign_in()
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert "By the force’s policy it was to be done by Tuesday 19 May 2026" in page.text
    assert "the Code itself names no day" in page.text
    gaps = casework.page(browser, "/").section("gaps-heading")
    assert "Needs not assessed (1)" in gaps.text
    assert gaps.links(starts="/cases/") == [f"/cases/{ref}/needs"]
    assert "Robin" not in gaps.text


def test_a_case_of_another_team_has_no_such_pages(casework: Casework) -> None:
    ref = casework.case()
    stranger = casework.site.sign_in("stranger")
    assert [stranger.get(f"/cases/{ref}/{path}").status_code for path in ("needs", "victim")] == [404, 404]
