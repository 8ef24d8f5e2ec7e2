"""The directory of services: kept by the PCC's office, which sees no case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import Casework
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser
from victimcare.store.services import SERVICES

FILLED: dict[str, Any] = {
    "name": "Example Listeners",
    "contact_way": "01632 960007",
    "capacity": "free",
    "needs": ["emotional"],
}


def new_form(casework: Casework, browser: Browser) -> FormOnPage:
    return casework.page(browser, "/directory/new").form("/directory")


def rows(casework: Casework) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(SERVICES).order_by(SERVICES.c.name)))


def test_the_editors_day_starts_at_the_directory_and_no_page_leads_to_a_case(casework: Casework) -> None:
    ref = casework.case("Canary Sample")
    browser = casework.site.sign_in("editor")
    page = casework.page(browser, "/directory")
    assert "The directory is empty" in page.text
    assert page.links(starts="/cases") == []
    for path in ("/", "/cases", f"/cases/{ref}", f"/cases/{ref}/support", "/team", "/board", "/jobs"):
        answer = browser.get(path)
        assert answer.status_code == 403, path
        assert "Canary" not in answer.text


@pytest.mark.parametrize("who", ["officer", "supervisor", "board", "administrator"])
def test_nobody_else_keeps_it(casework: Casework, who: str) -> None:
    service = casework.service()
    browser = casework.site.sign_in(who)
    assert [browser.get(p).status_code for p in ("/directory", "/directory/new", f"/directory/{service}")] == [403] * 3
    assert browser.post("/directory", FILLED).status_code == 403
    assert browser.post(f"/directory/{service}/retire", {"version": "1"}).status_code == 403


def test_a_service_is_added_changed_and_retired_and_never_deleted(casework: Casework) -> None:
    browser = casework.site.sign_in("editor")
    form = new_form(casework, browser)
    answer = browser.post(form.action, form.filled(**FILLED, areas=["E01"], languages=["pl"], age_from="13"))
    assert answer.status_code == 303
    (row,) = rows(casework)
    page = casework.page(browser, "/directory")
    assert "E01. 13 and over. Polish, and English." in page.text
    opened = casework.page(browser, f"/directory/{row.id}")
    changed = opened.form(f"/directory/{row.id}")
    assert changed.ticked("languages") == ["pl"]
    assert browser.post(changed.action, changed.filled(capacity="full")).status_code == 303
    retire = casework.page(browser, f"/directory/{row.id}").form(f"/directory/{row.id}/retire")
    assert browser.post(retire.action, retire.filled()).status_code == 303
    (kept,) = rows(casework)
    assert (kept.capacity, kept.version, str(kept.retired_on)) == ("full", 3, "2026-05-22")
    assert "Example Listeners, since 22 May 2026" in casework.page(browser, "/directory").text
    assert [what for _, what, who, _ in casework.site.audit() if who == "editor"][-3:] == [
        "add service",
        "change service",
        "retire service",
    ]


def test_an_entry_that_was_not_checked_lately_says_so_until_it_is_saved(casework: Casework) -> None:
    service = casework.service()
    casework.site.clock.now += timedelta(days=91)
    browser = casework.site.sign_in("editor")
    assert "1 entry should be checked again" in casework.page(browser, "/directory").text
    form = casework.page(browser, f"/directory/{service}").form(f"/directory/{service}")
    assert browser.post(form.action, form.filled()).status_code == 303
    assert "Check again" not in casework.page(browser, "/directory").text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter the name of the service"),
        ({"contact_way": ""}, "Enter how referrals reach the service"),
        ({"needs": []}, "Choose at least one need that it meets, or that it is a specialist for"),
        ({"age_from": "18", "age_to": "11"}, "Oldest age must not be less than the youngest"),
        ({"age_from": "-1"}, "Youngest age must be a whole number from 0 to 120"),
        ({"age_to": "old"}, "Oldest age must be a whole number from 0 to 120"),
        ({"areas": ["Atlantis"]}, "Choose from what is listed"),
        ({"languages": ["xx"]}, "Choose from what is listed"),
        (
            {"name": "example support"},
            "Another service of the directory has this name already, perhaps one that was retired",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    sqlite_casework: Casework, changes: dict[str, Any], message: str
) -> None:
    sqlite_casework.service()
    browser = sqlite_casework.site.sign_in("editor")
    form = new_form(sqlite_casework, browser)
    answer = browser.post(form.action, form.filled(**{**FILLED, "age_to": "60", **changes}))
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, [message])
    assert page.form("/directory").ticked("capacity") == ["free"]
    assert len(rows(sqlite_casework)) == 1


def test_two_editors_do_not_overwrite_each_other(casework: Casework) -> None:
    service = casework.service()
    first, second = casework.site.sign_in("editor"), casework.site.sign_in("editor")
    mine, theirs = (casework.page(b, f"/directory/{service}").form(f"/directory/{service}") for b in (first, second))
    assert second.post(theirs.action, theirs.filled(capacity="waiting")).status_code == 303
    answer = first.post(mine.action, mine.filled(capacity="full"))
    assert answer.status_code == 409
    assert Page(answer.text).errors() == ["Somebody else changed this entry while you were writing: open it again"]
    assert rows(casework)[0].capacity == "waiting"


def test_the_same_form_sent_twice_adds_once(casework: Casework) -> None:
    browser = casework.site.sign_in("editor")
    form = new_form(casework, browser)
    sent = form.filled(**FILLED)
    assert [browser.post(form.action, sent).status_code for _ in range(2)] == [303, 409]
    assert len(rows(casework)) == 1


def test_a_service_that_is_not_there_is_not_found(casework: Casework) -> None:
    browser = casework.site.sign_in("editor")
    assert [browser.get(f"/directory/{path}").status_code for path in ("nothing", "No!")] == [404, 404]
