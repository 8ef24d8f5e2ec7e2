"""Every field of these forms is sent what nobody types: it is answered in words, and stored whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.web.casework import MONDAY, Casework, add_strangers
from tests.web.page import FormOnPage
from tests.web.site import Browser, Site
from victimcare.domain.event_kinds import EventKind
from victimcare.web.event_forms import EventForm

NUMBER = "07700 900123"
LATE = MONDAY - timedelta(days=20)

NOT_TEXT = ("NUL\0", "turned \u202e round", "un\u200bseen", "\ufeff", "\x1b[31m", "\x7f", "x" * 10_000)
NASTY = (
    *NOT_TEXT, "\ud800", "", " ", "0", "-1", "1e9", "NaN", "Infinity", "9" * 400, str(2**63), str(-(2**63)), "1.5",
    "٣", "½", "²", "2026-02-30", "29/02/2027", "31", "99999", "Febtober", "25:61", "24:00", "null", "[]", "{}",
    "true", "yes\n", "'; DROP TABLE victim; --", "\\", "%", "%00", "../../etc/passwd", "💔" * 20, "a" * 81, "O’Neill",
    "R6-ARR:", ":", "R6-ARR:x:y", "\u0627\u0644", "\t", "\r\nSet-Cookie: a=b",
)  # fmt: skip


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


@pytest.fixture
def each_database(site: Site) -> Casework:
    """The cases on SQLite and on PostgreSQL: what one stores, the other may not."""
    add_strangers(site)
    return Casework(site)


def shapes(form: FormOnPage) -> Iterator[dict[str, Any]]:
    """The form as no page sends it: a field twice, an array, one too many, all too few."""
    full = form.filled()
    for name in sorted(form.names - {"csrf_token"}):
        yield {**full, name: ["a", "b"]}
        yield {**full, f"{name}[]": "a"}
    for column in ("case_id", "officer_id", "status", "recorded_at", "id", "role", "__proto__", "kind", "key"):
        yield {**full, column: "1"}
    yield {"csrf_token": full["csrf_token"]}


def as_sent(value: str) -> str | bytes:
    return value.encode("utf-8", "surrogatepass") if value == "\ud800" else value


class Attack:
    """A form of a page, and somebody signed in who may send it."""

    def __init__(self, casework: Casework, browser: Browser, path: str, action: str, **filling: Any) -> None:
        self.casework, self.browser, self.path, self.action, self.filling = casework, browser, path, action, filling
        self.stored = casework.stored_events()
        self.open()

    def open(self) -> None:
        """Open the form anew."""
        self.form = self.casework.page(self.browser, self.path).form(self.action)
        self.good = {**self.form.filled(), **self.filling}

    def every_value(self, values: tuple[str, ...] = NASTY, *, but: Collection[str] = ()) -> None:
        """Send each value in each field, the others being good."""
        for name in sorted((self.form.names | set(self.filling)) - {"csrf_token", *but}):
            for value in values:
                self.send(name, value)

    def send(self, name: str, value: str) -> None:
        key = {} if name == "form_key" else {"form_key": f"key{self.stored}"}
        answer = self.browser.post(self.action, {**self.good, **key, name: as_sent(value)}, token="")
        stored, self.stored = self.casework.stored_events() - self.stored, self.casework.stored_events()
        what = f"{name}={value[:30]!r} at {self.action}: {answer.status_code}, stored {stored}"
        assert answer.status_code in (200, 303, 400, 404, 409, 422), what
        assert stored == 0 or answer.status_code in (200, 303), what
        assert stored == 0 or value not in NOT_TEXT, what
        assert not {"\0", "\u202e"} & set(answer.text), what
        if answer.status_code == 422:
            assert '<div class="govuk-error-summary"' in answer.text, what
            assert "<title>Error: " in answer.text, what
        if stored:
            self.open()

    def every_shape(self) -> None:
        """Send what is no form of ours."""
        for sent in shapes(self.form):
            assert self.browser.post(self.action, sent, token="").status_code in (400, 422), sent
        assert self.casework.stored_events() == self.stored


def test_no_value_of_a_contact_is_a_fault_or_stored_by_halves(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    path = f"/cases/{ref}/contacts"
    filling: dict[str, Any] = {"reached": "yes", "channel": "phone", "duties": [], "told": []}
    attack = Attack(casework, casework.site.sign_in(), f"{path}/new", path, **filling)
    attack.every_value()
    attack.every_shape()
    assert casework.site.sign_in().get("/").status_code == 200


def test_no_value_of_a_contact_detail_or_a_note_is_a_fault(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    browser, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    details, unsure = f"/cases/{ref}/contact-details", {"confirmed": "no"}
    for value in (*NASTY, "07700 900123"):
        sent: list[tuple[Browser, str, dict[str, Any]]] = [
            (
                browser,
                details,
                {**unsure, "kind": "other", "value": value, "times": value, "code_word": value},
            ),
            (
                browser,
                details,
                {**unsure, "kind": "phone", "value": NUMBER, "instead_of": value, "version": value},
            ),
            (browser, f"{details}/suspect", {"suspect": value, "kind": "address", "value": value}),
            (browser, f"/cases/{ref}/notes", {"words": value, "location": "keep"}),
            (supervisor, f"{details}/protection", {"custodian": value, "reason": value}),
        ]
        for who, path, fields in sent:
            key = f"{path}{value}"[-50:].encode("ascii", "replace").decode().replace("\0", "0")
            typed = {name: as_sent(typed) for name, typed in fields.items()}
            answer = who.post(path, {"form_key": key, **typed}, token=who.token())
            assert answer.status_code in (200, 303, 400, 404, 409, 422), (path, value[:30], answer.status_code)
            assert not {"\0", "\u202e"} & set(answer.text)
    page = casework.page(browser, details)
    (point, *_) = [href.rpartition("=")[2] for href in page.links("Replace it")]
    for value in NASTY:
        fields = {"times": value, "if_another": value, "voicemail": value, "version": value}
        answer = browser.post(f"{details}/{point}/confirm", {name: as_sent(typed) for name, typed in fields.items()})
        assert answer.status_code in (400, 422), value[:30]


DATES = {f"happened_on-{part}" for part in ("day", "month", "year")}
OF_EVERY_KIND = DATES | set(EventForm.model_fields) | {"form_key"}
EVENTS = (
    (
        "hearing_listed",
        {"subject": "H 1", "detail_hearing_type": "trial"}
        | {"detail_hearing_on-day": "1", "detail_hearing_on-month": "6", "detail_hearing_on-year": "2026"},
    ),
    ("restorative_justice_answered", {"detail_answer": "yes"}),
    ("complaint_made", {"detail_complained_of": "police", "subject": "C 1"}),
)


@pytest.mark.parametrize(("kind", "filling"), EVENTS, ids=[kind for kind, _ in EVENTS])
def test_no_value_of_an_event_is_a_fault_or_stored_by_halves(
    casework: Casework, kind: str, filling: dict[str, str]
) -> None:
    ref = casework.case(at=LATE)
    path = f"/cases/{ref}/events/{kind}"
    attack = Attack(casework, casework.site.sign_in(), path, path, **filling)
    attack.every_value(but=() if kind == "hearing_listed" else OF_EVERY_KIND)
    attack.every_shape()
    browser = casework.site.sign_in()
    assert [browser.get(page).status_code for page in ("/", "/cases", f"/cases/{ref}")] == [200] * 3


def test_no_value_of_a_referral_or_a_step_of_it_is_a_fault_or_stored_by_halves(casework: Casework) -> None:
    ref = casework.case(at=LATE, born_on=date(2016, 1, 1))
    casework.record(ref, "support_needs_asked", LATE, emotional=True, sexual_violence=True)
    path = f"/cases/{ref}/support/refer/{casework.service()}"
    said = {"agreed": "yes", "guardian": "yes", "specialist": "yes", "no_safe_way": "yes", "duties": []}
    attack = Attack(casework, casework.site.sign_in(), path, path, **said)
    attack.every_value(but=("version", "events_seen", *DATES))
    attack.every_shape()
    key = casework.record(ref, "referral_sent", subject="Another")
    step = f"/cases/{ref}/support/referrals/{key}/refused"
    attack = Attack(casework, casework.site.sign_in(), step, step, reason="duplicate")
    attack.every_value((*NOT_TEXT, "", "R6-ARR:", "[]"))
    gap = f"/cases/{ref}/support"
    Attack(casework, casework.site.sign_in(), gap, f"{gap}/gap").every_value(("", "x", "-1", "9" * 400, "1.5"))


def test_no_value_of_an_entry_of_the_directory_is_a_fault(each_database: Casework) -> None:
    browser = each_database.site.sign_in("editor")
    form = each_database.page(browser, "/directory/new").form("/directory")
    good = {**form.filled(), "contact_way": "01632 960001", "needs": "emotional"}
    for number, name in enumerate(sorted(form.names - {"csrf_token"})):
        for turn, value in enumerate(NASTY):
            sent = {**good, "name": f"Example {number} {turn}", "form_key": f"key{number}-{turn}", name: as_sent(value)}
            answer = browser.post("/directory", sent, token="")
            assert answer.status_code in (303, 400, 409, 422), f"{name}={value[:30]!r}: {answer.status_code}"
            assert value not in NOT_TEXT or answer.status_code != 303, f"{name}={value[:30]!r} was stored"
    assert browser.get("/directory").status_code == 200


def test_no_value_of_a_hand_over_is_a_fault_or_stored_by_halves(casework: Casework) -> None:
    ref = casework.case(at=LATE)
    filling = {"cases": [ref], "officer": "colleague", "why": "leave"}
    attack = Attack(casework, casework.site.sign_in("supervisor"), "/team", "/team/reassign", **filling)
    attack.every_value()
    attack.every_shape()


CRIME = {"crime_ref": "40/900/26", "crime_type": "Burglary", "area": "E01", "name_1": "Wren Sample"}


def test_no_value_of_a_crime_is_a_fault_or_stored_by_halves(casework: Casework) -> None:
    attack = Attack(casework, casework.site.sign_in("supervisor"), "/crimes/new", "/crimes", **CRIME, needs=[])
    asked = {"crime_ref", "name_1", "born_on_1-year", "reported_on-day", "reported_time", "victims", "needs", "area"}
    attack.every_value(but=attack.form.names - asked)
    attack.every_shape()
    assert casework.site.sign_in("supervisor").get("/cases").status_code == 200


def test_no_value_of_a_message_or_a_cover_is_a_fault(casework: Casework) -> None:
    casework.case("Wren Sample", at=LATE)
    browser = casework.site.sign_in()
    message = {"name": "Wren Sample", "wants": "news", "safe_to_ring": "yes"}
    attack = Attack(casework, browser, "/messages/new", "/messages", **message, team="", location="")
    attack.every_value(but={"form_key"})
    attack.every_shape()
    dates = {"until_on-day": "1", "until_on-month": "6", "until_on-year": "2026"}
    Attack(casework, browser, "/leave", "/leave", **dates, cover="supervisor").every_value(NOT_TEXT, but={"form_key"})
    assert casework.site.sign_in().get("/").status_code == 200


def test_what_a_database_cannot_store_is_refused_before_it_is_asked(each_database: Casework) -> None:
    ref = each_database.case(at=LATE)
    path = f"/cases/{ref}/contacts"
    contact = {"reached": "yes", "channel": "phone"}
    Attack(each_database, each_database.site.sign_in(), f"{path}/new", path, **contact).every_value(NOT_TEXT)
    hand_over = {"cases": [ref], "officer": "colleague", "why": "leave"}
    supervisor = each_database.site.sign_in("supervisor")
    Attack(each_database, supervisor, "/team", "/team/reassign", **hand_over).every_value(NOT_TEXT)
    crime = Attack(each_database, supervisor, "/crimes/new", "/crimes", **CRIME)
    crime.every_value(NOT_TEXT, but=crime.form.names - {"crime_ref", "name_1"})


def test_no_words_searched_for_are_a_fault(each_database: Casework) -> None:
    each_database.case(at=LATE)
    browser = each_database.site.sign_in()
    for words in NASTY:
        answer = browser.post("/cases/search", {"words": as_sent(words)})
        assert answer.status_code in (303, 422), words
        if answer.status_code == 303:
            assert browser.get(answer.headers["location"]).status_code == 200


def test_no_address_is_a_fault(each_database: Casework) -> None:
    ref = each_database.case(at=LATE)
    browser = each_database.site.sign_in()
    for path in (
        "/cases",
        f"/cases/{ref}",
        f"/cases/{ref}/journey",
        f"/cases/{ref}/contacts/new",
        f"/cases/{ref}/events/suspect_bailed",
    ):
        for query in (
            "tier",
            "search",
            "page",
            "status",
            "late",
            "recorded",
            "duty",
            "about",
            "shown",
            "stage",
            "compact",
        ):
            for value in ("%00", "%ED%A0%80", "9" * 300, "%E2%80%AE", "-1"):
                assert browser.get(f"{path}?{query}={value}").status_code in (200, 404), f"{path}?{query}={value}"
