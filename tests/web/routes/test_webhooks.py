"""The page on which administrators keep where a system is told: they see kinds and attempts, and no case."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.systems import listed_hearing, register, told_system
from victimcare.store.webhook_events import ATTEMPTS, EVENTS_OUT
from victimcare.store.webhooks import WEBHOOKS

SIGNS = re.compile(r'<code class="app-key">(whsec_[\w+/=]+)</code>')


def path_of(system: Any) -> str:
    return f"/people/systems/{system.id}/events"


def save(casework: Casework, path: str, **typed: Any) -> Any:
    browser = casework.site.sign_in("administrator")
    form = casework.page(browser, path).form(path)
    filled = form.filled() | {"url": "https://court.example/told", "kinds": ["duty.owed"]}
    return browser.post(path, filled | typed)


def press(casework: Casework, path: str, what: str, **typed: Any) -> Any:
    browser = casework.site.sign_in("administrator")
    return browser.post(f"{path}/{what}", casework.page(browser, path).form(f"{path}/{what}").filled(**typed))


def stored(casework: Casework, table: Any) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(table)).all())


def said(casework: Casework, path: str) -> str:
    return casework.page(casework.site.sign_in("administrator"), path).text


@pytest.mark.parametrize("who", ["officer", "supervisor", "board", "editor", "clerk", "helper"])
def test_nobody_but_administrators_keeps_them(casework: Casework, who: str) -> None:
    path = path_of(told_system(casework))
    browser = casework.site.sign_in(who)
    assert browser.get(path).status_code == 403
    for address in (path, f"{path}/secret", f"{path}/stop"):
        assert browser.post(address, {"form_key": "x"}).status_code == 403, address


def test_a_system_is_told_from_when_its_address_and_a_secret_are_there(casework: Casework) -> None:
    path = path_of(register(casework))
    assert save(casework, path).status_code == 303
    assert "Nothing is sent before there is a secret that signs it" in said(casework, path)
    shown = press(casework, path, "secret").text
    (secret,) = SIGNS.findall(shown)
    assert secret not in casework.site.sign_in("administrator").get(path).text
    (row,) = stored(casework, WEBHOOKS)
    assert (row.url, row.kinds, row.status) == ("https://court.example/told", "duty.owed", "on")
    assert secret.encode() not in row.sealed_secret
    assert "Nothing waiting" in said(casework, path)
    of_it = [each for each in casework.site.audit() if row.person_id in each[1] and each[0] != "collection"]
    assert [each[1].rpartition(" ")[0] for each in of_it][-2:] == [
        "keep where it is told: system",
        "give a signing secret to system",
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"url": "http://court.example/told"}, "Enter an address that begins with https://"),
        ({"url": "https://10.0.0.1/told"}, "Enter an address of the public internet"),
        ({"url": "http://127.0.0.1:8000/told"}, "Enter an address that begins with https://"),
        ({"url": "https://user:secret@court.example"}, "Enter the address without a user name or a password"),
        ({"url": ""}, "Enter an address that begins with https://"),
        ({"kinds": []}, "Choose what it is told of"),
        ({"kinds": ["referral.sent"]}, "Choose from what it may ask for"),
        ({"kinds": ["test"]}, "Choose from what it may ask for"),
        ({"kinds": ["suspect_bailed"]}, "Choose from what is listed"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(casework: Casework, typed: dict[str, Any], words: str) -> None:
    path = path_of(register(casework))
    answer = save(casework, path, **typed)
    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert not stored(casework, WEBHOOKS)


def test_a_system_that_may_not_read_cases_cannot_be_told_of_them(casework: Casework) -> None:
    path = path_of(register(casework, scopes=["events:record"]))  # type: ignore[list-item]
    assert "there is nothing to tell it" in said(casework, path)


def test_the_secret_of_before_signs_too_unless_it_ends_at_once(casework: Casework) -> None:
    path = path_of(told_system(casework))
    assert "The one of before signs as well until 29 May 2026" in Page(press(casework, path, "secret").text).text
    assert "The one of before signs as well" not in press(casework, path, "secret", at_once=["yes"]).text


def test_it_is_stopped_and_started_and_sent_a_test(casework: Casework) -> None:
    path = path_of(told_system(casework))
    assert press(casework, path, "test").status_code == 303
    assert [row.kind for row in stored(casework, EVENTS_OUT)] == ["test"]
    assert press(casework, path, "stop").status_code == 303
    assert "It is told nothing since 22 May 2026" in said(casework, path)
    assert [row.status for row in stored(casework, EVENTS_OUT)] == ["failed"]
    assert press(casework, path, "start").status_code == 303
    assert "It was not told of 1 thing" in said(casework, path)
    assert press(casework, path, "again").status_code == 303
    assert [row.status for row in stored(casework, EVENTS_OUT)] == ["waiting"]


def test_the_attempts_are_shown_and_not_what_they_were_about(casework: Casework) -> None:
    system = told_system(casework)
    ref = listed_hearing(casework)
    (event,) = stored(casework, EVENTS_OUT)
    attempt = {"event_id": event.id, "at": casework.site.clock.now, "status": None, "milliseconds": 15_003}
    with casework.site.database.writing() as connection:
        connection.execute(insert(ATTEMPTS).values(**attempt, outcome="too_long"))
        connection.execute(insert(ATTEMPTS).values(**(attempt | {"status": 204}), outcome="answered"))
    page = casework.page(casework.site.sign_in("administrator"), path_of(system))
    assert "duty.owed Taken (204) 15,003" in page.text
    assert "duty.owed It took too long 15,003" in page.text
    assert ref not in page.html


def test_a_button_for_a_system_that_is_told_nothing_says_so(casework: Casework) -> None:
    system = register(casework)
    browser = casework.site.sign_in("administrator")
    page = casework.page(browser, path_of(system))
    form = page.form(path_of(system))
    keys = {"csrf_token": form.filled()["csrf_token"], "form_key": "a key"}
    assert browser.post(f"{path_of(system)}/test", keys).status_code == 409
    assert browser.get("/people/systems/0123456789ab/events").status_code == 404
