"""By case officer: victims whom nobody reaches, who did not hear as often as agreed, or who heard nothing for long."""

from datetime import date
from typing import Any

import pytest

from tests.force import Force
from tests.plans import planned
from tests.queries.caseload import noon, open_cases, statements_of
from tests.queries.test_case_lists import keep_lists
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import CaseLists, Person
from victimcare.editions.escalation import published_ladder
from victimcare.editions.force_policy import published_policy
from victimcare.queries.out_of_touch import OutOfTouch, out_of_touch
from victimcare.queries.team_duties import DutyFilter, team_duties
from victimcare.queries.waiting import waiting_list

TODAY = date(2026, 7, 20)
"""Nine weeks after the cases below were reported: what nobody answered is silent, by eight weeks."""


def asked_of(force: Force, person: Person) -> dict[str, Any]:
    policies = {"ladder": published_ladder(), "policy": published_policy()}
    return {"person": person, "today": TODAY, "law": force.law, **policies}


def counted(force: Force, person: Person) -> tuple[OutOfTouch, ...]:
    with force.database.reading() as connection:
        return out_of_touch(connection, **asked_of(force, person))


def refs(*of: Any, **how: Any) -> list[str]:
    return [stored.case.ref for stored in open_cases(*of, **how)]


def tried(force: Force, ref: str, times: int) -> None:
    for hour in range(times):
        force.record(ref, EventKind.CONTACT_ATTEMPTED, noon(f"2026-07-{10 + hour}"), channel="phone")


@pytest.fixture
def team(force: Force) -> Force:
    """Of ash three silent cases, one of them tried in vain; of birch one that heard later than was agreed."""
    open_cases(force, ["One", "Two"], reported=date(2026, 5, 18))
    (unreached,) = refs(force, ["Three"], reported=date(2026, 5, 18))
    tried(force, unreached, published_policy().attempts)
    (agreed,) = refs(force, ["Four"], officer="birch", reported=date(2026, 5, 18))
    force.record(agreed, EventKind.CONTACT_INTERVAL_AGREED, noon("2026-07-01"), interval_days=7)
    force.record(agreed, EventKind.CONTACT_MADE, noon("2026-07-02"), channel="phone")
    (hardly_tried,) = refs(force, ["Five"], officer="birch", reported=date(2026, 7, 10))
    tried(force, hardly_tried, published_policy().attempts - 1)
    open_cases(force, ["Elsewhere"], officer="cedar", reported=date(2026, 5, 18))
    return force


def test_each_officer_has_their_own_most_first_and_nobody_has_another_teams(team: Force) -> None:
    assert counted(team, team.elm) == (
        OutOfTouch("ash", "Ash Example", unreached=1, agreed=0, silent=3),
        OutOfTouch("birch", "Birch Example", unreached=0, agreed=1, silent=0),
    )
    assert [one.officer_id for one in counted(team, team.fir)] == ["cedar"]
    assert counted(team, team.ash) == (), "who sees no team sees no officer of it"


def test_every_number_is_as_long_as_the_list_of_that_officer(team: Force) -> None:
    how = asked_of(team, team.elm)
    for one in counted(team, team.elm):
        with team.database.reading() as connection:
            lists = {
                which: waiting_list(connection, which=which, page=1, officer_id=one.officer_id, **how)
                for which in ("unreached", "silence")
            }
            late = DutyFilter(officer_id=one.officer_id, agreed=True)
            agreed = team_duties(connection, person=team.elm, wanted=late, today=TODAY, law=team.law)
        assert (one.unreached, one.silent) == (lists["unreached"][1], lists["silence"][1])
        assert [len(found.case_ids) for found, _ in lists.values()] == [total for _, total in lists.values()]
        assert one.agreed == agreed.total == sum(duty.rule == "R6-AGREED" for duty in agreed.duties)


def test_who_is_kept_from_a_case_does_not_count_it(team: Force) -> None:
    before = counted(team, team.elm)
    with team.database.reading() as connection:
        listed, _ = waiting_list(connection, which="unreached", page=1, **asked_of(team, team.elm))
    with team.database.writing() as connection:
        keep_lists(connection, listed.unreached.rows[0].case_id, CaseLists(excluded=frozenset({"elm"})))
    (ash, birch), (was, _) = counted(team, team.elm), before
    assert (ash.unreached, ash.silent, birch.agreed) == (was.unreached - 1, was.silent - 1, 1)


def test_it_is_one_statement_and_reads_no_more_than_the_team(sqlite_force: Force) -> None:
    force = sqlite_force
    open_cases(force, [f"Sample {number}" for number in range(5)], reported=date(2026, 5, 18))
    with statements_of(force.database) as statements:
        counted(force, force.elm)
    assert len(statements) == 1
    with planned(force.database) as plans, force.database.reading() as connection:
        (plan,) = plans(connection, lambda c: out_of_touch(c, **asked_of(force, force.elm)))
    assert "ix_victim_case_tried (team_id=? AND attempts>?)" in plan
    assert "ix_due_holder_team (holder_team_id=? AND due_on<?)" in plan
    assert "ix_victim_case_team (team_id=? AND status=?)" in plan
    assert "SCAN victim_case" not in plan
    assert "SCAN due" not in plan
