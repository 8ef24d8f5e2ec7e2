"""One spelling for each number, e-mail address and postal address, so that two can be compared."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

from victimcare.domain.locations_in_text import postcodes_in
from victimcare.domain.safe_contact import PointKind

LONGEST_LINE = 8
"""Words of an address line that are looked for in a text."""
_WORDS = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive",
    "ct": "court", "cres": "crescent", "gdns": "gardens", "gdn": "gardens", "pl": "place", "sq": "square",
    "tce": "terrace", "terr": "terrace", "apt": "flat", "apartment": "flat", "hse": "house", "no": "", "number": "",
}  # fmt: skip
_NAMES_NO_PLACE = frozenset({"flat", "unit", "room", "floor", "house", "block"})
_COUNTRY = re.compile(r"^(?:00|\+)44\(?0?\)?")
_NUMBER = re.compile(r"\b\d+[a-z]?\b")


def compared_form(kind: PointKind, value: str) -> str:
    """The form in which two points are the same: digits of a number, one case of an e-mail address, house and postcode
    of an address where it has both, else its words. Points of different kinds never are.
    """
    if kind is PointKind.PHONE:
        return f"phone:{phone_form(value)}"
    if kind is PointKind.EMAIL:
        return f"email:{_plain(value).strip()}"
    words = address_words(value)
    postcode = next(iter(postcodes_in(value)), None)
    if kind is PointKind.ADDRESS and postcode is not None:
        numbers = _NUMBER.findall(" ".join(address_words(value[: postcode.start] + " " + value[postcode.end :])))
        if numbers:
            return f"address:{'/'.join(sorted(numbers))}@{postcode.form}"
    return f"{kind.value}:{' '.join(words)}"


def phone_form(value: str) -> str:
    """The digits of a number as dialled within the country: "+44 (0)7700 900123" is "07700900123"."""
    compact = re.sub(r"[^\d+()oO]", "", normalize("NFKC", value)).replace("o", "0").replace("O", "0")
    return re.sub(r"\D", "", _COUNTRY.sub("0", compact))


def address_lines(value: str) -> tuple[str, ...]:
    """The lines of an address that give it away in a text: of at least two words, as `text_windows` has them."""
    lines = (address_words(line) for line in re.split(r"[\n,;]", value))
    return tuple(dict.fromkeys(" ".join(words) for words in lines if _tells(words)))


def text_windows(text: str) -> frozenset[str]:
    """Every run of two words and more in a text that could be a line of an address."""
    words = address_words(text)
    return frozenset(
        " ".join(words[start : start + length])
        for length in range(2, LONGEST_LINE + 1)
        for start in range(len(words) - length + 1)
    )


def address_words(value: str) -> list[str]:
    """The words of an address in one spelling: no capitals, accents or marks, no abbreviations."""
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", _plain(value)))
    return [spelled for word in words if (spelled := _WORDS.get(word, word))]


def _tells(words: list[str]) -> bool:
    """Whether a line tells a place: "flat 2" is in many texts and says nothing."""
    return 2 <= len(words) <= LONGEST_LINE and any(not word.isdigit() and word not in _NAMES_NO_PLACE for word in words)


def _plain(value: str) -> str:
    return "".join(char for char in normalize("NFKD", value.casefold()) if not combining(char))
