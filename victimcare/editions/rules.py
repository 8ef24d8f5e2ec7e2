"""The entries of an edition file that become rules, the victim's own deadlines and the checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from victimcare.domain.code import (
    LONGEST_YEARS,
    Clock,
    DutyBearer,
    LimitFromEvent,
    Meeting,
    OwnDeadline,
    Rule,
    Source,
    Telling,
    TimeLimit,
    Unit,
    UntimedDuty,
)
from victimcare.domain.conditions import Condition
from victimcare.domain.event_kinds import EVENT_KINDS, DetailType, EventKind
from victimcare.domain.evidence import Evidence
from victimcare.editions.conditions import condition_of, details_named, details_of_all, read_condition
from victimcare.editions.reading import Table

_WORST_LAST = tuple(Evidence)
_KIND = "event kind"
_EVIDENCE = "grade of evidence"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules of one edition may refer to."""

    rights: frozenset[int]
    agencies: frozenset[str]
    tiers: tuple[str, ...]
    default_tier: str


def read_rules(tables: Iterable[Table], terms: Terms) -> tuple[Rule, ...]:
    """Every rule, in the order of the file. Raises `BadEdition`."""
    by_id = {table.text("id"): table for table in tables}
    return tuple(_rule(table, by_id, terms) for table in by_id.values())


def read_own_deadline(table: Table, terms: Terms) -> OwnDeadline:
    """A limit that runs against the victim, or that a scheme promises them. Raises `BadEdition`."""
    starts_on = _kinds(table, "starts_on")
    met_by = table.codes("met_by", EventKind, _KIND)
    deadline = OwnDeadline(
        id=table.text("id"),
        title=table.text("title"),
        says=table.text("says"),
        starts_on=starts_on,
        limit=_limit(table.table("limit")),
        source=_source(table),
        day_field=_day_field(table, starts_on) if table.has("day_field") else None,
        condition=condition_of(table, starts_on),
        promised_by=table.one_of("promised_by", sorted(terms.agencies), "agency") if table.has("promised_by") else None,
        met_by=met_by,
        met_if=read_condition(table.table("met_if"), met_by) if table.has("met_if") else Condition.always(),
    )
    table.finish()
    return deadline


def read_untimed(table: Table, terms: Terms) -> UntimedDuty:
    """An entry of the officer's checklist. Raises `BadEdition`."""
    duty = UntimedDuty(
        id=table.text("id"), right=_right(table, terms), says=table.text("says"), evidence=_evidence(table)
    )
    table.finish()
    return duty


def _rule(table: Table, by_id: Mapping[str, Table], terms: Terms) -> Rule:
    meeting = table.code("meeting", Meeting, "way of meeting a duty", otherwise=Meeting.NAMED)
    starts_on = table.codes("starts_on", EventKind, _KIND)
    confirmed_by = table.codes("confirmed_by", EventKind, _KIND)
    rule = Rule(
        id=table.text("id"),
        right=_right(table, terms),
        title=table.text("title"),
        says=table.text("says"),
        owed_by=_owed_by(table, starts_on | confirmed_by, terms),
        owed_to=table.known("owed_to", table.text("owed_to", otherwise="victim"), _owed_to(terms), "agency"),
        starts_on=starts_on,
        clock=table.code("clock", Clock, "clock"),
        source=_source(table),
        start_evidence=_evidence(table, "start_evidence"),
        also_starts_on=_also_starts_on(table),
        limits=_limits(table, by_id, terms) if table.has("limits") else {},
        limit_from_event=_limit_from_event(table, starts_on) if table.has("limit_from_event") else None,
        meeting=meeting,
        met_by=table.codes("met_by", EventKind, _KIND),
        confirmed_by=confirmed_by,
        superseded_by=table.codes("superseded_by", EventKind, _KIND),
        declined_by=table.codes("declined_by", EventKind, _KIND),
        must_tell=_must_tell(table, starts_on),
        condition=condition_of(table, starts_on),
        subject=table.text("subject") if table.has("subject") else None,
        in_writing=table.flag("in_writing"),
        recurring=table.flag("recurring"),
        policy=table.flag("policy"),
        note=table.text("note", otherwise=""),
    )
    table.finish()
    _check_meeting(table, rule)
    _check_start(table, rule)
    _check_limits(table, rule, terms)
    return rule


