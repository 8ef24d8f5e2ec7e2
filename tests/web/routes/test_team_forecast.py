"""The next ten working days of a team, as its supervisor sees them."""

from datetime import date, timedelta

from sqlalchemy import update

from tests.web.casework import MONDAY, Casework
from tests.web.handing_over import hand_over
from victimcare.domain.event_kinds import EventKind
from victimcare.store.tables import PersonRow


def test_each_number_leads_to_its_duties_and_who_is_away_is_said(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=casework.site.clock.now)
    person = PersonRow.__table__
    with casework.site.database.writing() as connection:
        away = {"absent_from_on": date(2026, 5, 26), "absent_until_on": date(2026, 5, 29)}
        connection.execute(update(person).where(person.c.id == "officer").values(away))
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team/forecast")
    row = next(row for row in page.rows() if "Example Officer" in row.text)
    assert row.text.count("Away") == 3
    (link, *_) = row.links(starts="/team/duties")
    listed = casework.page(browser, link)
    assert len(listed.rows()) == int(row.all("a")[0].text.split()[0]) > 0
    assert ref in listed.text
    assert "Remove this filter: to be done on" in listed.text
    assert "Falls due while nobody stands in" in page.text


def test_the_number_of_a_day_leads_to_what_is_due_that_day_in_all_of_the_team(casework: Casework) -> None:
    for officer in ("officer", "colleague"):
        casework.case(at=casework.site.clock.now, officer=officer)
    browser = casework.site.sign_in("supervisor")
    of_all = casework.page(browser, "/team/forecast").rows()[-1]
    (link, *_) = of_all.links(starts="/team/duties")
    listed = casework.page(browser, link)
    assert len(listed.rows()) == int(of_all.all("a")[0].text.split()[0])
    assert {"Example Officer", "Example Colleague"} <= {row.all("td")[-1].text for row in listed.rows()}


def test_what_a_listed_hearing_will_start_is_listed_with_its_case(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    hearing = {"hearing_on": (MONDAY + timedelta(days=9)).date(), "hearing_type": "trial"}
    casework.record(ref, EventKind.HEARING_LISTED, MONDAY, received=MONDAY, subject="Hearing 1", **hearing)
    page = casework.page(casework.site.sign_in("supervisor"), "/team/forecast")
    assert ref in page.section("hearings-heading").text
    assert casework.consulted() == {ref}
    hand_over(casework, casework.site.sign_in("supervisor"), ref)
    again = casework.page(casework.site.sign_in("supervisor"), "/team/forecast")
    assert "case officer Example Colleague" in again.section("hearings-heading").text
