"""Setting up how one signs in: with a one-time secret, once, in time; and nobody is let in without a second factor."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update

from tests.commands.test_second_factor import code_at
from tests.web.page import Page
from tests.web.site import PEOPLE, Browser, Clock, Site, an_invitation, make_site
from victimcare.commands.invite import HasAdministrator, invite_first_administrator, needs_first_administrator
from victimcare.domain.law import Law
from victimcare.exchange.demonstration.build import state_of
from victimcare.exchange.demonstration.people import PASSPHRASE, USERNAMES
from victimcare.store import accounts, installation
from victimcare.store.tables import Account, Invitation, PersonRow, SignInAttempt
from victimcare.web.routes.sign_in import WRONG

PASSWORD = "lantern gravel otter 7"
SETTING_UP = ("access", "set up how to sign in")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the service cost as much as they should."""
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    for module in ("welcome", "own_password"):
        monkeypatch.setattr(f"victimcare.web.routes.{module}.HASHER", hasher)


@pytest.fixture
def empty(database_url: str, law: Law) -> Iterator[Site]:
    """An installation in which nobody works yet."""
    made = make_site(database_url, law)
    yield made
    made.database.close()


def first_secret(site: Site) -> str:
    with site.database.writing() as connection:
        return invite_first_administrator(connection, now=site.clock.now, vault=site.app.state.vault)


def shown_key(page: str) -> str:
    found = re.search(r'<code class="app-key">([^<]+)</code>', page)
    assert found, Page(page).errors() or page
    return found[1].replace(" ", "")


def set_up(browser: Browser, clock: Clock, secret: str, **filled: str) -> Page:
    """Type the secret, then what the page asks for, with the code that an app would show."""
    shown = browser.post("/welcome", {"secret": secret})
    assert shown.status_code == 200, Page(shown.text).errors()
    form = Page(shown.text).form("/welcome/account")
    code = code_at(clock.now, shown_key(shown.text))
    sent = form.filled(password=PASSWORD, code=code)
    return Page(browser.post(form.action, {**sent, **filled}).text)


def ready(page: Page) -> list[str]:
    """The recovery codes."""
    assert page.title.startswith("You can sign in now"), page.errors()
    return [code.text for code in page.all("code")]


def test_the_first_administrator_sets_up_the_first_account(empty: Site) -> None:
    browser = empty.browser()
    secret = first_secret(empty)
    codes = ready(set_up(browser, empty.clock, secret, name="Wren Sample", username="W.Sample"))
    assert len(codes) == 10
    empty.clock.forward(seconds=30)
    key = stored_key(empty, "w.sample")
    answer = browser.sign_in("w.sample", PASSWORD, code=code_at(empty.clock.now, key))
    assert (answer.status_code, answer.headers["location"]) == (303, "/jobs")
    assert [(operation, what) for operation, what, _, _ in empty.audit()] == [
        ("access", "one-time secret for the first administrator"),
        SETTING_UP,
        ("access", "sign in"),
    ]


def test_a_first_secret_is_used_once_and_no_other_is_made_after_it(empty: Site) -> None:
    secret = first_secret(empty)
    ready(set_up(empty.browser(), empty.clock, secret, name="Wren Sample", username="wren"))
    assert empty.browser().post("/welcome", {"secret": secret}).status_code == 422
    with pytest.raises(HasAdministrator):
        first_secret(empty)


def test_a_new_first_secret_takes_the_place_of_the_one_before(empty: Site) -> None:
    before, after = first_secret(empty), first_secret(empty)
    assert empty.browser().post("/welcome", {"secret": before}).status_code == 422
    assert empty.browser().post("/welcome", {"secret": after.lower().replace("-", "")}).status_code == 200


def test_a_secret_expires(site: Site) -> None:
    secret = an_invitation(site)
    site.clock.forward(days=3, seconds=-1)
    assert site.browser().post("/welcome", {"secret": secret}).status_code == 200
    site.clock.forward(seconds=1)
    answer = site.browser().post("/welcome", {"secret": secret})
    assert answer.status_code == 422
    assert "has expired" in answer.text


