"""Text that can be read: what people, files and other systems send is stored only without what no keyboard types."""

from __future__ import annotations

_CONTROLS = frozenset("\n\t")
# What turns words round, is not seen at all, or stands for bytes that were no letters. Joiners stay: names have them.
_UNSEEN = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufffd\ufffe\uffff"
)
UNREADABLE = "must not include characters that cannot be read"
"""What is wrong with text that is not readable, after the name of its field."""


def is_readable(text: str) -> bool:
    """Whether it is without controls, which PostgreSQL does not store, and without what is not seen."""
    return all(map(_can_be_read, text))


def readable_part(text: str) -> str:
    """The text without what cannot be read."""
    return "".join(filter(_can_be_read, text))


def _can_be_read(char: str) -> bool:
    if char in _UNSEEN or 0xD800 <= ord(char) <= 0xDFFF:
        return False
    return char.isprintable() or char in _CONTROLS or ord(char) > 159
