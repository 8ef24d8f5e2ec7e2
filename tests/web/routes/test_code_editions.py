"""The page of the editions: one is pasted, its counts are shown without a case, and it is decided on and put back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.invented_edition import coming, invented
from tests.web.casework import Casework
from tests.web.judged import follow_the_law
from tests.web.site import NAMES
from victimcare.domain.event_kinds import EventKind

PAGE = "/code/editions"
PROPOSED = f"{PAGE}/{NAMES.name('code_edition', 1)}"
# The casework's days are of May 2026: an edition of 25 May meets what began on the Friday before.
MONDAY_AFTER = "2026-05-25"


def pasted(casework: Casework, edition: str) -> Any:
    lead = casework.site.sign_in("lead")
    form = casework.page(lead, PAGE).form(PAGE)
    return lead.post(PAGE, form.filled(text=edition.replace("\n", "\r\n")))


def arrested_on_friday(casework: Casework) -> str:
    ref = casework.case("Wren Sample")
    casework.record(ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 1")
    return ref


def test_an_edition_is_proposed_counted_approved_followed_and_put_back(casework: Casework) -> None:
    ref = arrested_on_friday(casework)
    lead, officer = casework.site.sign_in("lead"), casework.site.sign_in()
    assert pasted(casework, coming()).status_code == 303
    page = casework.page(lead, PAGE)
    assert "Later: 1 duty in 1 case" in page.text
    assert "Those of R6-ARR move to the new edition, counted from the day they began." in page.text
    assert "New: Limit, enhanced rights: 4 working days." in page.text
    assert ref not in page.text
    assert "Wren" not in page.text
    assert "The Code changed" not in casework.page(officer, f"/cases/{ref}/journey").text
    approve, back = f"{PROPOSED}/approve", f"{PROPOSED}/put-back"
    assert lead.post(approve, page.form(approve).filled()).status_code == 303
    page = casework.page(lead, PAGE)
    assert casework.law.code.latest.id == MONDAY_AFTER
    assert "still to be looked at" in page.text
    early = lead.post(back, page.form(back).filled())
    assert (early.status_code, "still being moved by the last change" in early.text) == (409, True)
    follow_the_law(casework)
    journey = casework.page(officer, f"/cases/{ref}/journey").text
    assert "The Code changed" in journey
    assert "It is due on another day" in journey
    why = casework.page(officer, f"/cases/{ref}").text
    assert "A new edition of the Code (2026-05-25), in force from Monday 25 May 2026, takes it over" in why
    assert "Invented Code, for tests only" in casework.page(lead, "/code").text
    page = casework.page(lead, PAGE)
    assert lead.post(back, page.form(back).filled()).status_code == 303
    follow_the_law(casework)
    assert "takes it over" not in casework.page(officer, f"/cases/{ref}").text
    assert "The edition was put back" in casework.page(officer, f"/cases/{ref}/journey").text
    assert "put back" in casework.page(lead, PAGE).text


def test_an_edition_is_refused_and_decided_only_once(casework: Casework) -> None:
    lead = casework.site.sign_in("lead")
    pasted(casework, coming())
    refuse = f"{PROPOSED}/refuse"
    form = casework.page(lead, PAGE).form(refuse)
    assert lead.post(refuse, form.filled()).status_code == 303
    for button in ("refuse", "approve", "put-back"):
        assert lead.post(f"{PROPOSED}/{button}", {"form_key": button}).status_code == 409
    assert "An edition is proposed" not in casework.page(lead, PAGE).text


def test_an_edition_whose_day_has_come_can_only_be_refused(casework: Casework) -> None:
    lead = casework.site.sign_in("lead")
    pasted(casework, coming())
    casework.site.clock.now = datetime(2026, 5, 25, 9, tzinfo=UTC)
    lead = casework.site.sign_in("lead")
    page = casework.page(lead, PAGE)
    assert "Its day has come, so it cannot be approved." in page.text
    late = lead.post(f"{PROPOSED}/approve", {"form_key": "late"})
    assert (late.status_code, "is not after today" in late.text) == (409, True)


@pytest.mark.parametrize(
    ("edition", "sentence"),
    [
        ("no edition", "The edition is refused: it is not valid TOML"),
        (coming(('open_duties = "stays"\n', "")), "The edition is refused: transition.open_duties: it is missing."),
        (invented(("in_force_from = 2027-01-01", "in_force_from = 2021-04-01")), "edition.id: it must be the day of"),
    ],
)
def test_an_edition_that_cannot_be_trusted_is_refused_in_a_sentence(
    casework: Casework, edition: str, sentence: str
) -> None:
    answer = pasted(casework, edition)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "An edition is proposed" not in answer.text