def test_a_secret_lasts_no_longer_for_a_clock_that_was_set_back(site: Site) -> None:
    secret = an_invitation(site)
    site.clock.forward(minutes=-2)
    assert site.browser().post("/welcome", {"secret": secret}).status_code == 422


def test_of_many_secrets_from_one_address_ten_are_looked_at_and_every_one_is_written_down(site: Site) -> None:
    secret, browser = an_invitation(site), site.browser()
    answers = [browser.post("/welcome", {"secret": f"AAAA-BBBB-{n:04d}"}).status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    right = browser.post("/welcome", {"secret": secret})
    assert right.status_code == 429
    assert "wait 15 minutes" in Page(right.text).errors()[0]
    assert browser.post("/welcome/account", {"given": secret}).status_code == 429
    tried = [(who, outcome) for _, what, who, outcome in site.audit() if what == "one-time secret"]
    assert tried == [("nobody", "refused")] * 10 + [("nobody", "throttled")] * 4
    site.clock.forward(minutes=15)
    assert browser.post("/welcome", {"secret": an_invitation(site)}).status_code == 200


def test_guesses_at_the_second_page_count_alike(site: Site) -> None:
    browser = site.browser()
    answers = [browser.post("/welcome/account", {"given": f"AAAA-BBBB-{n:04d}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_right_secret_is_given_back_and_takes_no_wrong_one_away(site: Site) -> None:
    secret, browser = an_invitation(site), site.browser()
    for n in range(9):
        assert browser.post("/welcome", {"secret": f"AAAA-BBBB-{n:04d}"}).status_code == 422
        site.clock.forward(seconds=1)
    for _ in range(3):
        assert browser.post("/welcome", {"secret": secret}).status_code == 200
        site.clock.forward(seconds=1)
    assert browser.post("/welcome", {"secret": "AAAA-BBBB-9999"}).status_code == 422
    assert browser.post("/welcome", {"secret": secret}).status_code == 429


def test_guesses_at_secrets_count_for_the_address_and_not_for_an_account(site: Site) -> None:
    browser = site.browser()
    for n in range(11):
        browser.post("/welcome", {"secret": f"AAAA-BBBB-{n:04d}"})
    assert site.browser().sign_in("officer").status_code == 303


def test_a_secret_is_kept_as_its_hash_only(empty: Site) -> None:
    secret = first_secret(empty)
    with empty.database.reading() as connection:
        stored = repr(connection.execute(select(Invitation.__table__)).all())
    assert accounts.bare(secret) not in accounts.bare(stored)
    assert len(accounts.bare(secret)) == 24


def test_an_installation_begun_in_earnest_is_never_filled_with_a_demonstration(empty: Site) -> None:
    with empty.database.reading() as connection:
        assert state_of(connection).empty
    first_secret(empty)
    with empty.database.reading() as connection:
        assert not state_of(connection).empty


def test_outside_a_demonstration_nobody_can_sign_in_until_somebody_set_up_an_account(empty: Site) -> None:
    """No default account: not those of the demonstration, and none that nobody made."""
    with empty.database.reading() as connection:
        assert connection.execute(select(Account.__table__)).all() == []
    for username in (*USERNAMES, "system"):
        assert empty.browser().sign_in(username, PASSPHRASE).status_code == 422


def test_a_demonstration_has_its_administrator(empty: Site) -> None:
    with empty.database.writing() as connection:
        installation.set_value(connection, "demonstration", "true")
        assert not needs_first_administrator(connection)


def test_somebody_who_was_given_a_secret_replaces_password_and_second_factor(site: Site) -> None:
    before = site.sign_in("officer")
    ready(set_up(site.browser(), site.clock, an_invitation(site)))
    assert "Sign out" not in before.get("/help").text, "whoever was signed in is so no more"
    assert site.browser().sign_in("officer").status_code == 422
    assert site.browser().sign_in("officer", PASSWORD).status_code == 422, "the password alone is not enough any more"
    site.clock.forward(seconds=30)
    code = code_at(site.clock.now, stored_key(site, "officer"))
    assert site.browser().sign_in("officer", PASSWORD, code=code).status_code == 303
    assert site.browser().sign_in("officer", PASSWORD, code=code).status_code == 422, "a code is used once"


def test_the_code_with_which_it_was_set_up_signs_nobody_in(sqlite_site: Site) -> None:
    ready(set_up(sqlite_site.browser(), sqlite_site.clock, an_invitation(sqlite_site)))
    code = code_at(sqlite_site.clock.now, stored_key(sqlite_site, "officer"))
    assert sqlite_site.browser().sign_in("officer", PASSWORD, code=code).status_code == 422


def test_a_recovery_code_signs_in_once(site: Site) -> None:
    codes = ready(set_up(site.browser(), site.clock, an_invitation(site)))
    assert site.browser().sign_in("officer", PASSWORD, code=codes[3]).status_code == 303
    assert site.browser().sign_in("officer", PASSWORD, code=codes[3]).status_code == 422
    assert site.browser().sign_in("officer", PASSWORD, code=codes[4].lower()).status_code == 303


def test_wrong_codes_are_throttled_with_the_account_and_answered_like_wrong_passwords(site: Site) -> None:
    ready(set_up(site.browser(), site.clock, an_invitation(site)))
    for number in range(10):
        answer = site.browser().sign_in("officer", PASSWORD, code=f"{number:06}")
        assert (answer.status_code, WRONG in answer.text) == (422, True)
    site.clock.forward(seconds=30)
    code = code_at(site.clock.now, stored_key(site, "officer"))
    assert site.browser().sign_in("officer", PASSWORD, code=code).status_code == 429


def test_what_is_wrong_is_said_beside_the_field_and_the_secret_stays_good(site: Site) -> None:
    secret = an_invitation(site)
    browser = site.browser()
    assert set_up(browser, site.clock, secret, password="short").errors() == [
        "The password must have at least 15 characters"
    ]
    assert "guessed first" in set_up(browser, site.clock, secret, password="bedfordshire police").errors()[0]
    assert set_up(browser, site.clock, secret, code="000000").errors() == [
        "This is not the code that the app shows now"
    ]
    assert set_up(browser, site.clock, secret, password="", code="").errors() == [
        "Enter a password",
        "Enter the code that the app shows",
    ]
    ready(set_up(browser, site.clock, secret))


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"name": ""}, "Enter your name"),
        ({"username": "ab"}, "User name must have at least 3"),
        ({"username": "two words"}, "User name must have at least 3"),
        ({"username": "é" * 5}, "User name must have at least 3"),
    ],
)
def test_a_name_and_a_user_name_are_needed(empty: Site, filled: dict[str, str], said: str) -> None:
    first = {"name": "Wren Sample", "username": "wren", **filled}
    page = set_up(empty.browser(), empty.clock, first_secret(empty), **first)
    assert page.errors()[0].startswith(said)
    assert needs(empty)


