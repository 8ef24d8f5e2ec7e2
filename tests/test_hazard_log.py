"""The hazard log names tests that exist, and every requirement that it lists is the business of some hazard."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LOG = (ROOT / "docs/hazard-log.md").read_text("utf-8")
LEAST = 25


class Hazard(NamedTuple):
    number: str
    hazard: str
    severity: str
    likelihood: str
    control: str
    requirements: str
    test: str


def hazards() -> list[Hazard]:
    rows = [line for line in LOG.splitlines() if re.match(r"\| H\d+ \|", line)]
    return [Hazard(*(cell.strip() for cell in row.strip("|").split("|"))) for row in rows]


@cache
def functions_of(file: str) -> frozenset[str]:
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", (ROOT / file).read_text("utf-8"), re.MULTILINE))


def test_there_are_enough_of_them_each_with_its_number_and_a_control() -> None:
    found = hazards()
    assert len(found) >= LEAST
    assert [hazard.number for hazard in found] == [f"H{number}" for number in range(1, len(found) + 1)]
    assert all(hazard.hazard and hazard.control for hazard in found)


def test_each_is_judged_from_one_to_five() -> None:
    assert all({hazard.severity, hazard.likelihood} <= set("12345") for hazard in hazards())


def test_every_test_that_it_names_is_there() -> None:
    for hazard in hazards():
        file, _, function = hazard.test.strip("`").partition("::")
        assert (ROOT / file).is_file(), f"{hazard.number}: there is no {file}"
        assert function in functions_of(file), f"{hazard.number}: there is no {function} in {file}"


def test_every_requirement_that_it_lists_is_named_by_a_hazard() -> None:
    listed = re.search(r"must each be named by a hazard:([SR0-9\s]+)\.", LOG)
    assert listed
    named = {each for hazard in hazards() for each in hazard.requirements.split()}
    assert named == set(listed[1].split())
