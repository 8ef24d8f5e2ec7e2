"""The questions about the quality of a case: from their file, with whatever is wrong in it named."""

import re
from pathlib import Path

import pytest

from victimcare.editions.quality_questions import PUBLISHED_QUESTIONS, load_questions, published_questions
from victimcare.editions.reading import BadEdition


def test_the_shipped_questions_begin_with_the_words_that_were_used() -> None:
    codes = [question.code for question in published_questions()]
    assert codes == ["plain_words", "asked_what_they_want", "next_step", "reasons", "support"]
    assert all(question.words.endswith("?") for question in published_questions())


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('code = "next_step"', 'code = "plain_words"', "code: there is a question plain_words already"),
        ('code = "reasons"', "code = 4", "code: it must be words in quotation marks"),
        ('words = "Were decisions', 'word = "Were decisions', "words: it is missing"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    text = PUBLISHED_QUESTIONS.read_text("utf-8")
    assert right in text
    file = tmp_path / "questions.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition, match=re.escape(why)):
        load_questions(file)


def test_without_a_question_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    file = tmp_path / "questions.toml"
    file.write_text("", "utf-8")
    with pytest.raises(BadEdition, match="there must be one at least"):
        load_questions(file)
