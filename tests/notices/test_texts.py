"""The words of reminders."""

from datetime import date

import pytest

from victimcare.domain.reminders import Step
from victimcare.notices.texts import reminder


@pytest.mark.parametrize(
    ("step", "subject", "sentence"),
    [
        (Step.DUE_TOMORROW, "Due on Monday 1 June 2026: case ABC", "This is due by the end of Monday 1 June 2026:"),
        (Step.DUE_TODAY, "Due today: case ABC", "This is due by the end of today, Monday 1 June 2026:"),
        (
            Step.OVERDUE,
            "Overdue since Monday 1 June 2026: case ABC",
            "This was due by the end of Monday 1 June 2026 and has not been recorded as done:",
        ),
    ],
)
def test_a_reminder_says_what_is_owed_and_by_when(step: Step, subject: str, sentence: str) -> None:
    said = reminder(
        step, case_ref="ABC", title="Tell the victim: arrest", right=6, due_on=date(2026, 6, 1), to_holder=True
    )
    assert said[0] == subject
    assert " ".join(said[1].split()).startswith(sentence)
    assert max(map(len, said[1].splitlines())) <= 72
    assert "Tell the victim: arrest" in said[1]


def test_it_says_why_one_receives_it() -> None:
    words = {"case_ref": "ABC", "title": "T", "right": 6, "due_on": date(2026, 6, 1)}
    assert "you are the case officer" in reminder(Step.OVERDUE, **words, to_holder=True)[1]  # type: ignore[arg-type]
    assert "supervisor on duty" in reminder(Step.OVERDUE, **words, to_holder=False)[1]  # type: ignore[arg-type]
