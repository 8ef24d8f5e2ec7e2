"""A victim who has heard enough opts out of everything, and weeks later wants to hear again."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, INTERVAL, Story, Victim

pytestmark = pytest.mark.slow

ARREST = "Tell the victim: suspect arrested (Suspect 1)"
BAIL = "Tell the victim: police bail (Suspect 1)"
CHARGE = "Tell the victim: suspect charged (Suspect 1)"


def test_a_victim_who_opts_out_and_back_in(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    desk.casework.service("Example Support")

    officer = story.on("1 June 2026")
    [ref] = officer.records_a_crime("40/1003/26", "Robbery", Victim("Jay Sample"))
    officer.assesses_needs()
    officer.adds("Address", "3 Example Street\nLU1 1AA")
    officer.adds("E-mail", "jay.sample@example.org")
    officer.tells_the_first_things()
    officer.refers_to("Example Support")
    officer.chooses("Every two weeks")
    officer.records("Suspect arrested", "1 June 2026", new="Suspect 1")
    assert officer.owes() == {INTERVAL, ARREST}

    officer = story.on("3 June 2026", ref=ref)
    officer.reaches_them(ARREST)
    officer.chooses("Not at all")
    assert officer.owes() == set()

    officer = story.on("10 June 2026", ref=ref)
    officer.records("Suspect released on police bail", "10 June 2026", of="Suspect 1")
    assert officer.stands("Declined", BAIL)
    assert officer.owes() == set()
    assert "The victim chose not to hear at all" in officer.opens("/contacts/new").inner_text("main")

    officer = story.on("24 June 2026", ref=ref)
    officer.reaches_them()
    officer.chooses("Only when there is news")
    officer.records("Suspect charged", "24 June 2026", of="Suspect 1", until_court="custody")
    assert officer.owes() == {CHARGE}, "what they did not want to hear is not owed again"

    officer = story.on("25 June 2026", ref=ref)
    officer.records("Opted out", "25 June 2026", scope="right:7", reason="not_now")
    officer.reaches_them(CHARGE)
    victim = officer.opens("/victim").inner_text("main")
    assert "Opted out of: Victim Personal Statement, 25 June 2026" in victim
    assert "Opted out of: Everything the Code offers, 3 June 2026 until 24 June 2026" in victim
    assert officer.stands("Met", *AT_FIRST, ARREST, CHARGE)
    assert officer.stands("Declined", BAIL)
    assert officer.owes() == set()
