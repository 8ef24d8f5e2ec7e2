"""Writing to the victim: filled in, looked at, sent only where it is safe at that moment, and answering only then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.notices.servers import Received, free_port, mail_server
from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.routes.test_contact_details import Desk as ContactDesk
from tests.web.site import Site
from victimcare.commands.send_message import Post
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.force_policy import published_policy
from victimcare.jobs import delivery
from victimcare.jobs.work import Work
from victimcare.notices.channel import Channel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer

EMAIL, NUMBER, ADDRESS = "wren@example.invalid", "07700 900123", "1 Example Road\nSampleton"
NEXT = "I will ring you on Friday."


class Desk:
    """An officer who writes to a victim whose suspect was arrested."""

    def __init__(self, casework: Casework, folder: Path, ref: str = "") -> None:
        self.casework = casework
        self.contacts = ContactDesk(casework, ref=ref)
        self.ref, self.browser = self.contacts.ref, self.contacts.browser
        self.path = f"/cases/{self.ref}/messages"
        self.folder = folder
        self.arrest = casework.record(self.ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 1")

    def page(self, query: str = "", status: int = 200) -> Page:
        return self.casework.page(self.browser, self.path + query, status)

    def form(self, template: str = "arrest", more: str = "") -> Any:
        duty = f"&duty=R6-ARR:{self.arrest}" if template == "arrest" else ""
        return self.page(f"/new?template={template}{duty}{more}").form(self.path)

    def write(self, step: str = "record", *, template: str = "arrest", more: str = "", **changes: Any) -> Any:
        form = self.form(template, more)
        filled = form.filled(**changes)
        if "body" not in changes:
            filled["body"] = [_without_blanks(filled["body"][0])]
        return self.browser.post(form.action, {**filled, "step": step})

    def deliver(self, channel: Channel | None = None) -> str:
        """What the job says after sending what waits."""
        site: Site = self.casework.site
        post = Post(site.app.state.vault, published_policy(), sends_texts=True)
        work = Work(
            site.database,
            self.casework.law,
            channel or Mailbox(self.folder, sender="victimcare@localhost", text_gateway="text.invalid"),
            site.clock.now,
            clock=lambda: site.clock.now,
            post=post,
        )
        return delivery.deliver_outbox(work).summary

    def sent(self) -> list[str]:
        return [file.read_text("utf-8") for file in sorted(self.folder.glob("*.eml"))]

    def today(self) -> str:
        return self.casework.page(self.browser, "/").text

    def still_owed(self) -> bool:
        page = self.casework.page(self.browser, f"/cases/{self.ref}")
        return "Tell the victim: suspect arrested" in page.section("duties").text

    def tap(self, words: str) -> Any:
        page = self.page()
        (action,) = {form.action for form in page.forms if form.action.endswith(f"/{words}")}
        return self.browser.post(action, page.form(action).filled())


def _without_blanks(body: str) -> str:
    return body[: body.index("[")] + NEXT + body[body.index("]") + 1 :]


@pytest.fixture
def desk(casework: Casework, tmp_path: Path) -> Desk:
    return Desk(casework, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite_casework: Casework, tmp_path: Path) -> Desk:
    return Desk(sqlite_casework, tmp_path)


def test_messages_that_answer_what_is_owed_are_offered_first(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    page = sqlite_desk.page()
    choices = [item.text for item in page.all("li", class_="app-choice")]
    assert any(
        choice.startswith("A suspect was arrested Answers: Tell the victim: suspect arrested") for choice in choices
    )
    assert choices.index(next(c for c in choices if c == "A suspect was charged")) > 3


def test_the_duty_of_a_case_leads_to_the_message_written_for_it(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(ADDRESS, "address")
    case = sqlite_desk.casework.page(sqlite_desk.browser, f"/cases/{sqlite_desk.ref}")
    (link,) = case.links("Write to them: Send the victim written confirmation")
    form = sqlite_desk.casework.page(sqlite_desk.browser, link).form(sqlite_desk.path)
    assert [value.split(":")[0] for value in form.ticked("duties")] == ["R3-WRIT"]
    assert not case.links("Write to them: Refer the victim to a support service")


def test_of_news_for_which_the_code_names_no_duty_the_officer_is_asked_to_tell_all_the_same(sqlite_desk: Desk) -> None:
    path = f"/cases/{sqlite_desk.ref}?recorded="
    page = sqlite_desk.casework.page(sqlite_desk.browser, f"{path}investigation_closed_no_suspect")
    assert "names no duty to tell the victim of this. Tell them all the same" in page.text
    (link,) = page.links("The investigation is closed, no suspect found")
    sqlite_desk.casework.page(sqlite_desk.browser, link)
    assert (
        "Tell them all the same" not in sqlite_desk.casework.page(sqlite_desk.browser, f"{path}suspect_arrested").text
    )


def test_a_message_is_filled_in_and_only_the_duty_whose_row_opened_it_is_ticked(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    form = sqlite_desk.form()
    (body,) = form.values("body")
    assert body.startswith("Dear Wren Sample\n\nA suspect in your case was arrested on 22 May 2026.")
    assert "Your case officer, Bedfordshire Police" in body
    assert [value.split(":")[0] for value in form.ticked("duties")] == ["R6-ARR"]
    assert sqlite_desk.page("/new?template=arrest").form(sqlite_desk.path).ticked("duties") == []


def test_it_is_seen_whole_with_what_it_will_answer_before_it_goes(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    page = Page(sqlite_desk.write("check").text)
    assert NEXT in page.text
    assert "with the subject “News from your case officer”" in page.text
    assert "What this changes (1)" in page.text
    assert EMAIL not in page.html
    assert sqlite_desk.deliver() == "Nothing to send"
    changing = Page(sqlite_desk.write("change").text)
    assert NEXT in changing.form(sqlite_desk.path).values("body")[0]


def test_an_email_goes_out_and_only_then_is_the_duty_met(desk: Desk) -> None:
    desk.contacts.add(EMAIL, "email")
    assert desk.write().status_code == 303
    assert desk.still_owed()
    assert "Waiting to be sent" in desk.page().text
    assert desk.deliver() == "1 sent"
    (message,) = desk.sent()
    assert f"To: {EMAIL}" in message
    assert "Subject: News from your case officer" in message
    assert NEXT in message
    assert not desk.still_owed()
    assert "It left here. That does not mean that it was read." in desk.page().text
    assert desk.deliver() == "Nothing to send"
    assert EMAIL not in desk.page().html


def test_a_mail_server_gets_it_and_what_it_refuses_answers_nothing(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    sqlite_desk.write()
    nobody = MailServer("127.0.0.1", free_port(), sender="victimcare@example.invalid", timeout=2)
    assert sqlite_desk.deliver(nobody) == "1 not sent"
    assert sqlite_desk.still_owed()
    sqlite_desk.casework.site.clock.forward(minutes=10)
    received = Received()
    with mail_server(received) as port:
        server = MailServer("127.0.0.1", port, sender="victimcare@example.invalid")
        assert sqlite_desk.deliver(server) == "1 sent"
    assert len(received.messages) == 1
    assert not sqlite_desk.still_owed()


@pytest.mark.parametrize(
    ("after", "because"),
    [
        ("unsafe", "It is not safe."),
        ("someone-else", "Someone else answered."),
        ("released", "A suspect’s release or bail was recorded since it was confirmed."),
        ("months", "It was confirmed more than 90 days ago."),
    ],
)
def test_what_became_unsafe_on_the_way_is_not_sent_and_answers_nothing(desk: Desk, after: str, because: str) -> None:
    point = desk.contacts.add(EMAIL, "email")
    desk.write()
    if after == "released":
        desk.casework.record(desk.ref, EventKind.SUSPECT_RELEASED_WITHOUT_CHARGE, subject="Suspect 1")
    elif after == "months":
        desk.casework.site.clock.forward(days=91)
        desk.browser = desk.casework.site.sign_in()
    else:
        desk.contacts.send("", f"/{point}/{after}")
    assert desk.deliver() == "1 set aside"
    assert desk.sent() == []
    assert desk.still_owed()
    page = desk.page()
    assert "Not sent" in page.text
    assert because in page.text


def test_only_a_safe_point_can_be_chosen(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email", confirmed="no")
    page = sqlite_desk.page("/new?template=arrest")
    assert "There is no safe way to send it." in page.text
    form = page.form(sqlite_desk.path)
    sent = {**form.filled(body=_without_blanks(form.values("body")[0])), "point": sqlite_desk.contacts.ids()[0]}
    answer = sqlite_desk.browser.post(form.action, {**sent, "step": "record"})
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (
        422,
        ["E-mail 1 cannot be used: Nobody has confirmed that it is safe. Nothing is sent to it"],
    )
    assert sqlite_desk.deliver() == "Nothing to send"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"body": "Dear Wren, on [day] it was done."}, "Fill in what stands in square brackets: [day]"),
        ({"body": ""}, "Enter the message"),
        ({"point": "0123456789abcdef"}, "Choose how it goes to the victim"),
        ({"duties": ["R6-ARR:nothing"]}, "Choose from the duties that are still open"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_what_was_typed_kept(
    sqlite_desk: Desk, changes: dict[str, str | Sequence[str]], message: str
) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    answer = sqlite_desk.write(**changes)
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, [message])
    kept = page.form(sqlite_desk.path).values("body")[0]
    assert kept == changes.get("body", kept)
    assert sqlite_desk.deliver() == "Nothing to send"


def test_a_text_message_says_nothing_where_others_may_see_it(desk: Desk) -> None:
    desk.contacts.add(NUMBER, "phone", preview_safe="no")
    form = desk.form(more="&written_as=text")
    assert form.values("body") == ["Hello, please ring Example Officer when it is safe for you. You have the number."]
    assert desk.browser.post(form.action, {**form.filled(), "step": "record"}).status_code == 303
    assert desk.deliver() == "1 sent"
    (message,) = desk.sent()
    assert "To: 07700900123@text.invalid" in message


def test_a_letter_is_printed_with_its_address_once_and_answers_when_it_was_posted(desk: Desk) -> None:
    desk.contacts.add(ADDRESS, "address")
    desk.write()
    assert desk.deliver() == "Nothing to send"
    page = desk.page()
    assert "To be printed and posted" in page.text
    assert desk.tap("print").status_code == 200
    assert [entry for entry in desk.casework.site.audit() if entry[1].startswith("send to contact point")]
    printed = desk.tap("print")
    assert "1 Example Road" in printed.text
    assert "1 Example Road" not in desk.page().html
    assert desk.still_owed()
    assert desk.tap("posted").status_code == 303
    assert not desk.still_owed()
    assert "Posted" in desk.page().text


def test_a_letter_that_nobody_posted_is_on_the_day_from_the_next_morning_on(desk: Desk) -> None:
    desk.contacts.add(ADDRESS, "address")
    desk.write()
    assert "Did not leave" not in desk.today()
    desk.casework.site.clock.forward(hours=14)
    desk.browser = desk.casework.site.sign_in("officer")
    assert "Did not leave" in desk.today(), "half an hour past midnight in London"
    assert "Not printed yet" in desk.today()
    desk.tap("print")
    assert "Printed, and nobody has noted that it was posted." in desk.today()
    desk.tap("posted")
    assert "Did not leave" not in desk.today()


def test_a_letter_to_an_address_that_became_unsafe_is_not_printed(sqlite_desk: Desk) -> None:
    point = sqlite_desk.contacts.add(ADDRESS, "address")
    sqlite_desk.write()
    sqlite_desk.contacts.send("", f"/{point}/unsafe")
    answer = sqlite_desk.tap("print")
    assert answer.status_code == 403
    assert "Example Road" not in answer.text


def test_a_message_can_be_withdrawn_before_it_goes_and_not_after(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    sqlite_desk.write()
    page = sqlite_desk.page()
    (action,) = {form.action for form in page.forms if form.action.endswith("/withdraw")}
    assert sqlite_desk.tap("withdraw").status_code == 303
    assert "Withdrawn" in sqlite_desk.page().text
    assert sqlite_desk.deliver() == "Nothing to send"
    sqlite_desk.write()
    assert sqlite_desk.deliver() == "1 sent"
    assert [form for form in sqlite_desk.page().forms if form.action.endswith("/withdraw")] == []
    again = sqlite_desk.browser.post(action, {**page.form(action).filled(), "form_key": "another"})
    assert again.status_code == 409
    assert "This was not done: it has gone out, or was withdrawn" in Page(again.text).text


def test_words_that_tell_a_place_are_warned_of(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    page = Page(sqlite_desk.write("check", body="Dear Wren, you live at MK40 9ZZ now.").text)
    assert "It looks as if it has a postcode in it." in page.text
    sqlite_desk.write(body="Dear Wren, you live at MK40 9ZZ now.")
    assert "Contains location" in sqlite_desk.page().text


def test_it_can_be_written_in_another_language(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    assert "In Polish (polski)" in sqlite_desk.page("/new?template=arrest").text
    (body,) = sqlite_desk.form(more="&language=pl").values("body")
    assert "Dnia 22 maja 2026 r. zatrzymano podejrzanego" in body


@pytest.mark.parametrize(
    ("speaks", "written_in", "says"),
    [
        ("pl", "en", "They understand Polish best. Write it in Polish"),
        ("so", "en", "They understand Somali best, and this message is not there in it."),
        ("so", "pl", "They understand Somali best, and this message is not there in it."),
        ("pl", "pl", "Nobody else who speaks Polish has read these words yet."),
    ],
)
def test_the_officer_is_told_what_is_not_there_in_the_victims_language(
    sqlite_casework: Casework, speaks: str, written_in: str, says: str
) -> None:
    ref = sqlite_casework.case(language=speaks)
    browser = sqlite_casework.site.sign_in("officer")
    page = sqlite_casework.page(browser, f"/cases/{ref}/messages/new?template=arrest&language={written_in}")
    assert says in page.text


def test_of_a_victim_who_understands_what_is_written_nothing_is_said_of_languages(sqlite_desk: Desk) -> None:
    text = sqlite_desk.page("/new?template=arrest").text
    assert "understand" not in text
    assert "Nobody else who speaks" not in text


def test_nobody_else_reads_or_sends_them(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    sqlite_desk.write()
    stranger = sqlite_desk.casework.site.sign_in("stranger")
    for query in ("", "/new?template=arrest"):
        assert stranger.get(sqlite_desk.path + query).status_code == 404
    form = sqlite_desk.form()
    assert stranger.post(form.action, form.filled(csrf_token=stranger.token())).status_code == 404


@pytest.mark.parametrize("query", ["template=nothing", "template=arrest&language=xx"])
def test_there_is_no_message_that_was_not_written_for_us(sqlite_desk: Desk, query: str) -> None:
    sqlite_desk.page(f"/new?{query}", status=404)
