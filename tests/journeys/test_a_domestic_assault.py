"""A domestic assault: where she is stays hidden, one suspect is let go, the other is sentenced."""

from __future__ import annotations

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, REFER, Story, Victim

FIRST, SECOND = "(Suspect 1)", "(Suspect 2)"
ARRESTS = [f"Tell the victim: suspect arrested {whose}" for whose in (FIRST, SECOND)]
BAIL = f"Tell the victim: police bail {FIRST}"
RELEASE = f"Tell the victim: suspect released without charge {SECOND}"
NO_PROSECUTION = f"Tell the victim: police will not prosecute, and why {SECOND}"
CHARGE = f"Tell the victim: suspect charged {FIRST}"
HEARING = "Tell the victim: hearing date (Hearing 1)"
EVIDENCE = "Tell the victim: they must give evidence (Hearing 1)"
RESULTS = [f"Tell the victim: {what} (Hearing 1)" for what in ("outcome of the case", "sentence")]
LENIENT = "Tell the victim: unduly lenient sentence scheme (Hearing 1)"
VCS = "Refer the victim to the Victim Contact Scheme (Hearing 1)"
LIAISON = "Victim liaison officer's first contact"


def test_a_domestic_assault_with_a_protected_location(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in, javascript=True)
    desk.casework.service("Example Refuge", needs=frozenset({"domestic_abuse"}), specialisms=frozenset())

    control = story.on("1 June 2026", who="officer")
    [ref] = control.records_a_crime(
        "40/1008/26", "Violence and sexual offences", Victim("Wren Sample"), trained="Domestic abuse"
    )
    supervisor = story.also("supervisor", ref)
    supervisor.hands_over(ref, to="colleague", because="the nearest to the training")
    supervisor.protects_the_location("colleague", because="The suspects are looking for her")
    assert "alone may reach this victim" in supervisor.opens("/contacts/new").inner_text("main")

    officer = story.also("colleague", ref)
    officer.adds("Telephone", "07700 900129", times="Weekdays after 4pm", if_another="Wrong number, sorry")
    officer.assesses_needs("Domestic abuse")
    officer.reaches_them(*(AT_FIRST - {REFER}), by="In person")
    officer.records("Support needs asked", "1 June 2026", domestic_abuse="yes")
    officer.refers_to("Example Refuge", "I offered a specialist service", "I tell the service so")
    for number in (1, 2):
        officer.records("Suspect arrested", "1 June 2026", new=f"Suspect {number}")
    officer.reaches_them(*ARRESTS)

    officer = story.on("2 June 2026", ref=ref)
    officer.records("Suspect released on police bail", "2 June 2026", of="Suspect 1")
    officer.records("Suspect released without charge", "2 June 2026", of="Suspect 2")
    officer.records("Police decided not to prosecute", "2 June 2026", of="Suspect 2")
    officer.confirms_the("Telephone 1")
    officer.reaches_them(BAIL, RELEASE, NO_PROSECUTION)
    officer.records("Suspect charged", "2 June 2026", of="Suspect 1", until_court="custody")
    officer.confirms_the("Telephone 1")
    officer.reaches_them(CHARGE)

    officer = story.on("9 June 2026", ref=ref)
    officer.records("Hearing listed", "9 June 2026", new="Hearing 1", hearing_on="6 7 2026", hearing_type="trial")
    officer.records("Required to give evidence", "9 June 2026", of="Hearing 1")
    officer.records("Special measures asked for", "9 June 2026", of="Hearing 1")
    officer.reaches_them(HEARING, EVIDENCE)
    officer.records("Special measures decided", "9 June 2026", of="Hearing 1", result="granted")

    officer = story.on("8 July 2026", ref=ref)
    officer.records("Trial started", "6 July 2026", of="Hearing 1")
    officer.records("Outcome of the case", "8 July 2026", of="Hearing 1", outcome="guilty")
    officer.records("Sentence", "8 July 2026", of="Hearing 1", custody_months="24", specified_offence="yes")
    officer.reaches_them(*RESULTS, LENIENT)
    officer.does(VCS, "8 July 2026")
    assert officer.waits_for() == {LIAISON}

    officer = story.on("20 July 2026", ref=ref)
    officer.does(LIAISON, "17 July 2026")
    officer.records("Case closed", "20 July 2026")
    told = (*ARRESTS, BAIL, RELEASE, NO_PROSECUTION, CHARGE, HEARING, EVIDENCE, *RESULTS, LENIENT, VCS, LIAISON)
    assert officer.stands("Met", *AT_FIRST, *told)
    assert officer.owes() == officer.waits_for() == set()
