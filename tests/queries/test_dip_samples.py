"""The sample of a month against reading the assignments, and the answers against counting them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.force import VAULT, Force, a_force
from tests.queries.caseload import open_cases
from victimcare.commands.check_quality import AlreadyChecked, check_quality
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.domain.dip_sample import Answer, Month, drawn
from victimcare.domain.people import Person
from victimcare.editions.quality_questions import published_questions
from victimcare.queries.dip_samples import DipSamples, dip_samples, quality_by_month, sampled_case
from victimcare.queries.scope import NotForTheBoard
from victimcare.store.cases import NoSuchCase
from victimcare.store.quality import QUALITY

QUESTIONS = published_questions()
MAY, JUNE = Month(2026, 5), Month(2026, 6)
NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


@pytest.fixture
def refs(force: Force) -> list[str]:
    """Twelve cases of ash since May; birch has had one since May, and takes two of ash's in June."""
    of_ash = [stored.case.ref for stored in open_cases(force, [f"Sample {number}" for number in range(12)])]
    open_cases(force, ["Birch's"], officer="birch")
    with force.database.writing() as connection:
        reassign_cases(
            connection,
            refs=of_ash[:2],
            to_officer_id="birch",
            why="leave",
            by=force.elm,
            now=datetime(2026, 6, 3, 9, tzinfo=UTC),
            law=force.law,
            vault=VAULT,
        )
    return of_ash


def sample(force: Force, month: Month, person: Person | None = None) -> DipSamples:
    with force.database.reading() as connection:
        return dip_samples(connection, person=person or force.elm, month=month, questions=QUESTIONS)


def answer(force: Force, ref: str, answers: Mapping[str, Answer] | None = None, **how: object) -> None:
    given = dict.fromkeys((question.code for question in QUESTIONS), Answer.YES) if answers is None else answers
    asked: dict[str, object] = {"officer_id": "ash", "month": MAY, "by": force.elm, "now": NOW, **how}
    with force.database.writing() as connection:
        check_quality(connection, ref=ref, answers=given, **asked)  # type: ignore[arg-type]


def test_it_is_drawn_from_all_that_the_officer_held_in_the_month(force: Force, refs: list[str]) -> None:
    ash, birch = sample(force, MAY).officers
    assert (ash.held, birch.held) == (12, 1)
    assert [case.ref for case in ash.cases] == drawn(refs, team_id="luton", officer_id="ash", month=MAY)
    assert len(ash.cases) == 5
    in_june = {officer.officer_id: officer.held for officer in sample(force, JUNE).officers}
    assert in_june == {"ash": 12, "birch": 3}, "who held it for three days of June held it in June"
    after = {officer.officer_id: officer.held for officer in sample(force, Month(2026, 7)).officers}
    assert after == {"ash": 10, "birch": 3}
    assert sample(force, Month(2026, 4)).officers == ()


def test_each_team_has_its_own_and_nobody_else_has_one(force: Force, refs: list[str]) -> None:
    assert sample(force, MAY, force.fir).officers == ()
    for nobody in (force.ash, force.board, force.administrator):
        assert sample(force, MAY, nobody).officers == ()


def test_a_case_that_was_not_drawn_is_none_to_answer_for(force: Force, refs: list[str]) -> None:
    in_sample = {case.ref for case in sample(force, MAY).officers[0].cases}
    with force.database.reading() as connection:
        for ref in refs:
            if ref in in_sample:
                found = sampled_case(connection, person=force.elm, month=MAY, officer_id="ash", ref=ref)
                assert (found.ref, found.answered) == (ref, False)
            else:
                with pytest.raises(NoSuchCase):
                    sampled_case(connection, person=force.elm, month=MAY, officer_id="ash", ref=ref)
        for how in ({"month": None}, {"officer_id": "cedar"}, {"person": force.fir}):
            asked = {"person": force.elm, "month": MAY, "officer_id": "ash", "ref": min(in_sample), **how}
            with pytest.raises(NoSuchCase):
                sampled_case(connection, **asked)  # type: ignore[arg-type]


def test_answers_are_counted_once_and_stand(force: Force, refs: list[str]) -> None:
    first, second, *_ = (case.ref for case in sample(force, MAY).officers[0].cases)
    answer(force, first)
    no = {question.code: Answer.NO for question in QUESTIONS} | {"support": Answer.CANNOT_TELL}
    answer(force, second, no)
    with pytest.raises(AlreadyChecked):
        answer(force, second)
    found = sample(force, MAY)
    assert found.to_answer == 4
    counted = {result.question.code: [result.counts[each] for each in Answer] for result in found.results}
    assert counted == {question.code: [1, 1, 0] for question in QUESTIONS} | {"support": [1, 0, 1]}
    assert sum(result.total for result in found.results) == rows(force) == 2 * len(QUESTIONS)
    assert [result.total for result in sample(force, JUNE).results] == [0] * len(QUESTIONS)


def test_whoever_may_not_or_answers_less_than_all_stores_nothing(force: Force, refs: list[str]) -> None:
    for how in ({"by": force.fir}, {"by": force.ash}, {"officer_id": "birch"}, {"month": Month(2026, 4)}):
        with pytest.raises(NoSuchCase):
            answer(force, refs[0], **how)
    for too_few in ({}, {"plain_words": Answer.YES}):
        with pytest.raises(ValueError, match="every question is answered"):
            answer(force, refs[0], too_few)
    assert rows(force) == 0


def test_the_board_has_counts_by_month_and_question_and_nothing_else(force: Force, refs: list[str]) -> None:
    answer(force, refs[0])
    with force.database.reading() as connection:
        found = quality_by_month(connection, person=force.board, questions=QUESTIONS)
        with pytest.raises(NotForTheBoard):
            quality_by_month(connection, person=force.elm, questions=QUESTIONS)
    assert list(found) == ["2026-05"]
    assert [result.counts[Answer.YES] for result in found["2026-05"]] == [1] * len(QUESTIONS)
    assert "ash" not in repr(found)
    assert refs[0] not in repr(found)


def test_what_was_done_in_time_stands_beside_it(force: Force, refs: list[str]) -> None:
    found = sample(force, MAY)
    assert (found.in_time, found.due) == (0, 13 * 4)


def rows(force: Force) -> int:
    with force.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(QUALITY)).scalar_one())
