"""The form of a message to the victim: filled in from the case, changed by the officer, seen whole before it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from victimcare.commands.message_times import ONLY_IN_WORDS, TOLD_NO_MORE
from victimcare.commands.record_event import NewEvent
from victimcare.commands.write_message import NewMessage
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.hearing_choices import UNWANTED_BECAUSE, Chosen
from victimcare.domain.hearing_times import Hours, next_allowed
from victimcare.domain.journey import Moment, Precision
from victimcare.domain.messages import Channel, Draft, Fact, MessageLanguage, MessageTemplate, draft
from victimcare.domain.safe_contact import PointKind, SafeUse
from victimcare.domain.who_counts import WRITTEN_TO
from victimcare.queries.before_contact import BeforeContact
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import ContactDetails, PointView
from victimcare.queries.people_told import ToldPerson
from victimcare.web.answers import answers_of
from victimcare.web.case_forms import CheckedForm
from victimcare.web.forms import FieldRefused

CHANNEL_OF = {PointKind.ADDRESS: Channel.LETTER, PointKind.EMAIL: Channel.EMAIL, PointKind.PHONE: Channel.TEXT}
CHANNEL_WORDS = {Channel.LETTER: "Letter", Channel.EMAIL: "E-mail", Channel.TEXT: "Text message"}
LONGEST_TEXT = 300
_REVIEWS = ("T-VRR-POL", "T-VRR-CPS", "T-VRR-CPS-ENDED")
_SENTENCE_REVIEW = "T-ULS"

As = Literal["letter", "text"]
"""What is written: a letter or an e-mail, which have the same words, or a text message."""


THE_VICTIM = "victim"
"""What a form or an address says of a message that is written to the victim, and not to who is told beside them."""


class MessageForm(CheckedForm):
    """A message as it is to go out. `duties` and `told` hold what the boxes of the page say, `to` whom it is for."""

    template: str = Field(title="Message", max_length=40)
    language: str = Field(title="Language", max_length=10)
    written_as: As = Field(title="Kind")
    to: str = Field(THE_VICTIM, title="To whom it goes", max_length=10)
    point: str = Field(title="How it goes", description="Choose how it goes to the victim", max_length=60)
    unwanted_because: Literal[("", *UNWANTED_BECAUSE)] = Field(  # type: ignore[valid-type]
        "", title="Why this way", description="Choose why it goes in a way that they did not choose"
    )
    body: str = Field(title="Message", description="Enter the message", max_length=10_000)
    duties: list[str] = Field([], title="What it answers", max_length=100)
    told: list[str] = Field([], title="What it tells", max_length=300)


@dataclass(frozen=True, slots=True)
class WayOut:
    """A point at which a message can go: whether the victim wants to hear so, and from when on it may.

    `leaves_at` (UTC) is None for a letter, and where only a person can tell when it is safe.
    """

    point: PointView
    wanted: bool
    waits: bool
    leaves_at: datetime | None
    only_in_words: bool


def ways_out(
    points: Sequence[PointView], chosen: Chosen, template: MessageTemplate, *, now: datetime, hours: Hours
) -> tuple[WayOut, ...]:
    """Each of these points, those first by which the victim wants to hear."""
    times = frozenset[str]() if template.urgent else chosen.times
    ways = (_way_out(point, chosen.wants(CHANNEL_OF[point.kind].value), times, now, hours) for point in points)
    return tuple(sorted(ways, key=lambda way: not way.wanted))


def _way_out(point: PointView, wanted: bool, chosen: frozenset[str], now: datetime, hours: Hours) -> WayOut:
    use = point.use or SafeUse()
    if CHANNEL_OF[point.kind] is Channel.LETTER or use.only_in_words:
        return WayOut(point, wanted, False, None, use.only_in_words and point.kind is not PointKind.ADDRESS)
    at = next_allowed(now, safe=use.safe_at, chosen=chosen, hours=hours)
    return WayOut(point, wanted, at > now, at, False)


def readers(before: BeforeContact) -> tuple[ToldPerson, ...]:
    """Who beside the victim can be written to: those who are told in their place now."""
    return tuple(person for person in before.others if person.told_as in WRITTEN_TO)


def reader_asked(to: str, before: BeforeContact, *, under_18: bool) -> ToldPerson | None:
    """Whom the message is written to, None for the victim. Nothing asked: whom such a victim's letters go to first."""
    if not to:
        return before.told_first(under_18=under_18)
    return next((person for person in readers(before) if str(person.id) == to), None)


def points_for(details: ContactDetails, written_as: str, *, text_messages: bool) -> tuple[PointView, ...]:
    """The victim's points to which this kind of message could go, safe or not."""
    wanted = {Channel.TEXT} if written_as == "text" else {Channel.LETTER, Channel.EMAIL}
    kinds = {kind for kind, channel in CHANNEL_OF.items() if channel in wanted}
    possible = details.in_use if text_messages or written_as != "text" else ()
    return tuple(point for point in possible if point.kind in kinds)


