"""The supervisor's page: whose work is late, what is held by nobody, and handing cases over."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind
from victimcare.store.cases import CASES
from victimcare.store.tables import PersonRow

LATE = MONDAY - timedelta(days=21)


def table(page: Page, caption: str) -> list[list[str]]:
    """The cells of the table whose caption begins so."""
    (found,) = [t for t in re.findall(r"<table.*?</table>", page.html, re.DOTALL) if f">{caption}" in t]
    return [[cell.text for cell in row.elements if cell.tag in ("th", "td")] for row in Page(found).rows()]


def overdue_table(page: Page) -> Page:
    return Page(page.html[page.html.index('id="overdue-heading"') :])


def hand_over(casework: Casework, browser: Browser, *refs: str, officer: str = "colleague", why: str = "leave") -> Any:
    form = casework.page(browser, "/team").form("/team/reassign")
    cases = [picked(casework, ref) for ref in refs]
    return browser.post(form.action, {**form.filled(), "cases": cases, "officer": officer, "why": why})


def picked(casework: Casework, ref: str) -> str:
    """The case with who holds it, as the page's boxes have it."""
    with casework.site.database.reading() as connection:
        row = connection.execute(CASES.select().where(CASES.c.ref == ref)).first()
    return f"{ref}:{row.officer_id if row else 'officer'}"


def holder(casework: Casework, ref: str) -> str:
    with casework.site.database.reading() as connection:
        return str(connection.execute(CASES.select().where(CASES.c.ref == ref)).one().officer_id)


def test_every_count_is_the_length_of_what_it_counts(casework: Casework) -> None:
    casework.case("One", at=LATE)
    casework.case("Two", at=LATE + timedelta(days=1), officer="colleague")
    casework.case("Three", at=casework.site.clock.now, officer="colleague")
    casework.case("Elsewhere", at=LATE, officer="stranger")
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    officers = {row[0]: [int(cell) for cell in row[1:5]] for row in table(page, "Open duties owed by the police")}
    rights = [int(row[1]) for row in table(page, "Overdue duties owed by the police")]
    rows = overdue_table(page).rows()
    overdue = sum(len(row.all("li")) for row in rows)
    numbers = [int(span.text) for span in page.all("span", class_="app-number__count")]
    assert set(officers) == {"Example Officer", "Example Colleague"}
    assert numbers[0] == sum(rights) == sum(counts[0] for counts in officers.values()) == overdue > 0
    assert numbers[1:3] == [sum(counts[place] for counts in officers.values()) for place in (1, 2)]
    assert [counts[3] for counts in (officers["Example Officer"], officers["Example Colleague"])] == [1, 2]
    assert "Cases with something overdue, oldest first (2)" in page.text
    assert "Elsewhere" not in page.text


def test_the_officer_with_most_overdue_and_the_case_late_longest_come_first(casework: Casework) -> None:
    newer = casework.case("Newer", at=LATE + timedelta(days=3), officer="officer")
    older = [casework.case(f"Older {n}", at=LATE, officer="colleague") for n in range(2)]
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    assert [row[0] for row in table(page, "Open duties owed by the police")] == ["Example Colleague", "Example Officer"]
    shown = [row.all("a")[0].text for row in overdue_table(page).rows()]
    assert (set(shown[:2]), shown[2]) == (set(older), newer)
    assert "Overdue by 16 working days" in overdue_table(page).rows()[0].text


def test_a_case_that_nobody_could_take_is_shown_as_held_and_can_be_given(casework: Casework) -> None:
    ref = held_case(casework)
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team")
    assert "Held by a supervisor, waiting for a case officer (1)" in page.text
    assert f"{ref}, Wren Sample: Burglary of May 2026, held by Example Supervisor" in page.text
    done = Page(hand_over(casework, browser, ref).text)
    assert "Handed over 1 case to Example Colleague" in done.text
    assert "Every case has a case officer." in done.text
    assert holder(casework, ref) == "colleague"


