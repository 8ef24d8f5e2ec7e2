"""Every field of every form is sent what nobody types: answered in words, stored whole or not at all, never run.

A form's fields are checked one by one and all together, so one request with a bad value in every field tells of each
field that the page names that it refuses the value. The others get it once more together, until it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlmodel import SQLModel

from tests.stored import Restored, Stored, recorded
from tests.web.attack import Attack, is_done, post
from tests.web.casework import PEOPLE, Casework, add_strangers
from tests.web.every_form import FORMS, LATE, Opened, Opener, a_case, day, routes
from tests.web.nasty_values import EVERY_NOT_TEXT, EVERY_VALUE, MARKUP, NOT_TEXT, OF_A_PAGE, VALUES
from tests.web.page import Page
from tests.web.site import START, Site
from victimcare.commands.check_projection import check_projection
from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.queries.event_choices import is_recorded_by_people, own_page

EVERY, EACH_VALUE, EACH_CODE, EACH_SHAPE = 60, 20, 12, 3
"""Of how many columns, values, values for what a page fills in, and shapes a form is sent one; all with `slow`."""
AS_WRITTEN = (MARKUP, *VALUES[-4:])


@pytest.fixture(scope="module")
def start(each_module_site: Site) -> Iterator[Restored]:
    """What is stored before each test of this module: everybody is signed in, and there is no case yet."""
    add_strangers(each_module_site)
    each_module_site.keep_signed_in(PEOPLE)
    stored = Restored(each_module_site.database)
    yield stored
    stored.close()


@pytest.fixture
def casework(each_module_site: Site, start: Restored) -> Iterator[Casework]:
    """The cases, as before each test."""
    start.restore()
    each_module_site.clock.now = START
    yield Casework(each_module_site)
    start.restore()


@pytest.fixture(scope="module", params=FORMS)
def opened(request: pytest.FixtureRequest, each_module_site: Site, start: Restored) -> Iterator[Attack]:
    """A form before somebody who may send it: to come there takes longer than most of what is done to it."""
    start.restore()
    each_module_site.clock.now = START
    held = Restored(each_module_site.database)
    yield Attack(Casework(each_module_site), FORMS[request.param], held)
    held.close()
    start.restore()


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """The address of the form that is attacked."""
    address: str = request.node.callspec.params["opened"]
    return address


@pytest.fixture
def number(path: str) -> int:
    """Which of all forms it is."""
    return list(FORMS).index(path)


@pytest.fixture
def attack(opened: Attack) -> Attack:
    """The form, and nothing stored but what was there when it was opened."""
    opened.stored.restore()
    return opened


@pytest.fixture
def each_database(site: Site) -> Casework:
    """The cases on SQLite and on PostgreSQL: what one stores, the other may not."""
    add_strangers(site)
    return Casework(site)


@pytest.fixture
def stored(casework: Casework) -> Iterator[Restored]:
    """What is stored when an attack begins."""
    held = Restored(casework.site.database)
    yield held
    held.close()


def test_every_form_of_the_service_is_attacked(casework: Casework) -> None:
    assert set(FORMS) == routes(casework, "POST")


def test_no_value_of_a_form_is_a_fault_or_stored_by_halves_or_run(attack: Attack, number: int) -> None:
    """Some of the values for each form, others for the next, so that each is tried at six of them or more."""
    attack.every_value([NOT_TEXT[number % len(NOT_TEXT)]], VALUES[number % EACH_VALUE :: EACH_VALUE])
    attack.every_code(OF_A_PAGE[number % EACH_CODE :: EACH_CODE])


@pytest.mark.slow
def test_no_value_at_all_of_a_form_is_a_fault_or_stored_by_halves_or_run(attack: Attack) -> None:
    attack.every_value(EVERY_NOT_TEXT, EVERY_VALUE)
    attack.every_code(OF_A_PAGE)
    values = len(EVERY_NOT_TEXT) + len(EVERY_VALUE)
    print(f"{attack.action}: {values} values in each of {len(attack.fields)} fields, {attack.sent} sent: no fault")


def test_what_is_no_form_of_ours_is_refused(attack: Attack, number: int) -> None:
    attack.these_shapes(attack.shapes()[number % EACH_SHAPE :: EACH_SHAPE])


@pytest.mark.slow
def test_whatever_is_no_form_of_ours_is_refused(attack: Attack) -> None:
    attack.these_shapes(attack.shapes())


def test_a_database_stores_and_refuses_what_the_other_does(each_database: Casework) -> None:
    """What is no text for PostgreSQL is refused before it is asked; what is text comes back as it was written."""
    browser = each_database.site.sign_in()
    ref = each_database.case(at=LATE)
    path = f"/cases/{ref}/notes"
    for number, value in enumerate((*NOT_TEXT, *AS_WRITTEN)):
        answer = post(browser, path, {"words": value, "form_key": f"key{number}", "csrf_token": browser.token()})
        assert answer.status_code == (422 if value in NOT_TEXT else 303), value
        answer = post(browser, "/cases/search", {"words": value[:100], "csrf_token": browser.token()})
        assert answer.status_code == (422 if value in NOT_TEXT[:-1] else 303), value
        if answer.status_code == 303:
            assert browser.get(answer.headers["location"]).status_code == 200
    shown = each_database.page(browser, path).text
    assert [value for value in AS_WRITTEN if " ".join(value.split()) not in shown] == []


EVENT = "/cases/{ref}/events/{kind}"
COLUMNS = sorted({column.name for table in SQLModel.metadata.sorted_tables for column in table.columns})


NOT_SHOWN = {
    "/cases/{ref}/closing": {"duties"},
    "/cases/{ref}/corrections/{kind}/{key}": {"duties"},
    EVENT: {"duties"},
    "/cases/{ref}/messages": {"unwanted_because"},
    "/cases/{ref}/void": {"decision"},
    "/welcome/account": {"name", "username"},
}
"""Fields that a form has though its page does not always show them, of those that are named as a column is."""


def assign(attack: Attack, path: str, columns: Sequence[str]) -> None:
    """Send the form with each of these too; those that it has are its own."""
    for name in columns:
        if name not in attack.fields | {"csrf_token"} | NOT_SHOWN.get(path, set()):
            attack.refuses({**attack.good, name: "1"}, 400)


OF_A_FILE = "each file that leaves is a disclosure of its own, and is written down as one"
OF_A_TRY = "each try counts: it is looked at anew"
ENDS = "what has ended stays so"
NEED_NO_KEY = {
    "/sign-in": OF_A_TRY,
    "/sign-in/again": OF_A_TRY,
    "/welcome": OF_A_TRY,
    "/welcome/account": "its one-time secret is good once",
    "/password": "the password that it asks for is good until it is changed",
    "/sign-in/stay": "it says that somebody is still there",
    "/sign-ins/end": ENDS,
    "/sign-ins/end-all": ENDS,
    "/sign-out": ENDS,
    "/cases/search": "it only reads: its words are kept for the sign-in, so that no address has them",
    "/team/reassign/plan": "it only reads, and shows what would be done",
    "/people/systems/profile": "it only reads, and shows what it read",
    "/board/referrals/file": OF_A_FILE,
    "/board/compliance/file": OF_A_FILE,
    "/board/support/file": OF_A_FILE,
    "/board/months/file": OF_A_FILE,
    "/board/feedback/file": OF_A_FILE,
    "/board/packs/file": OF_A_FILE,
}
"""Forms that may come twice, and why; every other has a key, by which it is done once."""


WRITTEN_AGAIN = {"export", "saved_search", "sign_in_attempt"}
"""Where those write each time: that a file left, what to look for, that somebody tried."""
TOLD_AGAIN = {"/emergency-access/{number}/end": {"outbox"}}
"""To end what is somebody else's is refused each time, and each time others are told."""


