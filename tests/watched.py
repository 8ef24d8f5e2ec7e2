"""What each watch finds: how it comes about, how it ends, and what is told of it until then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from tests.force import VAULT, Force
from tests.outbox import ARRESTED, eight
from victimcare.commands.add_contact_point import NewPoint, add_contact_point
from victimcare.commands.find_breaches import cases_to_search, find_breaches
from victimcare.commands.give_breach_cause import GivenCause, give_breach_cause
from victimcare.commands.judge_contact_point import mark_unsafe
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.take_over_case import take_over_case
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.safe_contact import PointKind
from victimcare.domain.watches import Watch
from victimcare.store.breaches import BREACHES
from victimcare.store.cases import VICTIMS
from victimcare.store.contact_points import POINTS

HANDED_ON = date(2026, 6, 1)


@dataclass(frozen=True)
class Situation:
    """Something that a watch finds: how it comes about, how it ends, and what is told of it until it does."""

    watch: Watch
    begin: Callable[[Force, str], object]
    end: Callable[[Force, str, datetime], object]
    told: tuple[tuple[date, str, str], ...]
    due_on: date = date.min


def hand_over(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        now = eight(HANDED_ON) - timedelta(hours=2)
        how: dict[str, Any] = {"now": now, "law": force.law, "vault": VAULT}
        reassign_cases(connection, refs=[ref], to_officer_id="birch", why="leave", by=force.elm, **how)


def take_over(*, victim_told: bool) -> Callable[[Force, str, datetime], None]:
    def taken(force: Force, ref: str, now: datetime) -> None:
        with force.database.writing() as connection:
            take_over_case(connection, ref=ref, victim_told=victim_told, by=force.birch, now=now)

    return taken


def reach(force: Force, ref: str, now: datetime) -> None:
    force.record(ref, EventKind.CONTACT_MADE, now, channel="phone")


def interview(force: Force, ref: str, now: datetime) -> None:
    force.record(ref, EventKind.SUSPECT_INTERVIEWED, now, subject="Suspect 1")


def assess(force: Force, ref: str, now: datetime) -> None:
    force.record(ref, EventKind.NEEDS_ASSESSED, now, tier="enhanced", grounds="vulnerable")


def a_child_was_assessed(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        connection.execute(update(VICTIMS).values(born_on=date(2008, 7, 1)))
    assess(force, ref, ARRESTED)


def confirm_a_number(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        new = NewPoint(PointKind.PHONE, "01632 960123", confirmed=True)
        add_contact_point(connection, ref=ref, new=new, by=force.ash, now=ARRESTED, vault=VAULT)


def find_it_unsafe(force: Force, ref: str, now: datetime) -> None:
    point_id = next(iter(_points(force)))
    with force.database.writing() as connection:
        mark_unsafe(connection, ref=ref, point_id=point_id, by=force.ash, now=now)


def _points(force: Force) -> list[str]:
    with force.database.reading() as connection:
        return list(connection.execute(select(POINTS.c.id)).scalars())


def let_it_be_found_late(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        now = eight(date(2026, 6, 2)) - timedelta(hours=3)
        case_ids = cases_to_search(connection, reached_at=None, now=now)
        assert find_breaches(connection, case_ids=case_ids, now=now) == 1


def say_why(force: Force, ref: str, now: datetime) -> None:
    with force.database.writing() as connection:
        start_key = connection.execute(select(BREACHES.c.start_key)).scalar_one()
        given = GivenCause("R6-ARR", start_key, "workload", "", seen=0)
        give_breach_cause(connection, ref=ref, given=given, own_agency="police", by=force.ash, now=now, vault=VAULT)


def nothing(_force: Force, _ref: str) -> None:
    """The case of the arrest is enough."""


SITUATIONS = (
    Situation(
        Watch.HAND_OVER,
        hand_over,
        take_over(victim_told=False),
        (
            (date(2026, 6, 1), "before_2", "birch"),
            (date(2026, 6, 3), "due", "birch"),
            (date(2026, 6, 4), "late_1", "birch"),
            (date(2026, 6, 4), "late_1", "elm"),
            (date(2026, 6, 8), "late_3", "elm"),
            (date(2026, 6, 8), "late_3", "fir"),
        ),
    ),
    Situation(
        Watch.OFFICER_UNKNOWN,
        hand_over,
        take_over(victim_told=True),
        (
            (date(2026, 6, 4), "before_2", "birch"),
            (date(2026, 6, 8), "due", "birch"),
            (date(2026, 6, 9), "late_1", "birch"),
            (date(2026, 6, 9), "late_1", "elm"),
            (date(2026, 6, 11), "late_3", "elm"),
            (date(2026, 6, 11), "late_3", "fir"),
        ),
    ),
    Situation(  # since Monday 18 May, when the case was opened
        Watch.SILENCE,
        nothing,
        reach,
        (
            (date(2026, 7, 13), "due", "ash"),
            (date(2026, 7, 20), "late_5", "ash"),
            (date(2026, 7, 20), "late_5", "elm"),
        ),
        due_on=date(2026, 7, 13),
    ),
    Situation(  # confirmed on Friday 22 May: until Thursday 20 August
        Watch.CONFIRMATION,
        confirm_a_number,
        find_it_unsafe,
        (
            (date(2026, 8, 18), "before_2", "ash"),
            (date(2026, 8, 21), "late_1", "ash"),
            (date(2026, 9, 4), "late_10", "elm"),  # 31 August is a bank holiday
        ),
        due_on=date(2026, 8, 20),
    ),
    Situation(  # born on 1 July 2008
        Watch.TURNED_18,
        a_child_was_assessed,
        assess,
        (
            (date(2026, 7, 15), "due", "ash"),
            (date(2026, 7, 22), "late_5", "ash"),
            (date(2026, 7, 22), "late_5", "elm"),
        ),
        due_on=date(2026, 7, 15),
    ),
    Situation(  # due on Monday 1 June, found late on Tuesday
        Watch.BREACH_CAUSE,
        let_it_be_found_late,
        say_why,
        (
            (date(2026, 6, 9), "due", "ash"),
            (date(2026, 6, 10), "late_1", "elm"),
        ),
    ),
    Situation(  # an arrest on Friday 22 May: until Saturday 22 August, which is Friday's
        Watch.STOOD_INVESTIGATION,
        nothing,
        interview,
        (
            (date(2026, 8, 21), "due", "ash"),
            (date(2026, 8, 28), "late_5", "ash"),
            (date(2026, 8, 28), "late_5", "elm"),
        ),
        due_on=date(2026, 8, 22),
    ),
)
