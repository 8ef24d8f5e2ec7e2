"""A referral leaves by itself: sealed, with what is safe at that moment, and counted as sent only then."""

from __future__ import annotations

from datetime import date
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.certificates import holder
from tests.notices.servers import free_port
from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.routes.test_contact_details import Desk as ContactDesk
from tests.web.routes.test_support import OWED, errors, kinds, refer, sent_rows
from victimcare.commands.send_message import Post
from victimcare.domain.directory import Delivery
from victimcare.editions.force_policy import published_policy
from victimcare.jobs import delivery
from victimcare.jobs.work import Work
from victimcare.notices.channel import Channel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer
from victimcare.store.outgoing_referrals import OUTGOING

NUMBER, MAILED_TO = "07700 900123", "referrals@example.invalid"


class Desk:
    """An officer who refers a victim to a service that takes sealed e-mails."""

    def __init__(self, casework: Casework, folder: Path) -> None:
        self.casework, self.folder = casework, folder
        self.contacts = ContactDesk(casework)
        self.ref, self.browser = self.contacts.ref, self.contacts.browser
        self.path = f"/cases/{self.ref}/support"
        self.service = casework.service(delivery=Delivery.EMAIL, email=MAILED_TO, certificate=holder().pem)
        self.point = self.contacts.add(NUMBER, "phone", times="After 4pm", if_another="The library", code_word="Heron")

    def refer(self, **changes: Any) -> Any:
        return refer(self.casework, self.browser, self.ref, self.service, **changes)

    def deliver(self, channel: Channel | None = None) -> str:
        site = self.casework.site
        work = Work(
            site.database,
            self.casework.law,
            channel or Mailbox(self.folder, sender="victimcare@localhost"),
            site.clock.now,
            clock=lambda: site.clock.now,
            post=Post(site.app.state.vault, published_policy()),
        )
        return delivery.deliver_outbox(work).summary

    def mails(self) -> list[Any]:
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_string(file.read_text("ascii"), policy=policy.default) for file in files]

    def page(self) -> Page:
        return self.casework.page(self.browser, self.path)

    def is_owed(self) -> bool:
        return OWED in self.casework.page(self.browser, "/").text

    def tap(self, words: str, **changes: Any) -> Any:
        page = self.page()
        (action,) = {form.action for form in page.forms if form.action.endswith(f"/{words}")}
        return self.browser.post(action, page.form(action).filled(**changes))


@pytest.fixture
def desk(casework: Casework, tmp_path: Path) -> Desk:
    return Desk(casework, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite_casework: Casework, tmp_path: Path) -> Desk:
    return Desk(sqlite_casework, tmp_path)


def test_it_leaves_sealed_with_the_safe_way_and_counts_as_sent_only_then(desk: Desk) -> None:
    answer = desk.refer()
    assert answer.headers["location"] == f"{desk.path}?done=on_its_way"
    assert kinds(desk.casework, desk.ref) == ["referral_offered", "referral_consented"]
    assert "Waiting to be sent" in desk.page().text
    assert desk.is_owed()
    assert desk.deliver() == "1 sent"
    (mail,) = desk.mails()
    assert mail["To"] == MAILED_TO
    assert "Wren" not in mail.as_string()
    opened = holder().opened(mail.get_content())
    words = message_from_string(opened, policy=policy.default).get_content()
    for said in ("Name: Wren Sample", f"Telephone: {NUMBER}", "When it is safe: After 4pm", "say: The library"):
        assert said in words
    assert "Heron" not in words, "the code word is between the victim and their officer"
    assert kinds(desk.casework, desk.ref)[-1] == "referral_sent"
    assert not desk.is_owed()
    assert desk.deliver() == "Nothing to send"
    assert NUMBER not in desk.page().html
    (row,) = sent_rows(desk.casework)
    shown = desk.casework.page(desk.browser, f"{desk.path}/referrals/{row.event_key}/sent")
    assert "This is what was sent, word for word." in shown.text
    assert NUMBER not in shown.html
    said = desk.casework.site.audit()
    assert ("disclosure", f"send to contact point {desk.point}", "officer", "done") in said
    assert ("disclosure", "send referral", "officer", "done") in said


