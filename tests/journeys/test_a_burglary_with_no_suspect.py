"""A burglary, and nobody is found: the victim is told everything, asks for property back, and the case is closed."""

from __future__ import annotations

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, INTERVAL, Story, Victim


def test_a_burglary_with_no_suspect(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    desk.casework.service("Example Support")

    desk_officer = story.on("1 June 2026", who="officer")
    [ref] = desk_officer.records_a_crime("40/1001/26", "Burglary", Victim("Wren Sample"))
    assert "You do not see this case" in desk_officer.page.inner_text("main")

    officer = story.on("2 June 2026", ref=ref)
    assert officer.owes() == AT_FIRST
    officer.assesses_needs()
    officer.adds("Address", "1 Example Street\nLU1 1AA")
    officer.adds("Telephone", "07700 900123", times="Weekdays after 4pm")
    officer.tells_the_first_things()
    officer.chooses("Every week")
    officer.refers_to("Example Support")
    assert officer.owes() == {INTERVAL}
    assert officer.stands("Met", *AT_FIRST)

    officer = story.on("9 June 2026", ref=ref)
    officer.tries()
    assert "Due today" in officer.duty(INTERVAL), "an attempt answers nothing"
    officer.hears_of_support("The service accepted", "Example Support")
    officer.hears_of_support("The service made contact", "Example Support")

    officer = story.on("10 June 2026", ref=ref)
    assert "overdue by 1 working day" in officer.duty(INTERVAL)
    officer.reaches_them()

    officer = story.on("15 June 2026", ref=ref)
    officer.records("Investigation closed, no suspect identified", "15 June 2026")
    officer.reaches_them()
    officer.chooses("Only when there is news")
    officer.records("Case closed", "15 June 2026")
    assert officer.owes() == officer.waits_for() == set()
