"""Messages to victims: filled in from the case, and never sent with a blank in them."""

from datetime import date

import pytest

from victimcare.domain.messages import Channel, Draft, Fact, blanks_in, draft
from victimcare.editions.message_templates import published_messages

ENGLISH, POLISH = published_messages()["en"], published_messages()["pl"]
KNOWN = {
    Fact.VICTIM: "Wren Sample",
    Fact.READER: "Wren Sample",
    Fact.OFFICER: "Ash Example",
    Fact.FORCE: "Example Police",
    Fact.REFERENCE: "VC-1",
    Fact.DAY: date(2026, 5, 22),
}


def test_what_is_known_of_the_case_is_filled_in() -> None:
    letter = draft(ENGLISH.templates["arrest"], ENGLISH, KNOWN, channel=Channel.LETTER)
    assert letter.body.startswith("Dear Wren Sample\n\nA suspect in your case was arrested on 22 May 2026.")
    assert letter.body.endswith("Ash Example\nYour case officer, Example Police\nYour reference: VC-1")


def test_who_is_told_in_the_victims_place_is_greeted_and_told_whose_case_it_is() -> None:
    for language, said in (
        (ENGLISH, "Dear Robin Sample\n\nI am writing to you about the case of Wren Sample."),
        (POLISH, ""),
    ):
        letter = draft(
            language.templates["arrest"], language, {**KNOWN, Fact.READER: "Robin Sample"}, channel=Channel.LETTER
        )
        assert said in letter.body
        assert letter.body.count("Robin Sample") == letter.body.count("Wren Sample") == 1


def test_what_is_not_known_and_what_only_the_officer_can_say_stay_as_blanks() -> None:
    letter = draft(ENGLISH.templates["hearing"], ENGLISH, KNOWN, channel=Channel.LETTER)
    assert letter.blanks == ("[day of the hearing]", "[name the court, and say what the hearing is for]")


def test_dates_are_in_the_words_of_the_language() -> None:
    letter = draft(POLISH.templates["charge"], POLISH, KNOWN, channel=Channel.EMAIL)
    assert "Dnia 22 maja 2026 r. podejrzanemu postawiono zarzut." in letter.body


def test_a_text_message_says_only_that_there_is_news() -> None:
    text = draft(ENGLISH.templates["bail"], ENGLISH, KNOWN, channel=Channel.TEXT, preview_is_safe=True)
    assert text.body == (
        "There is important news in your case. Please ring me as soon as it is safe. Ash Example, case officer."
    )


def test_where_others_may_see_the_screen_a_text_message_does_not_even_say_that_there_is_a_case() -> None:
    text = draft(ENGLISH.templates["bail"], ENGLISH, KNOWN, channel=Channel.TEXT)
    assert "case" not in text.body
    assert "Ash Example" in text.body


@pytest.mark.parametrize(
    ("words", "blanks"),
    [
        ("Nothing to fill in.", ()),
        ("On [day], and again on [day] at [court].", ("[day]", "[court]")),
        ("[] is no blank, and [neither\nis this].", ()),
        ("[a [nested] one]", ("[nested]",)),
    ],
)
def test_a_blank_is_words_in_square_brackets(words: str, blanks: tuple[str, ...]) -> None:
    assert blanks_in(words) == blanks
    assert Draft("subject", words).blanks == blanks
