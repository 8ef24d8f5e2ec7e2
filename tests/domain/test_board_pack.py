"""What a pack is called, and why a later one says that a line has changed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from victimcare.domain.board_pack import PackTable, Why, canonical, changed_counts, changed_lines, name_of, why_changed
from victimcare.domain.law import LawChange
from victimcare.editions.law import published_law

COLUMNS = ("agency", "line", "counted", "met", "met_late", "open")
BESIDE = ("agency", "line", "recorded_in_error", "not_counted", "total")
BEFORE = {"counted": 60, "met": 40, "met_late": 10, "open": 10, "recorded_in_error": 0, "not_counted": 6, "total": 66}


def document(*lines: tuple[str, str, dict[str, Any]], by: str = "right") -> dict[str, Any]:
    """The figures of a pack with these lines (agency, line, numbers)."""
    tables = [
        PackTable(
            f"{kind}-by-{by}",
            columns,
            tuple((agency, line, *(numbers[column] for column in columns[2:])) for agency, line, numbers in lines),
        ).spelled
        for kind, columns in (("duties", COLUMNS), ("not-counted", BESIDE))
    ]
    return {"figures": {"tables": tables}}


def test_one_document_has_one_spelling_and_one_name() -> None:
    one, other = {"b": 1, "a": ["é", 2.5]}, {"a": ["é", 2.5], "b": 1}
    assert canonical(one) == canonical(other) == '{"a":["é",2.5],"b":1}'.encode()
    assert name_of(canonical(one)) != name_of(canonical({**one, "b": 2}))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"total": 72, "counted": 66, "met": 46}, Why.RECORDED_LATE),
        ({"total": 60, "counted": 54, "met": 34}, Why.CORRECTED),
        ({"recorded_in_error": 5, "not_counted": 11, "counted": 55, "met": 35}, Why.CORRECTED),
        ({"met": 46, "open": 4}, Why.LATE_OR_CORRECTED),
        ({"met_late": 16, "open": 4}, Why.ANSWERED_SINCE),
        ({"met": 34, "met_late": 16}, Why.NOT_TOLD),
        ({"met": "[c]"}, Why.NOT_TOLD),
    ],
    ids=["more duties", "fewer duties", "in error", "met by then", "answered late", "otherwise", "hidden"],
)
def test_why_a_line_changed_is_read_from_what_became_more_and_what_fewer(change: dict[str, Any], why: Why) -> None:
    assert why_changed(BEFORE, {**BEFORE, **change}) is why


def test_a_later_pack_names_the_lines_that_changed_and_no_others() -> None:
    before = document(("police", "6", BEFORE), ("police", "4", BEFORE), ("police", "", BEFORE))
    now = document(("police", "6", {**BEFORE, "met": 46, "open": 4}), ("police", "4", BEFORE), ("police", "", BEFORE))
    (changed,) = changed_lines(before, now).by_column()
    assert (changed["by"], changed["agency"], changed["line"]) == ("right", "police", "6")
    assert (changed["was_met"], changed["is_met"], changed["was_total"], changed["is_total"]) == (40, 46, 66, 66)
    assert changed["why"] == "recorded-late-or-corrected"


def test_a_line_that_is_new_or_gone_counted_nothing_there() -> None:
    before, now = document(("police", "6", BEFORE)), document(("police", "4", BEFORE))
    found = {row["line"]: (row["was_total"], row["is_total"]) for row in changed_lines(before, now).by_column()}
    assert found == {"6": (66, 0), "4": (0, 66)}


def test_the_sum_of_an_agency_is_told_once() -> None:
    more = {**BEFORE, "total": 72}
    for by, told in (("right", 1), ("area", 0)):
        changed = changed_lines(document(("police", "", BEFORE), by=by), document(("police", "", more), by=by))
        assert len(changed.rows) == told


def test_of_a_table_of_one_number_a_pack_says_what_each_line_was() -> None:
    columns = ("agency", "line", "met_duties")

    def of(afterwards: int | str, in_all: int) -> dict[str, Any]:
        rows = (("police", "afterwards", afterwards), ("police", "by_its_day", 70), ("police", "", in_all))
        return {"figures": {"tables": [PackTable("met-by-recorded", columns, rows).spelled]}}

    nothing: dict[str, Any] = {"figures": {"tables": []}}
    assert changed_counts(of(5, 75), of(20, 90), "met-by-recorded").rows == (("police", "afterwards", 5, 20),)
    assert changed_counts(of("[c]", 75), of(20, 90), "met-by-recorded").rows == (("police", "afterwards", "[c]", 20),)
    assert changed_counts(of(5, 75), of(5, 75), "met-by-recorded").rows == ()
    assert changed_counts(nothing, of(5, 75), "met-by-recorded").rows[0] == ("police", "afterwards", 0, 5)


def test_the_law_says_what_of_it_was_changed_between_two_instants() -> None:
    law = published_law()
    first, second = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 6))
    calendar = replace(law.calendar, earlier=law.calendar, since=first)
    law = law.by(calendar).under(replace(law.code, number=1, earlier=law.code, since=second))
    assert law.changed_between(first, second) == ((LawChange.EDITION, second),)
    assert law.changed_between(datetime(2026, 1, 1, tzinfo=UTC), second) == (
        (LawChange.HOLIDAYS, first),
        (LawChange.EDITION, second),
    )
    assert law.changed_between(second, second) == ()
