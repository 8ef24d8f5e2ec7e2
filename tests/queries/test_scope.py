"""Nobody sees more than their role and team give them, by whichever query they ask."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

import victimcare.queries
from tests.force import Force
from tests.queries.caseload import TEAMS, open_cases
from tests.web.casework import A_SERVICE
from victimcare.domain.dip_sample import Month
from victimcare.domain.people import NO_LISTS, Action, CaseHolder, Person, Role, may
from victimcare.editions.escalation import published_ladder
from victimcare.editions.force_policy import published_policy
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.editions.workload import published_weights
from victimcare.queries.access_alerts import access_alerts, one_alert
from victimcare.queries.access_log import access_log
from victimcare.queries.agencies import agencies_here
from victimcare.queries.agency_cases import agency_case, agency_cases, agency_duties
from victimcare.queries.api_clients import api_clients_here, one_api_client
from victimcare.queries.before_contact import before_contact
from victimcare.queries.behind_the_figures import behind_the_figures
from victimcare.queries.board_actions import actions_as_published, actions_told_of, board_actions, measures
from victimcare.queries.board_pack import pack_source, source_again
from victimcare.queries.board_packs import pack_file, packs_asked_for
from victimcare.queries.breaches import case_breaches, causes_missing_by, causes_missing_in_team
from victimcare.queries.case_duties import own_agency_of
from victimcare.queries.case_list import CaseFilter, case_list
from victimcare.queries.case_lists import need_a_keeper, restricted_to_others, who_may_see
from victimcare.queries.case_page import case_page
from victimcare.queries.case_search import case_search
from victimcare.queries.closing import still_open
from victimcare.queries.code_checks import checked_editions, checked_entry
from victimcare.queries.compliance import compliance
from victimcare.queries.compliance_months import compliance_months
from victimcare.queries.contact_details import cases_reached_at, contact_details, custodians, reached_at
from victimcare.queries.covers import cover_page, standing_in
from victimcare.queries.decisions import decisions
from victimcare.queries.dip_samples import dip_samples, quality_by_month, sampled_case
from victimcare.queries.directory import directory, directory_entry
from victimcare.queries.edition_preview import edition_preview
from victimcare.queries.emergencies_in_team import emergencies_in_team
from victimcare.queries.emergency_access import emergencies, one_emergency
from victimcare.queries.equality import equality_answers
from victimcare.queries.event_choices import event_choices, is_recorded_by
from victimcare.queries.exports import files_taken
from victimcare.queries.feedback import case_feedback, team_feedback, words_to_read
from victimcare.queries.feedback_figures import (
    feedback_view,
    heard_by_area,
    heard_by_month,
    heard_of_all,
    heard_of_team,
)
from victimcare.queries.forecast import forecast
from victimcare.queries.hand_over import hand_over_of, handed_over, not_taken_over
from victimcare.queries.hand_over_choice import hand_over_choice
from victimcare.queries.hand_over_plan import SHARED, hand_over_plan
from victimcare.queries.holiday_preview import holiday_preview
from victimcare.queries.identity import identity_corrections
from victimcare.queries.incidents import clocks_of, incidents
from victimcare.queries.journey_figures import journey_figures
from victimcare.queries.keeping_in_touch import promises, unreached_by, unreached_in_team
from victimcare.queries.leaving import not_sent
from victimcare.queries.left_messages import messages_left_in, messages_overdue, messages_unplaced, messages_waiting
from victimcare.queries.messages import case_messages
from victimcare.queries.needs_gaps import needs_gaps
from victimcare.queries.notes import case_notes, location_told, location_told_of_any
from victimcare.queries.officer_loads import officer_loads, team_tally
from victimcare.queries.opened_cases import added_case, opened_cases
from victimcare.queries.other_cases import other_cases
from victimcare.queries.out_of_touch import out_of_touch
from victimcare.queries.own_notices import own_notices
from victimcare.queries.own_sign_ins import own_sign_ins
from victimcare.queries.people import one_person, people, teams_here
from victimcare.queries.periods import period_menu
from victimcare.queries.process_changes import process_changes
from victimcare.queries.questions import answers_to_read, case_questions, questions_in_team
from victimcare.queries.referral_gaps import referral_gaps
from victimcare.queries.referral_rate import referral_rate
from victimcare.queries.replays import replay_beside, replays_offered
from victimcare.queries.retention import case_retention, retention_page
from victimcare.queries.scope import (
    NotForTheBoard,
    as_holder,
    as_of_team,
    as_viewer,
    case_row,
    for_the_board,
    held_by,
    holders_of,
    not_barred,
    reachable_cases,
    team_of,
    visible_cases,
)
from victimcare.queries.second_person import waiting_for_second
from victimcare.queries.service_referrals import service_referral, service_referrals
from victimcare.queries.subject_access import record_held, who_looked
from victimcare.queries.support import support_page
from victimcare.queries.support_reached import support_reached
from victimcare.queries.team import team_page
from victimcare.queries.team_duties import DutyFilter, team_duties
from victimcare.queries.unheard import unheard
from victimcare.queries.verdicts import undecided_verdicts
from victimcare.queries.victim_page import victim_page
from victimcare.queries.victims_of_crime import victims_of_crime
from victimcare.queries.waiting import waiting, waiting_list
from victimcare.queries.watches import watched_by, watched_late_in_team
from victimcare.queries.webhooks import told_system
from victimcare.queries.witness_care import court_day
from victimcare.queries.worklist import worklist
from victimcare.store import outbox, outgoing_referrals, questions, services
from victimcare.store.cases import CASES, NoSuchCase
from victimcare.store.dues import DUES
from victimcare.store.outgoing_referrals import OUTGOING, NewOutgoing
from victimcare.store.staff import SYSTEM
from victimcare.store.vault import Vault

pytestmark = pytest.mark.both_engines  # every query is asked here

TODAY = date(2026, 7, 1)  # everything reported in May is overdue
NOW, VAULT = datetime(2026, 7, 1, 12, tzinfo=UTC), Vault(bytes(32))
HOLDERS = ("ash", "birch", "cedar", "elm", "fir")
SEES = {
    "ash": {"ash"},
    "birch": {"birch"},
    "cedar": {"cedar"},
    "elm": {"ash", "birch", "elm"},
    "fir": {"cedar", "fir"},
    "board": set(),
    "administrator": set(),
}
ABOUT_CASES = (
    Action.KEEP_CONTACT_DETAILS,
    Action.PROTECT_LOCATION,
    Action.SEE_CASE,
    Action.SEE_FILE,
    Action.PRINT_CASE,
    Action.SEE_REFERRAL,
    Action.RECORD_AT_COURT,
    Action.RECORD_EVENT,
    Action.RECORD_CONTACT,
    Action.REASSIGN,
    Action.VOID_CASE,
    Action.SEE_FOR_AGENCY,
    Action.RECORD_FOR_AGENCY,
)


def did_not_leave(connection: Connection, case_id: int) -> None:
    new = NewOutgoing("a-service", by_email=True, guardian_agreed=False, told_no_safe_way=False)
    made = outgoing_referrals.add(connection, case_id=case_id, new=new, by="ash", at=NOW)
    outbox.add_referral(connection, referral_id=made, case_id=case_id, on=TODAY, now=NOW)
    connection.execute(update(outbox.OUTBOX).values(status="failed"))
    asked = {"case_id": case_id, "words": "Canary", "contains_location": False, "by": "ash", "at": NOW, "vault": VAULT}
    questions.add(connection, **asked)
    questions.answer(connection, questions.add(connection, **asked), **asked)


@pytest.fixture
def refs(force: Force) -> dict[str, str]:
    """The reference of the case that each of them holds; the victim is named after the holder."""
    found = {
        holder: open_cases(force, [f"Canary of {holder}"], officer=holder, held=holder in ("elm", "fir"))[0].case.ref
        for holder in HOLDERS
    }
    with force.database.writing() as connection:
        connection.execute(update(CASES).values(promised_contact_on=TODAY, attempts=3))
        services.add(connection, [replace(A_SERVICE, id="a-service")], by="ash", at=NOW)
        for case_id in connection.execute(select(CASES.c.id)).scalars().all():
            did_not_leave(connection, case_id)
    return found


def test_the_condition_on_cases_says_what_the_table_of_roles_says(force: Force, refs: dict[str, str]) -> None:
    people = [getattr(force, name) for name in SEES] + [
        SYSTEM,
        Person("ash", "Now of another team", Role.SUPERVISOR, "bedford"),
        Person("nobody", "Of no team", Role.SUPERVISOR, None),
        Person("nobody", "Of no team", Role.OFFICER, None),
        replace(force.birch, covering=frozenset({"ash"})),
        replace(force.elm, covering=frozenset({"cedar"})),
        replace(force.board, covering=frozenset({"ash"})),
        *(
            Person("clerk", "Clerk Example", Role.WITNESS_CARE, areas=frozenset(areas))
            for areas in ([], ["Luton"], ["X"])
        ),
        *(Person("helper", "Helper Example", Role.SERVICE_USER, service_id=each) for each in (None, "a-service", "b")),
        *(Person("system", "A system", Role.API_CLIENT, service_id=each) for each in (None, "a-service", "b")),
        *(
            Person("court", "A system", Role.API_CLIENT, areas=frozenset(areas), agency=agency)
            for areas, agency in ((["Luton"], "hmcts"), ([], "hmcts"), (["X"], "hmcts"), (["Luton"], "cps"))
        ),
    ]
    with force.database.writing() as connection:
        of_ash = CASES.c.ref == refs["ash"]
        connection.execute(update(CASES).where(of_ash).values(at_court=True))
        of_cedar = OUTGOING.c.case_id == case_id_of(refs["cedar"])
        sent = OUTGOING.update().where(of_cedar)
        connection.execute(sent.values(event_key="sent", sealed_document=b"sealed"))
        owed = select(DUES).where(DUES.c.case_id == case_id_of(refs["ash"])).limit(1)
        row = dict(connection.execute(owed).mappings().one())
        of_court = {"rule": "X", "owed_by": "hmcts", "ended_on": None, "counting": "counted"}
        connection.execute(insert(DUES).values({**row, **of_court}))
    with force.database.reading() as connection:
        for person in people:
            for action in ABOUT_CASES:
                found = set(connection.execute(select(CASES.c.ref).where(visible_cases(person, action))).scalars())
                allowed = {ref for who, ref in refs.items() if may(person, action, held_by_one(who, person))}
                assert found == allowed, (person, action)


def case_id_of(ref: str) -> Any:
    return select(CASES.c.id).where(CASES.c.ref == ref).scalar_subquery()


def held_by_one(who: str, person: Person) -> CaseHolder:
    """Of ash the case is at court, which owes something there; one of cedar's is with a service."""
    concerns = {"hmcts"} if who == "ash" and "Luton" in person.areas else set()
    at_court_in, referred_to = "Luton" if who == "ash" else None, {"a-service"} if who == "cedar" else set()
    systems = {"concerns": frozenset(concerns), "location_protected": False}
    return CaseHolder(who, TEAMS[who], NO_LISTS, None, frozenset(referred_to), at_court_in, **systems)


