"""Where a victim stands on the way to support: asked, offered, agreed or declined, and each referral step by step.

    entitled > offered > agreed or declined > sent > received > accepted or refused > contacted > started > ended

A referral is to one service; a victim may have several. What is recorded out of turn (support that started without
the service having accepted) moves nothing and is shown apart, until a correction puts it in order.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from victimcare.domain.choices import opt_outs
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import EventChain, Journey
from victimcare.domain.support_needs import REFUSED_BECAUSE, SUPPORT_NEEDS

_REFERRAL_RIGHT = ("all", "right:4", "rule:R4-REF")
TAKES_BACK = {
    EventKind.REFERRAL_CONSENTED: EventKind.REFERRAL_DECLINED,
    EventKind.OPTED_IN: EventKind.OPTED_OUT,
}
"""Each yes, with the no after which it lets a new referral go."""
NOES = frozenset(TAKES_BACK.values())
"""After these nothing that was sent lies with its service any more."""


class Step(Enum):
    """Where one referral stands; the value is the kind of event that brings it there."""

    SENT = EventKind.REFERRAL_SENT
    RECEIVED = EventKind.REFERRAL_RECEIVED
    ACCEPTED = EventKind.REFERRAL_ACCEPTED
    REFUSED = EventKind.REFERRAL_REFUSED
    CONTACTED = EventKind.SUPPORT_CONTACTED
    STARTED = EventKind.SUPPORT_STARTED
    ENDED = EventKind.SUPPORT_ENDED


STEP_IN_WORDS = {
    Step.SENT: "Sent",
    Step.RECEIVED: "Received by the service",
    Step.ACCEPTED: "Accepted",
    Step.REFUSED: "Refused",
    Step.CONTACTED: "The service made contact",
    Step.STARTED: "Support started",
    Step.ENDED: "Support ended",
}
WAITING_FOR = {
    Step.SENT: "Waiting for the service to say that it has it",
    Step.RECEIVED: "Waiting for the service to accept or refuse",
    Step.ACCEPTED: "Waiting for the service to make contact with the victim",
    Step.CONTACTED: "Waiting for support to start",
    Step.STARTED: "The victim has support",
}
NEXT: Mapping[Step, tuple[Step, ...]] = {
    Step.SENT: (Step.RECEIVED, Step.ACCEPTED, Step.REFUSED),
    Step.RECEIVED: (Step.ACCEPTED, Step.REFUSED),
    Step.ACCEPTED: (Step.CONTACTED, Step.STARTED, Step.REFUSED),
    Step.CONTACTED: (Step.STARTED, Step.REFUSED, Step.ENDED),
    Step.STARTED: (Step.ENDED,),
    Step.REFUSED: (),
    Step.ENDED: (),
}
"""What can come after each step. A service that had accepted may still have to refuse."""
ENDS = frozenset(step for step, after in NEXT.items() if not after)
"""After these nothing comes."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step with its London date. `reason` is a code of a refusal."""

    step: Step
    on: date
    reason: str | None = None

    @property
    def in_words(self) -> str:
        """The step, with the reason where there is one."""
        why = REFUSED_BECAUSE.get(self.reason or "", "")
        return f"{STEP_IN_WORDS[self.step]}: {why[:1].lower()}{why[1:]}" if why else STEP_IN_WORDS[self.step]


@dataclass(slots=True)
class Referral:
    """One referral to one service; `key` is that of the event that sent it.

    `withdrawn`: the victim declined or opted out after it was sent, or had said no when it was. No later yes, which is
    to another referral, gives it back to its service.
    """

    key: str
    service: str
    steps: list[StepTaken] = field(default_factory=list)
    withdrawn: bool = False

    @property
    def now(self) -> StepTaken:
        """The last step."""
        return self.steps[-1]

    @property
    def next_steps(self) -> tuple[Step, ...]:
        """What can come next."""
        return NEXT[self.now.step]

    @property
    def is_open(self) -> bool:
        """Whether anything can still come of it."""
        return bool(self.next_steps)

    @property
    def waiting_for(self) -> str:
        """What is waited for, in words; empty where nothing is."""
        return WAITING_FOR.get(self.now.step, "")


class Answer(Enum):
    """What the victim said to the offer."""

    AGREED = EventKind.REFERRAL_CONSENTED
    DECLINED = EventKind.REFERRAL_DECLINED


