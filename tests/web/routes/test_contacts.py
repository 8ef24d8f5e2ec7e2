"""Recording a contact: it answers what is ticked, an attempt answers nothing, and all of it must have been told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.queries.case_page import CasePage
from victimcare.web.case_reading import CaseReader

ARRESTED = MONDAY + timedelta(days=1)


def standing(page: Page, rule: str) -> str:
    """How the duty of this rule stands, in the word of its tag."""
    (card,) = [div for div in page.all("div", class_="app-duty") if div.attributes["id"].startswith(f"duty-{rule}-")]
    html = page.html[page.html.index(f'id="{card.attributes["id"]}"') :]
    return Page(html[: html.index("</details>")]).all("strong", class_="govuk-tag")[0].text


def an_arrest(casework: Casework) -> str:
    ref = casework.case()
    casework.record(ref, EventKind.SUSPECT_ARRESTED, ARRESTED, subject="Suspect 1")
    return ref


def a_disposal(casework: Casework) -> str:
    """A case in which several things must be told of one decision."""
    ref = casework.case()
    casework.record(ref, EventKind.DECIDED_NOT_TO_INVESTIGATE, ARRESTED)
    return ref


def contact_form(casework: Casework, browser: Browser, ref: str) -> FormOnPage:
    return casework.page(browser, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")


def anchors(form: FormOnPage, *rules: str) -> list[str]:
    return [anchor for anchor in form.values("duties") if anchor.partition(":")[0] in rules]


def test_a_contact_answers_the_duties_ticked_and_no_other(casework: Casework) -> None:
    ref = an_arrest(casework)
    browser = casework.site.sign_in()
    form = contact_form(casework, browser, ref)
    assert form.ticked("duties") == []
    answer = casework.contact(browser, ref, duties=anchors(form, "R6-ARR"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{ref}?recorded=contact_made")
    page = casework.page(browser, answer.headers["location"])
    assert standing(page, "R6-ARR") == "Met"
    assert standing(page, "R3-WRIT") == "Due"
    assert "Recorded Contact with the victim" in page.text
    assert "How: Phone call About: Tell the victim: suspect arrested" in page.text
    assert "Last contact 22 May 2026" in page.text


def test_an_overdue_duty_that_is_met_leaves_the_day(casework: Casework) -> None:
    ref = an_arrest(casework)
    casework.site.clock.now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    browser = casework.site.sign_in()
    overdue = casework.page(browser, "/").section("overdue-heading")
    (action,) = [href for href in overdue.links(text="Record contact") if "R6-ARR" in href]
    opened = casework.page(browser, action)
    form = opened.form(f"/cases/{ref}/contacts")
    assert browser.post(form.action, form.filled(reached="yes", channel="phone")).status_code == 303
    assert "R6-ARR" not in casework.page(browser, "/").html
    assert standing(casework.page(browser, f"/cases/{ref}"), "R6-ARR") == "Met late"


@pytest.mark.parametrize("ticked", [True, False], ids=["from the row of a duty", "from the case"])
def test_an_attempt_is_kept_and_answers_nothing(casework: Casework, ticked: bool) -> None:
    ref = an_arrest(casework)
    browser = casework.site.sign_in()
    form = contact_form(casework, browser, ref)
    answer = casework.contact(browser, ref, reached="no", duties=anchors(form, "R6-ARR") if ticked else [])
    assert answer.status_code == 303
    page = casework.page(browser, answer.headers["location"])
    assert "Recorded Contact attempted" in page.text
    assert standing(page, "R6-ARR") == "Due"
    assert "Last contact None recorded" in page.text


def test_in_an_attempt_nobody_was_told_anything(casework: Casework) -> None:
    ref = a_disposal(casework)
    browser, before = casework.site.sign_in(), casework.stored_events()
    form = contact_form(casework, browser, ref)
    answer = casework.contact(
        browser, ref, reached="no", duties=anchors(form, "R6-NOINV"), told=form.values("told")[:1]
    )
    assert answer.status_code == 422
    assert Page(answer.text).errors() == [
        "Untick what you told them, or say that you reached them: an attempt answers nothing"
    ]
    assert casework.stored_events() == before


def test_a_duty_of_several_tellings_is_met_when_all_were_told(casework: Casework) -> None:
    ref = a_disposal(casework)
    browser = casework.site.sign_in()
    form = contact_form(casework, browser, ref)
    duty = anchors(form, "R6-NOINV")
    told = [one for one in form.values("told") if one.startswith(duty[0])]
    assert len(told) > 1
    assert casework.contact(browser, ref, duties=duty, told=told[:1]).status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert standing(page, "R6-NOINV") == "Due"
    assert "Still to be told:" in page.text
    assert "(told before)" in casework.page(browser, f"/cases/{ref}/contacts/new").text
    assert casework.contact(browser, ref, duties=duty, told=told[1:]).status_code == 303
    assert standing(casework.page(browser, f"/cases/{ref}"), "R6-NOINV") == "Met"


def test_what_was_told_must_be_said_where_several_things_must_be(casework: Casework) -> None:
    ref = a_disposal(casework)
    browser, before = casework.site.sign_in(), casework.stored_events()
    form = contact_form(casework, browser, ref)
    duty = anchors(form, "R6-NOINV")
    silent = casework.contact(browser, ref, duties=duty)
    assert silent.status_code == 422
    assert Page(silent.text).errors()[0].startswith("Tick what you told them: ")
    unticked = casework.contact(browser, ref, told=form.values("told")[:1])
    assert unticked.status_code == 422
    assert Page(unticked.text).errors()[0].startswith("Tick this too, or untick what you told them of it: ")
    assert Page(unticked.text).form(form.action).ticked("told") == form.values("told")[:1]
    assert casework.stored_events() == before


def test_a_duty_that_is_not_open_cannot_be_ticked(casework: Casework) -> None:
    ref, other = an_arrest(casework), an_arrest(casework)
    browser, before = casework.site.sign_in(), casework.stored_events()
    foreign = anchors(contact_form(casework, browser, other), "R6-ARR")
    answer = casework.contact(browser, ref, duties=foreign)
    assert Page(answer.text).errors() == ["Choose from the duties that are still open"]
    assert casework.stored_events() == before


def test_an_empty_form_says_what_to_enter_in_the_order_of_the_page(casework: Casework) -> None:
    ref = casework.case()
    browser, before = casework.site.sign_in(), casework.stored_events()
    form = contact_form(casework, browser, ref)
    day = {f"happened_on-{part}": "" for part in ("day", "month", "year")}
    answer = browser.post(form.action, {**form.filled(), **day})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.title == "Error: Record a contact - victimcare"
    assert page.errors() == [
        "Say whether the victim was reached",
        "Choose how you tried to reach them",
        "Enter the date",
    ]
    ids = {element.attributes.get("id") for element in page.elements}
    assert {a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"].startswith("#")} <= ids
    assert casework.stored_events() == before


def test_what_was_typed_is_kept(casework: Casework) -> None:
    ref = an_arrest(casework)
    browser = casework.site.sign_in()
    duty = anchors(contact_form(casework, browser, ref), "R6-ARR")
    answer = casework.contact(browser, ref, reached="yes", channel="letter", duties=duty, happened_time="25:99")
    again = Page(answer.text).form(f"/cases/{ref}/contacts")
    kept = {name: again.ticked(name) for name in ("reached", "channel", "duties", "happened_time")}
    assert kept == {"reached": ["yes"], "channel": ["letter"], "duties": duty, "happened_time": ["25:99"]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"happened_on__day": "23"}, "Date must be today or in the past"),
        ({"happened_time": "11pm"}, "Time must be in the past"),
        ({"happened_on__year": "1066"}, "Date must be a real date"),
        ({"happened_on__year": "2004"}, "Date must be a day from 2012 to 2098"),
        ({"happened_on__month": ""}, "Date must include a month"),
        ({"channel": "pigeon"}, "Choose how you tried to reach them"),
        ({"reached": "perhaps"}, "Say whether the victim was reached"),
    ],
)
def test_what_cannot_be_is_refused(sqlite_casework: Casework, changes: dict[str, str], message: str) -> None:
    ref = sqlite_casework.case()
    browser, before = sqlite_casework.site.sign_in(), sqlite_casework.stored_events()
    answer = sqlite_casework.contact(browser, ref, **changes)
    assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    assert sqlite_casework.stored_events() == before


def test_the_second_of_two_sees_what_changed_and_can_send_again(casework: Casework) -> None:
    ref = an_arrest(casework)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    mine = contact_form(casework, officer, ref)
    duty = anchors(mine, "R6-ARR")
    assert casework.contact(supervisor, ref, duties=duty).status_code == 303
    before = casework.stored_events()
    sent = mine.filled(reached="yes", channel="letter", duties=anchors(mine, "R6-ARR", "R3-WRIT"))
    refused = officer.post(mine.action, sent)
    page = Page(refused.text)
    assert (refused.status_code, casework.stored_events()) == (409, before)
    assert "Contact with the victim, 22 May 2026, by Example Supervisor" in page.text
    again = page.form(mine.action)
    assert again.ticked("channel") == ["letter"]
    assert again.ticked("duties") == anchors(mine, "R3-WRIT")
    assert officer.post(again.action, again.filled()).status_code == 303
    assert casework.stored_events() == before + 1


@pytest.mark.parametrize("what", ["contacts", "events/vps_offered"])
def test_what_is_recorded_while_a_form_is_being_checked_is_not_overtaken(
    casework: Casework, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    opened = casework.page(browser, f"/cases/{ref}/{'contacts/new' if what == 'contacts' else what}")
    form = opened.form(f"/cases/{ref}/{what}")
    read, meanwhile = CaseReader.read, [EventKind.VPS_TAKEN]

    def read_and_be_overtaken(reader: CaseReader, ref: str) -> CasePage:
        page = read(reader, ref)
        if meanwhile:
            casework.record(ref, meanwhile.pop())
        return page

    monkeypatch.setattr(CaseReader, "read", read_and_be_overtaken)
    before = casework.stored_events()
    reached = {"reached": "yes", "channel": "phone"} if what == "contacts" else {}
    answer = browser.post(form.action, form.filled(**reached))
    assert (answer.status_code, casework.stored_events()) == (409, before + 1)
    assert "Recorded while you were writing Victim Personal Statement taken" in Page(answer.text).text


def test_the_same_form_sent_twice_records_once(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    form = contact_form(casework, browser, ref)
    sent, before = form.filled(reached="yes", channel="phone"), casework.stored_events()
    assert browser.post(form.action, sent).status_code == 303
    assert browser.post(form.action, sent).status_code == 409
    assert casework.stored_events() == before + 1


def test_a_contact_starts_the_agreed_interval_anew(casework: Casework) -> None:
    ref = casework.case()
    casework.record(ref, EventKind.CONTACT_INTERVAL_AGREED, MONDAY, interval_days=3)
    browser = casework.site.sign_in()
    assert "R6-AGREED" in casework.page(browser, "/").section("overdue-heading").html
    asked = casework.page(browser, f"/cases/{ref}/contacts/new")
    assert "If you reached them, this is met without a tick: Contact the victim: agreed interval" in asked.text
    assert casework.contact(browser, ref).status_code == 303
    page = casework.page(browser, "/")
    assert "R6-AGREED" not in page.section("overdue-heading").html
    assert "R6-AGREED" in page.section("due-soon-heading").html


def test_the_victims_age_and_name_are_never_in_the_title_of_the_form(casework: Casework) -> None:
    ref = casework.case("Canary Person", born_on=date(2011, 3, 4))
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/contacts/new")
    assert page.title == "Record a contact - victimcare"
    assert "Canary Person" in page.text


@pytest.mark.parametrize("channel", ["phone", "in_person", "video"])
def test_what_is_to_be_given_in_writing_is_not_met_by_a_call_without_a_word_of_that(
    casework: Casework, channel: str
) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    ticked = anchors(contact_form(casework, browser, ref), "R3-WRIT")
    before = casework.stored_events()
    refused = casework.contact(browser, ref, channel=channel, duties=ticked)
    assert refused.status_code == 422
    assert Page(refused.text).errors() == [
        "Say whether they have it in writing too, or untick it: Send the victim written confirmation"
    ]
    assert casework.stored_events() == before
    assert casework.contact(browser, ref, channel=channel, duties=ticked, unwritten="not_safe").status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert standing(page, "R3-WRIT") == "Met"
    assert "In writing: Writing was not safe for them" in page.text


@pytest.mark.parametrize("channel", ["letter", "email", "text"])
def test_of_a_contact_in_writing_nobody_is_asked_whether_it_was(casework: Casework, channel: str) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    ticked = anchors(contact_form(casework, browser, ref), "R3-WRIT")
    assert casework.contact(browser, ref, channel=channel, duties=ticked, unwritten="also_written").status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert standing(page, "R3-WRIT") == "Met"
    assert "In writing" not in page.text


def test_where_nothing_is_owed_in_writing_the_form_does_not_ask(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    form = contact_form(casework, browser, ref)
    assert "unwritten" in form.names
    casework.contact(browser, ref, channel="letter", duties=anchors(form, "R3-WRIT"))
    assert "unwritten" not in contact_form(casework, browser, ref).names


def test_an_attempt_is_not_asked_whether_it_was_in_writing(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    ticked = anchors(contact_form(casework, browser, ref), "R3-WRIT")
    assert casework.contact(browser, ref, reached="no", duties=ticked).status_code == 303
