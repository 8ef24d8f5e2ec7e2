"""An edition file is read whole or refused with a sentence that names file, entry and field."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from tests.builders import event
from victimcare.domain.code import (
    Evidence,
    Meeting,
    OverlappingEditions,
    OwnDeadline,
    Right,
    Rule,
    Source,
    Tier,
    TimeLimit,
    Unit,
    UntimedDuty,
)
from victimcare.domain.conditions import Answer
from victimcare.domain.event_kinds import EventKind
from victimcare.editions.loader import BadEdition, load_code, load_edition, published_code

SMALL = """
[edition]
id = "2030-01-01"
title = "A small edition"
in_force_from = 2030-01-01
source = "Invented"
checked_on = 2026-11-21

[[right]]
number = 6
title = "News"

[[agency]]
id = "police"
title = "Police"

[[agency]]
id = "cps"
title = "Crown Prosecution Service"

[[tier]]
id = "standard"
title = "Standard"
default = true

[[tier]]
id = "enhanced"
title = "Enhanced"

[[rule]]
id = "TOLD"
right = 6
title = "Tell the victim"
says = "Tell the victim that charges were stopped."
owed_by = { otherwise = "police", cases = [
  { condition = { detail = "all_proceedings_ended", is = true }, agency = "cps" },
] }
starts_on = ["cps_changed_charges"]
start_evidence = "quoted"
clock = "happened"
subject = "suspect"
met_by = ["contact_made"]
in_writing = true
must_tell = [{ id = "why", says = "Why" }, { id = "next", says = "What next" }]
condition = { any = [{ detail = "all_proceedings_ended", is = true }] }
limits.standard = { working_days = 4, evidence = "quoted" }
limits.enhanced = { working_days = 2, evidence = "summary" }
cites = "Paragraph 1"
evidence = "quoted"
seen_in = "A book"
checked_on = 2026-11-21

[[rule]]
id = "SAME"
right = 6
title = "Tell the victim more"
says = "Tell the victim more."
owed_by = { field = "decided_by", otherwise = "police" }
starts_on = ["out_of_court_disposal"]
start_evidence = "quoted"
clock = "happened"
met_by = ["contact_made"]
limits = { same_as = "TOLD", evidence = "summary" }
cites = "Paragraph 2"
evidence = "quoted"
seen_in = "A book"
checked_on = 2026-11-21

[[rule]]
id = "COURT"
right = 6
title = "Pass on the result"
says = "Pass on the result."
owed_by = "police"
owed_to = "cps"
meeting = "confirmed"
starts_on = ["hearing_listed"]
start_evidence = "quoted"
clock = "hearing_on"
subject = "hearing"
confirmed_by = ["court_outcome_received"]
superseded_by = ["hearing_adjourned"]
condition = { detail = "hearing_type", in = ["trial"] }
limits.standard = { working_days = 4, evidence = "quoted" }
cites = "Paragraph 3"
evidence = "quoted"
seen_in = "A book"
checked_on = 2026-11-21

[[rule]]
id = "OFTEN"
right = 6
title = "Keep in touch"
says = "Keep in touch."
owed_by = "police"
recurring = true
meeting = "any_contact"
starts_on = ["contact_interval_agreed", "contact_made"]
start_evidence = "quoted"
clock = "happened"
limit_from_event = { field = "interval_days", unit = "calendar_days", evidence = "quoted" }
cites = "Paragraph 4"
evidence = "quoted"
seen_in = "A book"
checked_on = 2026-11-21

[[own_deadline]]
id = "ASK"
title = "Ask"
says = "Ask in time."
starts_on = ["crime_reported"]
day_field = "incident_on"
limit = { calendar_months = 2, evidence = "quoted" }
cites = "Paragraph 5"
evidence = "quoted"
seen_in = "A book"
checked_on = 2026-11-21

