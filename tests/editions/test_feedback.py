"""What victims are asked, and when: from its file, with whatever is wrong in it named."""

import re
from pathlib import Path

import pytest

from victimcare.editions.feedback import ASKS_FEEDBACK, PUBLISHED_SURVEY, load_survey, published_survey
from victimcare.editions.message_templates import published_messages
from victimcare.editions.reading import BadEdition


def test_the_questions_are_few_and_in_every_language_of_the_message() -> None:
    survey = published_survey()
    assert [question.code for question in survey.questions] == ["kept_informed", "plain_words", "respect", "next_step"]
    for language in published_messages().values():
        if ASKS_FEEDBACK in language.templates:
            assert all(question.in_language(language.id) for question in survey.questions), language.id
            assert survey.reply_to[language.id]


def test_no_theme_and_no_point_is_without_words() -> None:
    survey = published_survey()
    assert {point.code for point in survey.points} == {"first_weeks", "decision", "court"}
    assert all(each.words for each in (*survey.points, *survey.themes))


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('code = "respect"', 'code = "plain_words"', "code: there is a question plain_words already"),
        ('after = ["crime_reported"]', 'after = ["crime_told"]', "there is no kind of event 'crime_told'"),
        ('after = ["crime_reported"]', "after = []", "after: it must list a kind of event"),
        ("months_between = 6", "months_between = 0", "months_between: it must be a whole number, 1 or more"),
        ("shown_after_days = 42", "shown_after_days = 28", "shown_after_days: it must be a whole number, 29 or more"),
        ('pl = "Czy mówiono', 'xx = "Czy mówiono', "xx: an edition has no such field here"),
        ('en = "You can answer', 'fr = "You can answer', "reply_to.en: it is missing"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    text = PUBLISHED_SURVEY.read_text("utf-8")
    assert right in text
    file = tmp_path / "feedback.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition, match=re.escape(why)):
        load_survey(file)


def test_without_a_question_nobody_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "feedback.toml"
    file.write_text("answers_for_days = 28\n", "utf-8")
    with pytest.raises(BadEdition, match="there must be one at least"):
        load_survey(file)
