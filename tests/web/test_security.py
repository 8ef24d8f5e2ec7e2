"""What stands around every request: headers, policies, forms from elsewhere, faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import iter_route_contexts
from pydantic import Field
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers
from structlog.testing import capture_logs

from tests.web.site import ADDRESS, Site, add_people, make_site, route_also
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.law import Law
from victimcare.domain.people import Action
from victimcare.store import audit
from victimcare.store.cases import CaseChanged, NoSuchCase
from victimcare.store.tables import SignInSession
from victimcare.store.used_forms import FormAlreadySent
from victimcare.web import app as web_app
from victimcare.web.api.callers import open_to_systems, system_may
from victimcare.web.deps import Consulted, TheDatabase, TheVisit
from victimcare.web.errors import ERRORS
from victimcare.web.forms import Form, Sent
from victimcare.web.pages import redirect, render
from victimcare.web.policies import API, CALLBACKS, NoPolicy, assert_every_route_has_a_policy, policy, public, signed_in
from victimcare.web.security import HEADERS, is_same_origin

CANARY = "Zebedee Canaryname"


class NoteForm(Form):
    note: str = Field(title="Note", description="Enter a note", max_length=20)


@pytest.fixture
def trial(sqlite_url: str, law: Law, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site with a few routes more, that do what ours must never do by themselves."""
    route_also(monkeypatch, trial_routes())
    made = make_site(sqlite_url, law)
    add_people(made.database)
    yield made
    made.database.close()


@cache
def trial_routes() -> APIRouter:
    router = APIRouter(dependencies=[policy(Action.SEE_OWN_WORK)])
    raised: dict[str, Exception] = {
        "fault": RuntimeError(CANARY),
        "case": NoSuchCase("BED-000001"),
        "changed": CaseChanged("BED-000001"),
        "sent": FormAlreadySent(),
        "busy": OperationalError(CANARY, {}, Exception()),
    }

    @router.get("/trial/raise/{which}")
    def fail(which: str) -> None:
        raise raised[which]

    @router.get("/trial/number/{number}")
    def number(number: int) -> None: ...

    @router.get("/trial/read")
    def consult(request: Request, consulted: Consulted) -> Any:
        consulted("trial", [1, 2])
        return render(request, "help/help.html")

    @router.post("/trial/note")
    def note(request: Request, form: Sent[NoteForm], database: TheDatabase, visit: TheVisit) -> Any:
        if form.values is None:
            return render(request, "sign_in/sign_in.html", _Next(), form=form, status=422)
        write_note(database, visit)
        return redirect("/help")

    @router.post("/trial/failed-commit")
    def failed_commit(database: TheDatabase, visit: TheVisit) -> Any:
        with database.writing() as connection:
            _note(connection, visit)
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            connection.exec_driver_sql(
                "INSERT INTO account (person_id, username, password_hash, disabled) VALUES ('ghost', 'ghost', '', 0)"
            )
        return redirect("/help")

    return router


class _Next:
    next = "/"


def write_note(database: Any, visit: Any) -> None:
    with database.writing() as connection:
        _note(connection, visit)


def _note(connection: Connection, visit: Any) -> None:
    audit.write(connection, at=visit.at, operation="alteration", what="note", person=visit.person)


def notes(site: Site) -> int:
    return [what for _, what, _, _ in site.audit()].count("note")


# Headers


def test_every_route_answers_with_every_security_header(sqlite_site: Site) -> None:
    browser = sqlite_site.sign_in("supervisor")
    seen = 0
    for route in iter_route_contexts(sqlite_site.app.routes):
        for method in route.methods or ():
            path = re.sub(r"\{[^}]+\}", "1", route.path or "")
            answer = browser.client.request(method, path)
            assert HEADERS.items() <= dict(unchanged(answer.headers)).items(), f"{method} {path}"
            assert answer.headers["cache-control"] == "no-store", f"{method} {path}"
            seen += 1
    assert seen >= 6


@pytest.mark.parametrize("path", ["/trial/raise/fault", "/trial/raise/busy", "/nowhere", "/static/nothing.css"])
def test_errors_have_the_headers_too(trial: Site, path: str) -> None:
    answer = trial.sign_in().get(path)
    assert answer.status_code >= 400
    assert HEADERS.items() <= dict(unchanged(answer.headers)).items()


def test_the_content_security_policy_lets_nothing_inline_run() -> None:
    rules = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in rules
    assert "data:" not in rules
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"} <= set(
        rules.split("; ")
    )


