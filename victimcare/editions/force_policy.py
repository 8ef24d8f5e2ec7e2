"""The force's own policy, read from its file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from victimcare.domain.emergency_access import EMERGENCIES
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.hearing_times import TIMES
from victimcare.domain.own_times import OwnTimes
from victimcare.editions.reading import Table

PUBLISHED_POLICY = Path(__file__).with_name("force_policy.toml")


@cache
def published_policy() -> ForcePolicy:
    """The policy shipped with the program; read once. Raises `BadEdition`."""
    return load_policy(PUBLISHED_POLICY)


def load_policy(path: Path) -> ForcePolicy:
    """The policy in this file. Raises `BadEdition`, which names file and field."""
    document = Table(path, tomllib.loads(path.read_text("utf-8")))
    needs, contact = document.table("needs_assessment"), document.table("contact_interval")
    confirmation, message = document.table("contact_confirmation"), document.table("message")
    attempts = document.table("contact_attempts")
    hand_over = document.table("hand_over")
    waiting = document.table("waiting_records")
    hours = document.table("contact_hours")
    emergencies = document.table("emergencies")
    policy = ForcePolicy(
        needs_within=needs.number("within_working_days", least=1),
        contact_every=contact.number("calendar_days", least=1),
        confirmed_for=confirmation.number("calendar_days", least=1),
        reply_within=message.number("reply_within_working_days", least=1),
        reply_when_afraid=message.number("reply_when_afraid_within_working_days", least=0),
        attempts=attempts.number("in_a_row", least=1),
        tell_of_officer_within=hand_over.number("tell_victim_within_working_days", least=1),
        keep_waiting=waiting.number("calendar_days", least=1),
        joined_at_once=waiting.number("joined_at_once", least=1),
        emergencies={code: emergencies.text(code) for code in EMERGENCIES},
        own_times=_own_times(document),
        contact_hours={code: hours.hours(code) for code in TIMES},
    )
    for table in (needs, contact, confirmation, message, attempts, hand_over, waiting, hours, emergencies, document):
        table.finish()
    return policy


def _own_times(document: Table) -> OwnTimes:
    """None where the file does not speak of them."""
    if not document.has("own_times"):
        return {}
    table = document.table("own_times")
    return {rule_id: table.number(rule_id, least=1) for rule_id in table.names()}