@dataclass(frozen=True, slots=True)
class Support:
    """Everything that the journey says of support. Dates are London dates; None: not recorded.

    `needs` are those of the last time they were asked. `out_of_turn`: (title, date) of steps that fit no referral.
    `said_no_at`: when they last declined, or opted out, as recorded (UTC).
    """

    needs: frozenset[str]
    needs_asked_on: date | None
    offered_on: date | None
    specialist_offered: bool
    answer: Answer | None
    answered_on: date | None
    guardian_agreed: bool
    opted_out_on: date | None
    referrals: tuple[Referral, ...]
    gaps: tuple[tuple[str, date], ...]
    out_of_turn: tuple[tuple[EventKind, date], ...]
    said_no_at: datetime | None = None

    @property
    def agreed(self) -> bool:
        """Whether their last answer is that they agree."""
        return self.answer is Answer.AGREED

    @property
    def declined(self) -> bool:
        """Whether their last answer is no, or they opted out of referral."""
        return self.answer is Answer.DECLINED or self.opted_out_on is not None

    def referral(self, key: str) -> Referral:
        """The referral of this key. Raises `NoSuchReferral`."""
        found = next((referral for referral in self.referrals if referral.key == key), None)
        if found is None:
            raise NoSuchReferral
        return found

    def lies_with_its_service(self, key: str) -> bool:
        """Whether the referral of this key is the service's to work on: open, and nobody has said no since."""
        return any(each.key == key and each.is_open and not each.withdrawn for each in self.referrals)

    def open_with(self, service: str) -> bool:
        """Whether a referral to this service is still open; one that is withdrawn does not keep a new one back."""
        return any(each.service == service and each.is_open and not each.withdrawn for each in self.referrals)


def support_of(journey: Journey) -> Support:
    """What the journey says of support; corrected events count as corrected, what never happened not at all."""
    chains = sorted((c for c in journey.chains().values() if c.happened), key=_in_turn)
    needs = _last(chains, EventKind.SUPPORT_NEEDS_ASKED)
    offered = _last(chains, EventKind.REFERRAL_OFFERED)
    answered = _last(chains, *(answer.value for answer in Answer))
    referrals, out_of_turn = _referrals(chains)
    return Support(
        needs=frozenset(code for code in SUPPORT_NEEDS if needs and needs.current.details.get(code) is True),
        needs_asked_on=_on(needs),
        offered_on=_on(offered),
        specialist_offered=any(
            c.root.kind is EventKind.REFERRAL_OFFERED and c.current.details.get("specialist_offered") is True
            for c in chains
        ),
        answer=Answer(answered.root.kind) if answered else None,
        answered_on=_on(answered),
        guardian_agreed=any(
            c.root.kind is EventKind.REFERRAL_CONSENTED and c.current.details.get("guardian_consented") is True
            for c in chains
        ),
        opted_out_on=_opted_out_on(chains),
        referrals=referrals,
        gaps=tuple(
            (str(c.current.details["need"]), c.current.happened.on)
            for c in chains
            if c.root.kind is EventKind.NO_SERVICE_FITS
        ),
        out_of_turn=out_of_turn,
        said_no_at=max((c.root.recorded_at for c in chains if _is_of_referral(c, NOES)), default=None),
    )


def _referrals(chains: Iterable[EventChain]) -> tuple[tuple[Referral, ...], tuple[tuple[EventKind, date], ...]]:
    step_of = {step.value: step for step in Step}
    referrals: list[Referral] = []
    out_of_turn: list[tuple[EventKind, date]] = []
    said_no: set[EventKind] = set()
    for chain in chains:
        if _is_of_referral(chain, TAKES_BACK):
            said_no.discard(TAKES_BACK[chain.root.kind])
        elif _is_of_referral(chain, NOES):
            said_no.add(chain.root.kind)
            for referral in referrals:
                referral.withdrawn = True
        step = step_of.get(chain.root.kind)
        if step is None:
            continue
        event = chain.current
        reason = event.details.get("reason")
        taken = StepTaken(step, event.happened.on, str(reason) if reason else None)
        service = event.subject or ""
        if step is Step.SENT:
            referrals.append(Referral(chain.key, service, [taken], withdrawn=bool(said_no)))
            continue
        # The oldest that can take it: an earlier referral that was refused or withdrawn leaves it to the later one.
        all_able = (r for r in referrals if r.service == service and step in r.next_steps)
        able = min(all_able, key=lambda referral: referral.withdrawn, default=None)
        if able is None:
            out_of_turn.append((chain.root.kind, event.happened.on))
        else:
            able.steps.append(taken)
    return tuple(referrals), tuple(out_of_turn)


def _is_of_referral(chain: EventChain, kinds: Container[EventKind]) -> bool:
    """Whether it is of these kinds; a choice of services only where referral is among them."""
    scope = chain.current.details.get("scope", "all")
    return chain.root.kind in kinds and scope in _REFERRAL_RIGHT


def _opted_out_on(chains: Iterable[EventChain]) -> date | None:
    """Since when the victim has opted out of referral, if they have not opted back in."""
    for out in opt_outs(chains):
        if out.scope in _REFERRAL_RIGHT and not any(scope in _REFERRAL_RIGHT for scope, _ in out.back_in):
            return out.from_on
    return None


def _last(chains: Iterable[EventChain], *kinds: EventKind) -> EventChain | None:
    found = None
    for chain in chains:
        if chain.root.kind in kinds:
            found = chain
    return found


def _on(chain: EventChain | None) -> date | None:
    return chain.current.happened.on if chain else None


def _in_turn(chain: EventChain) -> tuple[date, datetime, datetime, str]:
    # Of one day and no known hour, as they were recorded: an offer, the answer and the sending share a day.
    event = chain.current
    recorded_at = chain.root.recorded_at
    return event.happened.on, event.happened.at or recorded_at, recorded_at, chain.key


class NoSuchReferral(LookupError):
    """The journey holds no referral of this key."""

    def __init__(self) -> None:
        super().__init__("there is no such referral in this case")
