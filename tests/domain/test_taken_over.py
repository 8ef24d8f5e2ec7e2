"""What a new edition does on the day it commences with what began before: only what is open and in time is touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import duty, event, journey
from tests.domain.random_journeys import CALENDAR, CODE, DRAFT, TODAYS, journeys
from victimcare.domain.code import Edition, Rule, VictimsCode
from victimcare.domain.edition_moves import as_events, changed_by_edition
from victimcare.domain.entitlements import Ending, Entitlement, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.explanation import explain
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.domain.next_edition import (
    BadSuccessor,
    NothingToWithdraw,
    check_successor,
    with_successor,
    without_last,
)
from victimcare.domain.transition import Fate, Transition

COMMENCES = DRAFT.in_force_from
ALONE = VictimsCode((replace(DRAFT, in_force_from=date(2000, 1, 1)),))
CLOSES = [event(EventKind.CASE_CLOSED, "2026-12-30", outcome="no_further_action")]


def new(fate: Fate, **more: object) -> VictimsCode:
    """The invented edition after today's, with this fate for every open duty."""
    return with_successor(VictimsCode((TODAYS,)), replace(DRAFT, transition=Transition(fate, **more)))  # type: ignore[arg-type]


def arrested(on: str) -> JourneyEvent:
    return event(EventKind.SUSPECT_ARRESTED, on, key="arrest", subject="Suspect 1")


def told(on: str) -> JourneyEvent:
    return event(EventKind.CONTACT_MADE, on, answers=[duty("R6-ARR", "arrest")], channel="phone")


def owed(code: VictimsCode, *events: JourneyEvent) -> Entitlement:
    return next(one for one in assess(journey(*events), code, CALENDAR) if one.rule.id == "R6-ARR")


# Arrested on Wednesday 30 December 2026: 5 working days are 7 January 2027 by today's Code; the invented one has 10.
@pytest.mark.parametrize(
    ("fate", "due_on", "edition"),
    [
        (Fate.STAYS, date(2027, 1, 7), "2021-04-01"),
        (Fate.MOVES, date(2027, 1, 14), "example-draft"),
        (Fate.MOVES_FROM_COMMENCEMENT, date(2027, 1, 15), "example-draft"),
        (Fate.ENDS, date(2027, 1, 7), "2021-04-01"),
    ],
)
def test_each_fate_of_an_open_duty(fate: Fate, due_on: date, edition: str) -> None:
    one = owed(new(fate), arrested("2026-12-30"))
    assert (one.due_on, one.edition.id) == (due_on, edition)
    ended = (Ending.NOT_APPLICABLE, COMMENCES, None) if fate is Fate.ENDS else (None, None, None)
    assert (one.ending, one.ended_on, one.ended_by) == ended
    says = explain(one, CALENDAR)
    assert ("new edition of the Code" in says) is (fate is not Fate.STAYS)
    assert "was due Thursday 7 January 2027" in says or fate is Fate.STAYS


def test_what_was_met_or_late_by_then_keeps_its_verdict() -> None:
    for fate in Fate:
        late = owed(new(fate), arrested("2026-12-16"))  # was due on 23 December
        assert (late.due_on, late.edition.id, late.ending) == (date(2026, 12, 23), "2021-04-01", None)
        met = owed(new(fate), arrested("2026-12-30"), told("2026-12-31"))
        assert (met.due_on, met.ending, met.ended_on) == (date(2027, 1, 7), Ending.MET, date(2026, 12, 31))


def test_nothing_is_late_at_a_stroke() -> None:
    shorter = replace(DRAFT, rules=tuple(_shorter(DRAFT)), transition=Transition(Fate.MOVES))
    code = with_successor(VictimsCode((TODAYS,)), shorter)
    one = owed(code, arrested("2026-12-30"))  # one working day would have been 31 December
    assert (one.due_on, one.edition.id) == (date(2027, 1, 7), "2021-04-01")


def _shorter(edition: Edition) -> list[Rule]:
    return [
        replace(rule, limits={tier: replace(limit, amount=1) for tier, limit in rule.limits.items()})
        for rule in edition.rules
    ]


def test_a_new_rule_begins_at_commencement_for_what_came_shortly_before_and_not_in_a_closed_case() -> None:
    renamed = replace(DRAFT.rule("R6-ARR"), id="R6-NEW")
    edition = replace(
        DRAFT,
        rules=(renamed, *DRAFT.rules),
        transition=Transition(Fate.STAYS, begins={"R6-NEW": date(2026, 12, 15)}),
    )
    code = with_successor(VictimsCode((TODAYS,)), edition)

    def begun(*events: JourneyEvent) -> list[date | None]:
        found = assess(journey(*events), code, CALENDAR)
        return [one.started_on for one in found if one.rule.id == "R6-NEW"]

    assert begun(arrested("2026-12-14")) == []
    assert begun(arrested("2026-12-15")) == [COMMENCES]
    assert begun(arrested("2026-12-15"), *CLOSES) == []
    [one] = [one for one in assess(journey(arrested("2026-12-15")), code, CALENDAR) if one.rule.id == "R6-NEW"]
    assert (one.due_on, one.begun_anew) == (date(2027, 1, 15), True)
    assert "its clock starts on that day" in explain(one, CALENDAR)


def open_at_commencement(one: Entitlement) -> bool:
    """The slow way, by every day: not ended and not late on the eve, and with a day still to come."""
    if one.started_on is None or one.due_on is None or one.ending is Ending.RECORDED_IN_ERROR:
        return False
    ended = one.ended_on is not None and one.ended_on < COMMENCES
    return one.started_on < COMMENCES and not ended and one.due_on >= COMMENCES


