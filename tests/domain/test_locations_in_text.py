"""What in a text tells where somebody can be found: little is missed, and little is taken for it that is not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from victimcare.domain.locations_in_text import locations_in

AREAS = ("LU", "MK", "SG", "NN", "B", "E", "SW", "CR", "OX", "SO")
UNIT = "ABDEFGHJLNPQRSTUWXYZ"
CLEAN = (
    "Rang at 10:30am on 18 May 2026, no reply; will try again on 20/05/2026.",
    "Crime reference 40/12345/26, exhibit AB/1, statement MG11 taken on 3.4.2026.",
    "Hearing listed for 2nd June at 2pm, court 3; the 1st was adjourned.",
    "Asked to be rung after 4pm. All 3 children are at home, ages 2, 5 and 11.",
    "Explained R6-ARR and R10-SENT again: 5 working days, 1 for enhanced rights.",
    "They heard nothing for 28 days. So 2nd call today, call 3 on Friday.",
    "Officer 4412 took over; case 7QK2M-XB4NP was opened on 01 05 2026.",
    "Said the car, a red one from 2019, was worth about £4,500 or £5,000.",
    "Left at 07.15 and came back at 18.40. No 5th visit is planned.",
    "Compensation of £1,250.00 ordered, £50 a month from 1st July 2026.",
    "Prefers text to calls. Is it okay to come in on Monday? Do it on the 2nd.",
    "Date of birth 04/07/1988, seen 2026-05-18 09:30, reviewed in 2027.",
)
REFERENCES = ("Note 5 on ANPMY-W69BH", "See W69BH-AAAAA and W69BH-22222.", "7QK2M-B22AB")
"""Of cases, with a half that would be a postcode."""
SPELLINGS: dict[str, Callable[[str, str], str]] = {
    "as it should be": lambda out, inward: f"{out} {inward}",
    "lower case": lambda out, inward: f"{out} {inward}".lower(),
    "no space": lambda out, inward: f"{out}{inward}",
    "lower case, no space": lambda out, inward: f"{out}{inward}".lower(),
    "two spaces": lambda out, inward: f"{out}  {inward}",
    "hyphen": lambda out, inward: f"{out}-{inward}",
    "full stop": lambda out, inward: f"{out}.{inward}",
    "line break": lambda out, inward: f"{out}\n{inward}",
    "mixed case": lambda out, inward: f"{out.title()} {inward.lower()}",
    "O for 0": lambda out, inward: f"{out} {inward}".replace("0", "O"),
    "0 for O": lambda out, inward: f"{out.replace('O', '0')} {inward}",
    "letter by letter": lambda out, inward: " ".join(out + inward),
}


def a_postcode(chance: Random, spelling: str) -> str:
    area = chance.choice(("OX", "SO")) if spelling == "0 for O" else chance.choice(AREAS)
    sector = 0 if spelling == "O for 0" else chance.randrange(10)
    inward = f"{sector}{chance.choice(UNIT)}{chance.choice(UNIT)}"
    return SPELLINGS[spelling](f"{area}{chance.randint(1, 29)}", inward)


def notes(seed: int) -> tuple[list[tuple[str, str]], list[str]]:
    """250 notes with a postcode in one of the spellings, and 250 without."""
    chance = Random(seed)
    spellings = list(SPELLINGS)
    planted = []
    for number in range(250):
        spelling = spellings[number % len(spellings)]
        before, after = chance.sample(CLEAN, 2)
        planted.append((spelling, f"{before} Now stays at {a_postcode(chance, spelling)}, they say. {after}"))
    clean = [" ".join(chance.sample(CLEAN, chance.randint(1, 4))) for _ in range(250)]
    return planted, clean


def test_of_500_notes_nearly_all_postcodes_are_found_and_hardly_anything_else() -> None:
    planted, clean = notes(1)
    missed = [spelling for spelling, text in planted if not locations_in(text)]
    wrong = [text for text in clean if locations_in(text)]
    assert len(planted) - len(missed) >= 0.98 * len(planted), missed
    assert len(wrong) <= 0.05 * len(clean), wrong


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_of_a_postcode_is_found(spelling: str) -> None:
    chance = Random(spelling)
    texts = [f"They moved to {a_postcode(chance, spelling)} last week." for _ in range(40)]
    assert [text for text in texts if "postcode" not in {found.what for found in locations_in(text)}] == []


@pytest.mark.parametrize(
    "text",
    [
        "SW1A 1AA",
        "sw1a1aa",
        "FLAT4-W69BH",
        "Wren-W69BH",
        "EC1A-1BB",
        "W1A 0AX",
        "M1 1AE",
        "B33 8TH",
        "CR2 6XH",
        "DN55 1PT",
    ],
)
def test_every_shape_of_a_postcode_is_found(text: str) -> None:
    assert [found.what for found in locations_in(f"at {text}.")] == ["postcode"]


@pytest.mark.parametrize(
    "number",
    [
        "07700 900123", "07700900123", "+44 7700 900123", "+44 (0)7700 900 123", "0044 7700 900123", "07700-900-123",
        "(01632) 960001", "01632 960 001", "O77OO 900123", "020 7946 0018", "08081 570001", "+1 212 555 0100",
    ],
)  # fmt: skip
def test_telephone_numbers_are_found(number: str) -> None:
    assert [found.what for found in locations_in(f"Ring {number} after four")] == ["telephone number"]


@pytest.mark.parametrize(
    "address", ["wren@example.org", "W.Sample+1@mail.example.co.uk", "wren (at) example (dot) org"]
)
def test_e_mail_addresses_are_found(address: str) -> None:
    assert [found.what for found in locations_in(f"Write to {address}, please")] == ["e-mail address"]


@pytest.mark.parametrize(
    "text", [*CLEAN, "so 2nd", "all 1st", "no 5th", "0123456", "22222-22222", "05 06 2026 10 30", *REFERENCES]
)
def test_references_dates_and_times_are_not(text: str) -> None:
    assert locations_in(text) == ()


def test_a_text_made_to_take_long_does_not() -> None:
    for text in ("a" * 10_000, "0 " * 5_000, "a.a" * 3_000, "a@" * 5_000, "LU1 " * 2_500, "((((" * 2_500):
        locations_in(text)
