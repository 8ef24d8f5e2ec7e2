"""Who reads a message: of a child whoever is told in their place, and never somebody who is a suspect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.routes.test_messages import ADDRESS, EMAIL, Desk
from tests.web.routes.test_people_to_tell import GUARDIAN, send, told

ABOUT_WREN = "I am writing to you about the case of Wren Sample."


def childs_desk(casework: Casework, folder: Path) -> Desk:
    return Desk(casework, folder, casework.case(born_on=date(2011, 3, 4)))


@pytest.fixture
def desk(casework: Casework, tmp_path: Path) -> Desk:
    return childs_desk(casework, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite_casework: Casework, tmp_path: Path) -> Desk:
    return childs_desk(sqlite_casework, tmp_path)


def tells(desk: Desk, **changes: Any) -> str:
    """Somebody is told of the case, by default the guardian; their number."""
    assert send(desk.casework, desk.browser, f"/cases/{desk.ref}/told", **{**GUARDIAN, **changes}).status_code == 303
    return str(told(desk.casework)[-1].id)


def ends(desk: Desk, person: str, why: str) -> None:
    answer = send(desk.casework, desk.browser, f"/cases/{desk.ref}/told/end", person_id=person, why=why)
    assert answer.status_code == 303


def test_a_letter_of_a_childs_case_is_for_the_guardian(desk: Desk) -> None:
    tells(desk)
    desk.contacts.add(ADDRESS, "address")
    words = desk.form().values("body")[0]
    assert words.startswith(f"Dear Lark Sample\n\n{ABOUT_WREN}")
    assert "to Lark Sample" in Page(desk.write("check").text).text
    assert desk.write().status_code == 303
    assert "Letter to Lark Sample, written" in desk.page().text
    printed = Page(desk.tap("print").text).text
    assert "Lark Sample 1 Example Road Sampleton Dear Lark Sample" in printed
    assert desk.tap("posted").status_code == 303
    assert not desk.still_owed()


def test_who_reaches_the_guardian_need_not_wonder_whether_that_counts(sqlite_desk: Desk) -> None:
    contact = f"/cases/{sqlite_desk.ref}/contacts/new"
    assert "Did you reach the victim?" in sqlite_desk.casework.page(sqlite_desk.browser, contact).text
    tells(sqlite_desk)
    page = sqlite_desk.casework.page(sqlite_desk.browser, contact)
    assert "Did you reach the victim, or Lark Sample for them?" in page.text


def test_the_officer_can_write_to_the_child_instead_and_the_duty_stays_ticked(sqlite_desk: Desk) -> None:
    tells(sqlite_desk)
    sqlite_desk.contacts.add(ADDRESS, "address")
    page = sqlite_desk.page(f"/new?template=arrest&duty=R6-ARR:{sqlite_desk.arrest}")
    (instead,) = page.links("To the victim instead")
    form = sqlite_desk.casework.page(sqlite_desk.browser, instead).form(sqlite_desk.path)
    assert form.values("body")[0].startswith("Dear Wren Sample\n\nA suspect")
    assert form.filled()["duties"]


@pytest.mark.parametrize(
    "changes",
    [
        {"tells": ["arrangements"]},
        {"told_as": "interpreter"},
        {"told_as": "supporter"},
        {"is_suspect": "yes", "tells": []},
    ],
    ids=["told of little", "interpreter", "supporter", "suspect"],
)
def test_nobody_else_is_written_to_unasked(sqlite_desk: Desk, changes: dict[str, Any]) -> None:
    person = tells(sqlite_desk, **changes)
    sqlite_desk.contacts.add(ADDRESS, "address")
    page = sqlite_desk.page("/new?template=arrest")
    assert page.form(sqlite_desk.path).values("body")[0].startswith("Dear Wren Sample")
    assert any(f"to={person}" in link for link in page.links()) == ("tells" in changes and "is_suspect" not in changes)


def test_a_message_to_somebody_found_to_be_a_suspect_never_leaves_and_every_way_is_asked_about(desk: Desk) -> None:
    guardian = tells(desk)
    desk.contacts.add(EMAIL, "email")
    desk.write()
    ends(desk, guardian, "suspect")
    assert desk.deliver() == "1 set aside"
    assert "Whom it is written to is told no more" in desk.page().text
    assert (desk.sent(), desk.still_owed()) == ([], True)
    assert desk.contacts.tags() == ["Not confirmed"]


def test_a_letter_to_who_is_told_no_more_is_not_printed(sqlite_desk: Desk) -> None:
    guardian = tells(sqlite_desk)
    sqlite_desk.contacts.add(ADDRESS, "address")
    sqlite_desk.write()
    ends(sqlite_desk, guardian, "no_longer")
    assert "whom it is written to is told no more" in Page(sqlite_desk.tap("print").text).text


def test_who_is_told_no_more_since_the_form_was_opened_is_not_written_to(sqlite_desk: Desk) -> None:
    guardian = tells(sqlite_desk)
    sqlite_desk.contacts.add(ADDRESS, "address")
    form = sqlite_desk.form()
    ends(sqlite_desk, guardian, "they_asked")
    answer = sqlite_desk.browser.post(form.action, {**form.filled(body="Some words"), "step": "record"})
    assert Page(answer.text).errors() == ["Choose again to whom it goes: whom it is written to is told no more"]


def test_a_child_without_a_guardian_is_said_to_be_one(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(ADDRESS, "address")
    assert "no parent or guardian is named" in sqlite_desk.page("/new?template=arrest").text
