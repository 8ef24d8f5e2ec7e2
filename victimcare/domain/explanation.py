"""Why this date: an entitlement's deadline told in sentences, with every skipped day and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache

from victimcare.domain.calendar import SkippedDay, WorkingCalendar
from victimcare.domain.code import Clock, Meeting, TimeLimit, Unit
from victimcare.domain.entitlements import Counting, Ending, Entitlement
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.transition import Fate

_UNIT_WORDS = {
    Unit.WORKING_DAYS: "working day",
    Unit.CALENDAR_DAYS: "calendar day",
    Unit.CALENDAR_MONTHS: "calendar month",
}
_ENDING_WORDS = {
    Ending.MET: "It was done on {day}.",
    Ending.SUPERSEDED: "Later news on the same subject took its place on {day}.",
    Ending.DECLINED: "The victim declined it; that ended it on {day}.",
    Ending.NOT_APPLICABLE: "It was found not to apply on {day}.",
    Ending.NOT_SAFE: "It was found not safe to inform the victim on {day}.",
    Ending.GOOD_REASON: "A good reason not to comply was asked for on {day} and agreed.",
    Ending.RECORDED_IN_ERROR: "It was recorded in error: the duty never arose.",
}
_GROUNDS_WORDS = {
    "under_18": "under 18",
    "serious_crime": "victim of the most serious crime",
    "persistently_targeted": "persistently targeted",
    "vulnerable": "vulnerable",
    "intimidated": "intimidated",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=4096)
def in_words(day: date) -> str:
    """A date as people say it: "Friday 22 May 2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def explain(
    entitlement: Entitlement, calendar: WorkingCalendar, *, agency_names: Mapping[str, str] | None = None
) -> str:
    """The deadline in sentences: what started it, who must act within what, what does not count, the source.

    `agency_names` overrides the edition's names of agencies ("Bedfordshire Police").
    """
    names = agency_names or {}
    sentences = (
        _start_sentence(entitlement, names),
        _taken_over_sentence(entitlement),
        _limit_sentence(entitlement, names),
        _skipped_sentence(entitlement, entitlement.counted_by or calendar),
        _due_sentence(entitlement),
        _otherwise_sentence(entitlement),
        _ending_sentence(entitlement, calendar),
        _source_sentence(entitlement),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def agency_name(entitlement: Entitlement, names: Mapping[str, str]) -> str:
    """What the agency that owes the duty is called here."""
    owed_by = entitlement.owed_by
    return names.get(owed_by) or entitlement.edition.agencies.get(owed_by, owed_by)


def _agency_in_sentence(entitlement: Entitlement, names: Mapping[str, str]) -> str:
    name = agency_name(entitlement, names)
    is_proper_name = entitlement.owed_by in names or name.startswith("HM ")
    return name if is_proper_name else f"the {name}"


def _start_sentence(entitlement: Entitlement, names: Mapping[str, str]) -> str:
    kind, on = entitlement.start.current.kind, entitlement.started_on
    started = EVENT_KINDS[kind].sentence
    if entitlement.counting is Counting.NO_EVIDENCE:
        return f"{started}, but the record does not hold the day or the contacts, so nothing can be shown."
    if on is None:
        return f"{started}, but the clock has not started."
    if entitlement.begun_anew:
        return f"{started} on {in_words(entitlement.start.clock_event.happened.on)}."
    if entitlement.rule.recurring:
        if kind is EventKind.CONTACT_MADE:
            return f"The victim was last reached on {in_words(on)}."
        if kind is EventKind.CASE_REOPENED:
            return f"The case was reopened on {in_words(on)}, and the interval agreed before goes on."
        return f"How often to be in touch was agreed with the victim on {in_words(on)}."
    if entitlement.counting is Counting.EXPECTED:
        return f"{started} for {in_words(on)}; its result is expected and not yet confirmed."
    return _clock_sentence(entitlement, started, on, names)


def _clock_sentence(entitlement: Entitlement, started: str, on: date, names: Mapping[str, str]) -> str:
    """Which day is day 0: when it happened, when the court dealt with it, or when the agency had the news."""
    rule = entitlement.rule
    facts = EVENT_KINDS[entitlement.start.current.kind]
    decided_at_court = facts.received and facts.subject in ("hearing", "appeal") and rule.clock is not Clock.RECEIVED
    if decided_at_court or rule.meeting is Meeting.CONFIRMED:
        return f"The court dealt with it on {in_words(on)}."
    says_that_it_came = started.endswith((" came", " received", "from the court"))
    if rule.clock is Clock.RECEIVED and not says_that_it_came:
        return f"{started}; {_agency_in_sentence(entitlement, names)} had the news on {in_words(on)}."
    return f"{started} on {in_words(on)}."


def _taken_over_sentence(entitlement: Entitlement) -> str:
    """What a new edition of the Code did with it, where it began before that."""
    if entitlement.begun_anew:
        return (
            f"The Code asks this since {in_words(entitlement.edition.in_force_from)}, also of what came before: "
            "its clock starts on that day."
        )
    if entitlement.taken_over is None:
        return ""
    _, by, fate, due_before = entitlement.taken_over
    commences = f"A new edition of the Code ({by.id}), in force from {in_words(by.in_force_from)},"
    was = f", and was due {in_words(due_before)}" if due_before else ""
    if not fate.moves:
        return f"It began under the edition before{was}. {commences} asks it no longer."
    counted = "the day the edition commences" if fate is Fate.MOVES_FROM_COMMENCEMENT else "the day it began"
    return f"It began under the edition before{was}. {commences} takes it over; its time is counted from {counted}."


def _limit_sentence(entitlement: Entitlement, names: Mapping[str, str]) -> str:
    if entitlement.due_on is None or entitlement.started_on is None:
        return ""
    who = _agency_in_sentence(entitlement, names)
    limit = entitlement.limit
    if entitlement.rule.limit_from_event is not None or limit is None:
        days = (entitlement.due_on - entitlement.started_on).days
        return _capital(f"{who} agreed to be in touch at least every {days} calendar days.")
    within = f"within {amount_in_words(limit)}{_counted_from(entitlement)}"
    sentence = (
        f"{who} must tell them {within}."
        if _is_telling(entitlement)
        else f"{who} must act {within}: {_act(entitlement)}."
    )
    if entitlement.rule.owed_to == "victim":
        sentence = f"{_tier_held(entitlement)}, so {sentence}"
    return _capital(f"{_whether_it_applies(entitlement)}{_capital(sentence)}")


def _tier_held(entitlement: Entitlement) -> str:
    tier = entitlement.tier
    title = entitlement.edition.tier_title(tier.tier)
    held = f"The victim has {title[0].lower()}{title[1:]}"
    grounds = f" ({_GROUNDS_WORDS.get(tier.grounds, tier.grounds)})" if tier.grounds else ""
    shown = tier.from_on is not None and (tier.grounds or _gained_while_open(entitlement))
    since = f" since {_short(tier.from_on, entitlement.started_on)}" if tier.from_on and shown else ""
    return f"{held}{grounds}{since}"


def _gained_while_open(entitlement: Entitlement) -> bool:
    started_on, from_on = entitlement.started_on, entitlement.tier.from_on
    return started_on is not None and from_on is not None and from_on > started_on


def _counted_from(entitlement: Entitlement) -> str:
    return " of that day" if _gained_while_open(entitlement) else ""


def _whether_it_applies(entitlement: Entitlement) -> str:
    """Names the details that a condition still waits for."""
    if entitlement.counting is not Counting.NOT_YET_KNOWN:
        return ""
    event = entitlement.start.current
    asked = entitlement.rule.condition.detail_names - event.details.keys()
    labels = [detail.label for detail in EVENT_KINDS[event.kind].details if detail.name in asked]
    return f"It is not yet known whether this applies (not recorded: {'; '.join(labels)}). If it does: "


def _is_telling(entitlement: Entitlement) -> bool:
    return entitlement.rule.owed_to == "victim" and EventKind.CONTACT_MADE in entitlement.rule.met_by


def _act(entitlement: Entitlement) -> str:
    """The first sentence of what the rule says, which begins with what is to be done."""
    first = entitlement.rule.says.split(". ")[0].rstrip(".")
    return f"{first[:1].lower()}{first[1:]}"


def amount_in_words(limit: TimeLimit) -> str:
    """How long a limit is, as it is read: "5 working days"."""
    plural = "" if limit.amount == 1 else "s"
    return f"{limit.amount} {_UNIT_WORDS[limit.unit]}{plural}"


def _short(day: date, near: date | None) -> str:
    year = "" if near is not None and near.year == day.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _skipped_sentence(entitlement: Entitlement, calendar: WorkingCalendar) -> str:
    limit = entitlement.limit
    if entitlement.due_on is None or limit is None or limit.unit is not Unit.WORKING_DAYS:
        return ""
    if entitlement.rule.limit_from_event is not None or entitlement.started_on is None:
        return ""
    first = _first_day(entitlement, entitlement.started_on)
    counts_from = max(first, entitlement.tier.from_on or first)
    return _days_that_do_not_count(calendar.skipped_days(counts_from, entitlement.due_on))


def _first_day(entitlement: Entitlement, started_on: date) -> date:
    """Day 0: the day it began, or that on which a new edition took it over and counts anew."""
    over = entitlement.taken_over
    return over.by.in_force_from if over and over.fate is Fate.MOVES_FROM_COMMENCEMENT else started_on


@lru_cache(maxsize=4096)
def _days_that_do_not_count(skipped: tuple[SkippedDay, ...]) -> str:
    words = [_skipped_in_words(day, skipped) for day in skipped]
    if len(words) < 2:
        return f"{words[0]} does not count." if words else ""
    return f"{', '.join(words[:-1])} and {words[-1]} do not count."


def _skipped_in_words(skipped: SkippedDay, among: tuple[SkippedDay, ...]) -> str:
    weekday = _WEEKDAYS[skipped.day.weekday()]
    last_of_month = all(d.day <= skipped.day or d.day.month != skipped.day.month for d in among)
    month = f" {_MONTHS[skipped.day.month - 1]}" if last_of_month else ""
    reason = skipped.reason.replace(" (", ", ").rstrip(")")
    holiday = "" if reason == weekday else f" ({reason})"
    return f"{weekday} {skipped.day.day}{month}{holiday}"


def _due_sentence(entitlement: Entitlement) -> str:
    if entitlement.due_on is None:
        return ""
    provisional = " (provisional: bank holidays for that year are not yet published)" if entitlement.provisional else ""
    return f"Due by the end of {in_words(entitlement.due_on)}{provisional}."


def _otherwise_sentence(entitlement: Entitlement) -> str:
    if entitlement.otherwise_on is None:
        return ""
    return (
        f"By the bank holidays that became known afterwards it would be {in_words(entitlement.otherwise_on)}: "
        "a supervisor decides whether that changes anything."
    )


def ending_in_words(entitlement: Entitlement) -> str:
    """How it ended and on which day, in a sentence; empty while it has not."""
    ended_on = entitlement.ended_on
    if entitlement.ending is None or ended_on is None:
        return ""
    if entitlement.rests:
        return f"The case was closed on {in_words(ended_on)}, and the interval rests while it is closed."
    if entitlement.ended_by is None:
        return f"A new edition of the Code ended it on {in_words(ended_on)}."
    return _ENDING_WORDS[entitlement.ending].format(day=in_words(ended_on))


def _ending_sentence(entitlement: Entitlement, calendar: WorkingCalendar) -> str:
    ended_on = entitlement.ended_on
    if entitlement.ending is None or ended_on is None:
        return _still_to_be_told(entitlement)
    sentence = ending_in_words(entitlement)
    if entitlement.ending is not Ending.MET or not entitlement.late_on(ended_on):
        return sentence
    days_late = entitlement.working_days_late_on(ended_on, calendar)
    return f"{sentence.rstrip('.')}, {days_late} working day{'' if days_late == 1 else 's'} late."


def _still_to_be_told(entitlement: Entitlement) -> str:
    """What is left, once a part of it was told."""
    left = entitlement.outstanding
    if not left or len(left) == len(entitlement.rule.due_tellings(entitlement.start.current.details)):
        return ""
    return f"Still to be told: {'; '.join(f'{t.says[:1].lower()}{t.says[1:]}' for t in left)}."


def _source_sentence(entitlement: Entitlement) -> str:
    rule, edition = entitlement.rule, entitlement.edition
    limit = entitlement.limit
    evidence = max((rule.source.evidence, *((limit.evidence,) if limit else ())), key=_rank)
    start = rule.evidence_of_start(entitlement.start.root.kind)
    if not evidence.verified:
        seen = f"{evidence}, not verified"
    else:
        seen = f"{evidence}" if start.verified else f"{evidence}; of when it starts: {start}, not verified"
    policy = "Agreed with the victim" if rule.policy else f"Right {rule.right}, {edition.right_title(rule.right)}"
    return f"{policy} ({rule.source.cites}; edition {edition.id}). Evidence: {seen}."


@lru_cache(maxsize=64)
def _rank(evidence: StrEnum) -> int:
    return list(type(evidence)).index(evidence)
