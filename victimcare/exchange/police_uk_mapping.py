"""What the words of data.police.uk mean here (docs/police-uk.md has the same tables, and a test compares them)."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.event_kinds import EventKind

SOURCE = "police-uk"

WITH_A_VICTIM = frozenset(
    {
        "Bicycle theft",
        "Burglary",
        "Criminal damage and arson",
        "Other theft",
        "Public order",
        "Robbery",
        "Shoplifting",
        "Theft from the person",
        "Vehicle crime",
        "Violence and sexual offences",
    }
)
"""Crime types whose crimes become cases. A shop is a victim too: the Code covers businesses."""

WITHOUT_A_VICTIM = frozenset({"Anti-social behaviour", "Drugs", "Other crime", "Possession of weapons"})
"""Crime types that are left out and counted: no crime, nobody wronged in person, or nobody can tell."""

_PUBLISHED = EventKind.OUTCOME_PUBLISHED
OUTCOMES: Mapping[str, EventKind] = {
    "Suspect charged": EventKind.SUSPECT_CHARGED,
    "Local resolution": EventKind.OUT_OF_COURT_DISPOSAL,
    "Offender given a caution": EventKind.OUT_OF_COURT_DISPOSAL,
    "Offender given a drugs possession warning": EventKind.OUT_OF_COURT_DISPOSAL,
    "Offender given penalty notice": EventKind.OUT_OF_COURT_DISPOSAL,
    "Further investigation is not in the public interest": EventKind.POLICE_DECIDED_NO_PROSECUTION,
    "Investigation complete; no suspect identified": EventKind.INVESTIGATION_CLOSED_NO_SUSPECT,
    # Their words do not say who decided, or what is owed: history, and no clock.
    "Unable to prosecute suspect": _PUBLISHED,
    "Formal action is not in the public interest": _PUBLISHED,
    "Further action is not in the public interest": _PUBLISHED,
    "Action to be taken by another organisation": _PUBLISHED,
    "Suspect charged as part of another case": _PUBLISHED,
    "Under investigation": _PUBLISHED,
    "Status update unavailable": _PUBLISHED,
    "Awaiting court outcome": _PUBLISHED,
    "Court result unavailable": _PUBLISHED,
    "Court case unable to proceed": _PUBLISHED,
    "Defendant sent to Crown Court": _PUBLISHED,
    "Defendant found not guilty": _PUBLISHED,
    "Offender sent to prison": _PUBLISHED,
    "Offender given suspended prison sentence": _PUBLISHED,
    "Offender given community sentence": _PUBLISHED,
    "Offender given conditional discharge": _PUBLISHED,
    "Offender given absolute discharge": _PUBLISHED,
    "Offender fined": _PUBLISHED,
    "Offender ordered to pay compensation": _PUBLISHED,
    "Offender deprived of property": _PUBLISHED,
    "Offender otherwise dealt with": _PUBLISHED,
}

AREAS: Mapping[str, str] = {
    "Bedford": "Bedford Borough",
    "Central Bedfordshire": "Central Bedfordshire",
    "Luton": "Luton",
}
ELSEWHERE = "Elsewhere or not known"


def area_of(lsoa_name: str) -> str:
    """The area of a place named like "Luton 021B": its district, if it is one of ours."""
    district, _, _ = lsoa_name.rpartition(" ")
    return AREAS.get(district, ELSEWHERE)
