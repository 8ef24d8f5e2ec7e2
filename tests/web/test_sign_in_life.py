"""How long a sign-in lasts, and that nothing typed is lost when it ends; proving again; one's own sign-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import select, update

from tests.web.casework import PEOPLE, Casework
from tests.web.page import Page
from tests.web.page_checker import check
from tests.web.site import PASSWORD, Browser, Site
from tests.web.test_browser import sign_in
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.store import audit, cases
from victimcare.store.audit import SUBJECT
from victimcare.store.sign_ins import SESSIONS
from victimcare.store.tables import CaseNote, KeptForm

WORDS = "Rang back on Monday,\nshe asks for <news> of the charge & “bail”.\n" * 40


@pytest.fixture
def casework(site: Site) -> Casework:
    return Casework(site)


def kept(browser: Browser, answer: Any, who: str = "officer") -> Page:
    """The page that somebody comes to after signing in again."""
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert to.startswith("/sign-in?next=/kept-forms/")
    back = browser.sign_in(who, next=to.partition("=")[2])
    assert back.status_code == 303
    return Page(browser.get(back.headers["location"]).text)


def written(casework: Casework, browser: Browser, ref: str, **filled: Any) -> Any:
    """Send a note that was begun while signed in, after 31 minutes."""
    form = casework.page(browser, f"/cases/{ref}/notes").form(f"/cases/{ref}/notes")
    token = browser.token()
    casework.site.clock.forward(minutes=31)
    return browser.post(form.action, form.filled(words=WORDS, **filled), token=token)


def notes(casework: Casework) -> int:
    with casework.site.database.reading() as connection:
        return len(connection.execute(select(CaseNote.id)).all())


def test_not_a_character_is_lost_after_31_minutes(casework: Casework) -> None:
    browser, ref = casework.site.sign_in(), casework.case()
    page = kept(browser, written(casework, browser, ref))
    assert notes(casework) == 0
    form = page.form(f"/cases/{ref}/notes")
    again = Page(browser.post(form.action, form.filled()).text)
    assert again.errors() == []
    shown = again.form(f"/cases/{ref}/notes")
    assert shown.filled()["words"] == [WORDS]
    assert notes(casework) == 0, "nothing is recorded until it is sent"
    assert browser.post(shown.action, shown.filled()).status_code == 303
    assert notes(casework) == 1


def test_somebody_else_who_signs_in_there_is_given_nothing(casework: Casework) -> None:
    browser, ref = casework.site.sign_in(), casework.case()
    at = written(casework, browser, ref).headers["location"].partition("=")[2]
    for who in ("supervisor", "colleague", "administrator"):
        answer = casework.site.sign_in(who).get(at)
        assert (answer.status_code, "Rang back" in answer.text) == (404, False)


def hand_over(casework: Casework, ref: str, to: str = "colleague") -> None:
    how = {"by": PEOPLE["supervisor"], "now": casework.site.clock.now, "law": casework.law, "vault": casework.vault}
    with casework.site.database.writing() as connection:
        assert reassign_cases(connection, refs=[ref], to_officer_id=to, why="leave", **how).reassigned == (ref,)


def test_what_was_typed_about_a_case_that_is_theirs_no_more_is_not_given_back(casework: Casework) -> None:
    browser, ref = casework.site.sign_in(), casework.case()
    at = written(casework, browser, ref).headers["location"].partition("=")[2]
    hand_over(casework, ref)
    officer = casework.site.sign_in()
    assert officer.get(f"/cases/{ref}").status_code == 404
    answer = officer.get(at)
    assert (answer.status_code, "Rang back" in answer.text, ref in answer.text) == (404, False, False)
    assert casework.site.audit()[-1] == ("access", "case", "officer", "refused")
    hand_over(casework, ref, "officer")
    assert casework.site.sign_in().get(at).status_code == 200


def test_that_it_was_given_back_is_written_down_first(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, ref = casework.site.sign_in(), casework.case()
    at = written(casework, browser, ref).headers["location"].partition("=")[2]
    officer = casework.site.sign_in()
    assert officer.get(at).status_code == 200
    assert casework.site.audit()[-1] == ("consultation", "kept form", "officer", "done")
    with casework.site.database.reading() as connection:
        last = select(SUBJECT.c.case_id).order_by(SUBJECT.c.seq.desc()).limit(1)
        assert connection.execute(last).scalar_one() == cases.id_of(connection, ref)
    monkeypatch.setattr(audit, "write", failing)
    answer = officer.get(at)
    assert (answer.status_code, "Rang back" in answer.text) == (503, False)


def failing(*_: object, **__: object) -> None:
    raise OSError


@pytest.mark.parametrize(("path", "typed"), [("/messages", {"words": WORDS}), ("/cases/search", {"q": "Wren"})])
def test_what_was_typed_about_no_case_is_given_back_and_written_down(
    casework: Casework, path: str, typed: dict[str, str]
) -> None:
    browser = casework.site.sign_in()
    token = browser.token()
    casework.site.clock.forward(minutes=31)
    at = browser.post(path, typed, token=token).headers["location"].partition("=")[2]
    assert casework.site.sign_in().get(at).status_code == 200
    assert casework.site.audit()[-1] == ("consultation", "kept form", "officer", "done")


def test_it_is_kept_for_a_day_and_sealed(casework: Casework) -> None:
    browser, ref = casework.site.sign_in(), casework.case()
    at = written(casework, browser, ref).headers["location"].partition("=")[2]
    with casework.site.database.reading() as connection:
        assert "Rang back" not in repr(connection.execute(select(KeptForm.__table__)).all())
    casework.site.clock.forward(hours=24)
    assert casework.site.sign_in().get(at).status_code == 404


def test_a_form_that_no_page_of_theirs_sent_is_not_kept(casework: Casework) -> None:
    browser, ref = casework.site.sign_in(), casework.case()
    casework.site.clock.forward(minutes=31)
    answer = browser.post(f"/cases/{ref}/notes", {"words": "Planted"}, token="of another page")
    assert answer.headers["location"] == "/sign-in"
    assert casework.site.browser().post(f"/cases/{ref}/notes", {"words": "x"}).headers["location"] == "/sign-in"


def test_passwords_and_codes_are_never_kept(casework: Casework) -> None:
    browser = casework.site.sign_in()
    token = browser.token()
    casework.site.clock.forward(minutes=31)
    sent = {"username": "officer", "password": "a secret of mine", "code": "123456"}
    page = kept(browser, browser.post("/sign-in/again", sent, token=token))
    assert "a secret of mine" not in page.html
    assert "123456" not in page.html


def test_protecting_a_location_forgets_what_was_typed_about_the_case(casework: Casework) -> None:
    ref, other = casework.case(), casework.case()
    ats = [
        written(casework, casework.site.sign_in(), each).headers["location"].partition("=")[2] for each in (ref, other)
    ]
    form = {"form_key": "protect", "custodian": "supervisor", "reason": "An invented reason"}
    protection = f"/cases/{ref}/contact-details/protection"
    assert casework.site.sign_in("supervisor").post(protection, form).status_code == 303
    browser = casework.site.sign_in()
    assert [browser.get(at).status_code for at in ats] == [404, 200]


def test_where_the_clock_was_set_back_everybody_signs_in_anew(casework: Casework) -> None:
    """By the clock that is set back, eight hours would be a day: nobody is signed in from what has not come yet."""
    browser = casework.site.sign_in()
    casework.site.clock.forward(seconds=-60)
    assert browser.get("/help").status_code == browser.get("/").status_code == 200
    casework.site.clock.forward(seconds=-1)
    assert browser.get("/").headers["location"].startswith("/sign-in")
    assert browser.sign_in("officer").status_code == 303
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("who", "page"), [("officer", "/emergency-access"), ("administrator", "/people/editor/secret")]
)
def test_a_proof_of_later_than_now_is_none(casework: Casework, who: str, page: str) -> None:
    browser = casework.site.sign_in(who)
    with casework.site.database.writing() as connection:
        later = casework.site.clock.now + timedelta(hours=1)
        connection.execute(update(SESSIONS).values(proved_at=later))
    sent = {"form_key": "later"}
    answer = browser.get(page) if who == "officer" else browser.post(page, sent)
    assert answer.headers["location"].startswith("/sign-in/again")
    emergency = {"form_key": "open", "ref": casework.case(), "reason": "danger_to_victim", "words": "She is in danger"}
    if who == "officer":
        assert "Prove" in browser.post("/emergency-access", emergency).text


def test_what_must_be_proved_again_is_done_after_it_and_not_before(casework: Casework) -> None:
    site = casework.site
    browser = site.sign_in("administrator")
    page = Page(browser.get("/people/editor").text).form("/people/editor/secret")
    token = browser.token()
    site.clock.forward(minutes=10)
    answer = browser.post(page.action, page.filled(), token=token)
    assert answer.headers["location"].startswith("/sign-in/again?next=/kept-forms/")
    at = answer.headers["location"].partition("=")[2]
    wrong = {"username": "administrator", "password": "wrong", "next": at}
    assert browser.post("/sign-in/again", wrong).status_code == 422
    assert browser.post("/sign-in/again", {**wrong, "username": "officer", "password": PASSWORD}).status_code == 422
    assert (
        browser.post(page.action, {**page.filled(), "form_key": "2"}).headers["location"].startswith("/sign-in/again")
    )
    assert browser.post("/sign-in/again", {**wrong, "password": PASSWORD}).headers["location"] == at
    assert browser.post(page.action, {**page.filled(), "form_key": "3"}).status_code == 200
    assert [what for _, what, _, done in site.audit() if what == "prove again" and done == "refused"] == [
        "prove again"
    ] * 2


def test_guessing_at_an_unlocked_screen_is_throttled_like_signing_in(casework: Casework) -> None:
    browser = casework.site.sign_in("officer")
    wrong = {"username": "officer", "password": "wrong"}
    assert [browser.post("/sign-in/again", wrong).status_code for _ in range(11)] == [422] * 10 + [429]


def test_people_see_and_end_their_own_sign_ins_and_nobody_elses(casework: Casework) -> None:
    site = casework.site
    here, there, colleague = site.sign_in(), site.sign_in(), site.sign_in("colleague")
    page = casework.page(here, "/sign-ins")
    assert len(page.rows()) == 2
    [form] = [form for form in page.forms if form.action == "/sign-ins/end"]
    colleague.post("/sign-ins/end", form.filled())
    assert "Sign out" in there.get("/help").text, "it is not the colleague's to end"
    assert here.post("/sign-ins/end", form.filled()).status_code == 303
    assert [("Sign out" in browser.get("/help").text) for browser in (here, there, colleague)] == [True, False, True]


def test_signing_out_everywhere_ends_all_of_them(casework: Casework) -> None:
    here, there = casework.site.sign_in(), casework.site.sign_in()
    assert here.post("/sign-ins/end-all").headers["location"] == "/sign-in"
    assert [("Sign out" in browser.get("/help").text) for browser in (here, there)] == [False, False]


def test_a_browser_is_named_in_words_of_ours(sqlite_site: Site) -> None:
    browser = sqlite_site.browser(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) <b>Firefox/140.0"})
    browser.sign_in("officer")
    assert Page(browser.get("/sign-ins").text).rows()[0].text.strip().startswith("Firefox on Windows, this one")


def test_five_minutes_before_the_end_it_is_said_and_one_button_goes_on(
    page: BrowserPage, sqlite_site: Site, address: str
) -> None:
    page.clock.install()
    sign_in(page, address)
    dialog = page.get_by_role("dialog", name="You are about to be signed out")
    page.clock.fast_forward("24:50")
    assert not dialog.is_visible()
    page.clock.fast_forward("00:20")
    dialog.wait_for()
    assert "signed out in 5 minutes" in (dialog.text_content() or "")
    assert page.evaluate("document.activeElement.textContent") == "Stay signed in"
    sqlite_site.clock.forward(minutes=25)
    with page.expect_response("**/sign-in/stay") as stayed:
        page.keyboard.press("Enter")
    assert stayed.value.status == 204
    dialog.wait_for(state="hidden")
    sqlite_site.clock.forward(minutes=29)
    assert page.request.get(f"{address}/sign-ins").url.endswith("/sign-ins"), "it lasts half an hour from then"


def test_after_the_end_the_page_says_so_and_what_was_typed_is_there_after_signing_in(
    page: BrowserPage, sqlite_site: Site, address: str
) -> None:
    page.clock.install()
    sign_in(page, address)
    page.goto(f"{address}/crimes/new")
    page.get_by_label("Crime reference").first.fill("40/77/26")
    page.clock.fast_forward("31:00")
    page.get_by_text("You are signed out. What you typed is still here").wait_for()
    page.get_by_role("button", name="Close").click()
    sqlite_site.clock.forward(minutes=31)
    page.get_by_role("button", name="Record the crime").click()
    page.fill("#username", "supervisor")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What you typed is kept").wait_for()
    check(page, "what was kept")
    page.get_by_role("button", name="Go back to what you were writing").click()
    page.get_by_role("button", name="Record the crime").wait_for()
    assert page.get_by_label("Crime reference").first.input_value() == "40/77/26"
    assert page.locator(".govuk-error-summary").count() == 0