def held_case(casework: Casework) -> str:
    """A case recorded while both officers of the team were away."""
    away(casework, "officer", "colleague")
    ref = casework.case(officer="nobody", area="E01")
    away(casework, "officer", "colleague", until=date(2026, 5, 19))
    return ref


def away(casework: Casework, *people: str, until: date | None = None) -> None:
    person = PersonRow.__table__
    with casework.site.database.writing() as connection:
        values = {"absent_from_on": date(2026, 5, 1), "absent_until_on": until}
        connection.execute(update(person).where(person.c.id.in_(people)).values(values))


def test_one_case_is_handed_over_and_the_officers_see_it_at_once(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=LATE)
    officer, colleague = casework.site.sign_in(), casework.site.sign_in("colleague")
    answer = hand_over(casework, casework.site.sign_in("supervisor"), ref, why="leave until June")
    assert answer.status_code == 200
    assert "Handed over 1 case to Example Colleague" in Page(answer.text).text
    assert officer.get(f"/cases/{ref}").status_code == 404
    page = casework.page(colleague, f"/cases/{ref}")
    assert "Why this officer Handed over" in page.text
    assert "Why: leave until June." in casework.page(colleague, f"/cases/{ref}/hand-over").text
    assert "Case officer assigned by Example Supervisor" in page.text
    assert ref in casework.page(colleague, "/").section("overdue-heading").text
    assert ref not in casework.page(officer, "/").text


def test_many_cases_are_handed_over_and_what_is_refused_is_named(casework: Casework) -> None:
    mine = [casework.case(f"Sample {n}", at=LATE) for n in range(3)]
    theirs = casework.case("Colleague's", at=LATE, officer="colleague")
    elsewhere = casework.case("Canary Person", at=LATE, officer="stranger")
    browser = casework.site.sign_in("supervisor")
    answer = hand_over(casework, browser, *mine, theirs, elsewhere, "22222-22222", mine[0])
    page = Page(answer.text)
    assert "Handed over 3 cases to Example Colleague" in page.text
    assert f"{theirs}: this officer already holds the case" in page.text
    refusals = [
        item.text.partition(": ")[2] for item in page.all("li") if elsewhere in item.text or "22222" in item.text
    ]
    assert len(refusals) == 2
    assert len({said.replace(elsewhere, "").replace("22222-22222", "") for said in refusals}) == 1
    assert "Canary" not in page.text
    assert [holder(casework, ref) for ref in (*mine, theirs, elsewhere)] == ["colleague"] * 4 + ["stranger"]


