"""Why this date: an entitlement's deadline told in sentences, with every skipped day and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from victimcare.domain.calendar import SkippedDay, WorkingCalendar
from victimcare.domain.code import Clock, Meeting, TimeLimit, Unit
from victimcare.domain.entitlements import Counting, Ending, Entitlement
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind

_UNIT_WORDS = {
    Unit.WORKING_DAYS: "working day",
    Unit.CALENDAR_DAYS: "calendar day",
    Unit.CALENDAR_MONTHS: "calendar month",
}
_ENDING_WORDS = {
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
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def in_words(day: date) -> str:
    """A date as people say it: "Friday 22 May 2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def explain(
    entitlement: Entitlement, calendar: WorkingCalendar, *, agency_names: Mapping[str, str] | None = None
) -> str:
    """The deadline in sentences: what started it, who must act within what, what does not count, the source.

    `agency_names` overrides the edition's names of agencies ("Bedfordshire Police").
    """
    sentences = [
        _start_sentence(entitlement),
        _limit_sentence(entitlement, agency_names or {}),
        _skipped_sentence(entitlement, calendar),
        _due_sentence(entitlement),
        _ending_sentence(entitlement),
        _source_sentence(entitlement),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def agency_name(entitlement: Entitlement, names: Mapping[str, str]) -> str:
    """What the agency that owes the duty is called here."""
    owed_by = entitlement.owed_by
    return names.get(owed_by) or entitlement.edition.agencies.get(owed_by, owed_by)


def _start_sentence(entitlement: Entitlement) -> str:
    event = entitlement.start.current
    started = EVENT_KINDS[event.kind].sentence
    if entitlement.counting is Counting.NO_EVIDENCE:
        return (
            f"{started}, but the record does not say on which day or does not hold contacts, so nothing can be shown."
        )
    if entitlement.started_on is None:
        return f"{started}, but the clock has not started."
    if entitlement.counting is Counting.EXPECTED:
        return f"{started} for {in_words(entitlement.started_on)}; the result is expected and not yet confirmed."
    if entitlement.rule.clock is Clock.HEARING or entitlement.rule.meeting is Meeting.CONFIRMED:
        return f"The court dealt with it on {in_words(entitlement.started_on)}."
    if entitlement.rule.clock is Clock.RECEIVED:
        return f"{started}; the news was received on {in_words(entitlement.started_on)}."
    return f"{started} on {in_words(entitlement.started_on)}."


def _limit_sentence(entitlement: Entitlement, names: Mapping[str, str]) -> str:
    if entitlement.due_on is None:
        return ""
    limit = entitlement.limit
    who, what = agency_name(entitlement, names), _what_must_be_done(entitlement)
    if entitlement.rule.limit_from_event is not None or limit is None:
        return f"{who} agreed how often to be in touch, and must {what} by then."
    tier = entitlement.tier
    title = entitlement.edition.tier_title(tier.tier).lower()
    because = f" ({_GROUNDS_WORDS.get(tier.grounds, tier.grounds)})" if tier.grounds else ""
    since = f" since {_short(tier.from_on, entitlement.started_on)}" if tier.from_on and tier.grounds else ""
    holds = f"The victim has {title}{because}{since}, so " if entitlement.rule.owed_to == "victim" else ""
    return f"{holds}{who} must {what} within {_amount(limit)}."


def _what_must_be_done(entitlement: Entitlement) -> str:
    if entitlement.rule.met_by == frozenset({EventKind.CONTACT_MADE}):
        return "tell them" if entitlement.rule.owed_to == "victim" else "pass it on"
    return "act"


def _amount(limit: TimeLimit) -> str:
    plural = "" if limit.amount == 1 else "s"
    return f"{limit.amount} {_UNIT_WORDS[limit.unit]}{plural}"


def _short(day: date, near: date | None) -> str:
    year = "" if near is not None and near.year == day.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def _skipped_sentence(entitlement: Entitlement, calendar: WorkingCalendar) -> str:
    limit = entitlement.limit
    if entitlement.due_on is None or limit is None or limit.unit is not Unit.WORKING_DAYS:
        return ""
    if entitlement.rule.limit_from_event is not None or entitlement.started_on is None:
        return ""
    counts_from = max(entitlement.started_on, entitlement.tier.from_on or entitlement.started_on)
    skipped = calendar.skipped_days(counts_from, entitlement.due_on)
    return f"{_list_days(skipped)} not count." if skipped else ""


def _list_days(skipped: tuple[SkippedDay, ...]) -> str:
    words = [_skipped_in_words(day, skipped) for day in skipped]
    if len(words) == 1:
        return f"{words[0]} does"
    return f"{', '.join(words[:-1])} and {words[-1]} do"


def _skipped_in_words(skipped: SkippedDay, among: tuple[SkippedDay, ...]) -> str:
    weekday = _WEEKDAYS[skipped.day.weekday()]
    last_of_month = all(d.day <= skipped.day or d.day.month != skipped.day.month for d in among)
    month = f" {_MONTHS[skipped.day.month - 1]}" if last_of_month else ""
    holiday = "" if skipped.reason == weekday else f" ({skipped.reason})"
    return f"{weekday} {skipped.day.day}{month}{holiday}"


def _due_sentence(entitlement: Entitlement) -> str:
    if entitlement.due_on is None:
        return ""
    provisional = " (provisional: bank holidays for that year are not yet published)" if entitlement.provisional else ""
    return f"Due by the end of {in_words(entitlement.due_on)}{provisional}."


def _ending_sentence(entitlement: Entitlement) -> str:
    if entitlement.ending is None or entitlement.ended_on is None:
        return ""
    if entitlement.ending is Ending.MET:
        return f"It was done on {in_words(entitlement.ended_on)}."
    return _ENDING_WORDS[entitlement.ending].format(day=in_words(entitlement.ended_on))


def _source_sentence(entitlement: Entitlement) -> str:
    rule, edition = entitlement.rule, entitlement.edition
    limit = entitlement.limit
    evidence = max((rule.source.evidence, *((limit.evidence,) if limit else ())), key=_rank)
    verified = "" if evidence.verified and rule.start_evidence.verified else ", not verified"
    policy = "Agreed with the victim" if rule.policy else f"Right {rule.right}, {edition.right_title(rule.right)}"
    return f"{policy} ({rule.source.cites}; edition {edition.id}). Evidence: {evidence}{verified}."


def _rank(evidence: object) -> int:
    return list(type(evidence)).index(evidence)  # type: ignore[call-overload, no-any-return]
