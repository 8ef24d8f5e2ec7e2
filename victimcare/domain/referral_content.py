"""What of a case goes to a support service: the agreed fields, and nothing else.

The fields are the union of what forces and the police chiefs' minimum data send (docs/directory.md). Notes and what
happened in the crime are not among them; nor is anything of a suspect. The number or address itself of each way that is
safe is opened when the referral leaves, and not before: until then only the kinds of way are named.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from victimcare.domain.directory import age_on
from victimcare.domain.explanation import in_words
from victimcare.domain.safe_contact import NOT_ASKED, SafeUse
from victimcare.domain.support_needs import SUPPORT_NEEDS

FOR_THE_SERVICE_ONLY = "For the service only: it holds personal data of a victim."
NO_SAFE_WAY = "No way is known to be safe. Do not contact the victim before the case officer says how"
NOT_GIVEN = "None is given. Do not contact the victim before the case officer says how"
"""Of a location that is protected: there may be a safe way, and it is for the custodian alone."""
WAYS = {
    "phone": "Telephone",
    "mobile": "Telephone",
    "landline": "Telephone",
    "email": "E-mail",
    "address": "Address",
}
"""The kinds of contact point that a referral names. An address is one only where the force's policy says so."""
OFFICER = "Case officer"
_YES_NO: dict[bool | None, str] = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class KnownForReferral:
    """What is known of a victim and their case, of which a referral is made. `safe_ways` are kinds of contact point."""

    victim_name: str | None
    born_on: date | None
    language: str
    guardian: str | None
    crime_ref: str
    crime_type: str
    reported_on: date | None
    officer: str
    rights: str
    safe_ways: frozenset[str]
    implied_needs: frozenset[str]
    location_protected: bool = False

    @property
    def ways_in_words(self) -> str:
        """Their safe ways, each kind once; empty where there is none."""
        return ", ".join(sorted({WAYS[kind] for kind in self.safe_ways if kind in WAYS}))


@dataclass(frozen=True, slots=True)
class SafeWay:
    """A way to reach the victim, opened: what it is, the number or address, and how it is used safely."""

    kind: str
    value: str = field(repr=False)
    use: SafeUse = field(default=NOT_ASKED, repr=False)

    @property
    def in_words(self) -> tuple[tuple[str, str], ...]:
        """What the service must know of it, each under its name; what was not asked is left out. No code word."""
        asked = (
            (WAYS[self.kind], self.value),
            ("When it is safe", self.use.when_safe),
            ("If someone else answers, say", self.use.if_another),
            ("You may say who you are", _YES_NO.get(self.use.say_who)),
            ("You may leave a voicemail", _YES_NO.get(self.use.voicemail) if WAYS[self.kind] == "Telephone" else None),
        )
        return tuple((name, words) for name, words in asked if words)


@dataclass(frozen=True, slots=True)
class ReferralDocument:
    """A referral as it leaves: to which service, the agreed fields, and each safe way to the victim."""

    service: str
    reference: str
    content: tuple[tuple[str, str], ...] = field(repr=False)
    ways: tuple[SafeWay, ...] = field(repr=False)

    @property
    def as_text(self) -> str:
        """The whole of it in plain words, for an e-mail that only the service can open."""
        parts = [
            f"Referral to {self.service}\nReference {self.reference}\n{FOR_THE_SERVICE_ONLY}",
            _lines(self.content),
        ]
        if self.ways:
            parts.append("How to reach the victim safely. Use nothing else.")
        parts += [_lines(way.in_words) for way in self.ways]
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class SentWay:
    """A way to the victim as it went: of which contact point, and what was said of it."""

    point_id: str
    says: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SentDocument:
    """What went with a referral, word for word, as it is kept until nothing comes of the referral any more."""

    content: tuple[tuple[str, str], ...] = field(repr=False)
    ways: tuple[SentWay, ...] = field(repr=False)

    @property
    def as_text(self) -> str:
        """As it is sealed."""
        ways = [[way.point_id, list(way.says)] for way in self.ways]
        return json.dumps({"content": list(self.content), "ways": ways}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> SentDocument:
        """As it was sealed."""
        kept = json.loads(text)
        ways = tuple(SentWay(point, _pairs(says)) for point, says in kept["ways"])
        return cls(_pairs(kept["content"]), ways)


def _pairs(fields: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, words) for name, words in fields)


def _lines(fields: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {words}" for name, words in fields)


@dataclass(frozen=True, slots=True)
class Agreed:
    """On what the referral rests: "yes" where the victim agreed, and on which London date."""

    by_victim: bool
    on: date
    guardian: bool = False


def content_of(
    known: KnownForReferral, needs: Iterable[str], agreed: Agreed, *, sent_on: date
) -> tuple[tuple[str, str], ...]:
    """Each field with its words, in order; what is not known is left out."""
    no_way = NOT_GIVEN if known.location_protected else NO_SAFE_WAY
    wanted = set(needs)
    fields = (
        ("Name", known.victim_name),
        ("Date of birth", _without_weekday(known.born_on) if known.born_on else None),
        ("Age", str(age_on(known.born_on, sent_on)) if known.born_on else None),
        ("Language", known.language),
        ("Parent or guardian", known.guardian),
        ("Safe ways to make contact", known.ways_in_words or no_way),
        ("Support needed", "; ".join(title for need, title in SUPPORT_NEEDS.items() if need in wanted) or None),
        ("Rights", known.rights),
        ("Type of crime", known.crime_type),
        ("Crime reference", known.crime_ref),
        ("Reported", in_words(known.reported_on) if known.reported_on else None),
        ("Agreement", _agreement(agreed)),
        (OFFICER, known.officer),
        ("Sent", in_words(sent_on)),
    )
    return tuple((name, words) for name, words in fields if words)


def without_location(content: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What was sent before the location was protected, without the officer: the team tells where the victim lives."""
    return tuple((name, words) for name, words in content if name != OFFICER)


def hash_of(content: Iterable[tuple[str, str]]) -> str:
    """What tells later whether the same words would go again: SHA-256 of all of them."""
    return sha256(json.dumps(list(content), ensure_ascii=False).encode()).hexdigest()


def _without_weekday(day: date) -> str:
    return in_words(day).split(" ", 1)[1]


def _agreement(agreed: Agreed) -> str:
    if not agreed.by_victim:
        return "Not asked: referred unless they say no, which is the force’s policy"
    also = ", and a parent or guardian too" if agreed.guardian else ""
    return f"The victim agreed on {in_words(agreed.on)}{also}"
