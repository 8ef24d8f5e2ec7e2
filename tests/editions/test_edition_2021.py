"""The edition of 2021, held against a table of its duties copied out by hand."""

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders import event
from victimcare import domain
from victimcare.domain.code import Clock, Meeting, Rule, TimeLimit, Unit
from victimcare.domain.conditions import Answer
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.evidence import Evidence
from victimcare.editions.loader import published_code

CODE = published_code()
EDITION = CODE.edition("2021-04-01")
GRADES = {"V": "quoted", "B": "summary", "S": "secondary", "O": "earlier-code", "M": "recalled"}

# One line a duty. Days are working days; "std" and "enh" are what a standard and an enhanced victim may wait.
# The grades are of the duty itself, of its start, and of the two limits.
DUTIES = """
rule        right  owed by                std  enh  clock       duty  start  std  enh
R3-WRIT     3      police                 5    1    happened    B     V      V    V
R3-INFO     3      police                 5    1    happened    B     V      V    V
R3-RJ       3      police                 5    1    happened    V     V      V    V
R4-REF      4      police                 2    2    happened    V     S      V    V
R6-ARR      6      police                 5    1    happened    B     B      B    B
R6-INT      6      police                 5    1    happened    B     B      B    B
R6-REL      6      police                 5    1    happened    B     B      B    B
R6-BAIL     6      police                 5    1    happened    B     B      B    B
R6-NOINV    6      police                 5    1    happened    B     B      B    B
R6-CHG      6      police                 5    1    happened    S     S      S    S
R6-OOCD     6      police                 5    1    happened    S     S      S    S
R6-POLNFA   6      police                 5    1    happened    S     S      S    M
R6-CPSNFA   6      cps                    5    1    happened    O     O      O    O
R6-CPSALT   6      cps                    5    1    happened    O     O      O    O
R8-HEAR     8      witness_care_unit      1    1    received    B     B      B    B
R8-CBAIL    8      witness_care_unit      5    1    received    B     B      B    B
R8-WARR     8      witness_care_unit      5    1    received    B     B      B    B
R8-EVID     8      witness_care_unit      1    1    received    B     B      B    B
R9-OUT      9      witness_care_unit      1    1    received    B     B      B    B
R9-SENT     9      witness_care_unit      1    1    received    B     B      B    B
R9-ULS      9      witness_care_unit      1    1    received    S     S      S    S
R9-APP      9      witness_care_unit      1    1    received    O     O      O    O
R9-UKSC     9      supreme_court_registry 1    1    happened    O     O      O    O
R10-EXP     10     cps                    10   10   received    O     O      O    O
R11-VCSREF  11     witness_care_unit      10   10   happened    B     B      B    B
R11-VLO     11     probation              20   20   happened    B     B      B    B
R12-ACK     12     police                 10   10   received    O     O      O    O
H-COURT8    8      hmcts                  5    5    hearing_on  B     B      B    B
H-COURT9    9      hmcts                  5    5    hearing_on  B     B      B    B
"""
ROWS = [line.split() for line in DUTIES.strip().splitlines()[1:]]

STARTS = """
R3-WRIT    crime_reported
R3-INFO    crime_reported
R3-RJ      crime_reported
R4-REF     crime_reported
R6-ARR     suspect_arrested
R6-INT     suspect_interviewed
R6-REL     suspect_released_without_charge
R6-BAIL    suspect_bailed suspect_released_under_investigation bail_conditions_changed bail_cancelled
R6-NOINV   decided_not_to_investigate
R6-CHG     suspect_charged
R6-OOCD    out_of_court_disposal
R6-POLNFA  police_decided_no_prosecution
R6-CPSNFA  cps_decided_no_charge
R6-CPSALT  cps_changed_charges
R6-AGREED  contact_interval_agreed contact_made
R8-HEAR    hearing_listed hearing_adjourned
R8-CBAIL   bail_result_received
R8-WARR    warrant_received rearrest_result_received
R8-EVID    required_to_give_evidence
R9-OUT     court_outcome_received
R9-SENT    sentence_received
R9-ULS     sentence_received
R9-APP     appeal_news_received
R9-UKSC
R10-EXP    expenses_claim_completed
R11-VCSREF sentence_received
R11-VLO    vcs_referred
R12-ACK    complaint_made
H-COURT8   hearing_listed hearing_adjourned
H-COURT9   hearing_listed hearing_adjourned
"""