@pytest.mark.parametrize(
    ("refs", "officer", "why", "messages"),
    [
        ([], "", "", ["Choose one or more cases", "Choose the new case officer", "Enter the reason in a few words"]),
        (None, "stranger", "x", ["That officer cannot take cases now: choose somebody of your team who is present"]),
        (None, "supervisor", "x", ["That officer cannot take cases now: choose somebody of your team who is present"]),
        (None, "nobody", "x", ["That officer cannot take cases now: choose somebody of your team who is present"]),
        (None, "colleague", "x" * 201, ["Reason must be 200 characters or fewer"]),
    ],
)
def test_what_cannot_be_handed_over_is_refused_and_what_was_chosen_is_kept(
    casework: Casework, refs: list[str] | None, officer: str, why: str, messages: list[str]
) -> None:
    ref = casework.case(at=LATE)
    browser, before = casework.site.sign_in("supervisor"), casework.stored_events()
    chosen = [ref] if refs is None else refs
    answer = hand_over(casework, browser, *chosen, officer=officer, why=why)
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, messages)
    ids = {element.attributes.get("id") for element in page.elements}
    assert {a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"].startswith("#")} <= ids
    assert page.form("/team/reassign").ticked("cases") == [picked(casework, ref) for ref in chosen]
    assert page.form("/team/reassign").ticked("why") == [why]
    assert casework.stored_events() == before


def test_an_officer_who_is_away_is_said_to_be_and_cannot_be_chosen(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    away(casework, "colleague")
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team")
    assert page.form("/team/reassign").values("officer") == ["", "officer"]
    assert "Example Colleague Away" in page.text
    assert hand_over(casework, browser, ref).status_code == 422


def test_the_same_hand_over_sent_twice_is_done_once(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, "/team").form("/team/reassign")
    sent = {**form.filled(), "cases": [picked(casework, ref)], "officer": "colleague", "why": "leave"}
    assert browser.post(form.action, sent).status_code == 200
    before = casework.stored_events()
    assert browser.post(form.action, sent).status_code == 409
    assert casework.stored_events() == before


@pytest.mark.parametrize("who", ["officer", "board", "administrator"])
def test_only_a_supervisor_sees_the_team_and_hands_over(casework: Casework, who: str) -> None:
    ref = casework.case("Canary Person", at=LATE, officer="colleague")
    browser = casework.site.sign_in(who)
    answers = [browser.get("/team"), browser.post("/team/reassign", {"cases": ref, "officer": "officer", "why": "x"})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not [answer for answer in answers if "Canary" in answer.text]
    assert holder(casework, ref) == "colleague"
    assert ("access", "see the team: not allowed", who, "refused") in casework.site.audit()


def test_the_team_page_writes_down_every_case_that_it_showed(casework: Casework) -> None:
    refs = {casework.case(f"Sample {n}", at=LATE) for n in range(3)} | {held_case(casework)}
    casework.case("Not late", at=casework.site.clock.now)
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    assert casework.site.audit()[-1] == ("consultation", "team", "supervisor", "done")
    assert casework.consulted() == refs
    assert all(ref in page.text for ref in refs)


def test_no_name_is_in_the_title_or_an_address_of_the_team(casework: Casework) -> None:
    casework.case("Canary Person", at=LATE)
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    assert "Canary Person" in page.text
    addresses = [a.attributes.get("href", "") for a in page.all("a")] + [form.action for form in page.forms]
    assert not [address for address in [page.title, *addresses] if "canary" in address.lower()]


def test_a_team_without_work_says_so(casework: Casework) -> None:
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    assert page.text.count("Nothing is overdue.") == 2
    assert "Every case has a case officer." in page.text


def test_what_is_met_no_longer_counts_against_the_officer(casework: Casework) -> None:
    ref = casework.case(at=datetime(2026, 5, 20, 9, tzinfo=UTC))
    casework.record(ref, EventKind.SUSPECT_ARRESTED, datetime(2026, 5, 20, 9, tzinfo=UTC), subject="Suspect 1")
    casework.site.clock.now = datetime(2026, 6, 8, 9, tzinfo=UTC)
    supervisor, officer = casework.site.sign_in("supervisor"), casework.site.sign_in()
    before = casework.page(supervisor, "/team")
    form = casework.page(officer, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
    ticked = [anchor for anchor in form.values("duties") if anchor.startswith("R6-ARR")]
    assert casework.contact(officer, ref, duties=ticked).status_code == 303
    after = casework.page(supervisor, "/team")
    counts = [int(page.all("span", class_="app-number__count")[0].text) for page in (before, after)]
    assert counts[1] == counts[0] - 1


def test_a_case_that_another_supervisor_handed_over_meanwhile_is_refused_and_named(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, "/team").form("/team/reassign")
    (chosen,) = form.values("cases")
    hand_over(casework, casework.site.sign_in("supervisor"), ref)
    answer = browser.post(form.action, {**form.filled(), "cases": [chosen], "officer": "officer", "why": "leave"})
    page = Page(answer.text)
    assert f"{ref}: somebody else handed it over while you were choosing" in page.text
    assert "Nothing was handed over" in page.text
    assert holder(casework, ref) == "colleague"
