"""What people type into forms, and what is made of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.datastructures import FormData

from victimcare.web.forms import Form, FormRefused, Submitted, blank, read
from victimcare.web.routes import ROUTERS
from victimcare.web.typed_dates import DateTyped, TimeTyped, london_instant, parse_date, parse_time, typed_parts


class ContactForm(Form):
    happened_on: DateTyped = Field(title="Date of the contact", description="Enter the date of the contact")
    happened_at: TimeTyped | None = Field(None, title="Time of the contact")
    reached: Literal["yes", "no"] = Field(title="Reached", description="Say whether you reached them")
    duties: list[str] = Field([], title="Duties", max_length=3)
    review_on: DateTyped | None = Field(None, title="Date of the review")
    note: str = Field("", title="Note", max_length=40)


GOOD = {"happened_on-day": "22", "happened_on-month": "5", "happened_on-year": "2026", "reached": "yes"}


def sent(**fields: str | list[str]) -> Submitted[ContactForm]:
    pairs = [
        (name.replace("__", "-"), value)
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return read(ContactForm, FormData(pairs))


def changed(**fields: str | list[str]) -> Submitted[ContactForm]:
    return sent(**{**GOOD, **{name.replace("__", "-"): value for name, value in fields.items()}})


def test_a_form_makes_values() -> None:
    form = changed(duties=["a", "b"], happened_at="9:32am", note="  hello\r\nyou ", csrf_token="t", form_key="k")
    assert form.errors == ()
    assert form.values == ContactForm(
        happened_on=date(2026, 5, 22), happened_at=time(9, 32), reached="yes", duties=["a", "b"], note="hello\nyou"
    )
    assert form.form_key == "k"


def test_what_was_typed_is_kept_when_something_is_wrong() -> None:
    form = changed(happened_on__month="Febtober", duties=["a"], note="hello")
    assert form.values is None
    assert [form.text(name) for name in ("happened_on-day", "happened_on-month", "note")] == ["22", "Febtober", "hello"]
    assert form.chosen("duties") == ["a"]


def test_every_field_that_is_wrong_is_named_once_in_the_order_of_the_page() -> None:
    form = sent(note="x" * 41)
    assert [(error.field, error.message) for error in form.errors] == [
        ("happened_on", "Enter the date of the contact"),
        ("reached", "Say whether you reached them"),
        ("note", "Note must be 40 characters or fewer"),
    ]


def test_the_error_summary_leads_to_the_first_part_of_a_date() -> None:
    form = blank(ContactForm)
    assert [form.target(name) for name in ("happened_on", "review_on", "reached", "no field")] == [
        "happened_on-day",
        "review_on-day",
        "reached",
        "no field",
    ]


def test_a_choice_that_the_page_does_not_offer_is_refused() -> None:
    assert changed(reached="perhaps").error("reached") == "Say whether you reached them"


def test_what_only_the_command_knows_is_shown_like_any_other_error() -> None:
    form = changed().with_error("duties", "One of these was met meanwhile")
    assert form.values is None
    assert form.error("duties") == "One of these was met meanwhile"


def test_a_form_can_be_shown_filled_in() -> None:
    form = blank(ContactForm, reached="no", duties=["a"], **typed_parts("happened_on", date(2026, 5, 2)))
    assert (form.text("happened_on-day"), form.text("happened_on-month")) == ("2", "5")
    assert (form.text("reached"), form.chosen("duties"), form.errors) == ("no", ["a"], ())


@pytest.mark.parametrize(
    "fields",
    [{"surprise": "x"}, {"happened_on": "2026-05-22"}, {"happened_on-hour": "9"}, {"reached": ["yes", "no"]}],
    ids=str,
)
def test_what_no_page_of_ours_sends_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(FormRefused):
        sent(**{**GOOD, **fields})


DATES = [
    ("22", "5", "2026"),
    ("22", "05", "2026"),
    ("22", "May", "2026"),
    ("22", "MAY", "26"),
    ("22", "may.", "2026"),
    ("22nd", "may", "2026"),
    ("022", "5", "2026"),
]


@pytest.mark.parametrize("parts", DATES, ids=" ".join)
def test_a_date_may_be_typed_in_many_ways(parts: tuple[str, str, str]) -> None:
    assert parse_date(parts) == date(2026, 5, 22)


@pytest.mark.parametrize("month", ["Sep", "sept", "September", "9", "09"])
def test_months_may_be_named_or_numbered(month: str) -> None:
    assert parse_date(("1", month, "2026")) == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("", "5", "2026"), "must include a day"),
        (("22", "", "2026"), "must include a month"),
        (("22", "", ""), "must include a month and year"),
        (("30", "2", "2026"), "must be a real date"),
        (("29", "2", "2027"), "must be a real date"),
        (("0", "5", "2026"), "must be a real date"),
        (("22", "13", "2026"), "must be a real date"),
        (("22", "5", "20266"), "must be a real date"),
        (("-1", "5", "2026"), "must be a real date"),
        (("²", "5", "2026"), "must be a real date"),
        (("٣", "5", "2026"), "must be a real date"),
        (("22", "Ma", "2026"), "must be a real date"),
        (("22", "5", "0000"), "must be a real date"),
    ],
    ids=str,
)
def test_a_date_that_is_none_is_refused_in_words(parts: tuple[str, str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_date(parts)


def test_the_words_begin_with_the_name_of_the_field() -> None:
    assert changed(happened_on__day="31", happened_on__month="6").error("happened_on") == (
        "Date of the contact must be a real date"
    )


def test_a_date_that_may_be_left_out_may_not_be_half_entered() -> None:
    assert changed().values is not None
    form = sent(**GOOD, **{"review_on-day": "1"})
    assert form.error("review_on") == "Date of the review must include a month and year"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9:32am", time(9, 32)),
        ("9.32 AM", time(9, 32)),
        ("09:32", time(9, 32)),
        ("0932", time(9, 32)),
        ("9am", time(9)),
        ("2 p.m.", time(14)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midday", time(12)),
        ("Midnight", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_may_be_typed_in_many_ways(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["24:00", "9:60", "13pm", "0am", "nine", "9:3", "9:32:10", ""])
def test_a_time_that_is_none_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="like 9:32am"):
        parse_time(typed)


def test_a_time_of_day_in_london_is_an_instant() -> None:
    assert london_instant(date(2026, 7, 1), time(0, 30)) == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert london_instant(date(2026, 12, 1), time(0, 30)) == datetime(2026, 12, 1, 0, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skipped_is_refused() -> None:
    with pytest.raises(ValueError, match="went forward"):
        london_instant(date(2027, 3, 28), time(1, 30))


@given(st.lists(st.tuples(st.sampled_from([*GOOD, "note", "duties", "happened_at", "review_on-year"]), st.text())))
def test_whatever_is_typed_is_either_taken_or_explained(pairs: list[tuple[str, str]]) -> None:
    try:
        form = read(ContactForm, FormData(pairs))
    except FormRefused:
        return
    assert (form.values is None) == bool(form.errors)
    assert all(error.message for error in form.errors)


def all_forms(of: type[Form] = Form) -> list[type[Form]]:
    found = [form for below in of.__subclasses__() for form in (below, *all_forms(below))]
    return [form for form in found if form.__module__.startswith("victimcare.")]


def test_every_whole_number_of_a_form_is_one_that_a_database_holds() -> None:
    assert ROUTERS
    compared = {"version", "events_seen", "given_seen"}  # with what was read, before a database is asked
    numbers = {
        f"{form.__name__}.{name}": min((mark.le for mark in field.metadata if hasattr(mark, "le")), default=None)
        for form in all_forms()
        for name, field in form.model_fields.items()
        if field.annotation in (int, int | None) and name not in compared
    }
    assert len(numbers) > 3
    assert {name: most for name, most in numbers.items() if most is None or most >= 2**31} == {}
