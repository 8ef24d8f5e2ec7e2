"""An edition file is read whole or refused with a sentence that names file, entry and field."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.builders import duty, event, journey
from victimcare.domain.code import (
    Evidence,
    Meeting,
    OverlappingEditions,
    TimeLimit,
    Unit,
)
from victimcare.domain.conditions import Answer
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.editions import loader
from victimcare.editions.bank_holidays import load_calendar
from victimcare.editions.loader import BadEdition, load_code, load_edition, published_code

DRAFT = Path(loader.__file__).with_name("example-draft.toml")
CALENDAR = load_calendar()

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


def test_the_invented_edition_is_not_among_the_published_ones() -> None:
    assert load_edition(DRAFT).fictional
    assert "example-draft" not in {edition.id for edition in load_code().editions}


# ------------------------------------------------ the invented edition, through assess(): three tiers and other limits


def owed_under_the_draft(tier: str | None, *more: tuple[str, str]) -> dict[str, Entitlement]:
    code = load_code([DRAFT])
    needs = [event("needs_assessed", "2027-03-01", tier=tier)] if tier else []
    happened = [event(kind, on, subject="Suspect 1" if kind != "crime_recorded" else None) for kind, on in more]
    return {owed.rule.id: owed for owed in assess(journey(*needs, *happened), code, CALENDAR)}


@pytest.mark.parametrize(
    ("tier", "confirmed_by", "told_by"),
    [
        # Recorded on Wednesday 24 March 2027: Good Friday is 26, Easter Monday 29 March.
        (None, date(2027, 3, 31), date(2027, 4, 9)),
        ("standard", date(2027, 3, 31), date(2027, 4, 9)),
        ("enhanced", date(2027, 3, 31), date(2027, 4, 1)),
        ("child", date(2027, 3, 30), date(2027, 3, 26)),
    ],
)
def test_each_of_three_tiers_has_its_own_limit(tier: str | None, confirmed_by: date, told_by: date) -> None:
    owed = owed_under_the_draft(tier, ("crime_recorded", "2027-03-24"), ("suspect_arrested", "2027-03-24"))
    assert {rule_id: duty.due_on for rule_id, duty in owed.items()} == {"R3-WRIT": confirmed_by, "R6-ARR": told_by}
    assert owed["R3-WRIT"].owed_by == "victims_office"


def test_a_month_ends_on_the_last_day_of_a_shorter_month() -> None:
    owed = owed_under_the_draft("child", ("vcs_referred", "2027-01-31"))
    assert owed["R11-VLO"].due_on == date(2027, 2, 28)


def test_a_report_or_an_interview_starts_nothing_under_the_draft() -> None:
    assert not owed_under_the_draft(None, ("crime_reported", "2027-03-24"), ("suspect_interviewed", "2027-03-24"))


def test_the_draft_asks_for_other_things_to_be_told() -> None:
    decision = event("cps_decided_no_charge", "2027-03-24", key="decision", subject="Suspect 1")
    said = duty("R6-CPSNFA", "decision", "reasons")
    call = event("contact_made", "2027-03-25", answers=[said], channel="phone")
    (owed,) = assess(journey(decision, call), load_code([DRAFT]), CALENDAR)
    assert [telling.id for telling in owed.outstanding] == ["meeting"]
    assert owed.ending is None
