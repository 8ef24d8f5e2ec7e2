"""Looking at the cases of a month: drawn, answered once, counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.casework import MONDAY, Casework
from tests.web.page import Page

APRIL = MONDAY - timedelta(days=21)


def answers(casework: Casework, ref: str, answer: str = "yes") -> dict[str, str]:
    page = casework.page(casework.site.sign_in("supervisor"), f"/team/samples/2026-04/officer/{ref}")
    form = page.form(f"/team/samples/2026-04/officer/{ref}")
    return {name: answer for name in form.names if name.startswith("about_")}


def test_a_case_of_the_sample_is_answered_once_and_counted(casework: Casework) -> None:
    refs = [casework.case(f"Sample {number}", at=APRIL) for number in range(7)]
    browser = casework.site.sign_in("supervisor")
    page = casework.page(browser, "/team/samples")
    assert "Cases to look at: April 2026" in page.text
    links = page.links(starts="/team/samples/2026-04/officer/")
    assert len(links) == 5
    assert casework.consulted() == {link.rpartition("/")[2] for link in links} <= set(refs)
    form = casework.page(browser, links[0]).form(links[0])
    given = {name: "no" for name in form.names if name.startswith("about_")}
    done = browser.post(links[0], {**form.filled(), **given})
    assert (done.status_code, done.headers["location"]) == (303, "/team/samples?month=2026-04&answered=true")
    after = casework.page(browser, done.headers["location"])
    assert "4 cases of the month are left" in after.text
    assert len(after.links(starts="/team/samples/2026-04/officer/")) == 4
    counts = [[cell.text for cell in row.all("td")] for row in after.section("results-heading").rows()]
    assert counts == [["0", "1", "0", "1"]] * 5
    again = browser.post(links[0], {**form.filled(), **given, "form_key": "another"})
    assert again.status_code == 409
    assert ("collection", "check the quality of a case", "supervisor", "done") in casework.site.audit()


def test_every_question_must_be_answered(casework: Casework) -> None:
    ref = casework.case("Wren Sample", at=APRIL)
    browser = casework.site.sign_in("supervisor")
    path = f"/team/samples/2026-04/officer/{ref}"
    form = casework.page(browser, path).form(path)
    answer = browser.post(path, form.filled(about_next_step="yes"))
    page = Page(answer.text)
    assert answer.status_code == 422
    assert len(page.errors()) == 4
    assert page.form(path).ticked("about_next_step") == ["yes"]


@pytest.mark.parametrize("path", ["2026-05/officer", "2026-03/officer", "2026-04/stranger", "never/officer"])
def test_what_was_not_drawn_does_not_exist(casework: Casework, path: str) -> None:
    ref = casework.case("Canary Person", at=APRIL)
    browser = casework.site.sign_in("supervisor")
    answer = browser.get(f"/team/samples/{path}/{ref}")
    assert answer.status_code == 404
    assert "Canary" not in answer.text


def test_the_month_of_now_is_not_drawn_yet(casework: Casework) -> None:
    casework.case("Wren Sample")
    browser = casework.site.sign_in("supervisor")
    assert browser.get("/team/samples?month=2026-05").status_code == 404
    page = casework.page(browser, "/team/samples")
    assert "Cases to look at: April 2026" in page.text
    assert "Nobody of your team held a case in that month." in page.text
    assert "The month after" not in page.text
