"""The escalation ladder of this force, to be read: it is changed in its file."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.domain.ladder import Ladder, Step
from victimcare.domain.people import Action
from victimcare.domain.watches import STOOD_AT, Watch
from victimcare.web.deps import TheLadder, TheLaw
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/escalation", dependencies=[policy(Action.SEE_LADDER)])


@dataclass(frozen=True, slots=True)
class OwnSteps:
    """Steps of some duties only, and of which."""

    of: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LadderView:
    """The whole ladder; rules that share their steps stand together."""

    ladder: Ladder
    own: tuple[OwnSteps, ...]


@router.get("")
def ladder(request: Request, ladder: TheLadder, law: TheLaw) -> Response:
    """Who hears of a duty, and when."""
    titles = {rule.id: rule.title for edition in law.code.editions for rule in edition.rules}
    titles |= {watch.value: "A standstill at any stage" if watch in STOOD_AT else watch.in_words for watch in Watch}
    named: dict[tuple[Step, ...], list[str]] = {}
    for right, steps in sorted(ladder.of_right.items()):
        named.setdefault(steps, []).append(f"Everything of right {right}")
    for rule, steps in sorted(ladder.of_rule.items()):
        named.setdefault(steps, []).append(titles.get(rule, rule))
    own = tuple(OwnSteps("; ".join(dict.fromkeys(of)), steps) for steps, of in named.items())
    return render(request, "notices/ladder.html", LadderView(ladder, own))
