"""What was late in a case, and why: given by its officer or a supervisor, and shown where they work."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from tests.web.casework import Casework
from tests.web.every_form import LATE, a_late_duty
from victimcare.web.routes import today

WORDS = "An invented reason"


def test_why_it_was_late_is_asked_for_on_the_day_said_once_and_shown_with_the_case(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    path = f"/cases/{ref}/duties/{a_late_duty(casework, ref)}/cause"
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    assert "Say why it was late (1 case)" in casework.page(officer, "/").text
    assert "nobody has said why" not in casework.page(supervisor, "/team/waiting").text
    page = casework.page(officer, f"/cases/{ref}/breaches")
    assert "No cause given" in page.text
    assert path in page.links(text="Say why it was late")
    form = casework.page(officer, path).form(path)
    answer = officer.post(path, form.filled(cause="workload"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{ref}/breaches?done=true")
    assert "The case officer had more to do than they could" in casework.page(officer, f"/cases/{ref}/breaches").text


def test_before_a_case_is_closed_it_is_said_of_how_many_late_duties_nobody_said_why(casework: Casework) -> None:
    ref, path = casework.case(at=LATE), "/cases/{}/closing"
    duty = a_late_duty(casework, ref)
    officer = casework.site.sign_in()
    closing = casework.page(officer, path.format(ref))
    (before,) = re.findall(r"Late, and nobody has said why \((\d+)\)", closing.text)
    assert closing.links("Say why") == [f"/cases/{ref}/breaches"]
    form = casework.page(officer, f"/cases/{ref}/duties/{duty}/cause")
    said = form.form(f"/cases/{ref}/duties/{duty}/cause")
    assert officer.post(said.action, said.filled(cause="workload")).status_code == 303
    after = re.findall(r"nobody has said why \((\d+)\)", casework.page(officer, path.format(ref)).text)
    assert sum(map(int, after)) == int(before) - 1


def test_a_case_that_the_day_shows_for_its_cause_alone_is_written_down_as_seen(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where so much else is owed that its duties do not fit on the page."""
    for name in ("worklist", "needs_gaps"):
        monkeypatch.setattr(today, name, partial(getattr(today, name), limit=0))
    ref = casework.case(at=LATE)
    a_late_duty(casework, ref)
    page = casework.page(casework.site.sign_in(), "/")
    assert page.text.count(ref) == 1
    assert "Say why it was late (1 case)" in page.text
    assert casework.consulted() == {ref}


def test_what_is_no_cause_or_says_nothing_is_a_sentence_and_nothing_typed_is_lost(sqlite_casework: Casework) -> None:
    casework = sqlite_casework
    ref = casework.case(at=LATE)
    path = f"/cases/{ref}/duties/{a_late_duty(casework, ref)}/cause"
    officer = casework.site.sign_in()
    form = casework.page(officer, path).form(path)
    refused = officer.post(path, form.filled(words=WORDS))
    assert (refused.status_code, "Choose why it was late" in refused.text, WORDS in refused.text) == (422, True, True)
    refused = officer.post(path, form.filled(cause="other"))
    assert (refused.status_code, "Say which cause it was" in refused.text) == (422, True)
    asked = officer.post(path, form.filled(cause="other", words="They moved to LU1 2AB"))
    assert (asked.status_code, "a postcode" in asked.text) == (200, True)
    assert "No cause given" in casework.page(officer, f"/cases/{ref}/breaches").text


def test_who_did_not_see_what_another_said_meanwhile_is_shown_it(sqlite_casework: Casework) -> None:
    casework = sqlite_casework
    ref = casework.case(at=LATE)
    path = f"/cases/{ref}/duties/{a_late_duty(casework, ref)}/cause"
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    before = casework.page(officer, path).form(path)
    there = casework.page(supervisor, path).form(path)
    assert supervisor.post(path, there.filled(cause="overlooked")).status_code == 303
    answer = officer.post(path, before.filled(cause="workload", words=WORDS))
    assert (answer.status_code, "So far: It was overlooked" in answer.text, WORDS in answer.text) == (409, True, True)


def test_the_team_sees_what_nobody_said_in_time_and_a_duty_that_was_not_late_has_no_cause(
    sqlite_casework: Casework,
) -> None:
    casework = sqlite_casework
    ref = casework.case(at=LATE)
    a_late_duty(casework, ref)
    casework.site.clock.now += timedelta(days=12)
    supervisor = casework.site.sign_in("supervisor")
    assert "Late, and nobody has said why in time (1 case)" in casework.page(supervisor, "/team/waiting").text
    casework.page(supervisor, f"/cases/{ref}/duties/R6-ARR:none/cause", status=404)