def test_what_is_shown_before_it_goes_is_what_goes_and_no_number(sqlite_desk: Desk) -> None:
    page = sqlite_desk.casework.page(sqlite_desk.browser, f"{sqlite_desk.path}/refer/{sqlite_desk.service}")
    assert "It leaves by itself" in page.text
    assert "Safe ways to make contact Telephone" in page.text
    assert NUMBER not in page.html


def _unsafe(desk: Desk) -> None:
    desk.contacts.send("", f"/{desk.point}/unsafe")


def _released(desk: Desk) -> None:
    desk.casework.record(desk.ref, "suspect_released_without_charge", subject="Suspect 1")


def _declined(desk: Desk) -> None:
    desk.casework.record(desk.ref, "referral_declined")


def _declined_and_agreed_to_another(desk: Desk) -> None:
    desk.casework.record(desk.ref, "referral_declined")
    desk.casework.record(desk.ref, "referral_consented")


def _retired(desk: Desk) -> None:
    editor = desk.casework.site.sign_in("editor")
    form = desk.casework.page(editor, f"/directory/{desk.service}").form(f"/directory/{desk.service}/retire")
    assert editor.post(form.action, form.filled()).status_code == 303


def _suspects(desk: Desk) -> None:
    desk.contacts.send("/suspect", "/suspect", suspect="Suspect 1", kind="email", value=MAILED_TO)


NO_WAY = "No way to contact the victim is confirmed safe."


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (_unsafe, NO_WAY),
        (_released, NO_WAY),
        (_declined, "The victim declined a referral."),
        (_declined_and_agreed_to_another, "The victim said no after this was written."),
        (_retired, "The service was retired"),
        (_suspects, "is also recorded as a suspect’s"),
    ],
)
def test_what_speaks_against_it_when_it_is_to_leave_holds_it_and_is_seen(
    sqlite_desk: Desk, after: Any, because: str
) -> None:
    sqlite_desk.refer()
    after(sqlite_desk)
    assert sqlite_desk.deliver() == "1 set aside"
    assert sqlite_desk.mails() == []
    assert sent_rows(sqlite_desk.casework) == []
    assert because in sqlite_desk.page().text
    today = sqlite_desk.casework.page(sqlite_desk.browser, "/")
    assert because in today.section("not-sent-heading").text
    case = sqlite_desk.casework.page(sqlite_desk.browser, f"/cases/{sqlite_desk.ref}")
    assert "1 referral did not leave" in case.text
    assert sqlite_desk.tap("withdraw").status_code == 303
    assert "Did not leave" not in sqlite_desk.casework.page(sqlite_desk.browser, "/").text