@pytest.mark.parametrize("name", SEES)
def test_no_query_shows_anybody_a_case_out_of_their_reach(force: Force, refs: dict[str, str], name: str) -> None:
    person = getattr(force, name)
    with force.database.reading() as connection:
        shown = "".join(repr(view) for view in every_view(connection, force, person, refs))
    for holder, ref in refs.items():
        for canary in (ref, f"Canary of {holder}"):
            assert (canary in shown) is (holder in SEES[name]), (canary, "is" if canary in shown else "is not", "shown")


@pytest.mark.parametrize("name", ["board", "administrator"])
def test_roles_without_cases_get_empty_pages(force: Force, refs: dict[str, str], name: str) -> None:
    asked: dict[str, Any] = {"person": getattr(force, name), "today": TODAY, "law": force.law}
    with force.database.reading() as connection:
        day = worklist(connection, **asked)
        found = case_list(connection, wanted=CaseFilter(status="any"), page=1, **asked)
        team = team_page(connection, weights=published_weights(), **asked)
        choice = hand_over_choice(connection, weights=published_weights(), **asked)
        duties = team_duties(connection, wanted=DutyFilter(), **asked)
    lists = (day.overdue, day.due_today, day.due_soon, day.waiting)
    assert [len(each.rows) + each.total for each in lists] == [0] * 4
    assert (day.open_cases, found.total, found.rows, found.pages) == (0, 0, (), 1)
    assert (team.team_name, team.officers, team.overdue_total, team.held_total) == ("", (), 0, 0)
    assert (choice.held, choice.overdue, choice.takers, duties.duties, duties.total) == ((), (), (), (), 0)


