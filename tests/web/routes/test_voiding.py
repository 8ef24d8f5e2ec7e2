"""A case is made void by two people, and that can be taken back."""

from __future__ import annotations

from typing import Any

from tests.web.casework import Casework
from tests.web.page import Page


def send(casework: Casework, browser: Any, ref: str, **changes: str) -> Any:
    form = casework.page(browser, f"/cases/{ref}/void").form(f"/cases/{ref}/void")
    return browser.post(form.action, form.filled(**changes))


def test_one_asks_and_another_agrees(casework: Casework) -> None:
    ref = casework.case()
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    empty = send(casework, officer, ref)
    assert (empty.status_code, Page(empty.text).errors()) == (422, ["Choose why the case should be void"])
    assert send(casework, officer, ref, reason="duplicate").status_code == 303
    assert "Somebody else must decide." in casework.page(officer, f"/cases/{ref}/void").text
    assert casework.page(supervisor, f"/cases/{ref}").links("Somebody asked to make this case void")
    empty = send(casework, supervisor, ref)
    assert (empty.status_code, Page(empty.text).errors()) == (422, ["Choose whether you agree"])
    assert send(casework, supervisor, ref, decision="case_voided").status_code == 303
    page = casework.page(officer, f"/cases/{ref}")
    assert "Second person: Example Officer" in page.text
    assert "Recorded in error" in page.text
    assert "Nothing is owed by the police now." in page.text


def test_who_decides_reads_what_was_said_of_it_and_it_is_kept_as_a_note(casework: Casework) -> None:
    ref = casework.case()
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    words = "The same burglary was rung in twice."
    assert send(casework, officer, ref, reason="duplicate", words=words).status_code == 303
    assert words in casework.page(supervisor, f"/cases/{ref}/void").text
    assert words in casework.page(officer, f"/cases/{ref}/notes").text


def test_words_that_tell_a_location_are_asked_about_first(casework: Casework) -> None:
    ref = casework.case()
    officer = casework.site.sign_in()
    before = casework.stored_events()
    asked = send(casework, officer, ref, reason="duplicate", words="She lives at LU1 2AB.")
    assert (asked.status_code, casework.stored_events()) == (200, before)
    assert "Where a victim can be found belongs in the contact details" in Page(asked.text).text


def test_a_refusal_lets_the_case_go_on_and_another_may_ask_again(casework: Casework) -> None:
    ref = casework.case()
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    assert send(casework, officer, ref, reason="not_a_crime").status_code == 303
    assert send(casework, supervisor, ref, decision="case_void_refused").status_code == 303
    assert casework.page(officer, f"/cases/{ref}").links("This case is a duplicate or a mistake")
    assert send(casework, officer, ref, reason="duplicate").status_code == 303


def test_nobody_makes_void_what_they_asked_for(casework: Casework) -> None:
    ref = casework.case()
    supervisor, officer = casework.site.sign_in("supervisor"), casework.site.sign_in()
    assert send(casework, supervisor, ref, reason="duplicate").status_code == 303
    kept = _kept(casework, officer, ref)
    before = casework.stored_events()
    for browser in (supervisor, officer):
        refused = browser.post(f"/cases/{ref}/void", {**kept, "decision": "case_voided"})
        assert (refused.status_code, Page(refused.text).errors()) == (422, ["Somebody else must decide"])
    assert casework.stored_events() == before
    assert casework.site.sign_in("stranger").get(f"/cases/{ref}/void").status_code == 404


def _kept(casework: Casework, browser: Any, ref: str) -> dict[str, Any]:
    """What any form about the case carries."""
    sent = casework.page(browser, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts").filled()
    return {name: sent[name] for name in ("form_key", "version", "events_seen")}