def test_a_user_name_is_nobody_elses(sqlite_site: Site) -> None:
    add_newcomer(sqlite_site)
    secret = an_invitation(sqlite_site, "new")
    page = set_up(sqlite_site.browser(), sqlite_site.clock, secret, username="Officer")
    assert page.errors() == ["Somebody else has this user name. Choose another"]
    ready(set_up(sqlite_site.browser(), sqlite_site.clock, secret, username="newcomer"))


def test_somebody_who_left_sets_up_nothing(site: Site) -> None:
    secret = an_invitation(site)
    with site.database.writing() as connection:
        connection.execute(update(PersonRow.__table__).where(PersonRow.id == "officer").values(active=False))
    assert site.browser().post("/welcome", {"secret": secret}).status_code == 422


@pytest.mark.parametrize(
    "password",
    ["lantern gravel " + "otter " * 18 + "heron ", "🗝🦉🌊🪁🥁🧭🪵🎈🧦🪜🐌🍋🛶🧿🎻", "  éè ñandú ølberg wąż  "],
)
def test_a_password_is_kept_exactly_as_typed_whatever_is_in_it(sqlite_site: Site, password: str) -> None:
    """129 characters, emoji, spaces around."""
    codes = ready(set_up(sqlite_site.browser(), sqlite_site.clock, an_invitation(sqlite_site), password=password))
    assert sqlite_site.browser().sign_in("officer", password[:-1], code=codes[0]).status_code == 422
    assert sqlite_site.browser().sign_in("officer", password, code=codes[1]).status_code == 303


