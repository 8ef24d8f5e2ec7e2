"""Referrals that were asked to be sent, in the database: until one has left, nothing of it is in the journey."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, select, update

from victimcare.domain.case import status_of
from victimcare.domain.journey import DutyNamed, Journey
from victimcare.domain.referral import support_of
from victimcare.domain.referral_content import ReferralDocument, SentDocument, SentWay
from victimcare.store.cases import CASES
from victimcare.store.journeys import duties_of, duties_text
from victimcare.store.sealed_words import opened_from, sealed_in
from victimcare.store.tables import OutgoingReferral
from victimcare.store.vault import Vault

OUTGOING = OutgoingReferral.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """A referral to send, with what its sender said that the journey does not hold, and the duties that it answers."""

    service_id: str
    by_email: bool
    guardian_agreed: bool
    told_no_safe_way: bool
    answers: Sequence[DutyNamed] = ()


@dataclass(frozen=True, slots=True)
class StoredOutgoing:
    """A referral that was asked to be sent, with its case. `event_key` is that it was sent; None before.

    `is_kept`: what went with it is still kept for the people of its service.
    """

    id: str
    case_id: int
    case_ref: str
    service_id: str
    by_email: bool
    guardian_agreed: bool
    told_no_safe_way: bool
    answers: tuple[DutyNamed, ...]
    asked_by: str
    asked_at: datetime
    fields: tuple[str, ...]
    content_hash: str
    went_without_a_way: bool
    printed_at: datetime | None
    withdrawn_at: datetime | None
    event_key: str | None
    is_kept: bool

    @property
    def is_over(self) -> bool:
        """Whether it left, or never will."""
        return self.event_key is not None or self.withdrawn_at is not None


def add(connection: Connection, *, case_id: int, new: NewOutgoing, by: str, at: datetime) -> str:
    """Store it and return its id."""
    referral_id = secrets.token_hex(8)
    values = {
        "id": referral_id,
        "case_id": case_id,
        "service_id": new.service_id,
        "by_email": new.by_email,
        "guardian_agreed": new.guardian_agreed,
        "told_no_safe_way": new.told_no_safe_way,
        "duties": duties_text(new.answers),
        "asked_by": by,
        "asked_at": at,
    }
    connection.execute(insert(OUTGOING).values(**values))
    return referral_id


def load(connection: Connection, referral_id: str) -> StoredOutgoing:
    """The referral of this id, locked until the transaction ends. Raises `NoSuchOutgoing`."""
    joined = OUTGOING.join(CASES, CASES.c.id == OUTGOING.c.case_id)
    wanted = select(OUTGOING, CASES.c.ref).select_from(joined).where(OUTGOING.c.id == referral_id)
    row = connection.execute(wanted.with_for_update(of=OUTGOING)).first()
    if row is None:
        raise NoSuchOutgoing
    return _stored(row)


def sent_by(connection: Connection, *, case_id: int, event_keys: Collection[str]) -> list[StoredOutgoing]:
    """The referrals of this case that the events of these keys say were sent."""
    if not event_keys:
        return []
    joined = OUTGOING.join(CASES, CASES.c.id == OUTGOING.c.case_id)
    these = (OUTGOING.c.case_id == case_id) & OUTGOING.c.event_key.in_(event_keys)
    wanted = select(OUTGOING, CASES.c.ref).select_from(joined).where(these).order_by(OUTGOING.c.id)
    return [_stored(row) for row in connection.execute(wanted).all()]


def _stored(row: Any) -> StoredOutgoing:
    return StoredOutgoing(
        id=row.id,
        case_id=row.case_id,
        case_ref=row.ref,
        service_id=row.service_id,
        by_email=row.by_email,
        guardian_agreed=row.guardian_agreed,
        told_no_safe_way=row.told_no_safe_way,
        answers=tuple(duties_of(row.duties)) if row.duties else (),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        fields=tuple((row.fields or "").split(",")),
        content_hash=row.content_hash or "",
        went_without_a_way=row.went_without_a_way,
        printed_at=row.printed_at,
        withdrawn_at=row.withdrawn_at,
        event_key=row.event_key,
        is_kept=row.sealed_document is not None,
    )


def lies_with(referral: StoredOutgoing, journey: Journey, service_id: str | None) -> bool:
    """Whether the referral is this service's to work on now, as the journey of its case has it."""
    is_theirs = service_id is not None and referral.service_id == service_id and referral.is_kept
    is_void = status_of(journey.chains().values()) == "void"
    return is_theirs and not is_void and support_of(journey).lies_with_its_service(str(referral.event_key))


