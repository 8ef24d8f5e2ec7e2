"""Finding cases by what somebody typed: a name, also nearly spelled or a former one, a reference, a number.

None beyond what the person may see. What is found along an index comes first, and of that what was meant exactly before
what is only near. Only where that finds nothing is every case within their reach looked through for a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, or_, select, union_all

from victimcare.domain.contact_spelling import phone_form
from victimcare.domain.name_search import BEGINS, EXACT, asked_for
from victimcare.domain.people import Action, Person
from victimcare.domain.references import case_reference, crime_references
from victimcare.domain.victim import as_searched
from victimcare.queries.contact_details import reached_at
from victimcare.queries.scope import visible_cases
from victimcare.store.cases import CASES, CRIMES, VICTIMS
from victimcare.store.vault import Vault
from victimcare.store.victim_names import nearly_called

MOST = 200
"""Cases that one search finds; where there are more, it says so."""
_FEWEST_DIGITS = 7
_LITERAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class How(StrEnum):
    """How a case was found, in words; the surest first."""

    CASE = "Case reference"
    CRIME = "Crime reference"
    POINT = "Telephone number or e-mail address"
    NAME = "Name as typed"
    FORMER = "Former name, as typed"
    BEGINS = "Name begins so"
    FORMER_BEGINS = "Former name begins so"
    NEAR = "Name is one letter off"
    FORMER_NEAR = "Former name is one letter off"
    PART = "Part of a name or reference"


_ORDER = {how: place for place, how in enumerate(How)}


@dataclass(frozen=True, slots=True)
class Found:
    """The cases found, by id in the order in which they are shown, and how each was. `more`: there are others."""

    cases: Mapping[int, How]
    more: bool = False


def case_search(connection: Connection, *, person: Person, words: str, vault: Vault) -> Found:
    """The cases that the person may see and that fit these words."""
    hits = union_all(*_along_indexes(person, words, vault)).subquery("hits")
    visible = visible_cases(person, Action.SEE_CASE)
    joined = hits.join(CASES, CASES.c.id == hits.c.case_id)
    best = select(hits.c.case_id, func.min(hits.c.how).label("how"), func.min(hits.c.off).label("off"))
    ordered = best.select_from(joined).where(visible).group_by(hits.c.case_id)
    rows = connection.execute(ordered.order_by("how", "off", hits.c.case_id).limit(MOST + 1)).all()
    if not rows:
        rows = connection.execute(_in_part(words, visible)).all()
    hows = list(How)
    return Found({row.case_id: hows[row.how] for row in rows[:MOST]}, more=len(rows) > MOST)


def _along_indexes(person: Person, words: str, vault: Vault) -> list[Select[Any]]:
    """What to look for: case, how it was found, and how far it is from what was typed."""
    hits = [
        _hit(CASES.c.id, How.CASE).where(CASES.c.ref == case_reference(words)),
        _of_crime(_hit(CASES.c.id, How.CRIME)).where(CRIMES.c.source_ref.in_(crime_references(words))),
    ]
    if _is_point(words):
        hits.append(_hit(reached_at(person, words, vault).subquery().c.id, How.POINT))
    if readings := asked_for(words):
        hits.append(_named(nearly_called(readings, vault)))
    numbers = [word for word in words.split() if any(char.isdigit() for char in word)]
    rest = asked_for(" ".join(word for word in words.split() if word not in numbers))
    if numbers and rest:
        typed = " ".join(numbers)
        of_reference = (CASES.c.ref == case_reference(typed)) | CRIMES.c.source_ref.in_(crime_references(typed))
        by_both = nearly_called(rest, vault)
        with_name = CASES.join(CRIMES, CRIMES.c.id == CASES.c.crime_id).join(
            by_both, by_both.c.victim_id == CASES.c.victim_id
        )
        hits.append(_hit(CASES.c.id, How.CRIME).select_from(with_name).where(of_reference))
    return hits


def _hit(case_id: ColumnElement[int], how: How) -> Select[Any]:
    columns: tuple[Any, ...] = (case_id.label("case_id"), literal(_ORDER[how]).label("how"), literal(0).label("off"))
    return select(*columns)


def _of_crime(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(CASES.join(CRIMES, CRIMES.c.id == CASES.c.crime_id))


def _named(found: Any) -> Select[Any]:
    """Those who are called so, or were: the better their name fits, the sooner."""
    now, worst = found.c.name_no == 0, found.c.worst
    how = case(
        (now & (worst == EXACT), literal(_ORDER[How.NAME])),
        (worst == EXACT, literal(_ORDER[How.FORMER])),
        (now & (worst == BEGINS), literal(_ORDER[How.BEGINS])),
        (worst == BEGINS, literal(_ORDER[How.FORMER_BEGINS])),
        (now, literal(_ORDER[How.NEAR])),
        else_=literal(_ORDER[How.FORMER_NEAR]),
    )
    joined = CASES.join(found, found.c.victim_id == CASES.c.victim_id)
    return select(CASES.c.id.label("case_id"), how.label("how"), found.c.off).select_from(joined)


def _in_part(words: str, visible: ColumnElement[bool]) -> Select[Any]:
    """Every case within reach that has each word somewhere in its victim's name or in a reference."""
    condition = visible
    for word in words.split():
        by_name = VICTIMS.c.searched_name.like(_pattern(as_searched(word)), escape="\\")
        references = (CASES.c.ref, CRIMES.c.source_ref)
        condition &= or_(by_name, *(func.lower(r).like(_pattern(word.lower()), escape="\\") for r in references))
    joined = CASES.join(VICTIMS, VICTIMS.c.id == CASES.c.victim_id).join(CRIMES, CRIMES.c.id == CASES.c.crime_id)
    wanted = _hit(CASES.c.id, How.PART).select_from(joined).where(condition)
    return wanted.order_by(CASES.c.id).limit(MOST + 1)


def _pattern(word: str) -> str:
    return f"%{word.translate(_LITERAL)}%"


def _is_point(words: str) -> bool:
    """Whether it can be a telephone number or an e-mail address."""
    is_number = re.fullmatch(r"[\d\s()+./-]+", words) is not None
    return "@" in words or (is_number and len(phone_form(words)) >= _FEWEST_DIGITS)