def in_time_by(one: Entitlement) -> bool:
    """Whether it is owed by the new edition and not late by it on the day of commencement."""
    arose = one.ending is not Ending.RECORDED_IN_ERROR
    return arose and one.due_on is not None and one.due_on >= COMMENCES


@given(journeys(), st.sampled_from([Fate.STAYS, Fate.MOVES, Fate.ENDS]))
def test_only_what_is_open_and_in_time_on_the_day_of_commencement_is_touched(some: Journey, fate: Fate) -> None:
    untouched = assess(some, CODE, CALENDAR)
    by_the_new = {one.key: one for one in assess(some, ALONE, CALENDAR)}
    now = assess(some, new(fate), CALENDAR)
    assert [one.key for one in now] == [one.key for one in untouched]
    for before, after in zip(untouched, now, strict=True):
        expected, ended_on = before, before.ended_on
        if before.edition is not DRAFT and open_at_commencement(before):
            afresh = by_the_new.get(before.key)
            if fate is Fate.ENDS:
                ended_on = COMMENCES
            elif fate is Fate.MOVES and afresh and in_time_by(afresh):
                expected = afresh
                ended_on = max(afresh.ended_on, COMMENCES) if afresh.ended_on else None
        assert (after.due_on, after.ended_on) == (expected.due_on, ended_on)
        assert after.rule.says == expected.rule.says
        assert (after.taken_over is not None) <= open_at_commencement(before)


TODAY = date(2026, 11, 23)
STAYS = Transition(Fate.STAYS)
GONE = frozenset(
    kind
    for kind in {k for r in TODAYS.rules for k in (*r.starts_on, *r.also_starts_on, *r.confirmed_by)}
    - {k for r in DRAFT.rules for k in (*r.starts_on, *r.also_starts_on, *r.confirmed_by)}
)
RIGHT = Transition(Fate.STAYS, no_longer_starts=GONE)
GOOD = replace(DRAFT, id="2027-01-01", transition=RIGHT)


@pytest.mark.parametrize(
    ("edition", "says"),
    [
        (replace(GOOD, id="draft"), "edition.id: it must be the day of commencement, 2027-01-01"),
        (
            replace(GOOD, id="2021-04-01b", in_force_from=date(2021, 4, 1)),
            "edition.in_force_from: 2021-04-01 is not after 2021-04-01",
        ),
        (replace(GOOD, id="2026-11-23", in_force_from=TODAY), "edition.in_force_from: 2026-11-23 is not after today"),
        (replace(GOOD, transition=None), "transition: it is missing"),
        (replace(GOOD, tiers=GOOD.tiers[:1]), "tier enhanced: it is gone"),
        (replace(GOOD, victim_bases=GOOD.victim_bases[1:]), "victim_basis direct: it is gone"),
        (replace(GOOD, id="2090-01-01", in_force_from=date(2090, 1, 1)), "2090-01-01 is after 2089-12-31"),
        (replace(GOOD, transition=STAYS), "rule: no rule starts on"),
        (
            replace(GOOD, transition=Transition(Fate.STAYS, no_longer_starts=GONE | {EventKind.SUSPECT_ARRESTED})),
            "transition.no_longer_starts: 'suspect_arrested' still starts a clock",
        ),
        (replace(GOOD, transition=Transition(Fate.MOVES, no_longer_starts=GONE)), "cannot move: say that they stay"),
        (
            replace(GOOD, transition=replace(RIGHT, of_rule={"R6-NONE": Fate.ENDS})),
            "transition.rule: edition 2021-04-01 has no rule R6-NONE",
        ),
        (
            replace(GOOD, transition=replace(RIGHT, begins={"R6-ARR": TODAY})),
            "transition.begins: edition 2021-04-01 has rule R6-ARR already",
        ),
    ],
)
def test_an_edition_that_cannot_follow_is_refused_in_a_sentence(edition: Edition, says: str) -> None:
    check_successor(VictimsCode((TODAYS,)), GOOD, today=TODAY)
    with pytest.raises(BadSuccessor) as refused:
        check_successor(VictimsCode((TODAYS,)), edition, today=TODAY)
    assert says in str(refused.value)


def test_what_an_edition_that_is_put_back_had_taken_away_is_owed_again() -> None:
    listed = event(
        EventKind.HEARING_LISTED, "2026-11-20", subject="Hearing 1", hearing_on=date(2027, 1, 11), hearing_type="trial"
    )
    some, at = journey(listed), datetime(2026, 11, 23, 12, tzinfo=UTC)
    approved = with_successor(VictimsCode((TODAYS,)), GOOD, since=at)
    back = without_last(approved, today=TODAY, since=at)
    said = [
        {str(one.details["change"]) for one in as_events(moved, some, code, at=at, key=lambda: "key")}
        for code in (approved, back)
        if (moved := changed_by_edition(some, code, CALENDAR))
    ]
    assert said == [{"goes"}, {"opens"}]


def test_an_edition_is_put_back_before_it_commences_and_remembered() -> None:
    code = VictimsCode((TODAYS,))
    approved = with_successor(code, GOOD)
    back = without_last(approved, today=TODAY)
    assert (back.editions, back.number, back.edition("2027-01-01")) == ((TODAYS,), 2, GOOD)
    for wrong, on in ((approved, COMMENCES), (back, TODAY), (code, TODAY)):
        with pytest.raises(NothingToWithdraw):
            without_last(wrong, today=on)
    assert (approved.on(TODAY).id, approved.on(COMMENCES).id) == ("2021-04-01", "2027-01-01")
