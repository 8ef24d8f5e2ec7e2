"""The words of notices: a case reference, what is owed, its day. Never a victim's name, never a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import TextWrapper, fill

from victimcare.domain.calendar import LONDON, london_date
from victimcare.domain.emergency_access import Alert
from victimcare.domain.explanation import in_words
from victimcare.domain.incident import TellingClock
from victimcare.domain.ladder import Told
from victimcare.domain.people import Role
from victimcare.domain.reminders import Recipient
from victimcare.domain.small_numbers import Count, Suppressed

_WIDTH = 72
_BODY = """{sentence}

    {title}
    {by}
    Case {case}

{what_to_do}

{because}
"""
_WHAT_TO_DO = (
    "Open the case in victimcare to see why it is due on that day and how the victim may be contacted safely. "
    "If it has been done, record it there."
)
_ASK = "Ask the team what stands in the way. Only those who work on the case, and their supervisors, can open it."
_FIND = (
    "Nobody who should hear of this is here. Find somebody who sees to it, and say on the Teams page who is on duty."
)
_TOLD = {
    Told.OFFICER: ("the case officer", _WHAT_TO_DO),
    Told.SUPERVISOR: ("the supervisor on duty of the case's team", _WHAT_TO_DO),
    Told.NEXT_SUPERVISOR: ("the supervisor above the case's team", _ASK),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be done: the title of a rule in the Code's words, with its right; without one, that of a watch."""

    title: str
    right: int | None = None

    @property
    def by(self) -> str:
        """Whose word it is that it is to be done."""
        return (
            f"Right {self.right} of the Victims' Code" if self.right else "Policy of your force, not the Victims' Code"
        )


def reminder(who: Recipient, *, case_ref: str, owed: Owed, due_on: date, today: date) -> tuple[str, str]:
    """Subject and body of a notice about a duty, or of a watch."""
    day = in_words(due_on)
    subject, sentence = _standing(due_on, today)
    role, what_to_do = _TOLD[who.told_as]
    body = _BODY.format(
        sentence=fill(sentence.format(day=day), _WIDTH),
        title=fill(owed.title, _WIDTH - 4, subsequent_indent="    "),
        by=owed.by,
        case=case_ref,
        what_to_do=fill(what_to_do if who.person_id else _FIND, _WIDTH),
        because=fill(f"{_because(who, role)} Nobody reads answers to this message.", _WIDTH),
    )
    return subject.format(day=day, case=case_ref), body


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One duty in somebody's digest, and as what they hear of it."""

    who: Recipient
    case_ref: str
    due_on: date


_DIGEST = """{groups}{what_to_do}

You get one mail in the morning. "Your notices" in victimcare changes that.
Nobody reads answers to this message.
"""
_LISTED = "Your worklist in victimcare says what is due in each case, and why. If it has been done, record it there."


def digest(entries: Sequence[DigestEntry], *, today: date) -> tuple[str, str]:
    """Subject and body of a digest: how many duties, and of which cases; no more."""
    counts = Counter(_heading(entry.due_on, today) for entry in entries)
    subject = ", ".join(f"{counts[heading]} {heading.lower()}" for heading in _HEADINGS if counts[heading])
    groups = "".join(_group(role, entries, today) for role in dict.fromkeys(_role(entry.who) for entry in entries))
    return subject, _DIGEST.format(groups=groups, what_to_do=fill(_LISTED, _WIDTH))


