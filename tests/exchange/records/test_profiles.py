"""A force's own columns and codes: the examples that come with the program, and profiles that are wrong."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.exchange.records.said import NOW, Records, small_force
from tests.force import VAULT
from victimcare.editions.law import published_law
from victimcare.exchange.records.files import records_in
from victimcare.exchange.records.lines import NothingToRead
from victimcare.exchange.records.preview import preview_records
from victimcare.exchange.records.profiles import (
    PUBLISHED,
    BadProfile,
    NoSuchProfile,
    find_profile,
    published_names,
    read_profile,
)
from victimcare.exchange.records.reading import Bad, Read

SAMPLES = Path(__file__).parents[3] / "docs/records"
SMALLEST = """
[profile]
name = "Small"
source = "small-rms"
[[export]]
id = "crimes"
like = "crimes*.csv"
days = "%d/%m/%Y"
[[export.record]]
kind = "crime"
[export.record.fields]
id = "NO"
version = "V"
crime_type = { column = "TYPE", codes = { B = "Burglary" } }
area = { always = "Luton" }
reported_at = { column = "ON", as = "day" }
recorded_at = { column = "ON", as = "day" }
"""


@pytest.fixture
def records(sqlite_url: str, tmp_path: Path) -> Records:
    return small_force(sqlite_url, tmp_path)


def profile(folder: Path, text: str) -> Path:
    (folder / "small.toml").write_text(text, "utf-8")
    return folder / "small.toml"


@pytest.mark.parametrize(("name", "cases", "events"), [("wide", 4, 1), ("tables", 2, 4)])
def test_each_example_reads_its_sample_and_again_changes_nothing(
    records: Records, name: str, cases: int, events: int
) -> None:
    with records.database.writing() as connection:  # the sample has crimes there too
        team = "SELECT 'third', 'Third', 'Central Bedfordshire', duty_supervisor_id FROM team WHERE area = 'Luton'"
        connection.execute(text(f"INSERT INTO team (id, name, area, duty_supervisor_id) {team}"))
    by = read_profile(find_profile(name))
    first = records.read(SAMPLES / name, profile=by)
    assert first.is_whole, records.rejects()
    assert records.rows("SELECT count(*) FROM victim_case") == [(cases,)]
    [(stored,)] = records.rows(
        "SELECT count(DISTINCT coalesce(crime_event_key, key)) FROM journey_event"
        " WHERE kind IN ('suspect_arrested', 'suspect_charged', 'contact_made', 'contact_attempted')"
    )
    assert stored == events
    standing = records.standing()
    assert records.read(SAMPLES / name, profile=by).is_whole
    assert records.standing() == standing
    records.database.close()


def test_there_are_two_examples_of_different_shape() -> None:
    assert list(published_names()) == ["tables", "wide"]
    assert {len(read_profile(path).exports) for path in PUBLISHED.glob("*.toml")} == {1, 5}


def test_what_the_profile_has_no_code_for_is_refused_by_its_field(records: Records) -> None:
    by = read_profile(profile(records.folder, SMALLEST))
    rows = ["NO,V,TYPE,ON", "1,1,B,18/05/2026", "2,1,canary,18/05/2026", "3,1,B,canary"]
    (records.folder / "crimes.csv").write_text("\n".join(rows), "utf-8")
    records.read(records.folder / "crimes.csv", profile=by)
    assert records.rejects() == [
        ["3", "crime_type", "the profile has no code for what stands there"],
        ["4", "reported_at", "it is no day as the profile has them"],
    ]
    assert records.rows("SELECT source, source_ref FROM crime") == [("small-rms", "1")]
    records.database.close()


def test_a_file_without_a_column_that_the_profile_asks_for_is_refused_whole(records: Records) -> None:
    by = read_profile(profile(records.folder, SMALLEST))
    (records.folder / "crimes.csv").write_text("NO,V,TYPE\n1,1,B\n", "utf-8")
    report = records.read(records.folder / "crimes.csv", profile=by)
    assert "it has no column 'ON', which the profile's crimes asks for" in report.refused[0].why
    records.database.close()


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ("[profile]", "[profile", "it is not valid TOML"),
        ('source = "small-rms"', 'source = "Small RMS"', "profile.source: it must be small letters"),
        (
            'kind = "crime"',
            'kind = "crimes"',
            "record[1].kind: there is no kind of record 'crimes' (did you mean 'crime'?)",
        ),
        ('area = { always = "Luton" }', 'arae = "X"', "fields.arae: there is no field 'arae' (did you mean 'area'?)"),
        ('id = "NO"\n', "", "fields.id: it is missing"),
        ('{ always = "Luton" }', '{ always = "L", column = "X" }', "fields.area: it must say a column, columns"),
        ('as = "day" }\nrec', 'as = "days" }\nrec', "fields.reported_at.as: it must be one of"),
        ('days = "%d/%m/%Y"', 'days = "%Q"', "export crimes: days: it must be a pattern of a date"),
        ('like = "crimes*.csv"', 'like = "crimes*.csv"\nencoding = "ebcdic"', "encoding: it must be one of"),
        ('like = "crimes*.csv"', 'like = "crimes*.csv"\ndelimter = ";"', "delimter: a profile has no such field here"),
        ("codes = { B =", "codes = { B = 1, C =", "codes.B: it must be words in quotation marks"),
    ],
)
def test_a_bad_profile_is_refused_by_file_and_key(tmp_path: Path, was: str, wrong: str, said: str) -> None:
    assert was in SMALLEST
    with pytest.raises(BadProfile) as refused:
        read_profile(profile(tmp_path, SMALLEST.replace(was, wrong, 1)))
    assert str(refused.value).startswith("small.toml: ")
    assert said in str(refused.value)


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NoSuchProfile, match="tables, wide"):
        find_profile("../wide")


def test_a_file_that_is_named_and_that_the_profile_does_not_read_is_refused(records: Records) -> None:
    by = read_profile(profile(records.folder, SMALLEST))
    (records.folder / "CRIMES-1.csv").write_text("NO,V,TYPE,ON\n1,1,B,18/05/2026\n", "utf-8")
    report = records.read(records.folder / "CRIMES-1.csv", profile=by)
    assert ["has no export of a file of this name" in each.why for each in report.refused] == [True]
    assert not report.is_whole
    with pytest.raises(NothingToRead, match="no file there has a name that the profile Small reads"):
        records.read(records.folder, profile=by)


def of_instants(records: Records, pattern: str, *instants: str) -> list[Read | Bad]:
    """What is read of these instants, as the version of a crime and as when it was reported."""
    text = SMALLEST.replace('days = "%d/%m/%Y"', f'instants = "{pattern}"').replace(
        '"V"', '{ column="ON", as="version"}'
    )
    by = read_profile(profile(records.folder, text.replace('as = "day"', 'as = "instant"')))
    rows = [f"{number},B,{instant}" for number, instant in enumerate(instants)]
    (records.folder / "crimes.csv").write_text("\n".join(["NO,TYPE,ON", *rows]), "utf-8")
    return list(records_in(records.folder / "crimes.csv", by))


def test_a_time_with_its_zone_is_of_that_zone(records: Records) -> None:
    [one] = of_instants(records, "%Y-%m-%dT%H:%M:%S%z", "2026-05-20T06:30:00+00:00")
    assert isinstance(one, Read)
    assert str(one.record.reported_at.at) == "2026-05-20 06:30:00+00:00"
    assert one.record.version == 1779258600


def test_no_version_is_made_of_a_time_that_the_clocks_have_twice_or_never(records: Records) -> None:
    read = of_instants(records, "%Y-%m-%dT%H:%M", "2025-10-26T01:50", "2026-03-29T01:30", "2025-10-26T02:00")
    assert [one.why.partition(":")[0] if isinstance(one, Bad) else "read" for one in read] == [
        "the clocks have that hour twice",
        "there was no such time",
        "read",
    ]


def test_a_row_of_which_the_profile_makes_nothing_is_counted(records: Records, tmp_path: Path) -> None:
    only_if = SMALLEST.replace('kind = "crime"\n', 'kind = "crime"\nonly_if = { TYPE = "B" }\n')
    by = read_profile(profile(tmp_path, only_if))
    export = tmp_path / "crimes.csv"
    export.write_text("NO,V,TYPE,ON\n1,1,B,18/05/2026\n2,1,X,18/05/2026\n3,1,,18/05/2026\n", "utf-8")
    report = records.read(export, profile=by)
    assert (report.passed_over, report.fates, report.is_whole) == (2, {"crime": {"new": 1}}, True)
    found = preview_records(records.database, [export], law=published_law(), vault=VAULT, now=NOW, profile=by)
    assert found.passed_over == 2
