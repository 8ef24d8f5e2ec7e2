"""The jobs that tell people of duties: each morning, and at once what is urgent."""

from __future__ import annotations

from typing import Any

from victimcare.commands.ask_agencies import ask_agencies as ask
from victimcare.commands.ask_agencies import late_at_others
from victimcare.commands.emergency_alerts import escalate_reviews
from victimcare.commands.list_for_board import list_for_board
from victimcare.commands.remind import duties_at_a_step
from victimcare.commands.remind import remind as write_reminders
from victimcare.commands.tell_keepers import tell_of_directory, tell_of_job
from victimcare.commands.watch_cases import watched_at_a_step
from victimcare.commands.watch_incidents import tell_of_clocks
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.jobs.chunks import and_failed, in_chunks
from victimcare.jobs.work import Done, Work
from victimcare.presentation.words import counted
from victimcare.queries.job_runs import jobs_not_run
from victimcare.store.incidents import undecided


def remind(work: Work) -> Done:
    """What is to be told of each duty of our own that has reached a step of the ladder."""
    added, failures = _tell_of_steps(work, urgent_only=False)
    if work.dry_run:
        return Done(f"{counted(added, 'duty', 'duties')} at a step of the ladder, some told of already")
    with work.database.writing() as connection:
        late = escalate_reviews(connection, now=work.now, calendar=work.law.calendar)
        listed = list_for_board(
            connection, reached_at=work.reached_at, now=work.now, calendar=work.law.calendar, ladder=work.ladder
        )
    again = f", {counted(late, 'review')} of emergency access late" if late else ""
    again += f", {counted(listed, 'list')} for the board" if listed else ""
    return Done(f"{counted(added, 'new reminder')}{again}{and_failed(failures)}", failures)


def remind_urgently(work: Work) -> Done:
    """The same of what changed since a moment ago and stands at an urgent step."""
    added, failures = _tell_of_steps(work, urgent_only=True)
    if work.dry_run:
        return Done(f"{counted(added, 'duty', 'duties')} at an urgent step, some told of already")
    return Done(f"{counted(added, 'new reminder')}{and_failed(failures)}", failures)


def watch_cases(work: Work) -> Done:
    """What is to be told of the force's own watches that have reached a step of the ladder."""
    how: dict[str, Any] = {"now": work.now, "calendar": work.law.calendar, "ladder": work.ladder}
    with work.database.reading() as connection:
        watched = watched_at_a_step(connection, reached_at=work.reached_at, **how)
    if work.dry_run:
        return Done(f"{counted(len(watched), 'watch', 'watches')} at a step of the ladder, some told of already")
    added, failures = in_chunks(work, watched, lambda connection, some: write_reminders(connection, duties=some, **how))
    with work.database.writing() as connection:
        added += tell_of_directory(connection, reached_at=work.reached_at, **how)
    return Done(f"{counted(added, 'new notice')}{and_failed(failures)}", failures)


def watch_jobs(work: Work) -> Done:
    """Every job that has not run in time, told to the administrators once for each time."""
    with work.database.reading() as connection:
        late = jobs_not_run(connection, work.now)
    added = 0
    if not work.dry_run:
        with work.database.writing() as connection:
            for job in late:
                since = job.last_success.slot_at if job.last_success else None
                added += tell_of_job(connection, job=job.name, last_success_at=since, now=work.now)
    return Done(f"{counted(len(late), 'job')} not run in time, {counted(added, 'new notice')}")


def watch_incidents(work: Work) -> Done:
    """How much is left of the 72 hours of each incident about which nobody has decided, told once at each reminder."""
    if work.dry_run:
        with work.database.reading() as connection:
            return Done(f"{counted(len(undecided(connection)), 'incident')} about which nobody has decided")
    with work.database.writing() as connection:
        added = tell_of_clocks(connection, now=work.now)
    return Done(f"{counted(added, 'new notice')} of incidents")


def ask_agencies(work: Work) -> Done:
    """Other agencies are asked for what they owe, and its day has passed."""
    how: dict[str, Any] = {"now": work.now, "calendar": work.law.calendar, "ladder": work.ladder}
    with work.database.reading() as connection:
        late = late_at_others(connection, reached_at=work.reached_at, own_agency=OWN_AGENCY, **how)
    if work.dry_run:
        return Done(f"{counted(len(late), 'duty', 'duties')} to ask for, some asked for already")
    added, failures = in_chunks(work, late, lambda connection, some: ask(connection, duties=some, **how))
    return Done(f"{counted(added, 'new notice')} to other agencies{and_failed(failures)}", failures)


def _tell_of_steps(work: Work, *, urgent_only: bool) -> tuple[int, int]:
    """How many notices are new, and how many duties failed; in a dry run how many duties are at such a step."""
    how: dict[str, Any] = {"now": work.now, "calendar": work.law.calendar, "ladder": work.ladder}
    with work.database.reading() as connection:
        duties = duties_at_a_step(
            connection, reached_at=work.reached_at, own_agency=OWN_AGENCY, urgent_only=urgent_only, **how
        )
    if work.dry_run:
        return len(duties), 0
    return in_chunks(work, duties, lambda connection, some: write_reminders(connection, duties=some, **how))
