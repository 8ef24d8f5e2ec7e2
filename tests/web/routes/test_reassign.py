"""Handing cases over: chosen, shown before it is done, and done; every refusal named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.queries.test_case_lists import keep_lists
from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.handing_over import CHOOSING, DONE, PLAN, hand_over, holder, picked, plan, planned
from tests.web.page import Page
from tests.web.site import TEAM
from victimcare.commands.protect_location import protect_location
from victimcare.domain.people import CaseLists
from victimcare.store.cases import CASES
from victimcare.store.tables import PersonRow

LATE = MONDAY - timedelta(days=21)


def test_a_case_that_nobody_could_take_is_shown_as_held_and_can_be_given(casework: Casework) -> None:
    ref = held_case(casework)
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, CHOOSING)
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


def move_to_the_team(casework: Casework, who: str) -> None:
    person = PersonRow.__table__
    with casework.site.database.writing() as connection:
        connection.execute(update(person).where(person.c.id == who).values(team_id=TEAM))


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
    asked = plan(casework, browser, *mine, theirs, elsewhere, "22222-22222", mine[0])
    page = Page(asked.text)
    assert "Reassign 3 cases" in page.text
    assert "Cannot be handed over (3)" in page.text
    assert [holder(casework, ref) for ref in mine] == ["officer"] * 3, "nothing is done yet"
    done = Page(browser.post(DONE, page.form(DONE).filled()).text)
    assert "Handed over 3 cases to Example Colleague" in done.text
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
    answer = plan(casework, browser, *chosen, officer=officer, why=why)
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, messages)
    ids = {element.attributes.get("id") for element in page.elements}
    assert {a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"].startswith("#")} <= ids
    assert page.form(PLAN).ticked("cases") == [picked(casework, ref) for ref in chosen]
    assert page.form(PLAN).ticked("why") == [why]
    assert casework.stored_events() == before


def test_an_officer_who_is_away_is_said_to_be_and_cannot_be_chosen(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    away(casework, "colleague")
    browser = casework.site.sign_in("supervisor")
    assert casework.page(browser, CHOOSING).form(PLAN).values("officer") == ["", "officer"]
    assert "Example Colleague Away" in casework.page(browser, "/team").text
    assert plan(casework, browser, ref).status_code == 422


def test_the_same_hand_over_sent_twice_is_done_once(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    browser = casework.site.sign_in("supervisor")
    form = planned(casework, browser, ref)
    sent = form.filled()
    assert browser.post(form.action, sent).status_code == 200
    before = casework.stored_events()
    assert browser.post(form.action, sent).status_code == 409
    assert casework.stored_events() == before


def test_a_case_that_changed_hands_after_the_plan_is_refused_and_named_and_the_rest_goes_through(
    casework: Casework,
) -> None:
    move_to_the_team(casework, "stranger")
    gone, stays = casework.case(at=LATE), casework.case(at=LATE)
    browser = casework.site.sign_in("supervisor")
    form = planned(casework, browser, gone, stays)
    hand_over(casework, casework.site.sign_in("supervisor"), gone, officer="stranger")
    page = Page(browser.post(form.action, form.filled()).text)
    assert f"{gone}: somebody else handed it over while you were choosing" in page.text
    assert "Handed over 1 case to Example Colleague" in page.text
    assert (holder(casework, gone), holder(casework, stays)) == ("stranger", "colleague")


def test_a_plan_says_what_it_makes_of_each_workload_and_the_victims_to_tell(casework: Casework) -> None:
    refs = [casework.case(f"Sample {n}", at=LATE) for n in range(3)]
    browser = casework.site.sign_in("supervisor")
    page = Page(plan(casework, browser, *refs[:2], why="leave").text)
    rows = {row.all("th")[0].text: row.all("td")[-1].text for row in page.section("workload-heading").rows()}
    assert rows == {"Example Colleague": "from 0% to 10%", "Example Officer": "from 12% to 4%"}
    assert "2 victims are to be told who their case officer is now, by Monday 1 June 2026" in page.text
    assert {row.all("td")[0].text for row in page.section("moves-heading").rows()} == {"Example Officer"}
    assert "Reassign 2 cases" in page.text
    assert casework.site.audit()[-1] == ("consultation", "plan of a hand-over", "supervisor", "done")
    browser.post(DONE, page.form(DONE).filled())
    after = casework.page(browser, "/team")
    shown = {row.all("th")[0].text: row.all("td")[-1].text for row in after.section("officers-heading").rows()}
    assert shown == {"Example Colleague": "10%", "Example Officer": "4%"}, "as it was said before"


def test_the_whole_caseload_of_an_officer_is_handed_over_at_once(casework: Casework) -> None:
    refs = [casework.case(f"Sample {n}") for n in range(4)]
    theirs = casework.case("Colleague's", officer="colleague")
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, f"{CHOOSING}?officer=officer").form(PLAN)
    asked = browser.post(PLAN, form.filled(whole="officer", officer="colleague", why="retires"))
    page = Page(asked.text)
    assert "Reassign 4 cases" in page.text
    assert "Handed over 4 cases to Example Colleague" in Page(browser.post(DONE, page.form(DONE).filled()).text).text
    assert {holder(casework, ref) for ref in (*refs, theirs)} == {"colleague"}
    assert browser.post(PLAN, form.filled(whole="officer", officer="colleague", why="again")).status_code == 422


def test_a_caseload_is_shared_among_all_who_are_here_and_never_with_whom_it_leaves(casework: Casework) -> None:
    move_to_the_team(casework, "stranger")
    refs = [casework.case(f"Sample {n}") for n in range(5)]
    browser = casework.site.sign_in("supervisor")
    page = Page(plan(casework, browser, *refs, officer="shared").text)
    assert "Shared among those who are here" in page.text
    assert "Reassign 5 cases" in page.text
    done = Page(browser.post(DONE, page.form(DONE).filled()).text)
    holders = [holder(casework, ref) for ref in refs]
    assert sorted((holders.count("colleague"), holders.count("stranger"))) == [2, 3]
    assert "3 cases to" in done.text
    assert "2 cases to" in done.text


def test_a_case_that_the_new_officer_may_not_have_is_refused_and_not_why(casework: Casework) -> None:
    ref, other = casework.case("Wren Sample", at=LATE), casework.case(at=LATE)
    with casework.site.database.writing() as connection:
        case_id = connection.execute(CASES.select().where(CASES.c.ref == ref)).one().id
        keep_lists(connection, case_id, CaseLists(excluded=frozenset({"colleague"})))
    browser = casework.site.sign_in("supervisor")
    page = Page(plan(casework, browser, ref, other).text)
    assert f"{ref}: this officer may not be given this case" in page.text
    assert "exclu" not in page.text.lower()
    forged = {**page.form(DONE).filled(), "cases": [f"{ref}:officer:colleague"]}
    assert "may not be given this case" in Page(browser.post(DONE, forged).text).text
    assert (holder(casework, ref), holder(casework, other)) == ("officer", "officer")


def test_whoever_hands_their_caseload_over_is_not_offered_as_the_one_who_takes_it(casework: Casework) -> None:
    casework.case()
    browser = casework.site.sign_in("supervisor")
    assert casework.page(browser, CHOOSING).form(PLAN).values("officer") == ["", "colleague", "officer", "shared"]
    of_one = casework.page(browser, f"{CHOOSING}?officer=officer").form(PLAN)
    assert of_one.values("officer") == ["", "colleague"]


def test_what_is_refused_leads_to_the_case_and_what_is_no_case_of_theirs_to_nothing(casework: Casework) -> None:
    ref, hidden = casework.case(officer="colleague"), casework.case(officer="stranger")
    page = Page(plan(casework, casework.site.sign_in("supervisor"), ref, hidden, casework.case()).text)
    assert page.links(starts=f"/cases/{ref}") == [f"/cases/{ref}"]
    assert page.links(starts=f"/cases/{hidden}") == []


def test_a_plan_says_that_the_new_officer_had_the_case_before(casework: Casework) -> None:
    ref, other = casework.case(), casework.case()
    browser = casework.site.sign_in("supervisor")
    hand_over(casework, browser, ref)
    page = Page(plan(casework, browser, ref, officer="officer").text)
    assert "Had this case until 22 May 2026" in page.section("moves-heading").text
    assert "Had this case" not in Page(plan(casework, browser, other).text).text


def test_the_custodian_of_a_protected_location_is_named_while_it_is_handed_over_and_found_after_it(
    casework: Casework,
) -> None:
    ref, closed = casework.case(), casework.case()
    now, how = casework.site.clock.now, {"reason": "An invented reason", "by": PEOPLE["supervisor"]}
    with casework.site.database.writing() as connection:
        for each in (ref, closed):
            protect_location(connection, ref=each, custodian_id="officer", now=now, vault=casework.vault, **how)
        connection.execute(update(CASES).where(CASES.c.ref == closed).values(status="closed"))
    browser = casework.site.sign_in("supervisor")
    form = planned(casework, browser, ref)
    page = Page(plan(casework, browser, ref).text)
    assert "Location protected: Example Officer stays the custodian" in page.section("moves-heading").text
    browser.post(form.action, form.filled())
    assert "Example Officer (0, and custodian)" in casework.page(browser, CHOOSING).text
    kept = casework.page(browser, f"{CHOOSING}?officer=officer").section("custody-heading")
    assert sorted(kept.links()) == sorted(f"/cases/{each}/contact-details/protection" for each in (ref, closed))
    assert "custody-heading" not in browser.get(f"{CHOOSING}?officer=colleague").text


def test_of_fifty_one_that_is_not_theirs_neither_leaks_nor_blocks(casework: Casework) -> None:
    mine = [casework.case() for _ in range(12)]
    hidden = casework.case("Canary Person", officer="stranger")
    browser = casework.site.sign_in("supervisor")
    form = planned(casework, browser, *mine)
    sent = form.filled()
    sent["cases"] = [*sent["cases"], f"{hidden}:stranger:colleague", "22222-22222:officer:colleague"]
    page = Page(browser.post(DONE, sent).text)
    assert "12 cases to Example Colleague" in page.text
    assert "Not handed over: 2 cases" in page.text
    assert page.text.count("there is no such case, or it is not yours to see") == 2
    assert "Canary" not in page.text
    assert holder(casework, hidden) == "stranger"


def test_somebody_who_went_away_after_the_plan_gets_nothing(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    browser = casework.site.sign_in("supervisor")
    form = planned(casework, browser, ref)
    away(casework, "colleague")
    page = Page(browser.post(form.action, form.filled()).text)
    assert "Nothing was handed over" in page.text
    assert f"{ref}: that officer cannot take cases now" in page.text
    assert holder(casework, ref) == "officer"


def test_what_counts_how_much_is_there_to_read(casework: Casework) -> None:
    page = casework.page(casework.site.sign_in("supervisor"), "/team/workload")
    shown = {row.all("th")[0].text: row.all("td")[0].text for row in page.rows()}
    assert shown["An open duty of the police"] == "1"
    assert shown["more, under enhanced rights"] == "0.5"
    assert len(shown) == 6
