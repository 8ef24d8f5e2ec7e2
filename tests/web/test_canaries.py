"""What must not leak, looked for on every page: names, contact details, and markup in what people typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from tests.web.casework import MONDAY, Casework, add_strangers
from tests.web.page import Page
from tests.web.site import Browser, Site
from victimcare.domain.event_kinds import EventKind
from victimcare.store.cases import CASES
from victimcare.store.vault import NewContactPoint, Vault, add_contact_points

LATE = MONDAY - timedelta(days=20)
SECRET = "CANARYADDRESS"
HOLDERS = ("officer", "colleague", "stranger", "nobody")
MAY_SEE = {"officer": {"officer"}, "supervisor": {"officer", "colleague", "nobody"}, "stranger": {"stranger"}}
KINDS = ("suspect_arrested", "hearing_listed", "needs_assessed", "case_voided")


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


def name_of(holder: str) -> str:
    return f"Canary{holder.title()}"


def canaries(casework: Casework) -> dict[str, str]:
    """A late case held by each of `HOLDERS`, its victim named after the holder, with a phone number; by reference."""
    refs = {casework.case(name_of(h), officer=h, at=LATE, area="E99" if h == "nobody" else None): h for h in HOLDERS}
    with casework.site.database.writing() as connection:
        ids = connection.execute(select(CASES.c.id)).scalars().all()
        points = [NewContactPoint(f"point-{case_id}", case_id, "phone", SECRET) for case_id in ids]
        add_contact_points(connection, points, Vault(bytes(32)))
    return refs


def addresses(casework: Casework, refs: list[str]) -> Iterator[str]:
    """Every address that the service answers a GET at, for every case."""
    for route in iter_route_contexts(casework.site.app.routes):
        if "GET" not in (getattr(route, "methods", None) or ()):
            continue
        for ref in refs if "{ref}" in route.path else [""]:
            path = route.path.replace("{ref}", ref)
            for kind in KINDS if "{kind}" in path else [""]:
                yield re.sub(r"\{[^}]*\}", "anything", path.replace("{kind}", kind))


def crawl(browser: Browser, starts: list[str], most: int = 400) -> Iterator[tuple[str, Any]]:
    """Every page that can be reached by links and redirects from these, and what it answered."""
    seen, waiting = set(starts), list(starts)
    while waiting and len(seen) < most:
        address = waiting.pop()
        answer = browser.get(address)
        yield address, answer
        found = [answer.headers["location"]] if "location" in answer.headers else []
        if "html" in answer.headers.get("content-type", ""):
            found += [a.attributes.get("href", "") for a in Page(answer.text).all("a")]
        for href in found:
            path = urljoin(address, href).partition("#")[0]
            if path.startswith("/") and path not in seen and not path.startswith("/static"):
                seen.add(path)
                waiting.append(path)


def browser_of(casework: Casework, who: str) -> Browser:
    return casework.site.sign_in(who) if who else casework.site.browser()


@pytest.mark.parametrize("who", ["", "officer", "colleague", "supervisor", "stranger", "board", "administrator"])
def test_nobody_sees_more_than_is_theirs_and_no_address_or_title_says_a_name(casework: Casework, who: str) -> None:
    refs = canaries(casework)
    browser = browser_of(casework, who)
    allowed = MAY_SEE.get(who, {who} & set(HOLDERS))
    seen, pages = set(), 0
    for address, answer in crawl(browser, list(addresses(casework, list(refs)))):
        pages += 1
        assert answer.status_code < 500, address
        assert SECRET not in answer.text, address
        assert "Canary" not in f"{address} {dict(answer.headers)}"
        if "html" not in answer.headers.get("content-type", ""):
            assert "Canary" not in answer.text, address
            continue
        page = Page(answer.text)
        assert "Canary" not in page.title, address
        assert not [e for e in page.elements if "Canary" in "".join(e.attributes.values())], address
        seen |= {holder for holder in HOLDERS if name_of(holder) in answer.text}
        for ref, holder in refs.items():
            if holder not in allowed:
                assert ref not in answer.text or ref in address, f"{holder}'s case on {address}"
    assert seen == allowed
    assert pages > 20


def test_an_error_of_ours_says_nothing_of_what_was_being_done(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ref, *_) = canaries(casework)
    browser = casework.site.sign_in()

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError(f"{name_of('officer')} {SECRET}")

    monkeypatch.setattr("victimcare.web.routes.cases.case_page", broken)
    answer = browser.get(f"/cases/{ref}")
    assert answer.status_code == 500
    assert "Canary" not in answer.text
    assert SECRET not in answer.text


# -------------------------------------------------------------------------------------------- markup in what is typed

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}${7*7}",
    "javascript:alert(1)",
    "<!-- --><b>bold",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_what_people_typed_is_shown_as_it_was_typed(casework: Casework, payload: str) -> None:
    ref = casework.case(f"Wren {payload}", at=LATE, crime_type=f"Burglary {payload}")
    casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject=payload[:40])
    held = casework.case(f"Held {payload}", at=LATE, officer="nobody", area="E99", crime_type=payload)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    search = officer.post("/cases/search", {"words": payload}).headers["location"]
    form = casework.page(supervisor, "/team").form("/team/reassign")
    why = {"cases": [ref, payload], "officer": payload, "why": payload}
    pages = [officer.get(path).text for path in ("/", "/cases", search, f"/cases/{ref}")]
    pages += [officer.get(f"/cases/{ref}/{path}").text for path in ("contacts/new", "events", "events/suspect_bailed")]
    pages += [supervisor.get("/team").text, supervisor.post(form.action, {**form.filled(), **why}).text]
    handed = {**form.filled(), "cases": [ref, held, payload], "officer": "colleague", "why": payload}
    pages += [supervisor.post(form.action, handed).text, supervisor.get(f"/cases/{ref}").text]
    contact = casework.page(supervisor, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
    wrong = {**contact.filled(), "channel": payload, "happened_time": payload, "happened_on-day": payload}
    pages.append(supervisor.post(contact.action, wrong).text)
    assert [payload in Page(html).text or payload in str(Page(html).forms) for html in pages].count(True) >= 9
    for html in pages:
        assert "<script>alert" not in html
        assert not [e for e in Page(html).elements if e.tag in ("img", "b") or "onload" in e.attributes]
        links = [e.attributes.get("href", "") for e in Page(html).elements]
        assert not [href for href in links if urlsplit(href).scheme == "javascript"]
        assert "49" not in Page(html).all("h1")[0].text
