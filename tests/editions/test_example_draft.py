"""The invented edition, through assess(): three tiers and other limits, so that none can be in Python."""

from datetime import date
from pathlib import Path

import pytest

from tests.builders import duty, event, journey
from victimcare import editions
from victimcare.domain.entitlements import Entitlement, assess
from victimcare.editions.bank_holidays import load_calendar
from victimcare.editions.loader import load_code, load_edition

DRAFT = Path(editions.__file__).with_name("example-draft.toml")
CALENDAR = load_calendar()


def test_the_invented_edition_is_not_among_the_published_ones() -> None:
    assert load_edition(DRAFT).fictional
    assert "example-draft" not in {edition.id for edition in load_code().editions}


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
