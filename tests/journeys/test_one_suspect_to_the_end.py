"""One suspect from arrest to the Victim Contact Scheme: each step chosen from what the page offers first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk, SignIn
from tests.web.casework import MONDAY

LATE = MONDAY - timedelta(days=14)


class Officer:
    """Somebody who records what happens to one case, one thing after another, on the days given."""

    def __init__(self, page: Page, desk: Desk, ref: str) -> None:
        self.page, self.desk, self.ref = page, desk, ref

    def records(self, title: str, on: str, *, of: str = "", new: str = "", **answers: str) -> None:
        """Choose it from what is offered first, say when, of whom, and the rest by the labels of the page."""
        page = self.page
        page.goto(f"{self.desk.address}/cases/{self.ref}/events")
        offered = page.locator("main .app-columns").first
        expect(offered).to_be_visible()
        whose = re.escape(f"({of})") if of else ""
        offered.get_by_role("link", name=re.compile(rf"^{title}\s*{whose}$")).first.click()
        page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
        self.dates(on)
        if new:
            another = page.locator("#subject-another")
            if another.count():
                another.check()
                page.fill("#another_subject", new)
            else:
                page.fill("#subject", new)
        elif of:
            expect(page.get_by_label(of, exact=True)).to_be_checked()
        for label, value in answers.items():
            self.answers(label, value)
        page.get_by_role("button", name="Record", exact=True).click()
        page.wait_for_url("**?recorded=*")

    def dates(self, on: str) -> None:
        day, month, year = on.split()
        for field in ("happened_on", "received_on"):
            if self.page.locator(f"#{field}-day").count():
                for part, value in (("day", day), ("month", month), ("year", year)):
                    self.page.fill(f"#{field}-{part}", value)

    def answers(self, name: str, value: str) -> None:
        field = self.page.locator(f"[name=detail_{name}]")
        if field.count() == 0:
            for part, typed in zip(("day", "month", "year"), value.split(), strict=True):
                self.page.fill(f"#detail_{name}-{part}", typed)
        elif field.first.get_attribute("type") == "radio":
            self.page.check(f"[name=detail_{name}][value={value}]")
        else:
            field.fill(value)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_one_suspect_from_arrest_to_the_victim_contact_scheme(desk: Desk, sign_in: SignIn, javascript: bool) -> None:
    ref = desk.casework.case("Wren Sample", at=LATE)
    officer = Officer(sign_in("officer", javascript=javascript), desk, ref)
    page = officer.page
    officer.records("Suspect arrested", "5 May 2026", new="Suspect 1")
    officer.records("Suspect interviewed under caution", "5 May 2026", of="Suspect 1")
    officer.records("Suspect released on police bail", "5 May 2026", of="Suspect 1")
    officer.records("Bail conditions changed", "6 May 2026", of="Suspect 1")
    officer.records("Suspect charged", "7 May 2026", of="Suspect 1", until_court="conditions")
    officer.records("Hearing listed", "7 May 2026", new="Hearing 1", hearing_on="12 May 2026", hearing_type="first")
    officer.records("Plea", "12 May 2026", of="Hearing 1", plea="not_guilty")
    officer.records("Hearing listed", "13 May 2026", new="Hearing 2", hearing_on="18 May 2026", hearing_type="trial")
    officer.records("Required to give evidence", "13 May 2026", of="Hearing 2")
    officer.records("Special measures asked for", "14 May 2026", of="Hearing 2")
    officer.records("Hearing adjourned or relisted", "15 May 2026", of="Hearing 2", hearing_on="20 May 2026")
    officer.records("Trial started", "20 May 2026", of="Hearing 2")
    officer.records("Outcome of the case", "20 May 2026", of="Hearing 2", outcome="guilty")
    details = {"specified_offence": "yes", "custody_months": "24", "hospital_order": "no"}
    officer.records("Sentence", "21 May 2026", of="Hearing 2", **details)
    assert "Ask the Attorney General to review the sentence (Hearing 2)" in page.inner_text("main")
    officer.records("Referred to the Victim Contact Scheme", "22 May 2026")
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
