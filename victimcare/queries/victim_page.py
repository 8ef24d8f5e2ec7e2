"""Who the victim of a case is, who is told, what they need and what they chose: everything but the journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from victimcare.domain.choices import opt_outs
from victimcare.domain.code import Edition
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.hearing_choices import MEANS, TIMES, HowOften, interval_now
from victimcare.domain.journey import EventChain
from victimcare.domain.law import Law
from victimcare.domain.needs import Ground
from victimcare.domain.needs_asked import AGENCIES, COMMUNICATION, DISABILITY, INTERPRETER, MEASURES, STAGES
from victimcare.domain.people import Action, Person, may
from victimcare.domain.victim import is_under_18
from victimcare.domain.who_counts import TOLD_AS, ToldAs, VictimBasis, to_be_told
from victimcare.queries.people_told import ToldPerson, in_words, people_told
from victimcare.queries.scope import case_row, let_through
from victimcare.store.cases import VICTIMS
from victimcare.store.contact_choices import CONTACT_CHOICES
from victimcare.store.equality import EQUALITY
from victimcare.store.journeys import journeys_of
from victimcare.store.needs import ASSESSMENTS, LATEST_FIRST, SUPPORTER
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault
from victimcare.store.words_reader import WordsReader, words_for


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment in words, with what it found. `supporter` is a name."""

    agency: str
    stage: str
    assessed_on: date
    by: str
    language: str
    interpreter: str
    communication: tuple[str, ...]
    disability: tuple[str, ...]
    criteria: tuple[str, ...]
    measures: tuple[str, ...]
    supporter: str
    tier: str
    ground: str


@dataclass(frozen=True, slots=True)
class Choice:
    """How the victim chose to hear, in words, and since when (London date)."""

    from_on: date
    how_often: str
    means: tuple[str, ...]
    times: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class VictimPage:
    """Everything of a victim that is not the journey. `needs_due_on` is set where the first assessment is missing."""

    case_id: int
    name: str | None
    born_on: date | None
    under_18: bool
    turned_18: bool
    language: str
    basis: VictimBasis | None
    basis_title: str
    told: tuple[tuple[ToldAs, str], ...]
    people: tuple[ToldPerson, ...]
    no_longer_told: tuple[ToldPerson, ...]
    missing: tuple[str, ...]
    assessments: Mapping[str, tuple[Assessment, ...]]
    was_assessed: bool
    needs_due_on: date | None
    grounds: tuple[Ground, ...]
    opt_outs: tuple[tuple[str, date, date | None], ...]
    choices: tuple[Choice, ...]
    equality_asked: int
    interval_days: int | None
    policy: ForcePolicy
    may_record: bool


def victim_page(
    connection: Connection, *, person: Person, ref: str, today: date, law: Law, policy: ForcePolicy, vault: Vault
) -> VictimPage:
    """The victim of the case of this reference, as known on `today` (London date).

    Raises `NoSuchCase`, `DoesNotOpen`.
    """
    row = case_row(connection, person, ref)
    victim = connection.execute(select(VICTIMS).where(VICTIMS.c.id == row.victim_id)).one()
    journey = journeys_of(connection, {row.id: ref})[row.id]
    chains = [chain for chain in journey.chains().values() if chain.happened]
    edition = law.code.on(today)
    under_18 = victim.born_on is not None and is_under_18(victim.born_on, today)
    basis = edition.basis(victim.basis)
    told_as = to_be_told(basis, under_18=under_18)
    words = words_for(connection, row.id, person, vault)
    people = people_told(words)
    now = tuple(each for each in people if each.until_on is None)
    assessed = [chain for chain in chains if chain.root.kind is EventKind.NEEDS_ASSESSED]
    return VictimPage(
        case_id=row.id,
        name=victim.name,
        born_on=victim.born_on,
        under_18=under_18,
        turned_18=_turned_18(victim.born_on, assessed, under_18=under_18),
        language=victim.language,
        basis=basis,
        basis_title=basis.title if basis else victim.basis,
        told=tuple((role, TOLD_AS[role]) for role in told_as),
        people=now,
        no_longer_told=tuple(each for each in people if each.until_on is not None),
        missing=_missing(told_as, now),
        assessments=_assessments(words, edition, assessed),
        was_assessed=bool(assessed),
        needs_due_on=_needs_due_on(chains, policy, law, today) if edition.is_person(victim.basis) else None,
        grounds=edition.grounds,
        opt_outs=_opt_outs(chains),
        choices=_choices(connection, row.id),
        equality_asked=_equality_asked(connection, row.victim_id),
        interval_days=interval_now(chains),
        policy=policy,
        may_record=may(person, Action.RECORD_EVENT, let_through(row)),
    )


def _missing(told_as: tuple[ToldAs, ...], people: tuple[ToldPerson, ...]) -> tuple[str, ...]:
    """Who ought to be told and is not named. The victim, and whoever holds the case in their name, needs no naming."""
    named = {each.told_as for each in people}
    of_others = told_as[1:] if told_as[0] is not ToldAs.NAMED_CONTACT else told_as
    return tuple(TOLD_AS[role] for role in of_others if role not in named)


