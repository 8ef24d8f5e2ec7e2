"""A duty that cannot or need not be done ends with its reason; a good reason takes a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.page import FormOnPage, Page
from victimcare.web.routes.endings import WHYS


def an_arrest(casework: Casework, *, days_ago: int = 0, officer: str = "officer") -> tuple[str, str]:
    """A case with an arrest to tell of, and the key of that duty."""
    at = casework.site.clock.now - timedelta(days=days_ago)
    ref = casework.case(officer=officer, at=MONDAY - timedelta(days=21))
    return ref, "R6-ARR:" + casework.record(ref, "suspect_arrested", at, subject="Suspect 1")


def form_at(casework: Casework, browser: Any, address: str) -> FormOnPage:
    return casework.page(browser, address).form(address)


def end(casework: Casework, browser: Any, ref: str, duty: str, **changes: str) -> Any:
    form = form_at(casework, browser, f"/cases/{ref}/duties/{duty}/ending")
    return browser.post(form.action, form.filled(**changes))


def decide(casework: Casework, browser: Any, ref: str, duty: str, decision: str) -> Any:
    form = form_at(casework, browser, f"/cases/{ref}/duties/{duty}/decision")
    return browser.post(form.action, form.filled(decision=decision))


def card(casework: Casework, browser: Any, ref: str, rule: str = "R6-ARR") -> str:
    page = casework.page(browser, f"/cases/{ref}")
    return next(div.text for div in page.all("div", class_="app-duty") if f"-{rule}-" in div.attributes.get("id", ""))


@pytest.mark.parametrize("why", [why for why in WHYS if why.startswith(("duty_not", "good"))])
def test_every_reason_can_be_chosen_from_the_card_of_the_duty(sqlite_casework: Casework, why: str) -> None:
    ref, duty = an_arrest(sqlite_casework)
    browser = sqlite_casework.site.sign_in()
    links = sqlite_casework.page(browser, f"/cases/{ref}").links("It cannot or need not be done: Tell the victim: sus")
    assert links == [f"/cases/{ref}/duties/{duty}/ending"]
    assert end(sqlite_casework, browser, ref, duty, why=why).status_code == 303
    standing = {"duty_not_applicable": "Not applicable", "duty_not_safe": "Not safe to inform"}
    kind, code = why.split(":")
    assert standing.get(kind, "asked for on 22 May 2026 by Example Officer") in card(sqlite_casework, browser, ref)
    words = next(text for _, choices in ways() for value, text in choices if value == why)
    assert f"Reason: {words}" in sqlite_casework.page(browser, f"/cases/{ref}").text, code


def ways() -> list[tuple[str, list[tuple[str, str]]]]:
    from victimcare.domain.duty_ends import WAYS, reasons

    return [(words, [(f"{kind.value}:{code}", text) for code, text in reasons(kind)]) for kind, words in WAYS]


def test_declining_names_the_contact_in_which_the_victim_said_so(casework: Casework) -> None:
    ref, duty = an_arrest(casework, days_ago=2)
    browser = casework.site.sign_in()
    refused = end(casework, browser, ref, duty, why="duty_declined:does_not_want_it")
    assert (refused.status_code, Page(refused.text).errors()) == (422, ["Choose the contact in which they said so"])
    call = casework.record(ref, "contact_made", casework.site.clock.now - timedelta(days=1), channel="phone")
    answer = end(casework, browser, ref, duty, why="duty_declined:does_not_want_it", contact=call)
    assert answer.status_code == 303
    assert "that ended it on Thursday 21 May 2026" in card(casework, browser, ref)


def test_a_good_reason_waits_for_a_supervisor_who_agrees(casework: Casework) -> None:
    ref, duty = an_arrest(casework)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    assert end(casework, officer, ref, duty, why="good_reason_requested:victim_unwell").status_code == 303
    assert "A supervisor has not decided yet." in card(casework, officer, ref)
    assert "/decision" not in casework.page(officer, f"/cases/{ref}").html
    assert officer.get(f"/cases/{ref}/duties/{duty}/decision").status_code == 403
    team = casework.page(supervisor, "/team/waiting")
    assert "Good reasons to decide (1)" in team.text
    assert "The victim is too ill or too distressed now Example Officer, 22 May 2026" in team.text
    assert ref in casework.consulted()
    address = team.links(f"Decide on {ref}")[0]
    form = casework.page(supervisor, address).form(f"/cases/{ref}/duties/{duty}/decision")
    empty = supervisor.post(form.action, form.filled())
    assert (empty.status_code, Page(empty.text).errors()) == (422, ["Choose whether you agree"])
    decided = supervisor.post(form.action, form.filled(decision="good_reason_agreed"))
    assert decided.status_code == 303
    assert casework.page(supervisor, decided.headers["location"]).links("Back to what waits for you")
    typed = decided.headers["location"]
    assert not casework.page(officer, typed).links("Back to what waits for you"), "it is the supervisor’s"
    assert "Good reason" in card(casework, officer, ref)
    assert "Good reasons to decide" not in casework.page(supervisor, "/team/waiting").text


def test_a_refused_good_reason_leaves_the_duty_open_and_another_can_be_asked_for(casework: Casework) -> None:
    ref, duty = an_arrest(casework)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    why = "good_reason_requested:emergency"
    assert end(casework, officer, ref, duty, why=why).status_code == 303
    again = end(casework, officer, ref, duty, why=why)
    assert Page(again.text).errors() == ["A good reason is asked for already, and not decided yet"]
    assert decide(casework, supervisor, ref, duty, "good_reason_refused").status_code == 303
    assert "It cannot or need not be done" in card(casework, officer, ref)
    at_once = end(casework, officer, ref, duty, why=why)
    assert Page(at_once.text).errors() == ["A good reason was refused on this day: ask again from the next day on"]
    casework.site.clock.forward(days=1)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    assert end(casework, officer, ref, duty, why=why).status_code == 303
    assert "Good reasons to decide (1)" in casework.page(supervisor, "/team/waiting").text


def test_who_asked_or_holds_the_case_is_told_that_somebody_else_decides(casework: Casework) -> None:
    ref, duty = an_arrest(casework)
    supervisor = casework.site.sign_in("supervisor")
    assert end(casework, supervisor, ref, duty, why="good_reason_requested:emergency").status_code == 303
    page = casework.page(supervisor, f"/cases/{ref}/duties/{duty}/decision")
    assert "You asked for this yourself, so somebody else must decide." in page.text
    sent = casework.page(supervisor, f"/cases/{ref}/duties/{duty}/ending").form(f"/cases/{ref}/duties/{duty}/ending")
    kept = {name: value for name, value in sent.filled().items() if name in ("form_key", "version", "events_seen")}
    before = casework.stored_events()
    refused = supervisor.post(f"/cases/{ref}/duties/{duty}/decision", {**kept, "decision": "good_reason_agreed"})
    assert refused.status_code == 422
    assert Page(refused.text).errors() == ["You asked for this yourself: somebody else must decide"]
    assert casework.stored_events() == before


def test_a_good_reason_asked_for_too_late_is_refused(casework: Casework) -> None:
    ref, duty = an_arrest(casework, days_ago=14)
    browser = casework.site.sign_in()
    refused = end(casework, browser, ref, duty, why="good_reason_requested:emergency")
    said = "A good reason counts only if it is asked for by the day the duty is due"
    assert (refused.status_code, Page(refused.text).errors()) == (422, [said])
    in_time = {"happened_on__day": "15", "happened_on__month": "5"}
    assert end(casework, browser, ref, duty, why="good_reason_requested:emergency", **in_time).status_code == 303


def test_a_duty_that_is_not_open_or_not_theirs_has_no_such_page(casework: Casework) -> None:
    ref, duty = an_arrest(casework)
    browser, stranger = casework.site.sign_in(), casework.site.sign_in("stranger")
    for key in ("R6-ARR:nothing", "nothing", duty + "x"):
        assert browser.get(f"/cases/{ref}/duties/{key}/ending").status_code == 404
    assert stranger.get(f"/cases/{ref}/duties/{duty}/ending").status_code == 404
    assert casework.site.sign_in("supervisor").get(f"/cases/{ref}/duties/{duty}/decision").status_code == 404


def test_what_ended_meanwhile_is_said_and_nothing_is_recorded(casework: Casework) -> None:
    ref, duty = an_arrest(casework)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    form = form_at(casework, officer, f"/cases/{ref}/duties/{duty}/ending")
    assert end(casework, supervisor, ref, duty, why="duty_not_safe:no_safe_contact").status_code == 303
    before = casework.stored_events()
    refused = officer.post(form.action, form.filled(why="duty_not_applicable:was_there"))
    assert refused.status_code == 409
    assert "This duty has ended meanwhile." in Page(refused.text).text
    assert casework.stored_events() == before
