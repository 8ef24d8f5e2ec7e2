"""The report of the crime, and what the victim needs."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind
from victimcare.domain.needs_asked import AGENCIES

_INCIDENT_ON = Detail("incident_on", "Day of the incident", DetailType.DATE)
_OFFENDER_UNDER_18 = Detail("offender_under_18", "Is the offender under 18?", DetailType.YES_NO)
_GROUNDS = {
    "under_18": "Under 18",
    "serious_crime": "Victim of the most serious crime",
    "persistently_targeted": "Persistently targeted",
    "vulnerable": "Vulnerable",
    "intimidated": "Intimidated",
    "granted": "Granted outside the categories",
}

_WAYS_TO_CONFIRM = {
    "letter": "Letter",
    "email": "E-mail",
    "text": "Text message",
    "note": "Handwritten note",
    "another_way": "Another way, because writing is not safe",
}

_K = EventKind
FACTS: Mapping[EventKind, KindFacts] = {
    _K.CRIME_REPORTED: KindFacts(
        "Crime reported",
        "The crime was reported",
        Stage.REPORT,
        of_crime=True,
        details=(_INCIDENT_ON, _OFFENDER_UNDER_18),
    ),
    _K.CRIME_RECORDED: KindFacts("Crime recorded", "The crime was recorded", Stage.REPORT, of_crime=True),
    _K.VICTIM_JOINED: KindFacts(
        "Recorded as a victim",
        "They were recorded as a victim of the crime",
        Stage.REPORT,
        details=(_OFFENDER_UNDER_18,),
    ),
    _K.WRITTEN_CONFIRMATION_SENT: KindFacts(
        "Written confirmation sent",
        "Written confirmation of the report was sent",
        Stage.REPORT,
        details=(choice("way", "How", _WAYS_TO_CONFIRM, required=True),),
    ),
    _K.NEEDS_ASSESSED: KindFacts(
        "Needs assessed",
        "The victim's needs were assessed",
        Stage.REPORT,
        details=(
            Detail("tier", "Rights", DetailType.LABEL, required=True),
            choice("grounds", "Grounds", _GROUNDS),
            Detail("until_on", "Until (an eighteenth birthday)", DetailType.DATE),
            choice("agency", "Assessed by", AGENCIES),
        ),
    ),
}
