"""Support: from the worklist to a referral that was sent, and every step after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser
from victimcare.commands.protect_location import protect_location
from victimcare.domain.event_kinds import EventKind
from victimcare.store.journeys import EVENTS
from victimcare.store.services import SENT

OWED = "Refer the victim to a support service"


def refer_form(casework: Casework, browser: Browser, ref: str, service: str) -> FormOnPage:
    path = f"/cases/{ref}/support/refer/{service}"
    return casework.page(browser, path).form(path)


def refer(casework: Casework, browser: Browser, ref: str, service: str, **changes: Any) -> Any:
    form = refer_form(casework, browser, ref, service)
    return browser.post(form.action, form.filled(**{"agreed": "yes", **changes}))


def hand_over(casework: Casework, browser: Browser, ref: str) -> Any:
    """Print the referral that waits to be handed over, and hand it over."""
    page = casework.page(browser, f"/cases/{ref}/support")
    (action,) = {form.action for form in page.forms if form.action.endswith("/print")}
    assert browser.post(action, page.form(action).filled()).status_code == 200
    path = action.replace("/print", "/handed-over")
    return browser.post(path, casework.page(browser, path).form(path).filled())


def send(casework: Casework, browser: Browser, ref: str, service: str, **changes: Any) -> str:
    """Refer the victim and hand the referral over; the key of its event."""
    assert refer(casework, browser, ref, service, **changes).status_code == 303
    assert hand_over(casework, browser, ref).status_code == 303
    return str(sent_rows(casework)[-1].event_key)


def step(casework: Casework, browser: Browser, ref: str, name: str, **changes: Any) -> Any:
    page = casework.page(browser, f"/cases/{ref}/support")
    path = page.links(starts=f"/cases/{ref}/support/referrals/")
    (href,) = [href for href in path if href.endswith(f"/{name}")]
    form = casework.page(browser, href).form(href)
    return browser.post(form.action, form.filled(**changes))


def kinds(casework: Casework, ref: str) -> list[str]:
    with casework.site.database.reading() as connection:
        found = connection.execute(select(EVENTS.c.kind).order_by(EVENTS.c.id)).scalars()
        return [kind for kind in found if kind.startswith(("referral", "support", "no_service"))]


def sent_rows(casework: Casework) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(SENT)))


def errors(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.status_code
    return Page(answer.text).errors()


def a_case(casework: Casework, **more: Any) -> str:
    ref = casework.case(**more)
    casework.safe_way(ref)
    return ref


def test_from_the_worklist_to_a_referral_that_is_ready_in_three_clicks(casework: Casework) -> None:
    ref = a_case(casework)
    service = casework.service()
    browser = casework.site.sign_in()
    (first,) = casework.page(browser, "/").links(text="Refer", starts=f"/cases/{ref}/support")
    (second,) = casework.page(browser, first).links(text="Refer to Example Support")
    form = casework.page(browser, second).form(second)
    answer = browser.post(form.action, form.filled(agreed="yes"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{ref}/support?done=to_print")
    page = casework.page(browser, answer.headers["location"])
    assert "The referral is ready to print. It counts as sent when it was handed over" in page.text
    assert kinds(casework, ref) == ["referral_offered", "referral_consented"]
    assert OWED in casework.page(browser, "/").text
    assert hand_over(casework, browser, ref).status_code == 303
    assert "Waiting for the service to say that it has it" in casework.page(browser, f"/cases/{ref}/support").text
    assert kinds(casework, ref) == ["referral_offered", "referral_consented", "referral_sent"]
    (row,) = sent_rows(casework)
    assert (row.service_id, row.told_no_safe_way) == (service, False)
    assert ("disclosure", "send referral", "officer", "done") in casework.site.audit()
    assert OWED not in casework.page(browser, "/").text


def test_exactly_the_agreed_fields_go_and_no_number_or_address(casework: Casework) -> None:
    ref = a_case(casework, victim="Wren Sample", born_on=date(1990, 3, 4))
    service = casework.service()
    browser = casework.site.sign_in()
    page = casework.page(browser, f"/cases/{ref}/support/refer/{service}")
    for words in ("Wren Sample", "4 March 1990", "36", "English", "Telephone", "Burglary", "Example Officer, North"):
        assert words in page.text
    send(casework, browser, ref, service)
    (row,) = sent_rows(casework)
    assert row.fields == (
        "Name,Date of birth,Age,Language,Safe ways to make contact,Rights,Type of crime,Crime reference,Reported,"
        "Agreement,Case officer,Sent"
    )
    shown = casework.page(browser, f"/cases/{ref}/support/referrals/{row.event_key}/sent")
    assert "This is what was sent, word for word." in shown.text
    assert "E01" not in shown.text, "the area is a location too"
    casework.record(ref, EventKind.NEEDS_ASSESSED, tier="enhanced", grounds="vulnerable")
    changed = casework.page(browser, f"/cases/{ref}/support/referrals/{row.event_key}/sent")
    assert "Something of it has changed since it was sent" in changed.text


def test_it_is_refused_accepted_elsewhere_and_support_starts(casework: Casework) -> None:
    ref = a_case(casework)
    first, second = casework.service("Example First"), casework.service("Example Second")
    browser = casework.site.sign_in()
    send(casework, browser, ref, first)
    assert step(casework, browser, ref, "received").status_code == 303
    assert errors(step(casework, browser, ref, "refused")) == ["Choose why it was refused"]
    assert step(casework, browser, ref, "refused", reason="no_capacity").status_code == 303
    assert "Refused: no capacity" in casework.page(browser, f"/cases/{ref}/support").text
    send(casework, browser, ref, second)
    for name in ("accepted", "contacted", "started", "ended"):
        assert step(casework, browser, ref, name).status_code == 303
    page = casework.page(browser, f"/cases/{ref}/support")
    assert "Support ended" in page.text
    assert page.links(text="Support started", starts=f"/cases/{ref}/support/referrals") == []


def test_a_step_that_cannot_come_next_is_refused(casework: Casework) -> None:
    ref = a_case(casework)
    browser = casework.site.sign_in()
    send(casework, browser, ref, casework.service())
    (row,) = sent_rows(casework)
    before = casework.stored_events()
    path = f"/cases/{ref}/support/referrals/{row.event_key}/started"
    form = casework.page(browser, path).form(path)
    assert errors(browser.post(path, form.filled())) == ["It cannot come after: sent"]
    accepted = f"/cases/{ref}/support/referrals/{row.event_key}/accepted"
    form = casework.page(browser, accepted).form(accepted)
    earlier = browser.post(accepted, form.filled(happened_on__day="20"))
    assert errors(earlier) == ["It cannot have happened before the step before it"]
    assert casework.stored_events() == before


@pytest.mark.parametrize(
    ("events", "case", "changes", "message"),
    [
        ([], {}, {"agreed": ""}, "Say whether the victim agreed"),
        (
            [("referral_declined", {})],
            {},
            {"agreed": "not_asked"},
            "The victim declined a referral. It can go only if they agree now",
        ),
        (
            [("opted_out", {"scope": "right:4"})],
            {},
            {},
            "The victim opted out of referral. Record first that they opted back in",
        ),
        (
            [("support_needs_asked", {"domestic_abuse": True})],
            {},
            {"agreed": "not_asked", "specialist": "yes"},
            "The victim must be asked first, and agree",
        ),
        ([("support_needs_asked", {"sexual_violence": True})], {}, {}, "Offer a specialist service first"),
        (
            [],
            {"crime_type": "Violence and sexual offences"},
            {"agreed": "not_asked"},
            "The victim must be asked first, and agree",
        ),
        (
            [],
            {"born_on": date(2014, 5, 1)},
            {},
            "A parent or guardian must agree first: the victim is too young to agree alone",
        ),
    ],
)
def test_what_speaks_against_sending_is_said_and_nothing_is_stored(
    sqlite_casework: Casework, events: list[Any], case: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    ref = a_case(sqlite_casework, **case)
    for kind, details in events:
        sqlite_casework.record(ref, kind, **details)
    service = sqlite_casework.service()
    browser, before = sqlite_casework.site.sign_in(), sqlite_casework.stored_events()
    assert errors(refer(sqlite_casework, browser, ref, service, **changes)) == [message]
    assert (sqlite_casework.stored_events(), sent_rows(sqlite_casework)) == (before, [])


def test_without_a_safe_way_it_goes_only_when_the_service_is_told_so(casework: Casework) -> None:
    ref = casework.case()
    service = casework.service()
    browser = casework.site.sign_in()
    refused = refer(casework, browser, ref, service)
    assert errors(refused) == ["No way to contact the victim is confirmed safe. Confirm one, or tell the service so"]
    send(casework, browser, ref, service, no_safe_way="yes")
    assert sent_rows(casework)[0].told_no_safe_way


def test_a_confirmed_address_is_a_safe_way_unless_somebody_at_home_may_be_the_reason(
    sqlite_casework: Casework,
) -> None:
    ref, other = sqlite_casework.case(), sqlite_casework.case()
    sqlite_casework.record(other, "support_needs_asked", domestic_abuse=True)
    browser, service = sqlite_casework.site.sign_in(), sqlite_casework.service()
    for each in (ref, other):
        sqlite_casework.safe_way(each, "address")
    page = sqlite_casework.page(browser, f"/cases/{ref}/support/refer/{service}")
    assert "Safe ways to make contact Address" in page.text
    page = sqlite_casework.page(browser, f"/cases/{other}/support/refer/{service}")
    assert "No way is known to be safe" in page.text


def test_of_a_protected_location_no_way_goes_and_none_is_said_to_be_unsafe(sqlite_casework: Casework) -> None:
    ref, service = sqlite_casework.case(), sqlite_casework.service()
    sqlite_casework.safe_way(ref)
    how = {"ref": ref, "by": PEOPLE["supervisor"], "now": sqlite_casework.site.clock.now}
    with sqlite_casework.site.database.writing() as connection:
        protect_location(
            connection, custodian_id="officer", reason="An invented reason", vault=sqlite_casework.vault, **how
        )
    browser = sqlite_casework.site.sign_in()
    page = sqlite_casework.page(browser, f"/cases/{ref}/support/refer/{service}").text
    assert "None is given. Do not contact the victim before the case officer says how" in page
    assert "confirmed safe" not in page
    assert "None goes: the location is protected" in sqlite_casework.page(browser, f"/cases/{ref}/support").text


def test_the_agreement_of_a_guardian_and_the_offer_of_a_specialist_are_recorded(casework: Casework) -> None:
    ref = a_case(casework, born_on=date(2014, 5, 1))
    casework.record(ref, "support_needs_asked", sexual_violence=True)
    browser = casework.site.sign_in()
    answer = refer(casework, browser, ref, casework.service(), guardian="yes", specialist="yes")
    assert answer.status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert "Has a parent or guardian agreed?: Yes" in page.text
    assert "Was a specialist service offered?: Yes" in page.text


def test_automatic_referral_needs_no_agreement_and_says_so(casework: Casework) -> None:
    ref = a_case(casework)
    browser = casework.site.sign_in()
    send(casework, browser, ref, casework.service(), agreed="not_asked")
    assert kinds(casework, ref) == ["referral_sent"]
    (row,) = sent_rows(casework)
    shown = casework.page(browser, f"/cases/{ref}/support/referrals/{row.event_key}/sent")
    assert "This is what was sent, word for word." in shown.text
    assert "Not asked: referred unless they say no" in shown.text


def test_a_service_that_is_open_already_is_not_asked_twice(casework: Casework) -> None:
    ref = a_case(casework)
    service = casework.service()
    browser = casework.site.sign_in()
    form = refer_form(casework, browser, ref, service)
    assert refer(casework, browser, ref, service).status_code == 303
    assert browser.post(form.action, form.filled(agreed="yes")).status_code == 409
    assert errors(refer(casework, browser, ref, service)) == ["A referral to this service is on its way already"]
    assert "A referral to it is on its way." in casework.page(browser, f"/cases/{ref}/support").text
    assert hand_over(casework, browser, ref).status_code == 303
    assert errors(refer(casework, browser, ref, service)) == ["A referral to this service is open already"]


def test_why_each_service_fits_and_why_others_do_not_is_said(casework: Casework) -> None:
    ref = a_case(casework)
    casework.record(ref, "support_needs_asked", emotional=True, hate_crime=True)
    casework.service("Example Near")
    casework.service("Example Far", areas=frozenset({"E02"}))
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/support")
    assert "Helps: somebody to talk to" in page.text
    assert "Example Far: Does not work in E01" in page.text
    assert "Nobody meets: hate crime" in page.text


def test_nobody_fits_is_recorded_once_a_day_for_each_need(casework: Casework) -> None:
    ref = a_case(casework)
    casework.record(ref, "support_needs_asked", hate_crime=True, stalking=True)
    browser = casework.site.sign_in()
    path = f"/cases/{ref}/support"
    form = casework.page(browser, path).form(f"{path}/gap")
    assert browser.post(form.action, form.filled()).status_code == 303
    assert kinds(casework, ref).count("no_service_fits") == 2
    again = casework.page(browser, path).form(f"{path}/gap")
    assert errors(browser.post(again.action, again.filled())) == ["That is recorded already"]


def test_no_gap_is_recorded_where_a_service_fits(casework: Casework) -> None:
    ref = a_case(casework)
    browser = casework.site.sign_in()
    form = casework.page(browser, f"/cases/{ref}/support").form(f"/cases/{ref}/support/gap")
    casework.service()
    assert errors(browser.post(form.action, form.filled())) == ["A service fits"]


def test_a_retired_service_is_offered_to_nobody(casework: Casework) -> None:
    ref = a_case(casework)
    service = casework.service()
    editor, browser = casework.site.sign_in("editor"), casework.site.sign_in()
    form = casework.page(editor, f"/directory/{service}").form(f"/directory/{service}/retire")
    assert editor.post(form.action, form.filled()).status_code == 303
    assert "No service of the directory fits" in casework.page(browser, f"/cases/{ref}/support").text
    assert browser.get(f"/cases/{ref}/support/refer/{service}").status_code == 404


def test_a_case_of_others_is_not_there(casework: Casework) -> None:
    ref = a_case(casework)
    service = casework.service()
    browser = casework.site.sign_in()
    key = send(casework, browser, ref, service)
    stranger = casework.site.sign_in("stranger")
    for path in ("", f"/refer/{service}", f"/referrals/{key}/sent", f"/referrals/{key}/accepted"):
        assert stranger.get(f"/cases/{ref}/support{path}").status_code == 404, path
    other = casework.case(officer="stranger")
    assert stranger.get(f"/cases/{other}/support/referrals/{key}/sent").status_code == 404


def test_a_victim_who_declines_ends_the_duty_to_refer_them(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    browser = casework.site.sign_in()
    assert OWED in casework.page(browser, "/").text
    address = f"/cases/{ref}/events/referral_declined"
    form = casework.page(browser, address).form(address)
    assert browser.post(address, form.filled()).status_code == 303
    assert OWED not in casework.page(browser, "/").text
    duties = casework.page(browser, f"/cases/{ref}").all("div", class_="app-duty")
    (card,) = [div for div in duties if "R4-REF" in div.attributes["id"]]
    assert card.attributes["class"].endswith("app-duty--declined")
