"""A board's figures counted a second time: slowly, thing by thing, from lists of what happened in each case.

It shares with the service what a duty is (`assess`, which has a slow model of its own) and the words of codes, and
nothing that counts: it groups corrections, follows officers, referrals and stages, and ranks days by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from tests.domain.random_journeys import CALENDAR, CODE, TODAYS
from tests.domain.slow_journey import Story, stories_of
from tests.domain.slow_standing import works
from tests.domain.test_compliance import column_of
from tests.queries.small_worlds import SURVEY, InventedCase
from victimcare.domain.calendar import london_date
from victimcare.domain.counted import STEPS_COUNTED
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Precision
from victimcare.domain.quarter import Quarter
from victimcare.domain.stage_line import STAGES

Figure = tuple[Hashable, ...]
"""Which number: of what, in which table, in which line, in which column."""
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
ANSWERED = ("met", "met_late")
LATE = ("met_late", "open", "late_then_ended")
ON_THE_WAY = ("referred", "accepted", "contacted", "started")
STEP_AFTER = {
    "referral_received": ("sent",),
    "referral_accepted": ("sent", "received"),
    "referral_refused": ("sent", "received", "accepted", "contacted"),
    "support_contacted": ("accepted",),
    "support_started": ("accepted", "contacted"),
    "support_ended": ("contacted", "started"),
}
"""What a referral must have come to, for each of these to be said of it."""


@dataclass(frozen=True)
class Thing:
    """Something that counts on a day: in one column, in each of its tables in one line, with the days it took."""

    of: str
    on: date
    column: str
    lines: tuple[tuple[Hashable, str], ...]
    took: int | None = None


def counted(world: list[InventedCase], from_on: date, until_on: date, *, tells_days: bool) -> dict[Figure, int]:
    """Every number that is not 0 of what belongs to these days; "" is the line of all of a table."""
    numbers: Counter[Figure] = Counter()
    took: defaultdict[Figure, list[int]] = defaultdict(list)
    for thing in things(world):
        if from_on <= thing.on < until_on:
            for table, line in thing.lines:
                for place in (line, ""):
                    numbers[thing.of, table, place, thing.column] += 1
                    if thing.took is not None:
                        took[thing.of, table, place].append(thing.took)
    if tells_days:
        for figure, days in took.items():
            numbers |= {(*figure, name): rank for name, rank in ranked(days) if rank}
    return dict(numbers)


def ranked(days: list[int]) -> Iterator[tuple[str, int]]:
    """The median of two or more, and nine in ten of ten or more, by nearest rank."""
    in_order = sorted(days)
    if len(in_order) >= 2:
        yield "median", in_order[ceil(len(in_order) / 2) - 1]
    if len(in_order) >= 10:
        yield "nine in ten", in_order[ceil(len(in_order) * 0.9) - 1]


def things(world: list[InventedCase]) -> Iterator[Thing]:
    """Everything that counts anywhere, once."""
    yield from checks(world)
    for case in world:
        told = _Told(case)
        yield from told.duties()
        if not told.is_void:
            yield told.victim()
            yield told.asked()
            yield from told.gaps()
            yield from told.steps()
            yield from told.stages()
            yield from told.closing()


class _Told:
    """One case, read."""

    def __init__(self, case: InventedCase) -> None:
        self.case, self.journey = case, case.journey
        self.stories = [story for story in stories_of(case.journey) if story.happened]
        self.is_void = any(story.kind is EventKind.CASE_VOIDED for story in self.stories)
        in_turn = [event for event in case.journey.events if event.kind is EventKind.OFFICER_ASSIGNED]
        self.officers = sorted(in_turn, key=lambda event: (event.recorded_at, event.key))

    def days_of(self, *kinds: EventKind) -> list[date]:
        return [story.on for story in self.stories if story.kind in kinds]

    # ------------------------------------------------------------------------------------------------------ duties

    def duties(self) -> Iterator[Thing]:
        for owed in assess(self.journey, CODE, CALENDAR):
            if not owed.rule.policy:
                yield self.duty(owed)
                yield from self.behind(owed)

    def duty(self, owed: Entitlement) -> Thing:
        on, agency, column = belongs_to(owed), agency_of(owed), str(column_of(owed))
        right = str(owed.rule.right)
        lines: list[tuple[Hashable, str]] = [
            ((agency, "right", None), right),
            ((agency, "rule", right), owed.rule.id),
            ((agency, "month", None), f"{on:%Y-%m}"),
            ((agency, "area", None), self.case.area),
            ((agency, "crime-type", None), self.case.crime_type),
            ((agency, "tier", None), owed.tier.tier),
        ]
        if agency == "police":
            lines.append(((agency, "team", None), self.team_on(on)))
        answered = column in ANSWERED and owed.started_on and owed.ended_on
        took = working_days(owed.started_on, owed.ended_on) if answered else None  # type: ignore[arg-type]
        return Thing("duties", on, column, tuple(lines), took)

    def behind(self, owed: Entitlement) -> Iterator[Thing]:
        """Of a late duty why, and whether somebody tried; of one that was met in time when that was recorded."""
        on, agency, column = belongs_to(owed), agency_of(owed), column_of(owed)
        if column in LATE:
            lines = (((agency, "cause", None), self.cause(owed)), ((agency, "tried", None), self.tried(owed)))
            yield Thing("behind", on, "all", lines)
        if column == "met":
            yield Thing("behind", on, "all", (((agency, "recorded", None), self.recorded(owed)),))
        if column not in (*LATE, "met"):
            was_late = owed.due_on and (owed.rule.id, owed.start.key) in self.case.overturned
            line = "was_late" if was_late else "never_late"
            yield Thing("behind", on, "all", (((agency, "overturned", None), line),))

    def team_on(self, day: date) -> str:
        held = [event for event in self.officers if event.happened.on <= day] or self.officers[:1]
        return str(held[-1].details["team"])

    def cause(self, owed: Entitlement) -> str:
        assert owed.due_on
        if (owed.rule.id, owed.start.key) not in self.case.found_late:
            return "none"
        unsaid = "recorded_late" if owed.known_on > owed.due_on else None
        return self.case.causes.get((owed.rule.id, owed.start.key), unsaid) or "none"

    def tried(self, owed: Entitlement) -> str:
        assert owed.due_on
        days = self.days_of(EventKind.CONTACT_ATTEMPTED)
        in_time = [on for on in days if owed.started_on and owed.started_on <= on <= owed.due_on]
        return "in_time" if in_time else "not_in_time"

    def recorded(self, owed: Entitlement) -> str:
        if (owed.rule.id, owed.start.key) in self.case.overturned:
            return "after_a_breach"
        ended = [event for event in self.journey.events if event.key == owed.ended_by]
        late = [event for event in ended if owed.due_on and london_date(event.recorded_at) > owed.due_on]
        return "afterwards" if late else "by_its_day"

    # ----------------------------------------------------------------------------------------------------- victims

    def victim(self) -> Thing:
        on = self.opened_on()
        answers = {name: told(*answer) for name, answer in self.case.characteristics.items()}
        lines = {
            "month": f"{on:%Y-%m}",
            "area": self.case.area,
            "crime-type": self.case.crime_type,
            "team": str(self.officers[-1].details["team"]),
            **{name: answers.get(name, "not_asked") for name in CHARACTERISTICS},
        }
        return Thing("victims", on, self.support(), tuple(lines.items()))

    def opened_on(self) -> date:
        return self.case.opened_on or min(event.happened.on for event in self.journey.events)

    def asked(self) -> Thing:
        of = self.victim()
        answers = [answer for name, answer in of.lines if name in CHARACTERISTICS]
        missing = answers.count("not_asked")
        line = "all" if missing == 0 else "none" if missing == len(answers) else "some"
        return Thing("asked", of.on, "all", ((None, line), (dict(of.lines)["team"], line)))

    def support(self) -> str:
        reported = [event for event in self.journey.events if event.kind is EventKind.CRIME_REPORTED]
        if any(not event.contacts_recorded for event in reported):
            return "no_evidence"
        came, answer, offered = _support(self.stories)
        for step in ("started", "contacted", "accepted"):
            if step in came:
                return step
        if "sent" in came:
            return "referred"
        return answer or ("offered" if offered else "not_offered")

    def gaps(self) -> Iterator[Thing]:
        found = [story for story in self.stories if story.kind is EventKind.NO_SERVICE_FITS]
        once = {(Quarter.of(story.on), str(story.facts.details["need"])) for story in found}
        for quarter, need in once:
            yield Thing("gaps", quarter.from_on, "gaps", (("need", need), ("area", self.case.area)))

    # ---------------------------------------------------------------------------------------------------- journeys

    def steps(self) -> Iterator[Thing]:
        once = {(Quarter.of(s.on), self.step(s)) for s in self.stories if s.kind in STEPS_COUNTED}
        for quarter, step in once:
            yield Thing("steps", quarter.from_on, "steps", (("kind", step),))

    def step(self, story: Story) -> str:
        decided = story.kind in (EventKind.REVIEW_DECIDED, EventKind.SPECIAL_MEASURES_DECIDED)
        result = story.facts.details.get("result") if decided else None
        return f"{story.kind}:{result}" if result else str(story.kind)

    def stages(self) -> Iterator[Thing]:
        before: date | None = None
        for name, kinds in STAGES.items():
            known = [
                s.on for s in self.stories if s.kind in kinds and s.facts.happened.precision is not Precision.MONTH
            ]
            if known and (before is None or min(known) >= before):
                if before is not None:
                    took = (min(known) - before).days
                    yield Thing("stages", min(known), "stages", (("kind", name.lower().replace(" ", "_")),), took)
                before = min(known)

    def last_of(self, ends: EventKind, resumes: EventKind, stories: list[Story]) -> Story | None:
        """Whichever of the two came last; of one day without an hour, the one that resumes."""
        turns = [s for s in stories if s.kind in (ends, resumes)]

        def in_order(story: Story) -> tuple[date, datetime, bool]:
            at = story.facts.happened.at or end_or_beginning(story, resumes)
            return story.on, at, story.kind is resumes

        return max(turns, key=in_order, default=None)

    def silent_for(self, until_on: date) -> int | None:
        """For how many days by the end of the day before."""
        by_then = [story for story in self.stories if story.on < until_on]
        if not by_then or self.is_void:
            return None
        turn = self.last_of(EventKind.CASE_CLOSED, EventKind.CASE_REOPENED, by_then)
        of_all = [s for s in by_then if s.facts.details.get("scope") == "all"]
        choice = self.last_of(EventKind.OPTED_OUT, EventKind.OPTED_IN, of_all)
        if (turn and turn.kind is EventKind.CASE_CLOSED) or (choice and choice.kind is EventKind.OPTED_OUT):
            return None
        reached = [story.on for story in by_then if story.kind is EventKind.CONTACT_MADE]
        if not reached and any(not event.contacts_recorded for event in self.journey.events):
            return None
        opened_on = self.opened_on()
        return (until_on - timedelta(days=1) - max(reached, default=opened_on)).days

    def closing(self) -> Iterator[Thing]:
        turn = self.last_of(EventKind.CASE_CLOSED, EventKind.CASE_REOPENED, self.stories)
        if turn and turn.kind is EventKind.CASE_CLOSED:
            officers = len({event.details["officer"] for event in self.officers})
            yield Thing("continuity", turn.on, "continuity", (("officers", str(officers) if officers < 4 else "4+"),))


def silences(world: list[InventedCase], until_on: date) -> Counter[str]:
    """The cases open on the day before, by how long nothing had reached their victims."""
    days = [days for case in world if (days := _Told(case).silent_for(until_on)) is not None]
    return Counter(next((str(weeks) for weeks in (4, 8, 12) if day <= 7 * weeks), "longer") for day in days)


def checks(world: list[InventedCase]) -> Iterator[Thing]:
    """Each case that was looked at; a question that was asked of others in the quarter only, was not asked of it."""
    looked_at = [
        (date.fromisoformat(f"{month}-01"), found) for case in world for (month, _), found in case.found.items()
    ]
    for on, found in looked_at:
        questions = {question for other, said in looked_at if Quarter.of(other) == Quarter.of(on) for question in said}
        lines = tuple((question, str(found.get(question, "not_asked"))) for question in questions)
        yield Thing("quality", on, "quality", lines)


def belongs_to(owed: Entitlement) -> date:
    """The day of a duty, or the one on which its clock started, or the news came that may start it."""
    return owed.due_on or owed.started_on or owed.start.current.happened.on


def agency_of(owed: Entitlement) -> str:
    """Who owes it; whoever no edition names is somebody else."""
    return owed.owed_by if owed.owed_by in TODAYS.agencies else "other"


CHARACTERISTICS = ("age", "disability", "ethnic_group", "gender_identity", "marital_status", "pregnancy", "religion",
                   "sex", "sexual_orientation")  # fmt: skip


def told(answer: str, category: str | None) -> str:
    """What a victim answered, as a line names it."""
    return (category or "own_words") if answer == "recorded" else answer


def end_or_beginning(story: Story, resumes: EventKind) -> datetime:
    """Of a day without an hour: reopened at its end, closed at its beginning, so that nobody is forgotten."""
    day = LAST_DAY if story.kind is resumes else FIRST_DAY
    return datetime.combine(day, time(), UTC)


def working_days(from_on: date, until_on: date) -> int:
    """The working days after the first day, up to the last and with it."""
    days = (from_on + timedelta(days=n) for n in range(1, (until_on - from_on).days + 1))
    return sum(works(CALENDAR, day) for day in days)


def _support(stories: list[Story]) -> tuple[set[str], str, bool]:
    """Every step that any referral came to, what the victim said last, and whether they were offered anything."""
    referrals: list[dict[str, object]] = []
    came: set[str] = set()
    said_no: set[str] = set()
    answer, offered = "", False
    for story in sorted(stories, key=_as_told):
        kind, service = str(story.kind), story.facts.subject or ""
        of_referral = story.facts.details.get("scope", "all") in ("all", "right:4", "rule:R4-REF")
        if kind == "referral_offered":
            offered = True
        elif kind in ("referral_consented", "referral_declined"):
            answer = "agreed" if kind == "referral_consented" else "declined"
        if of_referral and kind in ("referral_consented", "opted_in"):
            said_no.discard({"referral_consented": "referral_declined", "opted_in": "opted_out"}[kind])
        elif of_referral and kind in ("referral_declined", "opted_out"):
            said_no.add(kind)
            for referral in referrals:
                referral["left"] = True
        elif kind == "referral_sent":
            referrals.append({"service": service, "at": "sent", "left": bool(said_no)})
            came.add("sent")
        elif kind in STEP_AFTER:
            able = [r for r in referrals if r["service"] == service and r["at"] in STEP_AFTER[kind]]
            for referral in sorted(able, key=lambda r: bool(r["left"]))[:1]:
                referral["at"] = kind.split("_")[1]
                came.add(kind.split("_")[1])
    return came, answer, offered


def _as_told(story: Story) -> tuple[date, datetime, datetime, str]:
    """Of one day and no known hour, as they were first recorded."""
    recorded_at = story.versions[0].recorded_at
    return story.on, story.facts.happened.at or recorded_at, recorded_at, story.key


# ----------------------------------------------------------------------------------------------------------- feedback


def heard(world: list[InventedCase], quarter: Quarter, by: str) -> dict[str, Counter[Figure]]:
    """By group of victims who were asked in the quarter: how many were asked, answered, and said what."""
    groups: defaultdict[str, Counter[Figure]] = defaultdict(Counter)
    for asked in (asked for case in world for asked in case.asked):
        if asked.asked_on and Quarter.of(asked.asked_on) == quarter:
            group = groups[str(asked.asked_on.month) if by == "month" else getattr(asked, by)]
            group["asked",] += 1
            if asked.answers:
                group["answered",] += 1
                group.update(asked.answers.items())
    return groups


def themes(world: list[InventedCase], quarter: Quarter) -> tuple[int, Counter[str]]:
    """How many words of victims who were asked in the quarter were read in time, and how many were about what."""
    shown_at = datetime.combine(SURVEY.shown_from(quarter), time(), UTC) - timedelta(hours=1)
    read = [
        asked
        for asked in (asked for case in world for asked in case.asked)
        if asked.asked_on and Quarter.of(asked.asked_on) == quarter and asked.read_at and asked.read_at < shown_at
    ]
    return len(read), Counter(theme for asked in read for theme in asked.themes)
