"""What the query of an address narrows a page to is one of what the page offers, on every page alike."""

from __future__ import annotations

from collections.abc import Collection


def one_of(asked: str, offered: Collection[str]) -> str:
    """What the address asks for; "" where it asks for nothing. Raises `NotOffered`.

    A page that passed over what it does not know would show everything to somebody who believes that it is narrowed.
    """
    if asked and asked not in offered:
        raise NotOffered
    return asked


class NotOffered(LookupError):
    """The page offers no such choice, or does so no longer."""

    def __init__(self) -> None:
        super().__init__("this page offers no such choice")
