"""The twelve tasks of every day by the keyboard alone, each within the keys that it took when it was last looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.conftest import Desk, SignIn, a_copy, a_place
from tests.journeys.keyboard import Keyboard
from tests.web.casework import MONDAY
from victimcare.domain.event_kinds import EventKind

LATE = MONDAY - timedelta(days=14)
Task = Callable[[Keyboard, Desk, str], None]


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A place of each task's own: what others left on the day's page would have to be passed."""
    with a_place(a_copy(sqlite_template, tmp_path)) as made:
        yield made


def find_a_case(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.skip_navigation()
    keys.type("Find by name", "keyboard sample")
    keys.press("Enter")
    keys.page.wait_for_url("**/cases?*search=*")
    keys.skip_navigation()
    keys.follow(ref, to="Case")


def record_a_contact(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.follow(f"Record contact with {ref}: Tell the victim: suspect arrested", to="Record a contact")
    keys.skip_navigation()
    keys.choose("Yes")
    keys.choose("Phone call")
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{ref}?recorded=contact_made")


def record_an_attempt(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.follow(f"Record contact with {ref}: Tell the victim: suspect arrested", to="Record a contact")
    keys.skip_navigation()
    keys.choose("No, I tried")
    keys.choose("Phone call")
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{ref}?recorded=contact_attempted")


def record_what_happened(keys: Keyboard, desk: Desk, ref: str) -> None:
    open_the_case(keys, desk, ref)
    keys.follow("Record what happened", to="What happened")
    keys.skip_navigation()
    keys.follow("Suspect interviewed", to="Suspect interviewed")
    keys.skip_navigation()
    keys.choose("Suspect 1")
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{ref}?recorded=suspect_interviewed")


def understand_a_date(keys: Keyboard, desk: Desk, ref: str) -> None:
    open_the_case(keys, desk, ref)
    keys.to("Why this date")
    keys.press("Enter")
    keys.page.locator("details[open]").get_by_text("Due by the end of").wait_for()


def record_a_crime(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.skip_navigation()
    keys.follow("Record a crime", to="Record a crime")
    keys.skip_navigation()
    keys.type("Crime reference", "40/99001/26")
    keys.type("Type of crime", "Burg")
    keys.type("Area", "E01")
    keys.type("Name", "Second Keyboard Sample")
    keys.press("Enter")
    keys.page.get_by_role("heading", name="The crime is recorded").wait_for()


def assess_needs(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.skip_navigation()
    keys.follow(f"Assess needs in case {ref}", to="Assess the victim’s needs")
    keys.skip_navigation()
    keys.choose("Police")
    keys.type("At which stage?", "At the report")
    keys.choose("No")
    keys.press("Enter")
    keys.page.get_by_role("heading", name="Check before you record it").wait_for()
    keys.to("Record the assessment")
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{ref}/victim?*")


def add_a_contact_detail(keys: Keyboard, desk: Desk, ref: str) -> None:
    open_the_case(keys, desk, ref, "/contact-details")
    keys.follow("Add a contact detail", to="Add a contact detail")
    keys.skip_navigation()
    keys.choose("Telephone")
    keys.type("Number or address", "07700 900123")
    keys.choose("Yes, they told me")
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{ref}/contact-details?*")


def use_a_number(keys: Keyboard, desk: Desk, ref: str) -> None:
    desk.casework.safe_way(ref)
    open_the_case(keys, desk, ref, "/contact-details")
    keys.follow("Use it", to="Before you continue")
    keys.skip_navigation()
    keys.to("I know of nothing that has changed: show it")
    keys.press("Enter")
    keys.page.get_by_text("07700 900").first.wait_for()


def write_a_letter(keys: Keyboard, desk: Desk, ref: str) -> None:
    desk.casework.safe_way(ref, "address")
    open_the_case(keys, desk, ref, "/messages")
    keys.follow("Written confirmation of the crime", to="Written confirmation of the crime")
    keys.skip_navigation()
    keys.choose("Letter to")
    keys.to("The message")
    keys.press("Control+a")
    keys.page.keyboard.type("We wrote down what you told us.")
    keys.follow("Look at it before it goes", to="Check the message before it goes")
    keys.skip_navigation()
    keys.to("Write the letter")
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{ref}/messages?done=written")


def take_a_message(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.follow("Take a message", to="Take a message for a case officer")
    keys.skip_navigation()
    keys.type("Case reference", ref)
    keys.choose("News of the case")
    keys.choose("Yes")
    keys.to("Leave the message")
    keys.press("Enter")
    keys.page.get_by_role("heading", name="Left for the case officer").wait_for()


def hand_a_case_over(keys: Keyboard, desk: Desk, ref: str) -> None:
    keys.skip_navigation()
    keys.follow("Hand cases over", to="Hand cases over")
    keys.skip_navigation()
    keys.tick(f"Choose {ref}")
    keys.type("New case officer", "Example Coll")
    keys.type("Reason", "leave")
    keys.press("Enter")
    keys.page.get_by_role("heading", name="What the hand-over would do").wait_for()
    keys.skip_navigation()
    keys.to("Reassign 1 case")
    keys.press("Enter")
    keys.page.get_by_role("heading", name="Handed over", exact=True).wait_for()


def open_the_case(keys: Keyboard, desk: Desk, ref: str, part: str = "") -> None:
    keys.page.goto(f"{desk.address}/cases/{ref}{part}")
    keys.skip_navigation()


KEYS: dict[Task, int] = {
    find_a_case: 22,
    record_a_contact: 33,
    record_an_attempt: 34,
    record_what_happened: 20,
    understand_a_date: 6,
    record_a_crime: 31,
    assess_needs: 43,
    add_a_contact_detail: 12,
    use_a_number: 8,
    write_a_letter: 22,
    take_a_message: 20,
    hand_a_case_over: 26,
}
"""The most keys that each task may take, from the first page of the day or the page of the case where it begins."""


WITHOUT_JAVASCRIPT = (use_a_number, take_a_message)
"""What nobody does without JavaScript elsewhere. All but one of the journeys are (`Story` in officer.py), and so are
finding a case, a date explained and a hand-over in `test_a_working_day.py`.
"""


@pytest.mark.parametrize(
    ("task", "javascript"),
    [*((task, True) for task in KEYS), *((task, False) for task in WITHOUT_JAVASCRIPT)],
    ids=lambda part: part.__name__.replace("_", " ") if callable(part) else ("" if part else "no javascript"),
)
def test_the_keyboard_is_enough_to(task: Task, javascript: bool, desk: Desk, sign_in: SignIn) -> None:
    ref = desk.casework.case("Keyboard Sample", at=LATE)
    desk.casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 1")
    keys = Keyboard(sign_in("supervisor" if task is hand_a_case_over else "officer", javascript=javascript))
    task(keys, desk, ref)
    assert keys.pressed <= KEYS[task]
