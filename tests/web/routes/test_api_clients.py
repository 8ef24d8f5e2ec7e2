"""Keeping the systems of other agencies: what an administrator changes holds at the next request of the system."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.systems import register
from victimcare.commands.take_token import GOOD_FOR
from victimcare.domain.api_scopes import ApiScope
from victimcare.store import api_clients
from victimcare.store.api_clients import CLIENTS, TOKENS

SECRET = re.compile(r'<code class="app-key">([\w-]{43})</code>')
COURT = {"name": "Court results", "agency": "hmcts", "areas": ["E01"], "scopes": ["cases:read", "events:record"]}


def add(casework: Casework, **changes: Any) -> Any:
    browser = casework.site.sign_in("administrator")
    form = casework.page(browser, "/people/systems/new").form("/people/systems")
    return browser.post(form.action, form.filled(**{**COURT, **changes}))


def press(casework: Casework, path: str, what: str) -> Any:
    browser = casework.site.sign_in("administrator")
    return browser.post(f"{path}/{what}", casework.page(browser, path).form(f"{path}/{what}").filled())


def stored(casework: Casework, table: Any) -> list[Any]:
    with casework.site.database.reading() as connection:
        return list(connection.execute(select(table)).all())


@pytest.mark.parametrize("who", ["officer", "supervisor", "board", "editor", "clerk", "helper"])
def test_nobody_but_administrators_keeps_systems(casework: Casework, who: str) -> None:
    path = f"/people/systems/{register(casework).id}"
    browser = casework.site.sign_in(who)
    for address in ("/people/systems", "/people/systems/new", path):
        assert browser.get(address).status_code == 403, address
    for address in ("/people/systems", f"{path}/secret", f"{path}/disable"):
        assert browser.post(address, {"form_key": "x"}).status_code == 403, address


def test_a_system_is_registered_and_its_secret_shown_once_and_kept_as_a_hash(casework: Casework) -> None:
    answer = add(casework)
    assert answer.status_code == 303
    path = answer.headers["location"]
    shown = press(casework, path, "secret").text
    secret = SECRET.findall(shown)[0]
    assert secret not in casework.site.sign_in("administrator").get(path).text
    row = stored(casework, CLIENTS)[0]
    assert secret not in str(row)
    assert [each for each in casework.site.audit() if row.person_id in each[1]] == [
        ("collection", f"register system {row.person_id}", "administrator", "done"),
        ("access", f"give a secret to system {row.person_id}", "administrator", "done"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agency": "nobody"}, "Choose an agency"),
        ({"agency": "police", "scopes": ["records:bring"]}, "Choose no area: what the force’s own system brings"),
        ({"agency": "police", "areas": []}, "Choose for this agency only: Bring in records"),
        ({"scopes": ["records:bring"]}, "Choose for this agency only: Read what the agency owes"),
        ({"scopes": []}, "Choose what it may ask for"),
        ({"scopes": ["referrals:read"]}, "Choose for this agency only: Read what the agency owes"),
        ({"agency": "support_service", "areas": []}, "Choose for this agency only: Accept, refuse"),
        ({"agency": "support_service", "areas": [], "scopes": ["referrals:read"]}, "Choose the service whose system"),
        ({"areas": []}, "Choose the areas whose cases it is for"),
        ({"areas": ["Nowhere"]}, "Choose from the areas shown"),
        ({"service": "nothing"}, "Choose no service"),
    ],
)
def test_what_does_not_go_together_is_refused_in_a_sentence(
    casework: Casework, changes: dict[str, Any], words: str
) -> None:
    browser = casework.site.sign_in("administrator")
    form = casework.page(browser, "/people/systems/new").form("/people/systems")
    answer = browser.post(form.action, {**form.filled(), **COURT, **changes})
    assert answer.status_code == 422
    assert words in Page(answer.text).text
    assert not stored(casework, CLIENTS)


def test_a_system_of_a_service_is_for_its_referrals_alone(casework: Casework) -> None:
    service = casework.service()
    more = {"agency": "support_service", "service": service, "areas": [], "scopes": ["referrals:answer"]}
    assert add(casework, **more).status_code == 303
    assert "Example Support" in casework.site.sign_in("administrator").get("/people/systems").text


def test_a_new_secret_and_disabling_end_every_token_at_once(casework: Casework) -> None:
    system = register(casework)
    path = f"/people/systems/{system.id}"
    for what in ("secret", "disable", "enable"):
        give_token(casework, system.id)
        assert press(casework, path, what).status_code in (200, 303)
        assert not stored(casework, TOKENS), what


def test_a_system_is_no_person_that_can_be_given_a_way_to_sign_in(casework: Casework) -> None:
    system = register(casework)
    browser = casework.site.sign_in("administrator")
    assert "Example hmcts" not in browser.get("/people").text
    assert browser.get(f"/people/{system.id}").status_code == 404
    assert browser.post(f"/people/{system.id}/secret", {"form_key": "x"}).status_code == 404


def give_token(casework: Casework, client_id: str) -> None:
    now = casework.site.clock.now
    with casework.site.database.writing() as connection:
        api_clients.add_token(
            connection,
            token="a token",
            person_id=client_id,
            scopes=[ApiScope.READ_CASES],
            issued_at=now,
            expires_at=now + GOOD_FOR,
        )
