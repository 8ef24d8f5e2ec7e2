"""Whether an edition of the Code can follow the one in force, and the Code with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from victimcare.domain.calendar import LAST_DAY
from victimcare.domain.code import LONGEST_YEARS, Edition, VictimsCode
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.law import Law
from victimcare.domain.transition import Transition

LATEST = LAST_DAY.replace(year=LAST_DAY.year - LONGEST_YEARS)
"""No edition commences later, so that what begins on that day can still be counted."""


class BadSuccessor(ValueError):
    """An edition that cannot follow the one in force; `entry` says where in its file the reason lies."""

    def __init__(self, entry: str, problem: str) -> None:
        self.entry = entry
        self.problem = problem
        super().__init__(f"{entry}: {problem}")


def with_successor(code: VictimsCode, edition: Edition, *, since: datetime | None = None) -> VictimsCode:
    """The Code in which `edition` follows the last. It must have been checked (`check_successor`)."""
    *before, last = code.editions
    ended = replace(last, in_force_to=edition.in_force_from)
    return VictimsCode((*before, ended, edition), code.number + 1, code, code.withdrawn, since)


def check_successor(code: VictimsCode, edition: Edition, *, today: date) -> None:
    """Raise `BadSuccessor` for an edition that cannot follow the last on `today` (London date).

    It commences after today and after every other; nothing that victims or journeys hold is lost without a word; and
    what becomes of open duties is said of every rule.
    """
    last = code.editions[-1]
    if not re.fullmatch(rf"{edition.in_force_from}[a-z]?", edition.id):
        raise BadSuccessor(
            "edition.id", f"it must be the day of commencement, {edition.in_force_from}, or that and a letter"
        )
    if any(known.id == edition.id for known in code.known):
        raise BadSuccessor("edition.id", f"there was an edition {edition.id} already: give this one an id of its own")
    if last.in_force_from > today:
        raise BadSuccessor(
            "edition",
            f"edition {last.id} is approved and has not commenced yet: put it back before another is proposed",
        )
    _check_commencement(last, edition.in_force_from, today)
    if edition.transition is None:
        raise BadSuccessor("transition", "it is missing: say what becomes of duties that began before commencement")
    check_held(last, edition)
    _check_starts(last, edition, edition.transition)
    _check_fates(last, edition, edition.transition)
    _check_begins(last, edition, edition.transition)


def _check_commencement(last: Edition, begins: date, today: date) -> None:
    field = "edition.in_force_from"
    if begins <= last.in_force_from:
        raise BadSuccessor(field, f"{begins} is not after {last.in_force_from}, when edition {last.id} commenced")
    if begins <= today:
        raise BadSuccessor(field, f"{begins} is not after today: an edition is brought in before it commences")
    if begins > LATEST:
        raise BadSuccessor(field, f"{begins} is after {LATEST}, and deadlines are counted until {LAST_DAY}")
    if last.in_force_to is not None and last.in_force_to < begins:
        raise BadSuccessor(field, f"no edition would be in force from {last.in_force_to} until {begins}")


def check_held(last: Edition, edition: Edition) -> None:
    """What victims hold by the older edition, and the service asks for by the one in force, is in this one too.

    Raises `BadSuccessor`.
    """
    bases = {basis.id for basis in edition.victim_bases}
    for basis in last.victim_bases:
        if basis.id not in bases:
            raise BadSuccessor(f"victim_basis {basis.id}", "it is gone, and victims were recorded by it: keep it")
    kept = {tier.id for tier in edition.tiers}
    for tier in last.tiers:
        if tier.id not in kept:
            raise BadSuccessor(f"tier {tier.id}", "it is gone, and victims hold it: keep it in the new edition")
    if edition.default_tier != last.default_tier:
        raise BadSuccessor(
            f"tier {edition.default_tier}", f"it cannot be the default: every victim holds {last.default_tier}"
        )


def always(law: Law, edition: Edition) -> Law:
    """The law with no edition but this, as if it had been in force from the first day on which any was.

    Raises `BadSuccessor` where it lacks what victims hold.
    """
    check_held(law.code.editions[-1], edition)
    first_on = law.code.editions[0].in_force_from
    return law.under(VictimsCode((replace(edition, in_force_from=first_on, in_force_to=None, transition=None),)))


def starts(edition: Edition) -> frozenset[EventKind]:
    """The event kinds that start, or confirm, a clock of the edition."""
    return frozenset(
        kind for rule in edition.rules for kind in (*rule.starts_on, *rule.also_starts_on, *rule.confirmed_by)
    )


def _check_starts(last: Edition, edition: Edition, transition: Transition) -> None:
    gone = starts(last) - starts(edition)
    for kind in sorted(gone - transition.no_longer_starts):
        raise BadSuccessor(
            "rule",
            f"no rule starts on {kind.value!r}, as one of edition {last.id} does: name it in "
            "transition.no_longer_starts if the Code asks nothing of it any longer",
        )
    for kind in sorted(transition.no_longer_starts - gone):
        raise BadSuccessor("transition.no_longer_starts", f"{kind.value!r} still starts a clock, or never did")


def _check_fates(last: Edition, edition: Edition, transition: Transition) -> None:
    for rule_id in sorted(transition.of_rule):
        if not last.has_rule(rule_id):
            raise BadSuccessor("transition.rule", f"edition {last.id} has no rule {rule_id}, so none of it is open")
    for rule in last.rules:
        if not transition.fate_of(rule.id).moves:
            continue
        if not edition.has_rule(rule.id):
            raise BadSuccessor(
                "transition.rule",
                f"rule {rule.id} is not in the new edition, so its open duties cannot move: say that they stay or end",
            )
        if edition.rule(rule.id).meeting is not rule.meeting:
            raise BadSuccessor(
                "transition.rule",
                f"rule {rule.id} is met in another way in the new edition: its open duties cannot move",
            )


def _check_begins(last: Edition, edition: Edition, transition: Transition) -> None:
    for rule_id, since in sorted(transition.begins.items()):
        if not edition.has_rule(rule_id):
            raise BadSuccessor("transition.begins", f"the edition has no rule {rule_id}")
        if last.has_rule(rule_id):
            raise BadSuccessor("transition.begins", f"edition {last.id} has rule {rule_id} already: it does not begin")
        if edition.rule(rule_id).recurring:
            raise BadSuccessor("transition.begins", f"rule {rule_id} recurs: it begins with the next agreement")
        if since >= edition.in_force_from:
            raise BadSuccessor("transition.begins", f"{since} is not before commencement, {edition.in_force_from}")


def without_last(code: VictimsCode, *, today: date, since: datetime | None = None) -> VictimsCode:
    """The Code in which the last edition is put back, and only remembered. Raises `NothingToWithdraw`."""
    if code.earlier is None or code.latest in code.earlier.editions or code.latest.in_force_from <= today:
        raise NothingToWithdraw
    withdrawn = (*code.withdrawn, code.latest)
    return replace(code.earlier, number=code.number + 1, earlier=code, withdrawn=withdrawn, since=since)


class NothingToWithdraw(ValueError):
    """No edition was brought in here that has not commenced."""

    def __init__(self) -> None:
        super().__init__("only an edition that has not commenced yet can be put back")