def _check_meeting(table: Table, rule: Rule) -> None:
    needed = {"starts_on", "met_by"} if rule.meeting is Meeting.NAMED else {"starts_on"}
    if rule.meeting is Meeting.CONFIRMED:
        # Where nothing announces the result (a hearing listed), the result itself is the start.
        needed = {"confirmed_by"}
    for field in sorted(needed):
        if not getattr(rule, field):
            raise table.bad(field, f"it is missing, and a duty met by {rule.meeting.value!r} needs it")
    if rule.met_by and rule.meeting is not Meeting.NAMED:
        raise table.bad("met_by", f"a duty met by {rule.meeting.value!r} is not met by naming it")
    if rule.confirmed_by and rule.meeting is not Meeting.CONFIRMED:
        raise table.bad("confirmed_by", "only a duty with meeting = 'confirmed' is confirmed")
    if rule.confirmed_by & rule.starts_on:
        raise table.bad("confirmed_by", "what confirms a result cannot also announce it in starts_on")
    if rule.in_writing and EventKind.CONTACT_MADE not in rule.met_by:
        raise table.bad("in_writing", "only a duty that a contact meets says how it must be given")
    if rule.must_tell and rule.meeting is not Meeting.NAMED:
        raise table.bad("must_tell", "only a duty met by being named says what must be told")
    if rule.recurring is not (rule.meeting is Meeting.ANY_CONTACT):
        raise table.bad("recurring", "it goes together with meeting = 'any_contact'")


def _check_start(table: Table, rule: Rule) -> None:
    for kind in sorted({*rule.starts_on, *rule.also_starts_on}):
        facts = EVENT_KINDS[kind]
        if rule.clock is Clock.RECEIVED and not facts.received:
            raise table.bad("clock", f"{kind.value!r} is not received by anyone, so count from 'happened'")
        if rule.clock is Clock.HEARING and not details_named("hearing_on", {kind}):
            raise table.bad("clock", f"{kind.value!r} names no day of a hearing")
        if rule.subject is not None and facts.subject != rule.subject:
            raise table.bad("subject", f"{kind.value!r} is not about a {rule.subject}")
    if rule.superseded_by and rule.subject is None:
        raise table.bad("subject", "it is missing: only news on the same subject can supersede a duty")
    if rule.declined_by and rule.subject is not None:
        raise table.bad("declined_by", "only a duty that is about the case as a whole can be declined so")
    for kind in sorted(rule.superseded_by):
        if EVENT_KINDS[kind].subject != rule.subject:
            raise table.bad("superseded_by", f"{kind.value!r} is not about a {rule.subject}")


def _check_limits(table: Table, rule: Rule, terms: Terms) -> None:
    if rule.limit_from_event is not None and rule.limits:
        raise table.bad("limits", "the limit comes from the event (limit_from_event), so give none here")
    if rule.recurring is not (rule.limit_from_event is not None):
        raise table.bad("limit_from_event", "a recurring duty, and no other, takes its limit from the event")
    if rule.limit_from_event is None and terms.default_tier not in rule.limits:
        raise table.bad(f"limits.{terms.default_tier}", "the limit of the default tier is missing")


def _owed_to(terms: Terms) -> tuple[str, ...]:
    return ("victim", *sorted(terms.agencies))


def _right(table: Table, terms: Terms) -> int:
    right = table.number("right", least=1)
    if right not in terms.rights:
        raise table.bad("right", f"the edition has no right {right}")
    return right


def _also_starts_on(table: Table) -> dict[EventKind, Evidence]:
    also = {}
    for entry in table.tables("also_starts_on"):
        also[entry.code("kind", EventKind, _KIND)] = _evidence(entry)
        entry.finish()
    return also


def _kinds(table: Table, field: str) -> frozenset[EventKind]:
    kinds = table.codes(field, EventKind, _KIND)
    if not kinds:
        raise table.bad(field, "it must name at least one event kind")
    return kinds


def _evidence(table: Table, field: str = "evidence") -> Evidence:
    return table.code(field, Evidence, _EVIDENCE)


