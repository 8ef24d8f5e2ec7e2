"""What of a journey stays when its case is erased: kinds, days and codes, on which past figures rest, and no labels.

Labels of suspects and hearings become numbers, and whoever is complained of and is no agency of the Code, "other". A
time of day and the day of an eighteenth birthday go too, unless a deadline rests on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from victimcare.domain.journey import Journey, JourneyEvent, Moment, Precision

OTHER = "other"
COMPLAINED_OF = "complained_of"
_BIRTHDAY = "until_on"
_TYPED = ("outcome",)


def anonymous(journey: Journey, *, agencies: Collection[str]) -> Iterator[Journey]:
    """The journey without what tells who it was about: first without all of it, then with the hours kept.

    Whoever erases takes the first that comes to the same deadlines.
    """
    subjects = {event.subject for event in journey.events if event.subject}
    names = {subject: f"{number}" for number, subject in enumerate(sorted(subjects), 1)}

    def unlabelled(event: JourneyEvent) -> JourneyEvent:
        details = {name: value for name, value in event.details.items() if name not in _TYPED}
        if details.get(COMPLAINED_OF, OTHER) not in agencies and COMPLAINED_OF in details:
            details[COMPLAINED_OF] = OTHER
        subject = names[event.subject] if event.subject else None
        return replace(event, subject=subject, details=details)

    for further in (_without_hours_and_birthday, _without_birthday, _as_it_is):
        yield Journey(journey.case_ref, tuple(further(unlabelled(event)) for event in journey.events))


def _as_it_is(event: JourneyEvent) -> JourneyEvent:
    return event


def _without_birthday(event: JourneyEvent) -> JourneyEvent:
    return replace(event, details={name: value for name, value in event.details.items() if name != _BIRTHDAY})


def _without_hours_and_birthday(event: JourneyEvent) -> JourneyEvent:
    received = event.received and _day(event.received)
    return replace(_without_birthday(event), happened=_day(event.happened), received=received)


def _day(moment: Moment) -> Moment:
    return Moment.day(moment.on) if moment.precision is Precision.INSTANT else moment
