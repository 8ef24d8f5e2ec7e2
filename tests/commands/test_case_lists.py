"""Keeping somebody from a case: at once, never leaving it without an officer, and nobody who is kept from it hears."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.force import MONDAY, VAULT, Force, a_force
from tests.outbox import give_addresses, send_all
from victimcare.commands.add_victim import JoiningVictim, add_victim
from victimcare.commands.declare_conflict import declare_conflict
from victimcare.commands.exclude_from_case import Exclusion, end_exclusion, exclude_from_case
from victimcare.commands.keep_out import OF_THE_CRIME, ListRefused
from victimcare.commands.protect_location import CannotBeCustodian, protect_location
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.record_crime import NewVictim
from victimcare.commands.record_event import open_for
from victimcare.commands.remind import duties_at_a_step, remind
from victimcare.commands.restrict_case import lift_restriction, name_keeper, restrict_case
from victimcare.commands.take_message import Caller, Left, Said, take_message
from victimcare.domain.cover import Cover
from victimcare.domain.journey import Moment
from victimcare.domain.people import NO_LISTS, Action, CaseLists, Person, Role
from victimcare.editions.escalation import published_ladder
from victimcare.editions.force_policy import published_policy
from victimcare.queries.case_lists import who_may_see
from victimcare.store import covers, kept_forms, protections
from victimcare.store.cases import CASES, NoSuchCase, load
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import Audit

LATER = datetime(2026, 6, 3, 9, tzinfo=UTC)
WHY = "The suspect is a cousin of theirs"
GORSE = Person("gorse", "Gorse Example", Role.SUPERVISOR, "luton")


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    with force.database.writing() as connection:
        row = {"id": GORSE.id, "name": GORSE.name, "role": GORSE.role.value, "team_id": GORSE.team_id}
        connection.execute(PEOPLE.insert().values(row))
    yield force
    force.database.close()


@pytest.fixture
def ref(force: Force) -> str:
    return force.record_crime(officer_of_open_case="ash")[0].case.ref


def exclude(
    force: Force, ref: str, person_id: str, *, by: Person | None = None, officer: str = "", of_crime: bool = False
) -> None:
    with force.database.writing() as connection:
        asked = {"by": by or force.elm, "now": LATER, "law": force.law, "vault": VAULT}
        exclude_from_case(connection, ref=ref, exclusion=Exclusion(person_id, WHY, officer, of_crime), **asked)


def restrict(force: Force, ref: str, *names: str, by: Person | None = None) -> None:
    with force.database.writing() as connection:
        asked = {"by": by or force.elm, "now": LATER, "vault": VAULT}
        restrict_case(connection, ref=ref, names=names, reason=WHY, **asked)


def stands(force: Force, ref: str) -> tuple[str, CaseLists | None]:
    with force.database.writing() as connection:
        stored = load(connection, ref)
    return stored.case.holder.officer_id, stored.lists


def said_in_audit(force: Force) -> list[tuple[str, str]]:
    with force.database.reading() as connection:
        rows = connection.execute(select(Audit.what, Audit.person_id).order_by(Audit.seq))  # type: ignore[call-overload]
        return [(row.what, row.person_id) for row in rows]


def test_whoever_holds_a_case_loses_it_and_the_sight_of_it_in_one_action(force: Force, ref: str) -> None:
    with pytest.raises(ListRefused, match="Choose who takes the case"):
        exclude(force, ref, "ash")
    exclude(force, ref, "ash", officer="birch")
    assert stands(force, ref) == ("birch", CaseLists(frozenset({"ash"})))
    with force.database.writing() as connection, pytest.raises(NoSuchCase):
        open_for(connection, ref, force.ash, Action.RECORD_EVENT)
    assert ("exclude from case", "elm") in said_in_audit(force)


def test_a_reason_is_sealed_and_stands_nowhere_else(force: Force, ref: str) -> None:
    exclude(force, ref, "birch")
    with force.database.reading() as connection:
        for table in ("case_listing", "audit", "journey_event", "assignment"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert WHY not in repr(rows)
            assert WHY.encode() not in repr(rows).encode()


def test_an_exclusion_that_ended_gives_the_sight_back_and_not_the_case(force: Force, ref: str) -> None:
    exclude(force, ref, "ash", officer="birch")
    with force.database.writing() as connection:
        end_exclusion(connection, ref=ref, person_id="ash", by=force.elm, now=LATER)
        with pytest.raises(ListRefused):
            end_exclusion(connection, ref=ref, person_id="ash", by=force.elm, now=LATER)
    assert stands(force, ref) == ("birch", NO_LISTS)


@pytest.mark.parametrize("who", ["ash", "birch", "cedar", "fir", "board", "administrator"])
def test_only_a_supervisor_of_the_team_keeps_the_lists(force: Force, ref: str, who: str) -> None:
    person = getattr(force, who)
    for act in (
        lambda: exclude(force, ref, "birch", by=person),
        lambda: restrict(force, ref, by=person),
    ):
        with pytest.raises(NoSuchCase):
            act()
    assert stands(force, ref) == ("ash", NO_LISTS)


def test_who_is_chosen_must_work_cases_and_whoever_takes_the_case_may_not_be_kept_from_it(
    force: Force, ref: str
) -> None:
    for person_id in ("board", "admin", "nobody", "elm"):
        with pytest.raises(ListRefused):
            exclude(force, ref, person_id)
    exclude(force, ref, "birch")
    for officer in ("birch", "ash", "cedar", "nobody"):
        with pytest.raises(ListRefused):
            exclude(force, ref, "ash", officer=officer)
    with pytest.raises(ListRefused, match="already"):
        exclude(force, ref, "birch")


def test_a_declared_conflict_gives_the_case_to_the_supervisor_on_duty_at_once(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        kept_forms.add(
            connection, person_id="ash", path=f"/cases/{ref}/notes", typed={"words": ["x"]}, at=LATER, vault=VAULT
        )
        asked: dict[str, Any] = {"reason": WHY, "now": LATER, "law": force.law, "vault": VAULT}
        declare_conflict(connection, ref=ref, by=force.ash, **asked)
        with pytest.raises(NoSuchCase):
            declare_conflict(connection, ref=ref, by=force.ash, **asked)
        assert connection.execute(select(CASES.c.held)).scalar_one() is True
        assert connection.exec_driver_sql("SELECT count(*) FROM kept_form").scalar_one() == 0
    assert stands(force, ref) == ("elm", CaseLists(frozenset({"ash"})))
    assert ("declare conflict", "ash") in said_in_audit(force)


def three_victims(force: Force) -> list[str]:
    """The cases of three victims of one crime, all of them held by one officer."""
    opened = force.record_crime("Wren Sample", "Lark Sample", "Finch Sample", officer_of_open_case="ash")
    return [stored.case.ref for stored in opened]


def test_of_a_crime_somebody_is_excluded_from_every_case_at_once(force: Force) -> None:
    first, second, third = three_victims(force)
    restrict(force, third, "gorse", by=GORSE)
    exclude(force, first, "ash", officer="birch", of_crime=True)
    assert [stands(force, ref)[0] for ref in (first, second, third)] == ["birch", "elm", "gorse"]
    for ref in (first, second, third):
        lists = stands(force, ref)[1]
        assert lists is not None
        assert "ash" in lists.excluded
        with force.database.writing() as connection, pytest.raises(NoSuchCase):
            open_for(connection, ref, force.ash, Action.RECORD_EVENT)
    with force.database.reading() as connection:
        held = {row.ref: row.held for row in connection.execute(select(CASES.c.ref, CASES.c.held))}
    assert held == {first: False, second: True, third: True}
    assert said_in_audit(force).count(("exclude from case of the same crime", "elm")) == 2


def test_of_one_victim_alone_somebody_keeps_the_cases_of_the_others(force: Force) -> None:
    first, *others = three_victims(force)
    exclude(force, first, "ash", officer="birch")
    assert [stands(force, ref) for ref in others] == [("ash", NO_LISTS)] * 2


def test_who_declares_a_conflict_with_the_crime_gives_every_case_of_it_up(force: Force) -> None:
    first, *others = three_victims(force)
    with force.database.writing() as connection:
        asked: dict[str, Any] = {"reason": WHY, "now": LATER, "law": force.law, "vault": VAULT}
        declare_conflict(connection, ref=first, by=force.ash, of_crime=True, **asked)
    assert [stands(force, ref) for ref in (first, *others)] == [("elm", CaseLists(frozenset({"ash"})))] * 3


def test_why_is_said_only_where_it_was_written_and_of_the_others_in_a_sentence_of_ours(force: Force) -> None:
    first, second, _ = three_victims(force)
    exclude(force, first, "birch", of_crime=True)
    with force.database.reading() as connection:
        reasons = [
            who_may_see(connection, person=force.elm, ref=ref, vault=VAULT).excluded[0].reason
            for ref in (first, second)
        ]
    assert reasons == [WHY, OF_THE_CRIME]


def test_from_a_case_of_the_crime_that_is_theirs_no_more_nobody_is_excluded_twice(force: Force) -> None:
    first, second, _ = three_victims(force)
    exclude(force, second, "birch")
    exclude(force, first, "birch", of_crime=True)
    with force.database.reading() as connection:
        assert len(who_may_see(connection, person=force.elm, ref=second, vault=VAULT).excluded) == 1


def test_of_a_restricted_case_it_goes_to_a_supervisor_who_may_see_it_and_else_one_is_named(
    force: Force, ref: str
) -> None:
    restrict(force, ref, "gorse", by=GORSE)
    asked: dict[str, Any] = {"reason": WHY, "now": LATER, "law": force.law, "vault": VAULT}
    with force.database.writing() as connection:
        declare_conflict(connection, ref=ref, by=force.ash, **asked)
    assert stands(force, ref)[0] == "gorse"
    with force.database.writing() as connection:
        declare_conflict(connection, ref=ref, by=GORSE, **asked)
    holder, lists = stands(force, ref)
    assert holder == "elm"
    assert lists is not None
    assert not lists.bars("elm")


def test_a_custodian_who_is_kept_out_passes_the_location_on(force: Force, ref: str) -> None:
    with force.database.writing() as connection:
        protect = {"reason": "A reason of fifteen", "by": force.elm, "now": LATER, "vault": VAULT}
        protect_location(connection, ref=ref, custodian_id="ash", **protect)
    exclude(force, ref, "ash", officer="birch")
    with force.database.writing() as connection:
        found = protections.current(connection, load(connection, ref).id)
        assert found is not None
        assert found.custodian_id == "elm"
        told = select(OUTBOX.c.recipient_id).where(OUTBOX.c.step == "custody_taken")
        assert list(connection.execute(told).scalars()) == ["gorse"], "not whoever is kept out"
        with pytest.raises(CannotBeCustodian):
            protect_location(connection, ref=ref, custodian_id="ash", **protect)


def test_a_restriction_names_the_officer_and_whoever_restricts_and_can_be_changed_and_lifted(
    force: Force, ref: str
) -> None:
    restrict(force, ref, "birch")
    assert stands(force, ref)[1] == CaseLists(restricted_to=frozenset({"ash", "birch", "elm"}))
    restrict(force, ref, "gorse")
    assert stands(force, ref)[1] == CaseLists(restricted_to=frozenset({"ash", "gorse", "elm"}))
    with pytest.raises(ListRefused):
        restrict(force, ref, "board")
    with force.database.writing() as connection:
        lift_restriction(connection, ref=ref, by=force.elm, now=LATER)
    assert stands(force, ref)[1] == NO_LISTS


def test_nobody_who_is_kept_from_a_case_is_handed_it_and_the_answer_says_so(force: Force, ref: str) -> None:
    exclude(force, ref, "birch")
    with force.database.writing() as connection:
        asked: dict[str, Any] = {"why": "leave", "by": force.elm, "now": LATER, "law": force.law, "vault": VAULT}
        done = reassign_cases(connection, refs=[ref], to_officer_id="birch", **asked)
    assert done.refused == ((ref, "this officer may not be given this case"),)
    assert stands(force, ref)[0] == "ash"


def test_an_administrator_names_a_keeper_only_where_there_is_none(force: Force, ref: str) -> None:
    restrict(force, ref)
    asked: dict[str, Any] = {"ref": ref, "supervisor_id": "gorse", "now": LATER}
    with force.database.writing() as connection:
        with pytest.raises(NoSuchCase):
            name_keeper(connection, by=force.administrator, **asked)
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "elm").values(active=False))
        for person in (force.ash, force.elm, GORSE, force.board):
            with pytest.raises(NoSuchCase):
                name_keeper(connection, by=person, **asked)
        with pytest.raises(ListRefused):
            name_keeper(connection, by=force.administrator, **{**asked, "supervisor_id": "fir"})
        name_keeper(connection, by=force.administrator, **asked)
        assert not (load(connection, ref).lists or NO_LISTS).bars("gorse")


def test_a_victim_added_to_the_crime_is_kept_from_the_same_people(force: Force, ref: str) -> None:
    exclude(force, ref, "birch")
    restrict(force, ref)
    joining = JoiningVictim(NewVictim("Lark Sample", officer_of_open_case="birch"), Moment.instant(LATER))
    with force.database.writing() as connection:
        added = add_victim(
            connection, ref=ref, joining=joining, by=force.ash, now=LATER, law=force.law, vault=VAULT
        ).case.ref
    holder, lists = stands(force, added)
    assert holder in ("ash", "elm")
    assert lists == CaseLists(frozenset({"birch"}), frozenset({"ash", "elm"}))


def reminded(force: Force, now: datetime) -> set[str]:
    with force.database.writing() as connection:
        how: dict[str, Any] = {"now": now, "calendar": force.law.calendar, "ladder": published_ladder()}
        duties = duties_at_a_step(connection, reached_at=MONDAY, own_agency="police", **how)
        remind(connection, duties=duties, **how)
        return set(connection.execute(select(OUTBOX.c.recipient_id)).scalars())


def test_somebody_else_is_reminded_instead_of_a_supervisor_or_cover_who_is_kept_out(force: Force, ref: str) -> None:
    exclude(force, ref, "elm", by=GORSE)
    exclude(force, ref, "birch", by=GORSE)
    with force.database.writing() as connection:
        covers.add(connection, Cover("ash", "birch", MONDAY.date(), LATER.date().replace(day=30)), by=GORSE, at=MONDAY)
    assert reminded(force, LATER) == {"gorse", "fir"}


def test_a_notice_that_waits_for_somebody_who_was_excluded_meanwhile_never_reaches_them(force: Force, ref: str) -> None:
    give_addresses(force)
    assert reminded(force, LATER) == {"ash", "elm", "fir"}
    exclude(force, ref, "elm", by=GORSE)
    sent = send_all(force, LATER)
    assert {notice.address.partition("@")[0] for notice in sent} == {"ash", "gorse", "fir"}


def test_whoever_is_kept_out_takes_a_message_as_if_there_were_no_such_case(force: Force, ref: str) -> None:
    def take(by: Person) -> Left:
        with force.database.writing() as connection:
            return take_message(
                connection,
                said=Said("Please ring", Caller(case_ref=ref)),
                wants="news",
                safe_to_ring=True,
                team_id=None,
                by=by,
                now=LATER,
                law=force.law,
                policy=published_policy(),
                vault=VAULT,
            ).left

    assert take(force.cedar) is Left.WITH_OFFICER
    exclude(force, ref, "cedar")
    assert (take(force.cedar), take(force.birch)) == (Left.FITS_NONE, Left.WITH_OFFICER)
    restrict(force, ref)
    assert (take(force.birch), take(force.ash)) == (Left.FITS_NONE, Left.WITH_OFFICER)


def test_a_cover_is_no_way_round_a_list(force: Force, ref: str) -> None:
    restrict(force, ref)
    cover = replace(force.birch, covering=frozenset({"ash"}))
    with force.database.writing() as connection, pytest.raises(NoSuchCase):
        open_for(connection, ref, cover, Action.RECORD_CONTACT)
