"""The demonstration: the same every time, all of it invented, and something of everything in it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import MadeOnce, NewDatabase
from tests.contents import contents_hash
from tests.exchange.published import crime_id, outcome, outcomes_file, street, street_file
from victimcare.commands.sign_in import HASHER
from victimcare.domain.api_scopes import SCOPES_OF
from victimcare.domain.case import Case
from victimcare.domain.entitlements import Standing, assess
from victimcare.domain.hand_over import MAY_NOT
from victimcare.domain.journey import Journey
from victimcare.domain.people import Role
from victimcare.domain.referral import Step, support_of
from victimcare.editions.escalation import published_ladder
from victimcare.editions.force_policy import published_policy
from victimcare.editions.law import published_law
from victimcare.editions.workload import published_weights
from victimcare.exchange.demonstration.build import NotEmpty, Plan, build_demonstration, state_of
from victimcare.exchange.demonstration.people import AREAS, PASSPHRASE, USERNAMES
from victimcare.exchange.demonstration.systems import SYSTEM_ID
from victimcare.exchange.police_uk import import_police_uk
from victimcare.queries.breaches import causes_missing_in_team
from victimcare.queries.decisions import decisions
from victimcare.queries.emergencies_in_team import emergencies_in_team
from victimcare.queries.emergency_access import emergencies, one_emergency
from victimcare.queries.hand_over_plan import hand_over_plan
from victimcare.queries.installation import is_demonstration
from victimcare.queries.job_runs import job_notices
from victimcare.queries.worklist import worklist
from victimcare.store import api_clients, staff
from victimcare.store.concerned import concerning
from victimcare.store.database import Database
from victimcare.store.dues import derive
from victimcare.store.journeys import journeys_of
from victimcare.store.vault import Vault

LAW = published_law()
VAULT = Vault(b"0" * 32)
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
SMALL = Plan(SUNDAY, victims=60)


@pytest.fixture(scope="module")
def demonstration(made_once: MadeOnce) -> Iterator[Database]:
    """A demonstration that is big enough to have something of everything."""
    file = made_once("demonstration", lambda url: built(Database(url), Plan(WEDNESDAY, victims=1100)).close())
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def empty(migrated_database: NewDatabase) -> Iterator[Database]:
    yield from a_database(migrated_database)


@pytest.fixture
def another(migrated_database: NewDatabase) -> Iterator[Database]:
    """One more database of the same kind as `empty`."""
    yield from a_database(migrated_database)


def a_database(migrated_database: NewDatabase) -> Iterator[Database]:
    database = Database(migrated_database())
    yield database
    database.close()


def built(database: Database, plan: Plan = SMALL, **options: Any) -> Database:
    build_demonstration(database, plan, law=LAW, vault=VAULT, **options)
    return database


def rows(database: Database, query: str) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(text(query)))


def values(database: Database, query: str) -> list[Any]:
    return [row[0] for row in rows(database, query)]


def test_the_same_plan_makes_the_same_content(empty: Database, another: Database) -> None:
    assert contents_hash(built(empty)) == contents_hash(built(another))


def test_another_seed_makes_another_content(sqlite_url: str, demonstration: Database) -> None:
    other = built(Database(sqlite_url), replace(SMALL, seed=2))
    assert set(values(other, "SELECT ref FROM victim_case")).isdisjoint(
        values(demonstration, "SELECT ref FROM victim_case")
    )


def test_interrupted_and_built_again_it_ends_the_same(empty: Database, another: Database) -> None:
    class Interrupted(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        raise Interrupted

    plan = replace(SMALL, victims=180)
    with pytest.raises(Interrupted):
        built(empty, plan, progress=stop)
    with empty.reading() as connection:
        assert state_of(connection).unfinished == plan
    later = replace(plan, at=WEDNESDAY)
    assert contents_hash(built(empty, later)) == contents_hash(built(another, plan))
    with empty.reading() as connection:
        assert state_of(connection).unfinished is None


def test_it_is_never_mixed_with_cases_that_are_there(empty: Database, tmp_path: Path) -> None:
    street_file(tmp_path, "2023-01", street("one", "2023-01"))
    import_police_uk(empty, [tmp_path], law=LAW, now=SUNDAY)
    before = contents_hash(empty)
    with pytest.raises(NotEmpty, match="never mixed"):
        built(empty)
    assert contents_hash(empty) == before
    assert values(empty, "SELECT count(*) FROM account") == [0]


def test_it_is_built_once(sqlite_url: str) -> None:
    database = built(Database(sqlite_url))
    with pytest.raises(NotEmpty):
        built(database)


def test_the_staff_are_60_officers_in_12_teams_with_a_supervisor_each(demonstration: Database) -> None:
    people = rows(demonstration, "SELECT role, team_id, area FROM person LEFT JOIN team ON team.id = team_id")
    assert Counter(person.role for person in people) == {
        "officer": 60,
        "supervisor": 12,
        "board": 1,
        "board_member": 1,
        "administrator": 1,
        "directory_editor": 1,
        "privacy_reviewer": 1,
        "code_lead": 1,
        "service_user": 1,
        "witness_care": 1,
        "system": 1,
        "api_client": 1,
    }
    in_teams = Counter(person.team_id for person in people if person.role == "officer")
    assert (len(in_teams), set(in_teams.values())) == (12, {5})
    assert {person.area for person in people if person.area} == {"Bedford Borough", "Central Bedfordshire", "Luton"}
    supervisors = "SELECT count(*) FROM team JOIN person ON person.id = duty_supervisor_id AND team_id = team.id"
    assert values(demonstration, supervisors) == [12]


def test_the_system_of_a_court_is_registered_and_there_are_cases_that_concern_it(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        court = api_clients.client(connection, SYSTEM_ID)
        assert court is not None
        assert (court.person.agency, court.person.areas, court.disabled) == ("hmcts", frozenset(AREAS), False)
        assert court.scopes == SCOPES_OF["hmcts"]
        assert len(connection.execute(concerning("hmcts")).all()) > 10


def test_the_accounts_have_the_printed_passphrase_and_every_role(demonstration: Database) -> None:
    accounts = rows(demonstration, "SELECT username, password_hash, role FROM account JOIN person ON id = person_id")
    assert {account.username for account in accounts} == set(USERNAMES)
    assert {account.role for account in accounts} == {
        "officer",
        "supervisor",
        "board",
        "board_member",
        "administrator",
        "directory_editor",
        "privacy_reviewer",
        "code_lead",
        "service_user",
        "witness_care",
    }
    assert all(HASHER.verify(PASSPHRASE, account.password_hash) for account in accounts)
    with demonstration.reading() as connection:
        assert is_demonstration(connection)


def test_no_name_number_or_address_could_be_somebodys(demonstration: Database) -> None:
    names = values(
        demonstration,
        "SELECT name FROM victim UNION ALL SELECT name FROM person WHERE role NOT IN ('system', 'api_client')",
    )
    assert [name for name in names if not re.fullmatch(r"[A-Z][a-z]+ Example-[A-Z][a-z]+", name)] == []
    drama = {
        "phone": r"07700 900\d{3}|01632 960\d{3}",
        "address": r"\d+ Invented Street\nSampleton\nLU99 \dZZ",
        "email": r"[a-z]+\.example-[a-z]+\.\d+@example\.org",
    }
    points = rows(demonstration, "SELECT id, kind, sealed, safety FROM contact_point")
    opened = [(point.kind, VAULT.open(point.sealed, row_id=point.id)) for point in points]
    assert {kind for kind, _ in opened} == set(drama)
    assert [value for kind, value in opened if not re.fullmatch(drama[kind], value)] == []
    assert {point.safety for point in points} == {"safe", "unsafe", "not_confirmed", "do_not_use"}
    addresses = values(demonstration, "SELECT email FROM person WHERE email IS NOT NULL")
    assert all(address.endswith("@example.org") for address in addresses)


def test_about_a_fifth_of_the_victims_are_referred(demonstration: Database) -> None:
    referred = values(demonstration, "SELECT count(DISTINCT case_id) FROM journey_event WHERE kind = 'referral_sent'")
    assert 0.15 < referred[0] / 1000 < 0.25


def test_referrals_stand_at_every_step_and_none_is_out_of_turn(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        cases = {row.id: row.ref for row in connection.execute(text("SELECT id, ref FROM victim_case"))}
        supports = [support_of(journey) for journey in journeys_of(connection, cases).values()]
    assert {referral.now.step for support in supports for referral in support.referrals} == set(Step)
    assert [support.out_of_turn for support in supports if support.out_of_turn] == []
    assert any(support.gaps for support in supports)
    services = values(demonstration, "SELECT name FROM service")
    assert {referral.service for support in supports for referral in support.referrals} <= set(services)
    assert [name for name in services if "Example" not in name] == ["Bedfordshire Victim Care Services"]


def test_compliance_is_imperfect_and_not_hopeless_for_the_police_and_the_witness_care_unit(
    demonstration: Database,
) -> None:
    for agency in ("police", "witness_care_unit"):
        dues = rows(
            demonstration,
            f"SELECT due_on, ended_on FROM due WHERE counting = 'counted' AND ending = 'met' AND owed_by = '{agency}'",
        )
        kept = sum(due.ended_on <= due.due_on for due in dues) / len(dues)
        assert 0.7 < kept < 0.95


def test_of_most_late_duties_of_the_police_somebody_said_why_and_of_some_nobody_did(demonstration: Database) -> None:
    found = values(demonstration, "SELECT cause FROM breach WHERE owed_by = 'police' AND overturned_by IS NULL")
    given = Counter(found)
    assert 0.03 < given.pop(None) / len(found) < 0.25
    assert len(given) >= 6
    both = "SELECT found_at, given_at FROM breach b LEFT JOIN breach_cause c ON c.breach_id = b.id"
    found_and_said = rows(demonstration, both)
    assert all(row.found_at < row.given_at for row in found_and_said if row.given_at), "found before anybody said why"
    assert max(row.given_at or row.found_at for row in found_and_said) <= str(WEDNESDAY)


def test_of_some_open_cases_nobody_said_in_time_why_something_was_late(demonstration: Database) -> None:
    how: dict[str, Any] = {"today": WEDNESDAY.date(), "calendar": LAW.calendar, "ladder": published_ladder()}
    with demonstration.reading() as connection:
        supervisors = [staff.person(connection, f"supervisor-{number:02}") for number in range(1, 13)]
        found = [causes_missing_in_team(connection, person=person, **how).total for person in supervisors]
    assert sum(found) >= 3


def test_supervisors_looked_at_cases_of_the_newest_quarter_that_is_over_and_some_wait(demonstration: Database) -> None:
    months = Counter(values(demonstration, "SELECT month FROM quality_answer"))
    assert sorted(months) == ["2026-07", "2026-08", "2026-09"]
    assert min(months.values()) > 300
    answered = Counter(values(demonstration, "SELECT answer FROM quality_answer"))
    assert answered["yes"] > answered["no"] > 0
    assert answered["cannot_tell"] > 0


def test_nothing_in_it_warns_of_mail_that_does_not_leave(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        assert not [said for said in job_notices(connection, WEDNESDAY) if "waiting to be sent" in said]


def test_every_standing_is_there(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        cases = {row.id: row.ref for row in connection.execute(text("SELECT id, ref FROM victim_case"))}
        journeys = journeys_of(connection, cases)
    owed = [e for journey in journeys.values() for e in assess(journey, LAW.code, LAW.calendar)]
    assert {entitlement.standing_on(WEDNESDAY.date()) for entitlement in owed} == set(Standing)


def test_nothing_in_it_is_later_than_its_today(demonstration: Database) -> None:
    assert values(demonstration, "SELECT max(recorded_at) FROM journey_event")[0] <= str(WEDNESDAY)
    oldest = values(demonstration, "SELECT min(happened_on) FROM journey_event")[0]
    assert "2025-05" <= oldest <= "2025-06"


@pytest.mark.parametrize("at", [SUNDAY, WEDNESDAY, datetime(2026, 12, 28, 8, tzinfo=UTC)])
def test_the_officer_of_the_account_has_a_days_work_on_any_day_of_the_week(sqlite_url: str, at: datetime) -> None:
    database = built(Database(sqlite_url), Plan(at, victims=60))
    with database.reading() as connection:
        officer = staff.person(connection, "officer-01")
        work = worklist(connection, person=officer, today=at.date(), law=LAW)
    assert officer.role is Role.OFFICER
    totals = [work.overdue.total, work.due_today.total, work.due_soon.total, work.waiting.total]
    assert min(totals) >= 1
    assert sum(totals) >= 12
    assert [row.rule for row in work.overdue.rows].count("R6-ARR") >= 2


def test_every_officer_has_something_overdue_due_and_waiting(demonstration: Database) -> None:
    today = WEDNESDAY.date()
    with demonstration.reading() as connection:
        work = [
            worklist(connection, person=staff.person(connection, f"officer-{n:02}"), today=today, law=LAW)
            for n in range(1, 61)
        ]
    lacking = [w for w in work if not (w.overdue.total and w.due_today.total and w.due_soon.total and w.waiting.total)]
    assert lacking == []
    totals = sorted(w.overdue.total for w in work)
    assert totals[-1] >= 3 * totals[len(totals) // 2]


def test_some_cases_are_held_by_a_duty_supervisor_because_nobody_with_the_training_is_there(
    demonstration: Database,
) -> None:
    held = rows(demonstration, "SELECT role FROM victim_case c JOIN person p ON p.id = c.officer_id WHERE held")
    assert len(held) >= 3
    assert {row.role for row in held} == {"supervisor"}


def test_what_happened_to_a_crime_is_shared_by_its_victims(demonstration: Database) -> None:
    shared = rows(
        demonstration,
        "SELECT crime_event_key, count(DISTINCT e.kind) AS kinds, count(DISTINCT crime_id) AS crimes"
        " FROM journey_event e JOIN victim_case c ON c.id = e.case_id WHERE crime_event_key IS NOT NULL"
        " GROUP BY crime_event_key HAVING count(*) > 1",
    )
    assert len(shared) > 50
    assert {(row.kinds, row.crimes) for row in shared} == {(1, 1)}


def test_what_is_stored_is_what_is_derived(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        cases = {row.id: row for row in connection.execute(text("SELECT * FROM victim_case WHERE id % 20 = 0"))}
        journeys = journeys_of(connection, {case_id: row.ref for case_id, row in cases.items()})
        stored = Counter(values(demonstration, "SELECT case_id FROM due WHERE case_id % 20 = 0"))
    for case_id, row in cases.items():
        case = Case(row.ref, journeys[case_id], 1, row.area, row.crime_type)
        assert len(derive(case_id, case, LAW)[1]) == stored[case_id]


def test_every_event_could_have_been_recorded_by_hand(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        cases = {row.id: row for row in connection.execute(text("SELECT * FROM victim_case"))}
        journeys = journeys_of(connection, {case_id: row.ref for case_id, row in cases.items()})
    for journey in journeys.values():
        in_turn = sorted(journey.events, key=lambda event: (event.recorded_at, event.corrects is not None))
        case = Case(journey.case_ref, Journey(journey.case_ref, ()), 0, "Luton", "Burglary")
        for event in in_turn:
            case = case.record(event)


def test_on_published_crimes_months_and_outcomes_are_real_and_days_are_invented(
    empty: Database, tmp_path: Path
) -> None:
    files = tmp_path / "published"
    street_file(files, "2022-03", *(street(name, "2022-03") for name in "abcdefghijkl"), street("", "2022-03"))
    outcomes_file(files, "2022-05", *(outcome(name, "2022-05") for name in "abcdef"))
    built(empty, replace(SMALL, victims=10, police_uk=files))
    reported = rows(
        empty,
        "SELECT happened_on, precision, name FROM journey_event e JOIN victim_case c ON c.id = e.case_id"
        " JOIN crime k ON k.id = c.crime_id JOIN victim v ON v.id = c.victim_id"
        " WHERE k.source = 'police-uk' AND kind = 'crime_reported'",
    )
    assert len(reported) == 12
    assert {str(row.happened_on)[:7] for row in reported} == {"2022-03"}
    assert {row.precision for row in reported} == {"instant"}
    assert all("Example-" in row.name for row in reported)
    charged = rows(
        empty,
        "SELECT k.source_ref, happened_on FROM journey_event e JOIN victim_case c ON c.id = e.case_id"
        " JOIN crime k ON k.id = c.crime_id WHERE k.source = 'police-uk' AND kind = 'suspect_charged'",
    )
    assert {row.source_ref for row in charged} == {crime_id(name) for name in "abcdef"}
    assert {str(row.happened_on)[:7] for row in charged} == {"2022-05"}
    assert len({str(row.happened_on) for row in reported}) > 3


def test_importing_the_same_files_afterwards_changes_nothing(empty: Database, tmp_path: Path) -> None:
    files = tmp_path / "published"
    street_file(files, "2022-03", street("one", "2022-03"), street("two", "2022-03"))
    outcomes_file(files, "2022-05", outcome("one", "2022-05"), outcome("two", "2022-05", "Local resolution"))
    built(empty, replace(SMALL, victims=10, police_uk=files))
    report = import_police_uk(empty, [files], law=LAW, now=SUNDAY)
    assert (report.cases, report.events, report.unchanged) == (0, 0, 4)


def test_the_day_of_a_demonstration_is_londons(sqlite_url: str) -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    database = built(Database(sqlite_url), Plan(late, victims=30))
    away = values(database, "SELECT absent_until_on FROM person WHERE absent_until_on IS NOT NULL")
    assert set(away) == {str(date(2026, 7, 11))}


def test_messages_and_referrals_wait_leave_and_fail(demonstration: Database) -> None:
    of_account = "IN (SELECT id FROM victim_case WHERE officer_id = 'officer-01')"
    for kind in ("message", "referral"):
        table = {"message": "message", "referral": "outgoing_referral"}[kind]
        states = (
            f"SELECT DISTINCT o.status FROM {table} m JOIN outbox o ON o.{kind}_id = m.id WHERE m.case_id {of_account}"
        )
        assert {"waiting", "cancelled"} <= set(values(demonstration, states)), kind
    sent = "SELECT count(*) FROM message m JOIN outbox o ON o.message_id = m.id WHERE o.status = 'sent'"
    assert values(demonstration, sent)[0] > 0
    held = "SELECT count(*) FROM outbox WHERE status = 'waiting' AND next_try_at > created_at"
    assert values(demonstration, held)[0] > 0
    printed = f"SELECT count(printed_at), count(*) FROM outgoing_referral WHERE NOT by_email AND case_id {of_account}"
    ((ready, waiting),) = rows(demonstration, printed)
    assert 0 < ready < waiting
    assert values(demonstration, "SELECT count(*) FROM journey_event WHERE kind = 'no_service_fits'")[0] > 0


def test_a_good_reason_a_void_and_a_link_wait_for_a_second_person(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        supervisor = staff.person(
            connection, staff.person(connection, "officer-01").team_id.replace("team", "supervisor")
        )
        assert decisions(connection, person=supervisor, law=LAW).total
    assert values(demonstration, "SELECT count(*) FROM journey_event WHERE kind = 'case_void_requested'") == [1]
    assert values(demonstration, "SELECT count(*) FROM case_link WHERE confirmed_by IS NULL") == [1]


def test_the_board_declared_one_change_that_says_it_is_invented(demonstration: Database) -> None:
    changes = rows(demonstration, "SELECT agency, reason, decided_by, from_on FROM process_change")
    assert [(change.agency, change.decided_by) for change in changes] == [("police", "board")]
    assert changes[0].reason.startswith("Invented")
    quarters = values(demonstration, "SELECT DISTINCT quarter FROM publication ORDER BY quarter")
    assert quarters[-4] == f"{changes[0].from_on[:4]}-q{(int(changes[0].from_on[5:7]) + 2) // 3}"


def test_of_good_reasons_some_wait_some_were_agreed_and_some_refused(demonstration: Database) -> None:
    with demonstration.reading() as connection:
        supervisor = staff.person(connection, "supervisor-01")
        assert decisions(connection, person=supervisor, law=LAW).total >= 2, "one to agree to and one to refuse"
    decided = "SELECT DISTINCT kind FROM journey_event WHERE kind IN ('good_reason_agreed', 'good_reason_refused')"
    assert len(values(demonstration, decided)) == 2


def test_one_case_cannot_be_handed_to_an_officer_who_is_connected_to_it(demonstration: Database) -> None:
    theirs = rows(demonstration, "SELECT ref, officer_id FROM victim_case WHERE officer_id = 'officer-01'")
    with demonstration.reading() as connection:
        plan = hand_over_plan(
            connection,
            person=staff.person(connection, "supervisor-01"),
            seen_officers={row.ref: row.officer_id for row in theirs},
            to="officer-02",
            today=WEDNESDAY.date(),
            law=LAW,
            weights=published_weights(),
            policy=published_policy(),
        )
    assert [why for _, why in plan.refused] == [MAY_NOT]
    assert len(plan.moves) == len(theirs) - 1


def test_one_emergency_access_waits_for_its_review_and_one_was_reviewed(demonstration: Database) -> None:
    today, calendar = WEDNESDAY.date(), LAW.calendar
    with demonstration.reading() as connection:
        reviewer = staff.person(connection, "privacy-reviewer-1")
        found = emergencies(connection, person=reviewer, today=today, calendar=calendar)
        in_full = [
            one_emergency(connection, person=reviewer, number=one.number, today=today, calendar=calendar, vault=VAULT)
            for one in found
        ]
        supervisor = staff.person(connection, "supervisor-01")
        assert emergencies_in_team(connection, person=supervisor, today=today, calendar=calendar).total == 1
    assert [(one.outcome, one.overdue) for one in found] == [(None, False), ("justified", False)]
    for one in in_full:
        assert one is not None
        assert one.words.startswith("Invented: ")
        assert [access.what for access in one.accesses[1:3]] == ["case", "how to contact safely"]
