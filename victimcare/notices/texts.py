"""The words of notices: a case reference, what is owed, its day. Never a victim's name, never a place."""

from __future__ import annotations

from datetime import date
from textwrap import fill

from victimcare.domain.emergency_access import Alert
from victimcare.domain.explanation import in_words
from victimcare.domain.reminders import Step

_WIDTH = 72
_SUBJECTS = {
    Step.DUE_TOMORROW: "Due on {day}: case {case}",
    Step.DUE_TODAY: "Due today: case {case}",
    Step.OVERDUE: "Overdue since {day}: case {case}",
}
_SENTENCES = {
    Step.DUE_TOMORROW: "This is due by the end of {day}:",
    Step.DUE_TODAY: "This is due by the end of today, {day}:",
    Step.OVERDUE: "This was due by the end of {day} and has not been recorded as done:",
}
_BODY = """{sentence}

    {title}
    Right {right} of the Victims' Code
    Case {case}

{what_to_do}

{because}
"""
_WHAT_TO_DO = (
    "Open the case in victimcare to see why it is due on that day and how the victim may be contacted safely. "
    "If it has been done, record it there."
)
_BECAUSE = "You receive this because you are the {role}. Nobody reads answers to this message."
_HOLDER = "case officer"
_SUPERVISOR = "supervisor on duty of the case officer's team, or stand in for the case officer"


def reminder(step: Step, *, case_ref: str, title: str, right: int, due_on: date, to_holder: bool) -> tuple[str, str]:
    """Subject and body of a reminder. `title` is the rule's, in the Code's words."""
    day = in_words(due_on)
    body = _BODY.format(
        sentence=fill(_SENTENCES[step].format(day=day), _WIDTH),
        title=title,
        right=right,
        case=case_ref,
        what_to_do=fill(_WHAT_TO_DO, _WIDTH),
        because=fill(_BECAUSE.format(role=_HOLDER if to_holder else _SUPERVISOR), _WIDTH),
    )
    return _SUBJECTS[step].format(day=day, case=case_ref), body


_ALERTS = {
    Alert.OPENED: (
        "Emergency access: case {case}",
        "Somebody whose case this is not opened it in an emergency. It is open to them for an hour at most, and waits "
        "for a review.",
    ),
    Alert.REFUSED: (
        "Emergency access refused: case {case}",
        "Somebody tried to open this case in an emergency, or to go further than that allows, and was refused.",
    ),
    Alert.UNREVIEWED: (
        "Emergency access not reviewed: case {case}",
        "This case was opened in an emergency, and nobody has reviewed in time whether that was justified.",
    ),
}
_ALERT = """{sentence}

    Case {case}

{what_to_do}

{because}
"""
_SEE = "Privacy reviewers see who it was, when and why in victimcare, and say whether it was justified."
_TOLD = (
    "You receive this because you are a supervisor of the case's team or a privacy reviewer. "
    "Nobody reads answers to this message."
)


def alert(kind: Alert, *, case_ref: str) -> tuple[str, str]:
    """Subject and body of what others are told of emergency access: a reference only."""
    subject, sentence = _ALERTS[kind]
    body = _ALERT.format(
        sentence=fill(sentence, _WIDTH), case=case_ref, what_to_do=fill(_SEE, _WIDTH), because=fill(_TOLD, _WIDTH)
    )
    return subject.format(case=case_ref), body