# What meets a duty, where it is not that the victim was told.
MET_OTHERWISE = {
    "R3-WRIT": {"contact_made", "written_confirmation_sent"},
    "R4-REF": {"referral_sent"},
    "R6-AGREED": set[str](),
    "R9-UKSC": set[str](),
    "R10-EXP": {"expenses_paid"},
    "R11-VCSREF": {"vcs_referred"},
    "R11-VLO": {"vcs_first_contact"},
    "R12-ACK": {"complaint_acknowledged", "complaint_answered"},
    "H-COURT8": set[str](),
    "H-COURT9": set[str](),
}
WITHOUT_A_LIMIT = {"R9-CCRC", "R10-PROP", "R11-FNO", "R11-ESC", "H-YOT", "H-WITN"}


def working_days(amount: str, grade: str) -> TimeLimit:
    return TimeLimit(int(amount), Unit.WORKING_DAYS, Evidence(GRADES[grade]))


def owed_by(rule_id: str, **details: str | bool) -> str:
    rule = EDITION.rule(rule_id)
    return rule.owed_by.of(event(min(rule.starts_on), "2026-03-02", details=details))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_duty_of_the_table_is_there_with_its_exact_limits_and_evidence(row: list[str]) -> None:
    rule_id, right, agency, standard, enhanced, clock, of_duty, of_start, of_standard, of_enhanced = row
    rule = EDITION.rule(rule_id)
    assert (rule.right, rule.owed_by.otherwise, rule.clock) == (int(right), agency, Clock(clock))
    assert EDITION.limit(rule, "standard") == working_days(standard, of_standard)
    assert EDITION.limit(rule, "enhanced") == working_days(enhanced, of_enhanced)
    assert (rule.source.evidence, rule.start_evidence) == (GRADES[of_duty], GRADES[of_start])


def test_there_is_no_duty_that_the_table_does_not_have() -> None:
    assert {rule.id for rule in EDITION.rules} == {row[0] for row in ROWS} | {"R6-AGREED"}


