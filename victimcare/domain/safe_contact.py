"""Where a victim can be reached safely: what is known of a contact point, and whether it may be used now.

Nothing here holds the number or the address itself: that is in the vault. What is safe can change, so a point is safe
only for a while after the victim confirmed it, and no longer once there is news of a suspect's release or bail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from victimcare.domain.calendar import london_date
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.hearing_times import SAFE_AT
from victimcare.domain.journey import JourneyEvent


class PointKind(StrEnum):
    """What a contact point is."""

    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    OTHER = "other"


class Safety(StrEnum):
    """What the victim, or somebody for them, last said of a point. New ones are not confirmed."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    NOT_CONFIRMED = "not_confirmed"
    DO_NOT_USE = "do_not_use"
    """Replaced by another, for good."""


class Standing(StrEnum):
    """How a point stands at a moment, in a word or two."""

    SAFE = "safe"
    ASK_AGAIN = "ask again"
    NOT_CONFIRMED = "not confirmed"
    SOMEONE_ELSE = "someone else answered"
    UNSAFE = "unsafe"
    DO_NOT_USE = "do not use"
    A_SUSPECTS = "also a suspect’s"


SUSPECT_NEWS = frozenset(
    {
        EventKind.SUSPECT_RELEASED_WITHOUT_CHARGE,
        EventKind.SUSPECT_RELEASED_UNDER_INVESTIGATION,
        EventKind.SUSPECT_BAILED,
        EventKind.BAIL_CONDITIONS_CHANGED,
        EventKind.BAIL_CANCELLED,
        EventKind.POLICE_DECIDED_NO_PROSECUTION,
        EventKind.CPS_DECIDED_NO_CHARGE,
        EventKind.BAIL_RESULT_RECEIVED,
        EventKind.REARREST_RESULT_RECEIVED,
        EventKind.RELEASE_INFORMATION_RECEIVED,
    }
)
"""After any of these, corrected or not, every point of the case must be confirmed anew: a suspect was released or
bailed, or bail changed or ended, so that they may go where they could not. A charge is none of them: bail that comes
with it is news of its own. What a court decides is one where it may set somebody free (`is_suspect_news`)."""
_FREES = frozenset({"bail", "outcome"})
_GUILTY = frozenset({"guilty", "guilty_plea"})


@dataclass(frozen=True, slots=True)
class SafeUse:
    """How to use a point safely, in the victim's words. Yes or no; None: they were not asked.

    `safe_at` are the times at which it is safe (`SAFE_AT`), `times` says so in words, `if_another` what to say if
    someone else answers, `code_word` proves who is calling.
    """

    voicemail: bool | None = None
    say_who: bool | None = None
    preview_safe: bool | None = None
    safe_at: frozenset[str] = frozenset()
    times: str = ""
    if_another: str = ""
    code_word: str = field(default="", repr=False)

    @property
    def when_safe(self) -> str:
        """When it is safe, in words; empty where they were not asked."""
        ticked = ", ".join(title for code, title in SAFE_AT.items() if code in self.safe_at)
        return ". ".join(part for part in (ticked, self.times) if part)

    @property
    def only_in_words(self) -> bool:
        """Whether nobody but a person can tell when it is safe."""
        return bool(self.times) and not self.safe_at


NOT_ASKED = SafeUse()


