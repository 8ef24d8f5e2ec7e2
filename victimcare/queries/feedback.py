"""Asking victims how it was for them: of one case, of a team, and the words that a supervisor reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text

from victimcare.domain.feedback import DueToAsk, FeedbackRefused, Survey, shown_number
from victimcare.domain.people import Action, Person, Scope, scope_of
from victimcare.queries.scope import case_row, visible_cases
from victimcare.store import feedback, protections
from victimcare.store.cases import CASES, VICTIMS, NoSuchCase
from victimcare.store.feedback import NOT_TAKEN_BACK, REQUESTS
from victimcare.store.feedback_due import VictimToAsk, point_due
from victimcare.store.journeys import EVENTS, journeys_of
from victimcare.store.tables import TO_HEAR_FROM, WORDS_TO_READ
from victimcare.store.vault import Vault

LISTED = 20
_LOOKED_AT = 200
"""Cases of which the journeys are read to find those to ask: enough for a page of them."""


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """That the victim was asked of a point; `asked_on` None: it has not left. It does not say whether they answered."""

    point: str
    channel: str
    written_at: datetime
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class CaseFeedback:
    """When a victim was asked, and whether they may be now: `due`, or `why_not`.

    `number` is under what they answer, where they were asked and whoever looks may ask and is not their case officer.
    """

    asked: tuple[AskedBefore, ...]
    opted_out_at: datetime | None
    due: DueToAsk | None
    why_not: str
    may_ask: bool
    waits: bool
    number: str


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A victim who may be asked now."""

    case_id: int
    ref: str
    victim_name: str | None
    due: DueToAsk


@dataclass(frozen=True, slots=True)
class ToRead:
    """Words of a victim that nobody has read."""

    request_id: int
    case_id: int
    ref: str
    point: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class TeamFeedback:
    """What the supervisors of a team look after: whom to ask, how many have not answered, and what to read.

    `more_to_ask`: there may be more than are listed.
    """

    to_ask: tuple[ToAsk, ...]
    more_to_ask: bool
    waiting: int
    to_read: tuple[ToRead, ...]
    to_read_total: int

    @property
    def case_ids(self) -> list[int]:
        """Every case that is listed."""
        return sorted({one.case_id for one in self.to_ask} | {one.case_id for one in self.to_read})


@dataclass(frozen=True, slots=True)
class WordsToRead:
    """What a victim said; None where it tells a location that is protected from whoever reads."""

    request_id: int
    case_id: int
    ref: str
    point: str
    answered_at: datetime
    words: str | None = field(repr=False)
    contains_location: bool
    is_read: bool


def case_feedback(connection: Connection, *, person: Person, ref: str, today: date, survey: Survey) -> CaseFeedback:
    """Of this case. Raises `NoSuchCase`."""
    row = case_row(connection, person, ref, Action.RECORD_CONTACT)
    rows = feedback.of_case(connection, row.id)
    born_on = connection.execute(select(VICTIMS.c.born_on).where(VICTIMS.c.id == row.victim_id)).scalar_one()
    whose = VictimToAsk(row.id, journeys_of(connection, {row.id: row.ref})[row.id], born_on)
    due, why_not = _due(connection, whose, today, survey)
    may_ask = scope_of(person, Action.ASK_FOR_FEEDBACK) is not None
    waiting = next((each for each in rows if each.ended_at is None), None)
    number = shown_number(waiting.number) if waiting is not None and waiting.asked_on else ""
    return CaseFeedback(
        asked=tuple(
            AskedBefore(point_in_words(survey, each.point), each.channel, each.written_at, each.asked_on)
            for each in rows
        ),
        opted_out_at=feedback.opted_out(connection, row.id),
        due=due,
        why_not=why_not,
        may_ask=may_ask,
        waits=waiting is not None,
        number=number if may_ask and row.officer_id not in person.acts_as else "",
    )


def team_feedback(connection: Connection, *, person: Person, today: date, survey: Survey) -> TeamFeedback:
    """Of the supervisor's team; nothing for anybody else."""
    if scope_of(person, Action.READ_FEEDBACK) is not Scope.TEAM:
        return TeamFeedback((), False, 0, (), 0)
    to_ask, more = _to_ask(connection, person, today, survey)
    waiting = (REQUESTS.c.team_id == person.team_id) & REQUESTS.c.asked_on.is_not(None) & text(TO_HEAR_FROM)
    still = waiting & (REQUESTS.c.asked_on >= today - timedelta(days=survey.answers_for))
    to_read = connection.execute(_to_read(person).order_by(REQUESTS.c.ended_at, REQUESTS.c.id).limit(LISTED)).all()
    return TeamFeedback(
        to_ask=to_ask,
        more_to_ask=more,
        waiting=connection.execute(select(func.count()).select_from(REQUESTS).where(still)).scalar_one(),
        to_read=tuple(
            ToRead(row.id, row.case_id, row.ref, point_in_words(survey, row.point), row.ended_at) for row in to_read
        ),
        to_read_total=to_read[0].total if to_read else 0,
    )


