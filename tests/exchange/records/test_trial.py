"""What trying a profile says of a sample: what each row would be, what is wrong with it, and what is not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.records.test_profiles import SAMPLES, SMALLEST
from victimcare.exchange.records.decisions import SAID_OTHERWISE
from victimcare.exchange.records.lines import FileRefused
from victimcare.exchange.records.profiles import profile_of, published_names, published_text
from victimcare.exchange.records.trial import MOST_READ, MOST_SHOWN, MOST_WRONG, Trial, try_profile

SMALL = profile_of(SMALLEST)
HEADER = "NO,V,TYPE,ON,SHOE SIZE"


def tried(*rows: str, name: str = "crimes.csv") -> Trial:
    return try_profile(SMALL, name, "\n".join((HEADER, *rows)).encode())


@pytest.mark.parametrize("name", published_names())
def test_each_example_makes_something_of_every_sample_and_nothing_of_it_is_refused(name: str) -> None:
    profile = profile_of(published_text(name))
    for sample in (SAMPLES / name).iterdir():
        trial = try_profile(profile, sample.name, sample.read_bytes())
        assert trial.records, sample
        assert not trial.wrong, trial.first_wrong


def test_a_record_is_shown_as_it_would_be_taken() -> None:
    [row] = tried("40/1/26,3,B,18/05/2026,43").first
    [record] = row.records
    assert (row.line, record.kind, record.id, record.version) == (2, "crime", "40/1/26", 3)
    assert dict(record.fields) == {
        "crime_type": "Burglary",
        "area": "Luton",
        "reported_at": "2026-05-18",
        "recorded_at": "2026-05-18",
    }


def test_what_would_be_refused_is_named_by_line_and_field_and_the_rest_is_read() -> None:
    trial = tried("40/1/26,3,X,18/05/2026,1", "40/2/26,3,B,18/05/2026,1", "40/3/26,3,B,2026-05-18,1")
    assert [(bad.place.line, bad.field) for bad in trial.first_wrong] == [(2, "crime_type"), (4, "reported_at")]
    assert (trial.rows, trial.wrong, trial.records) == (3, 2, (("crime", 1),))


def test_a_record_that_several_rows_say_is_one_and_one_that_they_say_otherwise_is_refused() -> None:
    trial = tried("40/1/26,3,B,18/05/2026,1", "40/1/26,3,B,18/05/2026,2", "40/1/26,3,B,19/05/2026,2")
    assert trial.records == (("crime", 1),)
    assert [(bad.place.line, bad.field, bad.why) for bad in trial.first_wrong] == [(4, "version", SAID_OTHERWISE)]


def test_the_columns_of_which_nothing_is_made_are_named() -> None:
    assert tried("40/1/26,3,B,18/05/2026,43").unread == ("SHOE SIZE",)


def test_rows_of_which_nothing_is_made_are_counted() -> None:
    profile = profile_of(SMALLEST.replace('kind = "crime"', 'kind = "crime"\nonly_if = { TYPE = "B" }'))
    rows = "\n".join((HEADER, "40/1/26,3,B,18/05/2026,1", "40/2/26,3,X,18/05/2026,1"))
    assert try_profile(profile, "crimes.csv", rows.encode()).passed_over == 1


def test_of_many_rows_a_few_are_shown_and_all_are_counted() -> None:
    good = [f"40/{number}/26,3,B,18/05/2026,1" for number in range(1, 21)]
    bad = [f"40/{number}/26,3,X,18/05/2026,1" for number in range(21, 221)]
    trial = tried(*good, *bad)
    assert (trial.rows, trial.wrong, trial.records) == (220, 200, (("crime", 20),))
    assert (len(trial.first), len(trial.first_wrong)) == (MOST_SHOWN, MOST_WRONG)


def test_of_a_long_file_the_beginning_is_read() -> None:
    rows = [f"40/{number}/26,3,B,18/05/2026,1" for number in range(1, MOST_READ + 10)]
    whole, long = tried(*rows[: MOST_READ - 1]), tried(*rows)
    assert (whole.rows, whole.more) == (MOST_READ - 1, False)
    assert (long.rows, long.more) == (MOST_READ - 1, True)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("victims.csv", b"NO\n1", "does not speak of a file of this name"),
        ("crimes.csv", b"", "it has no header"),
        ("crimes.csv", b"NO,V\n1,2", "it has no column 'ON'"),
        ("crimes.csv", b"\x1f\x8b\x08\x00packed", "its header cannot be read"),
        ("../../etc/passwd", b"NO\n1", "does not speak of a file of this name"),
    ],
)
def test_a_sample_that_cannot_be_read_is_refused_as_its_import_would_be(name: str, content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        try_profile(SMALL, name, content)


def test_an_example_is_named_and_never_a_path() -> None:
    assert published_text("wide").startswith("#")
    for name in ("../profiles/wide", "/etc/passwd", str(Path("wide.toml")), ""):
        assert published_text(name) == "", name
