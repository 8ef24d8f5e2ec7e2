"""What an edition does with duties that began before it, in sentences."""

from __future__ import annotations

from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.explanation import in_words
from victimcare.domain.transition import Transition


def transition_in_words(transition: Transition) -> tuple[str, ...]:
    """What an edition does with what began before it, a sentence each."""
    said = [f"Those of {rule_id} {fate.in_words}." for rule_id, fate in transition.of_rule.items()]
    said.append(f"{'All others' if said else 'All'} {transition.otherwise.in_words}.")
    said += [
        f"{rule_id} begins on the day of commencement for what happened from {in_words(since)} on."
        for rule_id, since in transition.begins.items()
    ]
    if transition.no_longer_starts:
        kinds = ", ".join(sorted(EVENT_KINDS[kind].title for kind in transition.no_longer_starts))
        said.append(f"These start no clock any longer: {kinds}.")
    return tuple(said)
