"""Every field of every form is sent what nobody types: answered in words, stored whole or not at all, never run.

A form's fields are checked one by one and all together, so one request with a bad value in every field tells of each
field that the page names that it refuses the value. Where it does not, the field gets the value alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from tests.web.casework import Casework, add_strangers
from tests.web.every_form import FORMS, LATE, Opened, Opener, a_case, routes
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser, Site
from victimcare.web.typed_dates import PARTS

MARKUP = "\"'><svg/onload=x><b>{{7*7}}"
NOT_TEXT = ("NUL\0", "turned \u202e round", "un\u200bseen", "\x1b[31m", "del\x7fete", "\ud800 alone", "x" * 10_001)
TOGETHER = (
    *NOT_TEXT, "", "0", "-1", "NaN", "1.5", "²", "2026-02-30", "99999", "Febtober", "25:61", "null", "a" * 81,
)  # fmt: skip
ALONE = (
    MARKUP, "9" * 400, str(2**63), "[]", "R6-ARR:x:y", "'; DROP TABLE victim; -- \\ % %00", "💔" * 20,
    "O’Neill \u0627\u0644\r\nSet-Cookie: a=b",
)  # fmt: skip
CODES = {"version", "events_seen", "form_key", "step", "location", "template", "language", "instead_of", "csrf_token"}
CODES |= {"given", "seen"}
"""What a page fills in by itself: attacked alone, for where it is wrong the rest is not looked at."""
FORM = "application/x-www-form-urlencoded"
SAY_SO = ("/crimes", "/messages", "/welcome/account", "/people/editor/secret")
"""Forms that are answered with what was stored, not with the way to another page."""
NO_RECORD = {"audit", "audit_subject", "used_form", "sign_in_session", "sign_in_attempt"}


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


@pytest.fixture
def each_database(site: Site) -> Casework:
    """The cases on SQLite and on PostgreSQL: what one stores, the other may not."""
    add_strangers(site)
    return Casework(site)


def post(browser: Browser, action: str, sent: dict[str, Any]) -> Any:
    """Send the form, half a pair of surrogates included, which no client of ours encodes."""
    body = urlencode(sent, doseq=True, errors="surrogatepass")
    return browser.client.post(action, content=body, headers={**browser.headers, "Content-Type": FORM})


def rows(casework: Casework) -> int:
    """How many rows are stored of anything that is recorded."""
    names = [table.name for table in SQLModel.metadata.sorted_tables if table.name not in NO_RECORD]
    counts = " + ".join(f'(SELECT count(*) FROM "{name}")' for name in names)
    with casework.site.database.reading() as connection:
        return int(connection.execute(text(f"SELECT {counts}")).scalar_one())


class Attack:
    """A form, somebody signed in who may send it, and how to have another when it was used up."""

    def __init__(self, casework: Casework, opener: Opener) -> None:
        self.casework, self.opener, self.number = casework, opener, 0
        self.open()

    def open(self) -> None:
        """Open the form of a case of its own."""
        self.opened: Opened = self.opener(self.casework)
        site = self.casework.site
        self.browser = site.sign_in(self.opened.who) if self.opened.who else site.browser()
        self.action, self.token = self.opened.action, self.browser.token()
        assert self.fill_in(), f"no form goes to {self.action}"

    def fill_in(self) -> bool:
        """Fill in the form as its page shows it now; False where the page has it no more."""
        shown = Page(self.browser.get(self.opened.page).text).forms if self.opened.page else []
        forms = [form for form in shown if form.action == self.action]
        self.form = forms[0] if forms else FormOnPage("post", self.action)
        self.good = {**self.form.filled(), **self.opened.filling, "csrf_token": self.token}
        self.stored = rows(self.casework)
        return bool(forms or not self.opened.page)

    @property
    def fields(self) -> set[str]:
        """What can be typed, chosen or forged."""
        return (self.form.names | set(self.good)) - {"csrf_token"}

    def every_value(self, together: Collection[str] = TOGETHER, alone: Collection[str] = ALONE) -> None:
        """Every value in every field."""
        asked = self.fields - CODES
        for value in (*together, *alone):
            refused = self.send(dict.fromkeys(asked, value)) if asked else set()
            if value in NOT_TEXT:
                assert refused >= asked or not asked, f"{sorted(asked - refused)} take {value[:9]!r} at {self.action}"
            elif value in alone:
                for name in sorted(asked - refused):
                    self.send({name: value})
        for name in sorted(self.fields & CODES):
            for value in ("", "9" * 400, MARKUP):
                self.send({name: value})

    def send(self, nasty: dict[str, str]) -> set[str]:
        """Send the form with these instead; the fields that the answer says are wrong."""
        self.number += 1
        key = {"form_key": f"key{self.number}"} if "form_key" in self.good else {}
        sent = {**self.good, **key, **nasty}
        answer = post(self.browser, self.action, sent)
        value = next(iter(nasty.values()))
        what = f"{sorted(nasty)}={value[:30]!r} at {self.action}: {answer.status_code}"
        assert answer.status_code in (200, 303, 400, 404, 409, 422, 429), what
        more = rows(self.casework) - self.stored
        done = answer.status_code == 303 or (self.action in SAY_SO and answer.status_code == 200)
        assert more == 0 or done, f"{what}, stored {more}"
        assert more == 0 or value not in NOT_TEXT, f"{what}, stored {more}"
        shown = [answer.text]
        if answer.status_code == 303:
            shown.append(self.browser.get(answer.headers["location"]).text)
        used_up = not self.opened.page or "instead_of" in self.opened.page
        if (more or answer.status_code == 303) and (used_up or not self.fill_in()):
            self.open()
        for page in shown:
            assert not {"\0", "\u202e"} & set(page), what
            assert not re.search(r"<svg/onload|<b>\{\{|'><b>49", page), what
        return set(nasty) if answer.status_code == 400 else named(answer, what)

    def every_shape(self) -> None:
        """Send what is no form of ours: a field twice, an array, one too many, all too few."""
        for sent in shapes(self.form, self.good):
            assert post(self.browser, self.action, sent).status_code in (400, 404, 409, 422), sent
        assert rows(self.casework) == self.stored


def named(answer: Any, what: str) -> set[str]:
    """The fields that the error summary names; of a date each of its parts."""
    if answer.status_code != 422:
        return set()
    assert '<div class="govuk-error-summary"' in answer.text, what
    assert "<title>Error: " in answer.text, what
    (summary,) = re.findall(r'<ul class="govuk-list govuk-error-summary__list">(.*?)</ul>', answer.text, re.DOTALL)
    found = {href.removeprefix("#") for href in Page(summary).links()}
    dates = {name.removesuffix("-day") for name in found if name.endswith("-day")}
    of_several = {name.partition("-")[0] for name in found}
    return found | of_several | {f"{name}-{part}" for name in dates for part in PARTS}


def shapes(form: FormOnPage, good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in sorted(form.names - {"csrf_token"}):
        if form.action and not isinstance(good.get(name), list):
            yield {**good, name: ["a", "b"]}
        yield {**good, f"{name}[]": "a"}
    for column in ("case_id", "officer_id", "status", "recorded_at", "id", "role", "__proto__", "key"):
        yield {**good, column: "1"}
    yield {"csrf_token": good["csrf_token"]}


def test_every_form_of_the_service_is_attacked(casework: Casework) -> None:
    assert set(FORMS) == routes(casework, "POST")


@pytest.mark.parametrize("path", FORMS)
def test_no_value_of_a_form_is_a_fault_or_stored_by_halves_or_run(casework: Casework, path: str) -> None:
    Attack(casework, FORMS[path]).every_value()


SHAPED = ("/cases/{ref}/contacts", "/cases/{ref}/events/{kind}", "/cases/{ref}/needs", "/crimes")
STORED = ("/cases/{ref}/contacts", "/crimes", "/team/reassign", "/cases/{ref}/told", "/directory")


@pytest.mark.parametrize("path", SHAPED)
def test_what_is_no_form_of_ours_is_refused(casework: Casework, path: str) -> None:
    Attack(casework, FORMS[path]).every_shape()


def test_what_one_database_stores_the_other_does_too(each_database: Casework) -> None:
    for path in STORED:
        Attack(each_database, FORMS[path]).every_value(NOT_TEXT[:2], ALONE[-2:])


def test_no_words_searched_for_are_a_fault(each_database: Casework) -> None:
    each_database.case(at=LATE)
    browser = each_database.site.sign_in()
    for words in (*NOT_TEXT, *ALONE):
        answer = post(browser, "/cases/search", {"words": words, "csrf_token": browser.token()})
        assert answer.status_code in (303, 422), words
        if answer.status_code == 303:
            assert browser.get(answer.headers["location"]).status_code == 200


ASKED = ("tier", "search", "page", "status", "late", "recorded", "duty", "about", "shown", "stage", "compact", "done")


def test_no_address_is_a_fault(casework: Casework) -> None:
    case = a_case(casework)
    browser = casework.site.sign_in()
    for path in (
        "/cases",
        "/cases/{ref}",
        "/cases/{ref}/journey",
        "/cases/{ref}/contacts/new",
        "/cases/{ref}/messages",
    ):
        for name in ASKED:
            for value in ("%00", "%ED%A0%80", "9" * 300):
                answer = browser.get(f"{case.address(path)}?{name}={value}")
                assert answer.status_code in (200, 404, 422), f"{path}?{name}={value}: {answer.status_code}"


def test_no_name_in_an_address_is_a_fault(casework: Casework) -> None:
    """Whatever stands where a case, a key, a kind or a number should be: there is no such page."""
    case = a_case(casework)
    browsers = [(who, who.token()) for who in (casework.site.sign_in(), casework.site.sign_in("editor"))]
    for method in ("GET", "POST"):
        for path in sorted(routes(casework, method)):
            name = (re.findall(r"\{(\w+)\}", path) or [""])[-1]
            for value in ("%00", "%ED%A0%80", "9" * 300) if name else ():
                address = case.address(path, **{name: value})
                for browser, token in browsers:
                    sent = {"form_key": "x", "csrf_token": token}
                    answer = browser.get(address) if method == "GET" else post(browser, address, sent)
                    assert answer.status_code in (400, 403, 404, 405, 422), f"{address}: {answer.status_code}"
