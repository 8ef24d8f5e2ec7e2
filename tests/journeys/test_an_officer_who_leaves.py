"""A case officer leaves: their supervisor hands the case over, and the next officer carries it to its end."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import AT_FIRST, INTERVAL, Story, Victim

pytestmark = pytest.mark.slow

ARREST = "Tell the victim: suspect arrested (Suspect 1)"
RELEASE = "Tell the victim: suspect released without charge (Suspect 1)"
NO_PROSECUTION = "Tell the victim: police will not prosecute, and why (Suspect 1)"


def test_an_officer_who_leaves(desk: Desk, sign_in: SignIn) -> None:
    story = Story(desk, sign_in)
    desk.casework.service("Example Support")

    leaving = story.on("1 June 2026", who="colleague")
    [ref] = leaving.records_a_crime("40/1005/26", "Theft from the person", Victim("Linnet Sample"))
    leaving.assesses_needs("Physical disability or disorder")
    leaving.adds("Telephone", "07700 900125", times="Mornings", if_another="Ask for Linnet, say nothing else")
    leaving.adds("Address", "5 Example Street\nLU1 1AA")
    leaving.tells_the_first_things()
    leaving.refers_to("Example Support")
    leaving.chooses("Every week")
    leaving.records("Suspect arrested", "1 June 2026", new="Suspect 1")
    leaving.writes_a_note("She prefers to be rung before noon. Do not ask again what was taken.")

    supervisor = story.on("5 June 2026", who="supervisor")
    supervisor.hands_over(ref, to="officer", because="leaves the force")
    left = story.also("colleague", ref)
    assert left.opens().get_by_role("heading", level=1).inner_text() == "There is no such case"
    assert "Linnet" not in left.page.inner_text("body")

    new = story.also("officer", ref)
    assert new.page.locator("#overdue tr", has_text=ref).count() == 1
    assert new.owes() == {ARREST, INTERVAL}
    assert "Do not ask again what was taken" in new.opens("/notes").inner_text("main")
    assert "Ask for Linnet" in new.opens("/contacts/new").inner_text("main")
    new.reaches_them(ARREST)
    assert new.stands("Met late", ARREST)

    new = story.on("9 June 2026", who="officer", ref=ref)
    new.records("Suspect released without charge", "9 June 2026", of="Suspect 1")
    new.records("Police decided not to prosecute", "9 June 2026", of="Suspect 1")
    new.reaches_them(RELEASE, NO_PROSECUTION)
    new.records("Review requested", "9 June 2026", of="Suspect 1", scheme="police")
    new.records("Review decided", "9 June 2026", of="Suspect 1", scheme="police", result="stands")
    new.reaches_them()
    new.chooses("Only when there is news")
    new.records("Case closed", "9 June 2026")
    assert new.stands("Met", *AT_FIRST, RELEASE, NO_PROSECUTION)
    assert new.owes() == new.waits_for() == set()
