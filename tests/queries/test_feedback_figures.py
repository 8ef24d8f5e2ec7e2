"""What victims answered, counted by the database, against counting the rows by hand; and that it never changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert, select, update

from tests.force import VAULT, Force, a_force
from tests.queries.caseload import open_cases
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.feedback_figures import ANSWERS
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import SUPPRESSED
from victimcare.editions.feedback import published_survey
from victimcare.queries.feedback_figures import (
    FeedbackView,
    HeardBy,
    feedback_view,
    heard_by_month,
    heard_of_all,
    heard_of_team,
    shown_quarters,
)
from victimcare.queries.scope import NotForTheBoard
from victimcare.store import feedback
from victimcare.store.cases import CASES
from victimcare.store.feedback import GIVEN, REQUESTS, NewRequest

SURVEY = published_survey()
QUESTIONS = [question.code for question in SURVEY.questions]
QUARTER = Quarter(2026, 2)
TODAY = SURVEY.shown_from(QUARTER)
NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def hear(force: Force, count: int, *, answered: int, area: str = "Luton", team: str = "luton", seed: int = 1) -> None:
    """So many victims are asked in the quarter, of whom so many answer."""
    chance = Random(seed)
    [stored] = open_cases(force, [f"Sample {area}"])
    with force.database.writing() as connection:
        for number in range(count):
            new = NewRequest(
                case_id=stored.id,
                number=f"{seed}-{area}-{number}",
                point="first_weeks",
                channel="phone",
                message_id=None,
                team_id=team,
                area=area,
                asked_on=QUARTER.from_on + timedelta(days=chance.randrange(90)),
            )
            made = feedback.add(connection, new, by="elm", at=NOW)
            if number < answered:
                feedback.end(connection, made, ended_as="answered", by="birch", at=NOW)
                answers = {code: chance.choice(list(FeedbackAnswer)) for code in QUESTIONS}
                feedback.keep_answers(connection, made, answers)


def view(force: Force, by: HeardBy = HeardBy.AREA, *, today: date = TODAY, threshold: int = 5) -> FeedbackView:
    with force.database.reading() as connection:
        return feedback_view(
            connection,
            person=force.board,
            today=today,
            survey=SURVEY,
            by=by,
            quarter=QUARTER,
            threshold=threshold,
        )


def test_months_in_which_few_answered_are_not_drawn_and_the_others_are_as_counted(force: Force) -> None:
    hear(force, 12, answered=12, seed=3)
    with force.database.writing() as connection:
        answered = connection.execute(select(REQUESTS.c.id).order_by(REQUESTS.c.id)).scalars().all()
        for place, request_id in enumerate(answered):
            on = date(2026, 4 if place < 6 else 5 if place < 11 else 6, 10)
            connection.execute(update(REQUESTS).where(REQUESTS.c.id == request_id).values(asked_on=on))
        yes = {"answer": FeedbackAnswer.YES.value}
        connection.execute(update(GIVEN).values(yes))
    with force.database.reading() as connection:
        months = heard_by_month(connection, person=force.board, today=TODAY, survey=SURVEY)
    assert [of.question for of in months] == QUESTIONS
    shown = {shown.month_on: shown.rate.denominator for shown in months[0].months}
    assert shown == {date(2026, 4, 1): 6, date(2026, 5, 1): SUPPRESSED, date(2026, 6, 1): SUPPRESSED}


def test_the_counts_are_those_of_the_rows(force: Force) -> None:
    hear(force, 70, answered=40, area="Luton", seed=1)
    hear(force, 60, answered=30, area="Bedford", team="bedford", seed=2)
    found = view(force, threshold=1).chosen.table
    with force.database.reading() as connection:
        joined = GIVEN.join(REQUESTS, REQUESTS.c.id == GIVEN.c.request_id)
        rows = connection.execute(select(REQUESTS.c.area, GIVEN.c.question, GIVEN.c.answer).select_from(joined)).all()
    assert [(line.group, line.asked, line.answered) for line in found.groups] == [
        ("Bedford", 60, 30),
        ("Luton", 70, 40),
    ]
    for line in (*found.groups, found.all):
        for question in QUESTIONS:
            mine = [row for row in rows if row.question == question and line.group in ("", row.area)]
            assert line.said[question].parts == tuple(sum(row.answer == each for row in mine) for each in ANSWERS)
            assert sum(line.said[question].parts) == line.answered
    by_team = view(force, HeardBy.TEAM, threshold=1).chosen.table
    assert [line.group for line in by_team.groups] == ["bedford", "luton"]
    assert by_team.all == found.all


@pytest.mark.parametrize("answered", [0, 3, 17, 40])
def test_what_stands_beside_duties_is_the_line_of_all_whatever_it_is_broken_down_by(
    force: Force, answered: int
) -> None:
    hear(force, 50, answered=answered)
    hear(force, 9, answered=min(answered, 2), area="Bedford", team="bedford", seed=2)
    with force.database.reading() as connection:
        of_all = heard_of_all(connection, person=force.board, quarter=QUARTER, survey=SURVEY)
    for by in HeardBy:
        line = view(force, by).chosen.table.all
        assert (line.answered, line.said) == (of_all.answered, of_all.said)


def test_a_quarter_is_not_to_be_chosen_while_answers_of_it_can_come_in(force: Force) -> None:
    assert QUARTER in shown_quarters(SURVEY, TODAY)
    assert QUARTER not in shown_quarters(SURVEY, TODAY - timedelta(days=1))


def test_figures_stay_when_a_case_moves_is_made_void_or_erased(force: Force) -> None:
    hear(force, 70, answered=40)
    before = view(force)
    with force.database.writing() as connection:
        connection.execute(update(CASES).values(area="Elsewhere", status="void"))
        for case_id in connection.execute(select(CASES.c.id)).scalars().all():
            feedback.make_anonymous(connection, case_id)
    assert view(force) == before


def test_who_was_not_asked_after_all_is_in_no_figure(force: Force) -> None:
    hear(force, 30, answered=20)
    with force.database.writing() as connection:
        waiting = connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.ended_at.is_(None))).scalars().all()
        feedback.end(connection, waiting[0], ended_as="taken_back", by="elm", at=NOW)
    assert view(force).chosen.table.all.asked == 29


def test_themes_count_what_was_read_in_time_and_hide_a_few(force: Force) -> None:
    hear(force, 60, answered=40)
    with force.database.writing() as connection:
        ids = connection.execute(select(REQUESTS.c.id).order_by(REQUESTS.c.id).limit(20)).scalars().all()
        late = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(days=1)
        for place, request_id in enumerate(ids):
            feedback.keep_words(connection, request_id, "Words", contains_location=False, vault=VAULT)
            themes = {"silence"} if place < 8 else {"thanks"} if place < 11 else set()
            feedback.note_read(connection, request_id, themes, by="elm", at=NOW if place < 16 else late)
    chosen = view(force).chosen
    assert chosen.words == 16
    assert {code: count for code, count in chosen.themes.items() if count} == {"silence": 8, "thanks": SUPPRESSED}


def test_only_the_board_has_them_and_a_supervisor_their_team_and_the_force(force: Force) -> None:
    hear(force, 70, answered=40, team="luton", seed=1)
    hear(force, 60, answered=30, area="Bedford", team="bedford", seed=2)
    with force.database.reading() as connection:
        asked = {"today": TODAY, "survey": SURVEY}
        with pytest.raises(NotForTheBoard):
            feedback_view(connection, person=force.elm, by=HeardBy.AREA, quarter=QUARTER, **asked)  # type: ignore[arg-type]
        _, force_line, ours = heard_of_team(connection, person=force.elm, **asked)  # type: ignore[arg-type]
        _, _, theirs = heard_of_team(connection, person=force.ash, **asked)  # type: ignore[arg-type]
    assert (force_line.answered, ours and ours.answered, theirs) == (70, 40, None)


def test_a_question_that_came_later_was_not_answered_before(force: Force) -> None:
    hear(force, 70, answered=40)
    with force.database.writing() as connection:
        connection.execute(GIVEN.delete().where(GIVEN.c.question == "respect"))
        connection.execute(insert(GIVEN).values(request_id=1, question="asked no more", answer="yes"))
    found = view(force, threshold=1).chosen.table.all.said["respect"].parts
    assert found == (0, 0, 0, 40), "they would rather not say, as far as it goes"
