"""What is asked of a notice about a duty, or a watch, at the moment at which it leaves: is it still true, who hears?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from victimcare.commands.remind import notice_row, step_of, told_as_of
from victimcare.domain.calendar import london_date
from victimcare.domain.ladder import Ladder, Told
from victimcare.domain.law import Law
from victimcare.domain.people import NO_LISTS, CaseLists
from victimcare.domain.reminders import Recipient, recipients
from victimcare.store import case_lists, outbox, reminding, watching
from victimcare.store.outbox import Leased
from victimcare.store.reminding import Here

NO_LONGER_TRUE = "no longer true when it was to be sent"
HEARD_BY_OTHERS = "others hear it instead"
NO_ADDRESS = "the recipient has no e-mail address"


@dataclass(frozen=True, slots=True)
class Truth:
    """How it stands at `now` with the duties of some notices, and who is here."""

    law: Law
    ladder: Ladder
    now: datetime
    duties: Mapping[tuple[int, str, str], Any]
    here: Here
    lists: Mapping[int, CaseLists]

    def duty_of(self, item: Leased) -> Any:
        """The duty that the notice tells of; None where it ended or moved, or stands at another step."""
        duty = self.duties.get((item.case_id or 0, item.rule, item.start_key))
        if duty is None or duty.due_on != item.due_on:
            return None
        step = step_of(duty, self.now, self.law.calendar, self.ladder)
        return duty if step is not None and step.code == item.step else None

    def who_hear(self, item: Leased, duty: Any) -> tuple[Recipient, ...]:
        """Who is to hear of its step by now: the case may have been handed over, somebody gone on leave, or be back."""
        return recipients(
            told_as_of(item.told_as or Told.OFFICER),
            holder=self.here.holder(duty),
            chain=self.here.chain(duty.holder_team_id),
            lists=self.lists_of(duty),
        )

    def lists_of(self, duty: Any) -> CaseLists:
        """Who is kept from its case."""
        return self.lists.get(duty.case_id, NO_LISTS)


def kept_by(
    connection: Connection, item: Leased, duty: Any, hear: Sequence[Recipient], *, now: datetime
) -> Recipient | None:
    """As what its recipient still hears it, or None; who hears it beside them or instead gets a notice of their own."""
    here = (item.recipient_id, item.team_id)
    theirs = {(one.person_id, None if one.person_id else duty.holder_team_id): one for one in hear}
    others = [one for whose, one in theirs.items() if whose != here]
    told_as = told_as_of(item.told_as or Told.OFFICER)
    outbox.add(connection, [notice_row(duty, item.step, told_as, one, now, (now, None)) for one in others])
    return theirs.get(here)


def truth_about(connection: Connection, items: Sequence[Leased], *, law: Law, ladder: Ladder, now: datetime) -> Truth:
    """Ask it of all these notices together."""
    today = london_date(now)
    case_ids = sorted({item.case_id for item in items if item.case_id is not None})
    rows: list[Any] = reminding.open_duties(connection, case_ids, today=today)
    watched = sorted({item.case_id for item in items if item.case_id is not None and item.rule in ladder.watches})
    rows += watching.watched_in(connection, watched, ladder=ladder, calendar=law.calendar, today=today)
    lists = case_lists.lists_of(connection, sorted({row.case_id for row in rows if row.has_lists}))
    here = reminding.who_is_here(connection, rows, today=today)
    duties = {(row.case_id, row.rule, row.start_key): row for row in rows}
    return Truth(law, ladder, now, duties, here, lists)