def _turned_18(born_on: date | None, assessed: list[EventChain], *, under_18: bool) -> bool:
    """Whether the last assessment was of a child who is one no more: their needs are to be reconsidered."""
    if born_on is None or under_18 or not assessed:
        return False
    return is_under_18(born_on, assessed[-1].current.happened.on)


def _needs_due_on(chains: list[EventChain], policy: ForcePolicy, law: Law, today: date) -> date | None:
    """By when the needs should have been assessed, where that day has passed and nobody has."""
    first = {chain.root.kind: chain for chain in reversed(chains)}
    recorded = first.get(EventKind.VICTIM_JOINED) or first.get(EventKind.CRIME_RECORDED)
    reported = first.get(EventKind.CRIME_REPORTED)
    silent = reported is not None and not reported.current.contacts_recorded
    if recorded is None or silent or EventKind.NEEDS_ASSESSED in first:
        return None
    due_on = policy.needs_by(recorded.current.happened.on, law.calendar)
    return due_on if due_on < today else None


def _assessments(words: WordsReader, edition: Edition, assessed: list[EventChain]) -> dict[str, tuple[Assessment, ...]]:
    """The assessments of each agency, latest first; what they found as the journey has it, corrections included."""
    found_by = {chain.key: chain.current.details for chain in assessed}
    criteria = {criterion.id: criterion.title for ground in edition.grounds for criterion in ground.criteria}
    grounds = {ground.id: ground.title for ground in edition.grounds}
    joined = ASSESSMENTS.join(PEOPLE, PEOPLE.c.id == ASSESSMENTS.c.recorded_by)
    found = select(ASSESSMENTS, PEOPLE.c.name.label("by")).select_from(joined)
    mine = found.where(ASSESSMENTS.c.case_id == words.case_id).order_by(*LATEST_FIRST)
    rows = words.connection.execute(mine).all()
    by_agency: dict[str, list[Assessment]] = {title: [] for title in AGENCIES.values()}
    for row in rows:
        found_now = found_by.get(row.event_key, {"tier": row.tier_found, "grounds": row.ground_found or ""})
        by_agency[AGENCIES[row.agency]].append(
            Assessment(
                agency=AGENCIES[row.agency],
                stage=STAGES.get(row.stage, row.stage),
                assessed_on=row.assessed_on,
                by=row.by,
                language=row.language,
                interpreter=INTERPRETER.get(row.interpreter, row.interpreter),
                communication=in_words(row.communication, COMMUNICATION),
                disability=in_words(row.disability, DISABILITY),
                criteria=in_words(row.criteria, criteria),
                measures=in_words(row.measures, MEASURES),
                supporter=words.read(SUPPORTER, row.event_key, row.sealed_supporter),
                tier=edition.tier_title(str(found_now["tier"])),
                ground=grounds.get(str(found_now.get("grounds", "")), ""),
            )
        )
    return {agency: tuple(assessments) for agency, assessments in by_agency.items()}


def _equality_asked(connection: Connection, victim_id: int) -> int:
    """Of how many characteristics the victim was asked; never what they answered."""
    asked = select(func.count()).select_from(EQUALITY).where(EQUALITY.c.victim_id == victim_id)
    return int(connection.execute(asked).scalar_one())


def _choices(connection: Connection, case_id: int) -> tuple[Choice, ...]:
    """How the victim chose to hear, the latest choice first."""
    joined = CONTACT_CHOICES.join(PEOPLE, PEOPLE.c.id == CONTACT_CHOICES.c.recorded_by)
    found = select(CONTACT_CHOICES, PEOPLE.c.name.label("by")).select_from(joined)
    rows = connection.execute(found.where(CONTACT_CHOICES.c.case_id == case_id).order_by(CONTACT_CHOICES.c.id.desc()))
    return tuple(
        Choice(
            from_on=row.from_on,
            how_often=how_often_in_words(HowOften(row.how_often), row.interval_days),
            means=in_words(row.means, MEANS),
            times=in_words(row.times, TIMES),
            by=row.by,
        )
        for row in rows
    )


def how_often_in_words(how_often: HowOften, days: int | None) -> str:
    """The choice in words; `days` are the calendar days of the force's policy, or those agreed."""
    return {
        HowOften.WEEKLY: "Every week",
        HowOften.FORTNIGHTLY: "Every two weeks",
        HowOften.POLICY: f"Every {days} days (the force’s policy, not the Code)",
        HowOften.OTHER: "At another interval" if days is None else f"Every {days} days",
        HowOften.ONLY_NEWS: "Only when there is news",
        HowOften.NOT_AT_ALL: "Not at all",
    }[how_often]


def _opt_outs(chains: list[EventChain]) -> tuple[tuple[str, date, date | None], ...]:
    """What the victim opted out of, from when, and until when where they opted in to the same again."""
    detail = next(d for d in EVENT_KINDS[EventKind.OPTED_OUT].details if d.name == "scope")
    words = detail.choices or {}
    return tuple(
        (
            words.get(out.scope, out.scope),
            out.from_on,
            next((on for scope, on in out.back_in if scope in (out.scope, "all")), None),
        )
        for out in opt_outs(chains)
    )
