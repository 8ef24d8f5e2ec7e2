"""What must not leak, looked for in every answer for every role: names, words about people, places; and markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from html import unescape
from io import StringIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from sqlmodel import SQLModel

from tests.columns import NAME, SEALED, decided
from tests.jobs.counted import all_have_run
from tests.web.casework import Casework, add_strangers
from tests.web.every_form import FORMS, LATE, routes
from tests.web.furnished import Furnished
from tests.web.mailed import mails
from tests.web.page import Page
from tests.web.planted import PLANTED, WORDS, plant
from tests.web.site import Browser, Site
from tests.web.told import ATTRIBUTE, CANARY, TITLE, Answer, answered
from victimcare.domain.event_kinds import EventKind
from victimcare.store.staff import PEOPLE

WHO = (
    "",
    "officer",
    "colleague",
    "stranger",
    "supervisor",
    "board",
    "administrator",
    "editor",
    "reviewer",
    "lead",
    "helper",
    "clerk",
    "member",
)
HOLDERS = {"A": "officer", "B": "colleague", "C": "stranger", "D": "nobody", "P": "officer"}
"""Who holds the case of this letter. The location of P is protected, for the supervisor alone."""
SEES = {"officer": "AP", "colleague": "B", "stranger": "C", "supervisor": "ABDP"}
ASKED = {"officer": "ACP", "colleague": "AB", "stranger": "CP", "supervisor": "ACDP", "reviewer": "AP"}
"""The cases whose pages somebody asks for, theirs and others'; of those not named here A."""
PROTECTED, CUSTODIAN = "P", "supervisor"
CASES = 200
"""How many cases more there are, with `slow`."""
HREF = re.compile(r'<a\b[^>]*?href="([^"]*)"')
RUNS = re.compile(r"<svg/onload|(?:'|&#39;)49")
"""What follows every word (`planted.MARKUP`), where a page took it for markup or for a template."""
NO_SUCH_PAGE = "/{path:path}"
STALE = {"form_key": "one", "version": "999", "events_seen": "1"}
"""Of a form about a case, as it never was; of any other, fields that it has not."""


@dataclass
class World:
    """Cases with every word in them, and everything that was answered about them to everybody."""

    casework: Casework
    cases: dict[str, Furnished]
    answers: list[Answer] = field(default_factory=list)
    said: str = ""
    mails: list[str] = field(default_factory=list)


OF_A_CASE = ("{ref}", "{number}", "{request_id}")
"""What in a path is of one case: it is asked for of every one that somebody might see."""


