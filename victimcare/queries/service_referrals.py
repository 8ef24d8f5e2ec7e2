"""The referrals that lie with a service, for the people of it: what went with each, and nothing of the case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from victimcare.domain.people import Action, Person
from victimcare.domain.referral import NoSuchReferral, Referral, support_of
from victimcare.domain.referral_content import without_location
from victimcare.queries.scope import visible_cases
from victimcare.store import protections
from victimcare.store.cases import CASES
from victimcare.store.journeys import journeys_of
from victimcare.store.outgoing_referrals import OUTGOING, document_of, lies_with_a_service
from victimcare.store.vault import Vault


@dataclass(frozen=True, slots=True)
class ServiceReferral:
    """A referral by its reference, and how far it has come; `asked_at` is a UTC instant."""

    id: str
    case_id: int
    referral: Referral
    asked_at: datetime

    @property
    def reference(self) -> str:
        """As it stands on what was sent."""
        return f"referral-{self.id}"

    @property
    def sent_on(self) -> date:
        """The London date on which it left."""
        return self.referral.steps[0].on


@dataclass(frozen=True, slots=True)
class ReferralSent:
    """The same with the words that went with it, but for the ways to the victim: of these how many there were."""

    view: ServiceReferral
    content: tuple[tuple[str, str], ...] = field(repr=False)
    ways: int


def service_referrals(connection: Connection, *, person: Person) -> tuple[ServiceReferral, ...]:
    """Those that lie with the service of this person, the oldest first; nobody else has any."""
    rows = connection.execute(_lying_with(person).order_by(OUTGOING.c.asked_at, OUTGOING.c.id)).all()
    return tuple(view for _, view in _still_theirs(connection, rows))


def service_referral(connection: Connection, *, person: Person, referral_id: str, vault: Vault) -> ReferralSent:
    """One of them; of a location protected now, without what tells it. Raises `NoSuchReferral`, `DoesNotOpen`."""
    rows = connection.execute(_lying_with(person).where(OUTGOING.c.id == referral_id)).all()
    for row, view in _still_theirs(connection, rows):
        sent = document_of(row, vault)
        protected = protections.current(connection, view.case_id) is not None
        content = without_location(sent.content) if protected else sent.content
        return ReferralSent(view, content, len(sent.ways))
    raise NoSuchReferral


def _lying_with(person: Person) -> Select[Any]:
    of_service = (OUTGOING.c.service_id == person.service_id) & lies_with_a_service()
    theirs = visible_cases(person, Action.SEE_REFERRAL) & (CASES.c.status != "void")
    joined = OUTGOING.join(CASES, CASES.c.id == OUTGOING.c.case_id)
    return select(OUTGOING, CASES.c.ref).select_from(joined).where(of_service, theirs)


def _still_theirs(connection: Connection, rows: Sequence[Any]) -> Iterator[tuple[Any, ServiceReferral]]:
    """What the victim said since is in the journey: a no withdraws it at once."""
    journeys = journeys_of(connection, {row.case_id: row.ref for row in rows})
    for row in rows:
        support = support_of(journeys[row.case_id])
        if support.lies_with_its_service(row.event_key):
            yield row, ServiceReferral(row.id, row.case_id, support.referral(row.event_key), row.asked_at)
