"""GOV.UK Notify: what it takes, what it refuses, what it loses, and what it tells afterwards."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.notices.govuk_notify import API_KEY, EMAIL_TEMPLATE, SECRET, SERVICE, STATUSES, TEXT_TEMPLATE, govuk_notify
from tests.notices.govuk_notify import Notify as StandIn
from tests.notices.servers import free_port
from victimcare.notices.channel import Delivery, Notice, NotSent, Outcome, OutcomeUnknown
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.notify import DELIVERIES, GovUkNotify, Templates

NOW = datetime(2026, 6, 1, 6, tzinfo=UTC)
EMAIL = Notice("ab12", "ash@example.invalid", "Due today: case A", "Words.\n", NOW)
TEXT = Notice("cd34", "447700900123", "Your case", "Please ring us.", NOW, as_text=True)
TEMPLATES = Templates(EMAIL_TEMPLATE, TEXT_TEMPLATE)


@pytest.fixture
def notify() -> StandIn:
    return StandIn()


@pytest.fixture
def address(notify: StandIn) -> Iterator[str]:
    with govuk_notify(notify) as running:
        yield running


@pytest.fixture
def channel(address: str) -> GovUkNotify:
    return GovUkNotify(API_KEY, templates=TEMPLATES, address=address, timeout=2)


def test_an_e_mail_and_a_text_message_are_made_of_the_templates(channel: GovUkNotify, notify: StandIn) -> None:
    channel.send(EMAIL)
    channel.send(TEXT)
    email, text = notify.taken
    assert (email["type"], email["email_address"], email["template_id"]) == ("email", EMAIL.address, EMAIL_TEMPLATE)
    assert email["personalisation"] == {"subject": EMAIL.subject, "body": EMAIL.body}
    assert (text["type"], text["phone_number"], text["template_id"]) == ("sms", TEXT.address, TEXT_TEMPLATE)
    assert text["personalisation"] == {"body": TEXT.body}
    assert [email["reference"], text["reference"]] == ["ab12", "cd34"]


def test_without_a_template_for_them_text_messages_are_refused_for_good(address: str, notify: StandIn) -> None:
    with pytest.raises(NotSent, match="no way to send text messages") as refused:
        GovUkNotify(API_KEY, templates=Templates(EMAIL_TEMPLATE), address=address).send(TEXT)
    assert refused.value.for_good
    assert notify.taken == []


@pytest.mark.parametrize(("status", "for_good"), [(400, True), (403, False), (429, False)])
def test_what_is_refused_did_not_leave(channel: GovUkNotify, notify: StandIn, status: int, for_good: bool) -> None:
    notify.answers = status
    with pytest.raises(NotSent, match=f"answered {status}") as refused:
        channel.send(EMAIL)
    assert refused.value.for_good is for_good


def test_another_key_is_refused_and_may_be_mended(address: str) -> None:
    wrong = GovUkNotify(f"a-{SERVICE}-{SECRET[::-1]}", templates=TEMPLATES, address=address)
    with pytest.raises(NotSent, match="answered 403") as refused:
        wrong.send(EMAIL)
    assert not refused.value.for_good
    assert wrong.outcome("ab12", sealed=False) is Outcome.UNKNOWN


def test_a_fault_of_the_server_leaves_the_outcome_unknown_until_it_is_asked(
    channel: GovUkNotify, notify: StandIn
) -> None:
    notify.answers = 500
    with pytest.raises(OutcomeUnknown, match="answered 500"):
        channel.send(EMAIL)
    assert channel.outcome("ab12", sealed=False) is Outcome.NOT_SENT


def test_an_answer_that_is_lost_is_found_by_the_reference(channel: GovUkNotify, notify: StandIn) -> None:
    notify.loses = True
    with pytest.raises(OutcomeUnknown, match="did not answer"):
        channel.send(EMAIL)
    assert channel.outcome("ab12", sealed=False) is Outcome.SENT


def test_a_server_that_hangs_leaves_the_outcome_unknown(address: str, notify: StandIn) -> None:
    notify.silent_for = 1
    with pytest.raises(OutcomeUnknown, match="did not answer"):
        GovUkNotify(API_KEY, templates=TEMPLATES, address=address, timeout=0.2).send(EMAIL)


def test_a_server_that_is_not_there_took_nothing() -> None:
    nowhere = GovUkNotify(API_KEY, templates=TEMPLATES, address=f"http://127.0.0.1:{free_port()}", timeout=1)
    with pytest.raises(NotSent, match="cannot be reached") as refused:
        nowhere.send(EMAIL)
    assert not refused.value.for_good
    with pytest.raises(OutcomeUnknown):
        nowhere.delivery("ab12")


def test_every_status_comes_to_something(channel: GovUkNotify, notify: StandIn) -> None:
    assert set(STATUSES) == set(DELIVERIES)
    channel.send(EMAIL)
    for status in STATUSES:
        notify.status = status
        assert channel.delivery("ab12") is DELIVERIES[status]
    assert channel.delivery("never sent") is None
    assert {status for status in STATUSES if DELIVERIES[status] is Delivery.NOT_DELIVERED} == {
        "permanent-failure",
        "temporary-failure",
        "technical-failure",
    }


def test_what_is_sealed_goes_by_mail_or_not_at_all(address: str, notify: StandIn, tmp_path: Path) -> None:
    class Post(Mailbox):
        def send(self, notice: Notice) -> None:
            super().send(replace(notice, certificate=None))

    sealed = replace(EMAIL, certificate="a certificate")
    by_mail = GovUkNotify(
        API_KEY, templates=TEMPLATES, address=address, mail=Post(tmp_path, sender="care@example.invalid")
    )
    by_mail.send(sealed)
    assert by_mail.outcome("ab12", sealed=True) is Outcome.SENT
    with pytest.raises(NotSent, match="print it instead") as refused:
        GovUkNotify(API_KEY, templates=TEMPLATES, address=address).send(sealed)
    assert refused.value.for_good
    assert GovUkNotify(API_KEY, templates=TEMPLATES, address=address).outcome("ab12", sealed=True) is Outcome.NOT_SENT
    assert notify.taken == []
    assert (by_mail.confirms(sealed=True), by_mail.confirms(sealed=False)) == (False, True)


def test_the_log_names_nobody(channel: GovUkNotify, notify: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    notify.answers = 400
    with caplog.at_level(logging.INFO), pytest.raises(NotSent):
        channel.send(EMAIL)
    assert "ash@example.invalid" not in caplog.text
    assert "It cannot be" not in caplog.text
