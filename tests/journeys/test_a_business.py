"""A shop is stolen from: the person whom it named is told, and the thief is dealt with out of court."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, REFER, Story, Victim

pytestmark = pytest.mark.slow

INTERVIEWED = "Tell the victim: suspect interviewed under caution (Suspect 1)"
DISPOSAL = "Tell the victim: out-of-court disposal (Suspect 1)"


def test_a_business(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    shop = Victim("Example Corner Shop", basis="Business or charity", contact="Robin Sample")

    officer = story.on("1 June 2026")
    officer.records_a_crime("40/1002/26", "Shoplifting", shop)
    ref = officer.ref
    case = officer.opens().inner_text("main")
    assert "Its named contact" in case
    assert "Born" not in case
    victim = officer.opens("/victim").inner_text("main")
    assert "Named contact of the business" in victim
    assert "Assess their needs" not in victim
    officer.adds("Address", "2 Example Street\nLU1 1AA")
    officer.tells_the_first_things()
    officer.reaches_them()
    officer.records("Referral declined", "1 June 2026", reason="")
    assert officer.stands("Declined", REFER)
    assert officer.owes() == set()

    officer = story.on("4 June 2026", ref=ref)
    officer.records("Suspect interviewed under caution", "3 June 2026", new="Suspect 1")
    officer.records("Victim's views sought", "4 June 2026", about="out_of_court", views_given="yes")
    officer.records("Compensation explained", "4 June 2026", scheme="court")
    officer.writes_and_posts("A suspect was interviewed", INTERVIEWED)

    officer = story.on("18 June 2026", ref=ref)
    officer.records("Out-of-court disposal", "9 June 2026", of="Suspect 1", decided_by="police", outcome_type="8")
    assert "overdue by 2 working days" in officer.duty(DISPOSAL)
    officer.reaches_them(DISPOSAL, by="In person")
    officer.records("Case closed", "18 June 2026")
    assert officer.stands("Met late", DISPOSAL)
    assert officer.stands("Met", *(AT_FIRST - {REFER}), INTERVIEWED)
    assert officer.owes() == officer.waits_for() == set()
