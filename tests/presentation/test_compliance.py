"""Compliance in words: what stands beside the percentage adds up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.force import Force, a_force
from tests.packs import SPRING, add_duties, published
from victimcare.domain.tally import By
from victimcare.presentation.compliance import tables
from victimcare.presentation.figure_names import Names
from victimcare.queries.compliance import compliance
from victimcare.queries.periods import Period


@pytest.fixture
def force(sqlite_url: str) -> Iterator[Force]:
    force = a_force(sqlite_url)
    yield force
    force.database.close()


def test_what_is_in_no_percentage_adds_up_with_the_lines_that_have_none_of_it(force: Force) -> None:
    add_duties(force, SPRING)
    published(force, SPRING)
    with force.database.reading() as connection:
        period = Period.quarter(SPRING)
        view = compliance(connection, person=force.board, period=period, by=By.RULE, law=force.law)
    shown = {table.title: table.with_others for table in tables(view, Names(force.law.code, view.teams))}
    (of_right_6,) = (rows for title, rows in shown.items() if title.startswith("Police: 6."))
    assert [row.not_counted for row in of_right_6] == ["6", "0", "6"]
    *lines, in_all = (int(row.total) for row in of_right_6)
    assert sum(lines) == in_all == 64 + 37
    (of_the_unit,) = (rows for title, rows in shown.items() if title.startswith("Witness Care Unit"))
    assert of_the_unit == (), "nothing of it is in no percentage"
