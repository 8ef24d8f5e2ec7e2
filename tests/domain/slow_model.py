"""What is owed, worked out a second time: slowly, day by day, straight from the sentences of the architecture.

It shares nothing with victimcare.domain.entitlements but the value types and the edition's data: it groups
corrections, counts working days, asks conditions and walks through the calendar by itself. Where the two disagree one
of them is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tests.domain.slow_journey import NO_HOUR, Story, asks, stories_of
from tests.domain.slow_standing import ONE_DAY, Owed, works
from victimcare.domain.calendar import WorkingCalendar
from victimcare.domain.code import Clock, Edition, LimitFromEvent, Meeting, Rule, TimeLimit, Unit, VictimsCode
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed, Journey, Moment, Precision

REFUSALS = {
    EventKind.DUTY_DECLINED: "declined",
    EventKind.DUTY_NOT_APPLICABLE: "not_applicable",
    EventKind.DUTY_NOT_SAFE: "not_safe",
}


@dataclass
class Duty:
    """A clock that may have started, before anybody asks how it ended."""

    rule: Rule
    edition: Edition
    story: Story
    started_on: date | None
    result: Story | None = None
    days: int | None = None
    stopped: dict[date, str] = field(default_factory=dict)


class SlowModel:
    def __init__(self, journey: Journey, code: VictimsCode, calendar: WorkingCalendar) -> None:
        self.code = code
        self.calendar = calendar
        self.all = stories_of(journey)
        self.living = [story for story in self.all if story.happened]
        self.say_which_hearing()
        self.void = any(story.kind is EventKind.CASE_VOIDED for story in self.living)

    def say_which_hearing(self) -> None:
        """A hearing put off without a word of its kind stays what the last news of it said that it was."""
        of_hearings = (EventKind.HEARING_LISTED, EventKind.HEARING_ADJOURNED)
        for story in sorted(self.all, key=lambda s: s.news):
            details, subject = story.facts.details, story.facts.subject
            if story.kind is EventKind.HEARING_ADJOURNED and subject and "hearing_type" not in details:
                before = [
                    s.facts.details["hearing_type"]
                    for s in sorted(self.living, key=lambda s: s.news)
                    if s.kind in of_hearings and s.facts.subject == subject and s.news < story.news
                    if "hearing_type" in s.facts.details
                ]
                for version in list(story.told) if before else []:
                    said = replace(version, details={"hearing_type": before[-1], **version.details})
                    story.told[story.told.index(version)] = said
                story.facts = story.told[-1]

    def owed(self) -> dict[tuple[str, str], Owed]:
        duties = list(self.duties())
        return {(duty.rule.id, duty.story.key): self.outcome(duty) for duty in duties}

    # ------------------------------------------------------------------------------------------- which clocks start

    def duties(self) -> Iterator[Duty]:
        for edition in self.code.editions:
            for rule in edition.rules:
                ways = {Meeting.NAMED: self.plain, Meeting.CONFIRMED: self.between, Meeting.ANY_CONTACT: self.turns}
                for duty in ways[rule.meeting](rule, edition):
                    if in_force(edition, duty.started_on or duty.story.clock.happened.on):
                        yield duty

    def plain(self, rule: Rule, edition: Edition) -> Iterator[Duty]:
        for story in self.all:
            if story.kind in rule.starts_on and ever_applied(rule, story):
                yield Duty(rule, edition, story, clock_day(rule, story))

    def between(self, rule: Rule, edition: Edition) -> Iterator[Duty]:
        confirmed: dict[str, Story] = {}
        results = [story for story in self.living if story.kind in rule.confirmed_by]
        for result in sorted(results, key=lambda r: (r.facts.received is None, r.news)):
            listing = self.listing_of(rule, result)
            if listing and listing.key not in confirmed:
                confirmed[listing.key] = result
        for story in self.all:
            if story.kind in rule.confirmed_by and story not in confirmed.values():
                yield Duty(rule, edition, story, story.clock.happened.on, story)
            elif story.kind in rule.starts_on and ever_applied(rule, story):
                result_of = confirmed.get(story.key)
                on = result_of.clock.happened.on if result_of else clock_day(rule, story)
                yield Duty(rule, edition, story, on, result_of)

    def listing_of(self, rule: Rule, result: Story) -> Story | None:
        found = None
        for story in sorted(self.living, key=lambda story: story.news):
            same = result.facts.subject is not None and story.facts.subject == result.facts.subject
            if same and story.kind in rule.starts_on and story.on <= result.on:
                found = story if asks(rule.condition, story.facts.details) is not False else found
        return found

    def turns(self, rule: Rule, edition: Edition) -> Iterator[Duty]:
        agreements = [s for s in self.living if s.kind.startswith("contact_interval_")]
        contacts = [s for s in self.living if s.kind is EventKind.CONTACT_MADE]
        turns = [s for s in self.living if s.kind in (EventKind.CASE_CLOSED, EventKind.CASE_REOPENED)]
        reopened = [s for s in turns if self.closed(turns, s.on - ONE_DAY) and not self.closed(turns, s.on)]
        for day in sorted({story.on for story in (*agreements, *contacts, *reopened)}):
            if self.closed(turns, day):
                continue
            latest = [story for story in agreements if story.on <= day][-1:]
            if not latest or latest[0].kind is EventKind.CONTACT_INTERVAL_ENDED:
                continue
            agreed_today = [s for s in agreements if s.on == day and s.kind is EventKind.CONTACT_INTERVAL_AGREED]
            begun = [s for s in self.living if s in contacts or s in reopened or s in agreements]
            story = agreed_today[-1] if agreed_today else next(s for s in begun if s.on == day)
            after = [s for s in agreements if s.on > day][:1]
            ended = {s.on: "declined" if s.kind is EventKind.CONTACT_INTERVAL_ENDED else "superseded" for s in after}
            shut = [s for s in turns if s.kind is EventKind.CASE_CLOSED and s.on > day and self.closed(turns, s.on)][:1]
            if shut and (not after or shut[0].on < after[0].on):
                ended = {shut[0].on: "not_applicable"}
            assert isinstance(rule.limit_from_event, LimitFromEvent)
            days = int(str(latest[0].facts.details[rule.limit_from_event.field]))
            yield Duty(rule, edition, story, day, days=days, stopped=ended)

    def closed(self, turns: list[Story], day: date) -> bool:
        """Whether the case is closed at the end of the day; reopened at no known hour, it is open."""
        today = [s for s in turns if s.on == max((t.on for t in turns if t.on <= day), default=None)]
        if any(s.kind is EventKind.CASE_REOPENED and s.facts.happened.at is None for s in today):
            return False
        hours = [(s.facts.happened.at, s.kind is EventKind.CASE_REOPENED) for s in today if s.facts.happened.at]
        return bool(today) and not (hours and max(hours)[1])

    # -------------------------------------------------------------------------------------------- how each one goes

    def outcome(self, duty: Duty) -> Owed:
        rule, story, start = duty.rule, duty.story, duty.started_on
        counting = self.counting(duty)
        no_longer = rule.meeting is not Meeting.ANY_CONTACT and story.kind in rule.starts_on
        no_longer = no_longer and asks(rule.condition, story.facts.details) is False
        in_error = self.void or not story.happened or no_longer
        due: date | None = None
        tier = self.tier_on(duty.edition, start or story.clock.happened.on)[0]
        endings: frozenset[str] = frozenset()
        ended_on: date | None = None
        for day in self.every_day(duty):
            if start and day >= start and counting != "no_evidence":
                candidate, held = self.due_by(duty, day)
                if due is None or candidate < due:
                    due, tier = candidate, held
            if ended_on is None:
                endings = self.endings_on(duty, day, due, in_error)
                ended_on = day if endings else None
            if ended_on and (start is None or day >= start):
                break
        told = {telling for answer in self.answers(duty) for telling in answer[1].told}
        return Owed(
            rule.id, story.key, self.owed_by(rule, story), counting, start, due, tier,
            due is not None and due > self.calendar.known_until, endings, ended_on,
            frozenset() if in_error else frozenset(self.tellings(duty) - told),
        )  # fmt: skip

    def every_day(self, duty: Duty) -> Iterator[date]:
        days = {story.on for story in self.living} | {story.news[0] for story in self.living}
        days |= {s.facts.received.on for s in self.living if s.facts.received}
        days |= {duty.story.clock.happened.on, duty.started_on or duty.story.on}
        days |= {u for s in self.living if isinstance(u := s.facts.details.get("until_on"), date)}
        day = min(days)
        while day <= max(days):
            yield day
            day += ONE_DAY

    def counting(self, duty: Duty) -> str:
        if duty.started_on is None:
            return "not_started"
        for story in (duty.story, duty.result):
            if story and not proves_something(duty.rule, story):
                return "no_evidence"
        if duty.rule.meeting is Meeting.CONFIRMED:
            return "counted" if duty.result else "expected"
        return "not_yet_known" if asks(duty.rule.condition, duty.story.facts.details) is None else "counted"

    def tier_on(self, edition: Edition, day: date) -> tuple[str, date | None]:
        default = next(tier.id for tier in edition.tiers if tier.default)
        held: tuple[str, date | None] = (default, None)
        assessed = [s for s in self.living if s.kind is EventKind.NEEDS_ASSESSED and s.on <= day]
        # Of two of one moment the one that gives more is taken for the later.
        more = {s.key: s.facts.details["tier"] != default for s in assessed}
        for story in sorted(assessed, key=lambda s: (s.on, str(s.facts.happened.at or ""), more[s.key])):
            held = str(story.facts.details["tier"]), story.on
            until = story.facts.details.get("until_on")
            if isinstance(until, date) and until <= day:
                held = default, max(until, story.on)
        return held

    def due_by(self, duty: Duty, day: date) -> tuple[date, str]:
        """The last day for the tier held on `day`, counted from the start or, if later, from its assessment."""
        assert duty.started_on
        tier, since = self.tier_on(duty.edition, day)
        if duty.days is not None:
            return duty.started_on + duty.days * ONE_DAY, self.tier_on(duty.edition, duty.started_on)[0]
        default = next(tier.id for tier in duty.edition.tiers if tier.default)
        limit = duty.rule.limits.get(tier) or duty.rule.limits[default]
        return self.add(max(duty.started_on, since or duty.started_on), limit), tier

    def add(self, day: date, limit: TimeLimit) -> date:
        if limit.unit is Unit.CALENDAR_MONTHS:
            months = day.year * 12 + day.month - 1 + limit.amount
            for last in range(day.day, 0, -1):
                try:
                    return date(months // 12, months % 12 + 1, last)
                except ValueError:
                    continue
        left = limit.amount
        while left:
            day += ONE_DAY
            left -= 1 if limit.unit is Unit.CALENDAR_DAYS or works(self.calendar, day) else 0
        return day

    # ----------------------------------------------------------------------------------------------- how duties end

    def endings_on(self, duty: Duty, day: date, due: date | None, in_error: bool) -> frozenset[str]:
        """How it ends on `day`, if it was open until then; being met comes before all else."""
        if in_error:
            return frozenset({"recorded_in_error"} if day == duty.story.clock.happened.on else ())
        if self.met_on(duty, day):
            return frozenset({"met"})
        in_time = due is None or day <= due
        named = [(story, kind) for story, kind, _, moment in self.named(duty) if moment.on == day]
        endings = {REFUSALS[kind] for _, kind in named if kind in REFUSALS}
        if in_time and duty.stopped.get(day):
            endings.add(duty.stopped[day])
        if in_time and self.good_reason_asked_on(duty) == day:
            endings.add("good_reason")
        if (in_time or duty.rule.clock is Clock.HEARING) and self.later_news_on(duty, day):
            endings.add("superseded")
        if self.declines_on(duty, day, in_time=in_time) or self.says_no_on(duty, day):
            endings.add("declined")
        return frozenset(endings)

    def met_on(self, duty: Duty, day: date) -> bool:
        if duty.rule.meeting is Meeting.CONFIRMED and duty.result and duty.result.facts.received:
            return duty.result.facts.received.on == day
        if duty.rule.meeting is Meeting.ANY_CONTACT:
            reached = duty.started_on is not None and day > duty.started_on
            return reached and any(s.kind is EventKind.CONTACT_MADE and s.on == day for s in self.living)
        answers = [named for on, named in self.answers(duty) if on <= day]
        told = {telling for named in answers for telling in named.told}
        return bool(answers) and self.tellings(duty) <= told

    def named(self, duty: Duty) -> Iterator[tuple[Story, EventKind, DutyNamed, Moment]]:
        """Everything that names this duty as it is now known; a contact linked afterwards counts as itself."""
        for story in self.living:
            kind, moment = story.kind, story.facts.happened
            if kind is EventKind.ALSO_ANSWERED:
                linked = story.facts.details.get("contact")
                contact = next((s for s in self.living if linked in {v.key for v in s.versions}), None)
                if contact is None:
                    continue
                kind, moment = contact.kind, contact.facts.happened
            for named in story.facts.duties:
                if named.rule == duty.rule.id and named.start in duty.story.true_news:
                    yield story, kind, named, moment

    def answers(self, duty: Duty) -> list[tuple[date, DutyNamed]]:
        return [(moment.on, named) for _, kind, named, moment in self.named(duty) if kind in duty.rule.met_by]

    def tellings(self, duty: Duty) -> set[str]:
        return {t.id for t in duty.rule.must_tell if asks(t.condition, duty.story.facts.details) is True}

    def good_reason_asked_on(self, duty: Duty) -> date | None:
        """The day of the request that was agreed. Only a refusal makes room for another request."""
        refused, agreed = EventKind.GOOD_REASON_REFUSED, EventKind.GOOD_REASON_AGREED
        steps = sorted(
            (moment.on, kind in (refused, agreed), moment.at or NO_HOUR, kind is refused, story.key, kind)
            for story, kind, _, moment in self.named(duty)
            if kind in (EventKind.GOOD_REASON_REQUESTED, refused, agreed)
        )
        asked_on, state = None, "never asked"
        for on, *_, kind in steps:
            if kind is EventKind.GOOD_REASON_REQUESTED and state in ("never asked", refused):
                asked_on, state = on, "asked"
            elif kind in (refused, agreed) and state != "never asked":
                state = kind
        return asked_on if state == agreed else None

    def later_news_on(self, duty: Duty, day: date) -> bool:
        own = duty.story
        return own.facts.subject is not None and duty.result is None and any(
            later.kind in duty.rule.superseded_by
            and later.facts.subject == own.facts.subject
            and later.news > own.news
            and later.news[0] == day
            for later in self.living
        )  # fmt: skip

    def declines_on(self, duty: Duty, day: date, *, in_time: bool) -> bool:
        start = duty.started_on
        if start is None or day < start or duty.rule.owed_to != "victim":
            return False
        choices = [s for s in self.living if s.kind in (EventKind.OPTED_OUT, EventKind.OPTED_IN)]
        choices.sort(key=lambda s: (s.on, s.when[1], s.kind is EventKind.OPTED_IN, s.key))
        scopes = ("all", f"right:{duty.rule.right}", f"rule:{duty.rule.id}")
        about = [s for s in choices if s.facts.details["scope"] in scopes]
        if day == start:
            return [s.kind for s in about if s.on <= day][-1:] == [EventKind.OPTED_OUT]
        return in_time and any(s.on == day and s.kind is EventKind.OPTED_OUT for s in about)

    def says_no_on(self, duty: Duty, day: date) -> bool:
        began = duty.started_on is not None and day >= duty.started_on
        return began and any(s.kind in duty.rule.declined_by and s.on == day for s in self.living)

    def owed_by(self, rule: Rule, story: Story) -> str:
        for condition, agency in rule.owed_by.cases:
            if asks(condition, story.facts.details):
                return agency
        return str(story.facts.details.get(rule.owed_by.field or "") or rule.owed_by.otherwise)


def in_force(edition: Edition, day: date) -> bool:
    return edition.in_force_from <= day and (edition.in_force_to is None or day < edition.in_force_to)


def ever_applied(rule: Rule, story: Story) -> bool:
    """A duty that once was shown stands, even where a correction says that it never arose."""
    return any(asks(rule.condition, version.details) is not False for version in story.told)


def clock_day(rule: Rule, story: Story) -> date | None:
    if rule.clock is Clock.HEARING:
        hearing_on = story.facts.details.get("hearing_on")
        return hearing_on if isinstance(hearing_on, date) else None
    moment = story.clock.happened if rule.clock is Clock.HAPPENED else story.clock.received
    return moment.on if moment else None


def proves_something(rule: Rule, story: Story) -> bool:
    moment = story.clock.received if rule.clock is Clock.RECEIVED and story.clock.received else story.clock.happened
    return story.clock.contacts_recorded and moment.precision is not Precision.MONTH
