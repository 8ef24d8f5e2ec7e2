"""Before anybody rings, visits or writes: who must never be told, and how the victim chose to hear."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.casework import Casework
from tests.web.page import Page
from victimcare.domain.event_kinds import EventKind


def names(casework: Casework, browser: Any, ref: str, name: str, told_as: str, *, suspect: bool) -> None:
    form = casework.page(browser, f"/cases/{ref}/told").form(f"/cases/{ref}/told")
    said: dict[str, Any] = {"is_suspect": "yes"} if suspect else {"is_suspect": "no", "tells": ["everything"]}
    answer = browser.post(form.action, form.filled(name=name, told_as=told_as, **said))
    assert answer.status_code == 303, Page(answer.text).errors()


@pytest.fixture
def ref(casework: Casework) -> str:
    made = casework.case()
    casework.safe_way(made)
    return made


def test_a_suspect_who_must_never_be_told_is_named_wherever_the_victim_is_about_to_be_contacted(
    casework: Casework, ref: str
) -> None:
    browser = casework.site.sign_in()
    names(casework, browser, ref, "Jay Sample", "guardian", suspect=True)
    names(casework, browser, ref, "Robin Sample", "interpreter", suspect=False)
    for page in ("contacts/new", f"contact-details/{ref}-phone", "messages/new?template=arrest"):
        text = casework.page(browser, f"/cases/{ref}/{page}").text
        assert "Never tell Jay Sample anything: they are a suspect (parent or guardian)" in text, page
        assert "Told: Robin Sample (interpreter)" in text, page
    assert "Never tell Jay Sample" in casework.page(browser, f"/cases/{ref}/hand-over").text
    assert "Sample anything" not in casework.page(browser, f"/cases/{ref}/contact-details").text


def test_a_victim_who_chose_not_to_hear_at_all_is_marked_on_every_page_of_the_case(
    casework: Casework, ref: str
) -> None:
    browser = casework.site.sign_in()
    assert "Chose not to hear" not in casework.page(browser, f"/cases/{ref}").text
    casework.record(ref, EventKind.OPTED_OUT, scope="all", reason="does_not_want")
    assert "Chose not to hear" in casework.page(browser, f"/cases/{ref}").text
    assert "The victim chose not to hear at all." in casework.page(browser, f"/cases/{ref}/contacts/new").text
    casework.site.clock.forward(days=1)
    casework.record(ref, EventKind.OPTED_IN, scope="all")
    assert "Chose not to hear" not in casework.page(casework.site.sign_in(), f"/cases/{ref}").text


def test_what_they_chose_and_how_they_understand_stands_above_the_form(casework: Casework, ref: str) -> None:
    browser = casework.site.sign_in()
    for page, said in (
        ("choices", {"how_often": "weekly", "means": ["letter"], "times": ["morning"]}),
        ("needs", {"agency": "police", "stage": "report", "interpreter": "yes", "communication": ["easy_read"]}),
    ):
        form = casework.page(browser, f"/cases/{ref}/{page}").form(f"/cases/{ref}/{page}")
        answer = browser.post(form.action, {**form.filled(**said), "step": "record"})
        assert answer.status_code == 303, Page(answer.text).errors()
    text = casework.page(browser, f"/cases/{ref}/contacts/new").text
    for words in (
        "They need an interpreter.",
        "To be understood: Easy words and pictures.",
        "They chose to hear by: Letter.",
        "They chose these times: Weekday mornings.",
    ):
        assert words in text, words


def test_nobody_else_reads_it(casework: Casework, ref: str) -> None:
    stranger = casework.site.sign_in("stranger")
    for page in ("contacts/new", f"contact-details/{ref}-phone", "messages/new?template=arrest"):
        assert stranger.get(f"/cases/{ref}/{page}").status_code == 404