NOT_SIGNED_IN = "whoever knows the password and the code is signed in, which tests of their own try"
AN_EMERGENCY = "it opens a case that is not theirs, which tests of their own try"
NOT_DONE = {
    "/sign-in": NOT_SIGNED_IN,
    "/sign-in/again": NOT_SIGNED_IN,
    "/welcome": NOT_SIGNED_IN,
    "/welcome/account": NOT_SIGNED_IN,
    "/password": NOT_SIGNED_IN,
    "/emergency-access": AN_EMERGENCY,
    "/emergency-access/{number}/end": AN_EMERGENCY,
}
"""Forms that are refused as they are filled in here, and why; every other is whole, so that each field is tried."""


def test_a_form_that_is_sent_twice_is_done_once(attack: Attack, path: str) -> None:
    """By the key of its page, without which it does nothing."""
    sent, again = attack.good, WRITTEN_AGAIN
    if path not in NEED_NO_KEY:
        sent, again = {"form_key": "once", **attack.good}, TOLD_AGAIN.get(path, set())
        post(attack.browser, attack.action, {name: value for name, value in sent.items() if name != "form_key"})
        assert not recorded(attack.stored.changed()), f"{path} is done without a key"
        attack.stored.restore()
    first = post(attack.browser, attack.action, sent)
    assert is_done(attack.action, first) != (path in NOT_DONE), (
        f"{path}: {first.status_code} {Page(first.text).errors()}"
    )
    once = Stored(attack.casework.site.database)
    answer = post(attack.browser, attack.action, sent)
    assert set(recorded(once.changed())) <= again, f"{path} is done twice: {answer.status_code}"
    once.close()


