"""The job that tells the systems of agencies what waits for them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from victimcare.commands import deliver_events as telling
from victimcare.commands.send_message import Post
from victimcare.jobs.gone_back import held_back
from victimcare.jobs.work import Done, Work
from victimcare.presentation.words import counted
from victimcare.queries.webhooks import events_waiting

ONE_RUN = timedelta(minutes=5)
TOLD, FAILED, NOT_TOLD = "told", "to be tried again", "not to be told any more"
STOPPED, BROKEN = "stopped", "broken"
LOG = logging.getLogger("victimcare.jobs")


def tell_systems(work: Work) -> Done:
    """Everything whose time has come. A system that fails once is not asked again in the same run: nobody waits for it.

    That a system does not answer is no failure of this job: its page says so, and administrators hear of it in time.
    """
    if work.dry_run:
        with work.database.reading() as connection:
            return Done(f"{counted(events_waiting(connection), 'event')} waiting")
    if (why := held_back(work)) is not None:
        return why
    if work.post is None:
        return Done("This process cannot open the secrets that sign what is told", failures=1)
    results: Counter[str] = Counter()
    failing: set[str] = set()
    while items := _lease(work):
        for position, item in enumerate(items):
            if work.stopping() or work.clock() - work.now > ONE_RUN:
                _give_back(work, items[position:])
                return _done(results)
            if item.person_id in failing:
                _give_back(work, [item])
                continue
            result = _tell(work, item, work.post)
            results[result] += 1
            if result in (FAILED, STOPPED, BROKEN):
                failing.add(item.person_id)
    with work.database.writing() as connection:
        telling.forget_old_events(connection, now=work.clock())
    return _done(results)


def _tell(work: Work, item: Any, post: Post) -> str:
    try:
        with work.database.writing() as connection:
            message = telling.begin_telling_system(connection, item=item, now=work.clock(), vault=post.vault)
    except Exception as broken:
        # Such as a secret that no key opens: others are told, and this one is tried again when its lease is over.
        LOG.error("telling a system broke: %s", type(broken).__name__)
        return BROKEN
    if message is None:
        return NOT_TOLD
    came = work.events.send(message)
    with work.database.writing() as connection:
        stopped = telling.record_attempt(connection, item=item, came=came, now=work.clock())
    if came.is_taken:
        return TOLD
    return STOPPED if stopped else FAILED


def _lease(work: Work) -> list[Any]:
    work.stop_if_asked()
    with work.database.writing() as connection:
        return telling.lease_events(connection, now=work.clock())


def _give_back(work: Work, items: Sequence[Any]) -> None:
    with work.database.writing() as connection:
        telling.give_back_events(connection, items=items, now=work.clock())


def _done(results: Counter[str]) -> Done:
    said = ", ".join(f"{count:,} {result}" for result, count in sorted(results.items()))
    return Done(said or "Nothing to tell", results[BROKEN])
