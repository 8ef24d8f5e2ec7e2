"""Takes pictures of README.md and of the guides anew, from a served demonstration.

python docs/pictures.py http://127.0.0.1:8000 [name ...]    # without names: all that are listed below

Those of rarer cases (needs, contact-details, stages, waiting) are taken by hand.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import FloatRect, Page, sync_playwright

IMAGES = Path(__file__).with_name("images")
PASSPHRASE = "everything here is invented"  # noqa: S105 - of the demonstration, where nothing is real
REFERENCE = re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$")
DESK, PART, MARGIN = (1280, 1000), (1020, 900), 15


class Camera:
    """Somebody's browser at the demonstration."""

    def __init__(self, page: Page, address: str, who: str) -> None:
        self.page, self.address = page, address
        self.open("/sign-in")
        page.fill("#username", who)
        page.fill("#password", PASSPHRASE)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()

    def open(self, path: str) -> str:
        """A page; its words."""
        self.page.goto(self.address + path)
        return self.page.locator("main").inner_text() if self.page.locator("main").count() else ""

    def cases(self) -> Iterator[str]:
        """The references of the person's cases, page after page."""
        seen: set[str] = set()
        for number in range(1, 20):
            self.open(f"/cases?page={number}")
            found = [text for text in self.page.locator("main a").all_inner_texts() if REFERENCE.match(text)]
            if not set(found) - seen:
                return
            seen |= set(found)
            yield from found

    def first_case(self, part: str, *words: str) -> None:
        """Open this part of the first case on which all these words stand."""
        for ref in self.cases():
            if all(word in self.open(f"/cases/{ref}{part}") for word in words):
                return
        raise LookupError(f"no case of the demonstration says {words} on {part or 'its page'}")


def today(camera: Camera) -> None:
    camera.open("/")


def case(camera: Camera) -> None:
    camera.first_case("", "overdue by", "Suspect 1")
    camera.page.locator("details summary").first.click()


def contact(camera: Camera) -> None:
    camera.first_case("/contacts/new", "How to contact safely", "If someone else answers", "Tell the victim")


def support(camera: Camera) -> None:
    camera.first_case("/support", "Who can help", "Fits:", "Due")


def what_happened(camera: Camera) -> None:
    camera.first_case("/events", "Suspect 1")


def team(camera: Camera) -> None:
    camera.open("/team")


def board(camera: Camera) -> None:
    camera.open("/board")


def board_months(camera: Camera) -> None:
    camera.open("/board/months")


def board_journeys(camera: Camera) -> None:
    camera.open("/board/journeys")


def ladder(camera: Camera) -> None:
    camera.open("/escalation")


def people(camera: Camera) -> None:
    camera.open("/people")


def teams(camera: Camera) -> None:
    camera.open("/people/teams")


def jobs(camera: Camera) -> None:
    camera.open("/jobs")


PICTURES: dict[str, tuple[Callable[[Camera], None], str, tuple[int, int], str]] = {
    "today": (today, "officer", DESK, ""),
    "case": (case, "officer", DESK, ""),
    "contact": (contact, "officer", PART, "main"),
    "support": (support, "officer", PART, "main"),
    "what-happened": (what_happened, "officer", PART, "main"),
    "team": (team, "supervisor", DESK, ""),
    "board": (board, "board", DESK, ""),
    "board-months": (board_months, "board", DESK, ""),
    "board-journeys": (board_journeys, "board", PART, "main"),
    "ladder": (ladder, "supervisor", PART, "main"),
    "people": (people, "admin", PART, ""),
    "teams": (teams, "admin", PART, ""),
    "jobs": (jobs, "admin", DESK, ""),
}
"""Name of the picture: how to come to it, as whom, how large, and of which part of the page (empty: the screen)."""


def main(address: str, names: list[str]) -> None:
    program = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name in names or PICTURES:
            go, who, (width, height), part = PICTURES[name]
            page = browser.new_page(viewport={"width": width, "height": height})
            go(Camera(page, address, who))
            place = IMAGES / f"{name}.png"
            box = page.locator(part).first.bounding_box() if part else None
            page.screenshot(path=place, clip=_within(box, width, height) if box else None, full_page=box is not None)
            page.context.close()


def _within(box: FloatRect, width: int, height: int) -> FloatRect:
    """The part with a margin, no wider than the screen and no higher than the picture."""
    left, top = max(box["x"] - MARGIN, 0), max(box["y"] - MARGIN, 0)
    wide = min(box["width"] + 2 * MARGIN, width - left)
    return {"x": left, "y": top, "width": wide, "height": min(box["height"] + 2 * MARGIN, height)}


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2:])
