"""An officer hands over: the next one finds what they need, says so, and the one before sees nothing any more."""

from __future__ import annotations

from datetime import date

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page
from tests.web.site import TEAM
from victimcare.domain.event_kinds import EventKind
from victimcare.store.staff import PEOPLE


def hand_over(casework: Casework, ref: str) -> None:
    with casework.site.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "colleague").values(team_id=TEAM))
    details = {"officer": "colleague", "team": TEAM, "why": "moved to another force"}
    casework.record(ref, EventKind.OFFICER_ASSIGNED, **details)


def test_what_the_next_officer_must_know_is_written_before_and_read_after(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=MONDAY)
    officer, path = casework.site.sign_in(), f"/cases/{ref}/hand-over"
    form = casework.page(officer, path).form(path)
    assert officer.post(path, form.filled(words="Never rings before noon")).status_code == 303
    assert "Handed over to you" not in casework.page(casework.site.sign_in("colleague"), "/").text
    hand_over(casework, ref)
    assert officer.get(path).status_code == 404, "from that moment on they do not see it"
    colleague = casework.site.sign_in("colleague")
    today = casework.page(colleague, "/")
    assert "You have this case since 22 May 2026 at 10:30am, from Example Officer." in today.text
    assert "Monday 1 June 2026 (your force’s policy)" in today.text
    (href,) = today.links("Read the hand-over")
    page = casework.page(colleague, href)
    assert "Never rings before noon" in page.text
    assert "Send the victim written confirmation" in page.text
    assert "For the next officer" in casework.page(colleague, f"/cases/{ref}/notes").text


def test_it_is_on_the_day_and_on_the_teams_page_until_acknowledged_and_the_victim_knows(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=MONDAY)
    hand_over(casework, ref)
    colleague, supervisor = casework.site.sign_in("colleague"), casework.site.sign_in("supervisor")
    assert "not acknowledged" in casework.page(supervisor, "/team/waiting").text
    for did, after in (("acknowledged", "acknowledged; the victim is not told"), ("told", "")):
        form = casework.page(colleague, f"/cases/{ref}/hand-over").form(f"/cases/{ref}/hand-over/taken")
        assert form.ticked("did") == [did]
        assert colleague.post(form.action, form.filled()).status_code == 303
        team = casework.page(supervisor, "/team/waiting").text
        assert after in team if after else "Handed over, and" not in team
    assert "Handed over to you" not in casework.page(colleague, "/").text


def test_nobody_takes_over_for_the_officer(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=MONDAY)
    hand_over(casework, ref)
    path = f"/cases/{ref}/hand-over"
    for who in ("supervisor", "officer", "stranger"):
        browser = casework.site.sign_in(who)
        sent = {"did": "acknowledged", "form_key": f"key of {who}"}
        assert browser.post(f"{path}/taken", sent).status_code == 404, who
    assert [
        form for form in casework.page(casework.site.sign_in("supervisor"), path).forms if "taken" in form.action
    ] == []
    assert "Handed over to you" in casework.page(casework.site.sign_in("colleague"), "/").text


def test_a_case_that_was_theirs_from_the_first_asks_nothing(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=MONDAY)
    officer = casework.site.sign_in()
    assert "Handed over to you" not in casework.page(officer, "/").text
    assert "Taking over" not in casework.page(officer, f"/cases/{ref}/hand-over").html


def test_words_that_tell_a_location_are_asked_about_first(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=MONDAY)
    officer, path = casework.site.sign_in(), f"/cases/{ref}/hand-over"
    form = casework.page(officer, path).form(path)
    asked = officer.post(path, form.filled(words="Lives at LU1 2AB now"))
    assert "a postcode" in Page(asked.text).text
    assert "LU1 2AB" not in casework.page(officer, path).text
    empty = officer.post(path, form.filled(words="", form_key="another"))
    assert empty.status_code == 422


def test_the_next_officer_reads_what_was_promised_to_the_victim(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case()
    browser = sqlite_casework.site.sign_in()
    sqlite_casework.record(ref, EventKind.CONTACT_MADE, channel="phone", next_contact_on=date(2026, 6, 2))
    page = sqlite_casework.page(browser, f"/cases/{ref}/hand-over").text
    assert "They were promised that they hear again by Tuesday 2 June 2026" in page
