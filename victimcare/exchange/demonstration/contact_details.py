"""How the invented victims are reached: points in every state, suspects' points, protected locations, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from victimcare.domain.event_kinds import EVENT_KINDS
from victimcare.domain.people import Person, Role
from victimcare.domain.safe_contact import NOT_ASKED, Point, PointKind, Safety, SafeUse
from victimcare.exchange.demonstration.victims import InventedContactPoint, InventedVictim
from victimcare.store import contact_points, notes, protections, staff
from victimcare.store.cases import StoredCase
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.vault import Vault

_KINDS = {"mobile": PointKind.PHONE, "landline": PointKind.PHONE, "email": PointKind.EMAIL}
_SAFE_AT = {
    "Weekdays after 4pm": ("evening",),
    "Before 3pm, when they are alone": ("morning",),
    "Any time": ("any",),
    "Not on Wednesdays": (),
    "Evenings only": ("evening",),
}
_TIMES = tuple(_SAFE_AT)
_IF_ANOTHER = (
    "Say that it is about the library book, and ring off",
    "Say that you will ring again, and give no name",
    "Ask for them by name only",
    "Say that you are from the dentist’s",
)
_CODE_WORDS = ("Marmalade", "Lighthouse", "Tuesday’s kettle", "Bluebell", "Snowdrop")
_NOTES = (
    "Prefers to be rung rather than written to. Asked not to be called in the mornings.",
    "Asked what happens next. Explained it, and that there is no news yet.",
    "Is worried about seeing the suspect at court. Wants to know about screens.",
    "Their sister may be told as well: they said so when they rang.",
    "Thanked us for keeping in touch. No questions this time.",
)
_NOTE_WITH_NUMBER = "Staying with a friend for now, who can be rung on 07700 900{:03}."
_WHY_PROTECTED = "The suspect is looking for them and has asked neighbours"


def settle_contacts(
    connection: Connection, stored: StoredCase, victim: InventedVictim, *, at: datetime, vault: Vault
) -> Sequence[NewContactPoint]:
    """Store how this victim is reached, and return their points.

    It follows from the case's reference, and changes nothing else of the story.
    """
    chance = Random(stored.case.ref)  # noqa: S311 - the same case must get the same contacts
    points = list(_points(chance, stored, victim, at))
    points += list(_of_suspects(chance, stored, points))
    contact_points.add(connection, points, vault)
    if victim.grounds == "serious_crime" and chance.random() < 0.08:
        _protect(connection, chance, stored, at, vault)
    for number in range(chance.choice((0, 0, 1, 1, 2))):
        _note(connection, chance, stored, at - timedelta(days=20 * number + 1), vault)
    return points


def _points(chance: Random, stored: StoredCase, victim: InventedVictim, at: datetime) -> Iterator[NewContactPoint]:
    for number, invented in enumerate((*victim.contact_points, *_addresses(chance)), start=1):
        kind = _KINDS.get(invented.kind, PointKind.ADDRESS)
        point, use = _state(chance, stored, Point(kind, Safety(invented.safety)), at)
        row_id = f"{stored.case.ref}-{number}"
        replaced = point.safety is Safety.DO_NOT_USE
        yield NewContactPoint(
            row_id,
            stored.id,
            invented.value,
            point,
            use,
            added_at=_begun(stored),
            added_by=stored.case.holder.officer_id,
            superseded_by=f"{stored.case.ref}-{number + 1}" if replaced else None,
        )


def _addresses(chance: Random) -> Iterator[InventedContactPoint]:
    """A street, a town and a postcode that there are not; some have moved."""
    if chance.random() < 0.4:
        if chance.random() < 0.25:
            yield InventedContactPoint("address", _address(chance), "do_not_use")
        yield InventedContactPoint("address", _address(chance), chance.choice(("safe", "not_confirmed", "safe")))


def _address(chance: Random) -> str:
    return f"{chance.randint(1, 99)} Invented Street\nSampleton\nLU99 {chance.randrange(10)}ZZ"


def _state(chance: Random, stored: StoredCase, point: Point, at: datetime) -> tuple[Point, SafeUse]:
    """When it was confirmed and how it is used, or who else answered."""
    begun = _begun(stored)
    if point.safety is Safety.SAFE:
        lately = at - timedelta(days=chance.randint(1, 60), hours=chance.randint(1, 9))
        confirmed_at = max(begun, lately) if chance.random() < 0.75 else begun + timedelta(hours=1)
        by = stored.case.holder.officer_id
        return replace(point, confirmed_at=min(at, confirmed_at), confirmed_by=by), _use(chance, point.kind)
    if point.safety is Safety.NOT_CONFIRMED and point.kind is PointKind.PHONE and chance.random() < 0.15:
        return point.answered_by_another(max(begun, at - timedelta(days=chance.randint(1, 20)))), NOT_ASKED
    return point, NOT_ASKED


def _use(chance: Random, kind: PointKind) -> SafeUse:
    phone = kind is PointKind.PHONE
    use = SafeUse(
        voicemail=chance.random() < 0.4 if phone else None,
        say_who=chance.random() < 0.5,
        preview_safe=chance.random() < 0.4 if phone else None,
        times=chance.choice(_TIMES) if phone else "",
        if_another=chance.choice(_IF_ANOTHER) if phone else "",
        code_word=chance.choice(_CODE_WORDS) if phone and chance.random() < 0.3 else "",
    )
    return replace(use, safe_at=frozenset(_SAFE_AT.get(use.times, ())))


def _of_suspects(chance: Random, stored: StoredCase, points: list[NewContactPoint]) -> Iterator[NewContactPoint]:
    """A suspect's telephone now and then, which is sometimes that of the victim too: they share a household."""
    suspects = {e.subject for e in stored.case.journey.events if EVENT_KINDS[e.kind].subject == "suspect" and e.subject}
    for suspect in sorted(suspects):
        if chance.random() < 0.2:
            shared = [point.value for point in points if point.point.kind is PointKind.PHONE]
            own = f"07700 900{chance.randrange(1000):03}"
            value = shared[0] if shared and chance.random() < 0.3 else own
            row_id = f"{stored.case.ref}-{suspect.replace(' ', '-').lower()}"
            point = Point(PointKind.PHONE, Safety.DO_NOT_USE)
            by = stored.case.holder.officer_id
            yield NewContactPoint(
                row_id, stored.id, value, point, suspect=suspect, added_at=_begun(stored), added_by=by
            )


def _protect(connection: Connection, chance: Random, stored: StoredCase, at: datetime, vault: Vault) -> None:
    holder = stored.case.holder
    supervisor = holder.team_id.replace("team-", "supervisor-")
    custodian = holder.officer_id if chance.random() < 0.5 else supervisor
    by = Person(supervisor, "", Role.SUPERVISOR, holder.team_id)
    protections.begin(
        connection,
        case_id=stored.id,
        custodian_id=custodian,
        reason=_WHY_PROTECTED,
        by=by,
        now=min(at, _begun(stored)),
        vault=vault,
    )


def _note(connection: Connection, chance: Random, stored: StoredCase, at: datetime, vault: Vault) -> None:
    words = _NOTE_WITH_NUMBER.format(chance.randrange(1000)) if chance.random() < 0.08 else chance.choice(_NOTES)
    tells = bool(notes.what_tells_location(connection, case_id=stored.id, words=words, vault=vault))
    by = stored.case.holder.officer_id or staff.SYSTEM.id
    when = max(at, _begun(stored))
    notes.add(connection, case_id=stored.id, words=words, contains_location=tells, by=by, at=when, vault=vault)


def _begun(stored: StoredCase) -> datetime:
    return min(event.recorded_at for event in stored.case.journey.events)
