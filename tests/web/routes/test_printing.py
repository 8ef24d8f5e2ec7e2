"""What is printed: what was promised and done, who printed it, and never a place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from victimcare.domain.event_kinds import EventKind

LATE = MONDAY - timedelta(days=14)


def printed(casework: Casework, ref: str, what: str) -> Page:
    return casework.page(casework.site.sign_in(), f"/cases/{ref}/print/{what}")


def test_the_victims_record_says_what_was_promised_by_when_and_what_was_done(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=LATE)
    casework.record(ref, EventKind.CONTACT_MADE, LATE + timedelta(days=1), channel="phone")
    page = printed(casework, ref, "record")
    assert "Send the victim written confirmation" in page.text
    assert "Overdue" in page.text
    assert "5 May 2026 at 10:00am" in page.text
    assert "Printed by Example Officer, 22 May 2026 at 10:30am" in page.text
    assert "for the victim, and for nobody else" in page.text


@pytest.mark.parametrize("what", ["record", "summary"])
def test_it_is_a_disclosure_of_that_case_and_its_title_tells_no_name(casework: Casework, what: str) -> None:
    ref = casework.case("Wren Canary")
    page = printed(casework, ref, what)
    assert "Canary" not in page.title
    assert ref in page.title
    assert [row for row in casework.site.audit() if row[0] == "disclosure" and row[2] == "officer"]


@pytest.mark.parametrize("what", ["", "/record", "/summary"])
def test_nobody_prints_a_case_that_is_not_theirs(casework: Casework, what: str) -> None:
    ref = casework.case("Wren Sample")
    for who, status in (("colleague", 404), ("stranger", 404), ("supervisor", 200), ("board", 403)):
        assert casework.site.sign_in(who).get(f"/cases/{ref}/print{what}").status_code == status, who


@pytest.mark.parametrize("what", ["record", "summary"])
def test_no_place_is_on_it(casework: Casework, what: str) -> None:
    ref = casework.case("Wren Sample", area="CANARYAREA")
    officer = casework.site.sign_in()
    path = f"/cases/{ref}/notes"
    form = casework.page(officer, path).form(path)
    asked = Page(officer.post(path, form.filled(words="Moved to LU1 2AB CANARYNOTE")).text).form(path)
    officer.post(path, {**asked.filled(), "location": "keep", "form_key": "another"})
    officer.post(path, form.filled(words="Prefers mornings", form_key="a third"))
    page = printed(casework, ref, what)
    for canary in ("CANARYAREA", "CANARYNOTE", "LU1"):
        assert canary not in page.html
    assert ("Prefers mornings" in page.text) is (what == "summary")
