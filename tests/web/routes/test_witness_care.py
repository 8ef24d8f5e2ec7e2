"""A witness care officer: the cases at court of the areas they serve, their own clock, news of court, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.every_form import day
from tests.web.relations import protect
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Correction, Moment
from victimcare.queries import witness_care
from victimcare.store import cases
from victimcare.store.audit import AUDIT
from victimcare.store.staff import SYSTEM

LATE = MONDAY - timedelta(days=20)
HEARING = {"hearing_on": MONDAY.date() - timedelta(days=12), "hearing_type": "trial"}


def at_court(casework: Casework, name: str = "Wren Sample", **more: Any) -> str:
    """A case in which somebody was charged."""
    ref = casework.case(name, at=LATE, **more)
    casework.record(ref, EventKind.SUSPECT_CHARGED, LATE, subject="Suspect 1")
    return ref


def test_they_begin_with_what_their_unit_owes_and_awaits_and_nothing_of_the_police(casework: Casework) -> None:
    ref = at_court(casework)
    casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    casework.record(ref, EventKind.HEARING_LISTED, LATE, received=LATE, subject="Hearing 1", **HEARING)
    clerk = casework.site.sign_in("clerk")
    assert casework.site.browser().sign_in("clerk").headers["location"] == "/witness-care"
    page = casework.page(clerk, "/witness-care")
    assert "1 case at court in the areas that you serve" in page.text
    assert "To tell victims (1)" in page.text
    assert "Tell the victim: hearing date" in page.text
    assert "Awaited from courts (1)" in page.text
    for of_police in ("suspect arrested", "Refer the victim", "written confirmation"):
        assert of_police not in page.text
    assert casework.consulted() == {ref}


def test_a_long_day_is_counted_whole_though_only_its_oldest_are_shown(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_care, "MOST", 2)
    for name in ("Wren Sample", "Lark Sample", "Robin Example"):
        ref = at_court(casework, name)
        casework.record(ref, EventKind.HEARING_LISTED, LATE, received=LATE, subject="Hearing 1", **HEARING)
    page = casework.page(casework.site.sign_in("clerk"), "/witness-care")
    assert "To tell victims (3)" in page.text
    assert "Awaited from courts (3)" in page.text
    assert page.text.count("The 2 oldest are shown.") == 2


def test_a_case_is_theirs_from_the_charge_until_it_is_over_in_their_areas_alone(casework: Casework) -> None:
    clerk, ref = casework.site.sign_in("clerk"), casework.case(at=LATE)
    elsewhere = at_court(casework, "Lark Sample", officer="stranger", area="E02")
    assert clerk.get(f"/cases/{ref}").status_code == 404
    charged = casework.record(ref, EventKind.SUSPECT_CHARGED, LATE, subject="Suspect 1")
    assert clerk.get(f"/cases/{ref}").status_code == 200
    assert clerk.get(f"/cases/{elsewhere}").status_code == 404
    page = casework.page(clerk, "/cases")
    assert ref in page.text
    assert elsewhere not in page.text
    casework.record(ref, EventKind.CASE_CLOSED)
    assert clerk.get(f"/cases/{ref}").status_code == 404
    casework.record(ref, EventKind.CASE_REOPENED)
    assert clerk.get(f"/cases/{ref}").status_code == 200
    never = NewEvent(
        EventKind.SUSPECT_CHARGED,
        Moment.instant(LATE),
        subject="Suspect 1",
        corrects=charged,
        correction=Correction.NEVER_HAPPENED,
    )
    with casework.site.database.writing() as connection:
        record_event(connection, ref=ref, event=never, by=SYSTEM, now=casework.site.clock.now, law=casework.law)
    assert clerk.get(f"/cases/{ref}").status_code == 404


def test_they_record_the_result_tell_the_victim_and_the_duty_of_their_unit_is_met(casework: Casework) -> None:
    ref, clerk = at_court(casework), casework.site.sign_in("clerk")
    path = f"/cases/{ref}/events/court_outcome_received"
    form = casework.page(clerk, path).form(path)
    sent = form.filled(
        subject="Hearing 1",
        detail_outcome="guilty",
        **day("happened_on", "22 5 2026"),
        **day("received_on", "22 5 2026"),
    )
    assert clerk.post(path, sent).headers["location"] == f"/cases/{ref}?recorded=court_outcome_received"
    page = casework.page(clerk, "/witness-care")
    assert "Tell the victim: outcome of the case" in page.text
    (link,) = [link for link in page.links(starts=f"/cases/{ref}/contacts/new") if "R9-OUT" in link]
    form = casework.page(clerk, link).form(f"/cases/{ref}/contacts")
    assert "Tell the victim: suspect charged" not in casework.page(clerk, link).text
    answer = clerk.post(form.action, form.filled(reached="yes", channel="phone", note="Rang her at work"))
    assert answer.status_code == 303
    assert "To tell victims (0)" in casework.page(clerk, "/witness-care").text
    with casework.site.database.reading() as connection:
        bases = {row.basis for row in connection.execute(AUDIT.select().where(AUDIT.c.person_id == "clerk"))}
    assert "witness care" in bases


def test_their_contact_is_their_units_and_the_officers_promise_stands(casework: Casework) -> None:
    ref, clerk = at_court(casework), casework.site.sign_in("clerk")
    promised = (MONDAY + timedelta(days=9)).date()
    casework.record(ref, EventKind.CONTACT_MADE, LATE, channel="phone", next_contact_on=promised)
    form = casework.page(clerk, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
    assert clerk.post(form.action, form.filled(reached="yes", channel="phone")).status_code == 303
    with casework.site.database.reading() as connection:
        stored = cases.look_at(connection, ref)
        kept = connection.execute(select(cases.CASES.c.promised_contact_on)).scalar_one()
    assert stored.case.journey.events[-1].details["agency"] == "witness_care_unit"
    assert kept == promised


@pytest.mark.parametrize("kind", ["contact_made", "plea_received"])
def test_they_correct_nothing_not_even_what_they_may_record(sqlite_casework: Casework, kind: str) -> None:
    ref, details = at_court(sqlite_casework), {"channel": "phone"} if kind == "contact_made" else {"plea": "guilty"}
    about: dict[str, Any] = {"subject": None if kind == "contact_made" else "Suspect 1", "details": details}
    recorded = sqlite_casework.record(ref, kind, LATE, subject=about["subject"], received=LATE, **details)
    never = NewEvent(
        EventKind(kind), Moment.instant(LATE), corrects=recorded, correction=Correction.NEVER_HAPPENED, **about
    )
    clerk = replace(PEOPLE["clerk"], areas=frozenset({"E01"}))
    how: dict[str, Any] = {"now": sqlite_casework.site.clock.now, "law": sqlite_casework.law}
    with pytest.raises(cases.NoSuchCase), sqlite_casework.site.database.writing() as connection:
        record_event(connection, ref=ref, event=never, by=clerk, **how)


def test_they_open_a_number_as_an_officer_does_and_never_a_protected_location(casework: Casework) -> None:
    ref, clerk = at_court(casework), casework.site.sign_in("clerk")
    casework.safe_way(ref)
    path = f"/cases/{ref}/contact-details/{ref}-phone"
    form = casework.page(clerk, path).form(f"{path}/show")
    assert "07700 900123" in clerk.post(form.action, form.filled()).text
    opened = ("disclosure", f"reveal contact point {ref}-phone", "clerk", "done")
    assert opened in casework.site.audit()
    protect(casework, ref)
    assert clerk.get(path).status_code == 403


@pytest.mark.parametrize("kind", ["suspect_arrested", "suspect_charged", "police_decided_no_prosecution", "opted_out"])
def test_what_is_not_of_court_is_not_theirs_to_record(casework: Casework, kind: str) -> None:
    ref, clerk = at_court(casework), casework.site.sign_in("clerk")
    assert clerk.get(f"/cases/{ref}/events/{kind}").status_code == 404
    assert kind not in casework.page(clerk, f"/cases/{ref}/events").html


def test_their_assessment_of_needs_is_that_of_their_unit(casework: Casework) -> None:
    ref, clerk = at_court(casework), casework.site.sign_in("clerk")
    path = f"/cases/{ref}/needs"
    form = casework.page(clerk, path).form(path)
    assert form.values("agency") == ["witness_care_unit"]
    filled = form.filled(agency="witness_care_unit", stage="court", interpreter="no")
    forged = {**filled, "agency": "police", "step": "record", "form_key": "forged"}
    assert clerk.post(path, forged).status_code == 422
    assert clerk.post(path, {**filled, "step": "record"}).status_code == 303
    assert "Witness Care Unit" in casework.page(clerk, f"/cases/{ref}/victim").text


def test_what_the_police_keep_on_a_case_is_not_on_their_pages(casework: Casework) -> None:
    ref, clerk = at_court(casework), casework.site.sign_in("clerk")
    page = casework.page(clerk, f"/cases/{ref}")
    for part in ("notes", "questions", "messages", "support", "hand-over", "print", "void", "victims/new", "identity"):
        assert f"/cases/{ref}/{part}" not in page.html, part
        assert clerk.get(f"/cases/{ref}/{part}").status_code == 403, part
