"""In which ways a victim can be asked how it was for them: safe now, and as they chose to hear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from victimcare.commands.ask_for_feedback import PHONE
from victimcare.domain.messages import Fact
from victimcare.domain.safe_contact import PointKind
from victimcare.editions.feedback import ASKS_FEEDBACK
from victimcare.editions.message_templates import FIRST, published_messages
from victimcare.queries.case_page import CasePage
from victimcare.queries.contact_details import PointView
from victimcare.web.contact_reading import ContactReader

_WRITTEN = {PointKind.ADDRESS: ("letter", "A letter"), PointKind.EMAIL: ("email", "An e-mail")}


@dataclass(frozen=True, slots=True)
class WayToAsk:
    """By which point they are asked, as what, and that in words."""

    point_id: str
    written_as: str
    words: str

    @property
    def key(self) -> str:
        """As the form sends it."""
        return f"{self.written_as}:{self.point_id}"


def ways_to_ask(contacts: ContactReader, ref: str, *, sends_texts: bool) -> tuple[WayToAsk, ...]:
    """The ways that are safe now and that the victim wants. Raises `NoSuchCase`, `DoesNotOpen`."""
    details, chosen = contacts.read(ref), contacts.before(ref).chosen
    ways = [way for point in details.in_use if point.verdict.allowed for way in _ways(point, sends_texts)]
    return tuple(way for way in ways if chosen.wants(way.written_as))


def _ways(point: PointView, sends_texts: bool) -> Iterator[WayToAsk]:
    use = point.use
    by_itself = use is not None and not use.only_in_words
    if point.kind is PointKind.ADDRESS or (point.kind is PointKind.EMAIL and by_itself):
        written_as, words = _WRITTEN[point.kind]
        yield WayToAsk(point.id, written_as, f"{words} to {point.name}")
    if point.kind is PointKind.PHONE:
        if sends_texts and by_itself and use is not None and use.preview_safe:
            yield WayToAsk(point.id, "text", f"A text message to {point.name}")
        yield WayToAsk(point.id, PHONE, f"Somebody rings {point.name} and asks")


def language_of(case: CasePage) -> str:
    """The victim's language, where somebody has put the message into it; else English."""
    language = published_messages().get(case.language)
    return language.id if language is not None and ASKS_FEEDBACK in language.templates else FIRST


def facts_of_case(case: CasePage, force_name: str) -> Mapping[Fact, str | date]:
    """What the message says of the case."""
    return {
        Fact.VICTIM: case.victim_name or "",
        Fact.READER: case.victim_name or "",
        Fact.OFFICER: case.officer_name,
        Fact.FORCE: force_name,
        Fact.REFERENCE: case.ref,
    }
