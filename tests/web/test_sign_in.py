"""Signing in: who gets in, for how long, and how often somebody may guess."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.web.site import ADDRESS, PASSWORD, Browser, Site
from victimcare.commands import sign_in as signing_in
from victimcare.commands.open_account import PasswordTooShort, open_account
from victimcare.commands.sign_in import begin_sign_in, network_of
from victimcare.exchange.demonstration.people import PASSPHRASE, USERNAMES
from victimcare.store.staff import SYSTEM
from victimcare.store.tables import Account, PersonRow, Setting, SignInAttempt, SignInSession
from victimcare.web.routes.sign_in import TOO_OFTEN, WRONG, local_path

REFUSED = ("access", "sign in", "officer", "refused")


@pytest.mark.parametrize(
    ("who", "home"), [("officer", "/"), ("supervisor", "/team"), ("board", "/board"), ("administrator", "/jobs")]
)
def test_the_right_password_leads_to_the_persons_own_page(site: Site, who: str, home: str) -> None:
    browser = site.browser()
    answer = browser.sign_in(who)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert is_signed_in(browser)
    assert site.audit() == [("access", "sign in", who, "done")]


def test_user_names_may_be_typed_in_capitals(sqlite_site: Site) -> None:
    assert sqlite_site.browser().sign_in("Officer").status_code == 303


def test_a_wrong_password_is_refused_and_what_was_typed_is_kept_but_for_the_password(site: Site) -> None:
    browser = site.browser()
    answer = browser.sign_in("officer", "not the password")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert 'value="officer"' in answer.text
    assert "not the password" not in answer.text
    assert not is_signed_in(browser)
    assert site.audit() == [REFUSED]


def test_an_unknown_user_gets_the_same_answer_after_the_same_work(
    sqlite_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = count_checks(monkeypatch)
    known = sqlite_site.browser().sign_in("officer", "wrong")
    unknown = sqlite_site.browser().sign_in("nobody here", "wrong")
    assert without_what_differs(unknown.text) == without_what_differs(known.text)
    assert unknown.status_code == known.status_code
    assert len(checked) == 2
    assert sqlite_site.audit()[-1] == ("access", "sign in", "nobody", "refused")


def test_the_password_checked_for_an_unknown_user_costs_what_a_new_account_does() -> None:
    parameters = signing_in._hash_of_nothing().split("$")[1:4]
    assert parameters == signing_in.HASHER.hash("a new password").split("$")[1:4]
    assert parameters[0] == "argon2id"


def test_a_password_is_taken_exactly_as_typed(sqlite_site: Site) -> None:
    password = " 🗝 of spaces, accents é and 129 characters" + "x" * 90 + " "
    with sqlite_site.database.writing() as connection:
        connection.execute(update(Account.__table__).values(password_hash=signing_in.HASHER.hash(password)))
    assert sqlite_site.browser().sign_in("officer", password.strip()).status_code == 422
    assert sqlite_site.browser().sign_in("officer", password).status_code == 303


def test_after_ten_failures_the_account_waits_even_with_the_right_password(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = count_checks(monkeypatch)
    for _ in range(10):
        assert site.browser().sign_in("officer", "wrong").status_code == 422
    answer = site.browser().sign_in("officer")
    assert answer.status_code == 429
    assert TOO_OFTEN in answer.text
    assert len(checked) == 10
    assert site.audit() == [REFUSED] * 10 + [("access", "sign in", "officer", "throttled")]
    assert site.browser().sign_in("supervisor").status_code == 303, "others are not held up"


def test_a_throttled_account_opens_again_after_fifteen_minutes(sqlite_site: Site) -> None:
    for _ in range(10):
        sqlite_site.browser().sign_in("officer", "wrong")
    sqlite_site.clock.forward(minutes=14, seconds=59)
    assert sqlite_site.browser().sign_in("officer").status_code == 429
    sqlite_site.clock.forward(seconds=1)
    assert sqlite_site.browser().sign_in("officer").status_code == 303


def test_signing_in_forgets_the_failures_before_it(sqlite_site: Site) -> None:
    for _ in range(2):
        for _ in range(9):
            sqlite_site.browser().sign_in("officer", "wrong")
        assert sqlite_site.browser().sign_in("officer").status_code == 303


def test_unknown_accounts_are_throttled_alike(sqlite_site: Site) -> None:
    for _ in range(10):
        assert sqlite_site.browser().sign_in("nobody here").status_code == 422
    assert sqlite_site.browser().sign_in("nobody here").status_code == 429


def test_an_address_is_throttled_across_accounts(sqlite_site: Site) -> None:
    now = sqlite_site.clock.now
    with sqlite_site.database.writing() as connection:
        attempts = [
            begin_sign_in(connection, username=f"guess {n}", address="192.0.2.7", now=now).throttled
            for n in range(signing_in.PER_ADDRESS + 1)
        ]
        elsewhere = begin_sign_in(connection, username="guess 0", address="192.0.2.8", now=now)
    assert attempts == [False] * signing_in.PER_ADDRESS + [True]
    assert not elsewhere.throttled


def test_a_whole_network_of_ipv6_addresses_counts_as_one() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.7") != network_of("192.0.2.8")
    assert network_of("testclient") == "testclient"


def test_guessing_in_parallel_gains_nothing(site: Site) -> None:
    """Every guess is counted before any is checked."""

    def guess(_: int) -> bool:
        with site.database.writing() as connection:
            attempt = begin_sign_in(connection, username="officer", address="192.0.2.7", now=site.clock.now)
        return not attempt.throttled

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) == 10


def test_neither_user_names_nor_addresses_nor_tokens_are_stored_as_they_are(sqlite_site: Site) -> None:
    browser = sqlite_site.sign_in("officer")
    sqlite_site.browser().sign_in("officer", "wrong")
    token = browser.client.cookies["victimcare"]
    with sqlite_site.database.reading() as connection:
        stored = [*connection.execute(select(SignInAttempt.__table__)), *connection.execute(select(SignInSession.id))]
    assert len(stored) == 3
    assert not [row for row in stored if {token, "officer", "testclient"} & set(map(str, row))]


def test_a_disabled_account_cannot_sign_in(site: Site) -> None:
    disable(site, Account, disabled=True)
    assert site.browser().sign_in("officer").status_code == 422


@pytest.mark.parametrize(("table", "change"), [(Account, {"disabled": True}), (PersonRow, {"active": False})])
def test_disabling_ends_every_sign_in_at_once(site: Site, table: Any, change: dict[str, bool]) -> None:
    browser = site.sign_in("officer")
    disable(site, table, **change)
    assert not is_signed_in(browser)


def test_a_changed_role_is_obeyed_by_the_next_request(sqlite_site: Site) -> None:
    browser = sqlite_site.sign_in("supervisor")
    with sqlite_site.database.writing() as connection:
        connection.execute(update(PersonRow.__table__).where(PersonRow.id == "supervisor").values(role="officer"))
    assert 'href="/team"' not in browser.get("/help").text


def test_a_sign_in_ends_after_thirty_minutes_without_doing_anything(site: Site) -> None:
    browser = site.sign_in("officer")
    site.clock.forward(minutes=29, seconds=59)
    assert is_signed_in(browser)
    site.clock.forward(minutes=29, seconds=59)
    assert is_signed_in(browser), "using it keeps it open"
    site.clock.forward(minutes=30)
    assert not is_signed_in(browser)


def test_a_sign_in_ends_after_eight_hours_however_busy_it_is(site: Site) -> None:
    browser = site.sign_in("officer")
    for _ in range(24):
        site.clock.forward(minutes=20)
        signed_in = is_signed_in(browser)
    assert not signed_in
    site.clock.now = datetime(2026, 5, 22, 17, 29, 59, tzinfo=UTC)
    assert is_signed_in(browser)


def test_signing_in_clears_away_the_sign_ins_that_ended_a_day_ago(sqlite_site: Site) -> None:
    """For a day it is known whose they were, so that what was typed in them is kept."""
    sqlite_site.sign_in("supervisor")
    sqlite_site.clock.forward(hours=24, minutes=31)
    sqlite_site.sign_in("officer")
    with sqlite_site.database.reading() as connection:
        assert connection.execute(select(SignInSession.person_id)).scalars().all() == ["officer"]


def test_signing_out_ends_the_sign_in_even_for_a_kept_copy_of_the_cookie(site: Site) -> None:
    browser = site.sign_in("officer")
    token = browser.client.cookies["victimcare"]
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "storage" in answer.headers["clear-site-data"]
    assert "victimcare" not in browser.client.cookies
    copy = site.browser(cookies={"victimcare": token})
    assert not is_signed_in(copy)
    assert site.audit()[-1] == ("access", "sign out", "officer", "done")


def test_signing_in_changes_the_token(sqlite_site: Site) -> None:
    """A token that somebody planted in the browser before is worth nothing after."""
    browser = sqlite_site.browser(cookies={"victimcare": "planted"})
    answer = browser.sign_in("officer")
    assert "planted" not in answer.headers["set-cookie"]


def test_over_https_the_cookie_can_neither_be_read_nor_planted_by_others(sqlite_site: Site) -> None:
    app = sqlite_site.app
    app.state.settings = app.state.settings.model_copy(update={"cookie_secure": True})
    cookie = sqlite_site.browser().sign_in("officer").headers["set-cookie"]
    assert cookie.startswith("__Host-victimcare=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_without_https_the_page_says_that_nobody_would_stay_signed_in(sqlite_site: Site) -> None:
    app = sqlite_site.app
    words = "your browser keeps a sign-in over HTTPS only"
    assert words not in sqlite_site.browser().get("/sign-in").text, "tried without HTTPS, and set so"
    app.state.settings = app.state.settings.model_copy(update={"cookie_secure": True})
    assert words in sqlite_site.browser().get("/sign-in").text
    assert words not in sqlite_site.browser().get("https://testserver/sign-in").text


def test_after_signing_in_people_go_on_to_where_they_were_going(sqlite_site: Site) -> None:
    browser = sqlite_site.browser()
    page = browser.get("/sign-in?next=/cases/BED-000001%3Ftier%3Denhanced")
    assert 'name="next" value="/cases/BED-000001?tier=enhanced"' in page.text
    answer = browser.sign_in("officer", next="/cases/BED-000001?tier=enhanced")
    assert answer.headers["location"] == "/cases/BED-000001?tier=enhanced"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\n/evil", "/ /e", "/é"],
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert local_path(path, "/home") == "/home"


def test_somebody_signed_in_does_not_see_the_sign_in_page(sqlite_site: Site) -> None:
    answer = sqlite_site.sign_in("board").get("/sign-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")


def test_only_a_demonstration_says_how_to_sign_in(sqlite_site: Site) -> None:
    assert PASSPHRASE not in sqlite_site.browser().get("/sign-in").text
    with sqlite_site.database.writing() as connection:
        connection.execute(Setting.__table__.insert().values(name="demonstration", value="true"))
    sqlite_site.clock.forward(minutes=1)
    page = sqlite_site.browser().get("/sign-in").text
    assert PASSPHRASE in page
    assert all(f"<strong>{username}</strong>" in page for username in USERNAMES)


def test_two_passwords_at_most_are_checked_at_once(sqlite_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [], [0]

    def slow(_attempt: Any, _password: str) -> bool:
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        return False

    monkeypatch.setattr(signing_in.Attempt, "matches", slow)
    with TestClient(sqlite_site.app, base_url=ADDRESS) as client, ThreadPoolExecutor(6) as pool:
        browser = Browser(client)
        token = browser.token()
        sent = {"username": "officer", "password": "wrong"}
        answers = list(pool.map(lambda _: browser.post("/sign-in", sent, token=token).status_code, range(6)))
    assert answers == [422] * 6
    assert max(most) == 2


def test_an_empty_form_says_what_is_missing(sqlite_site: Site) -> None:
    answer = sqlite_site.browser().sign_in("", "")
    assert answer.status_code == 422
    assert "<title>Error: Sign in - victimcare</title>" in answer.text
    assert 'href="#username"' in answer.text
    assert answer.text.count("Enter your password") == 2


def test_a_password_that_is_easily_guessed_opens_no_account(sqlite_site: Site) -> None:
    with pytest.raises(PasswordTooShort, match="15 characters"), sqlite_site.database.writing() as connection:
        open_account(
            connection, person_id="officer", username="second", password="x" * 14, by=SYSTEM, now=sqlite_site.clock.now
        )


def test_an_opened_account_can_be_used(site: Site) -> None:
    with site.database.writing() as connection:
        connection.execute(PersonRow.__table__.insert().values(id="new", name="Example New", role="officer"))
        open_account(connection, person_id="new", username="Newcomer", password=PASSWORD, by=SYSTEM, now=site.clock.now)
    assert site.browser().sign_in("newcomer").status_code == 303


def is_signed_in(browser: Browser) -> bool:
    return "Sign out" in browser.get("/help").text


def disable(site: Site, table: Any, **change: bool) -> None:
    with site.database.writing() as connection:
        connection.execute(update(table.__table__).values(**change))


def without_what_differs(page: str) -> list[str]:
    """The page's lines but for what was typed and the token."""
    return [line for line in page.splitlines() if 'name="username"' not in line and "csrf_token" not in line]


def count_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords are checked against from now on."""
    checked: list[str] = []
    real = signing_in.HASHER

    class Counting:
        def verify(self, password: str, known: str) -> bool:
            checked.append(known)
            return real.verify(password, known)

        def hash(self, password: str) -> str:
            return real.hash(password)

    monkeypatch.setattr(signing_in, "HASHER", Counting())
    return checked


def test_a_hundred_who_prove_who_they_are_keep_nobody_else_of_the_station_out(site: Site) -> None:
    browser = site.sign_in("officer")
    right = {"username": "officer", "password": PASSWORD, "next": "/"}
    for _ in range(signing_in.PER_ADDRESS + 1):
        assert browser.post("/sign-in/again", right).status_code == 303
        site.clock.forward(seconds=1)
    assert site.browser().sign_in("colleague").status_code == 303


def test_what_was_right_takes_no_wrong_attempt_of_the_address_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "PER_ADDRESS", 5)
    browser, guesser = site.sign_in("officer"), site.browser()
    for n in range(signing_in.PER_ADDRESS):
        guesser.sign_in(f"guess {n}")
        site.clock.forward(seconds=1)
    assert browser.post("/sign-in/again", {"username": "officer", "password": PASSWORD}).status_code == 429
