"""The page of the bank holidays: a list is pasted, its counts are shown without a case, and it is decided on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.holidays import SHIPPED, document, listed
from tests.web.casework import Casework
from tests.web.judged import judged_before_a_holiday
from tests.web.site import NAMES
from victimcare.commands.move_deadlines import cases_to_move
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.holiday_list import HolidayList
from victimcare.store.breaches import BREACHES

PAGE = "/code/bank-holidays"
PROPOSED = f"{PAGE}/{NAMES.name('holiday_list', 2)}"
# The casework's crimes are of Friday 22 May 2026: a duty of five working days goes across the Wednesday after.
TAKEN = {"2026-05-27": "A jubilee"}


def pasted(casework: Casework, published: bytes) -> Any:
    lead = casework.site.sign_in("lead")
    form = casework.page(lead, PAGE).form(PAGE)
    return lead.post(PAGE, form.filled(published=published.decode()))


def test_a_list_is_proposed_counted_approved_and_every_page_counts_by_it_at_once(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    casework.record(ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 1")
    lead = casework.site.sign_in("lead")
    assert pasted(casework, document(listed(**TAKEN))).status_code == 303
    page = casework.page(lead, PAGE)
    assert "Wednesday 27 May 2026 becomes a bank holiday: A jubilee." in page.text
    assert "will move" in page.text
    assert ref not in page.text
    assert "Wren" not in page.text
    approve = f"{PROPOSED}/approve"
    assert lead.post(approve, page.form(approve).filled()).status_code == 303
    page = casework.page(lead, PAGE)
    assert casework.law.calendar.number == 2
    assert "1 case still to be moved" in page.text
    with casework.site.database.reading() as connection:
        assert len(cases_to_move(connection)) == 1
    again = lead.post(approve, {"form_key": "again"})
    assert again.status_code == 409
    assert "Deadlines are still being moved by the last change" in again.text


def test_a_list_is_refused_and_decided_only_once(casework: Casework) -> None:
    lead = casework.site.sign_in("lead")
    pasted(casework, document(listed(**TAKEN)))
    refuse = f"{PROPOSED}/refuse"
    form = casework.page(lead, PAGE).form(refuse)
    assert lead.post(refuse, form.filled()).status_code == 303
    assert lead.post(refuse, {"form_key": "another"}).status_code == 409
    assert "A list is proposed" not in casework.page(lead, PAGE).text


@pytest.mark.parametrize(
    ("published", "sentence"),
    [
        (b"no list", "The list is refused: it is not JSON"),
        (document(listed(**{"2027-05-08": "A Saturday"})), "The list is refused: 2027-05-08: it is a Saturday"),
        (
            document(HolidayList({d: n for d, n in SHIPPED.holidays.items() if d.year < 2028}, date(2027, 12, 31))),
            "2027: the list ends with this year",
        ),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused_in_a_sentence(
    casework: Casework, published: bytes, sentence: str
) -> None:
    answer = pasted(casework, published)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_list_that_says_what_is_known_changes_nothing(casework: Casework) -> None:
    assert "nothing would change" in pasted(casework, document()).text


def overturned(casework: Casework) -> list[bool]:
    with casework.site.database.reading() as connection:
        found = select(BREACHES.c.overturned_by).where(BREACHES.c.rule == "R6-ARR")
        return [by is not None for by in connection.execute(found).scalars()]


def test_a_supervisor_decides_whether_what_was_late_is_judged_by_the_new_day(casework: Casework) -> None:
    ref, duty = judged_before_a_holiday(casework)
    supervisor = casework.site.sign_in("supervisor")
    address = f"/cases/{ref}/duties/{duty}/verdict"
    assert "To decide since the bank holidays changed (1)" in casework.page(supervisor, "/team/waiting").text
    assert "A supervisor has not decided yet" in casework.page(casework.site.sign_in(), f"/cases/{ref}").text
    assert overturned(casework) == [False]
    page = casework.page(supervisor, address)
    assert "It stays late until you decide otherwise" in page.text
    empty = supervisor.post(address, page.form(address).filled())
    assert empty.status_code == 422
    assert "Choose by which day it is judged" in empty.text
    assert casework.site.sign_in().get(address).status_code in (403, 404)
    assert supervisor.post(address, page.form(address).filled(verdict="follows")).status_code == 303
    assert overturned(casework) == [True]
    assert "There is nothing to decide any longer" in casework.page(supervisor, address).text
    assert supervisor.get(f"/cases/{ref}/duties/R6-ARR:nothing/verdict").status_code == 404
    assert "since the bank holidays changed" not in casework.page(supervisor, "/team/waiting").text
    assert "It is judged by the new day" in casework.page(supervisor, f"/cases/{ref}/journey").text


def test_a_verdict_that_stands_changes_nothing(casework: Casework) -> None:
    ref, duty = judged_before_a_holiday(casework)
    supervisor = casework.site.sign_in("supervisor")
    address = f"/cases/{ref}/duties/{duty}/verdict"
    form = casework.page(supervisor, address).form(address)
    assert supervisor.post(address, form.filled(verdict="stands")).status_code == 303
    assert overturned(casework) == [False]
    assert "since the bank holidays changed" not in casework.page(supervisor, "/team/waiting").text
