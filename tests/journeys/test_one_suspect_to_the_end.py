"""One suspect from arrest to the Victim Contact Scheme: each step chosen from what the page offers first."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.officer import Worker
from tests.web.casework import MONDAY

LATE = MONDAY - timedelta(days=14)


def test_one_suspect_from_arrest_to_the_victim_contact_scheme(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = desk.casework.case("Wren Sample", at=LATE)
    officer = Worker(sign_in("officer", javascript=javascript), desk, ref)
    page = officer.page
    officer.records("Suspect arrested", "5 5 2026", new="Suspect 1")
    officer.records("Suspect interviewed under caution", "5 5 2026", of="Suspect 1")
    officer.records("Suspect released on police bail", "5 5 2026", of="Suspect 1")
    officer.records("Bail conditions changed", "6 5 2026", of="Suspect 1")
    officer.records("Suspect charged", "7 5 2026", of="Suspect 1", until_court="conditions")
    officer.records("Hearing listed", "7 5 2026", new="Hearing 1", hearing_on="12 5 2026", hearing_type="first")
    officer.records("Plea", "12 5 2026", of="Hearing 1", plea="not_guilty")
    officer.records("Hearing listed", "13 5 2026", new="Hearing 2", hearing_on="18 5 2026", hearing_type="trial")
    officer.records("Required to give evidence", "13 5 2026", of="Hearing 2")
    officer.records("Special measures asked for", "14 5 2026", of="Hearing 2")
    officer.records("Hearing adjourned or relisted", "15 5 2026", of="Hearing 2", hearing_on="20 5 2026")
    officer.records("Trial started", "20 5 2026", of="Hearing 2")
    officer.records("Outcome of the case", "20 5 2026", of="Hearing 2", outcome="guilty")
    details = {"specified_offence": "yes", "custody_months": "24", "hospital_order": "no"}
    officer.records("Sentence", "21 5 2026", of="Hearing 2", **details)
    assert "Ask the Attorney General to review the sentence (Hearing 2)" in page.inner_text("main")
    officer.records("Referred to the Victim Contact Scheme", "22 5 2026")
    page.goto(f"{desk.address}/cases/{ref}/journey")
    stages = page.get_by_role("list", name="Stages of the journey").get_by_role("listitem").all_inner_texts()
    assert [stage.split("\n")[:2] for stage in stages] == [
        ["Report", "4 May 2026"],
        ["Investigation", "5 May 2026"],
        ["Decision", "7 May 2026"],
        ["Court", "7 May 2026"],
        ["Outcome", "20 May 2026"],
        ["After the outcome", "22 May 2026"],
    ]
    assert "Today, 22 May 2026" in stages[-1]
    page.get_by_label("Show", exact=True).select_option(label="Duties met or missed only")
    page.get_by_role("button", name="Apply", exact=True).click()
    missed = "Due by the end of Tuesday 12 May 2026: missed, and still owed."
    expect(page.locator(".moj-timeline__item", has_text="suspect arrested (Suspect 1)")).to_contain_text(missed)
