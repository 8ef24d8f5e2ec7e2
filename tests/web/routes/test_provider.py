"""Signing in by the identity provider: who is let in as what, and every way in which what it says is not believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import select

from tests.notices.servers import free_port
from tests.provider import CLIENT, SECRET, Provider, provider_running
from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import ADDRESS, OTHER_TEAM, TEAM, Browser, Site, add_people, make_site, served
from victimcare.domain.law import Law
from victimcare.settings import Settings
from victimcare.store.tables import Account, PersonRow
from victimcare.web.identity_provider import ProviderNotSet

MAPPING = f"""
[roles]
"victimcare officers" = "officer"
"victimcare supervisors" = "supervisor"
"victimcare board" = "board"

[teams]
"team north" = "{TEAM}"
"team south" = "{OTHER_TEAM}"
"team gone" = "nowhere"
"""
WREN = {"sub": "wren-1", "name": "Wren Sample", "preferred_username": "W.Sample", "email": "wren@example.invalid"}
TRUSTED = httpx2.create_ssl_context()
"""Read once: to read it takes longer than to ask."""
OFFICER = {**WREN, "groups": ["victimcare officers", "team north", "staff"]}


@pytest.fixture
def provider(sqlite_url: str) -> Iterator[Provider]:
    clock: list[Site] = []
    with provider_running(lambda: clock[0].clock.now) as running:
        running.claims = dict(OFFICER)
        running.clock = clock  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def site(provider: Provider, database_url: str, law: Law, tmp_path: Path) -> Iterator[Site]:
    yield from made(provider, database_url, law, tmp_path)


@pytest.fixture
def sqlite_site(provider: Provider, sqlite_url: str, law: Law, tmp_path: Path) -> Iterator[Site]:
    yield from made(provider, sqlite_url, law, tmp_path)


def made(provider: Provider, url: str, law: Law, folder: Path, **more: Any) -> Iterator[Site]:
    site = make_site(url, law, settings=settings(provider, url, folder, **more))
    provider.clock.append(site)  # type: ignore[attr-defined]
    add_people(site.database)
    yield site
    site.database.close()


def settings(provider: Provider, url: str, folder: Path, **more: Any) -> Settings:
    (folder / "claims.toml").write_text(MAPPING, "utf-8")
    asked = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    where = {"database_url": url, "public_address": ADDRESS, "oidc_claims": folder / "claims.toml"}
    return Settings(**{**asked, **where, "emergency_username": "administrator", "cookie_secure": False, **more})


def way_back(browser: Browser, next: str = "/", **asked: str) -> str:
    """Go to the provider, and where it sends the browser back to."""
    there = browser.get(f"/sign-in/provider?next={next}", params=None if not asked else {"next": next, **asked})
    assert there.status_code == 303
    answer = httpx2.get(there.headers["location"], verify=TRUSTED)
    assert answer.status_code == 302
    return str(answer.headers["location"])


def come_in(browser: Browser, **asked: str) -> Any:
    return browser.get(way_back(browser, **asked))


def people(site: Site) -> list[tuple[str, str, str | None]]:
    joined = PersonRow.__table__.join(Account.__table__)
    wanted = select(PersonRow.name, PersonRow.role, PersonRow.team_id).select_from(joined)
    with site.database.reading() as connection:
        return [tuple(row) for row in connection.execute(wanted.where(Account.subject.is_not(None)))]  # type: ignore[union-attr]


def is_signed_in(browser: Browser) -> bool:
    return "Sign out" in browser.get("/help").text


def test_whoever_the_provider_vouches_for_comes_in_as_what_the_mapping_says(site: Site, provider: Provider) -> None:
    browser = site.browser()
    answer = come_in(browser, next="/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert "Wren Sample" in browser.get("/cases").text
    assert people(site) == [("Wren Sample", "officer", TEAM)]
    [asked] = provider.asked
    assert asked["scope"] == "openid profile email"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["nonce"]) > 40
    assert [what for _, what, _, _ in site.audit()][1:2] == ["sign in"]


def test_the_same_person_comes_again_and_is_brought_up_to_date(sqlite_site: Site, provider: Provider) -> None:
    come_in(sqlite_site.browser())
    provider.claims["name"] = "Wren Sample-Heron"
    first = sqlite_site.browser()
    come_in(first)
    assert people(sqlite_site) == [("Wren Sample-Heron", "officer", TEAM)]
    assert is_signed_in(first)


@pytest.mark.parametrize(
    "groups", [["victimcare supervisors", "team north"], ["victimcare officers", "team south"], ["victimcare board"]]
)
def test_another_role_or_team_ends_the_sign_ins_before(site: Site, provider: Provider, groups: list[str]) -> None:
    before, after = site.browser(), site.browser()
    come_in(before)
    provider.claims["groups"] = groups
    come_in(after)
    assert [is_signed_in(before), is_signed_in(after)] == [False, True]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"groups": []}, "It says no role for you that is known here."),
        ({"groups": None}, "It says no role for you that is known here."),
        ({"groups": "staff"}, "It says no role for you that is known here."),
        ({"groups": {"victimcare officers": "team north"}}, "It says no role for you that is known here."),
        ({"groups": ["victimcare officers"]}, "It says no team for you that is known here."),
        ({"groups": [*OFFICER["groups"], "victimcare board"]}, "It says more than one role for you."),
        ({"groups": [*OFFICER["groups"], "team south"]}, "It says more than one team for you."),
        (
            {"groups": ["victimcare officers", "team gone"]},
            "Your team is not set up here: tell whoever runs the service.",
        ),
        ({"name": None}, "It does not say your name and user name."),
        ({"preferred_username": "officer"}, "Somebody else has your user name here: tell whoever runs the service."),
    ],
)
def test_who_is_not_plainly_somebody_here_is_nobody_here(
    sqlite_site: Site, provider: Provider, claims: dict[str, Any], said: str
) -> None:
    provider.claims |= claims
    browser = sqlite_site.browser()
    answer = come_in(browser)
    assert answer.status_code == 403
    assert said in Page(answer.text).text
    assert (is_signed_in(browser), people(sqlite_site)) == (False, [])
    [(operation, what, who, outcome)] = sqlite_site.audit()
    assert (operation, who, outcome) == ("access", "nobody", "refused")
    assert what in ("sign in: claims not known", "sign in: not let in")


def test_officers_with_open_cases_whose_role_changed_are_turned_away_and_signed_out(
    sqlite_site: Site, provider: Provider
) -> None:
    before, casework = sqlite_site.browser(), Casework(sqlite_site)
    come_in(before)
    with sqlite_site.database.reading() as connection:
        them = connection.execute(select(Account.person_id).where(Account.subject == "wren-1")).scalar_one()
    casework.case(officer=them)
    provider.claims["groups"] = ["victimcare board"]
    answer = come_in(sqlite_site.browser())
    assert answer.status_code == 403
    assert "They hold 1 open case" in Page(answer.text).text
    assert not is_signed_in(before)
    assert people(sqlite_site) == [("Wren Sample", "officer", TEAM)], "the case stays in hands that are known"


@pytest.mark.parametrize("what", ["stop", "left"])
def test_who_was_stopped_or_left_here_stays_out_whatever_the_provider_says(
    sqlite_site: Site, provider: Provider, what: str
) -> None:
    browser = sqlite_site.browser()
    come_in(browser)
    with sqlite_site.database.reading() as connection:
        them = connection.execute(select(Account.person_id).where(Account.subject == "wren-1")).scalar_one()
    admin = sqlite_site.sign_in("administrator")
    assert admin.post(f"/people/{them}/{what}", {"form_key": "x"}).status_code == 303
    assert not is_signed_in(browser)
    assert come_in(browser).status_code == 403


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another service"},
    "several audiences and no party": {"aud": [CLIENT, "another service"]},
    "another nonce": {"nonce": "of another request"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "expired": {"exp": 1},
    "without an end": {"exp": None},
    "from tomorrow": {"iat": 4102444800},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_us_now_is_not_believed(sqlite_site: Site, provider: Provider, lie: str) -> None:
    provider.lies = LIES[lie]
    browser = sqlite_site.browser()
    answer = come_in(browser)
    assert answer.status_code == 403
    assert "cannot be trusted" in answer.text
    assert not is_signed_in(browser)
    assert sqlite_site.audit()[-1][1].startswith("sign in: token refused")


def test_a_token_of_another_key_is_not_believed(sqlite_site: Site, provider: Provider) -> None:
    provider.key = 2
    assert come_in(sqlite_site.browser()).status_code == 403
    assert people(sqlite_site) == []


def test_a_code_is_good_once_and_the_way_back_too(sqlite_site: Site, provider: Provider) -> None:
    browser = sqlite_site.browser()
    back = way_back(browser)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403, "the browser's token has changed since"
    other = sqlite_site.browser()
    code = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(way_back(other)).query)["state"][0]
    assert other.get("/sign-in/provider/back", params={"code": code, "state": state}).status_code == 503
    assert not is_signed_in(other)


def test_the_way_back_is_the_browsers_own_unchanged_and_in_time(sqlite_site: Site) -> None:
    mine, theirs = sqlite_site.browser(), sqlite_site.browser()
    back = way_back(mine)
    theirs.get("/sign-in")
    assert theirs.get(back).status_code == 403, "nobody is signed in by a link that somebody else sends them"
    for changed in ("state=x", "state=", back.partition("?")[2].replace("state=", "state=A")):
        assert mine.get(f"/sign-in/provider/back?code=x&{changed}").status_code == 403
    sqlite_site.clock.forward(minutes=10)
    assert mine.get(back).status_code == 403
    assert sqlite_site.audit()[-1] == ("access", "sign in: not sent away from here", "nobody", "refused")


def test_nobody_is_sent_elsewhere_after_it(sqlite_site: Site) -> None:
    browser = sqlite_site.browser()
    assert come_in(browser, next="//evil.example").headers["location"] == "/"


def test_with_a_provider_one_local_account_signs_in_and_no_other(sqlite_site: Site) -> None:
    assert sqlite_site.browser().sign_in("officer").status_code == 422
    assert sqlite_site.browser().sign_in("administrator").status_code == 303


def test_where_no_account_is_kept_for_emergencies_there_is_no_local_form(
    provider: Provider, sqlite_url: str, law: Law, tmp_path: Path
) -> None:
    site = next(made(provider, sqlite_url, law, tmp_path, emergency_username=None))
    page = Page(site.browser().get("/sign-in").text)
    assert [form.action for form in page.forms] == []
    assert page.links("Sign in with your force account") == ["/sign-in/provider?next=/"]


def test_proving_again_asks_for_the_password_there_and_believes_no_old_one(
    sqlite_site: Site, provider: Provider
) -> None:
    browser = sqlite_site.browser()
    come_in(browser)
    provider.lies = {"auth_time": 1}
    assert come_in(browser, anew="true").status_code == 403
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    provider.lies = {}
    before = browser.client.cookies["victimcare"]
    assert come_in(browser, anew="true").status_code == 303
    assert not is_signed_in(sqlite_site.browser(cookies={"victimcare": before})), "the sign-in before it is over"


@pytest.mark.parametrize("said", ["25 minutes ago", None, "yesterday", True, 1e300], ids=str)
def test_whoever_comes_in_without_typing_anything_there_has_proved_nothing(
    sqlite_site: Site, provider: Provider, said: Any
) -> None:
    """An unlocked screen, at which the provider still knows who sat there."""
    provider.lies = {"auth_time": int(sqlite_site.clock.now.timestamp()) if said == "25 minutes ago" else said}
    sqlite_site.clock.forward(minutes=25)
    browser = sqlite_site.browser()
    assert come_in(browser, next="/emergency-access").headers["location"] == "/emergency-access"
    assert browser.get("/emergency-access").status_code == 303, "to the page that asks for it"
    provider.lies = {"auth_time": "now"}
    assert come_in(browser, anew="true").status_code == 403, "not a time at all"
    provider.lies = {}
    assert come_in(browser, anew="true").status_code == 303
    assert browser.get("/emergency-access").status_code == 200


def test_the_page_for_proving_again_leads_to_the_provider(sqlite_site: Site) -> None:
    browser = sqlite_site.browser()
    come_in(browser)
    page = Page(browser.get("/sign-in/again?next=/kept-forms/one-of-mine").text)
    links = page.links("Go on with your force account")
    assert links == ["/sign-in/provider?anew=true&next=/kept-forms/one-of-mine"]
    assert [form.action for form in page.forms if form.action == "/sign-in/again"] == ["/sign-in/again"], "emergencies"


def test_signing_out_leads_to_the_providers_own_page(sqlite_site: Site, provider: Provider) -> None:
    browser = sqlite_site.browser()
    come_in(browser)
    assert browser.post("/sign-out").headers["location"] == "/signed-out"
    [link] = Page(browser.get("/signed-out").text).links("Sign out of your force account")
    assert link.startswith(f"{provider.address}/leave?client_id={CLIENT}&post_logout_redirect_uri=")


def test_a_provider_that_is_not_there_is_said(sqlite_url: str, law: Law, tmp_path: Path, provider: Provider) -> None:
    site = next(made(provider, sqlite_url, law, tmp_path, oidc_issuer=f"http://127.0.0.1:{free_port()}"))
    answer = site.browser().get("/sign-in/provider")
    assert answer.status_code == 503
    assert "does not answer as it should" in answer.text


def test_half_a_provider_is_refused_at_the_start(provider: Provider, sqlite_url: str, law: Law) -> None:
    with pytest.raises(ProviderNotSet, match="VICTIMCARE_OIDC_CLAIMS"):
        make_site(sqlite_url, law, settings=Settings(oidc_issuer=provider.address))


def test_no_token_is_stored(sqlite_site: Site, provider: Provider) -> None:
    browser = sqlite_site.browser()
    come_in(browser)
    with sqlite_site.database.reading() as connection:
        stored = repr([connection.execute(table.__table__.select()).all() for table in (Account, PersonRow)])
    assert "eyJ" not in stored


def test_somebody_signs_in_and_out_in_a_real_browser(
    page: BrowserPage, provider: Provider, sqlite_url: str, law: Law, tmp_path: Path
) -> None:
    """Over the policies that a browser keeps: cookies on the way back, where forms may lead."""
    site_of = made(provider, sqlite_url, law, tmp_path)
    site = next(site_of)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    with served(site) as address:
        site.app.state.provider._home = address
        page.goto(f"{address}/sign-in?next=/sign-ins")
        page.get_by_role("button", name="Sign in with your force account").click()
        page.get_by_role("heading", name="Your sign-ins").wait_for()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_role("heading", name="You are signed out of victimcare").wait_for()
        page.get_by_role("button", name="Sign out of your force account").click()
        page.wait_for_url(f"{provider.address}/leave?*")
    assert complaints == []
    site.database.close()
