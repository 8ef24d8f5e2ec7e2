"""The kinds of event that a person records with the general form: what could happen next, and all the others."""

from __future__ import annotations

from dataclasses import dataclass

from victimcare.domain.event_kinds import EVENT_KINDS, EventKind, Stage
from victimcare.domain.people import Person, recording_by, scope_of
from victimcare.domain.referral import Step
from victimcare.queries.case_page import CasePage

_PAGES_OF_THEIR_OWN = {
    EventKind.NEEDS_ASSESSED: "needs",
    **dict.fromkeys((step.value for step in Step), "support"),
    EventKind.NO_SERVICE_FITS: "support",
    EventKind.CASE_CLOSED: "closing",
}


def own_page(kind: EventKind) -> str | None:
    """The page that records this kind, below the case's address, where the general form does not."""
    return _PAGES_OF_THEIR_OWN.get(kind)


@dataclass(frozen=True, slots=True)
class KindOffered:
    """A kind of event. `about` is the place of its subject among those of the case (`CasePage.subjects`), if known."""

    kind: EventKind
    title: str
    about: int | None = None

    @property
    def path(self) -> str:
        """Where it is recorded, below the case's address."""
        return own_page(self.kind) or f"events/{self.kind}"


@dataclass(frozen=True, slots=True)
class OfferedTogether:
    """Kinds under one heading: what could happen to a suspect or a hearing, or a stage of the journey."""

    heading: str
    kinds: tuple[KindOffered, ...]


@dataclass(frozen=True, slots=True)
class EventChoices:
    """What to offer first, and the rest. Every kind that people record is in one or the other."""

    next: tuple[OfferedTogether, ...]
    others: tuple[OfferedTogether, ...]


def event_choices(case: CasePage, person: Person) -> EventChoices:
    """First what could happen next: to each suspect, hearing, claim that is known, then by stage; then the others."""
    possible = {kind: subjects for kind, subjects in case.possible_next.items() if is_recorded_by(person, kind)}
    of_subjects: dict[tuple[str, int], list[KindOffered]] = {}
    by_stage: dict[Stage, list[KindOffered]] = {}
    for kind, subjects in possible.items():
        facts = EVENT_KINDS[kind]
        known = case.subjects.get(facts.subject or "", ())
        for subject in subjects:
            if subject in known:
                place = known.index(subject)
                of_subjects.setdefault((facts.subject or "", place), []).append(KindOffered(kind, facts.title, place))
            else:
                by_stage.setdefault(facts.stage, []).append(KindOffered(kind, facts.title))
    first = [
        *(OfferedTogether(case.subjects[of][place], tuple(kinds)) for (of, place), kinds in of_subjects.items()),
        *(OfferedTogether(stage.value, tuple(kinds)) for stage, kinds in by_stage.items()),
    ]
    left = {
        stage: tuple(
            KindOffered(kind, title) for kind, title in kinds if kind not in possible and is_recorded_by(person, kind)
        )
        for stage, kinds in kinds_by_stage().items()
    }
    others = tuple(OfferedTogether(stage.value, kinds) for stage, kinds in left.items() if kinds)
    return EventChoices(tuple(first), others)


_RECORDED_OTHERWISE = (
    EventKind.CRIME_REPORTED,
    EventKind.CRIME_RECORDED,
    EventKind.VICTIM_JOINED,
    EventKind.OUTCOME_PUBLISHED,
    EventKind.OFFICER_ASSIGNED,
    EventKind.VICTIM_CORRECTED,
    EventKind.PREFERENCE_CHANGED,
    EventKind.CASE_VOID_REQUESTED,
    EventKind.CASE_VOID_REFUSED,
    EventKind.CASE_VOIDED,
)


def kinds_by_stage() -> dict[Stage, list[tuple[EventKind, str]]]:
    """The kinds of event that a person records with the general form, by stage of the journey."""
    stages: dict[Stage, list[tuple[EventKind, str]]] = {}
    for kind, facts in EVENT_KINDS.items():
        if is_recorded_by_people(kind):
            stages.setdefault(facts.stage, []).append((kind, facts.title))
    return stages


def is_recorded_by(person: Person, kind: EventKind) -> bool:
    """Whether this person records this kind with the general form, on some case."""
    return is_recorded_by_people(kind) and scope_of(person, recording_by(person, kind)) is not None


def is_recorded_by_people(kind: EventKind) -> bool:
    """Whether a person records this kind with the general form."""
    return EVENT_KINDS[kind].stage not in (Stage.CONTACT, Stage.DUTY) and kind not in _RECORDED_OTHERWISE