def test_static_files_are_kept_by_browsers_and_change_address_with_their_content(sqlite_site: Site) -> None:
    address = sqlite_site.app.state.static_files.address("app.css")
    answer = sqlite_site.browser().get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert sqlite_site.browser().get("/static/app.css").headers["cache-control"] == "public, max-age=300"
    assert sqlite_site.app.state.static_files.address("vendor/not/fetched.css") is None


def test_pages_are_not_compressed_beside_their_secrets(sqlite_site: Site) -> None:
    assert "content-encoding" not in sqlite_site.browser().get("/help").headers


def test_the_programs_interface_is_not_described_to_strangers(sqlite_site: Site) -> None:
    browser = sqlite_site.browser()
    assert {browser.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}


# Policies


def test_a_route_without_a_policy_stops_the_start(sqlite_url: str, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter(prefix="/inner")

    @router.get("/leak")
    def leak() -> str:
        return "everything"

    route_also(monkeypatch, router)
    with pytest.raises(NoPolicy, match="/inner/leak"):
        make_site(sqlite_url, law)


@pytest.mark.parametrize("asks", [policy(Action.SEE_CASE), public(), signed_in()])
def test_a_route_of_the_api_that_asks_for_a_persons_sign_in_stops_the_start(asks: Any) -> None:
    app = FastAPI(openapi_url=None)
    app.get(f"{API}v1/cases", dependencies=[asks])(lambda: None)
    with pytest.raises(NoPolicy, match="/api/v1/cases"):
        assert_every_route_has_a_policy(app)


@pytest.mark.parametrize("asks", [open_to_systems(), system_may(Action.SEE_FOR_AGENCY, ApiScope.READ_CASES)])
def test_a_page_that_asks_for_the_token_of_a_system_stops_the_start(asks: Any) -> None:
    app = FastAPI(openapi_url=None)
    app.get("/cases", dependencies=[asks])(lambda: None)
    with pytest.raises(NoPolicy, match="/cases"):
        assert_every_route_has_a_policy(app)


def test_a_policy_on_the_router_is_enough() -> None:
    app = FastAPI(openapi_url=None)
    router = APIRouter(dependencies=[policy(Action.SEE_CASE)])
    router.get("/cases")(lambda: None)
    app.include_router(router)
    assert_every_route_has_a_policy(app)


def test_a_mounted_application_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)
    app.get("/", dependencies=[public()])(lambda: None)
    app.mount("/inner", FastAPI())
    with pytest.raises(NoPolicy, match="/inner"):
        assert_every_route_has_a_policy(app)


def test_a_guard_that_sees_no_routes_does_not_pass() -> None:
    with pytest.raises(NoPolicy, match="none was found"):
        assert_every_route_has_a_policy(FastAPI(openapi_url=None))


def test_somebody_not_signed_in_is_asked_to_and_comes_back(trial: Site) -> None:
    answer = trial.browser().get("/trial/read?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/trial/read%3Fpage%3D2")


