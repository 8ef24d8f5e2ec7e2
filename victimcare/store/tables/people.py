"""Who works here, and their sign-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, false, text
from sqlmodel import Field, SQLModel

from victimcare.domain.people import Role
from victimcare.store.tables.checks import code_check


class Team(SQLModel, table=True):
    """A team of case officers, its area, and the supervisor on duty who holds what nobody can take.

    `next_supervisor_id` hears of what stays late, and `inbox` (an e-mail address) of what nobody is there to hear.
    """

    id: str = Field(primary_key=True)
    name: str
    area: str = Field(index=True)
    duty_supervisor_id: str | None = None
    next_supervisor_id: str | None = None
    inbox: str | None = None


class FormerDuty(SQLModel, table=True):
    """Who was on duty in a team until the day before `until_on` (London date), since the period before ended.

    Nobody, where `supervisor_id` is None. Who is on duty now is in `team`.
    """

    __tablename__ = "former_duty"

    team_id: str = Field(primary_key=True, foreign_key="team.id")
    until_on: date = Field(primary_key=True)
    supervisor_id: str | None = None


class PersonRow(SQLModel, table=True):
    """Somebody who works here, or for a service. `specialisms` is a comma-separated list of codes.

    `areas` are those that they serve, one in each line.
    `service_id` is no foreign key: an entry of the directory names who changed it, and would have to be there first.
    `each_notice_alone`: they want no digest in the morning, but each notice by itself.
    """

    __tablename__ = "person"
    __table_args__ = (
        code_check("role", *Role),
        CheckConstraint("capacity > 0", name="ck_capacity_positive"),
    )

    id: str = Field(primary_key=True)
    name: str
    role: str
    team_id: str | None = Field(default=None, foreign_key="team.id", index=True)
    service_id: str | None = None
    areas: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    email: str | None = None
    specialisms: str = ""
    capacity: int = 100
    active: bool = True
    absent_from_on: date | None = None
    absent_until_on: date | None = None
    each_notice_alone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class CoverRow(SQLModel, table=True):
    """Somebody stands in for an officer who is away, from `from_on` until the day before `until_on`.

    Ended early, it ends on an earlier day; ended before it began, its two days are one and it never held.
    """

    __tablename__ = "cover"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="ck_cover_period"),
        CheckConstraint("officer_id <> cover_id", name="ck_cover_two_people"),
        Index("ix_cover_officer", "officer_id", "until_on"),
        Index("ix_cover_cover", "cover_id", "until_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    officer_id: str = Field(foreign_key="person.id")
    cover_id: str = Field(foreign_key="person.id")
    from_on: date
    until_on: date
    named_by: str = Field(foreign_key="person.id")
    named_at: datetime
    ended_by: str | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None


class Account(SQLModel, table=True):
    """A local account: argon2id hash of the password, and the sealed key of the second factor.

    `otp_step` is the half minute of the last code that was used, so that none is used twice. `password_alone` holds in
    a demonstration only: nothing but the password is asked for. Of somebody who comes by an identity provider: its
    address (`issuer`) and how it names them (`subject`), and no password.
    """

    __table_args__ = (Index("uq_account_subject", "issuer", "subject", unique=True),)

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    username: str = Field(unique=True)
    password_hash: str
    disabled: bool = False
    sealed_otp_key: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    otp_step: int | None = None
    password_alone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    issuer: str | None = None
    subject: str | None = None


class Invitation(SQLModel, table=True):
    """A one-time secret, kept as its hash, with which somebody sets up how they sign in.

    Of nobody yet (`person_id`): of the first administrator. The key of the second factor waits here, sealed.
    """

    id: str = Field(primary_key=True)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    sealed_otp_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_by: str = Field(foreign_key="person.id")
    made_at: datetime
    expires_at: datetime


class RecoveryCode(SQLModel, table=True):
    """What signs in once where the second factor is lost, kept as a keyed hash."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    code_hash: str


class SignInSession(SQLModel, table=True):
    """A sign-in kept on the server; `id` is the SHA-256 of the cookie's token.

    `browser` is what it said it is, in words of ours; `proved_at`, when its person last proved who they are.
    """

    __tablename__ = "sign_in_session"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    csrf_token: str
    created_at: datetime
    last_seen_at: datetime
    browser: str = Field(default="A browser", sa_column_kwargs={"server_default": "A browser"})
    proved_at: datetime | None = None


class KeptForm(SQLModel, table=True):
    """What somebody had typed when their sign-in had ended, sealed, to go on with after signing in again."""

    __tablename__ = "kept_form"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    path: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kept_at: datetime


class SavedSearch(SQLModel, table=True):
    """Words searched for in one sign-in, so that no name is ever in an address."""

    __tablename__ = "saved_search"

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sign_in_session.id", index=True, ondelete="CASCADE")
    sealed_words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, counted for throttling by account and by address (both hashed)."""

    __tablename__ = "sign_in_attempt"

    id: int | None = Field(default=None, primary_key=True)
    who_hash: str = Field(index=True)
    at: datetime
