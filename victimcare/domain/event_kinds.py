"""Every kind of event that a victim's journey can hold, and what each must say.

Kinds are as fine as the Code is: a crime reported is not a crime recorded, a claim received is not a claim complete.
To add one: a member of `EventKind` (kinds/kind.py), its facts in the module of its stage (kinds/), and the rules that
it starts or meets in an edition.
"""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds import (
    after_sentence,
    case,
    complaint,
    contact,
    court,
    decision,
    duty,
    investigation,
    report,
    support,
)
from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage
from victimcare.domain.kinds.kind import EventKind

__all__ = ["EVENT_KINDS", "Detail", "DetailType", "EventKind", "KindFacts", "Stage"]

EVENT_KINDS: Mapping[EventKind, KindFacts] = {
    **report.FACTS,
    **support.FACTS,
    **investigation.FACTS,
    **decision.FACTS,
    **court.FACTS,
    **after_sentence.FACTS,
    **complaint.FACTS,
    **contact.FACTS,
    **duty.FACTS,
    **case.FACTS,
}
"""What is true of each kind, in the order of the stages."""
