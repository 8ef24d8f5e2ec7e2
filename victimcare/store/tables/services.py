"""The directory of services, and what was sent to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, LargeBinary, Text
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


class ServiceRow(SQLModel, table=True):
    """An entry of the directory: never deleted, retired on a day. Lists are comma-separated codes.

    `contact_way` is that of the organisation, `certificate` (PEM) that for which e-mails to it are sealed.
    `checked_on`: when somebody last made sure that it is all still so.
    """

    __tablename__ = "service"
    __table_args__ = (
        code_check("capacity", "free", "waiting", "full"),
        code_check("delivery", "email", "print"),
        CheckConstraint(
            "delivery = 'print' OR (email IS NOT NULL AND certificate IS NOT NULL)", name="ck_service_email_sealed"
        ),
        CheckConstraint("age_from IS NULL OR age_to IS NULL OR age_from <= age_to", name="ck_service_ages"),
    )

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    areas: str = ""
    needs: str = ""
    specialisms: str = ""
    languages: str = ""
    age_from: int | None = None
    age_to: int | None = None
    capacity: str = "free"
    contact_way: str
    delivery: str = "print"
    email: str | None = None
    certificate: str | None = Field(default=None, sa_column=Column(Text))
    listed_first: bool = False
    checked_on: date
    retired_on: date | None = None
    version: int = 1
    changed_by: str = Field(foreign_key="person.id")
    changed_at: datetime


class SentReferral(SQLModel, table=True):
    """What of a case went to a service: the names of the fields and a hash of all of it, never the words themselves.

    `event_key` is the `referral_sent` event. `told_no_safe_way`: the service was told that no way is known to be safe.
    """

    __tablename__ = "sent_referral"

    event_key: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    service_id: str = Field(foreign_key="service.id", index=True)
    fields: str
    content_hash: str
    told_no_safe_way: bool = False
    sent_by: str = Field(foreign_key="person.id")
    sent_at: datetime


class OutgoingReferral(SQLModel, table=True):
    """A referral that an officer asked to send. Append-only but for its end: left (`event_key`) or withdrawn.

    What of the case goes is read when it leaves (`fields` and `content_hash` are set then).
    `duties` are those that it answers when it has left. `sealed_document` is what went with it, for the people of its
    service, until nothing comes of it any more.
    """

    __tablename__ = "outgoing_referral"

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    service_id: str = Field(foreign_key="service.id", index=True)
    by_email: bool
    guardian_agreed: bool = False
    told_no_safe_way: bool = False
    duties: str | None = Field(default=None, sa_column=Column(Text))
    asked_by: str = Field(foreign_key="person.id")
    asked_at: datetime
    fields: str | None = None
    content_hash: str | None = None
    went_without_a_way: bool = False
    printed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    sealed_document: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    event_key: str | None = None
