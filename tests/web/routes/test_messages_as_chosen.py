"""What the victim chose binds what is written to them: the means, the times, and not at all; safety comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.routes.test_choices import choose
from tests.web.routes.test_messages import EMAIL, NUMBER, Desk
from victimcare.domain.event_kinds import EventKind

# The clock stands at Friday 22 May 2026, 10:30 in London.


@pytest.fixture
def desk(casework: Casework, tmp_path: Path) -> Desk:
    return Desk(casework, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite_casework: Casework, tmp_path: Path) -> Desk:
    return Desk(sqlite_casework, tmp_path)


def chooses(desk: Desk, **choice: Any) -> None:
    choose(desk.casework, desk.browser, desk.ref, **{"how_often": "only_news", **choice})


def test_a_message_waits_for_the_times_that_they_chose_and_says_so(desk: Desk) -> None:
    desk.contacts.add(EMAIL, "email")
    chooses(desk, times=["evening"])
    assert "Waits until 22 May 2026 at 5:00pm" in desk.page("/new?template=arrest").text
    assert "It waits until 22 May 2026 at 5:00pm" in Page(desk.write("check").text).text
    assert desk.write().status_code == 303
    assert "It goes 22 May 2026 at 5:00pm, or later." in desk.page().text
    assert desk.deliver() == "Nothing to send"
    desk.casework.site.clock.forward(hours=7)
    assert desk.deliver() == "1 sent"


def test_what_they_choose_while_it_waits_is_judged_when_it_is_to_go(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    sqlite_desk.write()
    chooses(sqlite_desk, times=["weekend"])
    assert sqlite_desk.deliver() == "1 set aside"
    assert "It goes 23 May 2026 at 9:00am, or later." in sqlite_desk.page().text
    assert sqlite_desk.still_owed()
    sqlite_desk.casework.site.clock.forward(hours=24)
    assert sqlite_desk.deliver() == "1 sent"


def test_no_message_goes_any_more_by_a_means_that_they_have_ruled_out_since(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    sqlite_desk.write()
    chooses(sqlite_desk, means=["letter"])
    assert sqlite_desk.deliver() == "1 set aside"
    assert "The victim does not want to hear by e-mail" in sqlite_desk.page().text
    assert sqlite_desk.sent() == []


def test_a_means_that_they_did_not_choose_comes_last_is_marked_and_needs_a_reason(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    sqlite_desk.contacts.add("1 Example Road\nSampleton", "address")
    chooses(sqlite_desk, means=["letter"])
    page = sqlite_desk.page("/new?template=arrest")
    assert page.text.index("Letter to Address 1") < page.text.index("E-mail to E-mail 1 They did not choose this way")
    email = next(p for p in sqlite_desk.contacts.ids() if p != page.form(sqlite_desk.path).values("point")[0])
    refused = Page(sqlite_desk.write(point=email).text)
    assert refused.errors() == ["Choose why it goes in a way that they did not choose"]
    assert sqlite_desk.write(point=email, unwanted_because="asked_now").status_code == 303
    assert "They did not choose to hear in this way: they asked for it this time." in sqlite_desk.page().text
    assert sqlite_desk.deliver() == "1 sent"


def test_who_wants_to_hear_nothing_is_written_to_only_for_a_reason(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(EMAIL, "email")
    chooses(sqlite_desk, how_often="not_at_all")
    assert "The victim chose not to hear at all." in sqlite_desk.page("/new?template=update").text
    form = sqlite_desk.page("/new?template=update").form(sqlite_desk.path)
    sent = {**form.filled(body="There is no news."), "step": "record"}
    answer = sqlite_desk.browser.post(form.action, sent)
    assert Page(answer.text).errors() == ["Choose why it goes in a way that they did not choose"]
    assert not sqlite_desk.still_owed(), "what they would have been told is declined, not owed"


def test_urgent_news_waits_for_a_safe_time_and_not_for_one_that_they_chose(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.casework.record(desk.ref, EventKind.SUSPECT_RELEASED_WITHOUT_CHARGE, subject="Suspect 1")
    desk.casework.site.clock.forward(minutes=1)
    desk.contacts.add(EMAIL, "email", safe_at=["morning", "evening"])
    chooses(desk, times=["evening"])
    assert "Waits until 22 May 2026 at 5:00pm" in desk.page("/new?template=arrest").text
    assert "Waits until" not in desk.page("/new?template=release").text
    desk.casework.site.clock.forward(hours=3)
    desk.browser = desk.casework.site.sign_in()
    assert "Waits until 22 May 2026 at 5:00pm" in desk.page("/new?template=release").text


def test_a_message_is_not_sent_where_only_a_person_can_tell_when_it_is_safe(sqlite_desk: Desk) -> None:
    sqlite_desk.contacts.add(NUMBER, "phone", times="When his car is gone", preview_safe="no")
    form = sqlite_desk.form(more="&written_as=text")
    answer = sqlite_desk.browser.post(form.action, {**form.filled(), "step": "record"})
    (error,) = Page(answer.text).errors()
    assert error.endswith("confirm the contact detail again and tick the times")
    assert sqlite_desk.deliver() == "Nothing to send"
