"""Which channel an installation uses."""

from pathlib import Path

import pytest

from tests.notices.govuk_notify import API_KEY, EMAIL_TEMPLATE, TEXT_TEMPLATE
from victimcare.notices.configured import NoTemplate, configured_channel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.notify import GovUkNotify
from victimcare.notices.smtp import MailServer
from victimcare.settings import Settings


def test_notices_go_into_a_folder_unless_a_mail_server_is_set(tmp_path: Path) -> None:
    assert isinstance(configured_channel(Settings(mailbox_folder=tmp_path)), Mailbox)
    assert isinstance(configured_channel(Settings(smtp_host="mail.invalid")), MailServer)


def test_with_a_key_of_govuk_notify_they_go_through_it() -> None:
    settings = Settings(notify_api_key=API_KEY, notify_email_template=EMAIL_TEMPLATE)
    assert isinstance(configured_channel(settings), GovUkNotify)
    assert not settings.sends_texts
    assert Settings(notify_api_key=API_KEY, notify_text_template=TEXT_TEMPLATE).sends_texts


def test_a_key_without_a_template_is_said_at_the_start() -> None:
    with pytest.raises(NoTemplate, match="VICTIMCARE_NOTIFY_EMAIL_TEMPLATE"):
        configured_channel(Settings(notify_api_key=API_KEY))
