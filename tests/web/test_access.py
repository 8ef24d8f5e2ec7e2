"""Who reaches what: every address that names a case, for every role and every relation to the case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stored import Restored, recorded
from tests.web.attack import Attack, post
from tests.web.casework import Casework, add_strangers
from tests.web.every_form import FORMS, LATE, routes
from tests.web.furnished import Furnished, furnish
from tests.web.site import Browser, Site

HOLDERS = ("officer", "colleague", "stranger")
SUPERVISORS_DECIDE = (
    {"/cases/{ref}/duties/{duty}/decision", "/cases/{ref}/questions/{question_id}/answer"}
    | {f"/cases/{{ref}}/contact-details/protection{end}" for end in ("", "/lift")}
    | {f"/cases/{{ref}}/access{end}" for end in ("", "/print")}
)
OF_ONE_CASE = ("{key}", "{duty}", "{point}", "{message_id}", "{referral_id}", "{question_id}")
"""What in an address belongs to one case."""


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


@pytest.fixture
def stored(casework: Casework) -> Iterator[Restored]:
    held = Restored(casework.site.database)
    yield held
    held.close()


def of_cases(casework: Casework, method: str) -> list[str]:
    return sorted(path for path in routes(casework, method) if "{ref}" in path)


def asked(browser: Browser, method: str, address: str, token: str) -> int:
    """The answer to a page, or to a form of which only what every form carries is filled in."""
    if method == "GET":
        return int(browser.get(address).status_code)
    sent = {"form_key": "one", "version": "1", "events_seen": "1", "csrf_token": token}
    return int(post(browser, address, sent).status_code)


@pytest.fixture
def cases(casework: Casework) -> dict[str, Furnished]:
    """A case of each holder, with something of everything."""
    return {who: furnish(casework, casework.case(f"Wren {who}", officer=who, at=LATE), by=who) for who in HOLDERS}


@pytest.mark.parametrize(
    "who", ["", "officer", "colleague", "stranger", "supervisor", "board", "administrator", "editor"]
)
def test_a_case_is_there_for_those_who_hold_it_and_for_nobody_else(
    casework: Casework, stored: Restored, cases: dict[str, Furnished], who: str
) -> None:
    site = casework.site
    browser = site.sign_in(who) if who else site.browser()
    token = browser.token()
    stored.remember()
    theirs = {"supervisor": {"officer", "colleague"}}.get(who, {who})
    for holder, case in cases.items():
        for method in ("GET", "POST"):
            for path in of_cases(casework, method):
                if holder in theirs:
                    continue
                answer = asked(browser, method, case.address(path), token)
                # A form with a field that it has not is no form of ours, whatever case it is about.
                expected = refused(who, path) | ({400} if method == "POST" else set())
                assert answer in expected, f"{who or 'nobody'}, {holder}'s case, {method} {path}: {answer}"
    assert not recorded(stored.changed())
    for holder in theirs & set(HOLDERS):
        for path in of_cases(casework, "GET"):
            query = "?template=arrest" if path.endswith("/messages/new") else ""
            answer = asked(browser, "GET", cases[holder].address(path) + query, token)
            decides = who == "supervisor" or path not in SUPERVISORS_DECIDE
            there = {200, 303} if not path.endswith("/decision") else {200, 303, 404}
            assert answer in (there if decides else {403}), f"{who}, {holder}'s case, {path}: {answer}"


def refused(who: str, path: str) -> set[int]:
    """How somebody who does not hold the case is turned away: a case is not there, others have no such pages."""
    if not who:
        return {303, 401, 403}
    if who in ("board", "administrator", "editor"):
        return {403}
    return {403} if path in SUPERVISORS_DECIDE and who != "supervisor" else {404}


def of_another(path: str, action: str, other: str) -> str:
    """The address of the first case with the point, message, event or duty of the second."""
    named = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    mine, theirs = (re.fullmatch(named, each) for each in (action, other))
    assert mine
    assert theirs
    return re.sub(r"\{(\w+)\}", lambda found: {**theirs.groupdict(), "ref": mine["ref"]}[found[1]], path)


WITH_PARTS = [path for path in FORMS if "{ref}" in path and any(part in path for part in OF_ONE_CASE)]


@pytest.mark.parametrize("path", WITH_PARTS)
def test_what_belongs_to_another_case_is_not_there_under_ones_own(
    casework: Casework, stored: Restored, path: str
) -> None:
    """Not even where both cases are in the same hands: the address names one case, and so does the audit trail."""
    mine, other = Attack(casework, FORMS[path], stored), Attack(casework, FORMS[path], stored)
    address = of_another(path, mine.action, other.action)
    answer = post(mine.browser, address, {**other.good, "csrf_token": mine.token})
    assert not recorded(stored.changed()), address
    assert answer.status_code in (404, 409, 422), f"{address}: {answer.status_code}"
    if path in routes(casework, "GET"):
        assert mine.browser.get(address).status_code == 404


NAMED_IN_FORMS: dict[str, dict[str, Any]] = {
    "/cases/{ref}/told/end": {"person_id": None},
    "/cases/{ref}/other-cases/link": {"link_id": None},
    "/cases/{ref}/messages": {"point": None},
    "/cases/{ref}/contact-details": {"instead_of": None},
}


@pytest.mark.parametrize("path", NAMED_IN_FORMS)
def test_what_a_form_names_of_another_case_is_refused(casework: Casework, stored: Restored, path: str) -> None:
    mine, other = Attack(casework, FORMS[path], stored), Attack(casework, FORMS[path], stored)
    forged = {name: other.good[name] for name in NAMED_IN_FORMS[path]}
    answer = post(mine.browser, mine.action, {**mine.good, **forged})
    assert answer.status_code in (404, 422), answer.status_code
    assert not recorded(stored.changed())
