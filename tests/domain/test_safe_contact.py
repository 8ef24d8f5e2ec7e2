"""Whether a contact point may be used now: by a table, and by thousands of histories judged by another model."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.safe_contact import (
    SUSPECT_NEWS,
    Point,
    PointKind,
    PointRefused,
    Safety,
    Standing,
    Verdict,
    may_reveal,
    may_send,
    suspect_news_at,
)
from victimcare.editions.force_policy import published_policy

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
POLICY = published_policy()
SAFE = Point(PointKind.PHONE).confirmed(by="ash", at=NOON, is_a_suspects=False)


def verdict(point: Point, now: datetime = NOON, **more: Any) -> Verdict:
    return may_send(point, now=now, policy=POLICY, **{"suspect_news_at": None, "is_a_suspects": False, **more})


@pytest.mark.parametrize(
    ("point", "more", "standing", "shown"),
    [
        (SAFE, {}, Standing.SAFE, True),
        (SAFE, {"now": NOON + timedelta(days=90)}, Standing.SAFE, True),
        (SAFE, {"now": NOON + timedelta(days=91)}, Standing.ASK_AGAIN, True),
        (SAFE, {"suspect_news_at": NOON - timedelta(seconds=1)}, Standing.SAFE, True),
        (SAFE, {"suspect_news_at": NOON}, Standing.ASK_AGAIN, True),
        (SAFE, {"is_a_suspects": True}, Standing.A_SUSPECTS, False),
        (Point(PointKind.EMAIL), {}, Standing.NOT_CONFIRMED, True),
        (Point(PointKind.EMAIL, Safety.SAFE), {}, Standing.NOT_CONFIRMED, True),
        (SAFE.unsafe(), {}, Standing.UNSAFE, False),
        (SAFE.superseded(), {}, Standing.DO_NOT_USE, False),
        (SAFE.answered_by_another(NOON), {}, Standing.SOMEONE_ELSE, False),
        (SAFE.unsafe().answered_by_another(NOON), {}, Standing.UNSAFE, False),
        (SAFE.superseded().unsafe(), {}, Standing.DO_NOT_USE, False),
    ],
)
def test_how_a_point_stands_and_whether_it_is_sent_to_or_shown(
    point: Point, more: dict[str, Any], standing: Standing, shown: bool
) -> None:
    found = verdict(point, **more)
    assert (found.standing, found.allowed) == (standing, standing is Standing.SAFE)
    assert may_reveal(found).allowed is shown
    assert found.why.endswith(".")


def test_the_day_is_londons() -> None:
    """Half past midnight in London on 19 May is still the 18th in UTC."""
    point = Point(PointKind.PHONE).confirmed(
        by="ash", at=datetime(2026, 5, 18, 23, 30, tzinfo=UTC), is_a_suspects=False
    )
    assert point.confirmed_until_on(POLICY) == date(2026, 8, 17)


def test_a_suspects_point_and_one_that_was_replaced_are_never_confirmed() -> None:
    with pytest.raises(PointRefused, match="suspect"):
        SAFE.confirmed(by="ash", at=NOON, is_a_suspects=True)
    for refuse in (lambda p: p.confirmed(by="ash", at=NOON, is_a_suspects=False), lambda p: p.superseded()):
        with pytest.raises(PointRefused, match="took its place"):
            refuse(SAFE.superseded())


def test_confirming_again_clears_that_somebody_else_answered() -> None:
    doubted = SAFE.answered_by_another(NOON + timedelta(hours=1))
    again = doubted.confirmed(by="birch", at=NOON + timedelta(hours=2), is_a_suspects=False)
    assert verdict(again, NOON + timedelta(hours=3)).allowed


def test_only_news_of_release_and_bail_asks_for_a_new_confirmation() -> None:
    assert suspect_news_at([event("suspect_arrested", "2026-05-18", subject="S 1")]) is None
    bailed = event("suspect_bailed", "2026-05-18", subject="S 1", recorded="2026-05-20T09:00:00+00:00")
    assert suspect_news_at([bailed]) == bailed.recorded_at


NO_NEWS = {EventKind.APPEAL_LODGED, EventKind.APPEAL_NEWS_RECEIVED}  # the second depends on what the court says: below


def test_a_kind_that_sounds_like_release_or_bail_is_among_the_news_or_named_here_with_the_reason() -> None:
    named = {
        kind for kind in EventKind if any(word in kind.value for word in ("bail", "release", "rearrest", "appeal"))
    }
    assert named - NO_NEWS <= SUSPECT_NEWS


@pytest.mark.parametrize(
    ("kind", "details", "asks_again"),
    [
        ("suspect_charged", {}, False),
        ("court_outcome_received", {"outcome": "guilty"}, False),
        ("court_outcome_received", {"outcome": "guilty_plea"}, False),
        ("court_outcome_received", {"outcome": "not_guilty"}, True),
        ("court_outcome_received", {"outcome": "ended"}, True),
        ("court_outcome_received", {}, True),
        ("sentence_received", {"custody_months": 18}, False),
        ("sentence_received", {"hospital_order": True}, False),
        ("sentence_received", {"custody_months": 0}, True),
        ("sentence_received", {}, True),
        ("appeal_news_received", {"step": "bail"}, True),
        ("appeal_news_received", {"step": "outcome"}, True),
        ("appeal_news_received", {"step": "hearing"}, False),
    ],
)
def test_what_a_court_decides_asks_again_only_where_somebody_may_be_free_by_it(
    kind: str, details: dict[str, Any], asks_again: bool
) -> None:
    received = event(kind, "2026-05-18", subject="S 1", **details)
    assert (suspect_news_at([received]) is not None) is asks_again


# ---------------------------------------------------------------------------------------------------- random histories

NUMBERS = ("one", "two", "three")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "add",
                "supersede",
                "confirm",
                "unsafe",
                "someone else",
                "suspect news",
                "suspects",
                "wait",
                "queue",
                "dispatch",
            )
        ),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=15,
)


class Desk:
    """Points as the service keeps them, and beside them everything that happened to each, judged by plain rules."""

    def __init__(self) -> None:
        self.now = NOON
        self.points: list[Point] = []
        self.numbers: list[str] = []
        self.history: list[list[tuple[str, datetime]]] = []
        self.news: list[datetime] = []
        self.of_suspects: set[str] = set()
        self.queued: list[int] = []

    def do(self, step: str, which: int) -> None:
        self.now += timedelta(minutes=1)
        getattr(self, step.replace(" ", "_"))(which)

    def add(self, which: int) -> None:
        self.points.append(Point(PointKind.PHONE))
        self.numbers.append(NUMBERS[which % len(NUMBERS)])
        self.history.append([])

    def wait(self, which: int) -> None:
        self.now += timedelta(days=20 * which)

    def suspect_news(self, _which: int) -> None:
        self.news.append(self.now)

    def suspects(self, which: int) -> None:
        self.of_suspects.add(NUMBERS[which % len(NUMBERS)])

    def supersede(self, which: int) -> None:
        self._change(which, "superseded", lambda p, _: p.superseded())

    def confirm(self, which: int) -> None:
        self._change(which, "confirmed", lambda p, theirs: p.confirmed(by="ash", at=self.now, is_a_suspects=theirs))

    def unsafe(self, which: int) -> None:
        self._change(which, "unsafe", lambda p, _: p.unsafe())

    def someone_else(self, which: int) -> None:
        self._change(which, "someone else", lambda p, _: p.answered_by_another(self.now))

    def queue(self, which: int) -> None:
        if self.points and self.verdict(which % len(self.points)).allowed:
            self.queued.append(which % len(self.points))

    def dispatch(self, _which: int) -> None:
        queued, self.queued = self.queued, []
        for index in queued:
            sent = self.verdict(index).allowed
            assert sent == self.is_safe(index), (self.history[index], self.news, self.now)

    def verdict(self, index: int) -> Verdict:
        theirs = self.numbers[index] in self.of_suspects
        return verdict(self.points[index], self.now, suspect_news_at=max(self.news, default=None), is_a_suspects=theirs)

    def is_safe(self, index: int) -> bool:
        """By what happened alone: the last word is a confirmation, and nothing since took it away."""
        happened = self.history[index]
        if not happened or happened[-1][0] != "confirmed" or "superseded" in dict(happened):
            return False
        last = happened[-1][1]
        too_old = self.now.date() > last.date() + timedelta(days=90)
        return not too_old and self.numbers[index] not in self.of_suspects and all(news < last for news in self.news)

    def _change(self, which: int, what: str, change: Any) -> None:
        if not self.points:
            return
        index = which % len(self.points)
        try:
            self.points[index] = change(self.points[index], self.numbers[index] in self.of_suspects)
            self.history[index].append((what, self.now))
        except PointRefused:
            return


@settings(max_examples=600)
@given(STEPS)
def test_nothing_is_ever_sent_to_a_point_that_is_not_safe_at_that_moment(steps: list[tuple[str, int]]) -> None:
    go_through(steps)


@pytest.mark.slow
@settings(max_examples=5000)
@given(STEPS)
def test_in_five_thousand_histories_nothing_is_ever_sent_to_a_point_that_is_not_safe(
    steps: list[tuple[str, int]],
) -> None:
    go_through(steps)


def go_through(steps: list[tuple[str, int]]) -> None:
    """One history; what was queued is judged again when it is dispatched."""
    desk = Desk()
    desk.add(0)
    for step, which in steps:
        desk.do(step, which)
        for index in range(len(desk.points)):
            assert desk.verdict(index).allowed == desk.is_safe(index)
    desk.dispatch(0)
