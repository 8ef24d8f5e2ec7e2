"""The words of notices about duties."""

from datetime import date, timedelta

import pytest

from victimcare.domain.ladder import Told
from victimcare.domain.reminders import Recipient
from victimcare.domain.watches import Watch
from victimcare.notices.texts import DigestEntry, Owed, digest, reminder

DUE_ON = date(2026, 6, 1)
ARREST = Owed("Tell the victim: arrest", 6)


def said(who: Recipient, days: int = 0, owed: Owed = ARREST) -> tuple[str, str]:
    subject, body = reminder(
        who,
        case_ref="ABC",
        owed=owed,
        due_on=DUE_ON,
        today=DUE_ON + timedelta(days=days),
    )
    assert max(map(len, body.splitlines())) <= 72
    return subject, " ".join(body.split())


@pytest.mark.parametrize(
    ("days", "subject", "sentence"),
    [
        (-1, "Due on Monday 1 June 2026: case ABC", "This is due by the end of Monday 1 June 2026:"),
        (0, "Due today: case ABC", "This is due by the end of today, Monday 1 June 2026:"),
        (
            1,
            "Overdue since Monday 1 June 2026: case ABC",
            "This was due by the end of Monday 1 June 2026 and has not been recorded as done:",
        ),
    ],
)
def test_a_reminder_says_what_is_owed_and_by_when(days: int, subject: str, sentence: str) -> None:
    heading, body = said(Recipient("ash", Told.OFFICER), days)
    assert heading == subject
    assert body.startswith(sentence)
    assert "Tell the victim: arrest" in body


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (Recipient("ash", Told.OFFICER), "You receive this as the case officer."),
        (
            Recipient("birch", Told.OFFICER, in_place=True, away=True),
            "You receive this in place of the case officer, who is away.",
        ),
        (Recipient("elm", Told.SUPERVISOR), "You receive this as the supervisor on duty of the case's team."),
        (
            Recipient("gorse", Told.SUPERVISOR, in_place=True, away=True),
            "You receive this in place of the supervisor on duty of the case's team, who is away.",
        ),
        (
            Recipient("gorse", Told.SUPERVISOR, in_place=True),
            "You receive this in place of the supervisor on duty of the case's team.",
        ),
        (Recipient("fir", Told.NEXT_SUPERVISOR), "You receive this as the supervisor above the case's team."),
        (
            Recipient(None, Told.SUPERVISOR, in_place=True, away=True),
            "This was for the supervisor on duty of the case's team, who is away.",
        ),
    ],
)
def test_it_says_why_one_receives_it_and_in_whose_place(who: Recipient, why: str) -> None:
    assert why in said(who, 1)[1]


def test_whoever_cannot_open_the_case_is_told_whom_to_ask() -> None:
    assert "Open the case" in said(Recipient("elm", Told.SUPERVISOR))[1]
    assert "Ask the team what stands in the way." in said(Recipient("fir", Told.NEXT_SUPERVISOR))[1]
    assert "Nobody who should hear of this is here." in said(Recipient(None, Told.OFFICER, True))[1]


@pytest.mark.parametrize("watch", Watch)
def test_of_a_watch_it_says_that_it_is_the_policy_of_the_force_and_not_of_the_code(watch: Watch) -> None:
    _, body = said(Recipient("ash", Told.OFFICER), owed=Owed(watch.in_words))
    assert "Policy of your force, not the Victims' Code" in body
    assert watch.in_words in body
    assert "Right" not in body


def test_a_digest_breaks_no_reference_in_two() -> None:
    officer = Recipient("ash", Told.OFFICER)
    refs = [f"{'ABCDEFGHJK'[n]}{'X' * (n % 4 + 2)}-QQQQQ" for n in range(10)]
    _, body = digest([DigestEntry(officer, ref, DUE_ON) for ref in refs], today=DUE_ON)
    assert [ref for ref in refs if ref not in body] == []