def _source(table: Table) -> Source:
    return Source(
        cites=table.text("cites"),
        evidence=_evidence(table),
        seen_in=table.text("seen_in"),
        checked_on=table.day("checked_on"),
    )


def _owed_by(table: Table, kinds: frozenset[EventKind], terms: Terms) -> DutyBearer:
    if isinstance(table.value("owed_by"), str):
        return DutyBearer(otherwise=table.one_of("owed_by", sorted(terms.agencies), "agency"))
    inner = table.table("owed_by")
    field = inner.text("field") if inner.has("field") else None
    if field is not None:
        _check_names_agencies(inner, field, kinds, terms)
    bearer = DutyBearer(
        otherwise=inner.one_of("otherwise", sorted(terms.agencies), "agency"),
        field=field,
        cases=tuple(_case(case, kinds, terms) for case in inner.tables("cases")),
    )
    inner.finish()
    return bearer


def _check_names_agencies(table: Table, field: str, kinds: frozenset[EventKind], terms: Terms) -> None:
    for detail in details_of_all(table, "field", field, kinds):
        for choice in detail.choices or ():
            table.known("field", choice, sorted(terms.agencies), "agency")


def _case(table: Table, kinds: frozenset[EventKind], terms: Terms) -> tuple[Condition, str]:
    case = (
        read_condition(table.table("condition"), kinds),
        table.one_of("agency", sorted(terms.agencies), "agency"),
    )
    table.finish()
    return case


def _limits(table: Table, by_id: Mapping[str, Table], terms: Terms) -> dict[str, TimeLimit]:
    limits = table.table("limits")
    if not limits.has("same_as"):
        return _own_limits(limits, terms)
    other = by_id[limits.one_of("same_as", by_id, "rule")]
    if not other.has("limits") or other.table("limits").has("same_as"):
        raise limits.bad("same_as", f"{other.entry} has no limits of its own")
    evidence = _evidence(limits)
    limits.finish()
    # That the two are the same is a fact with its own evidence: the less certain of the two is what we know.
    return {
        tier: TimeLimit(limit.amount, limit.unit, max(evidence, limit.evidence, key=_WORST_LAST.index))
        for tier, limit in _own_limits(other.table("limits"), terms).items()
    }


def _own_limits(limits: Table, terms: Terms) -> dict[str, TimeLimit]:
    return {limits.known(tier, tier, terms.tiers, "tier"): _limit(limits.table(tier)) for tier in limits.names()}


def _limit(table: Table) -> TimeLimit:
    units = [unit for unit in Unit if table.has(unit)]
    if len(units) != 1:
        raise table.bad("", f"it must have exactly one of {', '.join(Unit)}")
    limit = TimeLimit(table.number(units[0], least=0), units[0], _evidence(table))
    if limit.amount > limit.unit.most:
        raise table.bad(units[0], f"it is more than {limit.unit.most:,}, which is {LONGEST_YEARS} years")
    table.finish()
    return limit


def _limit_from_event(table: Table, starts_on: frozenset[EventKind]) -> LimitFromEvent:
    inner = table.table("limit_from_event")
    field = inner.text("field")
    if not any(detail.type is DetailType.NUMBER for detail in details_named(field, starts_on)):
        raise inner.bad("field", f"no event kind in starts_on has a number {field!r}")
    limit = LimitFromEvent(field, inner.code("unit", Unit, "unit"), _evidence(inner))
    if limit.unit is not Unit.CALENDAR_DAYS:
        raise inner.bad("unit", "the agreed interval is counted in calendar_days")
    inner.finish()
    return limit


def _must_tell(table: Table, starts_on: frozenset[EventKind]) -> tuple[Telling, ...]:
    tellings: dict[str, Telling] = {}
    for inner in table.tables("must_tell"):
        telling = Telling(inner.text("id"), inner.text("says"), condition_of(inner, starts_on))
        if telling.id in tellings:
            raise inner.bad("id", f"{telling.id!r} is there twice")
        tellings[telling.id] = telling
        inner.finish()
    return tuple(tellings.values())


def _day_field(table: Table, starts_on: frozenset[EventKind]) -> str:
    field = table.text("day_field")
    if any(detail.type is not DetailType.DATE for detail in details_of_all(table, "day_field", field, starts_on)):
        raise table.bad("day_field", f"{field!r} is not a date")
    return field
