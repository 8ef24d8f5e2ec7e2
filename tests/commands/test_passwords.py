"""What a new password must be, and what it need not be."""

import pytest

from victimcare.commands.passwords import PasswordGuessable, PasswordTooShort, check_new_password

ABOUT = ["Bedfordshire Police", "wren.sample", "Wren Sample"]


@pytest.mark.parametrize(
    "password",
    [
        "lantern gravel otter 7",
        "lanterngravelotter",
        "éèêë ñandú ølberg wąż",
        "🗝🦉🌊🪁🥁🧭🪵🎈🧦🪜🐌🍋🛶🧿🎻",
        "brisk-otter-" + "mn48 cz" * 16 + " end.",
        "z" * 0 + "q8 Vx2 lR7 pT4 kW9",
    ],
)
def test_any_long_password_will_do_whatever_characters_it_is_of(password: str) -> None:
    check_new_password(password, about=ABOUT)


def test_it_may_be_longer_than_anybody_types() -> None:
    check_new_password("lantern gravel otter " * 6 + "abc", about=ABOUT)
    check_new_password("lantern gravel otter and a heron" + "x" * 900, about=ABOUT)


def test_fourteen_characters_are_too_few() -> None:
    with pytest.raises(PasswordTooShort, match="15 characters"):
        check_new_password("gravel otter 7", about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "password12345678",
        "P@ssw0rdP@ssw0rd",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
        "letmein letmein letmein",
        "Summer2026Summer2026",
        "x" * 129,
        "BedfordshirePolice",
        "victimcare victimcare",
        "bedfordshire victimcare",
        "wren.samplewren.sample",
        "police.wren.sample",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordGuessable, match="guessed first"):
        check_new_password(password, about=ABOUT)


def test_names_of_the_force_and_the_person_count_only_for_them() -> None:
    with pytest.raises(PasswordGuessable):
        check_new_password("zorvath.quillip", about=["Zorvath Quillip"])
    check_new_password("zorvath.quillip", about=ABOUT)
