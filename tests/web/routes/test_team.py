"""The supervisor's page: whose work is late and since when, each number with its list, and what waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.handing_over import hand_over, holder
from tests.web.page import Page
from tests.web.routes.test_reassign import held_case
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Person, Role
from victimcare.editions.force_policy import published_policy
from victimcare.queries import waiting
from victimcare.store import cases, emergency_access
from victimcare.web.routes import team

LATE = MONDAY - timedelta(days=21)


def table(page: Page, caption: str) -> list[list[str]]:
    """The cells of the table whose caption begins so."""
    (found,) = [t for t in re.findall(r"<table.*?</table>", page.html, re.DOTALL) if f">{caption}" in t]
    return [[cell.text for cell in row.elements if cell.tag in ("th", "td")] for row in Page(found).rows()]


def test_every_number_of_the_page_is_as_long_as_the_list_behind_it(casework: Casework) -> None:
    casework.case("One", at=LATE)
    casework.case("Two", at=LATE + timedelta(days=1), officer="colleague")
    casework.case("Three", at=casework.site.clock.now, officer="colleague")
    casework.case("Elsewhere", at=LATE, officer="stranger")
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team")
    numbers = dict(re.findall(r'href="(/team/duties[^"]*)">([\d,]+)<', page.html))
    big = re.findall(r'count">([\d,]+)</span>\s*<a[^>]*href="(/team/duties[^"]*)"', page.html)
    numbers |= {address: count for count, address in big}
    assert len(numbers) >= 12
    for address, count in numbers.items():
        listed = casework.page(browser, address.replace("&amp;", "&"))
        shown = re.search(r"of (\d+) dut", listed.text)
        assert int(count) == (int(shown[1]) if shown else 0), address
        assert "Elsewhere" not in listed.text
    officers = {row[0]: row for row in table(page, "Open duties owed by the police, by case officer")}
    assert set(officers) == {"Example Officer", "Example Colleague"}
    open_cases = {name: row[4].split()[0] for name, row in officers.items()}
    assert open_cases == {"Example Officer": "1", "Example Colleague": "2"}
    assert table(page, "Overdue duties owed by the police")[-1] == ["All", big[0][0]]


def test_the_list_is_narrowed_by_choices_that_are_shown_and_taken_away(casework: Casework) -> None:
    casework.case("One", at=LATE)
    two = casework.case("Two", at=LATE, officer="colleague")
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team/duties?due=overdue&officer=colleague&right=4&late=11-20")
    assert [row.all("a")[0].text.partition(",")[0] for row in page.rows()] == [two]
    chips = page.all("a", class_="moj-filter__tag")
    assert chips[0].text == "Remove this filter: due Overdue"
    assert len(chips) == 4
    assert len(casework.page(browser, chips[1].attributes["href"]).rows()) == 2, "without the officer"
    assert page.links(text=two) == [link for link in page.links(text=two) if link.startswith(f"/cases/{two}#duty-")]


def test_beyond_the_last_page_is_the_last(casework: Casework) -> None:
    casework.case("One", at=LATE)
    browser = casework.site.sign_in("supervisor")
    plain, narrowed = (casework.page(browser, f"/team/duties?{query}") for query in ("", "page=999"))
    assert len(narrowed.rows()) == len(plain.rows()) > 3


def test_the_officer_with_most_overdue_comes_first(casework: Casework) -> None:
    casework.case("Newer", at=LATE + timedelta(days=3), officer="officer")
    for number in range(2):
        casework.case(f"Older {number}", at=LATE, officer="colleague")
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    names = [row[0] for row in table(page, "Open duties owed by the police, by case officer")]
    assert names == ["Example Colleague", "Example Officer"]


@pytest.mark.parametrize("path", ["/team/duties?due=overdue", "/team/reassign"])
def test_a_list_of_the_team_writes_down_every_case_that_it_showed(casework: Casework, path: str) -> None:
    refs = {casework.case(f"Sample {n}", at=LATE) for n in range(3)} | {held_case(casework)}
    casework.case("Not late", at=casework.site.clock.now)
    page = casework.page(casework.site.sign_in("supervisor"), path)
    if "duties" in path:
        refs = {ref for ref in refs if ref in page.text}
        assert len(refs) >= 3
    assert casework.consulted() == refs
    assert all(ref in page.text for ref in refs)


def test_the_figures_name_no_case_and_nobody_is_noted_as_having_looked_at_one(casework: Casework) -> None:
    ref = casework.case("Canary Person", at=LATE)
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    assert ref not in page.text
    assert "Canary" not in page.text
    assert casework.consulted() == set()


def test_a_team_without_work_says_so(casework: Casework) -> None:
    page = casework.page(casework.site.sign_in("supervisor"), "/team")
    assert "Nothing is overdue, and nothing is due in 5 days." in page.text
    assert "Nothing waits for you now." in page.text
    choosing = casework.page(casework.site.sign_in("supervisor"), "/team/reassign")
    assert "Every case has a case officer." in choosing.text


@pytest.mark.parametrize("who", ["officer", "board", "administrator"])
def test_only_a_supervisor_sees_the_team_and_hands_over(casework: Casework, who: str) -> None:
    ref = casework.case("Canary Person", at=LATE, officer="colleague")
    browser = casework.site.sign_in(who)
    answers = [browser.get(path) for path in ("/team", "/team/duties", "/team/waiting", "/team/reassign")]
    answers.append(browser.post("/team/reassign", {"cases": ref, "officer": "officer", "why": "x"}))
    assert {answer.status_code for answer in answers} == {403}
    assert not [answer for answer in answers if "Canary" in answer.text]
    assert holder(casework, ref) == "colleague"
    assert ("access", "reassign cases: not allowed", who, "refused") in casework.site.audit()


def test_no_name_is_in_the_title_or_an_address_of_the_team(casework: Casework) -> None:
    casework.case("Canary Person", at=LATE)
    page = casework.page(casework.site.sign_in("supervisor"), "/team/duties?due=overdue")
    assert "Canary Person" in page.text
    addresses = [a.attributes.get("href", "") for a in page.all("a")] + [form.action for form in page.forms]
    assert not [address for address in [page.title, *addresses] if "canary" in address.lower()]


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


def not_reached(casework: Casework, count: int, officer: str = "officer") -> set[str]:
    """Cases whose victims nobody reached, in so many attempts that they are listed."""
    cases = {casework.case(f"Victim {number}", officer=officer) for number in range(count)}
    for ref in cases:
        for _ in range(published_policy().attempts):
            casework.record(ref, EventKind.CONTACT_ATTEMPTED, channel="phone")
    return cases


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (waiting, team):
        monkeypatch.setattr(module, "PAGE_SIZE", 2)


@pytest.mark.usefixtures("pages_of_two")
def test_a_list_of_what_waits_is_paged_through_to_its_end(casework: Casework) -> None:
    cases, browser = not_reached(casework, 5), casework.site.sign_in("supervisor")
    found: list[str] = []
    for number in (1, 2, 3):
        page = casework.page(browser, f"/team/waiting?only=unreached&page={number}")
        assert re.search(r"Showing \d+ to \d+ of 5 cases", page.text)
        found += re.findall(r'href="/cases/([^"/]+)"', page.html)
    assert len(found) == len(set(found)) == 5
    assert set(found) == cases


def test_a_number_of_an_officer_who_is_out_of_touch_leads_to_the_list_of_their_cases(casework: Casework) -> None:
    mine, theirs = not_reached(casework, 2), not_reached(casework, 1, "colleague")
    silent = casework.case("Silent Sample", at=MONDAY - timedelta(weeks=9), officer="colleague")
    late = casework.case("Late Sample", at=MONDAY - timedelta(days=30), officer="colleague")
    casework.record(late, EventKind.CONTACT_INTERVAL_AGREED, MONDAY - timedelta(days=30), interval_days=7)
    casework.record(late, EventKind.CONTACT_MADE, MONDAY - timedelta(days=30), channel="phone")
    browser = casework.site.sign_in("supervisor")
    team_page = casework.page(browser, "/team")
    lines = {row[0]: [cell.split()[0] for cell in row[1:]] for row in table(team_page, "Victims whom nobody reaches")}
    assert lines == {
        "Example Officer": ["2", "0", "0"],
        "Example Colleague": ["1", "1", "1"],
        "All": ["3", "1", "1"],
    }
    for what, which, refs in (
        ("tried, not reached, Example Officer", "/team/waiting?only=unreached", mine),
        ("later than agreed, Example Colleague", "/team/duties?due=overdue&what=agreed", {late}),
        ("silent too long, Example Colleague", "/team/waiting?only=silence", {silent}),
    ):
        (address,) = team_page.links(f"{len(refs)} {what}")
        assert address.startswith(f"{which}&officer=")
        listed = casework.page(browser, address)
        assert {ref for ref in {*mine, *theirs, silent, late} if ref in listed.text} == refs


def test_a_list_of_one_officer_says_whose_it_is_and_of_somebody_who_has_none_there_is_none(casework: Casework) -> None:
    not_reached(casework, 1)
    browser = casework.site.sign_in("supervisor")
    mine = casework.page(browser, "/team/waiting?only=unreached&officer=officer")
    assert "Only the cases of Example Officer." in mine.text
    assert "Officer" not in mine.title
    for nobody in ("colleague", "stranger", "nobody"):
        casework.page(browser, f"/team/waiting?only=unreached&officer={nobody}", status=404)
    casework.page(browser, "/team/waiting?only=handed&officer=officer", status=404)


def asked_to_make_void(casework: Casework, refs: set[str]) -> str:
    for ref in refs:
        casework.record(ref, EventKind.CASE_VOID_REQUESTED, reason="recorded_by_mistake")
    return "second"


def handed_to_a_colleague(casework: Casework, refs: set[str]) -> str:
    assert hand_over(casework, casework.site.sign_in("supervisor"), *refs).status_code == 200
    return "handed"


def opened_in_an_emergency(casework: Casework, refs: set[str]) -> str:
    now = casework.site.clock.now
    with casework.site.database.writing() as connection:
        for ref in refs:
            emergency_access.open_case(
                connection,
                case_id=cases.load(connection, ref).id,
                by=Person("colleague", "A Colleague", Role.OFFICER),
                session_id="none",
                reason="other",
                words="An invented reason",
                at=now,
                until_at=now + timedelta(hours=1),
                vault=casework.vault,
            )
    return "emergencies"


@pytest.mark.usefixtures("pages_of_two")
@pytest.mark.parametrize("what_waits", [asked_to_make_void, handed_to_a_colleague, opened_in_an_emergency])
def test_what_comes_one_by_one_is_paged_through_as_well(
    casework: Casework, what_waits: Callable[[Casework, set[str]], str]
) -> None:
    refs = {casework.case(f"Victim {number}") for number in range(3)}
    which, browser = what_waits(casework, refs), casework.site.sign_in("supervisor")
    pages = [casework.page(browser, f"/team/waiting?only={which}&page={number}") for number in (1, 2)]
    listed = [re.findall(r'href="/cases/([^"/]+)', page.html) for page in pages]
    assert [len(refs) for refs in listed] == [2, 1]
    assert {ref for refs in listed for ref in refs} == refs
    assert "Showing 3 to 3 of 3 cases" in pages[1].text
    (counted,) = casework.page(browser, "/team").links(starts=f"/team/waiting#{which}")
    assert counted


@pytest.mark.usefixtures("pages_of_two")
def test_a_page_after_the_last_is_the_last_and_only_what_is_shown_was_read(casework: Casework) -> None:
    cases, browser = not_reached(casework, 3), casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team/waiting?only=unreached&page=99")
    (last,) = re.findall(r'href="/cases/([^"/]+)"', page.html)
    assert last in cases
    assert "Showing 3 to 3 of 3 cases" in page.text
    assert casework.page(browser, "/team/waiting?only=unreached&page=0").text.count("attempts since") == 2


def test_the_page_of_everything_leads_to_the_whole_of_a_long_list(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_reached(casework, 3)
    first = partial(waiting.unreached_in_team, limit=2)
    monkeypatch.setattr(waiting, "unreached_in_team", lambda *of, **how: first(*of, **{"limit": 2, **how}))
    page = casework.page(casework.site.sign_in("supervisor"), "/team/waiting")
    assert "The first 2 are shown." in page.text
    assert page.links(text="All 3 of these") == ["/team/waiting?only=unreached"]


@pytest.mark.parametrize("which", waiting.LISTS)
def test_every_list_opens_by_itself_though_it_is_empty(casework: Casework, which: str) -> None:
    page = casework.page(casework.site.sign_in("supervisor"), f"/team/waiting?only={which}")
    assert "Nothing waits for you now." in page.text


def test_who_has_heard_nothing_is_listed_and_not_only_counted(casework: Casework) -> None:
    silent = {casework.case(f"Victim {number}", at=MONDAY - timedelta(days=150)) for number in range(2)}
    page = casework.page(casework.site.sign_in("supervisor"), "/team/waiting")
    (section,) = re.findall(r'<section aria-labelledby="silent-heading">.*?</section>', page.html, re.DOTALL)
    assert "Victims who have heard nothing for too long (2)" in section
    assert set(re.findall(r'href="/cases/([^"/]+)"', section)) == silent
