"""The law as it is applied: the editions of the Code and the working days to count them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import Edition, VictimsCode


class LawChange(StrEnum):
    """What of the law was changed here last."""

    HOLIDAYS = "bank_holidays"
    EDITION = "edition"


@dataclass(frozen=True)
class Law:
    """What `assess` needs besides a journey. `read_edition` reads the text of an edition that was brought in here."""

    code: VictimsCode
    calendar: WorkingCalendar
    read_edition: Callable[[str], Edition] | None = field(default=None, repr=False, compare=False)

    def by(self, calendar: WorkingCalendar) -> Law:
        """The same editions, counted by another list of bank holidays."""
        return replace(self, calendar=calendar)

    def under(self, code: VictimsCode) -> Law:
        """The same bank holidays, with other editions of the Code."""
        return replace(self, code=code)

    def changed_between(self, since: datetime, until: datetime) -> tuple[tuple[LawChange, datetime], ...]:
        """What was changed here after `since` and not after `until`, and when: deadlines were then derived again."""
        found: list[tuple[LawChange, datetime]] = []
        calendar, code = self.calendar, self.code
        while calendar.earlier is not None and calendar.since is not None:
            found.append((LawChange.HOLIDAYS, calendar.since))
            calendar = calendar.earlier
        while code.earlier is not None and code.since is not None:
            found.append((LawChange.EDITION, code.since))
            code = code.earlier
        return tuple(sorted((one for one in found if since < one[1] <= until), key=lambda one: one[1]))

    def before(self, change: LawChange) -> Law:
        """The same before the last change of this kind; itself, where there was none."""
        if change is LawChange.EDITION:
            return self.under(self.code.earlier) if self.code.earlier else self
        return self.by(self.calendar.earlier) if self.calendar.earlier else self
