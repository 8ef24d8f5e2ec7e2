"""Notes: kept as they are, and asked about first where they tell where a victim can be found."""

from __future__ import annotations

import pytest

from tests.web.casework import Casework
from tests.web.page import Page

CLEAN, TELLING = "Asked what happens next.", "She stays at LU1 2AB,\nring 07700 900123"


def write(casework: Casework, ref: str, words: str, who: str = "officer") -> Page:
    """Send a note; the page after it."""
    browser = casework.site.sign_in(who)
    form = casework.page(browser, f"/cases/{ref}/notes").form(f"/cases/{ref}/notes")
    answer = browser.post(form.action, form.filled(words=words))
    return casework.page(browser, answer.headers["location"]) if answer.status_code == 303 else Page(answer.text)


def test_a_note_is_kept_newest_first_with_who_wrote_it(casework: Casework) -> None:
    ref = casework.case()
    assert "Done Note saved" in write(casework, ref, CLEAN).text
    casework.site.clock.forward(hours=1)
    page = write(casework, ref, "They rang back.\nAll is well.", "supervisor")
    assert "22 May 2026 at 11:30am, Example Supervisor They rang back. All is well. 22 May 2026 at 10:30am" in page.text
    assert ("alteration", "write note", "officer", "done") in casework.site.audit()


def test_what_tells_a_location_is_asked_about_and_kept_with_a_mark(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    path = f"/cases/{ref}/notes"
    form = casework.page(browser, path).form(path)
    asked = Page(browser.post(path, form.filled(words=TELLING)).text)
    assert asked.title == "Before you continue - victimcare"
    assert "looks as if it has a postcode, and a telephone number in it" in asked.text
    assert "No notes." in casework.page(browser, path).text
    again = asked.form(path)
    assert again.ticked("words") == [TELLING]
    back = Page(browser.post(path, {**again.filled(), "location": "back"}).text)
    assert (back.errors(), "LU1 2AB" in back.html) == ([], True)
    assert "No notes." in casework.page(browser, path).text
    assert browser.post(path, {**again.filled(), "location": "keep"}).status_code == 303
    kept = casework.page(browser, path)
    assert "Contains location She stays at LU1 2AB, ring 07700 900123" in kept.text
    assert browser.post(path, {**again.filled(), "location": "keep"}).status_code == 409


def test_the_lines_of_the_cases_own_address_are_recognised(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    details = f"/cases/{ref}/contact-details"
    form = casework.page(browser, f"{details}/new").form(details)
    browser.post(details, form.filled(kind="address", value="14 Invented Street\nSampleton", confirmed="yes"))
    assert "a line of the victim’s address" in write(casework, ref, "Seen again outside 14, Invented St.").text
    assert "Note saved" in write(casework, ref, "Seen again in a street in Sampleton").text


def test_a_mark_cannot_be_evaded_by_answering_before_being_asked(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    form = casework.page(browser, f"/cases/{ref}/notes").form(f"/cases/{ref}/notes")
    assert browser.post(form.action, {**form.filled(words=TELLING), "location": "keep"}).status_code == 303
    assert "Contains location" in casework.page(browser, form.action).text


@pytest.mark.parametrize("words", ["", "   ", "x" * 5001])
def test_nothing_and_too_much_is_refused(sqlite_casework: Casework, words: str) -> None:
    ref = sqlite_casework.case()
    page = write(sqlite_casework, ref, words)
    message = "Note must be 5,000 characters or fewer" if words.strip() else "Enter the note"
    assert page.errors() == [message]


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_notes_are_read_and_written_by_who_has_the_case(casework: Casework, who: str) -> None:
    ref = casework.case()
    write(casework, ref, CLEAN)
    browser = casework.site.sign_in(who)
    assert browser.get(f"/cases/{ref}/notes").status_code == 404
    assert browser.post(f"/cases/{ref}/notes", {"form_key": "a", "words": "x"}).status_code == 404
