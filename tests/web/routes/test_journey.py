"""The journey page: everything that happened and what became of each duty, newest first, a page at a time."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

import pytest

from tests.builders import event
from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.journey import Correction, DutyNamed, Moment
from victimcare.store import cases, staff

LATE = MONDAY - timedelta(days=21)


@pytest.fixture
def ref(casework: Casework) -> str:
    """Reported three weeks ago; an arrest told in time, a charge not told, an attempt, and a date put right."""
    ref = casework.case(at=LATE)
    arrest = casework.record(ref, "suspect_arrested", LATE + timedelta(days=1), subject="Suspect 1")
    told = [DutyNamed("R6-ARR", arrest)]
    casework.record(ref, "contact_made", LATE + timedelta(days=2), duties=told, channel="phone")
    casework.record(ref, "contact_attempted", LATE + timedelta(days=3), channel="phone")
    charge = casework.record(ref, "suspect_charged", LATE + timedelta(days=8), subject="Suspect 1")
    put_right = NewEvent(
        EventKind.SUSPECT_CHARGED,
        Moment.day((LATE + timedelta(days=7)).date()),
        subject="Suspect 1",
        corrects=charge,
        correction=Correction.AMENDS,
    )
    with casework.site.database.writing() as connection:
        at = LATE + timedelta(days=9)
        record_event(connection, ref=ref, event=put_right, by=staff.SYSTEM, now=at, law=casework.law)
    return ref


def titles(page: Page) -> list[str]:
    return [heading.text for heading in page.all("h3", class_="moj-timeline__title")]


def test_duties_stand_at_their_day_met_or_missed(casework: Casework, ref: str) -> None:
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/journey?shown=duties")
    assert "Tell the victim: suspect arrested (Suspect 1)" in titles(page)
    assert "Due by the end of Wednesday 6 May 2026: met on Wednesday 29 April 2026." in page.text
    assert "Due by the end of Monday 11 May 2026: missed, and still owed." in page.text
    assert not set(titles(page)) & {facts.title for facts in EVENT_KINDS.values()}


def test_everything_is_there_newest_first_and_who_recorded_it(casework: Casework, ref: str) -> None:
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/journey")
    found = titles(page)
    order = [
        "Suspect charged (Suspect 1)",
        "Contact attempted",
        "Contact with the victim",
        "Suspect arrested (Suspect 1)",
    ]
    places = [found.index(title) for title in order]
    assert places == sorted(places)
    assert found.index("Tell the victim: suspect charged (Suspect 1) (not verified)") < places[0]
    assert "by victimcare" in page.text.lower() or "by system" in page.text.lower()


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        (
            "shown=contacts",
            {"Contact with the victim", "Contact attempted"},
            {"Suspect charged (Suspect 1)", "Crime reported"},
        ),
        (
            "shown=corrections",
            {"Suspect charged (Suspect 1)"},
            {"Contact with the victim", "Suspect arrested (Suspect 1)"},
        ),
        (
            "stage=investigation",
            {"Suspect arrested (Suspect 1)"},
            {"Suspect charged (Suspect 1)", "Contact with the victim"},
        ),
        ("stage=decision", {"Suspect charged (Suspect 1)"}, {"Suspect arrested (Suspect 1)", "Crime reported"}),
        ("shown=nonsense&stage=%00&page=x9", {"Crime reported", "Contact with the victim"}, set()),
    ],
)
def test_a_filter_keeps_what_it_names(
    casework: Casework, ref: str, query: str, there: set[str], gone: set[str]
) -> None:
    answer = casework.site.sign_in().get(f"/cases/{ref}/journey?{query}")
    if "page=x9" in query:
        assert answer.status_code == 404
        return
    found = set(titles(Page(answer.text)))
    assert there <= found
    assert not gone & found


def test_a_correction_is_shown_as_one_beside_what_it_corrects(casework: Casework, ref: str) -> None:
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/journey?shown=corrections")
    assert titles(page) == ["Suspect charged (Suspect 1)"] * 2
    assert "Corrected later" in page.text
    assert "The date or a label was wrong." in page.text


def test_the_stages_stand_on_one_line_with_today(casework: Casework, ref: str) -> None:
    browser = casework.site.sign_in()
    for path in ("", "/journey"):
        page = casework.page(browser, f"/cases/{ref}{path}")
        stages = [item.text for item in page.all("li", class_="app-stages__item")]
        assert stages[0] == "Report 27 April 2026"
        assert stages[2] == "Decision 4 May 2026 Today, 22 May 2026"
        assert stages[3:] == ["Court Not reached", "Outcome Not reached", "After the outcome Not reached"]
        assert "Waiting for the date of the first hearing." in page.text
        (now,) = page.all("li", class_="app-stages__item--now")
        assert now.attributes["aria-current"] == "step"


def test_the_case_page_shows_the_latest_and_leads_to_the_rest(sqlite_casework: Casework) -> None:
    ref = long_case(sqlite_casework, events=40)
    page = sqlite_casework.page(sqlite_casework.site.sign_in(), f"/cases/{ref}")
    assert len(titles(page)) == 15
    assert page.links("The whole journey, with duties met and missed (43 events)") == [f"/cases/{ref}/journey"]


def test_500_events_are_paged_and_neither_page_keeps_anybody_waiting(sqlite_casework: Casework) -> None:
    ref = long_case(sqlite_casework, events=500)
    browser = sqlite_casework.site.sign_in()
    first = sqlite_casework.page(browser, f"/cases/{ref}/journey")
    assert "Showing 1 to 100 of" in first.text
    assert len(titles(first)) == 100
    again = [sqlite_casework.page(browser, f"/cases/{ref}/journey?page={page}") for page in range(2, 7)]
    every = titles(first) + [title for page in again for title in titles(page)]
    assert sum(title.startswith("Contact attempted") for title in every) == 500
    compact = sqlite_casework.page(browser, f"/cases/{ref}/journey?compact=true")
    assert len(compact.all("li", class_="app-compact__row")) == 500
    assert [link for link in compact.links(starts=f"/cases/{ref}/journey?compact=true") if "page=2" in link]
    for path in ("", "/journey", "/journey?compact=true"):
        quickest = min(timed(browser, f"/cases/{ref}{path}") for _ in range(3))
        print(f"{path or '/'}: {quickest * 1000:.0f} ms")
        assert quickest < 1, f"{path}: {quickest:.2f} s, and this machine is not that slow"


def test_only_those_who_may_see_the_case_see_its_journey_and_that_is_written_down(casework: Casework, ref: str) -> None:
    for who, status in (("supervisor", 200), ("colleague", 404), ("board", 403)):
        assert casework.site.sign_in(who).get(f"/cases/{ref}/journey").status_code == status
    casework.site.sign_in().get(f"/cases/{ref}/journey")
    assert casework.consulted() == {ref}


def long_case(casework: Casework, *, events: int) -> str:
    """A case with this many attempts to reach the victim."""
    ref = casework.case(at=LATE)
    attempts = []
    for number in range(events):
        at = LATE + timedelta(minutes=10 * (number + 1))
        attempts.append(event("contact_attempted", at.isoformat(), details={"channel": "phone"}))
    with casework.site.database.writing() as connection:
        stored = cases.load(connection, ref)
        recording = cases.Recording(by=staff.SYSTEM, at=casework.site.clock.now, what="record contact_attempted")
        cases.save(connection, stored, stored.case.record(*attempts), recording, casework.law)
    return ref


def timed(browser: object, path: str) -> float:
    started = perf_counter()
    assert browser.get(path).status_code == 200  # type: ignore[attr-defined]
    return perf_counter() - started