@pytest.mark.parametrize("name", SEES)
def test_a_case_out_of_reach_and_no_case_at_all_are_refused_alike(
    force: Force, refs: dict[str, str], name: str
) -> None:
    with force.database.reading() as connection:
        for ref in ("CASE-99999", *(ref for holder, ref in refs.items() if holder not in SEES[name])):
            with pytest.raises(NoSuchCase, match="there is no such case, or it is not yours to see"):
                case_row(connection, getattr(force, name), ref)


@pytest.mark.parametrize("name", SEES)
def test_contact_details_and_notes_are_of_ones_own_cases_only(force: Force, refs: dict[str, str], name: str) -> None:
    person = getattr(force, name)
    asked: list[Callable[[Connection, str], object]] = [
        lambda c, ref: contact_details(c, person=person, ref=ref, now=NOW, vault=VAULT, policy=published_policy()),
        lambda c, ref: case_notes(c, person=person, ref=ref, vault=VAULT),
        lambda c, ref: identity_corrections(c, person=person, ref=ref, vault=VAULT),
        lambda c, ref: added_case(c, person=person, ref=ref, added_ref=ref),
        lambda c, ref: victims_of_crime(c, person=person, ref=ref),
        lambda c, ref: case_messages(c, person=person, ref=ref, vault=VAULT),
        lambda c, ref: location_told(c, person=person, ref=ref, words="LU1 2AB", vault=VAULT),
        lambda c, ref: custodians(c, person=person, ref=ref),
        lambda c, ref: access_log(c, person=person, ref=ref),
    ]
    with force.database.reading() as connection:
        for ref in (ref for holder, ref in refs.items() if holder not in SEES[name]):
            for ask in asked:
                with pytest.raises(NoSuchCase):
                    ask(connection, ref)


