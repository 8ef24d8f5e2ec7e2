"""Asking victims how it was for them: only safely, answers by number, and words that their case officer never reads."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.page import Page
from victimcare.commands.send_message import Post
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.force_policy import published_policy
from victimcare.jobs import delivery
from victimcare.jobs.work import Work
from victimcare.notices.mailbox import Mailbox
from victimcare.store import cases, protections
from victimcare.store.cases import CASES
from victimcare.store.feedback import GIVEN, REQUESTS
from victimcare.store.messages import MESSAGES

LONG_AGO = MONDAY - timedelta(days=40)
WORDS = "Nobody rang me for weeks"
ANSWERS = {
    "about_kept_informed": "no",
    "about_plain_words": "partly",
    "about_respect": "yes",
    "about_next_step": "rather_not_say",
}


@pytest.fixture
def ref(casework: Casework) -> str:
    """A case of which it is time to ask, whose victim has a safe telephone and a safe address."""
    ref = casework.case("Wren Sample", at=LONG_AGO)
    casework.safe_way(ref)
    casework.safe_way(ref, "address")
    return ref


def ask(casework: Casework, ref: str, way: str = "phone", who: str = "supervisor") -> tuple[int, Page]:
    browser = casework.site.sign_in(who)
    path = f"/cases/{ref}/feedback"
    form = casework.page(browser, path).form(path)
    kind = {"letter": "address"}.get(way, way)
    answer = browser.post(path, form.filled(way=f"{way}:{ref}-{kind}"))
    return answer.status_code, Page(answer.text) if answer.text else casework.page(browser, path)


def row(casework: Casework) -> Any:
    with casework.site.database.reading() as connection:
        return connection.execute(select(REQUESTS).order_by(REQUESTS.c.id.desc())).first()


def take(casework: Casework, number: str, who: str = "colleague", **changes: Any) -> tuple[int, Page]:
    browser = casework.site.sign_in(who)
    form = casework.page(browser, "/feedback").form("/feedback")
    answer = browser.post("/feedback", form.filled(number=number, **{**ANSWERS, "words": WORDS, **changes}))
    return answer.status_code, Page(answer.text) if answer.text else casework.page(browser, answer.headers["location"])


def test_a_victim_is_asked_answers_by_number_and_a_supervisor_reads_the_words(casework: Casework, ref: str) -> None:
    supervisor = casework.site.sign_in("supervisor")
    assert casework.page(supervisor, "/team/feedback").links(starts="/cases/") == [f"/cases/{ref}/feedback"]
    status, _ = ask(casework, ref)
    assert status == 303
    number = row(casework).number
    assert number in casework.page(supervisor, f"/cases/{ref}/feedback").text.replace(" ", "")
    status, page = take(casework, f"{number[:4]} {number[4:].lower()}")
    assert status == 303
    assert "What they answered is kept" in page.text
    assert "Wren" not in page.text
    assert ref not in page.text
    listed = casework.page(supervisor, "/team/feedback")
    link = listed.links(starts="/team/feedback/")[0]
    shown = casework.page(supervisor, link)
    assert WORDS in shown.text
    done = supervisor.post(link, shown.form(link).filled(themes=["silence", "safety"]))
    assert (done.status_code, done.headers["location"]) == (303, "/team/feedback?read=true")
    assert casework.page(supervisor, "/team/feedback").links(starts="/team/feedback/") == []
    with casework.site.database.reading() as connection:
        given = {each.question: each.answer for each in connection.execute(select(GIVEN))}
    assert given == {name.removeprefix("about_"): answer for name, answer in ANSWERS.items()}
    assert ("collection", "take feedback", "colleague", "done") in casework.site.audit()
    assert ("alteration", "read feedback", "supervisor", "done") in casework.site.audit()


def test_no_page_of_the_case_shows_its_officer_what_the_victim_said(casework: Casework, ref: str) -> None:
    ask(casework, ref)
    take(casework, row(casework).number)
    officer = casework.site.sign_in()
    for path in ("", "/journey", "/feedback", "/messages", "/notes", "/record", "/print/summary", "/left-messages"):
        text = casework.page(officer, f"/cases/{ref}{path}").text
        assert WORDS not in text, path
        assert row(casework).number not in text.replace(" ", ""), path
    assert "Not shown on this page" in casework.page(officer, f"/cases/{ref}/record").text
    assert officer.get("/team/feedback").status_code == 403
    assert officer.get(f"/team/feedback/{casework.named('feedback_request', row(casework).id)}").status_code == 403


def test_the_officer_of_the_case_takes_no_answers_of_it(casework: Casework, ref: str) -> None:
    ask(casework, ref)
    status, page = take(casework, row(casework).number, who="officer")
    assert status == 422
    assert "You are the case officer of this victim" in page.text
    assert row(casework).ended_at is None
    assert take(casework, row(casework).number, who="clerk")[0] == 303, "a witness care officer may"


def test_a_supervisor_does_not_read_what_the_victim_of_their_own_case_said(casework: Casework) -> None:
    ref = casework.case("Lark Sample", at=LONG_AGO)
    casework.safe_way(ref)
    ask(casework, ref)
    take(casework, row(casework).number)
    with casework.site.database.writing() as connection:
        connection.execute(CASES.update().where(CASES.c.ref == ref).values(officer_id="supervisor"))
    supervisor = casework.site.sign_in("supervisor")
    assert casework.page(supervisor, "/team/feedback").links(starts="/team/feedback/") == []
    assert supervisor.get(f"/team/feedback/{casework.named('feedback_request', row(casework).id)}").status_code == 404


def test_an_unknown_number_and_one_used_before_are_refused_in_a_sentence(casework: Casework, ref: str) -> None:
    assert "No letter has this number" in take(casework, "7F3K 9QRT")[1].text
    ask(casework, ref)
    number = row(casework).number
    assert take(casework, number)[0] == 303
    status, page = take(casework, number)
    assert (status, "answered already" in page.text) == (422, True)


def test_after_four_weeks_no_answer_is_taken(casework: Casework, ref: str) -> None:
    ask(casework, ref)
    casework.site.clock.now += timedelta(days=28)
    number = row(casework).number
    casework.site.clock.now += timedelta(days=1)
    assert "The time to answer is over" in take(casework, number)[1].text
    casework.site.clock.now -= timedelta(days=1)
    assert take(casework, number)[0] == 303


def test_every_question_is_answered_or_none_with_a_wish_not_to_be_asked(casework: Casework, ref: str) -> None:
    ask(casework, ref)
    number = row(casework).number
    for nothing in ("", " "):
        status, page = take(casework, number, about_respect=nothing)
        assert (status, len(page.errors())) == (422, 1)
    assert take(casework, number, **dict.fromkeys(ANSWERS, " "), words=" ")[0] == 422
    assert take(casework, number, **dict.fromkeys(ANSWERS, ""), words="", no_more=[""])[0] == 422, "a blank is no wish"
    assert take(casework, number, **dict.fromkeys(ANSWERS, ""), words="", no_more=["yes"])[0] == 303
    assert row(casework).ended_as == "declined"
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/feedback")
    assert "They do not want to be asked" in page.text


def test_a_letter_waits_to_be_posted_and_is_no_contact(casework: Casework, ref: str) -> None:
    ask(casework, ref, "letter")
    assert row(casework).asked_on is None
    assert "no longer to be answered" in take(casework, row(casework).number)[1].text
    supervisor = casework.site.sign_in("supervisor")
    before = casework.stored_events()
    page = casework.page(supervisor, f"/cases/{ref}/messages")
    [letter] = [form for form in page.forms if form.action.endswith("/print")]
    assert supervisor.post(letter.action, letter.filled()).status_code == 200
    posted = casework.page(supervisor, f"/cases/{ref}/messages").form(letter.action.replace("/print", "/posted"))
    assert supervisor.post(posted.action, posted.filled()).status_code == 303
    assert casework.stored_events() == before, "no contact, for it tells the victim nothing"
    assert row(casework).asked_on == casework.site.clock.now.date()
    assert "Posted" in casework.page(supervisor, f"/cases/{ref}/messages").text
    assert take(casework, row(casework).number)[0] == 303


def test_what_asks_by_letter_says_the_questions_the_number_and_who_reads(casework: Casework, ref: str) -> None:
    ask(casework, ref, "letter")
    number = row(casework).number
    text = casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/messages").text
    for words in (f"{number[:4]} {number[4:]}", "Were you treated with respect?", "You do not have to answer"):
        assert words in text


def test_whoever_says_no_is_not_asked_and_what_has_not_left_does_not_leave(casework: Casework, ref: str) -> None:
    ask(casework, ref, "letter")
    officer = casework.site.sign_in()
    path = f"/cases/{ref}/feedback/stop"
    form = casework.page(officer, f"/cases/{ref}/feedback").form(path)
    assert officer.post(path, form.filled()).status_code == 303
    with casework.site.database.reading() as connection:
        assert connection.execute(select(MESSAGES.c.withdrawn_at)).scalar_one() is not None
    supervisor = casework.site.sign_in("supervisor")
    page = casework.page(supervisor, f"/cases/{ref}/feedback")
    assert "They do not want to be asked" in page.text
    assert f"/cases/{ref}/feedback" not in [form.action for form in page.forms]
    assert casework.page(supervisor, "/team/feedback").links(starts="/cases/") == []


def test_a_letter_is_not_printed_once_the_case_is_closed(casework: Casework, ref: str) -> None:
    ask(casework, ref, "letter")
    casework.record(ref, EventKind.CASE_CLOSED)
    supervisor = casework.site.sign_in("supervisor")
    page = casework.page(supervisor, f"/cases/{ref}/messages")
    [letter] = [form for form in page.forms if form.action.endswith("/print")]
    answer = supervisor.post(letter.action, letter.filled())
    assert answer.status_code == 409
    assert "the case is not open any more" in Page(answer.text).text


@pytest.mark.parametrize("event", ["closed", "opted_out", "child", "too_early"])
def test_nobody_is_asked_who_may_not_be(casework: Casework, event: str) -> None:
    born_on = MONDAY.date() - timedelta(days=16 * 365) if event == "child" else None
    ref = casework.case("Robin Sample", at=MONDAY if event == "too_early" else LONG_AGO, born_on=born_on)
    casework.safe_way(ref)
    if event == "closed":
        casework.record(ref, EventKind.CASE_CLOSED)
    if event == "opted_out":
        casework.record(ref, EventKind.OPTED_OUT, scope="all", reason="does_not_want")
    supervisor = casework.site.sign_in("supervisor")
    page = casework.page(supervisor, f"/cases/{ref}/feedback")
    assert "They are not to be asked now" in page.text
    assert casework.page(supervisor, "/team/feedback").links(starts="/cases/") == []
    token = page.form(f"/cases/{ref}/feedback/stop").filled()
    refused = supervisor.post(f"/cases/{ref}/feedback", {**token, "way": f"phone:{ref}-phone"})
    assert refused.status_code == 422
    assert row(casework) is None


def test_a_way_that_is_not_safe_is_not_offered(casework: Casework) -> None:
    ref = casework.case("Robin Sample", at=LONG_AGO)
    page = casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/feedback")
    assert "There is no safe way to ask them" in page.text


def test_whoever_was_not_reached_was_not_asked(casework: Casework, ref: str) -> None:
    ask(casework, ref)
    supervisor = casework.site.sign_in("supervisor")
    path = f"/cases/{ref}/feedback/back"
    form = casework.page(supervisor, f"/cases/{ref}/feedback").form(path)
    assert supervisor.post(path, form.filled()).status_code == 303
    assert (row(casework).ended_as, row(casework).asked_on) == ("taken_back", None)
    assert casework.page(supervisor, "/team/feedback").links(starts="/cases/") == [f"/cases/{ref}/feedback"]
    assert ask(casework, ref)[0] == 303


def test_nobody_is_asked_twice(casework: Casework, ref: str) -> None:
    ask(casework, ref)
    supervisor = casework.site.sign_in("supervisor")
    page = casework.page(supervisor, f"/cases/{ref}/feedback")
    assert "they were asked lately" in page.text
    assert f"/cases/{ref}/feedback" not in [form.action for form in page.forms]


def test_words_that_tell_a_place_are_asked_about_and_only_the_custodian_reads_them(
    casework: Casework, ref: str
) -> None:
    ask(casework, ref)
    browser = casework.site.sign_in("colleague")
    form = casework.page(browser, "/feedback").form("/feedback")
    words = {**ANSWERS, "words": "I am at LU1 2AB now"}
    page = Page(browser.post("/feedback", form.filled(number=row(casework).number, **words)).text)
    assert row(casework).ended_at is None
    kept = browser.post("/feedback", {**page.form("/feedback").filled(), "location": "keep"})
    assert kept.status_code == 303
    link = f"/team/feedback/{casework.named('feedback_request', row(casework).id)}"
    supervisor = casework.site.sign_in("supervisor")
    assert "LU1 2AB" in casework.page(supervisor, link).text
    with casework.site.database.writing() as connection:
        case_id = cases.load(connection, ref).id
        begun = {"custodian_id": "officer", "reason": "Fled", "by": PEOPLE["supervisor"]}
        protections.begin(connection, case_id=case_id, now=casework.site.clock.now, vault=casework.vault, **begun)
    withheld = casework.page(supervisor, link)
    assert "Only the custodian may read it" in withheld.text
    assert "LU1 2AB" not in withheld.html


def deliver(casework: Casework, folder: Path) -> str:
    """What the job says after sending what waits."""
    site = casework.site
    mailbox = Mailbox(folder, sender="victimcare@localhost", text_gateway="text.invalid")
    work = Work(
        site.database,
        casework.law,
        mailbox,
        site.clock.now,
        clock=lambda: site.clock.now,
        post=Post(site.app.state.vault, published_policy(), sends_texts=True),
    )
    return delivery.deliver_outbox(work).summary


def test_an_email_that_leaves_is_the_asking(casework: Casework, tmp_path: Path) -> None:
    ref = casework.case("Wren Sample", at=LONG_AGO)
    casework.safe_way(ref, "email")
    ask(casework, ref, "email")
    assert row(casework).asked_on is None
    before = casework.stored_events()
    assert deliver(casework, tmp_path) == "1 sent"
    assert row(casework).asked_on == casework.site.clock.now.date()
    assert casework.stored_events() == before


def test_the_page_of_messages_offers_no_letter_that_asks(casework: Casework, ref: str) -> None:
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/messages")
    assert not [link for link in page.links(starts=f"/cases/{ref}/messages/new") if "feedback" in link]
    assert casework.site.sign_in().get(f"/cases/{ref}/messages/new?template=feedback").status_code == 404
