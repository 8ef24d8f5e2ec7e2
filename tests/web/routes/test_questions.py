"""A case officer asks their supervisor: seen at once, answered by somebody else, and the answer is on the day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.casework import PEOPLE, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.commands.link_cases import propose_link

WORDS, ANSWER = "May I meet Wren at the library?", "Yes, and take somebody with you."


class Desk:
    """An officer with a case, and their supervisor."""

    def __init__(self, casework: Casework) -> None:
        self.casework, self.ref = casework, casework.case()
        self.officer, self.supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
        self.path = f"/cases/{self.ref}/questions"

    def ask(self, words: str = WORDS, browser: Browser | None = None, **more: Any) -> Any:
        browser = browser or self.officer
        form = self.casework.page(browser, self.path).form(self.path)
        return browser.post(self.path, {**form.filled(words=words), **more})

    def to_answer(self) -> list[str]:
        return self.casework.page(self.supervisor, "/team/waiting").links(text="Answer", starts=self.path)

    def answer(self, words: str = ANSWER, browser: Browser | None = None) -> Any:
        browser = browser or self.supervisor
        (path,) = self.to_answer()
        form = self.casework.page(browser, path).form(path)
        return browser.post(path, form.filled(words=words))

    def day(self) -> Page:
        return self.casework.page(self.officer, "/")


@pytest.fixture
def desk(casework: Casework) -> Desk:
    return Desk(casework)


@pytest.fixture
def sqlite_desk(sqlite_casework: Casework) -> Desk:
    return Desk(sqlite_casework)


def test_it_is_on_the_supervisors_page_at_once_and_the_answer_on_the_officers_day_until_read(desk: Desk) -> None:
    assert desk.ask().headers["location"] == f"{desk.path}?done=asked"
    team = desk.casework.page(desk.supervisor, "/team/waiting")
    assert "Asked by your officers (1)" in team.text
    assert WORDS not in team.text
    assert WORDS in desk.casework.page(desk.supervisor, desk.to_answer()[0]).text
    assert "Answers from your supervisor" not in desk.day().text
    assert desk.answer().headers["location"] == f"{desk.path}?done=answered"
    assert desk.to_answer() == []
    assert "Answers from your supervisor (1)" in desk.day().text
    page = desk.casework.page(desk.officer, desk.path)
    assert ANSWER in page.text
    (read,) = [form for form in page.forms if form.action.endswith("/read")]
    assert desk.officer.post(read.action, read.filled()).status_code == 303
    assert "Answers from your supervisor" not in desk.day().text
    assert ANSWER in desk.casework.page(desk.officer, desk.path).text
    done = [(what, who) for _, what, who, _ in desk.casework.site.audit()]
    assert {("ask supervisor", "officer"), ("answer question", "supervisor"), ("read answer", "officer")} <= set(done)


def test_words_that_tell_a_place_are_asked_about_and_kept_from_all_but_the_custodian(sqlite_desk: Desk) -> None:
    asked = sqlite_desk.ask("They moved to MK40 9ZZ.")
    assert "What you wrote looks as if it has a postcode in it." in Page(asked.text).text
    assert sqlite_desk.to_answer() == []
    sqlite_desk.ask("They moved to MK40 9ZZ.", location="keep")
    path = f"/cases/{sqlite_desk.ref}/contact-details/protection"
    form = sqlite_desk.casework.page(sqlite_desk.supervisor, path).form(path)
    sqlite_desk.supervisor.post(path, form.filled(custodian="officer", reason="An invented reason"))
    assert "MK40 9ZZ" in sqlite_desk.casework.page(sqlite_desk.officer, sqlite_desk.path).text
    shown = sqlite_desk.casework.page(sqlite_desk.supervisor, sqlite_desk.to_answer()[0])
    assert "MK40 9ZZ" not in shown.html
    assert "Only the custodian may read it" in shown.text


def test_nobody_answers_what_they_asked_and_it_is_answered_once(sqlite_desk: Desk) -> None:
    sqlite_desk.ask(browser=sqlite_desk.supervisor)
    refused = sqlite_desk.answer()
    assert refused.status_code == 409
    assert "another supervisor must answer" in refused.text


def test_a_second_answer_is_refused(sqlite_desk: Desk) -> None:
    sqlite_desk.ask()
    (path,) = sqlite_desk.to_answer()
    form = sqlite_desk.casework.page(sqlite_desk.supervisor, path).form(path)
    assert sqlite_desk.answer().status_code == 303
    assert sqlite_desk.supervisor.post(path, form.filled(words="No")).status_code == 409
    assert ANSWER in sqlite_desk.casework.page(sqlite_desk.officer, sqlite_desk.path).text


def test_an_empty_question_is_refused_with_the_field(sqlite_desk: Desk) -> None:
    answer = sqlite_desk.ask("")
    assert (answer.status_code, Page(answer.text).errors()) == (422, ["Enter what you want to say"])


def test_officers_do_not_answer_and_strangers_see_nothing(sqlite_desk: Desk) -> None:
    sqlite_desk.ask()
    (path,) = sqlite_desk.to_answer()
    assert sqlite_desk.officer.get(path).status_code == 403
    stranger = sqlite_desk.casework.site.sign_in("stranger")
    assert stranger.get(sqlite_desk.path).status_code == 404


def test_links_and_voids_wait_on_the_team_page_until_somebody_else_decides(casework: Casework) -> None:
    ref, other = casework.case("Wren Sample"), casework.case("Wren Sample")
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    path = f"/cases/{ref}/void"
    form = casework.page(officer, path).form(path)
    assert officer.post(path, form.filled(reason="duplicate")).status_code == 303
    named = {"reason": "victim_said", "confidence": "certain", "by": PEOPLE["officer"], "now": casework.site.clock.now}
    with casework.site.database.writing() as connection:
        propose_link(connection, ref=ref, other_ref=other, vault=casework.site.app.state.vault, **named)
    team = casework.page(supervisor, "/team/waiting").section("second-heading")
    assert "Waiting for a second person (2)" in team.text
    assert "It is a duplicate of another case. Asked by Example Officer" in team.text
    assert f"Link with {other}: decide on {ref}" in team.text
    path = f"/cases/{ref}/void"
    form = casework.page(supervisor, path).form(path)
    assert supervisor.post(path, form.filled(decision="case_void_refused")).status_code == 303
    assert "Waiting for a second person (1)" in casework.page(supervisor, "/team/waiting").text


def test_a_good_reason_is_decided_with_the_officers_words_before_one(casework: Casework) -> None:
    ref = casework.case()
    arrest = casework.record(ref, "suspect_arrested", subject="Suspect 1")
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    path = f"/cases/{ref}/duties/R6-ARR:{arrest}/ending"
    form = casework.page(officer, path).form(path)
    sent = form.filled(why="good_reason_requested:victim_unwell", words="Her mother says to wait. Ring 07700 900123.")
    asked = officer.post(path, sent)
    assert "a telephone number" in Page(asked.text).text
    kept = officer.post(path, {**sent, "words": "Her mother says to wait."})
    assert kept.status_code == 303
    decision = casework.page(supervisor, path.replace("/ending", "/decision"))
    assert "Her mother says to wait." in decision.text
    notes = casework.page(officer, f"/cases/{ref}/notes")
    assert "Why a duty cannot be kept" in notes.text
