"""A child is hurt at home: the guardian who is a suspect is never told, the other is told everything."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, Story, Victim

pytestmark = pytest.mark.slow

INTERVIEWED = "Tell the victim: suspect interviewed under caution (Suspect 1)"
RELEASED = "Tell the victim: police bail (Suspect 1)"
CHARGE = "Tell the victim: suspect charged (Suspect 1)"
HEARING = "Tell the victim: hearing date (Hearing 1)"
OUTCOME = "Tell the victim: outcome of the case (Hearing 1)"
SENTENCE = "Tell the victim: sentence (Hearing 1)"
LENIENT = "Tell the victim: unduly lenient sentence scheme (Hearing 1)"


def test_a_child_victim(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    desk.casework.service("Example Young Support", needs=frozenset({"domestic_abuse", "emotional"}), age_to=17)

    control = story.on("1 June 2026", who="officer")
    child = Victim("Robin Sample", basis="Child victim of domestic abuse", born_on="14 2 2015")
    [ref] = control.records_a_crime("40/1006/26", "Violence and sexual offences", child)
    assert "held by the duty supervisor" in control.page.inner_text("main"), "nobody is trained for children"
    story.also("supervisor").hands_over(ref, to="colleague", because="the nearest to the training")

    officer = story.also("colleague", ref)
    officer.names("Wren Sample", "Parent or guardian")
    officer.names("Jay Sample", "Parent or guardian", suspect=True)
    assert "NOTHING, EVER: they are a suspect" in officer.page.inner_text("main")
    officer.assesses_needs("Domestic abuse")
    assert "due Tuesday 2 June 2026" in officer.duty("Send the victim written confirmation"), "enhanced rights"
    before_ringing = officer.opens("/contacts/new").inner_text("main")
    assert "Never tell Jay Sample anything: they are a suspect (parent or guardian)" in before_ringing
    assert "Told: Wren Sample (parent or guardian)" in before_ringing
    officer.adds("Telephone", "07700 900126", times="While school lasts", if_another="Ask for the class list")
    officer.adds("Address", "6 Example Street\nLU1 1AA")
    officer.tells_the_first_things()
    officer.records("Support needs asked", "1 June 2026", emotional="yes", domestic_abuse="yes")
    officer.refers_to(
        "Example Young Support",
        "A parent or guardian agreed, who is not the suspect",
        "I offered a specialist service, and they chose this one",
    )
    assert officer.stands("Met", *AT_FIRST)

    officer = story.on("3 June 2026", ref=ref)
    officer.records("Suspect interviewed under caution", "3 June 2026", new="Suspect 1")
    officer.records("Suspect released under investigation", "3 June 2026", of="Suspect 1")
    officer.opens("/contact-details")
    assert "Ask again" in officer.page.inner_text("main"), "news of a suspect ends what was safe"
    officer.confirms_the("Telephone 1")
    officer.reaches_them(INTERVIEWED, RELEASED)
    officer.records("Suspect charged", "3 June 2026", of="Suspect 1", until_court="conditions")
    officer.reaches_them(CHARGE)

    officer = story.on("10 June 2026", ref=ref)
    officer.records("Hearing listed", "9 June 2026", new="Hearing 1", hearing_on="16 6 2026", hearing_type="first")
    officer.reaches_them(HEARING)
    officer.assesses_needs("Domestic abuse", who="Witness Care Unit", stage="Before or during the trial")

    officer = story.on("17 June 2026", ref=ref)
    officer.records("Outcome of the case", "16 June 2026", of="Hearing 1", outcome="guilty_plea")
    sentence = {"custody_months": "6", "specified_offence": "yes", "hospital_order": "no"}
    officer.records("Sentence", "16 June 2026", of="Hearing 1", **sentence)
    assert officer.waits_for() == {OUTCOME, SENTENCE, LENIENT}, "too short for the Victim Contact Scheme"
    officer.reaches_them(OUTCOME, SENTENCE, LENIENT, by="In person")
    officer.hears_of_support("The service accepted", "Example Young Support")
    officer.hears_of_support("Support started", "Example Young Support")
    officer.records("Case closed", "17 June 2026")
    assert officer.stands("Met", INTERVIEWED, RELEASED, CHARGE, HEARING, OUTCOME, SENTENCE, LENIENT)
    assert officer.owes() == officer.waits_for() == set()
