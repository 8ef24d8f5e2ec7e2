"""What victims answered, on the board's page and in its file: the same figures, and their meaning beside them."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from sqlalchemy import update

from tests.web.casework import Casework
from tests.web.routes.test_board import with_victims
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.law import Law
from victimcare.domain.quarter import Quarter
from victimcare.editions.feedback import published_survey
from victimcare.store import feedback
from victimcare.store.cases import load
from victimcare.store.feedback import REQUESTS, NewRequest

SURVEY = published_survey()
QUARTER = Quarter(2026, 1)
AREAS = {"E01": (30, 60), "E02": (12, 40), "E03": (2, 9)}
"""Of each area, how many answered of how many who were asked."""


def hear(casework: Casework) -> None:
    """In each area, the first third of those who answer says yes to everything, the rest no."""
    ref = casework.case()
    with casework.site.database.writing() as connection:
        case_id = load(connection, ref).id
        for area, (answered, asked) in AREAS.items():
            for number in range(asked):
                on = QUARTER.from_on + timedelta(days=number)
                of_case = {"case_id": case_id, "team_id": "north", "area": area, "point": "first_weeks"}
                new = NewRequest(number=f"{area}{number}", channel="phone", message_id=None, asked_on=on, **of_case)
                made = feedback.add(connection, new, by="supervisor", at=casework.site.clock.now)
                if number < answered:
                    said = FeedbackAnswer.YES if number % 3 == 0 else FeedbackAnswer.NO
                    feedback.end(connection, made, ended_as="answered", by="colleague", at=casework.site.clock.now)
                    feedback.keep_answers(connection, made, dict.fromkeys((q.code for q in SURVEY.questions), said))


def test_the_page_shows_a_quarter_by_area_with_what_the_figures_mean(casework: Casework) -> None:
    hear(casework)
    page = casework.page(casework.site.sign_in("board"), "/board/feedback?quarter=2026-q1&by=area")
    assert "Asked January to March 2026" in page.text
    for words in ("Who did not answer may think otherwise", "divided by victims who were asked", "Small numbers"):
        assert words in page.text
    tables = [[cell.text for cell in row.all("td")] for row in page.rows()]
    assert ["34.1%", "21.9% to 48.9%", "15", "0", "29", "0", "44"] in tables
    assert "Other areas" in page.text
    assert "E03" not in page.text, "two answered there"


def test_it_stands_beside_what_was_done_in_time_so_that_neither_is_read_alone(casework: Casework, law: Law) -> None:
    with_victims(casework.site, law)
    browser = casework.site.sign_in("board")
    assert "time is all that is known" in casework.page(browser, "/board/compliance").text
    hear(casework)
    said = "What victims say beside it, as 44 victims answered who were asked in January to March 2026."
    for path in ("/board", "/board/compliance"):
        page = casework.page(browser, path)
        assert said in page.text
        assert "Yes in 34.1%" in page.text
        assert page.links("All that victims answered") == ["/board/feedback"]
    assert "time is all that is known" not in casework.page(browser, "/board/compliance").text


def test_months_stand_on_a_control_chart_whose_table_and_file_say_the_same(casework: Casework) -> None:
    hear(casework)
    with casework.site.database.writing() as connection:
        some = REQUESTS.c.asked_on.in_([date(2026, 1, number) for number in range(2, 30, 2)])
        connection.execute(update(REQUESTS).where(some).values(asked_on=date(2026, 2, 10)))
    browser = casework.site.sign_in("board")
    page = casework.page(browser, "/board/feedback?quarter=2026-q1&by=month&question=kept_informed")
    assert "Month by month: " in page.text
    assert "too few to judge" in page.text
    table = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in page.rows() if row.all("th")}
    path = "/board/feedback/file?quarter=2026-q1&by=month"
    form = casework.page(browser, path).form("/board/feedback/file")
    answer = browser.post("/board/feedback/file", form.filled(purpose="meeting"))
    rows = list(csv.DictReader(StringIO(answer.text)))
    of_january = next(
        row for row in rows if row["Name of line"] == "January 2026" and row["Question"] == "kept_informed"
    )
    share, _, yes, answered, sign = table["January 2026"]
    assert (of_january["Yes"], of_january["Victims who answered"]) == (yes, answered)
    assert (f"{of_january['Yes (%)']}%", sign) == (share, "None")
    assert f"January 2026: yes {share}, {yes} of {answered} answers" in page.html
    assert browser.get("/board/feedback?question=other").status_code == 404


def test_the_file_has_what_the_page_shows(casework: Casework) -> None:
    hear(casework)
    browser = casework.site.sign_in("board")
    path = "/board/feedback/file"
    page = casework.page(browser, f"{path}?quarter=2026-q1&by=area")
    answer = browser.post(path, page.form(path).filled(purpose="meeting"))
    assert answer.status_code == 200
    rows = list(csv.DictReader(StringIO(answer.text)))
    of_all = [row for row in rows if row["Name of line"] == "All"]
    assert len(of_all) == len(SURVEY.questions)
    assert {(row["Yes"], row["No"], row["Victims who answered"], row["Yes (%)"]) for row in of_all} == {
        ("15", "29", "44", "34.1")
    }
    assert "What victims answered, 2026-q1-by-area" in casework.page(browser, "/board/files").text


def test_too_few_answers_are_not_shown(casework: Casework) -> None:
    page = casework.page(casework.site.sign_in("board"), "/board/feedback?quarter=2026-q1")
    assert "Too few answered to show what they said, or nobody was asked." in page.text
    assert not page.links(starts="/board/feedback/file")


@pytest.mark.parametrize("query", ["quarter=2026-q2", "quarter=2020-q1", "quarter=x", "by=officer", "by=x"])
def test_what_is_not_on_the_menu_does_not_exist(casework: Casework, query: str) -> None:
    browser = casework.site.sign_in("board")
    assert casework.site.clock.now.date() < SURVEY.shown_from(Quarter.of(date(2026, 6, 1)))
    assert browser.get(f"/board/feedback?{query}").status_code == 404
    assert browser.get(f"/board/feedback/file?{query}").status_code == 404


@pytest.mark.parametrize("who", ["officer", "supervisor", "administrator", "clerk"])
def test_it_is_for_the_board(casework: Casework, who: str) -> None:
    assert casework.site.sign_in(who).get("/board/feedback").status_code == 403
