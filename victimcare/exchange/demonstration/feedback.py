"""What victims of the demonstration answered when they were asked how it was for them; all of it is invented.

Whom it was asked of follows from the journeys, and what they answered from the case's reference, so that the journeys
stay those of the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import Connection, select

from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.feedback import NUMBER_LENGTH, Asked, FeedbackAnswer, due_to_ask, number_of
from victimcare.domain.hearing_choices import wants_nothing
from victimcare.domain.people import Role
from victimcare.domain.safe_contact import Safety
from victimcare.domain.victim import is_under_18
from victimcare.editions.feedback import published_survey
from victimcare.exchange.demonstration.victims import InventedVictim
from victimcare.store import feedback
from victimcare.store.cases import StoredCase
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.feedback import NewRequest
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault

_CHANNELS = {"address": "letter", "email": "email", "phone": "phone"}
_ASKED, _ANSWERED, _NO_MORE, _IN_WORDS = 0.8, 0.42, 0.05, 0.4
_ASKED_EVERY_DAYS = 20
_READ_AFTER = timedelta(days=15)
_WEIGHTS = {
    "kept_informed": (40, 30, 25, 5),
    "plain_words": (60, 25, 10, 5),
    "respect": (75, 14, 6, 5),
    "next_step": (38, 27, 30, 5),
}
_OTHERWISE = (50, 25, 20, 5)
_SAID: Sequence[tuple[str, tuple[str, ...]]] = (
    ("I heard nothing for six weeks and had to ring myself.", ("silence",)),
    ("Nobody told me that the day of the hearing had changed.", ("silence", "court_wait")),
    ("I had to tell the whole story three times to three people.", ("repeating",)),
    ("The letter was full of words that I had to look up.", ("unclear",)),
    ("I do not think that they took it seriously at first.", ("not_believed",)),
    ("I am still afraid to go out in the evening.", ("safety",)),
    ("I was offered somebody to talk to, but not at a time when I can.", ("support",)),
    ("The officer was kind and always rang when she said she would.", ("thanks",)),
    ("Thank you for explaining it so patiently.", ("thanks",)),
    ("The waiting room at court was awful.", ("court_wait",)),
)


def hear_victims(
    connection: Connection,
    stored: Sequence[tuple[StoredCase, Sequence[NewContactPoint]]],
    victims: Mapping[str, InventedVictim],
    *,
    at: datetime,
    vault: Vault,
) -> None:
    """Ask the victims of these cases, which are stored with their contact points, as of `at`."""
    supervisors = _supervisors(connection)
    for case, points in stored:
        safe = [p.point for p in points if p.suspect is None and p.point.safety is Safety.SAFE]
        channel = next((_CHANNELS[p.kind.value] for p in safe if p.kind.value in _CHANNELS), None)
        by = supervisors.get(case.holder.team_id)
        if channel is None or by is None or wants_nothing(case.case.journey.chains().values()):
            continue
        chance = Random(f"feedback {case.case.ref}")  # noqa: S311 - the same case must get the same answers
        for asked in _asked(case, victims[case.case.ref].born_on, chance, london_date(at)):
            _ask(connection, case, asked, channel, chance, by=by, at=at, vault=vault)


def _supervisors(connection: Connection) -> dict[str, str]:
    wanted = select(PEOPLE.c.team_id, PEOPLE.c.id).where(PEOPLE.c.role == Role.SUPERVISOR.value)
    return {row.team_id: row.id for row in connection.execute(wanted.order_by(PEOPLE.c.id))}


def _asked(case: StoredCase, born_on: date, chance: Random, today: date) -> Iterator[Asked]:
    """When they were asked of what, on days on which a supervisor looked."""
    chains = list(case.case.journey.chains().values())
    if not chains or any(chain.current.kind is EventKind.CASE_VOIDED for chain in chains):
        return
    begun = min(chain.current.happened.on for chain in chains)
    closed = [chain.current.happened.on for chain in chains if chain.current.kind is EventKind.CASE_CLOSED]
    until, before = min([today, *closed]), list[Asked]()
    day = begun + timedelta(days=chance.randrange(_ASKED_EVERY_DAYS))
    while day < until:
        happened = [chain for chain in chains if chain.current.happened.on <= day]
        due = due_to_ask(happened, before, survey=published_survey(), today=day)
        if due is not None and not is_under_18(born_on, day) and chance.random() < _ASKED:
            before.append(Asked(due.point.code, day))
            yield before[-1]
        day += timedelta(days=_ASKED_EVERY_DAYS)


def _ask(
    connection: Connection,
    case: StoredCase,
    asked: Asked,
    channel: str,
    chance: Random,
    *,
    by: str,
    at: datetime,
    vault: Vault,
) -> None:
    new = NewRequest(
        case_id=case.id,
        number=number_of(chance.randbytes(NUMBER_LENGTH)),
        point=asked.point,
        channel=channel,
        message_id=None,
        team_id=case.holder.team_id,
        area=case.case.area,
        asked_on=asked.on,
    )
    written_at = datetime.combine(asked.on, time(10), UTC)
    request_id = feedback.add(connection, new, by=by, at=written_at)
    answered_at = written_at + timedelta(days=chance.randint(1, published_survey().answers_for - 1), hours=3)
    answers, drawn = _answers(chance), chance.random()
    said, themes = chance.choice(_SAID)
    in_words = chance.random() < _IN_WORDS
    if answered_at >= at or drawn > _ANSWERED + _NO_MORE:
        return
    if drawn > _ANSWERED:
        feedback.end(connection, request_id, ended_as="declined", by=by, at=answered_at)
        feedback.opt_out(connection, case.id, by=by, at=answered_at)
        return
    feedback.end(connection, request_id, ended_as="answered", by=by, at=answered_at)
    feedback.keep_answers(connection, request_id, answers)
    if in_words:
        feedback.keep_words(connection, request_id, said, contains_location=False, vault=vault)
        if answered_at + _READ_AFTER < at:
            feedback.note_read(connection, request_id, themes, by=by, at=answered_at + _READ_AFTER)


def _answers(chance: Random) -> dict[str, FeedbackAnswer]:
    codes = [question.code for question in published_survey().questions]
    return {code: chance.choices(list(FeedbackAnswer), _WEIGHTS.get(code, _OTHERWISE))[0] for code in codes}