@dataclass(frozen=True, slots=True)
class Point:
    """What is known of a point's safety. `confirmed_at` and `answered_by_another_at` are UTC instants."""

    kind: PointKind
    safety: Safety = Safety.NOT_CONFIRMED
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    answered_by_another_at: datetime | None = None

    def confirmed(self, *, by: str, at: datetime, is_a_suspects: bool) -> Point:
        """The point after the victim said that it is safe. Raises `PointRefused`."""
        if is_a_suspects:
            raise PointRefused("it is also recorded as a suspect’s, so it can never be safe")
        self._refuse_replaced()
        return replace(self, safety=Safety.SAFE, confirmed_at=at, confirmed_by=by, answered_by_another_at=None)

    def unsafe(self) -> Point:
        """The point after it was found unsafe; one that was replaced stays so."""
        return self if self.safety is Safety.DO_NOT_USE else replace(self, safety=Safety.UNSAFE)

    def answered_by_another(self, at: datetime) -> Point:
        """The point after somebody else answered: not to be used until the victim has confirmed it again."""
        doubted = Safety.NOT_CONFIRMED if self.safety is Safety.SAFE else self.safety
        return replace(self, safety=doubted, answered_by_another_at=at)

    def superseded(self) -> Point:
        """The point after another took its place. Raises `PointRefused` where one did before."""
        self._refuse_replaced()
        return replace(self, safety=Safety.DO_NOT_USE)

    def confirmed_until_on(self, policy: ForcePolicy) -> date | None:
        """The last London date on which the confirmation counts; None where there is none."""
        if self.confirmed_at is None or self.safety is not Safety.SAFE:
            return None
        return london_date(self.confirmed_at) + timedelta(days=policy.confirmed_for)

    def _refuse_replaced(self) -> None:
        if self.safety is Safety.DO_NOT_USE:
            raise PointRefused("another took its place: add it again if the victim uses it again")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be sent to a point, or the point be shown, at one moment; `why` in a sentence."""

    allowed: bool
    standing: Standing
    why: str


def may_send(
    point: Point, *, now: datetime, policy: ForcePolicy, suspect_news_at: datetime | None, is_a_suspects: bool
) -> Verdict:
    """Whether anything may be sent to this point now. Ask when it is sent, not only when it was written.

    `suspect_news_at` is when the last of `SUSPECT_NEWS` was recorded on the case, `is_a_suspects` whether a suspect of
    the crime is recorded at the same address, number or e-mail.
    """
    standing, why = _standing(point, now, policy, suspect_news_at, is_a_suspects)
    return Verdict(standing is Standing.SAFE, standing, why)


def may_reveal(verdict: Verdict) -> Verdict:
    """Whether a point may be shown to somebody who means to contact the victim, by what `may_send` says of it.

    Beyond what is safe, a point that is to be confirmed may be shown so that somebody can ask: never one that was found
    unsafe, that somebody else answered, that was replaced, or that is a suspect's.
    """
    shown = verdict.standing in (Standing.SAFE, Standing.ASK_AGAIN, Standing.NOT_CONFIRMED)
    return replace(verdict, allowed=shown)


def suspect_news_at(events: Iterable[JourneyEvent]) -> datetime | None:
    """When the last news of a suspect's release or bail was recorded (UTC instant)."""
    return max((event.recorded_at for event in events if is_suspect_news(event)), default=None)


def is_suspect_news(event: JourneyEvent) -> bool:
    """Whether a suspect may be free, or freer, since this: what is not known of it counts as if they were."""
    details = event.details
    if event.kind is EventKind.COURT_OUTCOME_RECEIVED:
        return details.get("outcome") not in _GUILTY
    if event.kind is EventKind.SENTENCE_RECEIVED:
        return not details.get("custody_months") and details.get("hospital_order") is not True
    if event.kind is EventKind.APPEAL_NEWS_RECEIVED:
        return details.get("step") in _FREES
    return event.kind in SUSPECT_NEWS


def _standing(
    point: Point, now: datetime, policy: ForcePolicy, news_at: datetime | None, is_a_suspects: bool
) -> tuple[Standing, str]:
    if is_a_suspects:
        return Standing.A_SUSPECTS, "A suspect is recorded at the same place. Never use it."
    if point.safety is Safety.DO_NOT_USE:
        return Standing.DO_NOT_USE, "Another took its place. Do not use it."
    if point.safety is Safety.UNSAFE:
        return Standing.UNSAFE, "It is not safe. Do not use it unless the victim says that it is safe again."
    if point.answered_by_another_at is not None:
        return Standing.SOMEONE_ELSE, "Someone else answered. Do not use it until the victim has confirmed it again."
    until_on = point.confirmed_until_on(policy)
    if point.confirmed_at is None or until_on is None:
        return Standing.NOT_CONFIRMED, "Nobody has confirmed that it is safe. Nothing is sent to it."
    if news_at is not None and news_at >= point.confirmed_at:
        return Standing.ASK_AGAIN, "A suspect’s release or bail was recorded since it was confirmed. Ask again."
    if london_date(now) > until_on:
        return Standing.ASK_AGAIN, f"It was confirmed more than {policy.confirmed_for} days ago. Ask again."
    return Standing.SAFE, "The victim said that it is safe."


class PointRefused(ValueError):
    """What was asked cannot be done to this contact point."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)
