"""Contact details on the page: masked, opened on purpose and once, and never where they are not safe."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import Browser
from victimcare.domain.event_kinds import EventKind

NUMBER = "07700 900123"
NO_NUMBER = "Enter a telephone number, like 01632 960001, and nothing else"
NO_ADDRESS = "Enter an e-mail address, like name@example.com, and nothing else"
TELLS_A_PLACE = "Reason must not tell a postcode"


class Desk:
    """An officer at the contact details of a case."""

    def __init__(self, casework: Casework, who: str = "officer", ref: str = "") -> None:
        self.casework = casework
        self.browser = casework.site.sign_in(who)
        self.ref = ref or casework.case()
        self.path = f"/cases/{self.ref}/contact-details"

    def page(self, path: str = "", status: int = 200) -> Page:
        return self.casework.page(self.browser, self.path + path, status)

    def send(self, form_path: str, action: str, *, browser: Browser | None = None, **filled: Any) -> Any:
        form = self.page(form_path).form(self.path + action)
        return (browser or self.browser).post(form.action, form.filled(**filled))

    def add(self, value: str = NUMBER, kind: str = "phone", confirmed: str = "yes", **more: Any) -> str:
        """Add one; its id."""
        before = set(self.ids())
        answer = self.send("/new", "", kind=kind, value=value, confirmed=confirmed, **more)
        assert answer.headers["location"] == f"{self.path}?done=added", Page(answer.text).errors()
        (point,) = set(self.ids()) - before
        return point

    def ids(self) -> list[str]:
        """The points that can be replaced."""
        return [href.rpartition("=")[2] for href in self.page().links("Replace it")]

    def show(self, point: str) -> Any:
        return self.send(f"/{point}", f"/{point}/show")

    def tags(self) -> list[str]:
        return [tag.text for tag in self.page().all("strong", class_="govuk-tag")][1:]


@pytest.fixture
def desk(casework: Casework) -> Desk:
    return Desk(casework)


@pytest.fixture
def sqlite_desk(sqlite_casework: Casework) -> Desk:
    return Desk(sqlite_casework)


def test_a_number_is_shown_once_after_how_to_use_it_and_written_down_first(desk: Desk) -> None:
    point = desk.add(times="After 4pm", if_another="Ask for the library", code_word="Bluebell", voicemail="no")
    assert desk.tags() == ["Safe"]
    before = desk.page(f"/{point}")
    assert "After 4pm If someone else answers, say Ask for the library Leave a voicemail? No" in before.text
    assert "Is it still safe?" in before.text
    form = before.form(f"{desk.path}/{point}/show")
    for page in (desk.page(), before, desk.page(f"/{point}/confirm"), desk.page("/new")):
        assert NUMBER not in page.html
    assert "Bluebell" not in before.html
    shown = desk.browser.post(form.action, form.filled())
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert NUMBER in shown.text
    assert "Bluebell" in shown.text
    assert ("disclosure", f"reveal contact point {point}", "officer", "done") in desk.casework.site.audit()
    again = desk.browser.post(form.action, form.filled())
    assert (again.status_code, NUMBER in again.text) == (409, False)
    assert desk.browser.get(form.action).status_code in (404, 405)


def test_one_tap_after_somebody_else_answered_and_it_is_not_shown_until_confirmed(desk: Desk) -> None:
    point = desk.add()
    assert desk.send("", f"/{point}/someone-else").headers["location"] == f"{desk.path}?done=someone_else"
    assert desk.tags() == ["Someone else answered"]
    before = desk.page(f"/{point}")
    assert "It is not shown: Someone else answered." in before.text
    assert [form.action for form in before.forms if form.action.endswith("/show")] == []
    forced = desk.browser.post(f"{desk.path}/{point}/show", {"form_key": "forced"})
    assert (forced.status_code, NUMBER in forced.text) == (403, False)
    assert ("disclosure", f"reveal contact point {point}", "officer", "refused") in desk.casework.site.audit()
    assert desk.send(f"/{point}/confirm", f"/{point}/confirm").headers["location"] == f"{desk.path}?done=confirmed"
    assert NUMBER in desk.show(point).text


def test_what_is_to_be_confirmed_is_shown_only_to_ask(desk: Desk) -> None:
    point = desk.add(confirmed="no")
    assert "Use it only to ask whether it is safe" in desk.page(f"/{point}").text
    assert "Only to ask whether it is safe. Nobody has confirmed" in Page(desk.show(point).text).text


def test_confirming_shows_no_code_word_and_keeps_it_unless_another_is_agreed(desk: Desk) -> None:
    point = desk.add(times="After 4pm", code_word="Bluebell")
    page = desk.page(f"/{point}/confirm")
    form = page.form(f"{desk.path}/{point}/confirm")
    assert (form.ticked("times"), form.ticked("code_word"), "Bluebell" in page.html) == (["After 4pm"], [""], False)
    assert desk.browser.post(form.action, form.filled()).status_code == 303
    assert "Code word: Bluebell" in Page(desk.show(point).text).text
    assert desk.send(f"/{point}/confirm", f"/{point}/confirm", code_word="Snowdrop").status_code == 303
    assert "Code word: Snowdrop" in Page(desk.show(point).text).text


def test_after_90_days_and_after_news_of_bail_it_must_be_asked_again(desk: Desk) -> None:
    desk.add()
    desk.casework.site.clock.forward(minutes=5)
    desk.casework.record(desk.ref, EventKind.SUSPECT_BAILED, desk.casework.site.clock.now, subject="Suspect 1")
    assert "A suspect’s release or bail was recorded since it was confirmed. Ask again." in desk.page().text
    (point,) = desk.ids()
    desk.send(f"/{point}/confirm", f"/{point}/confirm")
    assert desk.tags() == ["Safe"]
    desk.casework.site.clock.forward(days=91)
    desk.browser = desk.casework.site.sign_in()
    assert "It was confirmed more than 90 days ago. Ask again." in desk.page().text


def test_replacing_an_address_marks_the_old_one_do_not_use(desk: Desk) -> None:
    old = desk.add("14 Invented Street\nLU99 2ZZ", "address")
    sent = {"kind": "address", "value": "15 Invented Street\nLU99 2ZZ", "confirmed": "no"}
    answer = desk.send(f"/new?instead_of={old}", "", **sent)
    assert answer.headers["location"].endswith("added")
    assert sorted(desk.tags()) == ["Do not use", "Not confirmed"]
    assert desk.browser.get(f"{desk.path}/{old}").status_code == 200
    assert "It is not shown: Another took its place." in desk.page(f"/{old}").text


def test_marked_meanwhile_it_is_not_confirmed_by_who_did_not_see_that(desk: Desk) -> None:
    point = desk.add()
    form = desk.page(f"/{point}/confirm").form(f"{desk.path}/{point}/confirm")
    desk.send("", f"/{point}/unsafe")
    answer = desk.browser.post(form.action, form.filled())
    assert (answer.status_code, desk.tags()) == (409, ["Unsafe"])


def test_a_suspects_number_is_flagged_and_never_confirmed(desk: Desk) -> None:
    point = desk.add()
    sent = {"suspect": "Suspect 1", "kind": "phone", "value": "+44 7700 900 123"}
    assert desk.send("/suspect", "/suspect", **sent).status_code == 303
    assert desk.tags() == ["Also a suspect’s", "Same as the victim’s"]
    html = desk.page().html
    assert not {shown for shown in ("7700", "900 123", "900123") if shown in html}
    refused = desk.browser.post(
        f"{desk.path}/{point}/confirm", {**desk.page(f"/{point}/confirm").form(f"{desk.path}/{point}/confirm").filled()}
    )
    assert refused.status_code == 422
    assert Page(refused.text).errors() == [
        "It cannot be confirmed: it is also recorded as a suspect’s, so it can never be safe"
    ]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"kind": "phone", "value": "soon"}, NO_NUMBER),
        ({"kind": "phone", "value": "07700 900123 (her sister’s)"}, NO_NUMBER),
        ({"kind": "email", "value": "wren at home"}, NO_ADDRESS),
        ({"kind": "pigeon", "value": NUMBER}, "Choose what it is"),
        ({"value": NUMBER}, "Choose what it is"),
        ({"kind": "phone"}, "Enter the number or address"),
        ({"kind": "address", "value": "x" * 501}, "Number or address must be 500 characters or fewer"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_number_or_an_address_is_refused(
    sqlite_desk: Desk, sent: dict[str, str], message: str
) -> None:
    answer = sqlite_desk.send("/new", "", confirmed="no", times="After 4pm", **sent)
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, [message])
    assert page.form(sqlite_desk.path).ticked("times") == ["After 4pm"]
    assert "None recorded." in sqlite_desk.page().text


def test_an_empty_form_asks_whether_the_victim_said_that_it_is_safe(sqlite_desk: Desk) -> None:
    form = sqlite_desk.page("/new").form(sqlite_desk.path)
    answer = sqlite_desk.browser.post(form.action, form.filled())
    assert Page(answer.text).errors() == [
        "Choose what it is",
        "Enter the number or address",
        "Say whether the victim told you that it is safe to use",
    ]


@pytest.mark.parametrize("who", ["colleague", "stranger", "board", "administrator"])
def test_whoever_has_not_the_case_finds_nothing(desk: Desk, who: str) -> None:
    point = desk.add()
    browser = desk.casework.site.sign_in(who)
    expected = 404 if who in ("colleague", "stranger") else 403
    for path in ("", "/new", "/suspect", f"/{point}", f"/{point}/confirm"):
        assert browser.get(desk.path + path).status_code == expected, path
    for path in ("", "/suspect", f"/{point}/show", f"/{point}/unsafe", f"/{point}/someone-else"):
        sent = {"form_key": path or "x", "kind": "phone", "value": NUMBER, "confirmed": "no", "suspect": "S 1"}
        if path.startswith(f"/{point}"):
            sent = {"form_key": path}
        elif path == "":
            del sent["suspect"]
        else:
            del sent["confirmed"]
        answer = browser.post(desk.path + path, sent)
        assert (answer.status_code, NUMBER in answer.text) == (expected, False), path
    assert desk.tags() == ["Safe"]


def test_a_point_of_another_case_is_no_point_of_this_one(desk: Desk) -> None:
    point = desk.add()
    other = Desk(desk.casework)
    assert other.browser.get(f"{other.path}/{point}").status_code == 404
    assert other.browser.post(f"{other.path}/{point}/show", {"form_key": "a"}).status_code == 404


# --------------------------------------------------------------------------------------------------- protected location


def protected(desk: Desk, custodian: str = "supervisor") -> Desk:
    """The location protected by the supervisor, who comes back."""
    boss = Desk(desk.casework, "supervisor", desk.ref)
    answer = boss.send("/protection", "/protection", custodian=custodian, reason="The suspect is looking for her")
    assert answer.headers["location"] == f"{desk.path}?done=protected", Page(answer.text).errors()
    return boss


def test_a_protected_location_is_for_its_custodian_alone_and_every_try_is_written_down(desk: Desk) -> None:
    point = desk.add(times="After school at four")
    boss = protected(desk)
    page = desk.page()
    assert "only Example Supervisor may see or keep the contact details" in page.text
    assert "Telephone" not in page.text
    for path in (f"/{point}", f"/{point}/confirm", "/new", "/suspect"):
        assert "ask Example Supervisor, who alone may reach them" in desk.page(path, 403).text
    answer = desk.browser.post(f"{desk.path}/{point}/show", {"form_key": "a"})
    assert (answer.status_code, NUMBER in answer.text) == (403, False)
    refused = [row for row in desk.casework.site.audit() if row[3] == "refused" and row[2] == "officer"]
    assert len(refused) == 5
    contact = desk.casework.page(desk.browser, f"/cases/{desk.ref}/contacts/new")
    assert "Example Supervisor alone may reach this victim. Ask them." in contact.text
    assert "After school" not in contact.html
    assert NUMBER in boss.show(point).text


def test_no_page_of_a_protected_case_names_its_area_or_the_team(desk: Desk) -> None:
    path = f"/cases/{desk.ref}"
    assert "North" in desk.casework.page(desk.browser, path).text
    protected(desk)
    for who in ("officer", "supervisor"):
        browser = desk.casework.site.sign_in(who)
        for page in (path, f"{path}/contact-details", f"{path}/notes", f"{path}/contacts/new", f"{path}/events"):
            html = desk.casework.page(browser, page).html
            assert not [place for place in ("North", "E01") if place in html], (who, page)


def test_a_supervisor_names_another_custodian_and_ends_the_protection(desk: Desk) -> None:
    point = desk.add()
    boss = protected(desk)
    protected(desk, "officer")
    assert NUMBER in desk.show(point).text
    assert "only Example Officer may see" in boss.page().text
    answer = boss.send("/protection/lift", "/protection/lift", reason="The suspect is in prison now")
    assert answer.headers["location"].endswith("lifted")
    assert "protected" not in boss.page().section("point-1").text
    assert NUMBER in boss.show(point).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": "because"}, "Enter the reason, in 15 characters or more"),
        ({"reason": "She has moved to LU1 2AB, he knows"}, TELLS_A_PLACE),
        ({"custodian": "stranger"}, "Choose the case officer, or a supervisor of the team"),
        ({"custodian": ""}, "Choose the custodian"),
    ],
)  # fmt: skip
def test_a_protection_needs_a_custodian_of_the_case_and_a_reason(
    sqlite_desk: Desk, changes: dict[str, str], message: str
) -> None:
    boss = Desk(sqlite_desk.casework, "supervisor", sqlite_desk.ref)
    sent = {"custodian": "officer", "reason": "The suspect is looking for her", **changes}
    answer = boss.send("/protection", "/protection", **sent)
    assert (answer.status_code, Page(answer.text).errors()) == (422, [message])
    assert "The location is protected" not in sqlite_desk.page().text


def test_an_officer_does_not_protect_a_location(sqlite_desk: Desk) -> None:
    assert sqlite_desk.browser.get(f"{sqlite_desk.path}/protection").status_code == 403
    sent = {"form_key": "a", "custodian": "officer", "reason": "x" * 20}
    assert sqlite_desk.browser.post(f"{sqlite_desk.path}/protection", sent).status_code == 403


# ------------------------------------------------------------------------------------------- on the form of a contact


def test_the_form_of_a_contact_says_how_to_contact_safely_and_never_the_number(desk: Desk) -> None:
    desk.add(times="After 4pm", if_another="Ask for the library", voicemail="no", code_word="Bluebell")
    desk.casework.site.clock.forward(seconds=1)
    desk.add("wren@example.org", "email", confirmed="no")
    page = desk.casework.page(desk.browser, f"/cases/{desk.ref}/contacts/new").section("safely-heading")
    assert (
        "Telephone 1 Safe After 4pm. No voicemail. If someone else answers: Ask for the library. E-mail 1 Not confirmed"
        in page.text
    )
    assert not [secret for secret in (NUMBER, "wren@", "Bluebell") if secret in page.html]


def test_a_point_from_before_stays_named_as_it_was(desk: Desk) -> None:
    desk.add()
    desk.casework.site.clock.forward(minutes=5)
    desk.add("07700 900124")
    names = [element.text for element in desk.page().all("h2", class_="app-duty__title")]
    assert names == ["Telephone 1", "Telephone 2"]
