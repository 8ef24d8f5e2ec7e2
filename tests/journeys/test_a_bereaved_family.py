"""A man is killed: his family chose a spokesperson, who is told for all of them, to the sentence and beyond."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, REFER, Story, Victim

pytestmark = pytest.mark.slow

ARREST = "Tell the victim: suspect arrested (Suspect 1)"
CHARGE = "Tell the victim: suspect charged (Suspect 1)"
HEARING = "Tell the victim: hearing date (Hearing 1)"
OUTCOME = "Tell the victim: outcome of the case (Hearing 1)"
SENTENCE = "Tell the victim: sentence (Hearing 1)"
LENIENT = "Tell the victim: unduly lenient sentence scheme (Hearing 1)"
VCS = "Refer the victim to the Victim Contact Scheme (Hearing 1)"
LIAISON = "Victim liaison officer's first contact"


def test_a_bereaved_family_with_a_spokesperson(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    desk.casework.service("Example Homicide Support", needs=frozenset({"bereavement"}))
    family = (
        Victim("Wren Sample", basis="Family spokesperson"),
        Victim("Linnet Sample", basis="Bereaved close relative"),
    )

    officer = story.on("1 June 2026")
    spokesperson, mother = officer.records_a_crime("40/1007/26", "Violence and sexual offences", *family)
    hers = story.also("colleague", mother)
    for theirs, number in ((officer, "07700 900127"), (hers, "07700 900128")):
        theirs.assesses_needs("Bereaved close relative")
        theirs.adds("Telephone", number)
        theirs.reaches_them(*(AT_FIRST - {REFER}), by="In person")
        theirs.refers_to("Example Homicide Support")
    hers.names("Wren Sample", "Family spokesperson")
    hers.records("Opted out", "1 June 2026", scope="all", reason="too_much")

    officer = story.on("2 June 2026", ref=spokesperson)
    officer.records("Suspect arrested", "2 June 2026", new="Suspect 1")
    officer.records("Suspect charged", "2 June 2026", of="Suspect 1", until_court="custody")
    officer.reaches_them(ARREST, CHARGE, by="In person")
    officer.records("Victim Personal Statement offered", "2 June 2026", point="report")
    hers = story.also("colleague", mother)
    assert hers.stands("Declined", ARREST, CHARGE), "her son is told for her"
    assert hers.owes() == set()

    officer = story.on("8 June 2026", ref=spokesperson)
    officer.records("Hearing listed", "8 June 2026", new="Hearing 1", hearing_on="20 7 2026", hearing_type="trial")
    officer.reaches_them(HEARING)
    officer.records("Victim Personal Statement taken", "8 June 2026", point="report", presented="victim")

    officer = story.on("23 July 2026", ref=spokesperson)
    officer.records("Trial started", "20 July 2026", of="Hearing 1")
    officer.records("Outcome of the case", "23 July 2026", of="Hearing 1", outcome="guilty")
    officer.records("Meeting with the CPS offered", "23 July 2026", about="sentence")
    officer.records("Sentence", "23 July 2026", of="Hearing 1", custody_months="240", specified_offence="yes")
    officer.reaches_them(OUTCOME, SENTENCE, LENIENT, by="In person")
    assert "until Thursday 20 August 2026" in officer.sees_the_case().inner_text("main"), "28 days to ask for a review"

    officer = story.on("24 July 2026", ref=spokesperson)
    assert officer.waits_for() == {VCS}
    officer.does(VCS, "24 July 2026")
    officer.does(LIAISON, "24 July 2026")
    officer.records("Case closed", "24 July 2026")
    assert officer.stands("Met", ARREST, CHARGE, HEARING, OUTCOME, SENTENCE, LENIENT, VCS, LIAISON)
    assert officer.owes() == officer.waits_for() == set()
    hers = story.also("colleague", mother)
    hers.records("Case closed", "24 July 2026")
    assert hers.owes() == hers.waits_for() == set()