@pytest.mark.parametrize("line", STARTS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_each_clock_starts_on_its_own_events(line: str) -> None:
    rule_id, *kinds = line.split()
    assert EDITION.rule(rule_id).starts_on == set(kinds)


@pytest.mark.parametrize("rule", EDITION.rules, ids=lambda rule: rule.id)
def test_each_duty_is_met_by_what_the_table_says_must_be_done(rule: Rule) -> None:
    assert rule.met_by == MET_OTHERWISE.get(rule.id, {"contact_made"})


def test_on_every_day_since_1_april_2021_exactly_one_edition_is_in_force() -> None:
    day, last = date(2021, 4, 1), date(2031, 12, 31)
    while day <= last:
        assert [edition.id for edition in CODE.editions if edition.covers(day)] == [CODE.in_force(day).id]  # type: ignore[union-attr]
        day += timedelta(days=1)


def test_before_1_april_2021_no_edition_is_in_force() -> None:
    assert CODE.in_force(date(2021, 3, 31)) is None


def test_nothing_fictional_is_loaded_unasked() -> None:
    assert not [edition.id for edition in CODE.editions if edition.fictional]


@pytest.mark.parametrize("rule", EDITION.rules, ids=lambda rule: rule.id)
def test_no_rule_lacks_citation_source_evidence_or_the_day_it_was_checked(rule: Rule) -> None:
    assert rule.source.cites
    assert rule.source.seen_in
    assert rule.source.checked_on == date(2026, 11, 21)
    assert rule.source.evidence in Evidence
    assert rule.start_evidence in Evidence


@pytest.mark.parametrize("rule", EDITION.rules, ids=lambda rule: rule.id)
def test_every_event_kind_named_exists(rule: Rule) -> None:
    named = rule.starts_on | rule.met_by | rule.confirmed_by | rule.superseded_by
    assert named
    assert named <= set(EVENT_KINDS)


def test_what_was_not_seen_quoted_or_summarised_is_marked_not_verified() -> None:
    unverified = {row[0] for row in ROWS if set(row[6:]) & set("SOM")}
    assert {rule.id for rule in EDITION.rules if not rule.verified} == unverified


def test_the_twelve_rights_are_named_and_each_has_something_to_do() -> None:
    assert [right.number for right in EDITION.rights] == list(range(1, 13))
    assert {duty.right for duty in EDITION.untimed} == set(range(1, 13))


def test_a_duty_for_which_no_number_was_found_is_on_the_checklist_and_not_a_rule() -> None:
    listed = {duty.id for duty in EDITION.untimed}
    assert listed >= WITHOUT_A_LIMIT
    assert not any(EDITION.has_rule(rule_id) for rule_id in WITHOUT_A_LIMIT)


def test_restorative_justice_is_explained_by_the_youth_offending_team_where_the_offender_is_under_18() -> None:
    assert owed_by("R3-RJ", offender_under_18=True) == "yot"
    assert owed_by("R3-RJ", offender_under_18=False) == "police"
    assert owed_by("R3-RJ") == "police"


def test_an_out_of_court_disposal_is_told_by_whoever_decided_it() -> None:
    assert owed_by("R6-OOCD", decided_by="cps") == "cps"
    assert owed_by("R6-OOCD") == "police"


def test_a_decision_not_to_charge_is_told_by_the_prosecutor_unless_the_police_do() -> None:
    assert owed_by("R6-CPSNFA") == "cps"
    assert owed_by("R6-CPSNFA", told_by="police") == "police"


def test_a_complaint_is_answered_by_the_agency_complained_of() -> None:
    assert owed_by("R12-ACK", complained_of="probation") == "probation"


@pytest.mark.parametrize(
    ("rule_id", "tellings"),
    [
        ("R6-NOINV", {"reasons", "support"}),
        ("R6-POLNFA", {"reasons", "information", "review", "support"}),
        ("R6-CPSNFA", {"reasons", "information", "review", "support"}),
        ("R6-CPSALT", {"decision", "reasons"}),
    ],
)
def test_some_decisions_must_be_told_in_several_parts(rule_id: str, tellings: set[str]) -> None:
    assert {telling.id for telling in EDITION.rule(rule_id).due_tellings({})} == tellings


def test_only_where_all_proceedings_end_must_the_victim_hear_of_the_right_to_review() -> None:
    rule = EDITION.rule("R6-CPSALT")
    assert "review" in {telling.id for telling in rule.due_tellings({"all_proceedings_ended": True})}
    assert "review" not in {telling.id for telling in rule.due_tellings({"all_proceedings_ended": False})}


@pytest.mark.parametrize(
    ("details", "answer"),
    [
        ({"specified_offence": True, "custody_months": 12}, Answer.YES),
        ({"specified_offence": True, "custody_months": 11}, Answer.NOT_YET_KNOWN),
        ({"specified_offence": True, "custody_months": 11, "hospital_order": False}, Answer.NO),
        ({"specified_offence": False, "custody_months": 60, "hospital_order": False}, Answer.NO),
        ({"hospital_order": True}, Answer.YES),
        ({}, Answer.NOT_YET_KNOWN),
    ],
)
def test_referral_to_the_contact_scheme_depends_on_the_sentence(details: dict[str, bool | int], answer: Answer) -> None:
    assert EDITION.rule("R11-VCSREF").condition.ask(details) is answer


def test_the_courts_own_clocks_are_owed_to_the_witness_care_unit_and_met_by_the_result() -> None:
    assert {rule.id for rule in EDITION.rules if rule.owed_to == "witness_care_unit"} == {
        "H-COURT8",
        "H-COURT9",
        "R9-UKSC",
    }
    for rule_id, results in {
        "H-COURT8": {"bail_result_received", "warrant_received", "rearrest_result_received"},
        "H-COURT9": {"court_outcome_received", "sentence_received"},
        "R9-UKSC": {"supreme_court_result_received"},
    }.items():
        rule = EDITION.rule(rule_id)
        assert (rule.meeting, rule.confirmed_by) == (Meeting.CONFIRMED, results)


@pytest.mark.parametrize(
    ("hearing", "expected"),
    [("bail", "H-COURT8"), ("trial", "H-COURT9"), ("sentence", "H-COURT9"), ("first", None), ("plea", None)],
)
def test_a_listed_hearing_is_expected_to_end_with_the_result_of_its_kind(hearing: str, expected: str | None) -> None:
    clocks = [EDITION.rule(rule_id) for rule_id in ("H-COURT8", "H-COURT9")]
    asked = [rule.id for rule in clocks if rule.condition.ask({"hearing_type": hearing}) is Answer.YES]
    assert asked == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("details", "answer"),
    [({"as_witness": True}, Answer.YES), ({"as_witness": False}, Answer.NO), ({}, Answer.NOT_YET_KNOWN)],
)
def test_expenses_are_those_of_somebody_required_to_give_evidence(details: dict[str, bool], answer: Answer) -> None:
    assert EDITION.rule("R10-EXP").condition.ask(details) is answer


