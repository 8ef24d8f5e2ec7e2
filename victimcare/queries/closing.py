"""What is still open on a case that somebody is about to close, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select, text

from victimcare.domain.hearing_choices import interval_now
from victimcare.domain.own_deadlines import VictimsDeadline
from victimcare.domain.people import Person
from victimcare.domain.referral import support_of
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.scope import case_row
from victimcare.store.breaches import BREACHES
from victimcare.store.journeys import journeys_of
from victimcare.store.messages import MESSAGES
from victimcare.store.messages import still_to_leave as message_to_leave
from victimcare.store.outgoing_referrals import OUTGOING, still_to_leave
from victimcare.store.tables import UNCAUSED


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Duties, ours and those of others; a promise by its day; the days of the agreed interval; what is not sent.

    `referrals`: to which services, and what is waited for. `to_leave`: referrals that have not left. `victims_own`:
    what the victim can still ask for, or was promised by a scheme, and has not had. `uncaused`: how many duties were
    late of which nobody has said why.
    """

    duties: tuple[DutyView, ...]
    of_others: tuple[DutyView, ...]
    promised_on: date | None
    interval_days: int | None
    messages: int
    left_messages: int
    referrals: tuple[tuple[str, str], ...]
    to_leave: int
    victims_own: tuple[VictimsDeadline, ...]
    uncaused: int

    @property
    def anything(self) -> bool:
        """Whether anything is; not what the victim can still ask for, which may run for years."""
        owed = self.duties or self.of_others or self.promised_on or self.interval_days
        left = self.messages or self.left_messages or self.referrals or self.to_leave
        return bool(owed or left or self.uncaused)


def still_open(connection: Connection, *, person: Person, case: CasePage) -> StillOpen:
    """What is open on a case that was just read. Raises `NoSuchCase`."""
    row = case_row(connection, person, case.ref)
    journey = journeys_of(connection, {row.id: row.ref})[row.id]
    happened = [chain for chain in journey.chains().values() if chain.happened]
    messages = select(func.count()).where(MESSAGES.c.case_id == row.id, message_to_leave())
    referrals = select(func.count()).where(OUTGOING.c.case_id == row.id, still_to_leave())
    uncaused = select(func.count()).where(BREACHES.c.case_id == row.id, text(UNCAUSED))
    return StillOpen(
        duties=case.open_duties,
        of_others=tuple(duty for duty in case.waiting if duty.is_open),
        promised_on=case.touch.promise.on if case.touch.promise else None,
        interval_days=interval_now(happened),
        messages=connection.execute(messages).scalar_one(),
        left_messages=case.custody.messages_waiting,
        referrals=tuple((each.service, each.waiting_for) for each in support_of(journey).referrals if each.is_open),
        to_leave=connection.execute(referrals).scalar_one(),
        uncaused=connection.execute(uncaused).scalar_one(),
        victims_own=tuple(o for o in case.own_deadlines if not o.met_on and not o.passed_on(case.today)),
    )
