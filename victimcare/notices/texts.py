"""The words of notices: a case reference, what is owed, its day. Never a victim's name, never a place."""

from __future__ import annotations

from datetime import date

from victimcare.domain.explanation import in_words
from victimcare.domain.reminders import Step

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

Open the case in victimcare to see why it is due on that day, to whom it is owed and how they may be contacted
safely. If it has been done, record it there.

You receive this because {because}. Nobody reads answers to this message.
"""
_BECAUSE_HOLDER = "you are the case officer"
_BECAUSE_SUPERVISOR = "you are the supervisor on duty of the case officer's team"


def reminder(step: Step, *, case_ref: str, title: str, right: int, due_on: date, to_holder: bool) -> tuple[str, str]:
    """Subject and body of a reminder. `title` is the rule's, in the Code's words."""
    day = in_words(due_on)
    body = _BODY.format(
        sentence=_SENTENCES[step].format(day=day),
        title=title,
        right=right,
        case=case_ref,
        because=_BECAUSE_HOLDER if to_holder else _BECAUSE_SUPERVISOR,
    )
    return _SUBJECTS[step].format(day=day, case=case_ref), body