@pytest.mark.parametrize("name", sorted(SEES.keys() - {"board"}))
def test_only_the_board_has_the_boards_summaries(force: Force, name: str) -> None:
    with pytest.raises(NotForTheBoard):
        for_the_board(getattr(force, name))
    for_the_board(force.board)


def test_every_query_that_is_about_a_person_is_asked_here() -> None:
    """A new one must be added to `every_view`, or to those that show no case."""
    shows_no_case = {
        out_of_touch,  # test_out_of_touch.py
        directory,
        directory_entry,
        behind_the_figures,
        compliance,
        compliance_months,
        journey_figures,
        period_menu,
        referral_gaps,
        referral_rate,
        support_reached,
        visible_cases,
        case_row,
        for_the_board,
        quality_by_month,
        custodians,
        access_log,
    }
    shows_no_case.add(told_system)
    shows_no_case |= {opened_cases, added_case}  # just opened by the person: a reference and its officer, no victim
    shows_no_case |= {cases_reached_at, reached_at, location_told}  # tests/commands/test_contact_points.py
    shows_no_case.add(location_told_of_any)  # tests/web/routes/test_team.py
    shows_no_case.add(files_taken)  # of figures, for whoever may see the board: tests/web/routes/test_board.py
    shows_no_case |= {checked_editions, checked_entry}  # the law alone: tests/web/routes/test_code.py
    shows_no_case.add(holiday_preview)  # counts alone on a page: tests/web/routes/test_bank_holidays.py
    shows_no_case.add(edition_preview)  # counts alone: tests/web/routes/test_code_editions.py
    shows_no_case.add(agencies_here)  # tests/commands/test_ask_agencies.py
    shows_no_case |= {agency_cases, agency_case, agency_duties}  # by reference alone: tests/web/api/test_canaries.py
    shows_no_case |= {api_clients_here, one_api_client}  # tests/web/routes/test_api_clients.py
    shows_no_case |= {own_notices, unheard}  # tests/web/routes/test_own_notices.py
    shows_no_case |= {service_referrals, service_referral}  # tests/web/routes/test_service_referrals.py
    shows_no_case.add(event_choices)  # of a case that was read in scope: tests/web/routes/test_events.py
    shows_no_case.add(is_recorded_by)
    shows_no_case.add(own_agency_of)
    shows_no_case.add(own_sign_ins)  # tests/web/test_sign_in_life.py
    shows_no_case |= {people, one_person, teams_here}  # how many cases somebody holds: tests/web/routes/test_people.py
    of_the_team = {handed_over, not_taken_over, hand_over_of}  # tests/web/routes/test_hand_over.py
    shows_no_case.add(still_open)  # of a case that was read in scope: tests/web/routes/test_closing.py
    shows_no_case |= {
        holders_of,
        team_of,
        held_by,
        as_holder,
        as_of_team,
        as_viewer,
        not_barred,
        cover_page,
        standing_in,
    }
    shows_no_case |= {pack_source, source_again}  # published figures: tests/exchange/test_board_packs.py
    shows_no_case |= {replays_offered, replay_beside}  # counts alone: tests/web/routes/test_board_replays.py
    shows_no_case |= {packs_asked_for, pack_file}  # tests/web/routes/test_board_packs.py
    shows_no_case |= {process_changes}  # tests/web/routes/test_board_process_changes.py
    shows_no_case |= {
        board_actions,
        measures,
        actions_told_of,
        actions_as_published,
    }  # of figures: tests/web/routes/test_board_actions.py
    # Counts alone: tests/queries/test_feedback_figures.py.
    shows_no_case |= {feedback_view, heard_by_area, heard_by_month, heard_of_all, heard_of_team}
    of_the_team |= {case_feedback, team_feedback, words_to_read}  # tests/web/routes/test_feedback.py
    shows_no_case.add(files_taken)  # of figures: tests/web/routes/test_board.py
    shows_no_case |= {access_alerts, one_alert}  # tests/web/routes/test_access_alerts.py
    shows_no_case |= {reachable_cases, emergencies, one_emergency}  # tests/web/routes/test_emergency_access.py
    shows_no_case |= {restricted_to_others, need_a_keeper, who_may_see}  # test_case_lists.py
    of_the_team |= {decisions, undecided_verdicts, waiting, waiting_list}  # what waits in a team has its decisions
    shows_no_case |= {team_tally, officer_loads, team_page}  # counts of the team: tests/queries/test_team.py
    views = {
        worklist,
        court_day,
        case_list,
        case_search,
        case_page,
        support_page,
        victim_page,
        needs_gaps,
        equality_answers,
        contact_details,
        case_notes,
        case_messages,
    }
    views |= {dip_samples, sampled_case, forecast, team_duties, hand_over_choice, hand_over_plan, emergencies_in_team}
    views |= {other_cases, identity_corrections, victims_of_crime, before_contact}
    of_the_team |= {messages_waiting, messages_overdue, messages_unplaced, messages_left_in}  # test_left_messages.py
    views |= {watched_by, watched_late_in_team, causes_missing_by, causes_missing_in_team, case_breaches}
    views |= {promises, unreached_by, unreached_in_team, not_sent, case_questions, answers_to_read, questions_in_team}
    of_the_team |= {incidents, clocks_of}  # tests/web/routes/test_incidents.py
    of_the_team |= {record_held, who_looked}  # tests/web/routes/test_record_packs.py
    of_the_team |= {retention_page, case_retention}  # tests/web/routes/test_retention.py
    of_the_team.add(waiting_for_second)  # tests/web/routes/test_questions.py
    known = {function.__name__ for function in shows_no_case | views | of_the_team}
    assert {f.__name__ for f in queries_about_a_person()} == known


