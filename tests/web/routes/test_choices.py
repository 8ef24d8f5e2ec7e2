"""How a victim chose to hear: an agreed interval is a clock, "no news" keeps it, and every choice is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.store.contact_choices import CONTACT_CHOICES
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS


def typed(casework: Casework, browser: Browser, ref: str, **changes: Any) -> Any:
    form = casework.page(browser, f"/cases/{ref}/choices").form(f"/cases/{ref}/choices")
    return browser.post(form.action, form.filled(**changes))


def choose(casework: Casework, browser: Browser, ref: str, **changes: Any) -> None:
    casework.site.clock.forward(minutes=1)
    form = Page(typed(casework, browser, ref, **changes).text).form(f"/cases/{ref}/choices")
    assert browser.post(form.action, {**form.filled(), "step": "record"}).status_code == 303


def kinds(casework: Casework) -> list[str]:
    """The kinds of the events after those of the opening."""
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(EVENTS.c.kind).order_by(EVENTS.c.id)).scalars())[3:]


def agreed_due(casework: Casework) -> list[tuple[date | None, str | None]]:
    with casework.site.database.reading() as connection:
        rows = connection.execute(select(DUES).where(DUES.c.rule == "R6-AGREED").order_by(DUES.c.started_on))
        return [(row.due_on, row.ending) for row in rows]


def test_an_interval_is_a_clock_that_a_contact_without_news_keeps(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    browser = casework.site.sign_in()
    choose(casework, browser, ref, how_often="weekly", means=["phone"], times=["evening"])
    assert kinds(casework) == ["contact_interval_agreed", "preference_changed"]
    assert agreed_due(casework) == [(date(2026, 5, 29), None)]
    casework.site.clock.forward(days=6)
    assert casework.contact(casework.site.sign_in(), ref).status_code == 303
    assert agreed_due(casework) == [(date(2026, 5, 29), "met"), (date(2026, 6, 4), None)]
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/victim")
    assert "Agreed now: every 7 days" in page.text
    assert "By Phone call At these times Weekday evenings" in page.text


def test_what_follows_is_seen_first(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    browser, before = casework.site.sign_in(), casework.stored_events()
    checked = Page(typed(casework, browser, ref, how_often="not_at_all", means=["letter"], times=["evening"]).text)
    assert "By Letter At these times Weekday evenings" in checked.text
    assert "They will hear nothing more, unless they opt back in" in checked.text
    assert "Send the victim written confirmation Ends" in checked.text
    assert casework.stored_events() == before


def test_other_ways_or_times_are_in_the_journey_and_the_same_again_are_not(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    browser = casework.site.sign_in()
    choose(casework, browser, ref, how_often="only_news", means=["phone"], times=["evening"])
    choose(casework, browser, ref, how_often="only_news", means=["phone"], times=["evening"])
    choose(casework, browser, ref, how_often="only_news", means=["letter"], times=["evening"])
    assert kinds(casework) == ["preference_changed", "preference_changed"]
    journey = casework.page(browser, f"/cases/{ref}/journey").text
    assert "Preference changed" in journey


def test_each_change_of_mind_is_kept_with_what_it_means(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    browser = casework.site.sign_in()
    for how_often in ("policy", "only_news", "not_at_all", "weekly"):
        choose(casework, browser, ref, how_often=how_often)
    assert kinds(casework) == [
        "contact_interval_agreed",
        "contact_interval_ended",
        "opted_out",
        "opted_in",
        "contact_interval_agreed",
    ]
    with casework.site.database.reading() as connection:
        kept = connection.execute(select(CONTACT_CHOICES.c.how_often, CONTACT_CHOICES.c.interval_days)).all()
    assert [tuple(row) for row in kept] == [("policy", 28), ("only_news", None), ("not_at_all", None), ("weekly", 7)]
    page = casework.page(browser, f"/cases/{ref}/victim")
    assert "Every 28 days (the force’s policy, not the Code)" in page.text
    assert "Opted out of: Everything the Code offers, 22 May 2026 until 22 May 2026" in page.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Choose how often they want to hear"),
        ({"how_often": "other"}, "Enter the days between contacts"),
        ({"how_often": "weekly", "interval_days": "9"}, "Enter the days between contacts"),
        ({"how_often": "other", "interval_days": "0"}, "Days must be a whole number from 1 to 366"),
        ({"how_often": "weekly", "means": ["pigeon"]}, "Means is not one that is known here"),
    ],
)
def test_what_cannot_be_is_refused(sqlite_casework: Casework, changes: dict[str, Any], message: str) -> None:
    ref = sqlite_casework.case()
    browser, before = sqlite_casework.site.sign_in(), sqlite_casework.stored_events()
    answer = typed(sqlite_casework, browser, ref, **changes)
    assert answer.status_code == 422
    assert Page(answer.text).errors()[0].startswith(message)
    assert sqlite_casework.stored_events() == before


def test_an_opt_out_of_one_service_has_its_reason(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in()
    form = sqlite_casework.page(browser, f"/cases/{ref}/events/opted_out").form(f"/cases/{ref}/events/opted_out")
    sent = form.filled(detail_scope="rule:R3-RJ", detail_reason="not_now")
    assert browser.post(form.action, sent).status_code == 303
    page = sqlite_casework.page(browser, f"/cases/{ref}/victim")
    assert "Opted out of: Restorative justice, 22 May 2026" in page.text
    with sqlite_casework.site.database.reading() as connection:
        ended = connection.execute(select(DUES.c.rule).where(DUES.c.ending == "declined")).scalars().all()
    assert ended == ["R3-RJ"]


def test_a_colleague_of_another_team_cannot_choose(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    mine = sqlite_casework.site.sign_in()
    form = sqlite_casework.page(mine, f"/cases/{ref}/choices").form(f"/cases/{ref}/choices")
    stranger = sqlite_casework.site.sign_in("stranger")
    sent = {**form.filled(how_often="weekly"), "step": "record", "csrf_token": stranger.token()}
    assert stranger.post(form.action, sent).status_code == 404
    assert EventKind.CONTACT_INTERVAL_AGREED.value not in kinds(sqlite_casework)
