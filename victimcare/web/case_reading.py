"""Reading the case that a form is about, and what changed on it while somebody was typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from victimcare.domain.people import Action
from victimcare.queries.case_page import CasePage, case_page
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.deps import Consulted, CurrentPerson, TheDatabase, TheLaw, TheSettings, Today


@dataclass(frozen=True, slots=True)
class CaseReader:
    """Reads a case as its page shows it, and writes down that it was read."""

    person: CurrentPerson
    database: TheDatabase
    today: Today
    law: TheLaw
    settings: TheSettings
    consulted: Consulted

    def read(self, ref: str, action: Action = Action.SEE_CASE) -> CasePage:
        """The case, for this action. Raises `NoSuchCase`, `CannotAudit`."""
        names = {"police": self.settings.force_name}
        with self.database.reading() as connection:
            page = case_page(
                connection,
                person=self.person,
                ref=ref,
                today=self.today,
                law=self.law,
                agency_names=names,
                action=action,
            )
        self.consulted("case", [page.case_id])
        return page


TheCases = Annotated[CaseReader, Depends(CaseReader)]


def recorded_since(case: CasePage, events_seen: str) -> tuple[TimelineEntry, ...]:
    """What was recorded after the person opened a form that then showed this many events."""
    seen = int(events_seen) if events_seen.isascii() and events_seen.isdigit() else 0
    return tuple(sorted(case.timeline, key=lambda entry: (entry.recorded_at, entry.key))[seen:])
