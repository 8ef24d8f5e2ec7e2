"""What must not leak, looked for in what comes of forms that are sent as they should be.

Each form is sent by somebody who may, and the page that it leads to is asked for; everybody else sends it too, and asks
for that page. It is sent again, wrong, and while nothing can be written. Notices then leave for three weeks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.columns import NAME, decided
from tests.stored import Restored
from tests.web import every_form
from tests.web.attack import Attack, post
from tests.web.casework import PEOPLE, Casework, add_strangers
from tests.web.every_form import (
    CORRECTED,
    FEEDBACK,
    FORMS,
    HEARD,
    MESSAGE,
    MESSAGES,
    OUTGOING,
    POINT,
    REFER,
    REFERRED,
    Opened,
    a_case,
    routes,
)
from tests.web.furnished import Furnished, Marks, furnish
from tests.web.mailed import mails
from tests.web.planted import WORDS
from tests.web.site import PASSWORD, START, Browser, Site, an_invitation
from tests.web.told import CANARY, TITLE, Answer, answered
from victimcare.store import audit
from victimcare.store.feedback import REQUESTS
from victimcare.store.staff import PEOPLE as STAFF

WHO = ("", *PEOPLE)
MARKS = Marks(
    place="CanaryplaceA",
    telephone="CanarytelephoneA",
    suspects="CanarysuspectsA",
    noted_place="CanarynotedplaceA",
    code_word="CanarycodewordA",
    if_another="CanarylibraryA",
    note="CanarynoteA",
    message="CanaryletterA",
    question="CanaryquestionA",
    answer="CanaryanswerA",
    person="CanaryguardianA",
    supporter="CanarysupporterA",
    words="CanarybeliefA",
    emergency="CanaryemergencyA",
    reviewed="CanaryreviewedA",
    found="CanaryemergencyfoundA",
    incident="CanaryincidentA",
)
NAMED = "Wren CanarynameA"
"""What the victim of every case is called here."""
NINE = {"happened_time": "9:15am"}
LABELS = ("subject", "suspect", "contact_way", "location")
OF_NO_VICTIM = ("/people", "/people/teams", "/directory", "/incidents", "/code/{edition_id}/{entry_id}")
OF_NO_VICTIM += ("/code/bank-holidays", "/code/editions", "/board/actions", "/board/actions/{action_id}/end")
OF_NO_VICTIM += ("/people/systems", "/board/months/changes", "/board/months/changes/{change_id}/withdraw")
OF_NO_VICTIM += ("/people/systems/{system}/events", "/people/systems/profile", "/board/replays/new")
"""Forms whose words are of those who work here, of the law, of agencies, or for others to read."""
PLACES = {"Canaryplace", "Canarytelephone"}
LETTER = {"Canaryplace", "Canaryletter"}
REFERRED_WITH = {"Canaryplace", "Canarytelephone", "Canarylibrary", "Canaryguardian"}
GIVEN = {"belief", "codeword", "letter", "library", "note", "notedplace", "place", "telephone"}
REVEALS = {
    POINT + "/show": {"Canaryplace", "Canarycodeword"},
    MESSAGES + "/{message_id}/print": LETTER,
    OUTGOING + "/print": REFERRED_WITH,
    "/referrals/{sent_id}/ways": {"Canaryplace", "Canarytelephone", "Canarylibrary"},
    "/cases/{ref}/record/release": {f"Canary{word}" for word in GIVEN},
}
"""Forms that are sent to be told this."""
SEE_IT_THEN = {
    "/team/reassign": {"colleague"},
    "/emergency-access": {"colleague"},
    "/referrals/{sent_id}/ways": {"helper"},
}
"""To whom the form opens the case."""
NEVER = {"/password", "/welcome/account"}
"""Forms that end in a refusal here: they need the code of a second factor (test_sign_in_life.py)."""


def _referral(casework: Casework) -> Opened:
    """To a service to which no other referral is open."""
    path = a_case(casework).address(REFER, service_id=casework.service("Example Elsewhere"))
    return Opened("officer", path, path, REFERRED)


def _message(casework: Casework) -> Opened:
    said = {**MESSAGE, "name": "", "case_ref": a_case(casework).ref, "words": "Rings on Mondays"}
    return Opened("officer", "/messages/new", "/messages", said)


def _emergency(casework: Casework) -> Opened:
    said = {"ref": a_case(casework).ref, "reason": "other", "words": "An invented emergency"}
    return Opened("colleague", "/emergency-access", "/emergency-access", said)


def _end_of_emergency(casework: Casework) -> Opened:
    opened = _emergency(casework)
    browser = casework.site.sign_in(opened.who)
    assert browser.post(opened.action, {**opened.filling, "form_key": "opened"}).status_code == 303
    page = f"/cases/{opened.filling['ref']}"
    forms = casework.page(browser, page).forms
    action = next(form.action for form in forms if form.action.startswith("/emergency-access/"))
    return Opened(opened.who, page, action)


def _secret(casework: Casework) -> Opened:
    return Opened("", "/welcome", "/welcome", {"secret": an_invitation(casework.site)})


def _hand_over(casework: Casework) -> Opened:
    opened = FORMS["/team/reassign"](casework)
    return replace(opened, filling={**opened.filling, "form_key": "x"})


def _asked_for_feedback(casework: Casework) -> Opened:
    opened = FORMS[FEEDBACK](casework)
    browser = casework.site.sign_in(opened.who)
    form = casework.page(browser, opened.page).form(opened.action)
    assert browser.post(opened.action, form.filled(**opened.filling)).status_code == 303
    return replace(opened, action=f"{opened.action}/back", filling={})


def _heard(casework: Casework) -> Opened:
    _asked_for_feedback(casework)
    with casework.site.database.reading() as connection:
        number = connection.execute(select(REQUESTS.c.number).order_by(REQUESTS.c.id.desc()).limit(1)).scalar_one()
    return Opened("colleague", "/feedback", "/feedback", {**HEARD, "number": number, "words": "Rang as they said"})


OPENERS = FORMS | {
    "/team/reassign": _hand_over,
    "/feedback": _heard,
    f"{FEEDBACK}/back": _asked_for_feedback,
    REFER: _referral,
    "/messages": _message,
    "/emergency-access": _emergency,
    "/emergency-access/{number}/end": _end_of_emergency,
    "/welcome": _secret,
}
"""Forms with what lets them succeed, where `FORMS` has what does not."""


def chosen(path: str, attack: Attack) -> dict[str, Any]:
    """What else lets a form succeed."""
    if path.endswith("/answers"):
        return {"duties": attack.form.values("duties")[-1:]}
    return {"/sign-in": {"password": PASSWORD}, "/sign-in/again": {"password": PASSWORD}, CORRECTED: NINE}.get(path, {})


class Marked(Casework):
    """Cases of which every victim has the name that is looked for."""

    def crime(self, *victims: str | None, **more: Any) -> list[str]:
        """The same."""
        return super().crime(*(NAMED for _ in victims or ("",)), **more)


@pytest.fixture(scope="module")
def start(module_site: Site) -> Iterator[Restored]:
    """Everybody signed in, and with an address for notices."""
    add_strangers(module_site)
    with module_site.database.writing() as connection:
        connection.execute(STAFF.update().values(email=STAFF.c.id + "@example.invalid"))
    module_site.keep_signed_in(PEOPLE)
    held = Restored(module_site.database)
    yield held
    held.close()


@pytest.fixture
def casework(module_site: Site, start: Restored, monkeypatch: pytest.MonkeyPatch) -> Iterator[Marked]:
    """Cases with words that are looked for."""

    def marked(casework: Casework, ref: str, _marks: Marks | None = None, by: str = "officer") -> Furnished:
        return furnish(casework, ref, MARKS, by)

    monkeypatch.setattr(every_form, "furnish", marked)
    module_site.clock.now = START
    yield Marked(module_site)
    module_site.clock.now = START
    start.restore()


@pytest.fixture
def stored(casework: Marked) -> Iterator[Restored]:
    held = Restored(casework.site.database)
    yield held
    held.close()


class Sending:
    """One form, and all that comes of sending it."""

    def __init__(self, casework: Marked, stored: Restored, path: str) -> None:
        self.casework, self.stored, self.path = casework, stored, path
        self.attack = Attack(casework, OPENERS[path], stored)
        self.who, self.action = self.attack.opened.who, self.attack.action
        self.typed = {} if path in OF_NO_VICTIM else typed(self.attack.opened.filling)
        self.good = {**self.attack.good, **chosen(path, self.attack), **self.typed}
        self.page = self.route_of(self.attack.opened.page) or path
        self.answers: list[Answer] = []
        self.open_rows, self.succeeded = "", False

    def to_everybody(self, others: Iterable[str]) -> None:
        """Send it as each of these, then wrong and while nothing can be written, and as whoever has it; go on."""
        for other in others:
            self.post(other, self.good)
            self.stored.restore()
        for wrong in ({"version": "999"}, dict.fromkeys(self.attack.fields - set(self.typed), "9" * 90)):
            self.post(self.who, {**self.good, **wrong})
            self.stored.restore()
        self.post(self.who, self.good)
        self.succeeded = self.answers[-1].status in (200, 204, 303)
        self.open_rows = self.rows_that_came()
        leads_to = self.answers[-1].leads_to
        for asked in (self.who, *others) if leads_to else ():
            self.answers.append(answered(asked, self.route_of(leads_to), leads_to, self.browser(asked).get(leads_to)))
        self.post(self.who, self.good)

    def broken(self) -> None:
        """Send it while nothing can be written to the audit, and while that is a fault of ours."""
        for fault in (RuntimeError(f"{NAMED} CanaryplaceA"), OperationalError(NAMED, {}, Exception(NAMED))):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(audit, "write", partial(_raise, fault))
                self.post(self.who, self.good)
        self.stored.restore()

    def post(self, who: str, sent: dict[str, Any]) -> None:
        browser = self.browser(who)
        token = browser.token() if who else self.attack.token
        answer = post(browser, self.action, {**sent, "csrf_token": token})
        self.answers.append(answered(who, self.path, self.action, answer))

    def browser(self, who: str) -> Browser:
        """A browser that is signed in as it was before the form was sent; of who sends it, theirs."""
        if who == self.who:
            self.attack.browser.client.cookies.clear()
            self.attack.browser.client.cookies.update(self.attack.cookies)
            return self.attack.browser
        return self.casework.site.sign_in(who) if who else self.casework.site.browser()

    def route_of(self, address: str) -> str:
        """The path of the route that answers this address."""
        path = address.partition("?")[0]
        found = [each for each in routes(self.casework, "GET") if matches(each, path)]
        return min(found, key=lambda each: each.count("{"), default="")

    def wrong(self, answer: Answer) -> list[str]:
        """What this answer should not have told."""
        places = set(REVEALS.get(self.path, ())) if (answer.status, answer.route) == (200, self.path) else set()
        allowed = {"Canarytyped"} if answer.route == self.path or answer.who == self.who else set()
        if answer.who in {"officer", "supervisor", *SEE_IT_THEN.get(self.path, ())}:
            pages = {answer.route, self.page if answer.route == self.path else ""}
            allowed |= {word for word, planted in WORDS.items() if pages & planted.shown_at}
            allowed |= {"Canaryname", "Canarytyped"} | places
        told = {word for word, _ in answer.found} - allowed
        elsewhere = CANARY.search(answer.address + answer.headers + "".join(TITLE.findall(answer.body)))
        where = f"to {answer.who or 'nobody'} at {answer.route} ({answer.status})"
        return [f"{word} {where}" for word in sorted(told)] + ([f"in a title or a header {where}"] if elsewhere else [])

    def rows_that_came(self) -> str:
        """What the success stored, but for sealed words and the name of a victim."""
        names = decided(NAME)
        return repr(
            [
                {name: value for name, value in row.items() if f"{table}.{name}" not in names}
                for table, changed in self.stored.changed().items()
                for row in changed.come
            ]
        )

    def mails(self, folder: Path) -> list[str]:
        """Every notice that leaves within three weeks."""
        return mails(self.casework, (0, 7, 21), folder)


def typed(filling: dict[str, Any]) -> dict[str, Any]:
    """What is filled in, with a word to look for in every field of words: those of which it has several."""
    words = {name: value for name, value in filling.items() if isinstance(value, str) and " " in value}
    return {name: f"{value} CanarytypedA" for name, value in words.items() if name not in LABELS}


def matches(path: str, address: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), address))


def _raise(fault: Exception, *_args: object, **_named: object) -> None:
    raise fault


ALL = list(FORMS)
SOME = [path for path in ALL if path in REVEALS or ALL.index(path) % 12 == 5]


@pytest.mark.parametrize("path", SOME)
def test_what_comes_of_some_forms_tells_nobody_what_is_not_for_them(
    casework: Marked, stored: Restored, path: str, tmp_path: Path
) -> None:
    """Those that reveal something on purpose and a few others, each with two other people."""
    turn = ALL.index(path)
    everything_of(casework, stored, path, [WHO[turn % len(WHO)], WHO[(turn + 4) % len(WHO)]], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", ALL)
def test_what_comes_of_a_form_tells_nobody_what_is_not_for_them(
    casework: Marked, stored: Restored, path: str, tmp_path: Path
) -> None:
    everything_of(casework, stored, path, WHO, tmp_path)


def everything_of(casework: Marked, stored: Restored, path: str, others: Sequence[str], folder: Path) -> None:
    """Send the form in every way, and look at all that comes of it."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        sending = Sending(casework, stored, path)
        sending.broken()
        sending.to_everybody([who for who in others if who != sending.who])
        mails = sending.mails(folder)
    assert [wrong for answer in sending.answers for wrong in sending.wrong(answer)] == []
    assert sending.succeeded or path in NEVER, [answer.status for answer in sending.answers]
    assert not CANARY.search(out.getvalue() + err.getvalue()), "what was logged"
    assert not CANARY.search(sending.open_rows), "what is stored and not sealed"
    assert not [mail for mail in mails if CANARY.search(mail)]
    if path in REVEALS:
        shown = {word for answer in sending.answers for word, _ in answer.found}
        assert shown & PLACES, "what reveals a place was not seen to"
