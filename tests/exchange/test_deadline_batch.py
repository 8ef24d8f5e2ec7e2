"""Deadlines of a file: each is what `assess` says, a bad row does not stop the rest, a wrong file is refused."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.entitlements import assess
from victimcare.domain.explanation import explain
from victimcare.domain.journey import Journey
from victimcare.editions.law import published_law
from victimcare.exchange.deadline_batch import (
    ANSWER_COLUMNS,
    DeadlineCalculator,
    NoDeadline,
    NotAnInstant,
    WrongHeader,
    answer_file,
    answer_rows,
    start_alone,
)

LAW = published_law()
EDITION = LAW.code.latest
HEADER = "id,rule,tier,started_at\n"


def answers(*lines: str) -> list[tuple[str, str, str, str]]:
    return list(answer_rows([HEADER, *lines], DeadlineCalculator(LAW)))


def errors(*lines: str) -> list[str]:
    return [answer[-1] for answer in answers(*lines)]


def test_a_row_is_answered_with_its_day_and_why() -> None:
    [(row_id, due_on, explanation, error)] = answers("7,R6-ARR,enhanced,2026-05-22T15:00+01:00\n")
    assert (row_id, due_on, error) == ("7", "2026-05-26", "")
    assert "Monday 25 May (Spring bank holiday) do not count. Due by the end of Tuesday 26 May 2026." in explanation


@pytest.mark.parametrize("rule", [rule.id for rule in EDITION.rules if rule.limit_from_event is None])
@pytest.mark.parametrize("tier", [tier.id for tier in EDITION.tiers])
def test_every_answer_is_that_of_a_case_that_starts_so(rule: str, tier: str) -> None:
    calculator = DeadlineCalculator(LAW)
    for day in (date(2021, 4, 1) + timedelta(days=days) for days in range(0, 2500, 83)):
        gained = None if tier == EDITION.default_tier else tier
        journey = Journey.of("case", start_alone(EDITION.rule(rule), day, tier=gained))
        owed = next(e for e in assess(journey, LAW.code, LAW.calendar) if e.rule.id == rule)
        found = calculator.deadline(rule=rule, tier=tier, started_at=f"{day}T12:00Z")
        assert (found.due_on, found.explanation) == (owed.due_on, explain(owed, LAW.calendar))
        assert found.entitlement.provisional == owed.provisional


@pytest.mark.parametrize(
    ("started_at", "due_on"),
    [
        ("2026-07-02T23:30Z", "2026-07-06"),  # already Friday in London
        ("2026-07-02T22:30Z", "2026-07-03"),
        ("2026-01-08T23:30Z", "2026-01-09"),
        ("2026-07-03T01:30+02:00", "2026-07-06"),
    ],
)
def test_the_day_of_the_start_is_londons(started_at: str, due_on: str) -> None:
    [(_, due, _, _)] = answers(f"1,R6-ARR,enhanced,{started_at}\n")
    assert due == due_on


def test_an_instant_without_an_offset_is_refused() -> None:
    assert errors("1,R6-ARR,standard,2026-05-22T15:00\n", "2,R6-ARR,standard,2026-05-22\n") == [
        "'2026-05-22T15:00' has no offset: write +01:00, +00:00 or Z after the time",
        "'2026-05-22' has no offset: write +01:00, +00:00 or Z after the time",
    ]


def test_a_bad_row_says_why_and_the_rest_are_answered() -> None:
    rows = answers(
        "1,R6-ARR,standard,yesterday\n",
        "2,R9-NONE,standard,2026-05-22T15:00Z\n",
        "3,R6-ARR,gold,2026-05-22T15:00Z\n",
        "4,R6-ARR,standard\n",
        "5,R6-AGREED,standard,2026-05-22T15:00Z\n",
        "6,R6-ARR,standard,2020-05-22T15:00Z\n",
        "7,R6-ARR,standard,2099-12-30T15:00Z\n",
        "\n",
        "8,R6-ARR,standard,2026-05-22T15:00Z\n",
    )
    assert [row[0] for row in rows] == list("12345678")
    assert [row[3] for row in rows] == [
        "'yesterday' is not an instant like 2026-05-22T15:00+01:00",
        "edition 2021-04-01 has no rule 'R9-NONE'",
        "edition 2021-04-01 has no tier 'gold': it has standard, enhanced",
        "this row has 3 columns instead of 4",
        "the limit of R6-AGREED is agreed with each victim, so its start alone gives no day",
        "no edition of the Code here was in force on 2020-05-22: the first is of 2021-04-01",
        str(DayOutsideCalendar(date(2099, 12, 30), "5 working days")),
        "",
    ]
    assert rows[-1][1] == "2026-06-01"


def test_a_cell_that_is_no_csv_is_reported_and_the_rest_answered() -> None:
    rows = answers(f"1,{'x' * 200_000},standard,2026-05-22T15:00Z\n", "2,R6-ARR,standard,2026-05-22T15:00Z\n")
    assert rows[0][3].startswith("line 2 is not CSV")
    assert rows[1][:2] == ("2", "2026-06-01")


@pytest.mark.parametrize(
    "first_line", ["", "id,rule\n", "rule,id,tier,started_at\n", "1,R6-ARR,standard,2026-05-22T15:00Z\n"]
)
def test_a_file_of_other_columns_is_refused(first_line: str) -> None:
    with pytest.raises(WrongHeader, match="the first line must be id,rule,tier,started_at, and it is "):
        answer_rows([first_line] if first_line else [], DeadlineCalculator(LAW))


def test_rows_are_answered_as_they_come() -> None:
    asked: list[int] = []

    def lines() -> Iterable[str]:
        yield HEADER
        for number in range(1000):
            asked.append(number)
            yield f"{number},R6-ARR,standard,2026-05-22T15:00Z\n"

    first = next(iter(answer_rows(lines(), DeadlineCalculator(LAW))))
    assert first[0] == "0"
    assert asked == [0]


def test_a_file_is_answered_as_a_file_whatever_its_bytes() -> None:
    asked = b'\xef\xbb\xbfid,rule,tier,started_at\r\n"a,\xff",R6-ARR,enhanced,2026-05-22T15:00Z\r\n2,no,no,no\r\n'
    out = BytesIO()
    questions, answered = TextIOWrapper(BytesIO(asked)), TextIOWrapper(out)
    assert answer_file(questions, answered, DeadlineCalculator(LAW)) == 1
    lines = out.getvalue().splitlines()
    assert lines[0].decode().split(",") == list(ANSWER_COLUMNS)
    assert lines[1].startswith(b'"a,\xff",2026-05-26,')
    good = next(csv.reader(StringIO(lines[1].decode("utf-8", "replace"))))
    assert len(good) == 4
    assert good[3] == ""


def test_one_deadline_refuses_with_a_sentence() -> None:
    calculator = DeadlineCalculator(LAW)
    with pytest.raises(NoDeadline, match="has no rule 'R0'"):
        calculator.deadline(rule="R0", tier="standard", started_at="2026-05-22T15:00Z")
    with pytest.raises(NotAnInstant, match="has no offset"):
        calculator.deadline(rule="R6-ARR", tier="standard", started_at="2026-05-22T15:00")
