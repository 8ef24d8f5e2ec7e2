"""The jobs that empty the outbox, and ask what became of what a provider took."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from victimcare.commands import deliver_notices as delivery
from victimcare.commands.tell_delivery import deliveries_to_ask, tell_delivery
from victimcare.jobs.chunks import and_failed
from victimcare.jobs.gone_back import held_back
from victimcare.jobs.work import Done, Work
from victimcare.notices.channel import NotSent, Outcome, OutcomeUnknown
from victimcare.presentation.words import counted
from victimcare.queries.job_runs import outbox_state

LOG = logging.getLogger("victimcare.jobs")
ONE_RUN = timedelta(minutes=5)
GIVE_UP_AFTER = 3
SENT, NOT_SENT, UNKNOWN, BROKEN = "sent", "not sent", "with unknown outcome", "broken"
TOLD, NOTHING_NEW = "told", "nothing new"


def deliver_outbox(work: Work) -> Done:
    """Everything in the outbox whose time has come, until the channel fails several times running."""
    if work.dry_run:
        with work.database.reading() as connection:
            return Done(f"{counted(outbox_state(connection).waiting, 'notice')} waiting")
    if (why := held_back(work)) is not None:
        return why
    _settle_interrupted(work)
    results: Counter[str] = Counter()
    in_a_row = 0
    while items := _lease(work):
        for position, item in enumerate(items):
            if in_a_row >= GIVE_UP_AFTER or work.clock() - work.now > ONE_RUN:
                _give_back(work, items[position:])
                return _delivered(results)
            result = _deliver(work, item)
            results[result] += 1
            in_a_row = in_a_row + 1 if result in (NOT_SENT, UNKNOWN) else 0
    return _delivered(results)


def _settle_interrupted(work: Work) -> None:
    with work.database.writing() as connection:
        interrupted = delivery.lease_interrupted(connection, now=work.clock(), limit=100)
    in_a_row = 0
    for item in interrupted:
        if in_a_row >= GIVE_UP_AFTER:
            return  # the rest is asked when its new lease is over
        sealed = item.referral_id is not None
        confirms = work.channel.confirms(sealed=sealed)
        outcome = work.channel.outcome(item.reference, sealed=sealed)
        in_a_row = in_a_row + 1 if confirms and outcome is Outcome.UNKNOWN else 0
        with work.database.writing() as connection:
            delivery.settle_interrupted(
                connection,
                item=item,
                outcome=outcome,
                law=work.law,
                now=work.clock(),
                post=work.post,
                confirms=confirms,
            )


def _lease(work: Work) -> list[Any]:
    work.stop_if_asked()
    with work.database.writing() as connection:
        return delivery.lease_notices(connection, now=work.clock())


def _give_back(work: Work, items: Sequence[Any]) -> None:
    with work.database.writing() as connection:
        delivery.give_back(connection, items=items, now=work.clock())


def _delivered(results: Counter[str]) -> Done:
    said = ", ".join(f"{count:,} {result}" for result, count in sorted(results.items()))
    failures = results[BROKEN] + (0 if results[SENT] else results[NOT_SENT])
    return Done(said or "Nothing to send", failures)


def _deliver(work: Work, item: Any) -> str:
    began_at = work.clock()
    with work.database.writing() as connection:
        notice = delivery.begin_sending(
            connection, item=item, law=work.law, ladder=work.ladder, now=began_at, post=work.post
        )
        if notice is not None:
            delivery.now_ready(connection, item=item, began_at=began_at, now=work.clock())
    if notice is None:
        return "set aside"
    trouble: NotSent | OutcomeUnknown | None = None
    try:
        work.channel.send(notice)
    except (NotSent, OutcomeUnknown) as raised:
        trouble = raised
    except Exception as broken:
        # Nobody knows whether it left: when the lease is over, the channel is asked.
        LOG.error("a notice broke its channel: %s", type(broken).__name__)
        return BROKEN
    with work.database.writing() as connection:
        delivery.record_result(
            connection,
            item=item,
            trouble=trouble,
            law=work.law,
            now=work.clock(),
            post=work.post,
            confirms=work.channel.confirms(sealed=notice.certificate is not None),
        )
    if trouble is None:
        return SENT
    if isinstance(trouble, OutcomeUnknown):
        return UNKNOWN
    return "refused" if trouble.for_good else NOT_SENT


def ask_deliveries(work: Work) -> Done:
    """What became of each notice that a provider took and has not told of."""
    with work.database.reading() as connection:
        references = deliveries_to_ask(connection, now=work.now)
    if work.dry_run:
        return Done(f"{counted(len(references), 'notice')} of which nothing was told yet")
    results: Counter[str] = Counter()
    in_a_row = 0
    for reference in references:
        work.stop_if_asked()
        if in_a_row >= GIVE_UP_AFTER or work.clock() - work.now > ONE_RUN:
            break
        result = _ask(work, reference)
        results[result] += 1
        in_a_row = in_a_row + 1 if result == UNKNOWN else 0
    said = f"{counted(results[TOLD], 'notice')} of {len(references):,} told of{and_failed(results[BROKEN])}"
    return Done(said, results[BROKEN] + (0 if results[TOLD] else results[UNKNOWN]))


def _ask(work: Work, reference: str) -> str:
    try:
        found = work.channel.delivery(reference)
        if found is None:
            return NOTHING_NEW
        with work.database.writing() as connection:
            told = tell_delivery(connection, reference=reference, delivery=found, now=work.clock(), law=work.law)
    except OutcomeUnknown:
        return UNKNOWN
    except Exception as broken:
        # It is asked again; those behind it are not to wait for it.
        LOG.error("a delivery broke its keeping: %s", type(broken).__name__)
        return BROKEN
    return TOLD if told else NOTHING_NEW
