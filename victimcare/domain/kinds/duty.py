"""Other ways in which a duty ends, each with a reason as a code. The lists are this service's, not the Code's."""

from __future__ import annotations

from collections.abc import Mapping

from victimcare.domain.kinds.facts import Detail, DetailType, KindFacts, Stage, choice
from victimcare.domain.kinds.kind import EventKind

_K = EventKind
_WHY_DECLINED = {
    "does_not_want_it": "They do not want it",
    "knows_already": "They know it, or have it, already",
    "not_now": "They do not want it now",
    "from_another": "They want it from somebody else",
    "no_contact": "They want no contact about the case",
    "other": "Something else",
}
_WHY_NOT_APPLICABLE = {
    "was_there": "The victim was there when it happened",
    "not_about_them": "It is not about this victim",
    "nothing_to_tell": "There is nothing to tell or to do",
    "another_agency": "Another agency has done it",
    "victim_died": "The victim has died, and nobody else is to be told",
    "other": "Something else",
}
_WHY_NOT_SAFE = {
    "suspect_reads_messages": "The suspect would see or hear the message",
    "suspect_lives_there": "The suspect lives with the victim",
    "no_safe_contact": "No safe way to reach the victim is known",
    "risk_of_harm": "It would put somebody at risk of serious harm",
    "victim_asked": "The victim asked, for their safety, not to be contacted",
    "other": "Something else",
}
_GOOD_REASONS = {
    "harms_investigation": "It would harm the investigation or the prosecution",
    "victim_unwell": "The victim is too ill or too distressed now",
    "not_reached": "The victim could not be reached, though it was tried",
    "interpreter": "No interpreter, or other help that they need, could be had in time",
    "emergency": "An emergency took everybody who could have done it",
    "other": "Something else",
}
_WHY_MOVED = {
    "proclaimed": "A day became a bank holiday",
    "withdrawn": "A day is no longer a bank holiday",
}
_HOW_CHANGED = {
    "moves": "It is due on another day",
    "begins": "It begins",
    "ends": "It ends",
    "goes": "It is no longer owed",
    "opens": "It is owed again",
    "stays": "It belongs to another edition, and its day stays",
}
VERDICTS = {
    "stands": "It stays as it was judged",
    "follows": "It is judged by the new day",
}
"""What can be decided of a duty that was late or had ended when the bank holidays changed."""


def _why(reasons: Mapping[str, str], *, required: bool = True) -> Detail:
    return choice("reason", "Reason", reasons, required=required)


FACTS: Mapping[EventKind, KindFacts] = {
    _K.DUTY_DECLINED: KindFacts(
        "Duty declined",
        "The victim declined it",
        Stage.DUTY,
        details=(
            _why(_WHY_DECLINED, required=False),
            Detail("contact", "The contact in which they said so", DetailType.LABEL, required=True),
        ),
    ),
    _K.DUTY_NOT_APPLICABLE: KindFacts(
        "Duty not applicable", "It was found not to apply", Stage.DUTY, details=(_why(_WHY_NOT_APPLICABLE),)
    ),
    _K.DUTY_NOT_SAFE: KindFacts(
        "Not safe to inform", "It was not safe to tell the victim", Stage.DUTY, details=(_why(_WHY_NOT_SAFE),)
    ),
    _K.GOOD_REASON_REQUESTED: KindFacts(
        "Good reason asked for",
        "A good reason not to comply was put forward",
        Stage.DUTY,
        details=(_why(_GOOD_REASONS),),
    ),
    _K.GOOD_REASON_AGREED: KindFacts("Good reason agreed", "A supervisor agreed the good reason", Stage.DUTY),
    _K.GOOD_REASON_REFUSED: KindFacts("Good reason refused", "A supervisor refused the good reason", Stage.DUTY),
    _K.DEADLINE_MOVED: KindFacts(
        "Deadline moved",
        "The bank holidays changed, which moved a deadline",
        Stage.DUTY,
        details=(
            choice("change", "Why", _WHY_MOVED, required=True),
            Detail("day", "The day", DetailType.DATE, required=True),
            Detail("due_before", "Was due", DetailType.DATE, required=True),
            Detail("due_after", "Is due", DetailType.DATE, required=True),
            Detail("list", "List of bank holidays", DetailType.NUMBER, required=True),
        ),
    ),
    _K.CODE_CHANGED: KindFacts(
        "The Code changed",
        "A new edition of the Code changed what is owed",
        Stage.DUTY,
        details=(
            choice("change", "What becomes of it", _HOW_CHANGED, required=True),
            Detail("in_force_on", "The edition is in force from", DetailType.DATE, required=True),
            Detail("put_back", "The edition was put back", DetailType.YES_NO, required=True),
            Detail("due_before", "Was due", DetailType.DATE),
            Detail("due_after", "Is due", DetailType.DATE),
            Detail("number", "Change of the Code", DetailType.NUMBER, required=True),
        ),
    ),
    _K.VERDICT_DECIDED: KindFacts(
        "Decided after the bank holidays changed",
        "A supervisor decided whether a new bank holiday changes what was late or in time",
        Stage.DUTY,
        details=(
            choice("verdict", "Decision", VERDICTS, required=True),
            Detail("new_day", "Due by the new list", DetailType.DATE, required=True),
            Detail("list", "List of bank holidays", DetailType.NUMBER, required=True),
        ),
    ),
}
