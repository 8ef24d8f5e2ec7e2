"""A victim is asked how it was, answers by telephone, wants no more of it; one reads the words, the board too few."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check
from tests.web.casework import MONDAY
from tests.web.routes.test_board_feedback import QUARTER as MANY
from tests.web.routes.test_board_feedback import hear
from victimcare.domain.quarter import Quarter
from victimcare.editions.feedback import published_survey
from victimcare.presentation.feedback import quarter_title

WORDS = "Nobody rang me for weeks"
THEME = "Not hearing anything, or too late"
SURVEY = published_survey()


@pytest.fixture(scope="module", autouse=True)
def others(place: Desk) -> None:
    """Of the quarter before, many were asked and answered."""
    hear(place.casework)


def test_a_victim_is_heard(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    desk.casework.site.clock.now = MONDAY + timedelta(days=4)
    ref = desk.casework.case("Wren Sample", at=MONDAY - timedelta(days=40))
    desk.casework.safe_way(ref)
    supervisor = sign_in("supervisor", javascript=javascript)
    number = is_asked(supervisor, desk, ref)
    answers_by_telephone(sign_in("colleague", javascript=javascript), desk, number)
    their_officer_reads_nothing_of_it(sign_in("officer", javascript=javascript), desk, ref, number)
    their_words_are_read(supervisor, desk)
    if javascript:
        check(supervisor, "what victims say")
    asked_in = Quarter.of(desk.casework.site.clock.now.date())
    shown_on = datetime.combine(SURVEY.shown_from(asked_in), time(9), UTC)
    desk.casework.site.clock.now = shown_on
    board_sees_no_few(sign_in("board", javascript=javascript), desk, asked_in)


def is_asked(page: Page, desk: Desk, ref: str) -> str:
    """The supervisor finds whom to ask, and rings; the number by which they answer."""
    page.goto(f"{desk.address}/team/feedback")
    page.get_by_role("link", name=ref).click()
    page.get_by_label("phone").check()
    page.get_by_role("button", name="Ask them", exact=True).click()
    page.get_by_role("heading", name="They were asked, and have not answered").wait_for()
    return page.locator("main strong.app-nowrap").inner_text()


def answers_by_telephone(page: Page, desk: Desk, number: str) -> None:
    """Who takes the answers sees no case; without every answer nothing is kept."""
    page.goto(f"{desk.address}/feedback")
    page.get_by_label("The number in their letter").fill(number.lower())
    page.get_by_label("Anything else, in their own words?").fill(WORDS)
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    for question in SURVEY.questions:
        group = page.get_by_role("group", name=question.words)
        group.get_by_label("No", exact=True).check()
    page.get_by_label("No, they do not want to be asked again").check()
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("alert").first).to_contain_text("What they answered is kept")
    expect(page.locator("main")).not_to_contain_text("Wren")


def their_officer_reads_nothing_of_it(page: Page, desk: Desk, ref: str, number: str) -> None:
    for part in ("", "/journey", "/feedback"):
        page.goto(f"{desk.address}/cases/{ref}{part}")
        expect(page.locator("main")).not_to_contain_text(WORDS)
        expect(page.locator("main")).not_to_contain_text(number)
    expect(page.locator("main")).to_contain_text("They do not want to be asked, since")


def their_words_are_read(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}/team/feedback")
    page.get_by_role("link", name="Read what was said").first.click()
    expect(page.get_by_role("article", name="Their words")).to_have_text(WORDS)
    page.get_by_label(THEME).check()
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("alert")).to_contain_text("What it is about is kept")
    expect(page.locator("main")).to_contain_text("Nothing waits to be read")


def board_sees_no_few(page: Page, desk: Desk, quarter: Quarter) -> None:
    """Of a quarter in which one or two answered, not what; of one in which many did, all; of words, none ever."""
    page.goto(f"{desk.address}/board/feedback?quarter={quarter.id}&by=area")
    expect(page.get_by_role("heading", name=f"Asked {quarter_title(quarter)}")).to_be_visible()
    expect(page.locator("#feedback-table")).to_have_count(0)
    shown = page.locator("main")
    expect(shown).to_contain_text("Too few")
    expect(shown).not_to_contain_text(WORDS)
    page.get_by_label("Asked in").select_option(MANY.id)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(shown).to_contain_text("34.1%")
    expect(shown).to_contain_text("Other areas")
    expect(shown).not_to_contain_text(WORDS)