def every_view(connection: Connection, force: Force, person: Person, refs: dict[str, str]) -> list[object]:
    """All that the person can get to see, by every query."""
    asked: dict[str, Any] = {"person": person, "today": TODAY, "law": force.law}
    views: list[object] = [worklist(connection, limit=999, **asked)]
    views.append(team_duties(connection, wanted=DutyFilter(), size=999, **asked))
    weighed = {**asked, "weights": published_weights()}
    views += [hand_over_choice(connection, limit=999, of_officer=whose, **weighed) for whose in ("", *HOLDERS)]
    to_everybody = {"seen_officers": dict.fromkeys(refs.values()), "to": SHARED, "policy": published_policy()}
    views.append(hand_over_plan(connection, **to_everybody, **weighed).moves)
    views.append(dip_samples(connection, person=person, month=Month.of(date(2026, 5, 18)), questions=()))
    views.append(forecast(connection, **weighed).hearings)
    calendar = force.law.calendar
    views.append(emergencies_in_team(connection, person=person, today=TODAY, calendar=calendar))
    views.append(promises(connection, **asked))
    views.append(court_day(connection, **asked))
    views.append(not_sent(connection, person=person, today=TODAY))
    views += [look(connection, person=person) for look in (answers_to_read, questions_in_team)]
    views += [look(connection, person=person, after=1) for look in (unreached_by, unreached_in_team)]
    until = {"today": date(2026, 9, 1), "calendar": force.law.calendar, "ladder": published_ladder(), "limit": 999}
    watches = (watched_by, watched_late_in_team, causes_missing_by, causes_missing_in_team)
    views += [look(connection, person=person, **until) for look in watches]
    for wanted in (
        CaseFilter(status="any"),
        CaseFilter(late=True),
        CaseFilter(tier="standard"),
        *(
            CaseFilter(found=case_search(connection, person=person, words=words, vault=VAULT))
            for words in ("canary", "canary of fir", "canaary", "can", "case", "40", "_", "%")
        ),
    ):
        found = case_list(connection, wanted=wanted, page=1, **asked)
        assert found.total == len(found.rows)
        # What was asked for is said again on the page, and tells nothing.
        views.append(found.rows)
    for ref in refs.values():
        try:
            views.append(case_page(connection, ref=ref, agency_names={}, **asked))
            views.append(other_cases(connection, person=person, ref=ref))
            views.append(case_breaches(connection, person=person, ref=ref, law=force.law, vault=VAULT))
            views.append(equality_answers(connection, person=person, ref=ref, vault=VAULT))
            views.append(victim_page(connection, ref=ref, policy=published_policy(), vault=VAULT, **asked))
            views.append(
                contact_details(connection, person=person, ref=ref, now=NOW, vault=VAULT, policy=published_policy())
            )
            views.append(before_contact(connection, person=person, ref=ref, vault=VAULT))
            views.append(case_notes(connection, person=person, ref=ref, vault=VAULT))
            views.append(repr([(each.ref, each.name) for each in victims_of_crime(connection, person=person, ref=ref)]))
            views.append(identity_corrections(connection, person=person, ref=ref, vault=VAULT))
            views.append(
                support_page(
                    connection,
                    person=person,
                    ref=ref,
                    now=NOW,
                    law=force.law,
                    policy=published_referral_policy(),
                    contact=published_policy(),
                    vault=VAULT,
                )
            )
            views.append(case_questions(connection, person=person, ref=ref, vault=VAULT))
            views.append(case_messages(connection, person=person, ref=ref, vault=VAULT))
        except NoSuchCase:
            continue
    return views


def queries_about_a_person() -> list[Callable[..., object]]:
    modules = [
        import_module(f"victimcare.queries.{found.name}") for found in pkgutil.iter_modules(victimcare.queries.__path__)
    ]
    functions = [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    ]
    assert len(functions) > 10
    return [function for function in functions if "person" in inspect.signature(function).parameters]
