"""Keeping and disposing, as a supervisor does it: case by case, undone, held, and by two people beyond the cap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.web.casework import PEOPLE, Casework
from tests.web.due_cases import REASON, a_run, disposed_case, due_case
from tests.web.page import Page
from tests.web.site import OTHER_TEAM, PASSWORD_HASH, Browser
from victimcare.commands.erase_case import cases_to_erase, erase_cases
from victimcare.editions.retention import published_retention
from victimcare.store import accounts, case_lists
from victimcare.store.cases import CASES
from victimcare.store.tables import PersonRow


@pytest.fixture
def chief(casework: Casework) -> Browser:
    """The supervisor of the other team."""
    row = {"id": "chief", "name": "Example Chief", "role": "supervisor", "team_id": OTHER_TEAM}
    with casework.site.database.writing() as connection:
        connection.execute(insert(PersonRow.__table__), row)
        how = {"password_hash": PASSWORD_HASH, "password_alone": True}
        accounts.add_account(connection, person_id="chief", username="chief", **how)
    return casework.site.sign_in("chief")


def day(year: str) -> dict[str, str]:
    return {"until_on__day": "1", "until_on__month": "1", "until_on__year": year}


def opened(casework: Casework, path: str, who: str = "supervisor") -> Page:
    return casework.page(casework.site.sign_in(who), path)


def sent(casework: Casework, page: str, action: str = "", **typed: Any) -> Any:
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, page).form(action or page)
    return browser.post(action or page, form.filled(**typed))


def test_the_page_lists_what_is_due_with_references_and_no_names(casework: Casework) -> None:
    ref = due_case(casework)
    page = opened(casework, "/retention")
    assert f"{ref} KEEP-VOID 13 May 2024 13 May 2025" in page.text
    assert "Wren" not in page.text
    assert page.text.count("Not verified") == 3
    assert "policy of the force, to be confirmed" in page.text.lower()


def test_a_case_is_disposed_of_and_had_back(casework: Casework) -> None:
    ref = due_case(casework)
    path = f"/cases/{ref}/retention"
    answer = sent(casework, path, decision="dispose", reason=REASON)
    assert (answer.status_code, answer.headers["location"]) == (303, "/retention?done=disposed")
    for who, address in (("officer", f"/cases/{ref}"), ("supervisor", f"/cases/{ref}"), ("supervisor", path)):
        assert casework.site.sign_in(who).get(address).status_code == 404
    assert ref not in opened(casework, "/cases?status=any").text
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/retention")
    assert f"{ref} Example Supervisor" in page.text
    (form,) = [form for form in page.forms if form.action.endswith("/undo")]
    assert browser.post(form.action, form.filled()).headers["location"] == "/retention?done=undone"
    assert browser.get(f"/cases/{ref}").status_code == 200
    assert browser.post(form.action, {"form_key": "again"}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose what becomes of the case"),
        ({"decision": "dispose", "reason": "Short"}, "Enter the reason, in 15 characters or more"),
        ({"decision": "keep", "reason": REASON}, "Enter the day until which it is kept"),
        (
            {
                "decision": "keep",
                "reason": REASON,
                "until_on__day": "1",
                "until_on__month": "1",
                "until_on__year": "2026",
            },
            "Choose a day after today",
        ),
        ({"decision": "dispose", "reason": "They moved to LU1 2AB long ago"}, "Reason must not tell a postcode"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(casework: Casework, typed: dict[str, str], says: str) -> None:
    ref = due_case(casework)
    answer = sent(casework, f"/cases/{ref}/retention", **typed)
    assert answer.status_code == 422
    assert says in " ".join(Page(answer.text).errors())
    assert f"{ref} KEEP-VOID" in opened(casework, "/retention").text


def test_a_case_is_kept_until_a_day_or_held_and_the_hold_is_lifted(casework: Casework) -> None:
    kept, held = due_case(casework), due_case(casework)
    assert sent(casework, f"/cases/{kept}/retention", decision="keep", reason=REASON, **day("2030")).status_code == 303
    assert "somebody decided to keep it longer" in opened(casework, f"/cases/{kept}/retention").text
    path = f"/cases/{held}/retention"
    assert sent(casework, path, decision="hold", reason=REASON).status_code == 303
    page = opened(casework, path)
    assert "It is on hold" in page.text
    assert REASON in page.text
    assert held not in opened(casework, "/retention").text
    assert sent(casework, path, f"{path}/hold", reason=REASON).headers["location"] == f"{path}?done=lifted"
    assert "It is on hold" not in opened(casework, path).text


def test_beyond_the_cap_two_supervisors_agree(casework: Casework, chief: Browser) -> None:
    due_case(casework, proposed=False)
    run_id = a_run(casework, found=1)
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/retention")
    assert "found 1 case due, of 1,000" in page.text
    action = f"/retention/runs/{casework.named('retention_run', run_id)}/agree"
    assert browser.post(action, page.form(action).filled()).headers["location"] == "/retention?done=agreed"
    again = browser.post(action, {"form_key": "again"})
    assert again.status_code == 422
    assert "a second person must" in Page(again.text).errors()[0]
    assert chief.post(action, {"form_key": "second"}).headers["location"] == "/retention?done=released"
    assert "KEEP-VOID 13 May 2024" in opened(casework, "/retention").text


def test_another_team_sees_nothing_of_it(casework: Casework, chief: Browser) -> None:
    ref, (gone, number) = due_case(casework), disposed_case(casework)
    text = Page(chief.get("/retention").text).text
    assert ref not in text
    assert gone not in text
    assert chief.get(f"/cases/{ref}/retention").status_code == 404
    assert (
        chief.post(f"/retention/disposals/{casework.named('disposal', number)}/undo", {"form_key": "x"}).status_code
        == 409
    )


def test_the_certificate_stays(casework: Casework) -> None:
    ref, number = disposed_case(casework)
    policy = published_retention()
    now = casework.site.clock.now + timedelta(days=policy.undo_days)
    with casework.site.database.writing() as connection:
        assert cases_to_erase(connection, policy=policy, now=now) == [number]
        assert erase_cases(connection, disposal_ids=[number], policy=policy, law=casework.law, now=now) == 1
    page = opened(casework, "/retention")
    assert f"{ref} KEEP-VOID Example Supervisor" in page.text
    assert "26 July 2026" in page.text, "in no backup from then on"
    assert ("erasure", "erase case", "system", "done") in casework.site.audit()


def test_a_supervisor_who_is_kept_from_a_case_reads_nothing_of_it_here(casework: Casework) -> None:
    ref, (gone, number) = due_case(casework), disposed_case(casework)
    with casework.site.database.writing() as connection:
        for each in (ref, gone):
            case_id = connection.execute(select(CASES.c.id).where(CASES.c.ref == each)).scalar_one()
            why = {"person_id": "supervisor", "reason": REASON, "by": PEOPLE["supervisor"]}
            case_lists.exclude(connection, case_id, **why, at=casework.site.clock.now, vault=casework.vault)
    browser = casework.site.sign_in("supervisor")
    text = browser.get("/retention").text
    assert ref not in text
    assert gone not in text
    assert browser.get(f"/cases/{ref}/retention").status_code == 404
    assert (
        browser.post(f"/retention/disposals/{casework.named('disposal', number)}/undo", {"form_key": "x"}).status_code
        == 409
    )
