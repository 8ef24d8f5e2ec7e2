"""Which jobs there are, and when. To add one: a task in tasks.py, a line here.

No job depends on being run at its minute: each works out from rows what is to be done, so a slot that was missed is
made up for by the next run. Times are London's, and never from 01:00 to 01:59 (`DailyAt` refuses them).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from victimcare.domain.slots import DailyAt, Every, Trigger
from victimcare.jobs import delivery, events_out, reminders, tasks
from victimcare.jobs.work import Task


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `late_after` a slot without success it "has not run"; after `may_take` a run counts as dead."""

    name: str
    title: str
    does: str
    trigger: Trigger
    late_after: timedelta
    may_take: timedelta
    task: Task

    def row(self, position: int) -> dict[str, Any]:
        """The row of `job` that tells pages about it."""
        every = self.trigger.minutes if isinstance(self.trigger, Every) else None
        daily = f"{self.trigger.at:%H:%M}" if isinstance(self.trigger, DailyAt) else None
        return {
            "name": self.name,
            "position": position,
            "title": self.title,
            "does": self.does,
            "every_minutes": every,
            "daily_at": daily,
            "late_after_minutes": int(self.late_after.total_seconds() // 60),
        }


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

JOBS = (
    Job(
        "find-breaches",
        "Find breaches",
        "Writes a breach for each duty whose day has passed, with who held the case on that day.",
        Every(60),
        late_after=3 * _HOUR,
        may_take=30 * _MINUTE,
        task=tasks.find_breaches,
    ),
    Job(
        "remind",
        "Remind officers",
        "Writes what is to be told of duties that have reached a step of the escalation ladder.",
        DailyAt(time(7)),
        late_after=2 * _HOUR,
        may_take=30 * _MINUTE,
        task=reminders.remind,
    ),
    Job(
        "watch-cases",
        "Watch cases",
        "Writes what is to be told of the force's own watches: silence, cases that stand still or were not taken over.",
        DailyAt(time(6, 45)),
        late_after=2 * _HOUR,
        may_take=30 * _MINUTE,
        task=reminders.watch_cases,
    ),
    Job(
        "ask-agencies",
        "Ask other agencies",
        "Writes to the contact of each agency that owes news of which the day has passed, with the case's reference.",
        DailyAt(time(7, 15)),
        late_after=2 * _HOUR,
        may_take=30 * _MINUTE,
        task=reminders.ask_agencies,
    ),
    Job(
        "watch-jobs",
        "Watch jobs",
        "Tells the administrators, once each time, of a job that has not run in time.",
        Every(15),
        late_after=_HOUR,
        may_take=5 * _MINUTE,
        task=reminders.watch_jobs,
    ),
    Job(
        "watch-incidents",
        "Watch incidents",
        "Tells whoever keeps an incident, at any hour, how much is left of the 72 hours to tell the Commissioner.",
        Every(5),
        late_after=_HOUR,
        may_take=5 * _MINUTE,
        task=reminders.watch_incidents,
    ),
    Job(
        "remind-urgently",
        "Remind at once",
        "Writes the same of what changed since a moment ago and stands at an urgent step.",
        Every(5),
        late_after=_HOUR,
        may_take=15 * _MINUTE,
        task=reminders.remind_urgently,
    ),
    Job(
        "deliver-outbox",
        "Send notices",
        "Sends what waits in the outbox.",
        Every(1),
        late_after=15 * _MINUTE,
        may_take=15 * _MINUTE,
        task=delivery.deliver_outbox,
    ),
    Job(
        "ask-deliveries",
        "Ask what was delivered",
        "Asks GOV.UK Notify, where it is used, what became of each notice that it took.",
        Every(15),
        late_after=3 * _HOUR,
        may_take=15 * _MINUTE,
        task=delivery.ask_deliveries,
    ),
    Job(
        "tell-systems",
        "Tell systems of agencies",
        "Tells the systems of other agencies that there is something to ask for, and tries again what failed.",
        Every(1),
        late_after=30 * _MINUTE,
        may_take=10 * _MINUTE,
        task=events_out.tell_systems,
    ),
    Job(
        "join-records",
        "Join records that waited",
        "Joins what systems of the force said to what it waited for and has come, and forgets what waited too long.",
        Every(10),
        late_after=2 * _HOUR,
        may_take=30 * _MINUTE,
        task=tasks.join_records,
    ),
    Job(
        "check-projection",
        "Check deadlines",
        "Derives the deadlines of some cases again from their journeys and compares them with those stored.",
        DailyAt(time(2, 30)),
        late_after=6 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.check_projection,
    ),
    Job(
        "sweep-breaches",
        "Find breaches everywhere",
        "Looks through every duty for a breach that the hourly job could not see, such as after a rebuild.",
        DailyAt(time(3, 30)),
        late_after=6 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.sweep_breaches,
    ),
    Job(
        "backup",
        "Make a backup",
        "Copies the whole database, sealed with the backup key, and reads the copy again from where it lies.",
        DailyAt(time(2)),
        late_after=2 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.back_up,
    ),
    Job(
        "anchor-audit",
        "Anchor the audit",
        "Writes down outside the database where the audit ends, signed, so that rows taken from it show.",
        Every(60),
        late_after=3 * _HOUR,
        may_take=5 * _MINUTE,
        task=tasks.anchor_audit,
    ),
    Job(
        "verify-audit",
        "Check the audit",
        "Looks for rows of the audit that were changed, taken out, put in or moved.",
        DailyAt(time(4, 30)),
        late_after=2 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.verify_audit,
    ),
    Job(
        "watch-access",
        "Watch who looks",
        "Looks through each day of the audit for signs that somebody looked where they had no reason to.",
        DailyAt(time(5)),
        late_after=6 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.watch_access,
    ),
    Job(
        "publish-figures",
        "Publish figures",
        "Publishes the figures of a quarter for the board, some days after it is over, and earlier ones that changed.",
        DailyAt(time(5, 45)),
        late_after=6 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.publish_figures,
    ),
    Job(
        "write-feeds",
        "Write open tables",
        "Writes what was published as open tables, where a folder for the force's data team is set.",
        DailyAt(time(6, 15)),
        late_after=6 * _HOUR,
        may_take=30 * _MINUTE,
        task=tasks.write_feeds,
    ),
    Job(
        "make-packs",
        "Make board packs",
        "Makes the packs that the board has asked for, from figures that were published.",
        Every(1),
        late_after=_HOUR,
        may_take=30 * _MINUTE,
        task=tasks.make_packs,
    ),
    Job(
        "make-replays",
        "Reckon quarters anew",
        "Reckons the quarters that the board asked for, as known on a past day or by another edition.",
        Every(1),
        late_after=_HOUR,
        may_take=60 * _MINUTE,
        task=tasks.make_replays,
    ),
    Job(
        "propose-disposals",
        "Propose disposals",
        "Looks for cases that are due by the force's rules on keeping them, and proposes them for a person to decide.",
        DailyAt(time(5, 15)),
        late_after=6 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.propose_disposals,
    ),
    Job(
        "erase-cases",
        "Erase disposed cases",
        "Destroys what cases hold whose disposal can be undone no more, and certifies it.",
        DailyAt(time(5, 30)),
        late_after=6 * _HOUR,
        may_take=60 * _MINUTE,
        task=tasks.erase_cases,
    ),
    Job(
        "move-deadlines",
        "Move deadlines",
        "Lets cases follow bank holidays, or an edition of the Code, that were approved: deadlines and journeys.",
        Every(1),
        late_after=30 * _MINUTE,
        may_take=60 * _MINUTE,
        task=tasks.move_deadlines,
    ),
    Job(
        "check-bank-holidays",
        "Check bank holidays",
        "Asks for the published bank holidays, where an address is set, and warns when those known end within a year.",
        DailyAt(time(6, 30)),
        late_after=6 * _HOUR,
        may_take=5 * _MINUTE,
        task=tasks.check_bank_holidays,
    ),
)


def job_named(name: str) -> Job:
    """The job of that name. Raises `NoSuchJob`."""
    for job in JOBS:
        if job.name == name:
            return job
    raise NoSuchJob(name)


class NoSuchJob(LookupError):
    """No job has that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no job {name!r}; there are {', '.join(job.name for job in JOBS)}")