@pytest.fixture(scope="module")
def world(module_site: Site, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One world, asked once."""
    casework = Casework(module_site)
    add_strangers(module_site)
    cases = {
        letter: plant(casework, holder, letter, protected=letter == PROTECTED) for letter, holder in HOLDERS.items()
    }
    made = World(casework, cases)
    all_have_run(module_site.database, module_site.clock.now)
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        for who in WHO:
            made.answers += everything(made, who)
        made.mails = staff_mails(made, tmp_path_factory.mktemp("mailbox"))
    made.said = out.getvalue() + err.getvalue()
    return made


def everything(world: World, who: str) -> list[Answer]:
    """What this person is answered at every address, at what is linked there, and to some forms of no use."""
    site = world.casework.site
    browser = site.sign_in(who) if who else site.browser()
    token = browser.token()
    some = list(FORMS) if who == "officer" else list(FORMS)[WHO.index(who) % 3 :: 3]
    found = [*crawl(world, browser, who), *of_no_use(world, browser, who, some)]
    if who:
        words = {"words": "Canarysearched" + "S"}
        search = browser.post("/cases/search", words, token=token)
        found.append(answered(who, "/cases/search", "/cases/search", search))
        if search.status_code == 303:
            at = search.headers["location"]
            found.append(answered(who, "/cases", at, browser.get(at)))
    return found


def of_no_use(world: World, browser: Browser, who: str, paths: Iterable[str]) -> Iterator[Answer]:
    """What this person is answered to forms that are of no use."""
    token = browser.token()
    for path in paths:
        for letter in "AP" if "{ref}" in path else "A":
            address = world.cases[letter].address(path)
            if path not in ("/sign-in", "/sign-out", "/sign-ins/end-all"):
                yield answered(who, path, address, browser.post(address, STALE, token=token))


def crawl(world: World, browser: Browser, who: str) -> Iterator[Answer]:
    """Every address that is answered to a GET, for every case; of what is linked there, one of each kind."""
    paths = sorted(routes(world.casework, "GET") - {NO_SUCH_PAGE})
    waiting = [
        (path, world.cases[letter].address(path))
        for path in paths
        for letter in (ASKED.get(who, "A") if any(name in path for name in OF_A_CASE) else "A")
    ]
    known = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]
    seen = {(path, "") for path in paths}
    while waiting:
        path, address = waiting.pop(0)
        answer = answered(who, path, address, browser.get(address))
        yield answer
        for link in links(answer, address):
            there = urlsplit(link)
            path = next((path for pattern, path in known if pattern.fullmatch(there.path)), there.path)
            kind = (path, re.sub(r"=[^&]*", "", there.query))
            if kind not in seen:
                seen.add(kind)
                waiting.append((path, link))


def links(answer: Answer, address: str) -> list[str]:
    found = [urljoin(address, unescape(href)).partition("#")[0] for href in HREF.findall(answer.body)]
    return [link for link in found if link.startswith("/") and not link.startswith("/static")]


def staff_mails(world: World, folder: Path) -> list[str]:
    """Every e-mail that reminders and breaches lead to in the weeks after."""
    site = world.casework.site
    with site.database.writing() as connection:
        connection.execute(PEOPLE.update().values(email=PEOPLE.c.id + "@example.invalid"))
    return mails(world.casework, range(0, 21, 4), folder)


def test_every_kind_of_words_has_a_canary_and_every_canary_a_kind(world: World) -> None:
    assert {planted.column for planted in PLANTED} == decided(SEALED)
    for name in decided(SEALED):
        table, column = name.split(".")
        with world.casework.site.database.reading() as connection:
            rows = connection.execute(SQLModel.metadata.tables[table].select()).all()
        assert [row for row in rows if getattr(row, column)], f"nothing was planted in {name}"


def test_every_page_of_the_service_was_asked_for_and_somebody_was_shown_it(world: World) -> None:
    shown = {answer.route for answer in world.answers if answer.status in (200, 303)}
    assert routes(world.casework, "GET") - {NO_SUCH_PAGE} <= shown
    for who in WHO:
        asked = {answer.route for answer in world.answers if answer.who == who}
        assert routes(world.casework, "GET") - {NO_SUCH_PAGE} <= asked, who
    assert {answer.status for answer in world.answers} >= {200, 303, 403, 404, 409, 422}
    assert [answer for answer in world.answers if answer.route == "/board/files" and answer.status == 200]


def test_a_word_shows_where_its_table_says_to_those_who_may_see_the_case_and_nowhere_else(world: World) -> None:
    seen, wrong = shown_to(world.answers)
    assert sorted(set(wrong)) == []
    shown = {planted.word for planted in PLANTED if planted.shown_at} - {"Canarysearched", "Canarykept"}
    assert ("Canarykept", "A") in seen, "what was kept is given back"
    for letter in ("A", PROTECTED):
        register = {"Canaryincident", "Canarydecision"}  # it is about no case, and the crawl opens one of its pages
        not_now = {"Canaryfled"} if letter != PROTECTED else TO_REVIEWERS | TO_HELPERS | register
        assert {word for word, of in seen if of == letter} >= shown - not_now, "a page that should show it does not"


@pytest.mark.slow
def test_a_form_of_no_use_tells_nobody_anything(world: World) -> None:
    """Every one, from everybody."""
    answers: list[Answer] = []
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        for who in WHO:
            browser = world.casework.site.sign_in(who) if who else world.casework.site.browser()
            answers += of_no_use(world, browser, who, FORMS)
    assert sorted(set(shown_to(answers)[1])) == []
    assert not CANARY.search(out.getvalue() + err.getvalue())
    assert {answer.status for answer in answers} >= {303, 400, 403, 404}
    assert not [answer.address for answer in answers if answer.status >= 500]


@pytest.mark.slow
def test_nor_is_a_word_of_any_of_two_hundred_cases_shown_elsewhere(world: World) -> None:
    """Every page of each, by one person for a page and another for the next; then all that is answered about many."""
    planted = [
        plant(world.casework, holder, letter, protected=letter == PROTECTED)
        for _ in range(CASES // len(HOLDERS))
        for letter, holder in HOLDERS.items()
    ]
    site = world.casework.site
    browsers = {who: site.sign_in(who) if who else site.browser() for who in WHO}
    paths = sorted(routes(world.casework, "GET") - {NO_SUCH_PAGE})
    of_a_case = [path for path in paths if any(name in path for name in OF_A_CASE)]
    answers: list[Answer] = []
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        for number, case in enumerate(planted):
            for which, path in enumerate(of_a_case):
                who, address = WHO[(number + which) % len(WHO)], case.address(path)
                answers.append(answered(who, path, address, browsers[who].get(address)))
        for who, browser in browsers.items():
            elsewhere = [path for path in paths if "{" not in path]
            answers += [answered(who, path, path, browser.get(path)) for path in elsewhere]
    assert sorted(set(shown_to(answers)[1])) == []
    assert not CANARY.search(out.getvalue() + err.getvalue())
    assert not [answer.address for answer in answers if answer.status >= 500]
    shown = sum(bool(answer.found) for answer in answers)
    print(f"\n{len(planted)} cases, {len(answers)} answers, {shown} with words for whoever asked: no word elsewhere")


def shown_to(answers: Iterable[Answer]) -> tuple[set[tuple[str, str]], list[str]]:
    """The words that those who may see the case were shown, and what was shown where or to whom it should not be."""
    seen, wrong = set(), []
    for answer in answers:
        for word, letter in answer.found - {("Canarysearched", "S")}:
            where = f"{word} of {letter} to {answer.who or 'nobody'} at {answer.route}"
            if answer.who == REVIEWER and word in TO_REVIEWERS:
                wrong += [where] if answer.route not in WORDS[word].shown_at or letter == PROTECTED else []
                seen.add((word, letter))
            elif answer.who == HELPER and word in TO_HELPERS and letter == "A":
                wrong += [where] if answer.route not in WORDS[word].shown_at else []
                seen.add((word, letter))
            elif letter not in SEES.get(answer.who, ""):
                wrong.append(where)
            elif word != "Canaryname":
                to_custodian = letter != PROTECTED or word in TELL_NO_PLACE or answer.who == CUSTODIAN
                wrong += [where] if answer.route not in WORDS[word].shown_at or not to_custodian else []
                seen.add((word, letter))
    return seen, wrong


REVIEWER, TO_REVIEWERS = "reviewer", {"Canaryemergency", "Canaryemergencyfound", "Canaryreviewed"}
"""Who sees no case: the reference and why it was opened in an emergency, and of a protected one no word that tells."""
HELPER, TO_HELPERS = "helper", {"Canarysent"}
"""Who sees no case: what went with the referral of A, to whose service it was sent, and no way to the victim."""
TELL_NO_PLACE = {"Canaryfled", "Canaryformername"}
"""In the protected case these have no place in them, and so may be read."""


def test_of_a_protected_location_nothing_tells_the_place_but_to_the_custodian(world: World) -> None:
    ref = world.cases[PROTECTED].ref
    of_it = [answer for answer in world.answers if ref in answer.address and answer.who != CUSTODIAN]
    assert len(of_it) > 200
    assert not [answer.address for answer in of_it if "LU1 2AB" in answer.body]


def test_no_word_is_in_a_title_an_address_a_header_or_an_attribute(world: World) -> None:
    for answer in world.answers:
        titles = "".join(TITLE.findall(answer.body))
        assert not CANARY.search(answer.address + answer.headers + titles), answer.address
        typed = {word for word, planted in WORDS.items() if planted.typed and answer.route in planted.shown_at}
        for name, value in ATTRIBUTE.findall(answer.body):
            words = {f"Canary{word}" for word, _ in CANARY.findall(value)}
            assert not words - (typed if name == "value" else set()), f"{name} at {answer.address}"


def test_no_word_is_markup_wherever_it_is_shown(world: World) -> None:
    """Every kind of words, on every page that shows it, ends with what would run if the page let it."""
    shown = 0
    for answer in world.answers:
        assert not RUNS.search(answer.body) or "text/csv" in answer.headers, f"{answer.address} to {answer.who}"
        shown += "&lt;svg/onload=x&gt;" in answer.body
    assert shown > 100
    assert not [mail for mail in world.mails if RUNS.search(mail)]


def test_no_reference_of_a_case_is_told_to_somebody_who_may_not_see_it(world: World) -> None:
    for answer in world.answers:
        for letter in HOLDERS.keys() - set(SEES.get(answer.who, "")):
            ref = world.cases[letter].ref
            if answer.who == REVIEWER and answer.route.startswith(("/emergency-reviews", "/access-alerts")):
                continue
            assert ref not in answer.body or ref in answer.address, (
                f"{letter}'s case to {answer.who} at {answer.address}"
            )


def test_no_answer_is_a_fault(world: World) -> None:
    assert [answer.address for answer in world.answers if answer.status >= 500] == []


def test_no_word_is_in_what_was_logged_or_sent_to_staff(world: World) -> None:
    assert not CANARY.search(world.said)
    assert len(world.mails) > 5
    assert not [mail for mail in world.mails if "Canary" in mail]


def test_no_word_stands_open_in_the_database_but_the_name(world: World) -> None:
    """The audit trail and the outbox too."""
    open_names = decided(NAME)
    with world.casework.site.database.reading() as connection:
        for table in SQLModel.metadata.sorted_tables:
            plain = [column for column in table.columns if f"{table.name}.{column.name}" not in open_names]
            rows = connection.execute(table.select().with_only_columns(*plain)).all()
            assert rows or table.name not in HAVE_WORDS, table.name
            assert "Canary" not in repr(rows), table.name


HAVE_WORDS = {table for table, _, _ in (name.partition(".") for name in decided(SEALED))} | {
    "audit",
    "outbox",
    "victim",
}


def test_a_place_is_in_the_answer_that_reveals_it_and_nowhere_else(world: World) -> None:
    case, officer = world.cases["A"], world.casework.site.sign_in()
    path = case.address("/cases/{ref}/contact-details/{point}")
    form = world.casework.page(officer, path).form(f"{path}/show")
    shown = officer.post(form.action, form.filled())
    found = {word for word, _ in CANARY.findall(shown.text)}
    assert (shown.status_code, {"place"} <= found, {"suspects", "telephone"} & found) == (200, True, set())
    assert "Canaryplace" not in Page(shown.text).title
    for action in ("someone-else", "show", "unsafe", "show"):
        assert "Canaryplace" not in officer.post(f"{path}/{action}", {"form_key": action}).text
    for answer in (officer.get(path), officer.get(case.address("/cases/{ref}/contact-details"))):
        assert "Canaryplace" not in answer.text


def test_an_error_of_ours_says_nothing_of_what_was_being_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = world.casework.site.sign_in()

    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("CanarynameA CanaryplaceA")

    monkeypatch.setattr("victimcare.web.routes.cases.case_page", broken, raising=False)
    monkeypatch.setattr("victimcare.web.case_reading.case_page", broken)
    answer = browser.get(f"/cases/{world.cases['A'].ref}")
    assert answer.status_code == 500
    assert "Canary" not in answer.text


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


# -------------------------------------------------------------------------------------------- markup in what is typed

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "{{ 7 * 143 }}${7*143}",
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
    form = casework.page(supervisor, "/team/reassign").form("/team/reassign/plan")
    why = {"cases": [ref, payload], "officer": payload, "why": payload}
    pages = [officer.get(path).text for path in ("/", "/cases", search, f"/cases/{ref}")]
    pages += [officer.get(f"/cases/{ref}/{path}").text for path in ("contacts/new", "events", "events/suspect_bailed")]
    pages += [supervisor.get("/team/duties").text, supervisor.post(form.action, {**form.filled(), **why}).text]
    handed = {**form.filled(), "cases": [ref, held, payload], "officer": "colleague", "why": payload}
    planned = supervisor.post(form.action, handed).text
    handed = Page(planned).form("/team/reassign").filled()
    pages += [planned, supervisor.post("/team/reassign", handed).text, supervisor.get(f"/cases/{ref}").text]
    contact = casework.page(supervisor, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts")
    wrong = {**contact.filled(), "channel": payload, "happened_time": payload, "happened_on-day": payload}
    pages.append(supervisor.post(contact.action, wrong).text)
    assert [payload in Page(html).text or payload in str(Page(html).forms) for html in pages].count(True) >= 9
    for html in pages:
        assert "<script>alert" not in html
        assert not [e for e in Page(html).elements if e.tag in ("img", "b") or "onload" in e.attributes]
        links = [e.attributes.get("href", "") for e in Page(html).elements]
        assert not [href for href in links if urlsplit(href).scheme == "javascript"]
        assert "1001" not in Page(html).all("h1")[0].text
