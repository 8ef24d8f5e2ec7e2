"""Runs every story of worked_examples.toml, and checks that together they cover the Code."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import duty, evening_of, event, journey, moment
from victimcare.domain.code import VictimsCode
from victimcare.domain.entitlements import Ending, Entitlement, Standing, assess
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Journey, JourneyEvent
from victimcare.editions.bank_holidays import load_calendar
from victimcare.editions.loader import published_code

STORIES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("worked_examples.toml").read_text(encoding="utf-8")
)["example"]
CODE: VictimsCode = published_code()
CALENDAR = load_calendar()
EDITION = CODE.edition("2021-04-01")

STORY_SAYS = {"title", "story", "why", "cites", "events", "known_at", "looks_at", "as_of", "expect"}
EVENT_SAYS = {
    "id", "kind", "happened", "received", "recorded", "subject", "details",
    "answers", "corrects", "correction", "contacts_recorded",
}  # fmt: skip
DUTY_SAYS = {
    "rule", "start", "on", "due", "standing", "working_days_late", "provisional",
    "tier", "owed_by", "ended", "known", "still_to_tell",
}  # fmt: skip


def told_journey(story: Mapping[str, Any]) -> Journey:
    """The journey that a story tells, as of its `known_at`."""
    so_far: dict[str, dict[str, Any]] = {}
    for said in story["events"]:
        inherited = so_far.get(said.get("corrects", ""), {})
        so_far[said["id"]] = {**{k: v for k, v in inherited.items() if k != "recorded"}, **said}
    known = journey(*(told_event(said) for said in so_far.values()))
    return known.as_known_at(story["known_at"].astimezone(UTC)) if "known_at" in story else known


def told_event(said: Mapping[str, Any]) -> JourneyEvent:
    others = {name: value for name, value in said.items() if name not in {"id", "kind", "happened", "answers"}}
    answers = [duty(named["rule"], named["start"], *named.get("told", ())) for named in said.get("answers", ())]
    return event(said["kind"], said["happened"], key=said["id"], answers=answers, **others)


def as_told(owed: Entitlement, expected: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """What is owed, in the words of the story; of the optional ones, those that the story uses."""
    day = expected.get("on", as_of)
    in_full: dict[str, Any] = {
        "rule": owed.rule.id,
        "start": owed.start.key,
        "due": owed.due_on,
        "standing": owed.standing_on(day).value,
        "working_days_late": owed.working_days_late_on(day, CALENDAR),
        "provisional": owed.provisional,
        "tier": owed.tier.tier,
        "owed_by": owed.owed_by,
        "ended": owed.ended_on,
        "known": owed.known_on,
        "still_to_tell": [telling.id for telling in owed.outstanding],
    }
    always = {"rule", "start", "due", "standing", "working_days_late", "provisional"}
    return {name: value for name, value in in_full.items() if name in always | expected.keys()}


def in_full(expected: Mapping[str, Any]) -> dict[str, Any]:
    silent = {"due": None, "working_days_late": 0, "provisional": False}
    return {**silent, **{name: value for name, value in expected.items() if name != "on"}}


@pytest.mark.parametrize("story", STORIES, ids=[story["title"] for story in STORIES])
def test_story(story: dict[str, Any]) -> None:
    looks_at = story.get("looks_at", [rule.id for rule in EDITION.rules])
    owed = {each.key: each for each in assess(told_journey(story), CODE, CALENDAR) if each.rule.id in looks_at}
    assert set(owed) == {(expected["rule"], expected["start"]) for expected in story["expect"]}
    for expected in story["expect"]:
        seen = as_told(owed[expected["rule"], expected["start"]], expected, story["as_of"])
        assert seen == in_full(expected)


@pytest.mark.parametrize("story", STORIES, ids=[story["title"] for story in STORIES])
def test_story_says_nothing_that_is_not_read(story: dict[str, Any]) -> None:
    assert set(story) <= STORY_SAYS
    assert set(story) >= STORY_SAYS - {"known_at", "looks_at"}
    assert all(set(said) <= EVENT_SAYS for said in story["events"])
    assert all(set(expected) <= DUTY_SAYS for expected in story["expect"])
    ids = [said["id"] for said in story["events"]]
    assert len(ids) == len(set(ids))


def test_no_two_stories_have_one_title() -> None:
    titles = [story["title"] for story in STORIES]
    assert sorted(titles) == sorted(set(titles))


def test_stories_cover_every_rule_of_the_edition_in_force() -> None:
    told = {expected["rule"] for story in STORIES for expected in story["expect"]}
    assert {rule.id for rule in EDITION.rules} == told


def test_stories_cover_every_tier_of_every_rule_whose_limits_differ_by_tier() -> None:
    told = set[tuple[str, str]]()
    for story in STORIES:
        with_a_day = {(expected["rule"], expected["start"]) for expected in story["expect"] if "due" in expected}
        owed = [each for each in assess(told_journey(story), CODE, CALENDAR) if each.key in with_a_day]
        told |= {(each.rule.id, each.tier.tier) for each in owed}
    differ = [rule for rule in EDITION.rules if len({(li.unit, li.amount) for li in rule.limits.values()}) > 1]
    assert len(differ) > 10
    assert {(rule.id, tier.id) for rule in differ for tier in EDITION.tiers} <= told


def test_stories_cover_every_kind_of_event_that_starts_a_duty() -> None:
    told = {EventKind(said["kind"]) for story in STORIES for said in story["events"]}
    assert set().union(*(rule.starts_on | rule.confirmed_by for rule in EDITION.rules)) <= told


def test_stories_cover_every_tier_standing_and_ending() -> None:
    expects = [expected for story in STORIES for expected in story["expect"]]
    assert {tier.id for tier in EDITION.tiers} <= {expected.get("tier") for expected in expects}
    assert {standing.value for standing in Standing} == {expected["standing"] for expected in expects}
    endings = {owed.ending for story in STORIES for owed in assess(told_journey(story), CODE, CALENDAR) if owed.ending}
    assert endings == set(Ending)


def test_every_story_cites_the_rules_that_it_is_about() -> None:
    for story in STORIES:
        cited = " ".join(story["cites"])
        assert all(expected["rule"] in cited for expected in story["expect"]), story["title"]


def test_an_event_without_a_time_of_recording_was_recorded_that_evening() -> None:
    told = event("contact_made", "2026-07-01T23:30Z", key="call")
    assert (told.recorded_at, moment("2026-07-01T23:30Z").on) == (told.happened.at, date(2026, 7, 2))
    assert event("contact_made", "2026-07-01").recorded_at == evening_of(date(2026, 7, 1))
