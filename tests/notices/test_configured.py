"""Which channel an installation uses."""

from pathlib import Path

from victimcare.notices.configured import configured_channel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer
from victimcare.settings import Settings


def test_notices_go_into_a_folder_unless_a_mail_server_is_set(tmp_path: Path) -> None:
    assert isinstance(configured_channel(Settings(mailbox_folder=tmp_path)), Mailbox)
    assert isinstance(configured_channel(Settings(smtp_host="mail.invalid")), MailServer)
