"""The channel that this installation is set to use."""

from __future__ import annotations

from victimcare.notices.channel import Channel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer, Protection
from victimcare.settings import Settings


def configured_channel(settings: Settings) -> Channel:
    """The mail server where one is set (VICTIMCARE_SMTP_HOST), else the folder of .eml files.

    Raises `PasswordInTheClear`.
    """
    if settings.smtp_host:
        protection = Protection(
            starttls=settings.smtp_starttls,
            authorities=str(settings.smtp_authorities) if settings.smtp_authorities else None,
            user=settings.smtp_user,
            password=settings.smtp_password,
        )
        return MailServer(settings.smtp_host, settings.smtp_port, sender=settings.smtp_from, protection=protection)
    return Mailbox(settings.mailbox_folder, sender=settings.smtp_from)
