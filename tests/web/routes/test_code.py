"""A Code lead goes through the rules: what each rests on, who checked it, and what they found."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.web.casework import PEOPLE, Casework
from tests.web.every_form import day
from tests.web.page import Page
from victimcare.commands.check_code import NotTheirCode, check_code
from victimcare.domain.edition_entries import Finding
from victimcare.domain.journey import DutyNamed
from victimcare.store.code_checks import CODE_CHECKS

RULE = "/code/2021-04-01/R6-ARR"
LOOKED = day("looked_on", "20 5 2026")


def checked(casework: Casework, **changes: str) -> Any:
    """Send the form of a rule, by default that it agrees."""
    lead = casework.site.sign_in("lead")
    form = casework.page(lead, RULE).form(RULE)
    filled = {"finding": "agrees", "source": "Code of Practice, gov.uk, paragraph 6.4", **LOOKED, **changes}
    return lead.post(RULE, form.filled(**filled))


def test_the_lead_starts_with_every_rule_what_it_cites_and_what_is_not_verified(casework: Casework) -> None:
    lead = casework.site.sign_in("lead")
    assert casework.site.browser().sign_in("lead").headers["location"] == "/code"
    page = casework.page(lead, "/code")
    edition = casework.law.code.latest
    for rule in edition.rules:
        assert f"{rule.title} {rule.id}, right {rule.right} {rule.source.cites}" in page.text
    assert len(page.links(starts="/code/2021-04-01/")) > len(edition.rules) + len(edition.untimed)
    unverified = casework.page(lead, "/code?show=unverified")
    shown = set(unverified.links(starts="/code/2021-04-01/"))
    for rule in edition.rules:
        assert rule.verified or f"/code/2021-04-01/{rule.id}" in shown
    assert "Verified Nobody" not in unverified.text


def test_what_was_found_is_kept_with_its_source_day_and_name_and_is_in_the_audit(casework: Casework) -> None:
    assert checked(casework).status_code == 303
    lead = casework.site.sign_in("lead")
    page = casework.page(lead, RULE)
    found = "Example Lead, who looked on 20 May 2026: it agrees with the code."
    assert f"{found} Compared with: Code of Practice, gov.uk, paragraph 6.4." in page.text
    assert "/code/2021-04-01/R6-ARR" not in casework.page(lead, "/code?show=unchecked").links(starts="/code/")
    kept = ("collection", "check R6-ARR of the edition 2021-04-01: agrees", "lead", "done")
    assert kept in casework.site.audit()


def test_a_difference_is_said_and_stands_until_somebody_looks_again(casework: Casework) -> None:
    lead = casework.site.sign_in("lead")
    assert checked(casework, finding="differs", difference="It says 3 working days").status_code == 303
    assert "Different: It says 3 working days" in casework.page(lead, RULE).text
    assert casework.page(lead, "/code?show=different").links(starts="/code/2021-04-01/") == [RULE]
    assert checked(casework).status_code == 303
    assert casework.page(lead, "/code?show=different").links(starts="/code/2021-04-01/") == []
    assert "It says 3 working days" in casework.page(lead, RULE).text


def test_a_rule_that_was_changed_since_waits_for_somebody_to_look_again(casework: Casework) -> None:
    checked(casework)
    with casework.site.database.writing() as connection:
        connection.execute(update(CODE_CHECKS).values(entry_mark="0" * 64))
    lead = casework.site.sign_in("lead")
    assert RULE in casework.page(lead, "/code?show=unchecked").links(starts="/code/2021-04-01/")
    assert "The rule was changed afterwards." in casework.page(lead, RULE).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"finding": ""}, "Choose what you found"),
        ({"source": ""}, "Enter what you compared it with"),
        ({"finding": "differs"}, "Enter what is different"),
        ({"difference": "Nothing"}, "Leave this empty where it agrees"),
        (day("looked_on", "23 5 2026"), "Day on which you looked must be today or in the past"),
        ({"source": "Ring 07700 900123"}, "Leave out a telephone number: this is about the law, and about nobody"),
        ({"finding": "differs", "difference": "LU1 2AB"}, "Leave out a postcode: this is about the law"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(casework: Casework, changes: dict[str, str], said: str) -> None:
    answer = checked(casework, **changes)
    assert answer.status_code == 422
    assert any(said in error for error in Page(answer.text).errors())
    with casework.site.database.reading() as connection:
        assert connection.execute(select(CODE_CHECKS)).all() == []


@pytest.mark.parametrize(
    "path", ["/code/2021-04-01/R99", "/code/1999-01-01/R6-ARR", "/code/2021-04-01/a%20b", "/code/x/y"]
)
def test_what_no_edition_says_is_not_there(casework: Casework, path: str) -> None:
    assert casework.site.sign_in("lead").get(path).status_code == 404


@pytest.mark.parametrize("who", sorted(PEOPLE.keys() - {"lead", "stranger"}))
def test_nobody_else_says_what_was_found(casework: Casework, who: str) -> None:
    with casework.site.database.writing() as connection, pytest.raises(NotTheirCode):
        check_code(
            connection,
            code=casework.law.code,
            edition_id="2021-04-01",
            entry_id="R6-ARR",
            finding=Finding.AGREES,
            source="The Code",
            looked_on=casework.site.clock.now.date(),
            difference="",
            by=PEOPLE[who],
            now=casework.site.clock.now,
        )


def test_a_duty_that_is_not_verified_says_so_wherever_it_stands(casework: Casework) -> None:
    """R6-CHG is: its limit was seen only on another page about the Code."""
    ref = casework.case()
    charged = casework.record(ref, "suspect_charged", subject="Suspect 1")
    rule = casework.law.code.latest.rule("R6-CHG")
    marked = f"{rule.title} (not verified)"
    officer = casework.site.sign_in()
    assert marked in casework.page(officer, "/").text
    for part in (
        "contacts/new",
        "closing",
        "hand-over",
        "print/summary",
        "print/record",
        f"duties/R6-CHG:{charged}/ending",
    ):
        assert f"{rule.title} (Suspect 1) (not verified)" in casework.page(officer, f"/cases/{ref}/{part}").text, part
    answered = [DutyNamed("R6-CHG", charged)]
    casework.record(ref, "contact_made", channel="phone", duties=answered)
    assert marked in casework.page(officer, f"/cases/{ref}/journey").text
