"""Somebody without a mouse: every key that they press is counted, and at every stop they must see where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

# What has the focus, by its label as a screen reader says it, and whether it is seen: marked, on the screen, uncovered.
_FOCUS = """() => {
  const element = document.activeElement
  if (element === document.body) return null
  const label = element.labels?.[0]?.innerText ?? element.getAttribute("aria-label") ?? element.textContent
  const box = (element.labels?.[0] ?? element).getBoundingClientRect()
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1)
  const y = Math.min(Math.max(box.top + Math.min(box.height, 20) / 2, 0), innerHeight - 1)
  const top = document.elementFromPoint(x, y)
  const uncovered = element.contains(top) || !!element.labels?.[0]?.contains(top)
    || !!top?.contains(element)
  const radios = element.type === "radio" ? [...document.getElementsByName(element.name)] : []
  const group = radios.map(radio => radio.labels[0].innerText.trim())
  return {label: (label ?? "").trim().replace(/\\s+/g, " "), group,
          marked: element.matches(":focus-visible"), within, uncovered}
}"""
MOST = 150


class Keyboard:
    """The keys of a page. `pressed` counts them, but for the characters of what is typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)
        self.pressed += 1

    def skip_navigation(self) -> None:
        """From the top of a page to what it is about."""
        self.to("Skip to main content")
        self.press("Enter")

    def to(self, label: str) -> None:
        """Tab until what has the focus says this. Every stop on the way is seen."""
        self._tab_until(lambda focus: label in focus["label"], label)

    def follow(self, label: str, *, to: str) -> None:
        """A link or a button, and the page of this heading that it leads to."""
        self.to(label)
        self.press("Enter")
        self.page.get_by_role("heading", level=1, name=to).wait_for()

    def tick(self, label: str) -> None:
        """A box."""
        self.to(label)
        self.press("Space")

    def choose(self, label: str) -> None:
        """One of several, of which none is chosen yet: the first is reached by Tab, the others by the arrows."""
        self._tab_until(lambda focus: any(one.startswith(label) for one in focus["group"]), label)
        self.press("Space")
        while not self._focus()["label"].startswith(label):
            self.press("ArrowDown")

    def type(self, label: str, words: str) -> None:
        """Words into the field of this label, or the letters that pick an option of a list."""
        self.to(label)
        self.page.keyboard.type(words)

    def date(self, label: str, day: str) -> None:
        """A date in three parts: `2 6 2026`."""
        for part, value in zip(("Day", "Month", "Year"), day.split(), strict=True):
            self.type(part, value)

    def _tab_until(self, is_it: Callable[[dict[str, Any]], bool], label: str) -> None:
        for _ in range(MOST):
            self.press("Tab")
            if is_it(self._focus()):
                return
        raise AssertionError(f"{MOST} times Tab do not reach {label!r}")

    def _focus(self) -> dict[str, Any]:
        focus: dict[str, Any] | None = self.page.evaluate(_FOCUS)
        assert focus is not None, "the keyboard went through the whole page"
        seen = {what: focus[what] for what in ("marked", "within", "uncovered")}
        assert all(seen.values()), f"the focus is not seen on {focus['label']!r}: {seen}"
        return focus