def test_a_password_is_typed_into_a_field_that_managers_fill_and_that_can_be_shown(sqlite_site: Site) -> None:
    page = Page(sqlite_site.browser().post("/welcome", {"secret": an_invitation(sqlite_site)}).text)
    [password] = page.all("input", name="password")
    assert (password.attributes["autocomplete"], password.attributes.get("maxlength")) == ("new-password", None)
    assert page.all("button", class_="govuk-js-password-input-toggle")
    [code] = page.all("input", name="code")
    assert code.attributes["autocomplete"] == "one-time-code"


def test_the_qr_code_and_the_key_say_the_same(sqlite_site: Site) -> None:
    page = sqlite_site.browser().post("/welcome", {"secret": an_invitation(sqlite_site)}).text
    assert re.search(r'<svg class="app-qr" viewBox="0 0 \d+ \d+" role="img"', page)
    assert len(shown_key(page)) == 32


def test_people_change_their_own_password_with_the_one_before_and_a_code(site: Site) -> None:
    codes = ready(set_up(site.browser(), site.clock, an_invitation(site)))
    here, there = site.browser(), site.browser()
    for browser, code in zip((here, there), codes, strict=False):
        assert browser.sign_in("officer", PASSWORD, code=code).status_code == 303
    new = "heron paddle mosaic 3"
    good = {"password": PASSWORD, "code": codes[2], "new_password": new}
    for wrong, said in (
        ({"password": "wrong"}, "The password that you have now or the code is not right"),
        ({"code": codes[0]}, "The password that you have now or the code is not right"),
        ({"new_password": "short"}, "The password must have at least 15 characters"),
    ):
        answer = here.post("/password", {**good, **wrong})
        assert (answer.status_code, Page(answer.text).errors()) == (422, [said])
    assert here.post("/password", good).headers["location"] == "/sign-ins"
    assert ["Sign out" in browser.get("/help").text for browser in (here, there)] == [True, False]
    assert site.browser().sign_in("officer", PASSWORD, code=codes[3]).status_code == 422
    assert site.browser().sign_in("officer", new, code=codes[3]).status_code == 303


def test_whoever_changes_a_password_gives_the_address_its_attempt_back(site: Site) -> None:
    codes = ready(set_up(site.browser(), site.clock, an_invitation(site)))
    browser = site.browser()
    assert browser.sign_in("officer", PASSWORD, code=codes[0]).status_code == 303
    site.clock.forward(seconds=1)
    sent = {"password": PASSWORD, "code": codes[1], "new_password": "heron paddle mosaic 3"}
    assert browser.post("/password", sent).headers["location"] == "/sign-ins"
    with site.database.reading() as connection:
        assert connection.execute(select(SignInAttempt.__table__)).all() == []


def test_the_password_of_a_demonstration_stays(sqlite_site: Site) -> None:
    """Everybody who looks at it signs in with it."""
    sent = {"password": "a password of these tests", "new_password": "heron paddle mosaic 3"}
    assert sqlite_site.sign_in().post("/password", sent).status_code == 409


def needs(site: Site) -> bool:
    with site.database.reading() as connection:
        return needs_first_administrator(connection)


def stored_key(site: Site, username: str) -> str:
    with site.database.reading() as connection:
        account = accounts.account(connection, username)
        assert account
        return account.otp_key(site.app.state.vault)


def add_newcomer(site: Site) -> None:
    with site.database.writing() as connection:
        row = {"id": "new", "name": "Example New", "role": PEOPLE["officer"]}
        connection.execute(PersonRow.__table__.insert().values(row))