def test_no_column_of_a_table_is_a_field_of_a_form_that_has_it_not(attack: Attack, path: str, number: int) -> None:
    """Some of the columns for each form, others for the next, so that each is tried at several."""
    assign(attack, path, COLUMNS[number % EVERY :: EVERY])


@pytest.mark.slow
def test_no_column_of_any_table_is_a_field_of_a_form_that_has_it_not(attack: Attack, path: str) -> None:
    assign(attack, path, COLUMNS)


ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
)


def test_a_good_form_that_another_site_sends_or_without_its_token_changes_nothing(attack: Attack, number: int) -> None:
    """From one of the other places each, with one of the wrong tokens each, and without any."""
    tokens = ("", "guessed", attack.casework.site.browser().token())
    attack.refuses(attack.good, 403, **ELSEWHERE[number % len(ELSEWHERE)])
    attack.refuses({**attack.good, "csrf_token": tokens[number % len(tokens)]}, 403)
    attack.refuses({name: value for name, value in attack.good.items() if name != "csrf_token"}, 403)


HEARING = {"subject": "H 1", "detail_hearing_type": "trial", **day("detail_hearing_on", "1 6 2026")}
COMPLAINT = {"subject": "C 1", "detail_complained_of": "police"}
CHARGE = {"subject": "Suspect 1"}


def event(kind: str, **filling: Any) -> Opener:
    """The form of this kind of event."""

    def opened(casework: Casework) -> Opened:
        path = a_case(casework).address(EVENT, kind=kind)
        return Opened("officer", path, path, filling)

    return opened


@pytest.mark.parametrize(
    ("kind", "good"),
    [("hearing_listed", HEARING), ("complaint_made", COMPLAINT), ("restorative_justice_answered", {})],
)
def test_no_value_of_these_kinds_of_event_is_a_fault(
    casework: Casework, stored: Restored, kind: str, good: dict[str, Any]
) -> None:
    Attack(casework, event(kind, **good), stored).every_value(NOT_TEXT, VALUES[len(kind) % 3 :: 3])


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in EventKind if is_recorded_by_people(kind) and not own_page(kind)])
def test_no_value_of_any_kind_of_event_is_a_fault(casework: Casework, stored: Restored, kind: EventKind) -> None:
    Attack(casework, event(kind.value), stored).every_value(NOT_TEXT, VALUES)