def test_a_new_hearing_date_takes_the_place_of_the_one_before() -> None:
    superseded = {rule.id: rule.superseded_by for rule in EDITION.rules if rule.superseded_by}
    assert set(superseded) == {"R8-HEAR", "H-COURT8", "H-COURT9"}
    assert all(kinds >= {"hearing_listed", "hearing_adjourned"} for kinds in superseded.values())


def test_bail_is_awaited_of_no_hearing_at_which_the_case_ended() -> None:
    ended = EDITION.rule("H-COURT8").superseded_by - EDITION.rule("R8-HEAR").superseded_by
    assert ended == EDITION.rule("H-COURT9").confirmed_by


def test_the_unduly_lenient_sentence_scheme_is_told_with_the_sentence() -> None:
    sentence, scheme = EDITION.rule("R9-SENT").limits, EDITION.rule("R9-ULS").limits
    assert {tier: limit.amount for tier, limit in scheme.items()} == {
        tier: limit.amount for tier, limit in sentence.items()
    }
    assert {limit.evidence for limit in scheme.values()} == {Evidence.SECONDARY}


def test_the_agreed_interval_has_no_number_but_the_one_agreed() -> None:
    rule = EDITION.rule("R6-AGREED")
    assert rule.recurring
    assert rule.meeting is Meeting.ANY_CONTACT
    assert not rule.limits
    assert rule.limit_from_event is not None
    assert (rule.limit_from_event.field, rule.limit_from_event.unit) == ("interval_days", Unit.CALENDAR_DAYS)


@pytest.mark.parametrize(
    ("deadline_id", "limit", "starts_on"),
    [
        ("T-CICA", TimeLimit(24, Unit.CALENDAR_MONTHS, Evidence.SUMMARY), EventKind.CRIME_REPORTED),
        ("T-ULS", TimeLimit(28, Unit.CALENDAR_DAYS, Evidence.QUOTED), EventKind.SENTENCE_RECEIVED),
        ("T-VRR-CPS", TimeLimit(10, Unit.WORKING_DAYS, Evidence.SECONDARY), EventKind.CPS_DECIDED_NO_CHARGE),
        ("T-VRR-CPS-OUTER", TimeLimit(3, Unit.CALENDAR_MONTHS, Evidence.SECONDARY), EventKind.CPS_DECIDED_NO_CHARGE),
        ("T-VRR-CPS-ENDED", TimeLimit(10, Unit.WORKING_DAYS, Evidence.SECONDARY), EventKind.CPS_CHANGED_CHARGES),
        (
            "T-VRR-CPS-ENDED-OUTER",
            TimeLimit(3, Unit.CALENDAR_MONTHS, Evidence.SECONDARY),
            EventKind.CPS_CHANGED_CHARGES,
        ),
        ("T-VRR-POL", TimeLimit(3, Unit.CALENDAR_MONTHS, Evidence.SECONDARY), EventKind.POLICE_DECIDED_NO_PROSECUTION),
    ],
)
def test_the_victims_own_deadlines(deadline_id: str, limit: TimeLimit, starts_on: EventKind) -> None:
    (deadline,) = [deadline for deadline in EDITION.own_deadlines if deadline.id == deadline_id]
    assert (deadline.limit, deadline.starts_on) == (limit, {starts_on})


def test_the_two_years_for_compensation_run_from_the_incident() -> None:
    (deadline,) = [deadline for deadline in EDITION.own_deadlines if deadline.id == "T-CICA"]
    assert deadline.day_field == "incident_on"


def test_titles_are_short_enough_for_a_worklist() -> None:
    assert max(len(rule.title) for rule in EDITION.rules) <= 55


@pytest.mark.parametrize("file", sorted(Path(domain.__file__).parent.glob("*.py")), ids=lambda file: file.name)
def test_the_domain_names_no_tier_and_no_rule(file: Path) -> None:
    """A tier or rule named in Python would be law outside its edition."""
    named = {rule.id for rule in EDITION.rules} | {tier.id for tier in EDITION.tiers}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not words & named
