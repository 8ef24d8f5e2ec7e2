"""The words of messages: whole in every language, plain in English, and true to the edition."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from victimcare.domain.messages import MessageLanguage, MessageTemplate, blanks_in, facts_named
from victimcare.editions.loader import published_code
from victimcare.editions.message_templates import BadEdition, load_messages, published_messages

LANGUAGES = published_messages()
ENGLISH = LANGUAGES["en"]
EDITION = published_code().latest
HARD_WORDS = (
    "accordance|accused|aforementioned|alleged|ascertain|bail conditions|commence|complainant|custodial|defendant|"
    "disclosure|discontinued|endeavour|forthwith|hereby|herein|in respect of|incarcerated|inform you|initiate|notify|"
    "offender|perpetrator|pursuant|regarding|remand|subsequently|terminate|utilise|whilst|witness care"
)
MOST_YEARS_OF_SCHOOL = 8


def everything(language: MessageLanguage) -> Iterator[tuple[str, str]]:
    yield "greeting", language.greeting
    yield "about another", language.about_another
    yield "closing", language.closing
    yield "neutral text", language.neutral_text
    for template in language.templates.values():
        yield f"{template.id} body", template.body
        yield f"{template.id} text", template.text


def years_of_school(words: str) -> float:
    """The grade of Flesch and Kincaid: from how long sentences and words are."""
    sentences = [s for s in re.split(r"[.!?:\n]+", words) if re.search(r"\w", s)]
    all_words = re.findall(r"[A-Za-z’']+", words)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word.lower())))) for word in all_words)
    return 0.39 * len(all_words) / len(sentences) + 11.8 * syllables / len(all_words) - 15.59


@pytest.mark.parametrize("template", list(ENGLISH.templates.values()), ids=lambda template: template.id)
def test_a_child_who_leaves_primary_school_can_nearly_read_it(template: MessageTemplate) -> None:
    assert years_of_school(template.body) <= MOST_YEARS_OF_SCHOOL


def test_the_measure_knows_hard_words_from_easy_ones() -> None:
    hard = "The prosecuting authority discontinued proceedings notwithstanding representations regarding admissibility."
    assert years_of_school("The man was let out. He may not come near you.") < 3 < 12 < years_of_school(hard)


@pytest.mark.parametrize(("where", "words"), list(everything(ENGLISH)))
def test_no_word_of_police_or_court_stands_unexplained(where: str, words: str) -> None:
    assert re.findall(rf"\b({HARD_WORDS})\b", words, re.IGNORECASE) == [], where


def test_text_messages_fit_into_one_and_say_nothing_of_the_crime() -> None:
    for template in ENGLISH.templates.values():
        assert len(template.text) <= 140, template.id
        assert not re.search(r"suspect|charge|bail|court|sentence|arrest|victim of", template.text) or template.id in (
            "give_evidence",
        ), template.id


def test_every_rule_that_is_answered_exists_and_every_telling_belongs_to_one() -> None:
    for template in ENGLISH.templates.values():
        rules = [EDITION.rule(rule_id) for rule_id in template.answers]
        tellings = {telling.id for rule in rules for telling in rule.must_tell}
        assert template.tells <= tellings, template.id


def test_what_a_message_tells_without_a_duty_starts_none_that_must_be_told() -> None:
    for template in ENGLISH.templates.values():
        for kind in template.about:
            told = [r.id for r in EDITION.rules_started_by(kind) if r.answered_by.value == "contact_made"]
            assert told == [], template.id


def test_every_duty_to_tell_the_victim_has_a_message() -> None:
    """All but what is done otherwise than by telling: a referral, a payment, a receipt, a visit."""
    told = {rule.id for rule in EDITION.rules if rule.owed_to == "victim" and rule.answered_by.value == "contact_made"}
    answered = {rule_id for template in ENGLISH.templates.values() for rule_id in template.answers}
    assert told - answered == set()


@pytest.mark.parametrize("language", list(LANGUAGES.values()), ids=lambda language: language.id)
def test_other_languages_answer_the_same_duties(language: MessageLanguage) -> None:
    for template in language.templates.values():
        original = ENGLISH.templates[template.id]
        assert (template.answers, template.tells, template.title) == (original.answers, original.tells, original.title)


OTHERS = [language for language in LANGUAGES.values() if language is not ENGLISH]


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.id)
def test_a_language_that_is_shipped_has_every_message(language: MessageLanguage) -> None:
    assert list(language.templates) == list(ENGLISH.templates)


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.id)
def test_other_languages_say_the_same_of_the_case_and_leave_the_same_to_the_officer(language: MessageLanguage) -> None:
    for template in language.templates.values():
        original = ENGLISH.templates[template.id]
        assert facts_named(template.body) == facts_named(original.body), template.id
        assert blanks_in(template.body) == blanks_in(original.body), template.id
        assert len(template.text) <= 140, template.id


def test_nobody_is_named_as_having_read_the_polish_words_before_somebody_has() -> None:
    assert LANGUAGES["pl"].read_by is None


def test_a_language_file_can_name_who_read_it(folder: Path) -> None:
    file = folder / "pl.toml"
    file.write_text(f'read_by = "A second speaker"\n{file.read_text("utf-8")}', "utf-8")
    assert load_messages(folder)["pl"].read_by == "A second speaker"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shipped = Path(__file__).parents[2] / "victimcare/editions/messages"
    for file in shipped.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('title = "Polish (polski)"\n', "", "pl.toml: title: it is missing."),
        ('day = "dzień"\n', "", "pl.toml: blanks.day: it is missing."),
        ('id = "charge"', 'id = "chrge"', "pl.toml: message chrge: id: there is no message 'chrge'"),
        ("Dnia {day} sąd wydał", "Dnia {dey} sąd wydał", "there is no fact 'dey' (did you mean 'day'?)"),
        ('months = ["stycznia", ', "months = [", "pl.toml: months: it must list the names of the twelve months."),
        ('subject = "Wiad', 'subject = "{victim} Wiad', "pl.toml: subject: it must hold nothing of the case."),
        ('id = "bail"', 'id = "arrest"', "another message has the same id"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_place(
    folder: Path, wrong: str, right: str, sentence: str
) -> None:
    file = folder / "pl.toml"
    words = file.read_text("utf-8")
    assert words.count(wrong) == 1
    file.write_text(words.replace(wrong, right), "utf-8")
    with pytest.raises(BadEdition) as refused:
        load_messages(folder)
    assert sentence in str(refused.value)