REFUSED: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    ("hearing_listed", HEARING, day("detail_hearing_on", "30 2 2026"), "detail_hearing_on-day"),
    ("hearing_listed", HEARING, day("detail_hearing_on", "1 1 1900"), "detail_hearing_on-day"),
    ("hearing_listed", HEARING, day("detail_hearing_on", "1 1 2099"), "detail_hearing_on-day"),
    ("hearing_listed", HEARING, {"detail_hearing_type": "picnic"}, "detail_hearing_type"),
    ("hearing_listed", HEARING, day("received_on", "1 5 2026"), "received_on-day"),
    ("hearing_listed", HEARING, day("received_on", "23 5 2026"), "received_on-day"),
    ("hearing_listed", HEARING, day("happened_on", "23 5 2026"), "happened_on-day"),
    ("hearing_listed", HEARING, {"happened_time": "11:59pm"}, "happened_time"),
    ("hearing_listed", HEARING, {**day("happened_on", "29 3 2026"), "happened_time": "1:30am"}, "happened_time"),
    ("hearing_listed", HEARING, {"subject": "another"}, "another_subject"),
    ("hearing_listed", HEARING, {"another_subject": "H 2"}, "another_subject"),
    ("hearing_listed", HEARING, {"duties": ["R6-ARR:x"]}, "duties"),
    ("complaint_made", COMPLAINT, {"detail_complained_of": "nobody"}, "detail_complained_of"),
    ("complaint_made", COMPLAINT, {"subject": "x" * 41}, "subject"),
    ("suspect_charged", CHARGE, {"subject": ""}, "subject"),
    ("suspect_charged", CHARGE, {"subject": "another", "another_subject": ""}, "another_subject"),
]
"""What cannot be, and the field at which it is said."""
HAPPENED_BEFORE: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("hearing_listed", HEARING, day("detail_hearing_on", "1 1 2020")),
    ("hearing_listed", HEARING, day("happened_on", "1 1 2020")),
    ("complaint_made", COMPLAINT, day("happened_on", "1 1 2020")),
    ("complaint_answered", {"subject": "C 1"}, day("happened_on", "1 1 2020")),
    ("suspect_charged", CHARGE, day("happened_on", "1 1 2020")),
]
"""What is odd and can be: news comes late, and so is what was before the report, if they are sure."""


@pytest.mark.parametrize(("kind", "good", "wrong", "named"), REFUSED, ids=str)
def test_what_cannot_be_is_said_where_it_was_typed(
    casework: Casework, stored: Restored, kind: str, good: dict[str, str], wrong: dict[str, Any], named: str
) -> None:
    answer = Attack(casework, event(kind, **good), stored).send(wrong)
    assert (answer.status, answer.recorded) == (422, {})
    assert named in answer.wrong


@pytest.mark.parametrize(("kind", "good", "odd"), HAPPENED_BEFORE, ids=str)
def test_what_is_odd_is_stored_whole_and_its_deadlines_are_what_the_journey_says(
    casework: Casework, stored: Restored, kind: str, good: dict[str, str], odd: dict[str, Any]
) -> None:
    attack = Attack(casework, event(kind, **good), stored)
    answer = post(attack.browser, attack.action, {**attack.good, **odd, "sure": "yes"})
    assert (answer.status_code, len(stored.changed()["journey_event"].come)) == (303, 1)
    today, database = london_date(START), casework.site.database
    assert check_projection(database, law=casework.law, today=today, sample=10) == 0


NO_NAMES = ("%00", "%ED%A0%80", "9" * 300)
"""What stands in an address where a name, a number or a page should be: one of them at each."""
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
            for value in NO_NAMES[len(path + name) % 3 :: 3]:
                answer = browser.get(f"{case.address(path)}?{name}={value}")
                assert answer.status_code in (200, 404, 422), f"{path}?{name}={value}: {answer.status_code}"


def test_no_name_in_an_address_is_a_fault(casework: Casework) -> None:
    """Whatever stands where a case, a key, a kind or a number should be: there is no such page."""
    case = a_case(casework)
    browsers = [(who, who.token()) for who in (casework.site.sign_in(), casework.site.sign_in("editor"))]
    for method in ("GET", "POST"):
        for path in sorted(routes(casework, method)):
            name = (re.findall(r"\{(\w+)\}", path) or [""])[-1]
            for value in NO_NAMES[len(path) % 3 :: 3] if name else ():
                address = case.address(path, **{name: value})
                for browser, token in browsers:
                    sent = {"form_key": "x", "csrf_token": token}
                    answer = browser.get(address) if method == "GET" else post(browser, address, sent)
                    assert answer.status_code in (400, 403, 404, 405, 422), f"{address}: {answer.status_code}"