def still_to_leave() -> ColumnElement[bool]:
    """A condition on `outgoing_referral`: it has not left, and nobody withdrew it."""
    return OUTGOING.c.event_key.is_(None) & OUTGOING.c.withdrawn_at.is_(None)


def is_on_its_way(connection: Connection, *, case_id: int, service_id: str) -> bool:
    """Whether a referral of this case to this service is still to leave."""
    to_it = (OUTGOING.c.case_id == case_id) & (OUTGOING.c.service_id == service_id)
    return connection.execute(select(OUTGOING.c.id).where(to_it, still_to_leave())).first() is not None


def keep_document(
    connection: Connection, referral_id: str, document: ReferralDocument, point_ids: Sequence[str], vault: Vault
) -> None:
    """Keep, sealed, what goes with it now, for the people of its service: each way with the point that it is of."""
    ways = tuple(SentWay(point, way.in_words) for point, way in zip(point_ids, document.ways, strict=True))
    text = SentDocument(document.content, ways).as_text
    sealed = sealed_in(OUTGOING.c.sealed_document, referral_id, text, vault)
    settle(connection, referral_id, sealed_document=sealed)


def row(connection: Connection, referral_id: str) -> Any:
    """The whole row of this referral, which there is."""
    return connection.execute(select(OUTGOING).where(OUTGOING.c.id == referral_id)).one()


def document_of(row: Any, vault: Vault) -> SentDocument:
    """What went with the referral of this row. Raises `DoesNotOpen`."""
    return SentDocument.from_text(opened_from(OUTGOING.c.sealed_document, row.id, row.sealed_document, vault))


def forget_documents(connection: Connection, *, case_id: int, but: Collection[str]) -> None:
    """What went with this case's referrals is kept no longer, but for those that the events of these keys sent."""
    sent = (OUTGOING.c.case_id == case_id) & OUTGOING.c.event_key.is_not(None)
    over = sent & OUTGOING.c.event_key.not_in(but)
    connection.execute(update(OUTGOING).where(over).values(sealed_document=None))


def lies_with_a_service() -> ColumnElement[bool]:
    """A condition on `outgoing_referral`: it left, and what went is still kept for the people of the service."""
    return OUTGOING.c.event_key.is_not(None) & OUTGOING.c.sealed_document.is_not(None)


def lie_with(service_id: Any) -> Select[Any]:
    """The ids of the cases of which a referral lies with this service (its id, or what will say it): none for None."""
    return select(OUTGOING.c.case_id).where(OUTGOING.c.service_id == service_id, lies_with_a_service())


def services_with(connection: Connection, case_id: int) -> frozenset[str]:
    """The services with which a referral of this case lies."""
    of_case = (OUTGOING.c.case_id == case_id) & lies_with_a_service()
    return frozenset(connection.execute(select(OUTGOING.c.service_id).where(of_case)).scalars())


def settle(connection: Connection, referral_id: str, **values: Any) -> None:
    """Write what became of it."""
    connection.execute(update(OUTGOING).where(OUTGOING.c.id == referral_id).values(**values))


class NoSuchOutgoing(LookupError):
    """The case has no such referral on its way."""

    def __init__(self) -> None:
        super().__init__("there is no such referral on its way")