def test_a_way_that_is_safe_no_more_is_left_out_where_another_is(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add("wren@example.invalid", "email")
    sqlite_desk.refer()
    _unsafe(sqlite_desk)
    assert sqlite_desk.deliver() == "1 sent"
    words = holder().opened(sqlite_desk.mails()[0].get_content())
    assert NUMBER not in words
    assert "wren@example.invalid" in words


def test_of_a_protected_location_nothing_goes_that_tells_a_place(sqlite_desk: Desk) -> None:
    supervisor = sqlite_desk.casework.site.sign_in("supervisor")
    path = f"/cases/{sqlite_desk.ref}/contact-details/protection"
    form = sqlite_desk.casework.page(supervisor, path).form(path)
    assert supervisor.post(path, form.filled(custodian="officer", reason="An invented reason")).status_code == 303
    assert errors(sqlite_desk.refer()) == [f"{NO_WAY[:-1]}. Confirm one, or tell the service so"]
    assert sqlite_desk.refer(no_safe_way="yes").status_code == 303
    assert sqlite_desk.deliver() == "1 sent"
    words = holder().opened(sqlite_desk.mails()[0].get_content())
    assert "Case officer: Example Officer\n" in words.replace("\r\n", "\n"), "nor the officer's team"
    for place in (NUMBER, "North", "E01"):
        assert place not in words


def test_a_server_that_is_down_is_tried_again_and_nothing_counts_as_sent(sqlite_desk: Desk) -> None:
    sqlite_desk.refer()
    nobody = MailServer("127.0.0.1", free_port(), sender="victimcare@example.invalid", timeout=2)
    assert sqlite_desk.deliver(nobody) == "1 not sent"
    assert sqlite_desk.is_owed()
    sqlite_desk.casework.site.clock.forward(minutes=10)
    assert sqlite_desk.deliver() == "1 sent"
    assert not sqlite_desk.is_owed()


def test_what_could_not_leave_is_printed_instead_and_handed_over(desk: Desk) -> None:
    desk.refer()
    printed = desk.tap("print")
    assert printed.status_code == 200
    assert NUMBER in printed.text
    assert "Heron" not in printed.text
    assert desk.deliver() == "Nothing to send", "it leaves in one way"
    assert desk.is_owed()
    assert NUMBER not in desk.page().html
    assert "Did not leave" not in desk.casework.page(desk.browser, "/").text
    desk.casework.site.clock.forward(hours=14)
    desk.browser = desk.casework.site.sign_in("officer")
    unnoted = desk.casework.page(desk.browser, "/").section("not-sent-heading").text
    assert "Did not leave (1)" in unnoted
    assert "Printed, and nobody has noted that it was handed over." in unnoted
    path = desk.page().links(text="It was handed over")[0]
    form = desk.casework.page(desk.browser, path).form(path)
    assert errors(desk.browser.post(path, form.filled(happened_on__day="21"))) == ["It was printed later than that"]
    assert desk.browser.post(path, form.filled()).status_code == 303
    assert not desk.is_owed()
    assert len(sent_rows(desk.casework)) == 1


def test_a_referral_can_be_withdrawn_before_it_leaves_and_not_after(sqlite_desk: Desk) -> None:
    sqlite_desk.refer()
    action = next(form.action for form in sqlite_desk.page().forms if form.action.endswith("/withdraw"))
    form = sqlite_desk.page().form(action)
    assert sqlite_desk.deliver() == "1 sent"
    assert sqlite_desk.browser.post(action, form.filled()).status_code == 409
    assert [each for each in sqlite_desk.page().forms if each.action.endswith("/withdraw")] == []
    assert sqlite_desk.browser.get(action.replace("/withdraw", "/handed-over")).status_code == 404


def test_a_supervisor_of_the_team_sends_it_too(sqlite_desk: Desk) -> None:
    supervisor = sqlite_desk.casework.site.sign_in("supervisor")
    path = f"{sqlite_desk.path}/refer/{sqlite_desk.service}"
    form = sqlite_desk.casework.page(supervisor, path).form(path)
    assert supervisor.post(path, form.filled(agreed="yes")).status_code == 303
    assert sqlite_desk.deliver() == "1 sent"


def test_a_case_of_others_is_not_there(sqlite_desk: Desk) -> None:
    sqlite_desk.refer()
    stranger = sqlite_desk.casework.site.sign_in("stranger")
    with sqlite_desk.casework.site.database.reading() as connection:
        (referral_id,) = connection.execute(select(OUTGOING.c.id)).scalars()
    other = sqlite_desk.casework.case(officer="stranger", born_on=date(1990, 1, 1))
    for ref in (sqlite_desk.ref, other):
        path = f"/cases/{ref}/support/outgoing/{referral_id}"
        assert stranger.get(f"{path}/handed-over").status_code == 404
        sent = {"form_key": f"x{ref}", "csrf_token": stranger.token()}
        assert stranger.post(f"{path}/print", sent).status_code == 404
