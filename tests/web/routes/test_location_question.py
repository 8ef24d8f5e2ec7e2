"""Wherever somebody writes about people, what tells where the victim is gets asked about, and is for few to read."""

from __future__ import annotations

from typing import Any

from tests.web.casework import PEOPLE, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.commands.protect_location import protect_location

TELLING = "Lark, at LU1 2AB"
WITHHELD = "Not shown: it tells where the victim can be found"
GUARDIAN = {"name": TELLING, "told_as": "guardian", "is_suspect": "no", "tells": ["everything"]}
NEEDS = {"agency": "police", "stage": "report", "interpreter": "no", "supporter": TELLING}
EQUALITY = {"answer_religion": "recorded", "words_religion": TELLING}
CONTACT = {"reached": "yes", "channel": "phone", "note": TELLING}


def asked_about(casework: Casework, browser: Browser, page: str, action: str, **filled: Any) -> Any:
    """Send the form, be asked, go back, be asked again, and keep it: the answer to that."""
    form = casework.page(browser, page).form(action)
    before = casework.site.audit()
    asked = Page(browser.post(action, form.filled(**filled)).text)
    assert asked.title == "Before you continue - victimcare", action
    assert "looks as if it has a postcode in it" in asked.text
    again = asked.form(action).filled()
    back = browser.post(action, {**again, "location": "back"})
    assert (back.status_code, "LU1 2AB" in back.text, Page(back.text).errors()) == (200, True, [])
    assert [row for row in casework.site.audit() if row not in before and row[0] == "alteration"] == []
    return browser.post(action, {**again, "location": "keep"})


def test_names_reasons_and_words_of_their_own_are_asked_about(sqlite_casework: Casework) -> None:
    casework = sqlite_casework
    ref = casework.case()
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    path = f"/cases/{ref}"
    for page, action, filled in (
        ("/told", "/told", GUARDIAN),
        ("/equality", "/equality", EQUALITY),
        ("/contacts/new", "/contacts", CONTACT),
    ):
        kept = asked_about(casework, officer, path + page, path + action, **filled)
        assert kept.status_code == 303, action
    check = Page(asked_about(casework, officer, f"{path}/needs", f"{path}/needs", **NEEDS).text)
    recorded = officer.post(f"{path}/needs", {**check.form(f"{path}/needs").filled(), "step": "record"})
    assert recorded.status_code == 303, "asked once, not again on the page of what moves"
    picked = {"cases": [f"{ref}:officer"], "officer": "colleague", "why": TELLING}
    form = casework.page(supervisor, "/team/reassign").form("/team/reassign/plan").filled()
    asked = Page(supervisor.post("/team/reassign/plan", {**form, **picked}).text).form("/team/reassign/plan").filled()
    assert officer.get(path).status_code == 200, "nothing is handed over yet"
    assert TELLING in supervisor.post("/team/reassign/plan", {**asked, "location": "back"}).text
    plan = Page(supervisor.post("/team/reassign/plan", {**asked, "location": "keep"}).text).form("/team/reassign")
    assert supervisor.post("/team/reassign", plan.filled()).status_code == 200
    page = casework.page(casework.site.sign_in("colleague"), f"{path}/hand-over")
    assert f"Why: {TELLING}." in page.text
    assert TELLING not in casework.page(supervisor, f"{path}/journey").text


def test_an_address_line_of_any_of_the_cases_is_recognised(sqlite_casework: Casework) -> None:
    casework = sqlite_casework
    first, second = casework.case(), casework.case()
    browser, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    details = f"/cases/{second}/contact-details"
    form = casework.page(browser, f"{details}/new").form(details)
    browser.post(details, form.filled(kind="address", value="14 Invented Street\nSampleton", confirmed="yes"))
    form = casework.page(supervisor, "/team/reassign").form("/team/reassign/plan").filled()
    why = {"officer": "colleague", "why": "Seen outside 14 Invented Street"}
    cases = [f"{first}:officer", f"{second}:officer"]
    asked = Page(supervisor.post("/team/reassign/plan", {**form, "cases": cases, **why}).text)
    assert "a line of the victim’s address" in asked.text


def test_of_a_protected_location_nobody_but_the_custodian_reads_words_that_tell_it(sqlite_casework: Casework) -> None:
    casework = sqlite_casework
    ref = casework.case()
    path, officer = f"/cases/{ref}", casework.site.sign_in()
    for end, filled in (("/told", GUARDIAN), ("/equality", EQUALITY)):
        form = casework.page(officer, path + end).form(path + end)
        assert officer.post(path + end, {**form.filled(**filled), "location": "keep"}).status_code == 303
    with casework.site.database.writing() as connection:
        how = {"by": PEOPLE["supervisor"], "now": casework.site.clock.now, "vault": casework.vault}
        protect_location(connection, ref=ref, custodian_id="supervisor", reason="An invented reason", **how)
    custodian = casework.site.sign_in("supervisor")
    for end in ("/victim", "/equality"):
        assert TELLING in custodian.get(path + end).text
        assert TELLING not in officer.get(path + end).text
    assert WITHHELD in casework.page(officer, f"{path}/victim").text
    form = casework.page(officer, f"{path}/equality").form(f"{path}/equality")
    refused = Page(officer.post(form.action, form.filled()).text)
    assert refused.errors() == ["Choose a category or enter their own words"]
    assert officer.post(form.action, form.filled(category_religion="Any other religion")).status_code == 303
    assert TELLING in custodian.get(f"{path}/equality").text, "what they could not read, they did not take away"


def test_what_stands_for_good_tells_no_place(sqlite_casework: Casework) -> None:
    """Labels in the journey, the named contact of a business, why a location is protected."""
    casework = sqlite_casework
    ref = casework.case()
    path, officer, supervisor = f"/cases/{ref}", casework.site.sign_in(), casework.site.sign_in("supervisor")
    protection = f"{path}/contact-details/protection"
    reason = {"custodian": "officer", "reason": "She fled to LU1 2AB"}
    for browser, page, action, filled in (
        (officer, f"{path}/events/suspect_arrested", f"{path}/events/suspect_arrested", {"subject": TELLING}),
        (
            officer,
            f"{path}/contact-details/suspect",
            f"{path}/contact-details/suspect",
            {"suspect": TELLING, "kind": "other", "value": "Ask at the mill"},
        ),
        (supervisor, protection, protection, reason),
    ):
        answer = browser.post(action, casework.page(browser, page).form(action).filled(**filled))
        assert (answer.status_code, "must not tell a postcode" in Page(answer.text).text) == (422, True), action
    crime = {"crime_ref": "40/99/26", "crime_type": "Burglary", "area": "E01", "name_1": "Sample Stores"}
    form = casework.page(supervisor, "/crimes/new").form("/crimes")
    answer = supervisor.post("/crimes", {**form.filled(**crime), "basis_1": "business", "contact_1": TELLING})
    assert Page(answer.text).errors() == ["Named contact of the victim must not tell a postcode"]