def first_draft(
    template: MessageTemplate,
    language: MessageLanguage,
    case: CasePage,
    duty: DutyView | None,
    *,
    reader: ToldPerson | None,
    force_name: str,
    written_as: str,
    preview_is_safe: bool,
) -> Draft:
    """The template filled in with what is known of the case and of the duty that it is written for."""
    channel = Channel.TEXT if written_as == "text" else Channel.LETTER
    facts = _facts(case, duty, force_name, reader)
    return draft(template, language, facts, channel=channel, preview_is_safe=preview_is_safe)


def ticked_boxes(template: MessageTemplate, duty: DutyView | None) -> tuple[list[str], list[str]]:
    """The boxes ticked when the form opens: the duty whose row opened it, and what the template tells of that one."""
    if duty is None or duty.rule not in template.answers:
        return [], []
    told = [f"{duty.anchor}:{telling.id}" for telling in duty.must_tell if telling.id in template.tells]
    return [duty.anchor], told


def message_asked(
    asked: MessageForm,
    case: CasePage,
    ways: Sequence[WayOut],
    *,
    reader: ToldPerson | None,
    language: MessageLanguage,
    template: MessageTemplate,
) -> NewMessage:
    """What the form asks to write. Raises `FieldRefused`."""
    if reader is None and asked.to != THE_VICTIM:
        raise FieldRefused("to", f"Choose again to whom it goes: {TOLD_NO_MORE}")
    point = _point_asked(asked, ways)
    if asked.written_as == "text" and len(asked.body) > LONGEST_TEXT:
        raise FieldRefused("body", f"A text message must be {LONGEST_TEXT} characters or fewer")
    # A gateway would put the subject of an e-mail into the text message.
    written = Draft("" if asked.written_as == "text" else language.subject, asked.body)
    if written.blanks:
        raise FieldRefused("body", f"Fill in what stands in square brackets: {', '.join(written.blanks)}")
    answers = answers_of(answerable(case), asked.duties, asked.told)
    return NewMessage(
        template.id,
        language.id,
        CHANNEL_OF[point.kind],
        point.id,
        written,
        answers,
        urgent=template.urgent,
        unwanted_because=asked.unwanted_because or None,
        written_to=reader.id if reader else None,
    )


def _point_asked(asked: MessageForm, ways: Sequence[WayOut]) -> PointView:
    way = next((way for way in ways if way.point.id == asked.point), None)
    if way is None:
        raise FieldRefused("point", "Choose how it goes to the victim")
    point = way.point
    if not point.verdict.allowed:
        raise FieldRefused("point", f"{point.name} cannot be used: {point.verdict.why.rstrip('.')}")
    if way.only_in_words:
        raise FieldRefused("point", f"{point.name}: {ONLY_IN_WORDS}")
    if not way.wanted and not asked.unwanted_because:
        raise FieldRefused("unwanted_because", "Choose why it goes in a way that they did not choose")
    return point


def answerable(case: CasePage) -> tuple[DutyView, ...]:
    """The open duties that a message can answer."""
    return case.answerable_by(EventKind.CONTACT_MADE)


def events_of(message: NewMessage, today: date) -> list[NewEvent]:
    """The contact that it will be when it goes out, as if that were today."""
    details = {"channel": message.channel.value}
    return [NewEvent(EventKind.CONTACT_MADE, Moment.day(today), details=details, duties=tuple(message.answers))]


def _facts(
    case: CasePage, duty: DutyView | None, force_name: str, reader: ToldPerson | None
) -> Mapping[Fact, str | date]:
    news = duty.news if duty else None
    hearing_on = news.details.get("hearing_on") if news else None
    subject = duty.subject if duty else None
    known: dict[Fact, str | date | None] = {
        Fact.VICTIM: case.victim_name,
        Fact.READER: reader.name if reader else case.victim_name,
        Fact.OFFICER: case.officer_name,
        Fact.FORCE: force_name,
        Fact.REFERENCE: case.ref,
        Fact.DAY: news.happened.on if news and news.happened.precision is not Precision.MONTH else None,
        Fact.HEARING_DAY: hearing_on if isinstance(hearing_on, date) else None,
        Fact.REVIEW_BY: _own(case, _REVIEWS, subject),
        Fact.SENTENCE_REVIEW_BY: _own(case, (_SENTENCE_REVIEW,), subject),
    }
    return {fact: value for fact, value in known.items() if value}


def _own(case: CasePage, ids: Sequence[str], subject: str | None) -> date | None:
    days = [own.until_on for own in case.own_deadlines if own.deadline.id in ids and subject in (None, own.subject)]
    return max(days, default=None)
