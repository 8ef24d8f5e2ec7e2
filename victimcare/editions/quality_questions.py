"""The questions about the quality of a case, read from their file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from victimcare.domain.dip_sample import QualityQuestion
from victimcare.editions.reading import read_document

PUBLISHED_QUESTIONS = Path(__file__).with_name("quality_questions.toml")


@cache
def published_questions() -> tuple[QualityQuestion, ...]:
    """The questions shipped with the program, in their order; read once. Raises `BadEdition`."""
    return load_questions(PUBLISHED_QUESTIONS)


def load_questions(path: Path) -> tuple[QualityQuestion, ...]:
    """The questions in this file. Raises `BadEdition`, which names file and field."""
    document = read_document(path)
    questions: list[QualityQuestion] = []
    for entry in document.tables("question"):
        question = QualityQuestion(entry.text("code"), entry.text("words"))
        if question.code in {earlier.code for earlier in questions}:
            raise entry.bad("code", f"there is a question {question.code} already")
        entry.finish()
        questions.append(question)
    document.finish()
    if not questions:
        raise document.bad("question", "there must be one at least")
    return tuple(questions)