def test_htmx_is_sent_to_sign_in_as_a_whole_page(trial: Site) -> None:
    answer = trial.browser().get("/trial/read", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_a_role_that_does_not_include_the_page_is_refused_and_that_is_written_down(trial: Site) -> None:
    answer = trial.sign_in("board").get("/trial/read")
    assert answer.status_code == 403
    assert "Your role does not include this page" in answer.text
    assert trial.audit()[-1] == ("access", "see own work: not allowed", "board", "refused")


def test_the_navigation_shows_what_the_role_includes(sqlite_site: Site) -> None:
    shown = {
        who: re.findall(
            r'class="govuk-service-navigation__link" href="([^"]+)"', sqlite_site.sign_in(who).get("/help").text
        )
        for who in ("officer", "supervisor", "board", "administrator", "reviewer", "lead", "helper", "clerk", "member")
    }
    assert shown == {
        "officer": ["/", "/cases", "/messages/new"],
        "supervisor": ["/", "/cases", "/messages/new", "/team", "/incidents", "/retention"],
        "board": ["/board"],
        "administrator": ["/incidents", "/jobs", "/people", "/keepers"],
        "reviewer": ["/incidents", "/emergency-reviews", "/access-alerts"],
        "lead": ["/code"],
        "helper": ["/referrals"],
        "clerk": ["/witness-care", "/cases"],
        "member": ["/board"],
    }


# Forms from elsewhere


def test_a_form_of_ours_is_done(trial: Site) -> None:
    assert trial.sign_in().post("/trial/note", {"note": "hello"}).status_code == 303
    assert notes(trial) == 1


FROM_ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": f"{ADDRESS}.evil.example"},
    {"Origin": ADDRESS, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_a_form_that_another_site_sends_is_refused_and_nothing_is_changed(trial: Site, headers: dict[str, str]) -> None:
    answer = trial.sign_in().post("/trial/note", {"note": "hello"}, headers=headers)
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text
    assert notes(trial) == 0


@pytest.mark.parametrize("headers", [{"Origin": ADDRESS}, {"Sec-Fetch-Site": "same-origin"}], ids=str)
def test_browsers_that_say_only_one_thing_are_believed(headers: dict[str, str]) -> None:
    assert is_same_origin(Headers({"host": "testserver", **headers}))


@pytest.mark.parametrize("token", ["", "guessed", "é", "x" * 10_000])
def test_a_form_without_the_token_of_the_sign_in_is_refused(trial: Site, token: str) -> None:
    answer = trial.sign_in().post("/trial/note", {"note": "hello"}, token=token)
    assert answer.status_code == 403
    assert notes(trial) == 0


def test_the_token_of_somebody_else_is_refused(trial: Site) -> None:
    theirs = trial.sign_in("supervisor").token()
    assert trial.sign_in("officer").post("/trial/note", {"note": "hello"}, token=theirs).status_code == 403


def test_a_token_of_before_signing_in_is_refused(trial: Site) -> None:
    browser = trial.browser()
    before = browser.token()
    browser.sign_in("officer")
    assert browser.post("/trial/note", {"note": "hello"}, token=before).status_code == 403


def test_json_is_no_way_around_the_token(trial: Site) -> None:
    browser = trial.sign_in()
    answer = browser.client.post("/trial/note", json={"csrf_token": browser.token()}, headers=browser.headers)
    assert answer.status_code == 403


def test_every_route_that_changes_something_refuses_a_form_without_a_token(sqlite_site: Site) -> None:
    browser = sqlite_site.sign_in("supervisor")
    seen = []
    for route in iter_route_contexts(sqlite_site.app.routes):
        for method in (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            path = re.sub(r"\{[^}]+\}", "1", route.path or "")
            if path.startswith(CALLBACKS):
                continue  # where a machine shows a token of its own: tests/web/routes/test_callbacks.py
            answer = browser.client.request(method, path, headers=browser.headers)
            # A sign-in is nothing to the API, which asks for a token of a system: tests/web/api/test_access.py.
            refused = {401, 404, 415} if path.startswith(API) else {403}
            assert answer.status_code in refused, f"{method} {path}"
            seen.append(path)
    assert "/sign-out" in seen
    assert count_sessions(sqlite_site) == 1


def test_nothing_but_the_sign_in_is_open_to_everybody(sqlite_site: Site) -> None:
    """A new public page is a decision: add it here."""
    browser = sqlite_site.browser()
    open_paths = set()
    for route in iter_route_contexts(sqlite_site.app.routes):
        if "GET" in (route.methods or ()):
            answer = browser.get(re.sub(r"\{[^}]+\}", "1", route.path or ""))
            if answer.status_code != (401 if (route.path or "").startswith(API) else 303):
                open_paths.add(route.path)
    # /welcome takes a one-time secret, and shows nothing without it; /metrics a token. The contract names nobody.
    assert open_paths == {
        "/sign-in",
        "/welcome",
        "/help",
        "/accessibility",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/api/v1/openapi.json",
        "/api/{path:path}",
        "/{path:path}",
    }


# Faults


def test_a_fault_is_answered_with_a_reference_and_no_traceback(trial: Site) -> None:
    with capture_logs() as logs:
        answer = trial.sign_in().get("/trial/raise/fault")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert not re.search("Traceback|RuntimeError|tests/web", answer.text)
    assert logs[-1]["type"] == "RuntimeError"
    assert logs[-1]["reference"] in answer.text


def test_what_was_being_handled_is_neither_shown_nor_logged(trial: Site) -> None:
    with capture_logs() as logs:
        pages = [trial.sign_in().get(f"/trial/raise/{which}").text for which in ("fault", "busy")]
    assert CANARY not in "".join(pages)
    assert len(logs) == 2
    assert CANARY not in str(logs)


@pytest.mark.parametrize(
    ("which", "status", "words"),
    [
        ("case", 404, "There is no such case"),
        ("changed", 409, "Somebody else changed this case while you were writing"),
        ("sent", 409, "was done once"),
        ("busy", 503, "The service is busy"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(trial: Site, which: str, status: int, words: str) -> None:
    answer = trial.sign_in().get(f"/trial/raise/{which}")
    assert answer.status_code == status
    assert words in answer.text
    assert "Sign out" in answer.text, "the page is like any other"


def test_every_answer_of_the_error_table_is_an_error() -> None:
    assert all(status in {400, 403, 404, 409, 422, 503} for status, _, _ in ERRORS.values())


def test_a_page_put_in_place_of_a_part_takes_the_whole_page(trial: Site) -> None:
    answer = trial.sign_in().get("/trial/raise/case", headers={"HX-Request": "true"})
    assert answer.headers["hx-retarget"] == "body"
    assert "<html" in answer.text


@pytest.mark.parametrize("path", ["/trial/number/many", "/nowhere", "/cases%00", "/%ff"])
def test_an_address_that_is_none_says_page_not_found(trial: Site, path: str) -> None:
    answer = trial.sign_in().get(path)
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "Sign out" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("HEAD", "/", "GET"), ("HEAD", "/health", "GET"), ("HEAD", "/cases", "GET")],
)
def test_an_address_asked_in_another_way_says_how_it_is_asked(
    sqlite_site: Site, method: str, path: str, allow: str
) -> None:
    """RFC 9110, 15.5.6: an answer 405 has the header `Allow`."""
    answer = sqlite_site.browser().client.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (405, allow)


def test_a_commit_that_fails_answers_with_an_error_and_not_with_the_redirect(trial: Site) -> None:
    answer = trial.sign_in().post("/trial/failed-commit")
    assert answer.status_code == 500
    assert "location" not in answer.headers
    assert notes(trial) == 0


def test_what_was_read_is_written_down_before_the_page_is_shown(trial: Site) -> None:
    assert trial.sign_in().get("/trial/read").status_code == 200
    assert trial.audit()[-1] == ("consultation", "trial", "officer", "done")


def test_a_page_that_cannot_be_written_down_is_not_shown(trial: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = trial.sign_in()
    monkeypatch.setattr(audit, "write", lambda *_, **__: 1 / 0)
    answer = browser.get("/trial/read")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "An attempt is not an answer" not in answer.text


# What a form may hold


@pytest.mark.parametrize(
    "more", [{"role": "board"}, {"note": ["a", "b"]}, {"csrf_token ": "x"}, {"next": "/"}], ids=str
)
def test_a_field_that_the_form_has_not_is_refused(trial: Site, more: dict[str, Any]) -> None:
    answer = trial.sign_in().post("/trial/note", {"note": "hello", **more})
    assert answer.status_code == 400
    assert "This form cannot be read" in answer.text
    assert notes(trial) == 0


def test_a_file_in_place_of_text_is_refused(trial: Site) -> None:
    browser = trial.sign_in()
    sent = {"csrf_token": browser.token()}
    answer = browser.client.post("/trial/note", data=sent, files={"note": ("a.txt", b"hello")}, headers=browser.headers)
    assert answer.status_code == 400
    assert notes(trial) == 0


@pytest.mark.parametrize("note", ["", "   ", "x" * 21, "nul\0", "\x1b[0m", "bell\a"], ids=repr)
def test_what_is_wrong_with_a_field_is_said_and_nothing_is_changed(trial: Site, note: str) -> None:
    answer = trial.sign_in().post("/trial/note", {"note": note})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "<title>Error: " in answer.text
    assert notes(trial) == 0


@pytest.mark.parametrize("note", ["O’Neill", "Nguyễn Thị", "🙂", "שלום ومرحبا", "a\r\nb", "<b>&\"'"], ids=repr)
def test_any_language_can_be_written(trial: Site, note: str) -> None:
    assert trial.sign_in().post("/trial/note", {"note": note}).status_code == 303


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_more_than_a_megabyte_is_refused(trial: Site, chunked: bool) -> None:
    browser = trial.sign_in()
    body = b"note=" + b"x" * web_app.LARGEST_BODY
    content: Any = iter([body[:500_000], body[500_000:]]) if chunked else body
    headers = {**browser.headers, "Content-Type": "application/x-www-form-urlencoded"}
    answer = browser.client.post("/trial/note", content=content, headers=headers)
    assert answer.status_code == 413
    assert HEADERS.items() <= dict(unchanged(answer.headers)).items()
    assert notes(trial) == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1100))),
        ("application/x-www-form-urlencoded", b"%ff%fe=%80&note=%c3%28"),
        ("text/plain", b"note=hello"),
    ],
)
def test_a_body_that_is_no_form_is_refused(trial: Site, kind: str, body: bytes) -> None:
    browser = trial.sign_in()
    answer = browser.client.post("/trial/note", content=body, headers={**browser.headers, "Content-Type": kind})
    assert answer.status_code in {400, 403}
    assert notes(trial) == 0


def count_sessions(site: Site) -> int:
    with site.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(SignInSession.__table__)).scalar_one()


def unchanged(headers: Any) -> Iterator[tuple[str, str]]:
    """An answer's headers under the names that `HEADERS` has."""
    named = {name.lower(): name for name in HEADERS}
    yield from ((named.get(name, name), value) for name, value in headers.items())
