"""After the sentence: expenses, property, an appeal, the offender's parole, and a complaint, each to its last duty."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import Story, Victim, Worker

pytestmark = pytest.mark.slow

PAY = "Pay the victim's expenses (Claim 1)"
APPEAL = "Tell the victim: news of an appeal (Appeal 1)"
REFER_TO_VCS = "Refer the victim to the Victim Contact Scheme (Hearing 1)"
LIAISON = "Victim liaison officer's first contact"
ACKNOWLEDGE = "Acknowledge or answer the victim's complaint (Complaint 1)"


def test_what_comes_after_the_sentence_is_carried_to_its_end(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    officer = story.on("1 June 2026")
    officer.records_a_crime("40/7001/26", "Robbery", Victim("Juniper Example"))
    ref = officer.ref
    is_sentenced(officer)
    gets_property_back(story.on("3 June 2026", ref=ref))
    is_paid_expenses(story.on("4 June 2026", ref=ref))
    hears_of_an_appeal(story.on("8 June 2026", ref=ref))
    hears_of_parole(story.on("1 July 2026", ref=ref))
    complains(story.on("2 July 2026", ref=ref))


def is_sentenced(officer: Worker) -> None:
    on = "1 6 2026"
    officer.records("Suspect arrested", on, new="Suspect 1")
    officer.records("Suspect charged", on, of="Suspect 1")
    officer.records("Property held", on, new="Bicycle")
    officer.records("Hearing listed", on, new="Hearing 1", hearing_on=on, hearing_type="trial")
    officer.records("Required to give evidence", on, of="Hearing 1")
    officer.records("Outcome of the case", on, of="Hearing 1", outcome="guilty")
    officer.records("Sentence", on, of="Hearing 1", specified_offence="yes", custody_months="24", hospital_order="no")
    assert {REFER_TO_VCS, "Tell the victim: sentence (Hearing 1)"} <= officer.waits_for()
    assert "Ask the Attorney General to review the sentence (Hearing 1)" in officer.page.inner_text("main")


def gets_property_back(officer: Worker) -> None:
    officer.records("Property returned", "3 6 2026", of="Bicycle")


def is_paid_expenses(officer: Worker) -> None:
    officer.records("Expenses claimed", "2 6 2026", new="Claim 1")
    assert PAY not in officer.waits_for()  # nothing is owed until the claim is complete
    officer.records("Expenses claim complete", "3 6 2026", of="Claim 1", as_witness="yes")
    assert PAY in officer.waits_for()
    officer.does(PAY, "4 6 2026")
    assert officer.stands("Met", PAY)


def hears_of_an_appeal(officer: Worker) -> None:
    officer.records("Appeal lodged", "5 6 2026", new="Appeal 1")
    officer.records("News of an appeal", "8 6 2026", of="Appeal 1", step="hearing")
    assert APPEAL in officer.waits_for()
    officer.reaches_them(APPEAL)
    assert officer.stands("Met", APPEAL)


def hears_of_parole(officer: Worker) -> None:
    officer.does(REFER_TO_VCS, "9 6 2026")
    assert LIAISON in officer.waits_for()
    officer.does(LIAISON, "10 6 2026")
    officer.records("News of the offender", "30 6 2026", step="parole")
    officer.records("Licence conditions asked for", "1 7 2026")
    officer.records("Licence conditions decided", "1 7 2026", result="set")
    assert officer.stands("Met", REFER_TO_VCS, LIAISON)


def complains(officer: Worker) -> None:
    officer.records("Complaint made", "1 7 2026", new="Complaint 1", complained_of="police")
    assert ACKNOWLEDGE in officer.owes()
    officer.does(ACKNOWLEDGE, "2 7 2026")
    officer.records("Complaint answered", "2 7 2026", of="Complaint 1")
    assert ACKNOWLEDGE not in officer.owes()
    assert officer.stands("Met", ACKNOWLEDGE)
