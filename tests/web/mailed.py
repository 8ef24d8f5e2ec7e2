"""The e-mails to staff that leave a site in the weeks after, as its jobs write and send them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.web.casework import Casework
from victimcare.jobs import delivery, reminders, tasks
from victimcare.jobs.work import Work
from victimcare.notices.mailbox import Mailbox

# A digest waits until everything that the morning's jobs write is in it.
GATHERED = timedelta(hours=1)


def mails(casework: Casework, days: Iterable[int], folder: Path) -> list[str]:
    """What leaves when breaches are found and reminders written so many days from now, an hour later each time."""
    site, channel = casework.site, Mailbox(folder, sender="victimcare@example.invalid")
    for after in days:
        now = site.clock.now + timedelta(days=after)
        later = now + GATHERED
        work = Work(site.database, casework.law, channel, now, clock=lambda now=now: now)
        for job in (tasks.find_breaches, reminders.remind):
            job(work)
        delivery.deliver_outbox(replace(work, now=later, clock=lambda later=later: later))
    return [file.read_text("utf-8") for file in folder.glob("*.eml")]
