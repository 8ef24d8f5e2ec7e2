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
from sqlmodel import SQLModel

from tests.web.casework import MONDAY, Casework, add_strangers
from tests.web.page import Page
from tests.web.site import Browser, Site
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.safe_contact import Point, PointKind, Safety, SafeUse
from victimcare.store import contact_points
from victimcare.store.cases import CASES
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.vault import Vault

LATE = MONDAY - timedelta(days=20)
SECRET = "CANARYADDRESS"
HOLDERS = ("officer", "colleague", "stranger", "nobody")
MAY_SEE = {"officer": {"officer"}, "supervisor": {"officer", "colleague", "nobody"}, "stranger": {"stranger"}}
KINDS = ("suspect_arrested", "hearing_listed", "vps_taken", "case_voided")


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


def name_of(holder: str) -> str:
    return f"Canary{holder.title()}"


def canaries(casework: Casework) -> dict[str, str]:
    """A late case held by each of `HOLDERS`, its victim named after the holder, with a phone number; by reference."""
    refs = {casework.case(name_of(h), officer=h, at=LATE, area="E99" if h == "nobody" else None): h for h in HOLDERS}
    use = SafeUse(times="After 4pm", code_word=SECRET)
    safe = Point(PointKind.PHONE, Safety.SAFE, MONDAY, "supervisor")
    with casework.site.database.writing() as connection:
        ids = connection.execute(select(CASES.c.id, CASES.c.ref)).all()
        points = [NewContactPoint(f"point-{row.ref}", row.id, SECRET, safe, use) for row in ids]
        points += [NewContactPoint(f"s-{row.ref}", row.id, f"{SECRET}2", safe, suspect="Suspect 1") for row in ids]
        contact_points.add(connection, points, Vault(bytes(32)))
    return refs


def addresses(casework: Casework, refs: list[str]) -> Iterator[str]:
    """Every address that the service answers a GET at, for every case."""
    for route in iter_route_contexts(casework.site.app.routes):
        if "GET" not in (getattr(route, "methods", None) or ()):
            continue
        for ref in refs if "{ref}" in route.path else [""]:
            path = route.path.replace("{ref}", ref).replace("{point}", f"point-{ref}")
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


@pytest.mark.parametrize(
    "who", ["", "officer", "colleague", "supervisor", "stranger", "board", "administrator", "editor"]
)
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


def test_an_address_is_in_the_answer_that_reveals_it_and_nowhere_else(
    casework: Casework, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every page after it too, every row but the sealed ones, and what was logged."""
    refs = canaries(casework)
    (ref,) = [ref for ref, holder in refs.items() if holder == "officer"]
    officer = casework.site.sign_in()
    path = f"/cases/{ref}/contact-details/point-{ref}"
    form = casework.page(officer, path).form(f"{path}/show")
    shown = officer.post(form.action, form.filled())
    assert (shown.status_code, SECRET in shown.text, f"{SECRET}2" in shown.text) == (200, True, False)
    assert SECRET not in Page(shown.text).title
    for action in ("someone-else", "show", "unsafe", "show"):
        assert SECRET not in officer.post(f"{path}/{action}", {"form_key": action}).text
    for who in ("officer", "supervisor"):
        for address, answer in crawl(casework.site.sign_in(who), list(addresses(casework, [ref])), most=120):
            assert SECRET not in answer.text, address
    with casework.site.database.reading() as connection:
        stored = [repr(connection.execute(table.select()).all()) for table in SQLModel.metadata.sorted_tables]
    assert SECRET not in "".join(stored)
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err


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
