"""Which duties a form says that an event answered: what the boxes of the page hold, checked against the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from victimcare.commands.record_event import NewEvent
from victimcare.domain.code import Edition
from victimcare.domain.journey import DutyNamed, JourneyEvent
from victimcare.domain.kinds.contact import CHANNEL, UNWRITTEN, UNWRITTEN_BECAUSE, WRITTEN
from victimcare.queries.case_duties import DutyView
from victimcare.web.forms import FieldRefused

Unwritten = Literal[(*UNWRITTEN_BECAUSE, "")]  # type: ignore[valid-type]
"""What a form says of that: one of these, or nothing."""
UNWRITTEN_OPTIONS = tuple(UNWRITTEN_BECAUSE.items())


def answers_of(open_duties: Sequence[DutyView], ticked: Sequence[str], told: Sequence[str]) -> list[DutyNamed]:
    """The duties ticked, each with what was told of it. Raises `FieldRefused`."""
    refuse_unknown_duties(open_duties, ticked, told)
    answers = []
    for duty in open_duties:
        said = frozenset(telling.id for telling in duty.must_tell if f"{duty.anchor}:{telling.id}" in told)
        if duty.anchor not in ticked:
            if said:
                raise FieldRefused("duties", f"Tick this too, or untick what you told them of it: {duty.title}")
            continue
        if duty.must_tell and not said:
            raise FieldRefused("duties", f"Tick what you told them: {duty.title}")
        answers.append(DutyNamed(duty.rule, duty.news_version, said))
    return answers


def unwritten_because(open_duties: Sequence[DutyView], ticked: Sequence[str], *, channel: str, said: str) -> str:
    """Why what is to be given in writing was ticked for a contact that is none; empty where nothing like that was.

    Raises `FieldRefused` where nobody said.
    """
    asked = next((duty for duty in open_duties if duty.in_writing and duty.anchor in ticked), None)
    if asked is None or channel in WRITTEN:
        return ""
    if not said:
        raise FieldRefused(UNWRITTEN, f"Say whether they have it in writing too, or untick it: {asked.title}")
    return said


def refuse_no_word_of_writing(before: JourneyEvent, right: NewEvent, code: Edition) -> None:
    """A correction that says that what was a letter, an e-mail or a text was none says whether the victim has it in
    writing too, where it still answers what is to be given in writing. Raises `FieldRefused`."""
    if (
        before.details.get(CHANNEL) not in WRITTEN
        or right.details.get(CHANNEL) in WRITTEN
        or UNWRITTEN in right.details
    ):
        return
    rules = (code.rule(duty.rule) for duty in right.duties if code.has_rule(duty.rule))
    asked = next((rule for rule in rules if rule.in_writing), None)
    if asked is not None:
        told = f"Say whether they have it in writing too, or untick it: {asked.title}"
        raise FieldRefused(f"detail_{UNWRITTEN}", told)


def refuse_unknown_duties(open_duties: Sequence[DutyView], ticked: Sequence[str], told: Sequence[str] = ()) -> None:
    """Raise `FieldRefused` for what is ticked and is of no open duty."""
    duties = {duty.anchor for duty in open_duties}
    tellings = {f"{duty.anchor}:{telling.id}" for duty in open_duties for telling in duty.must_tell}
    if set(ticked) - duties or set(told) - tellings:
        raise FieldRefused("duties", "Choose from the duties that are still open")


def duty_of(open_duties: Sequence[DutyView], key: str) -> DutyView | None:
    """The duty that an address names, if it is still open."""
    return next((duty for duty in open_duties if duty.key == key), None)


def ticked_for(open_duties: Sequence[DutyView], key: str) -> list[str]:
    """The boxes ticked when the form opens: only the duty whose row opened it, if it is still open."""
    return [duty.anchor for duty in open_duties if duty.key == key]