_HEADINGS = ("Overdue", "Due today", "Due soon")
_CASES = TextWrapper(_WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
"""A reference in two pieces is found by no search."""


def _heading(due_on: date, today: date) -> str:
    if due_on < today:
        return "Overdue"
    return "Due today" if due_on == today else "Due soon"


def _role(who: Recipient) -> str:
    role = _TOLD[who.told_as][0]
    away = ", who is away" if who.away else ""
    return f"In place of {role}{away}" if who.in_place else f"As {role}"


def _group(role: str, entries: Sequence[DigestEntry], today: date) -> str:
    lines = [role]
    for heading in _HEADINGS:
        listed = (e.case_ref for e in entries if _role(e.who) == role and _heading(e.due_on, today) == heading)
        cases = ", ".join(f"{ref} ({count})" if count > 1 else ref for ref, count in sorted(Counter(listed).items()))
        if cases:
            lines.append(_CASES.fill(f"{heading}: {cases}"))
    return "\n".join(lines) + "\n\n"


_LIST = """On {day} so many duties of the police were open {late} working days
after their day or longer:

{counts}

    All: {total}

A count from 1 up to the least that is shown is hidden, and others with it
where they would give it away. The list holds no case. Nobody reads
answers to this message.
"""


def monthly_list(counts: Mapping[int, Count], total: Count, *, late: int, today: date) -> tuple[str, str]:
    """Subject and body of the board's list: by right, what may be shown."""
    lines = [f"    Right {right}: {_shown(count)}" for right, count in counts.items() if count != 0]
    body = _LIST.format(day=in_words(today), late=late, counts="\n".join(lines) or "    None", total=_shown(total))
    return f"What is late by {late} working days or more", body


def _shown(count: Count) -> str:
    return "hidden" if isinstance(count, Suppressed) else f"{count:,}"


def _standing(due_on: date, today: date) -> tuple[str, str]:
    if due_on > today:
        return "Due on {day}: case {case}", "This is due by the end of {day}:"
    if due_on == today:
        return "Due today: case {case}", "This is due by the end of today, {day}:"
    return "Overdue since {day}: case {case}", "This was due by the end of {day} and has not been recorded as done:"


def _because(who: Recipient, role: str) -> str:
    if who.person_id is None:
        return f"This was for {role}{', who is away' if who.away else ''}."
    return f"You receive this {_role(who)[0].lower()}{_role(who)[1:]}."


_ALERTS = {
    Alert.OPENED: (
        "Emergency access: case {case}",
        "Somebody whose case this is not opened it in an emergency. It is open to them for an hour at most, and waits "
        "for a review.",
    ),
    Alert.REFUSED: (
        "Emergency access refused: case {case}",
        "Somebody tried to open this case in an emergency, or to go further than that allows, and was refused.",
    ),
    Alert.UNREVIEWED: (
        "Emergency access not reviewed: case {case}",
        "This case was opened in an emergency, and nobody has reviewed in time whether that was justified.",
    ),
    Alert.NOT_JUSTIFIED: (
        "Emergency access was not justified: case {case}",
        "This case was opened in an emergency, and whoever reviewed that found that there was no reason for it.",
    ),
    Alert.CUSTODY_TAKEN: (
        "Who may know the location was changed: case {case}",
        "Somebody who was not the custodian of the protected location in this case decided about it: another is its "
        "custodian now, or the protection has ended.",
    ),
    Alert.TRIED_PROTECTED: (
        "Somebody tried to see a protected location: case {case}",
        "Somebody who is not its custodian tried to see or change how the victim of this case can be reached, and was "
        "refused.",
    ),
}
_ALERT = """{sentence}

    Case {case}

{what_to_do}

{because}
"""
_SEE = "Privacy reviewers see who it was, when and why in victimcare, and say whether it was justified."
_ASK_WHY = 'Who it was stands in victimcare on the case, under "Who looked at this case", for its supervisors: ask why.'
_ALERTED = "You receive this because you are a supervisor of the case's team or a privacy reviewer."
_WAS_CUSTODIAN = "You receive this because you were the custodian, supervise the case's team or review privacy."
_SEE_TRY = (
    'They were shown nothing. Supervisors of the case see who it was under "Who looked at this case"; privacy '
    "reviewers are asked about it the next morning. A second try by the same person today is written down and not "
    "told again."
)
_CUSTODIAN = (
    "You receive this because you alone may reach this victim, because you stand in for somebody who has left, or "
    "because you are a privacy reviewer."
)
_SPEAK_TO_THEM = (
    'Supervisors of the case see who it was in victimcare, under "Who looked at this case", and speak with whoever '
    "supervises them. If somebody learned what they should not know, record it under Incidents: its 72 hours run."
)
_SUPERVISES = (
    "You receive this because you supervise the case's team or whoever opened the case, or because you are a privacy "
    "reviewer."
)
_FOLLOWS = {
    Alert.NOT_JUSTIFIED: (_SPEAK_TO_THEM, _SUPERVISES),
    Alert.CUSTODY_TAKEN: (_ASK_WHY, _WAS_CUSTODIAN),
    Alert.TRIED_PROTECTED: (_SEE_TRY, _CUSTODIAN),
}
_NOBODY_READS = "Nobody reads answers to this message."


def alert(kind: Alert, *, case_ref: str) -> tuple[str, str]:
    """Subject and body of what others are told of who opened a case, tried to, or took custody: a reference only."""
    subject, sentence = _ALERTS[kind]
    what_to_do, because = _FOLLOWS.get(kind, (_SEE, _ALERTED))
    body = _ALERT.format(
        sentence=fill(sentence, _WIDTH),
        case=case_ref,
        what_to_do=fill(what_to_do, _WIDTH),
        because=fill(f"{because} {_NOBODY_READS}", _WIDTH),
    )
    return subject.format(case=case_ref), body


_SIGN_FOUND = """{sentence}

    Reference {reference}

{what_to_do}

{because}
"""
_FOUND = "The look through the audit of a day that is over found something to ask about."
_REVIEW = (
    'Who it is about, what it is and on which day stands in victimcare under "Who looks". Say there what you found.'
)
_REVIEWER = "You receive this because you are a privacy reviewer. Nobody reads answers to this message."


def sign_found(reference: str) -> tuple[str, str]:
    """Subject and body of what a privacy reviewer is told of a sign of snooping: never of whom, nor of which case."""
    body = _SIGN_FOUND.format(
        sentence=fill(_FOUND, _WIDTH),
        reference=reference,
        what_to_do=fill(_REVIEW, _WIDTH),
        because=fill(_REVIEWER, _WIDTH),
    )
    return f"Something to review: {reference}", body


_ACCESS_GIVEN = """{sentence}

{people}

{what_to_do}

{because}
"""
_GIVEN = "An administrator gave access to cases, or a one-time secret with which to sign in:"
_IS_IT_RIGHT = "If this should not be, tell the administrators at once: they can stop it. What they do is in the audit."
_HEARS = (
    "You receive this because you are a supervisor of their team or a privacy reviewer. "
    "Nobody reads answers to this message."
)


def access_given(people: Sequence[tuple[str, Role]]) -> tuple[str, str]:
    """Subject and body of what others are told when these, who work here, can reach cases from now on."""
    body = _ACCESS_GIVEN.format(
        sentence=fill(_GIVEN, _WIDTH),
        people="\n\n".join(f"    {name}\n    {role.in_words}" for name, role in people),
        what_to_do=fill(_IS_IT_RIGHT, _WIDTH),
        because=fill(_HEARS, _WIDTH),
    )
    who = "Somebody was" if len(people) == 1 else f"{len(people)} people were"
    return f"{who} given access to cases", body


_ASK_AGENCY = """{sentence}

    Case {case}
    {title}

{what_to_do}

Nobody reads answers to this message.
"""
_SEND_IT = (
    "Please send it to the case officer of this case, or ring them, in the way that your agencies have agreed. "
    "If you have sent it already, they have not recorded it yet. This message holds a reference and no name on purpose."
)


def ask_agency(*, case_ref: str, title: str, due_on: date) -> tuple[str, str]:
    """Subject and body of what the contact of another agency is asked for: a reference, and what is awaited."""
    day = in_words(due_on)
    body = _ASK_AGENCY.format(
        sentence=fill(f"By the end of {day} we should have had news from you in this case, and none has come.", _WIDTH),
        case=case_ref,
        title=fill(title, _WIDTH - 4, subsequent_indent="    "),
        what_to_do=fill(_SEND_IT, _WIDTH),
    )
    return f"News awaited since {day}: case {case_ref}", body


_KEEPER = """{sentence}

{what_to_do}

You receive this because you are {role}. Nobody reads answers to
this message.
"""
_LOOK = (
    "Until it runs, what it does is not done. The Jobs page in victimcare says what went wrong; what was missed is "
    "made up for. If no job runs at all, start the scheduler."
)
_CHECK = (
    "Officers still see it and may refer victims there. Make sure that it is all still so, and save the entry in "
    "victimcare under Directory, or retire it."
)

_RING = (
    "Its page in victimcare, under People, Teams, Systems of other agencies, shows each attempt. Ask whoever runs the "
    "system; then let it be told again there, and send again what it missed."
)


def job_not_run(title: str, *, since_on: date | None) -> tuple[str, str]:
    """Subject and body of what an administrator is told of a job that did not run (since `since_on`; None: ever)."""
    since = f"since {in_words(since_on)}" if since_on else "yet"
    sentence = fill(f"A scheduled job has not run {since} as it should: {title.lower()}.", _WIDTH)
    body = _KEEPER.format(sentence=sentence, what_to_do=fill(_LOOK, _WIDTH), role="an administrator")
    return f"A job has not run: {title.lower()}", body


_INCIDENT = """{sentence}

    Reference {reference}

{what_to_do}

{because}
"""
_DECIDE = (
    'Supervisors of its team find it under "Incidents" in victimcare, decide there whether the Commissioner is told, '
    "and say why. Until somebody has, the hours go on, at night and at weekends too."
)
_LATE = "A notification after the 72 hours must give the reasons for the delay."
_KEEPS_IT = (
    "You receive this because you are a supervisor of the team whose incident it is, recorded it, or are an "
    "administrator who can find one of them. Nobody reads answers to this message."
)


def incident_clock(reference: str, *, clock: TellingClock, now: datetime) -> tuple[str, str]:
    """Subject and body of what whoever keeps an incident is told of its 72 hours: a reference, and nothing of it."""
    until = f"{in_words(london_date(clock.due_at))} at {clock.due_at.astimezone(LONDON):%H:%M}"
    hours = clock.hours_left(now)
    left = "less than an hour" if hours == 0 else f"{hours} hour{'' if hours == 1 else 's'}"
    over = now >= clock.due_at
    stands = f"The 72 hours of an incident are over since {until}" if over else f"{left.capitalize()} left, to {until}"
    sentence = f"{stands}: nobody has decided yet whether the Information Commissioner is told of it."
    body = _INCIDENT.format(
        sentence=fill(sentence, _WIDTH),
        reference=reference,
        what_to_do=fill(f"{_DECIDE} {_LATE}" if over else _DECIDE, _WIDTH),
        because=fill(_KEEPS_IT, _WIDTH),
    )
    return f"Incident {reference}: {'the 72 hours are over' if over else f'{left} left to decide'}", body


def entry_to_check(name: str, *, checked_on: date) -> tuple[str, str]:
    """Subject and body of what a directory editor is told of an entry that nobody has checked for long."""
    sentence = fill(f"This entry of the directory was last checked on {in_words(checked_on)}: {name}.", _WIDTH)
    body = _KEEPER.format(sentence=sentence, what_to_do=fill(_CHECK, _WIDTH), role="a directory editor")
    return f"To be checked: {name}", body


def system_stopped(name: str, *, gone: bool, on: date) -> tuple[str, str]:
    """Subject and body of what an administrator is told of a system of an agency that takes nothing any more."""
    why = "it answered that it wants to hear nothing more" if gone else "no attempt has succeeded for five days"
    sentence = fill(
        f"Since {in_words(on)} this system of an agency is told nothing any more, because {why}: {name}.", _WIDTH
    )
    body = _KEEPER.format(sentence=sentence, what_to_do=fill(_RING, _WIDTH), role="an administrator")
    return f"A system is told nothing any more: {name}", body
