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


# ------------------------------------------------------------------------------------------------------ nasty values

NOT_TEXT = ("NUL\0", "turned \u202e round", "un\u200bseen", "\ufeff", "\x1b[31m", "\x7f", "x" * 10_000, "\ud800")
NASTY = (
    *NOT_TEXT, "", " ", "0", "-1", "1e9", "NaN", "Infinity", "9" * 400, str(2**63), str(-(2**63)), "1.5", "٣", "½", "²",
    "2026-02-30", "29/02/2027", "31", "13", "99999", "Febtober", "25:61", "24:00", "null", "undefined", "[]", "{}",
    "true", "yes\n", "'; DROP TABLE victim; --", "\\", "%", "%00", "../../etc/passwd", "💔" * 20, "a" * 81, "O’Neill",
    "R6-ARR:", ":", "R6-ARR:x:y", "\u0627\u0644", "\t", "\r\nSet-Cookie: a=b",
)  # fmt: skip
FREE_TEXT = {"subject", "why", "words"}


def shapes(form: Any) -> Iterator[dict[str, Any]]:
    """The form as no page sends it: a field twice, as an array, one too many, one too few."""
    full = form.filled()
    for name in sorted(form.names - {"csrf_token"}):
        yield {**full, name: ["a", "b"]}
        yield {**full, f"{name}[]": "a"}
    for column in ("case_id", "officer_id", "status", "recorded_at", "id", "role", "__proto__", "kind", "key"):
        yield {**full, column: "1"}
    yield {"csrf_token": full["csrf_token"]}


def attack(casework: Casework, browser: Browser, path: str, action: str, **filling: Any) -> None:
    """Send every nasty value in every field of a form: it is answered in words, and nothing is stored by halves."""
    form = casework.page(browser, path).form(action)
    good = {**form.filled(), **filling}
    for name in sorted((form.names | set(filling)) - {"csrf_token"}):
        for value in NASTY:
            before = casework.stored_events()
            sent = {**good, name: value.encode("utf-8", "surrogatepass") if value == "\ud800" else value}
            answer = browser.post(action, {**sent, **({"form_key": f"k{before}"} if name != "form_key" else {})})
            stored = casework.stored_events() - before
            what = f"{name}={value[:30]!r} at {action}: {answer.status_code}, stored {stored}"
            assert answer.status_code in (200, 303, 400, 404, 409, 422), what
            assert (answer.status_code in (200, 303)) or stored == 0, what
            assert value not in NOT_TEXT or stored == 0, what
            assert not {"\0", "\u202e"} & set(answer.text), what
            if answer.status_code == 422:
                page = Page(answer.text)
                assert page.errors(), what
                assert page.title.startswith("Error: "), what
            if stored:
                form = casework.page(browser, path).form(action)
                good = {**form.filled(), **filling}
    for sent in shapes(form):
        before = casework.stored_events()
        assert browser.post(action, sent).status_code in (400, 422), sent
        assert casework.stored_events() == before


def test_no_value_of_a_contact_is_a_fault_or_stored_by_halves(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    path = f"/cases/{ref}/contacts"
    attack(casework, casework.site.sign_in(), f"{path}/new", path, reached="yes", channel="phone", duties=[], told=[])


@pytest.mark.parametrize(
    ("kind", "filling"),
    [
        ("hearing_listed", {"subject": "H 1", "detail_hearing_type": "trial", "detail_hearing_on-day": "1"}),
        ("needs_assessed", {"detail_tier": "enhanced", "detail_grounds": "vulnerable"}),
        ("sentence_received", {"subject": "H 1", "detail_custody_months": "12"}),
        ("complaint_made", {"detail_complained_of": "police"}),
    ],
)
def test_no_value_of_an_event_is_a_fault_or_stored_by_halves(
    casework: Casework, kind: str, filling: dict[str, str]
) -> None:
    ref = casework.case(at=LATE)
    path = f"/cases/{ref}/events/{kind}"
    attack(casework, casework.site.sign_in(), path, path, **filling)
    assert casework.site.sign_in().get("/").status_code == 200


def test_no_value_of_a_hand_over_is_a_fault_or_stored_by_halves(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    filling = {"cases": [ref], "officer": "stranger", "why": "leave"}
    attack(casework, casework.site.sign_in("supervisor"), "/team", "/team/reassign", **filling)


def test_no_words_searched_for_are_a_fault(site: Site) -> None:
    add_strangers(site)
    casework = Casework(site)
    casework.case(at=LATE)
    browser = site.sign_in()
    for words in NASTY:
        sent = words.encode("utf-8", "surrogatepass") if words == "\ud800" else words
        answer = browser.post("/cases/search", {"words": sent})
        assert answer.status_code in (303, 422), words
        if answer.status_code == 303:
            assert browser.get(answer.headers["location"]).status_code == 200
    for query in ("tier", "search", "page", "status", "late", "recorded", "duty"):
        for value in ("%00", "%ED%A0%80", "9" * 300, "%E2%80%AE", "-1", "[]", "a" * 5000):
            assert browser.get(f"/cases?{query}={value}").status_code in (200, 404)


def test_what_a_database_cannot_store_is_refused_before_it_is_asked(site: Site) -> None:
    add_strangers(site)
    casework = Casework(site)
    ref = casework.case(at=LATE)
    browser, supervisor, before = site.sign_in(), site.sign_in("supervisor"), casework.stored_events()
    for value in ("NUL\0", "x" * 10_000, str(2**63), "\u202e"):
        form = casework.page(browser, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
        for name in sorted(form.names - {"csrf_token", "events_seen", "form_key"}):
            sent = {**form.filled(), "reached": "no", "channel": "phone", name: value}
            assert browser.post(form.action, sent).status_code in (400, 409, 422), (name, value)
        team = casework.page(supervisor, "/team").form("/team/reassign")
        for name in ("cases", "officer", "why", "form_key"):
            sent = {**team.filled(), "cases": [ref], "officer": "stranger", "why": "w", name: value}
            assert supervisor.post(team.action, sent).status_code in (200, 400, 422), (name, value)
    assert casework.stored_events() == before
