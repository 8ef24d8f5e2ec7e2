"""The way to support: nothing is reached out of turn, and the order of recording does not matter."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import JourneyEvent
from victimcare.domain.referral import NEXT, Answer, Step, support_of

DAY = date(2026, 5, 18)
SERVICE = "Example Support"
STEPS = st.lists(st.tuples(st.sampled_from(Step), st.sampled_from([SERVICE, "Another"])), max_size=12)


def at(hour: int) -> datetime:
    return datetime(2026, 5, 18, tzinfo=UTC) + timedelta(hours=hour)


def told(steps: Sequence[tuple[Step, str]]) -> list[JourneyEvent]:
    """One step an hour."""
    return [
        event(step.value, at(hour), key=f"step-{hour:02}", subject=service)
        for hour, (step, service) in enumerate(steps)
    ]


@given(STEPS)
def test_no_referral_is_anywhere_that_it_cannot_have_come_to(steps: list[tuple[Step, str]]) -> None:
    support = support_of(journey(*told(steps)))
    for referral in support.referrals:
        walked = [taken.step for taken in referral.steps]
        assert walked[0] is Step.SENT
        assert all(after in NEXT[before] for before, after in itertools.pairwise(walked))
        if Step.STARTED in walked or Step.CONTACTED in walked:
            assert Step.ACCEPTED in walked
    kept = sum(len(referral.steps) for referral in support.referrals)
    assert kept + len(support.out_of_turn) == len(steps), "a step is in a referral or shown apart, and never lost"


@given(STEPS, st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(steps: list[tuple[Step, str]], chance: object) -> None:
    events = told(steps)
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert support_of(journey(*events)) == support_of(journey(*shuffled))


@given(STEPS, st.integers(0, 11))
def test_what_never_happened_is_as_if_never_said(steps: list[tuple[Step, str]], wrong: int) -> None:
    events = told(steps)
    if wrong >= len(events):
        return
    mistaken = events[wrong]
    correction = event(
        mistaken.kind,
        mistaken.happened,
        recorded="2026-06-01",
        subject=mistaken.subject,
        corrects=mistaken.key,
        correction="never_happened",
    )
    without = [one for one in events if one is not mistaken]
    assert support_of(journey(*events, correction)) == support_of(journey(*without))


def test_support_without_acceptance_moves_nothing_until_the_acceptance_is_recorded() -> None:
    sent, started = told([(Step.SENT, SERVICE), (Step.STARTED, SERVICE)])
    (referral,) = support_of(journey(sent, started)).referrals
    assert referral.now.step is Step.SENT
    assert support_of(journey(sent, started)).out_of_turn == ((EventKind.SUPPORT_STARTED, DAY),)
    accepted = event("referral_accepted", at(0) + timedelta(minutes=5), subject=SERVICE)
    after = support_of(journey(sent, started, accepted))
    assert (after.referrals[0].now.step, after.out_of_turn) == (Step.STARTED, ())


def test_two_services_are_two_referrals_and_a_second_try_is_a_third() -> None:
    steps = [
        (Step.SENT, SERVICE),
        (Step.SENT, "Another"),
        (Step.REFUSED, SERVICE),
        (Step.SENT, SERVICE),
        (Step.ACCEPTED, SERVICE),
    ]
    support = support_of(journey(*told(steps)))
    assert [(r.service, r.now.step) for r in support.referrals] == [
        (SERVICE, Step.REFUSED),
        ("Another", Step.SENT),
        (SERVICE, Step.ACCEPTED),
    ]
    assert support.open_with(SERVICE)
    assert not support.open_with("A third")


def test_why_it_was_refused_is_said_in_words() -> None:
    refused = event("referral_refused", at(2), subject=SERVICE, reason="no_capacity")
    (referral,) = support_of(journey(*told([(Step.SENT, SERVICE)]), refused)).referrals
    assert referral.now.in_words == "Refused: no capacity"
    assert not referral.is_open


def test_of_several_answers_the_last_counts() -> None:
    events = [
        event("referral_offered", at(0), specialist_offered=True),
        event("referral_declined", at(1), reason="not_now"),
        event("referral_consented", at(2), guardian_consented=True),
    ]
    support = support_of(journey(*events))
    assert (support.answer, support.specialist_offered, support.guardian_agreed) == (Answer.AGREED, True, True)
    assert not support.declined
    assert support_of(journey(*events, event("referral_declined", at(3)))).declined


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ({"kind": "referral_declined"}, {"kind": "referral_consented"}),
        ({"kind": "opted_out", "scope": "all"}, {"kind": "opted_in", "scope": "all"}),
        ({"kind": "opted_out", "scope": "rule:R4-REF"}, {"kind": "opted_in", "scope": "right:4"}),
    ],
)
def test_a_no_withdraws_what_was_sent_and_a_later_yes_is_to_what_is_sent_after_it(no: Any, yes: Any) -> None:
    sent = event("referral_sent", at(0), key="first", subject=SERVICE)
    said_no = event(no.pop("kind"), at(1), **no)
    said_yes = event(yes.pop("kind"), at(2), **yes)
    to_another = event("referral_sent", at(3), key="second", subject="Another")
    assert support_of(journey(sent)).lies_with_its_service("first")
    assert not support_of(journey(sent, said_no)).lies_with_its_service("first")
    support = support_of(journey(sent, said_no, said_yes, to_another))
    assert [support.lies_with_its_service(key) for key in ("first", "second")] == [False, True]
    assert not support.open_with(SERVICE), "they may be referred there anew"
    again = event("referral_sent", at(4), key="again", subject=SERVICE)
    accepted = event("referral_accepted", at(5), subject=SERVICE)
    support = support_of(journey(sent, said_no, said_yes, again, accepted))
    assert support.referral("first").now.step is Step.SENT
    assert support.referral("again").now.step is Step.ACCEPTED


def test_what_was_sent_against_a_no_never_lies_with_its_service() -> None:
    events = [event("referral_declined", at(0)), event("referral_sent", at(1), key="sent", subject=SERVICE)]
    assert not support_of(journey(*events)).lies_with_its_service("sent")
    assert not support_of(journey(*events, event("referral_consented", at(2)))).lies_with_its_service("sent")


def test_a_choice_of_other_services_withdraws_no_referral_and_takes_no_opt_out_back() -> None:
    sent = event("referral_sent", at(1), key="sent", subject=SERVICE)
    assert support_of(journey(sent, event("opted_out", at(2), scope="right:6"))).lies_with_its_service("sent")
    out, back = event("opted_out", at(0), scope="right:4"), event("opted_in", at(0), scope="right:6")
    assert not support_of(journey(out, back, sent)).lies_with_its_service("sent")


@pytest.mark.parametrize(
    ("scope", "back", "out"),
    [("right:4", None, True), ("all", None, True), ("right:6", None, False), ("right:4", "right:4", False)],
)
def test_opting_out_of_referral_is_a_no_until_the_victim_opts_back_in(scope: str, back: str | None, out: bool) -> None:
    events = [event("opted_out", at(1), scope=scope)]
    if back:
        events.append(event("opted_in", at(2), scope=back))
    assert support_of(journey(*events)).declined is out


def test_needs_are_those_of_the_last_time_they_were_asked() -> None:
    events = [
        event("support_needs_asked", at(0), emotional=True, court=True),
        event("support_needs_asked", at(1), emotional=False, safety=True),
    ]
    assert support_of(journey(*events)).needs == {"safety"}


def test_a_gap_is_kept_with_its_need_and_day() -> None:
    gap = event("no_service_fits", at(0), need="hate_crime")
    assert support_of(journey(gap)).gaps == (("hate_crime", DAY),)
