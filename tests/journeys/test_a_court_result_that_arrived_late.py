"""The court is late with its result: that is counted against the court, and the victim is told in time all the same."""

from __future__ import annotations

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, REFER, Story, Victim

CHARGE = "Tell the victim: suspect charged (Suspect 1)"
HEARING = "Tell the victim: hearing date (Hearing 1)"
FROM_COURT = "Court to Witness Care Unit: outcome or sentence (Hearing 1)"
OUTCOME = "Tell the victim: outcome of the case (Hearing 1)"


def test_a_court_result_that_arrived_late(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    desk.casework.service("Example Support")

    officer = story.on("1 June 2026")
    [ref] = officer.records_a_crime("40/1004/26", "Criminal damage and arson", Victim("Robin Sample"))
    officer.assesses_needs()
    officer.adds("Address", "4 Example Street\nLU1 1AA")
    officer.tells_the_first_things()
    officer.refers_to("Example Support")
    officer.records("Suspect charged", "1 June 2026", new="Suspect 1", until_court="summons")
    officer.confirms_the("Address 1")
    officer.writes_and_posts("A suspect was charged", CHARGE)

    officer = story.on("2 June 2026", ref=ref)
    officer.records("Hearing listed", "2 June 2026", new="Hearing 1", hearing_on="8 6 2026", hearing_type="trial")
    assert officer.waits_for() == {FROM_COURT, HEARING}
    officer.reaches_them(HEARING)
    assert officer.stands("Not started", FROM_COURT), "its clock starts on the day of the hearing"

    officer = story.on("18 June 2026", ref=ref)
    assert "Nothing heard yet: ask them" in officer.duty(FROM_COURT)
    assert officer.owes() == set(), "the police owe nothing that only the court can tell"
    officer.records("Outcome of the case", "8 June 2026", of="Hearing 1", outcome="not_guilty", received_on="18 6 2026")
    assert officer.stands("Met late", FROM_COURT)
    assert "due Friday 19 June 2026" in officer.duty(OUTCOME), "counted from the day on which the news came"

    officer = story.on("19 June 2026", ref=ref)
    officer.reaches_them(OUTCOME)
    officer.records("Case closed", "19 June 2026")
    journey = officer.opens("/journey").inner_text("main")
    assert "Due by the end of Monday 15 June 2026" in journey
    assert officer.stands("Met", *AT_FIRST, REFER, CHARGE, HEARING, OUTCOME)
    assert officer.owes() == officer.waits_for() == set()
