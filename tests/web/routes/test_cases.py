"""The case list with its search and paging, and the page of one case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import Browser, Site
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import DutyNamed
from victimcare.store import audit


def refs_of(page: Page) -> list[str]:
    return [row.all("a")[0].text for row in page.rows()]


def many_cases(casework: Casework, number: int = 60) -> list[str]:
    return casework.crime(*(f"Sample Person {index:02}" for index in range(number)))


def search(casework: Casework, browser: Browser, words: str) -> Page:
    answer = browser.post("/cases/search", {"words": words})
    assert answer.status_code == 303
    return casework.page(browser, answer.headers["location"])


# ---------------------------------------------------------------------------------------------------------- the list


def test_the_pages_of_the_list_hold_every_case_once(casework: Casework) -> None:
    refs = many_cases(casework)
    browser = casework.site.sign_in()
    page, seen = casework.page(browser, "/cases"), []
    assert "Showing 1 to 25 of 60 cases" in page.text
    while True:
        seen += refs_of(page)
        following = page.links(text="Next")
        if not following:
            break
        page = casework.page(browser, following[0])
    assert "Showing 51 to 60 of 60 cases" in page.text
    assert page.title == "Cases, page 3 - victimcare"
    assert sorted(seen) == sorted(refs)
    (back,) = page.links(text="Previous")
    assert refs_of(casework.page(browser, back)) == seen[25:50]


@pytest.mark.parametrize("number", ["0", "-1", "4", str(2**63), "9" * 30])
def test_a_page_out_of_range_is_the_first(sqlite_casework: Casework, number: str) -> None:
    many_cases(sqlite_casework)
    browser = sqlite_casework.site.sign_in()
    page = sqlite_casework.page(browser, f"/cases?page={number}")
    assert "Showing 1 to 25 of 60 cases" in page.text
    assert page.title == "Cases - victimcare"


def test_the_list_is_in_the_order_of_the_oldest_open_duty(casework: Casework) -> None:
    later = casework.case("Later", at=MONDAY)
    first = casework.case("First", at=MONDAY - timedelta(days=14))
    closed = casework.case("Nothing Open", at=MONDAY)
    told = [DutyNamed(*named, frozenset(tellings)) for *named, tellings in open_duties(casework, closed)]
    casework.record(closed, EventKind.CONTACT_MADE, duties=told, channel="phone")
    casework.record(closed, EventKind.REFERRAL_SENT, duties=[d for d in told if d.rule == "R4-REF"])
    assert refs_of(casework.page(casework.site.sign_in(), "/cases")) == [first, later, closed]


def open_duties(casework: Casework, ref: str) -> Iterator[tuple[str, str, list[str]]]:
    """Rule, start and tellings of what the contact form of the case and that of a referral offer."""
    browser = casework.site.sign_in()
    for path in (f"/cases/{ref}/contacts/new", f"/cases/{ref}/events/referral_sent?otherwise=true"):
        form = next(f for f in casework.page(browser, path).forms if f.action.startswith(f"/cases/{ref}"))
        told = form.values("told")
        for anchor in form.values("duties"):
            yield (*anchor.split(":"), [one.removeprefix(f"{anchor}:") for one in told if one.startswith(anchor)])


def test_each_filter_is_a_chip_that_can_be_taken_away(casework: Casework) -> None:
    old = casework.case("Old Sample", at=MONDAY - timedelta(days=14))
    casework.record(old, EventKind.NEEDS_ASSESSED, tier="enhanced", grounds="vulnerable")
    new = casework.case("New Sample", at=casework.site.clock.now)
    browser = casework.site.sign_in()
    page = casework.page(browser, "/cases?late=true&tier=enhanced")
    assert refs_of(page) == [old]
    assert "Filtered by Remove this filter: rights Enhanced rights Remove this filter: overdue Something overdue" in (
        page.text
    )
    (without_tier,) = page.links(text="Remove this filter: rights")
    assert without_tier == "/cases?late=true"
    (without_any,) = page.links(text="Clear filters")
    assert set(refs_of(casework.page(browser, without_any))) == {old, new}


def test_the_filters_show_what_they_are_set_to_and_stay_on_every_page(casework: Casework) -> None:
    many_cases(casework, 30)
    casework.site.clock.forward(days=30)
    browser = casework.site.sign_in()
    page = casework.page(browser, "/cases?late=true&status=any")
    form = page.form("/cases")
    assert (form.ticked("status"), form.ticked("late")) == (["any"], ["true"])
    assert page.links(text="Next") == ["/cases?status=any&late=true&page=2"]
    assert "Showing 26 to 30 of 30 cases" in casework.page(browser, page.links(text="Next")[0]).text


def test_closed_cases_are_listed_when_asked_for(casework: Casework) -> None:
    ref = casework.case()
    casework.record(ref, EventKind.CASE_CLOSED)
    browser = casework.site.sign_in()
    assert refs_of(casework.page(browser, "/cases")) == []
    assert "No case that you may see fits this." in casework.page(browser, "/cases").text
    assert refs_of(casework.page(browser, "/cases?status=closed")) == [ref]


def test_a_search_that_has_ended_narrows_nothing(casework: Casework) -> None:
    ref = casework.case()
    assert refs_of(casework.page(casework.site.sign_in(), "/cases?search=0123456789abcdef")) == [ref]


@pytest.mark.parametrize("asked", ["status=lost", "tier=%00", "late=perhaps", "page=two", "search=%00", "search=wren"])
def test_an_address_that_no_page_links_to_is_no_page(casework: Casework, asked: str) -> None:
    assert casework.site.sign_in().get(f"/cases?{asked}").status_code == 404


def test_an_officer_sees_their_own_cases_and_a_supervisor_the_teams(casework: Casework) -> None:
    mine = casework.case("Mine")
    theirs = casework.case("Theirs", officer="colleague")
    elsewhere = casework.case("Elsewhere", officer="stranger")
    seen = {who: set(refs_of(casework.page(casework.site.sign_in(who), "/cases"))) for who in ("officer", "supervisor")}
    assert seen == {"officer": {mine}, "supervisor": {mine, theirs}}
    assert set(refs_of(casework.page(casework.site.sign_in("stranger"), "/cases"))) == {elsewhere}


# ------------------------------------------------------------------------------------------------------------ search


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Élodie O'Neill", "Élodie"),
        ("Élodie O'Neill", "élodie o’neill"),
        ("Élodie O'Neill", "E\u0301lodie"),
        ("Élodie O'Neill", "NEILL odie"),
        ("Elodie O’Neill", "Élodie"),
        ("Elodie O’Neill", "ELODIE o'neill"),
        ("Łukasz Żak", "łukasz żak"),
        ("Ольга", "ольга"),
    ],
)
def test_a_case_is_found_by_a_part_of_the_name_however_it_is_typed(casework: Casework, name: str, words: str) -> None:
    ref = casework.case(name)
    casework.case("Somebody Else")
    assert refs_of(search(casework, casework.site.sign_in(), words)) == [ref]


def test_how_a_case_was_found_is_said_and_the_surest_comes_first(casework: Casework) -> None:
    near, exact = casework.case("Wrenn Sample"), casework.case("Wren Sample")
    browser = casework.site.sign_in()
    page = search(casework, browser, "wren sample")
    assert refs_of(page) == [exact, near]
    assert "2 results for “wren sample”" in page.text
    assert "Wren Sample Name as typed" in page.text
    assert "Wrenn Sample Name begins so" in page.text
    page = search(casework, browser, "wern sample")
    assert "Wren Sample Name is one letter off" in page.text


def test_a_number_is_searched_in_the_same_box_and_is_in_no_address_and_no_audit_row(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    browser, path = casework.site.sign_in(), f"/cases/{ref}/contact-details"
    form = casework.page(browser, f"{path}/new").form(path)
    assert browser.post(path, form.filled(kind="phone", value="07700 900123", confirmed="no")).status_code == 303
    answer = browser.post("/cases/search", {"words": "+44 (0)7700 900 123"})
    assert not tells_number(answer.headers["location"])
    page = Page(browser.get(answer.headers["location"]).text)
    assert refs_of(page) == [ref]
    assert "Telephone number or e-mail address" in page.text
    assert not [row for row in casework.site.audit() if tells_number(str(row))]


def tells_number(words: str) -> bool:
    """Whether the number stands in it, however it is spelled; three of its digits may be in any name made by chance."""
    return "7700900123" in re.sub(r"\W", "", words)


@pytest.mark.parametrize("words", ["%", "_", "\\", "Wre%mple", "' OR 1=1 --", "Wren Nobody"])
def test_a_search_finds_only_what_holds_the_words(casework: Casework, words: str) -> None:
    casework.case("Wren Sample")
    page = search(casework, casework.site.sign_in(), words)
    assert refs_of(page) == []
    assert "0 results for" in page.text
    assert "What was searched The cases that you may see" in page.text
    assert "take a message for their case officer, by reference, name or number" in page.text


def test_a_case_is_found_by_its_reference_and_by_that_of_the_crime(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    for words in (ref, ref.lower(), ref[:5], "40/1/26"):
        assert refs_of(search(casework, browser, words)) == [ref]


def test_a_search_leaves_no_name_in_an_address_or_a_title(casework: Casework) -> None:
    casework.crime(*(f"Canary Person {number}" for number in range(30)))
    browser = casework.site.sign_in()
    answer = browser.post("/cases/search", {"words": "canary"})
    assert re.fullmatch(r"/cases\?status=any&search=[0-9a-f]{16}", answer.headers["location"])
    page = casework.page(browser, answer.headers["location"])
    assert "“canary”" in page.text
    addresses = [a.attributes.get("href", "") for a in page.all("a")] + [form.action for form in page.forms]
    assert not [address for address in [page.title, *addresses] if "canary" in address.lower()]


def test_a_search_is_kept_while_filters_are_changed_and_pages_turned(casework: Casework) -> None:
    casework.crime(*(f"Wren Sample {number}" for number in range(30)), "Somebody Else")
    browser = casework.site.sign_in()
    page = search(casework, browser, "wren")
    assert page.form("/cases/search").ticked("words") == ["wren"]
    assert page.form("/cases").ticked("search")
    second = casework.page(browser, page.links(text="Next")[0])
    assert "Showing 26 to 30 of 30 cases" in second.text
    assert page.links(text="Remove this filter: search") == ["/cases?status=any"]


def test_another_persons_search_is_not_told(casework: Casework) -> None:
    casework.case("Canary Person", officer="colleague")
    casework.case("Wren Sample")
    address = casework.site.sign_in().post("/cases/search", {"words": "canary"}).headers["location"]
    page = casework.page(casework.site.sign_in("colleague"), address)
    assert "“canary”" not in page.text


def test_an_empty_search_shows_the_list(sqlite_casework: Casework) -> None:
    assert sqlite_casework.site.sign_in().post("/cases/search", {"words": "  "}).headers["location"] == "/cases"


def test_a_search_that_cannot_be_made_says_why(sqlite_casework: Casework) -> None:
    answer = sqlite_casework.site.sign_in().post("/cases/search", {"words": "x" * 101})
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, ["Search must be 100 characters or fewer"])
    assert page.title.startswith("Error: ")
    assert page.form("/cases/search").ticked("words") == ["x" * 101]


# ---------------------------------------------------------------------------------------------------------- the case


def test_a_case_says_who_it_is_whose_it_is_and_why(casework: Casework) -> None:
    ref = casework.case("Wren Sample", born_on=date(2011, 3, 4))
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}")
    for said in ("Wren Sample", ref, "Case officer: Example Officer, North", "Burglary", "4 March 2011"):
        assert said in page.text
    assert "Why this officer already the victim's case officer" in page.text
    assert page.title == f"Case {ref} - victimcare"


def test_a_child_whose_needs_were_not_assessed_is_pointed_out_until_they_are(casework: Casework) -> None:
    ref = casework.case("Wren Sample", born_on=date(2011, 3, 4))
    browser = casework.site.sign_in()
    said = "The victim is under 18, and no needs assessment says so: deadlines are counted for standard rights."
    assert said in casework.page(browser, f"/cases/{ref}").text
    casework.record(ref, EventKind.NEEDS_ASSESSED, tier="enhanced", grounds="under_18", until_on=date(2029, 3, 4))
    assert "under 18, and no needs" not in casework.page(browser, f"/cases/{ref}").text
    grown_up = casework.case("Ash Sample", born_on=date(2008, 5, 22))
    assert "under 18, and no needs" not in casework.page(browser, f"/cases/{grown_up}").text


def test_an_unnamed_victim_is_said_to_have_no_name(casework: Casework) -> None:
    ref = casework.case(None)
    assert "Name not recorded" in casework.page(casework.site.sign_in(), f"/cases/{ref}").text


def test_every_duty_explains_its_date(casework: Casework) -> None:
    ref = casework.case()
    casework.record(ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 1")
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}")
    cards = re.findall(r'<div class="app-duty .*?</details>', page.html, re.DOTALL)
    arrest = next(Page(card) for card in cards if "R6-ARR" in card)
    assert len(cards) == int(re.search(r"Owed to the victim \((\d+)\)", page.text)[1])  # type: ignore[index]
    assert "A suspect was arrested on Friday 22 May 2026." in arrest.text
    assert "Monday 25 (Spring bank holiday)" in arrest.text
    assert "do not count" in arrest.text
    assert "due Monday 1 June 2026" in arrest.text
    assert all("Why this date" in card and "Right " in card for card in cards)


def test_the_journey_is_told_newest_first_and_an_unknown_time_is_not_midnight(casework: Casework) -> None:
    ref = casework.case(at=MONDAY)
    casework.record(ref, EventKind.SUSPECT_ARRESTED, MONDAY + timedelta(days=1), subject="Suspect 1")
    browser = casework.site.sign_in()
    casework.contact(browser, ref)
    page = casework.page(browser, f"/cases/{ref}")
    entries = re.findall(r'<div class="moj-timeline__item">.*?moj-timeline__description', page.html, re.DOTALL)
    said = [(Page(one).all("h3")[0].text, Page(one).all("p", class_="moj-timeline__date")[0].text) for one in entries]
    assert said[:2] == [
        ("Contact with the victim", "22 May 2026"),
        ("Suspect arrested (Suspect 1)", "19 May 2026 at 10:00am"),
    ]
    assert {title for title, _ in said[2:]} == {"Case officer assigned", "Crime recorded", "Crime reported"}
    assert {when for _, when in said[2:]} == {"18 May 2026 at 10:00am"}
    assert "by Example Officer" in Page(entries[0] + "></div>").text


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_anothers_case_is_answered_like_one_that_is_not_there(casework: Casework, who: str) -> None:
    ref = casework.case("Canary Person", officer="officer")
    browser = casework.site.sign_in(who)
    for path in ("", "/contacts/new", "/events", "/events/suspect_arrested"):
        theirs, missing = browser.get(f"/cases/{ref}{path}"), browser.get(f"/cases/22222-22222{path}")
        assert theirs.status_code == missing.status_code == 404
        assert without_secrets(theirs.text) == without_secrets(missing.text)
        assert "Canary" not in theirs.text


def without_secrets(html: str) -> str:
    return re.sub(r'value="[^"]*"', "", html)


def test_what_is_sent_to_anothers_case_is_not_recorded(casework: Casework) -> None:
    ref = casework.case(officer="colleague")
    browser, before = casework.site.sign_in(), casework.stored_events()
    contact = {"version": "1", "events_seen": "3", "reached": "yes", "channel": "phone"}
    when = {"happened_on-day": "21", "happened_on-month": "5", "happened_on-year": "2026", "form_key": "k"}
    assert browser.post(f"/cases/{ref}/contacts", {**contact, **when}).status_code == 404
    arrest = {"version": "1", "events_seen": "3", "subject": "Suspect 1"}
    assert browser.post(f"/cases/{ref}/events/suspect_arrested", {**arrest, **when}).status_code == 404
    assert casework.stored_events() == before


@pytest.mark.parametrize("who", ["board", "administrator"])
def test_those_who_work_on_no_case_reach_none(casework: Casework, who: str) -> None:
    ref = casework.case("Canary Person")
    browser = casework.site.sign_in(who)
    for path in ("/cases", f"/cases/{ref}", f"/cases/{ref}/contacts/new", f"/cases/{ref}/events", "/team"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Canary" not in answer.text
    assert browser.post("/cases/search", {"words": "canary"}).status_code == 403


@pytest.mark.parametrize("ref", ["x", "BED-000001", "22222-2222I", "%00", "22222-22222%0A", "é"])
def test_what_is_no_reference_is_no_page(sqlite_casework: Casework, ref: str) -> None:
    assert sqlite_casework.site.sign_in().get(f"/cases/{ref}").status_code == 404


# --------------------------------------------------------------------------------------------------------- the audit


def test_a_list_writes_down_every_case_that_it_showed(casework: Casework) -> None:
    many_cases(casework)
    browser = casework.site.sign_in()
    page = casework.page(browser, "/cases?page=2")
    assert casework.site.audit()[-1] == ("consultation", "case list", "officer", "done")
    assert casework.consulted() == set(refs_of(page))
    assert len(casework.consulted()) == 25


@pytest.mark.parametrize(
    "path", ["", "/contacts/new", "/events", "/events/suspect_arrested", "/contact-details", "/notes"]
)
def test_every_page_of_a_case_writes_down_who_saw_it(casework: Casework, path: str) -> None:
    """And the pages on which it can be read how to contact the victim, that too."""
    ref = casework.case()
    browser = casework.site.sign_in()
    before = len(casework.site.audit())
    casework.page(browser, f"/cases/{ref}{path}")
    seen = ["case", "how to contact safely"] if "contact" in path else ["case"]
    assert casework.site.audit()[before:] == [("consultation", what, "officer", "done") for what in seen]
    assert casework.consulted() == {ref}


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("officer", "/"),
        ("officer", "/cases"),
        ("officer", "/cases/REF"),
        ("supervisor", "/team/duties"),
        ("officer", "/cases/REF/contacts/new"),
    ],
)
def test_what_cannot_be_written_down_is_not_shown(
    sqlite_casework: Casework, monkeypatch: pytest.MonkeyPatch, who: str, path: str
) -> None:
    ref = sqlite_casework.case("Canary Person", at=MONDAY - timedelta(days=30))
    browser = sqlite_casework.site.sign_in(who)
    shown = browser.get(path.replace("REF", ref))

    def broken(*_args: object, **_named: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "write", broken)
    refused = browser.get(path.replace("REF", ref))
    assert (shown.status_code, refused.status_code) == (200, 503)
    assert "Canary" in shown.text
    assert "Canary" not in refused.text
    assert ref not in refused.text


def test_the_day_of_the_list_is_that_of_london(site: Site) -> None:
    site.clock.now = datetime(2026, 5, 22, 23, 30, tzinfo=UTC)
    assert "Saturday 23 May 2026" in site.sign_in().get("/").text


def test_words_that_no_person_types_are_said_to_be_wrong_and_none_are_no_search(casework: Casework) -> None:
    browser = casework.site.sign_in()
    assert browser.post("/cases/search", {"words": " "}).headers["location"] == "/cases"
    refused = browser.post("/cases/search", {"words": "\u202e"})
    assert refused.status_code == 422
    assert Page(refused.text).errors()