[[untimed]]
id = "LISTEN"
right = 6
says = "Listen."
evidence = "quoted"
"""

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        path = tmp_path / "2030-01-01.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(path: Path) -> BadEdition:
    with pytest.raises(BadEdition) as refused:
        load_edition(path)
    assert path.name in str(refused.value)
    return refused.value


def test_a_small_edition_is_read_as_written(written: Written) -> None:
    edition = load_edition(written(SMALL))
    told, same, court, often = edition.rules
    assert (edition.id, edition.in_force_from, edition.in_force_to) == ("2030-01-01", date(2030, 1, 1), None)
    assert (edition.default_tier, edition.fictional) == ("standard", False)
    assert told.limits["standard"] == TimeLimit(4, Unit.WORKING_DAYS, Evidence.QUOTED)
    assert [telling.id for telling in told.must_tell] == ["why", "next"]
    assert (told.in_writing, same.in_writing) == (True, False)
    assert told.condition.ask({"all_proceedings_ended": False}) is Answer.NO
    assert told.owed_by.of(event("cps_changed_charges", "2030-01-07", all_proceedings_ended=True)) == "cps"
    assert same.limits == {
        "standard": TimeLimit(4, Unit.WORKING_DAYS, Evidence.SUMMARY),
        "enhanced": TimeLimit(2, Unit.WORKING_DAYS, Evidence.SUMMARY),
    }
    assert (court.meeting, court.owed_to) == (Meeting.CONFIRMED, "cps")
    assert court.confirmed_by == {EventKind.COURT_OUTCOME_RECEIVED}
    assert often.recurring
    assert edition.own_deadlines[0].limit == TimeLimit(2, Unit.CALENDAR_MONTHS, Evidence.QUOTED)
    assert edition.untimed[0].says == "Listen."


BAD = tomllib.loads(Path(__file__).with_name("bad_editions.toml").read_text(encoding="utf-8"))["bad"]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad["what"])
def test_a_bad_file_is_refused_by_entry_and_field(written: Written, bad: dict[str, str]) -> None:
    assert bad["change"] in SMALL
    refused = refusal(written(SMALL.replace(bad["change"], bad["to"], 1)))
    assert (refused.entry, refused.field) == (bad["entry"], bad["field"])
    assert bad["words"] in refused.problem
    named = filter(None, ("2030-01-01.toml", refused.entry, refused.field, refused.problem))
    assert str(refused) == ": ".join(named) + "."


@pytest.mark.parametrize("kind", ["right", "agency", "tier", "rule"])
def test_an_edition_without_any_entry_of_a_needed_kind_is_refused(written: Written, kind: str) -> None:
    entries = SMALL.split("\n[")
    refused = refusal(written("\n[".join(part for part in entries if not part.startswith(f"[{kind}]]"))))
    assert (refused.field, refused.problem) == (kind, "there is none")


def test_a_file_that_is_not_toml_is_refused(written: Written) -> None:
    assert "not valid TOML" in refusal(written("[edition\n")).problem


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "2030-01-01.toml").problem


def test_the_refusal_reads_as_a_sentence(written: Written) -> None:
    refused = refusal(written(SMALL.replace('["hearing_listed"]', '["hearing_listd"]')))
    assert str(refused) == (
        "2030-01-01.toml: rule COURT: starts_on: there is no event kind 'hearing_listd' "
        "(did you mean 'hearing_listed'?)."
    )


def test_editions_are_read_oldest_first_and_must_not_overlap(written: Written, tmp_path: Path) -> None:
    later = written(SMALL)
    earlier = tmp_path / "2029-01-01.toml"
    open_ended = SMALL.replace("2030-01-01", "2029-01-01")
    earlier.write_text(open_ended, encoding="utf-8")
    with pytest.raises(OverlappingEditions):
        load_code([later, earlier])
    closed = "in_force_from = 2029-01-01\nin_force_to = 2030-01-01"
    earlier.write_text(open_ended.replace("in_force_from = 2029-01-01", closed), encoding="utf-8")
    code = load_code([later, earlier])
    assert [edition.id for edition in code.editions] == ["2029-01-01", "2030-01-01"]


def test_a_rule_is_not_verified_where_only_its_agreed_limit_is_not(written: Written) -> None:
    agreed = 'unit = "calendar_days", evidence = '
    recalled = load_edition(written(SMALL.replace(f'{agreed}"quoted"', f'{agreed}"recalled"')))
    assert load_edition(written(SMALL)).rule("OFTEN").verified
    assert not recalled.rule("OFTEN").verified


def test_the_published_code_is_read_once() -> None:
    assert published_code() is published_code()


@pytest.mark.parametrize("entry", [Rule, OwnDeadline, UntimedDuty, Tier, Right])
def test_the_guide_names_every_field_of_an_edition_file(entry: type[Rule]) -> None:
    guide = (Path(__file__).parents[2] / "docs/the-code.md").read_text(encoding="utf-8")
    names = {name.name for name in fields(entry)} - {"source"} | {name.name for name in fields(Source)}
    assert not {name for name in names if not re.search(rf"`{name}\b", guide)}
