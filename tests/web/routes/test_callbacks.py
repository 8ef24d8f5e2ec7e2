"""What a provider tells of deliveries: only with its token, once, and what did not arrive is owed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.notices.govuk_notify import API_KEY, EMAIL_TEMPLATE, TEXT_TEMPLATE, Notify, govuk_notify
from tests.web.casework import Casework
from tests.web.routes.test_messages import EMAIL, Desk
from victimcare.commands.deliver_notices import LEASE
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, Moment
from victimcare.jobs import delivery
from victimcare.jobs.work import Work
from victimcare.notices.notify import GovUkNotify, Templates
from victimcare.store.journeys import EVENTS
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import SYSTEM
from victimcare.web.policies import CALLBACKS

TOKEN = "a token agreed with the provider"
PATH = f"{CALLBACKS}govuk-notify"


@dataclass
class Sent:
    """A message that GOV.UK Notify took, and how to tell of it."""

    desk: Desk
    notify: Notify
    channel: GovUkNotify

    @property
    def reference(self) -> str:
        (taken,) = self.notify.taken
        return str(taken["reference"])

    def told(self, status: str, *, token: str = TOKEN, reference: str | None = None) -> Any:
        client = self.desk.casework.site.browser().client
        body = {"reference": reference or self.reference, "status": status, "to": EMAIL, "id": "1"}
        return client.post(PATH, json=body, headers={"Authorization": f"Bearer {token}"})

    def row(self) -> Any:
        with self.desk.casework.site.database.reading() as connection:
            return connection.execute(select(OUTBOX).where(OUTBOX.c.reference == self.reference)).one()

    def contacts(self) -> list[tuple[str, str | None]]:
        kinds = (EventKind.CONTACT_MADE.value, EventKind.CONTACT_ATTEMPTED.value)
        wanted = select(EVENTS.c.kind, EVENTS.c.correction).where(EVENTS.c.kind.in_(kinds)).order_by(EVENTS.c.id)
        with self.desk.casework.site.database.reading() as connection:
            return [(row.kind, row.correction) for row in connection.execute(wanted)]


@pytest.fixture
def sent(site: Any, tmp_path: Path) -> Iterator[Sent]:
    site.app.state.settings = site.app.state.settings.model_copy(update={"notify_callback_token": TOKEN})
    desk = Desk(Casework(site), tmp_path)
    desk.contacts.add(EMAIL, "email")
    desk.write()
    notify = Notify()
    with govuk_notify(notify) as address:
        channel = GovUkNotify(API_KEY, templates=Templates(EMAIL_TEMPLATE, TEXT_TEMPLATE), address=address, timeout=2)
        assert desk.deliver(channel) == "1 sent"
        yield Sent(desk, notify, channel)


def test_what_was_accepted_is_not_said_to_have_arrived(sent: Sent) -> None:
    assert sent.row().delivery == "accepted"
    page = sent.desk.page().text
    assert "Accepted, not confirmed yet" in page
    assert "Delivered" not in page
    assert not sent.desk.still_owed()


def test_what_was_delivered_is_said_so(sent: Sent) -> None:
    assert sent.told("delivered").status_code == 204
    assert (sent.row().status, sent.row().delivery) == ("sent", "delivered")
    assert "Delivered" in sent.desk.page().text


@pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_what_did_not_arrive_was_no_contact_and_is_owed_again(sent: Sent, status: str) -> None:
    assert sent.told(status).status_code == 204
    assert sent.contacts() == [
        ("contact_made", None),
        ("contact_made", "never_happened"),
        ("contact_attempted", None),
    ]
    assert sent.desk.still_owed()
    page = sent.desk.page()
    assert "Not delivered" in page.text
    assert "Reach the victim another way" in page.text


def test_it_stands_there_until_somebody_puts_it_aside_and_nobody_sends_it_again(sent: Sent) -> None:
    sent.told("permanent-failure")
    assert "It was sent and did not arrive" in sent.desk.today()
    admin = sent.desk.casework.site.sign_in("administrator")
    admin.post("/jobs/retry-notices", {"form_key": "retry"})
    assert sent.desk.deliver(sent.channel) == "Nothing to send"
    sent.desk.tap("withdraw")
    assert "It was sent and did not arrive" not in sent.desk.today()


def test_told_again_or_late_it_changes_nothing(sent: Sent) -> None:
    sent.told("permanent-failure")
    before = sent.contacts(), sent.row()
    for status in ("permanent-failure", "delivered", "sending"):
        assert sent.told(status).status_code == 204
    assert (sent.contacts(), sent.row()) == before


@pytest.mark.parametrize("status", ["created", "sending", "pending", "sent", "something new"])
def test_what_says_nothing_new_changes_nothing(sent: Sent, status: str) -> None:
    before = sent.row()
    assert sent.told(status).status_code == 204
    assert sent.told("delivered", reference="of somebody else").status_code == 204
    assert sent.row() == before


@pytest.mark.parametrize("token", ["", "another", TOKEN[:-1], f"{TOKEN} "])
def test_without_its_token_there_is_no_such_page(sent: Sent, token: str) -> None:
    before = sent.row()
    assert sent.told("permanent-failure", token=token).status_code == 404
    assert sent.row() == before


def test_where_no_token_is_agreed_there_is_no_such_page(sent: Sent) -> None:
    state = sent.desk.casework.site.app.state
    state.settings = state.settings.model_copy(update={"notify_callback_token": None})
    assert sent.told("delivered", token="").status_code == 404
    assert sent.told("delivered", token="None").status_code == 404


@pytest.mark.parametrize("body", ["", "[]", "{", '{"reference": 1}', '{"status": ["delivered"]}', "\x00"])
def test_what_is_no_receipt_is_refused(sent: Sent, body: str) -> None:
    client = sent.desk.casework.site.browser().client
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = client.post(PATH, content=body, headers=headers)
    assert 400 <= answer.status_code < 500


def test_a_browser_that_is_signed_in_has_no_way_there(sent: Sent) -> None:
    answer = sent.desk.browser.client.post(PATH, json={"reference": sent.reference, "status": "delivered"})
    assert answer.status_code == 404
    assert sent.row().delivery == "accepted"


def test_without_a_callback_the_provider_is_asked(sent: Sent) -> None:
    clock = sent.desk.casework.site.clock
    sent.notify.status = "permanent-failure"
    assert ask(sent) == "0 notices of 0 told of", "it was only just taken"
    clock.now += timedelta(minutes=20)
    assert ask(sent) == "1 notice of 1 told of"
    assert sent.desk.still_owed()
    assert ask(sent) == "0 notices of 0 told of"


def test_what_nobody_ever_told_is_asked_for_some_days_and_stays_unconfirmed(sent: Sent) -> None:
    clock = sent.desk.casework.site.clock
    clock.now += timedelta(days=1)
    assert ask(sent) == "0 notices of 1 told of"
    clock.now += timedelta(days=5)
    assert ask(sent) == "0 notices of 0 told of"
    assert sent.row().delivery == "accepted"


def test_an_answer_that_was_lost_is_settled_by_the_reference_and_sent_once(site: Any, tmp_path: Path) -> None:
    desk = Desk(Casework(site), tmp_path)
    desk.contacts.add(EMAIL, "email")
    desk.write()
    notify = Notify(loses=True)
    with govuk_notify(notify) as address:
        channel = GovUkNotify(API_KEY, templates=Templates(EMAIL_TEMPLATE), address=address, timeout=2)
        assert desk.deliver(channel) == "1 with unknown outcome"
        assert desk.still_owed()
        site.clock.now += LEASE + timedelta(seconds=1)
        assert desk.deliver(channel) == "Nothing to send"
    assert len(notify.taken) == 1
    assert not desk.still_owed()


def test_a_provider_that_is_away_for_hours_loses_nothing(site: Any, tmp_path: Path) -> None:
    desk = Desk(Casework(site), tmp_path)
    desk.contacts.add(EMAIL, "email")
    desk.write()
    notify = Notify(answers=503)
    with govuk_notify(notify) as address:
        channel = GovUkNotify(API_KEY, templates=Templates(EMAIL_TEMPLATE), address=address, timeout=2)
        away = GovUkNotify(API_KEY, templates=Templates(EMAIL_TEMPLATE), address="http://127.0.0.1:9", timeout=1)
        assert desk.deliver(channel) == "1 with unknown outcome"
        for _ in range(3):
            site.clock.now += LEASE + timedelta(seconds=1)
            assert desk.deliver(away) == "Nothing to send"
        notify.answers = 201
        site.clock.now += LEASE + timedelta(seconds=1)
        assert desk.deliver(channel) == "1 sent"
    assert len(notify.taken) == 1


def test_what_an_officer_corrected_meanwhile_is_not_corrected_again(sent: Sent) -> None:
    with sent.desk.casework.site.database.reading() as connection:
        made = connection.execute(select(EVENTS.c.key).where(EVENTS.c.kind == "contact_made")).scalar_one()
    site = sent.desk.casework.site
    wrong = NewEvent(
        EventKind.CONTACT_MADE,
        Moment.instant(site.clock.now),
        details={"channel": "email"},
        corrects=made,
        correction=Correction.NEVER_HAPPENED,
    )
    with site.database.writing() as connection:
        record_event(
            connection, ref=sent.desk.ref, event=wrong, by=SYSTEM, now=site.clock.now, law=sent.desk.casework.law
        )
    before = sent.contacts()
    assert sent.told("permanent-failure").status_code == 204
    assert sent.contacts() == before
    assert "Not delivered" in sent.desk.page().text


def test_one_that_cannot_be_kept_does_not_hold_up_the_others(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> bool:
        raise ValueError("this case is broken")

    sent.notify.status = "delivered"
    sent.desk.casework.site.clock.now += timedelta(minutes=20)
    with monkeypatch.context() as broken:
        broken.setattr(delivery, "tell_delivery", breaks)
        assert ask(sent) == "0 notices of 1 told of; 1 failed and will be tried again"
    assert ask(sent) == "1 notice of 1 told of"


def ask(sent: Sent) -> str:
    site = sent.desk.casework.site
    work = Work(site.database, sent.desk.casework.law, sent.channel, site.clock.now, clock=lambda: site.clock.now)
    return delivery.ask_deliveries(work).summary
