"""What in a text tells where somebody can be found: postcodes, telephone numbers and e-mail addresses, however spelled.

A warning, never a proof: it is made to miss little, and to be silent on references, dates and times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from victimcare.domain.references import CASE_LETTERS

_ALL_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
_AREAS = frozenset(_ALL_AREAS.split())
_AREAS_WITH_0 = frozenset(["BL", "BS", "CM", "CR", "FY", "HA", "PR", "SL", "SS"])
_UNIT = frozenset("ABDEFGHJLNPQRSTUWXYZ")
_SPACES = r"[\s.,_\-–]"
_POSTCODE = re.compile(
    rf"(?<![^\W_])([a-z0]{{1,2}}[0-9oi][0-9oia-z]?){_SPACES}{{0,3}}([0-9oi]){_SPACES}?([a-z]{{2}})(?![^\W_])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(rf"(?<![^\W_])[{CASE_LETTERS}]{{5}}-[{CASE_LETTERS}]{{5}}(?![^\W_])")
_SPELLED_OUT = re.compile(r"(?<!\w)[A-Z](?:\s[A-Z])?(?:\s\d){1,2}(?:\s[A-Z])?\s\d\s[A-Z]\s[A-Z](?!\w)")
_PHONE = re.compile(r"(?<![\w/.:])(?:\+|\(?[0oO])[(]?\d(?:[ \t\u00a0().\-–]{0,3}[\doO]){7,13}(?![\w/]|[-.:]\d)")
_DATE = re.compile(r"^\d{1,2}[ .\-]\d{1,2}[ .\-](?:\d{4}|\d{2})(?!\d)|^\d{4}[ .\-]\d{2}[ .\-]\d{2}(?!\d)")
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s?(?:@|[(\[]\s?at\s?[)\]])\s?"
    r"[\w-]{1,63}(?:\s?(?:\.|[(\[]\s?dot\s?[)\]])\s?[\w-]{1,63})+",
    re.IGNORECASE,
)
_ARTICLES = {"postcode": "a", "telephone number": "a", "e-mail address": "an"}
_LENGTHS = {"01": (10, 11), "02": (11,), "03": (11,), "05": (11,), "07": (11,), "08": (10, 11), "09": (11,)}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text, from `start` up to `end`: what it looks like, and that in one spelling."""

    what: str
    start: int
    end: int
    form: str


def locations_in(text: str) -> tuple[Found, ...]:
    """Everything found, in the order of the text."""
    found = [*postcodes_in(text), *_phones_in(text), *_emails_in(text)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def told_in(text: str) -> tuple[str, ...]:
    """What was found in words, each once: "a postcode", "an e-mail address"."""
    return tuple(dict.fromkeys(f"{_ARTICLES[one.what]} {one.what}" for one in locations_in(text)))


def postcodes_in(text: str) -> Iterator[Found]:
    """Postcodes of the areas that there are, also with O for 0 and 0 for O, in any case, with or without the space."""
    references = [match.span() for match in _REFERENCE.finditer(text)]
    for match in _POSTCODE.finditer(text):
        if any(first <= match.start() and match.end() <= end for first, end in references):
            continue  # the half of a case's reference
        form = _postcode(match[1], match[2], match[3], swapped=match[0].isupper())
        if form:
            yield Found("postcode", match.start(), match.end(), form)
    for match in _SPELLED_OUT.finditer(text):
        joined = "".join(match[0].split())
        form = _postcode(joined[:-3], joined[-3], joined[-2:], swapped=True)
        if form:
            yield Found("postcode", match.start(), match.end(), form)


def _postcode(outward: str, sector: str, unit: str, *, swapped: bool) -> str | None:
    """The postcode in one spelling, or None for what is none. `swapped`: I may stand for 1 among capitals only."""
    if not any(char.isdigit() for char in outward + sector) or not set(unit.upper()) <= _UNIT:
        return None
    digits = str.maketrans("OI", "01") if swapped else str.maketrans("O", "0")
    number = sector.upper().translate(digits)
    outward = outward.upper()
    for letters in (2, 1):
        area, district = outward[:letters].replace("0", "O"), outward[letters:]
        spelled = district.translate(digits)
        if area in _AREAS and _is_district(area, spelled) and number.isdigit():
            return f"{area}{spelled} {number}{unit.upper()}"
    return None


def _is_district(area: str, spelled: str) -> bool:
    # "so 2nd" is no postcode: few areas have a district 0.
    return spelled[:1].isdigit() and (spelled[0] != "0" or (area in _AREAS_WITH_0 and len(spelled) == 1))


def _phones_in(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0].replace("o", "0").replace("O", "0"))
        if match[0].startswith("+"):
            form = f"0{digits[2:].removeprefix('0')}" if digits.startswith("44") else digits
            known = not digits.startswith("44") or _is_national(form)
        else:
            form = f"0{digits[4:].removeprefix('0')}" if digits.startswith("0044") else digits
            known = _is_national(form) and not _DATE.match(match[0])
        if known:
            yield Found("telephone number", match.start(), match.end(), form)


def _is_national(digits: str) -> bool:
    return len(digits) in _LENGTHS.get(digits[:2], ())


def _emails_in(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield Found("e-mail address", match.start(), match.end(), re.sub(r"\s", "", match[0]).casefold())
