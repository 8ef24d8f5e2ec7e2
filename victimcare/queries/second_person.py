"""What waits in a team for a second person, beside good reasons: links of cases to confirm, cases to make void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, text

from victimcare.domain.duty_ends import reason_in_words
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Action, Person
from victimcare.queries.first_of import FirstOf, total_of
from victimcare.queries.scope import OF_TEAM_AT_LAST, as_of_team, open_to_viewer
from victimcare.store.case_links import LINKS, STANDING
from victimcare.store.cases import CASES, VICTIMS
from victimcare.store.journeys import EVENTS, event_of
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import VOID_REQUESTED

_OTHER = CASES.alias("other_case")
_LATER = EVENTS.alias("later_event")
_TOTAL = func.count().over().label("total")


@dataclass(frozen=True, slots=True)
class SecondPersonNeeded:
    """A case to make void (`why` says so), or to link with the case `other_ref`; asked by whom, and when (UTC)."""

    case_id: int
    ref: str
    victim_name: str | None
    asked_by: str
    asked_at: datetime
    why: str = ""
    other_ref: str = ""

    @property
    def page(self) -> str:
        """Where it is decided, below the case's address."""
        return "other-cases" if self.other_ref else "void"


def waiting_for_second(connection: Connection, *, person: Person, limit: int = 50) -> FirstOf[SecondPersonNeeded]:
    """What somebody asked for in the person's team and somebody else must decide, the oldest first."""
    asked = {**as_of_team(person, Action.VOID_CASE), "limit": limit}
    voids, links = connection.execute(_VOIDS, asked).all(), connection.execute(_LINKS, asked).all()
    needed = sorted([*map(_void, voids), *map(_link, links)], key=lambda one: (one.asked_at, one.ref))
    return FirstOf(tuple(needed[:limit]), total_of(voids) + total_of(links))


def _link(row: Any) -> SecondPersonNeeded:
    return SecondPersonNeeded(row.id, row.ref, row.victim_name, row.asked_by, row.proposed_at, other_ref=row.other_ref)


def _void(row: Any) -> SecondPersonNeeded:
    request = event_of(row)
    why = reason_in_words(request.kind, request.details)
    return SecondPersonNeeded(row.case_id, row.ref, row.victim_name, row.asked_by, request.recorded_at, why=why)


def _voids() -> Select[Any]:
    """Neither refused nor taken back: both name the request."""
    named = _LATER.c.details.contains(EVENTS.c.key) & (_LATER.c.kind == EventKind.CASE_VOID_REFUSED.value)
    settled = select(_LATER.c.id).where(
        _LATER.c.case_id == EVENTS.c.case_id, named | (_LATER.c.corrects == EVENTS.c.key)
    )
    joined = (
        EVENTS.join(CASES, CASES.c.id == EVENTS.c.case_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == EVENTS.c.recorded_by)
    )
    columns = (EVENTS, CASES.c.ref, VICTIMS.c.name.label("victim_name"), PEOPLE.c.name.label("asked_by"), _TOTAL)
    waiting = text(f"journey_event.{VOID_REQUESTED}") & EVENTS.c.corrects.is_(None) & ~settled.exists()
    wanted = select(*columns).select_from(joined).where(waiting, OF_TEAM_AT_LAST, CASES.c.status != "void")
    # As an expression: along the index of when events were recorded, every event there is would be looked at.
    recorded_at = func.coalesce(EVENTS.c.recorded_at, EVENTS.c.recorded_at)
    return wanted.order_by(recorded_at, CASES.c.ref).limit(bindparam("limit"))


def _links() -> Select[Any]:
    joined = (
        LINKS.join(CASES, CASES.c.id == LINKS.c.case_id)
        .join(_OTHER, _OTHER.c.id == LINKS.c.other_id)
        .join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id)
        .join(PEOPLE, PEOPLE.c.id == LINKS.c.proposed_by)
    )
    columns = (
        CASES.c.id,
        CASES.c.ref,
        _OTHER.c.ref.label("other_ref"),
        VICTIMS.c.name.label("victim_name"),
        PEOPLE.c.name.label("asked_by"),
        LINKS.c.proposed_at,
        _TOTAL,
    )
    both = OF_TEAM_AT_LAST & (_OTHER.c.team_id == CASES.c.team_id) & open_to_viewer(_OTHER.c.id)
    wanted = select(*columns).select_from(joined).where(STANDING, LINKS.c.confirmed_at.is_(None), both)
    return wanted.order_by(LINKS.c.proposed_at, CASES.c.ref).limit(bindparam("limit"))


# Made once, as those of the worklist.
_VOIDS, _LINKS = _voids(), _links()