def words_to_read(
    connection: Connection, *, person: Person, request_id: int, survey: Survey, vault: Vault
) -> WordsToRead:
    """The words of a victim of the supervisor's team, but not of a case that they hold.

    Raises `NoSuchCase`, `DoesNotOpen`.
    """
    said = (REQUESTS.c.id == request_id) & REQUESTS.c.sealed_words.is_not(None)
    joined = REQUESTS.join(CASES, CASES.c.id == REQUESTS.c.case_id)
    wanted = select(REQUESTS, CASES.c.ref).select_from(joined).where(said, _readable(person))
    row = connection.execute(wanted).first()
    if row is None:
        raise NoSuchCase(str(request_id))
    protection = protections.current(connection, row.case_id)
    withheld = protection is not None and protection.withholds_from(person) and row.contains_location
    return WordsToRead(
        request_id=row.id,
        case_id=row.case_id,
        ref=row.ref,
        point=point_in_words(survey, row.point),
        answered_at=row.ended_at,
        words=None if withheld else feedback.words_of(row, vault),
        contains_location=row.contains_location,
        is_read=row.read_at is not None,
    )


def point_in_words(survey: Survey, code: str) -> str:
    """What the agreed point is called; its code, where the force asks there no more."""
    point = survey.point(code)
    return point.words if point else code


def _due(connection: Connection, whose: VictimToAsk, today: date, survey: Survey) -> tuple[DueToAsk | None, str]:
    try:
        return point_due(connection, whose, survey=survey, today=today), ""
    except FeedbackRefused as refused:
        return None, refused.why


def _readable(person: Person) -> ColumnElement[bool]:
    """The cases whose victims' words the person reads: none that they hold, or stand in for."""
    return visible_cases(person, Action.READ_FEEDBACK) & CASES.c.officer_id.not_in(sorted(person.acts_as))


def _to_read(person: Person) -> Any:
    joined = REQUESTS.join(CASES, CASES.c.id == REQUESTS.c.case_id)
    columns = (REQUESTS.c.id, REQUESTS.c.case_id, CASES.c.ref, REQUESTS.c.point, REQUESTS.c.ended_at)
    total = func.count().over().label("total")
    return select(*columns, total).select_from(joined).where(text(WORDS_TO_READ), _readable(person))


def _to_ask(connection: Connection, person: Person, today: date, survey: Survey) -> tuple[tuple[ToAsk, ...], bool]:
    """Those of whom a point was reached lately; the journey of each then says whether they may be asked."""
    found: list[ToAsk] = []
    candidates = _reached(connection, person, today, survey)
    journeys = journeys_of(connection, {row.id: row.ref for row in candidates})
    for row in candidates:
        due, _ = _due(connection, VictimToAsk(row.id, journeys[row.id], row.born_on), today, survey)
        if due is not None:
            found.append(ToAsk(row.id, row.ref, row.name, due))
        if len(found) == LISTED:
            return tuple(found), True
    return tuple(found), len(candidates) == _LOOKED_AT


def _reached(connection: Connection, person: Person, today: date, survey: Survey) -> Sequence[Any]:
    """Open cases of the team in which a kind of event of a point lies as far back as that point asks."""
    conditions = []
    for point in survey.points:
        until = today - timedelta(days=point.days)
        within = EVENTS.c.happened_on.between(until - timedelta(days=survey.ask_within), until)
        conditions.append(EVENTS.c.kind.in_(sorted(point.after)) & within)
    reached = conditions[0]
    for one in conditions[1:]:
        reached = reached | one
    lately = today - timedelta(days=28 * survey.months_between)
    asked = (REQUESTS.c.case_id == CASES.c.id) & NOT_TAKEN_BACK
    asked &= func.coalesce(REQUESTS.c.asked_on, today) > lately
    of_case = select(EVENTS.c.key).where(EVENTS.c.case_id == CASES.c.id, reached).exists()
    wanted = (
        select(CASES.c.id, CASES.c.ref, VICTIMS.c.name, VICTIMS.c.born_on)
        .select_from(CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id))
        .where(visible_cases(person, Action.ASK_FOR_FEEDBACK), CASES.c.status == "open")
        .where(of_case, ~select(REQUESTS.c.id).where(asked).exists())
    )
    return connection.execute(wanted.order_by(CASES.c.opened_on.desc(), CASES.c.id).limit(_LOOKED_AT)).all()
