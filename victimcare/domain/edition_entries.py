"""What an edition of the Code says, entry by entry, and how each part was seen: what a Code lead goes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from victimcare.domain.code import Edition, OwnDeadline, Rule, Source, TimeLimit, VictimsCode
from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.evidence import Evidence
from victimcare.domain.explanation import amount_in_words


class EntryKind(StrEnum):
    """What an entry is, as it is said above a list of them."""

    TIMED = "Duties with a time limit"
    OWN = "The victim’s own deadlines"
    UNTIMED = "Duties without a time limit"
    BASIS = "Who counts as a victim"
    GROUND = "Who has enhanced rights"


class Finding(StrEnum):
    """What somebody found who compared an entry with the Code itself."""

    AGREES = "agrees"
    DIFFERS = "differs"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return {Finding.AGREES: "It agrees with the Code", Finding.DIFFERS: "It was found different"}[self]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that an entry says, and how that was seen."""

    says: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """One entry of an edition. `id` is its own among all of that edition."""

    id: str
    kind: EntryKind
    right: int | None
    title: str
    says: str
    parts: tuple[Part, ...]
    source: Source | None = None
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether every part of it rests on the Code's words or a close summary."""
        return all(part.evidence.verified for part in self.parts)

    @property
    def mark(self) -> str:
        """Changes when the edition says anything else here, or rests on something else: then a check is of the past."""
        said = [self.title, self.says, *(f"{part.says}: {part.evidence}" for part in self.parts)]
        cited = [self.source.cites, self.source.seen_in] if self.source else []
        return sha256("\x1f".join([*said, *cited]).encode()).hexdigest()


def entries_of(edition: Edition) -> tuple[EditionEntry, ...]:
    """Every entry of the edition, in its order."""
    return (
        *(_timed(rule, edition) for rule in edition.rules),
        *(_own(deadline) for deadline in edition.own_deadlines),
        *(
            EditionEntry(duty.id, EntryKind.UNTIMED, duty.right, duty.says, "", (Part("The duty", duty.evidence),))
            for duty in edition.untimed
        ),
        *(
            EditionEntry(f"victim-{basis.id}", EntryKind.BASIS, None, basis.title, basis.says, (_that(basis.evidence),))
            for basis in edition.victim_bases
        ),
        *_grounds(edition),
    )


def _timed(rule: Rule, edition: Edition) -> EditionEntry:
    return EditionEntry(
        rule.id,
        EntryKind.TIMED,
        rule.right,
        rule.title,
        rule.says,
        tuple(_parts(rule, edition)),
        rule.source,
        rule.note,
    )


def _parts(rule: Rule, edition: Edition) -> Iterator[Part]:
    yield Part("The duty", rule.source.evidence)
    if rule.in_writing:
        yield Part("It is to be given in writing", rule.source.evidence)
    starts = ", or ".join(sorted(EVENT_KINDS[kind].title for kind in rule.starts_on))
    yield Part(f"Its clock starts at: {starts}", rule.start_evidence)
    for kind, evidence in rule.also_starts_on.items():
        yield Part(f"Its clock starts also at: {EVENT_KINDS[kind].title}", evidence)
    for tier, limit in rule.limits.items():
        yield _limit(limit, f", {edition.tier_title(tier).lower()}" if len(rule.limits) > 1 else "")
    if rule.limit_from_event:
        yield Part("The limit is what was agreed with the victim", rule.limit_from_event.evidence)


def _own(deadline: OwnDeadline) -> EditionEntry:
    parts = (Part("The deadline", deadline.source.evidence), _limit(deadline.limit, ""))
    return EditionEntry(deadline.id, EntryKind.OWN, None, deadline.title, deadline.says, parts, deadline.source)


def _limit(limit: TimeLimit, of_tier: str) -> Part:
    return Part(f"Limit{of_tier}: {amount_in_words(limit)}", limit.evidence)


def _grounds(edition: Edition) -> Iterator[EditionEntry]:
    for ground in edition.grounds:
        for criterion in ground.criteria:
            parts = (Part(f"Category: {ground.title}", ground.evidence), Part("Criterion", criterion.evidence))
            yield EditionEntry(f"ground-{criterion.id}", EntryKind.GROUND, None, criterion.title, "", parts)


def _that(evidence: Evidence) -> Part:
    return Part("That they count", evidence)


def entry_of(code: VictimsCode, edition_id: str, entry_id: str) -> EditionEntry:
    """The entry of this id in the edition of that. Raises `UnknownEntry`."""
    for edition in code.editions:
        for entry in entries_of(edition) if edition.id == edition_id else ():
            if entry.id == entry_id:
                return entry
    raise UnknownEntry(edition_id, entry_id)


class UnknownEntry(LookupError):
    """There is no such edition, or it has no entry of that id."""

    def __init__(self, edition_id: str, entry_id: str) -> None:
        super().__init__(f"there is no entry {entry_id} in an edition {edition_id}")
