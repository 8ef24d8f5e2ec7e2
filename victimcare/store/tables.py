"""The database's tables. Rows are rows: domain values are built from them in `store`, never here.

Invariants live in the database: one current case officer per case, unique event keys, codes checked, an audit trail
that cannot be changed. `_at` columns are UTC instants, `_on` columns are London dates.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

REFERRAL_SENT = "kind = 'referral_sent'"
REPORTED_WITHOUT_CONTACTS = "kind = 'crime_reported' AND NOT contacts_recorded"
UNSETTLED = "status IN ('waiting', 'leased', 'failed', 'outcome_unknown')"
OPEN_AND_COUNTED = "ended_on IS NULL AND counting = 'counted'"
OPEN_AND_EXPECTED = "ended_on IS NULL AND counting = 'expected'"


def _code_check(column: str, *codes: str) -> CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{column}_known")


class Setting(SQLModel, table=True):
    """A value that holds for the whole installation, such as whether it is a demonstration."""

    name: str = Field(primary_key=True)
    value: str


class Team(SQLModel, table=True):
    """A team of case officers, its area, and the supervisor on duty who holds what nobody can take."""

    id: str = Field(primary_key=True)
    name: str
    area: str = Field(index=True)
    duty_supervisor_id: str | None = None


class PersonRow(SQLModel, table=True):
    """Somebody who works here. `specialisms` is a comma-separated list of codes."""

    __tablename__ = "person"
    __table_args__ = (
        _code_check("role", "officer", "supervisor", "board", "administrator", "system"),
        CheckConstraint("capacity > 0", name="ck_capacity_positive"),
    )

    id: str = Field(primary_key=True)
    name: str
    role: str
    team_id: str | None = Field(default=None, foreign_key="team.id", index=True)
    email: str | None = None
    specialisms: str = ""
    capacity: int = 100
    active: bool = True
    absent_from_on: date | None = None
    absent_until_on: date | None = None


class Account(SQLModel, table=True):
    """A local account: argon2id hash of the password."""

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    username: str = Field(unique=True)
    password_hash: str
    disabled: bool = False


class SignInSession(SQLModel, table=True):
    """A sign-in kept on the server; `id` is the SHA-256 of the cookie's token."""

    __tablename__ = "sign_in_session"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    csrf_token: str
    created_at: datetime
    last_seen_at: datetime


class SavedSearch(SQLModel, table=True):
    """Words searched for in one sign-in, so that no name is ever in an address."""

    __tablename__ = "saved_search"

    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="sign_in_session.id", index=True, ondelete="CASCADE")
    words: str
    created_at: datetime


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, counted for throttling by account and by address (both hashed)."""

    __tablename__ = "sign_in_attempt"

    id: int | None = Field(default=None, primary_key=True)
    who_hash: str = Field(index=True)
    at: datetime


class Crime(SQLModel, table=True):
    """A recorded crime. `fingerprint` is the hash of the source row that was kept."""

    __table_args__ = (UniqueConstraint("source", "source_ref", name="uq_crime_source"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    source_ref: str
    crime_type: str
    area: str
    fingerprint: str | None = None


class Victim(SQLModel, table=True):
    """A victim. Open data has no names: `name` is None there. `searched_name` is the name as it is searched for."""

    id: int | None = Field(default=None, primary_key=True)
    name: str | None = Field(default=None, index=True)
    searched_name: str | None = None
    born_on: date | None = None
    basis: str = "direct"
    language: str = "en"


class CaseRow(SQLModel, table=True):
    """One victim's journey through one crime. Never without a case officer.

    `tier` is held until `tier_until_on` (an eighteenth birthday; None: for good), the default tier from that day on.
    """

    __tablename__ = "victim_case"
    __table_args__ = (
        _code_check("status", "open", "closed", "void"),
        Index("ix_victim_case_officer", "officer_id", "status", "id"),
        Index("ix_victim_case_team", "team_id", "status", "id"),
        Index("ix_victim_case_opened", "opened_on", "status", "id"),
        Index("ix_victim_case_held", "team_id", sqlite_where=text("held"), postgresql_where=text("held")),
    )

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    crime_id: int = Field(foreign_key="crime.id", index=True)
    victim_id: int = Field(foreign_key="victim.id", index=True)
    officer_id: str = Field(foreign_key="person.id")
    team_id: str = Field(foreign_key="team.id")
    area: str
    crime_type: str
    tier: str
    tier_until_on: date | None = None
    opened_on: date
    last_contact_on: date | None = None
    held: bool = False
    status: str = "open"
    version: int = 1


class Assignment(SQLModel, table=True):
    """Who held a case from `from_at` until `until_at` (half-open); None: still."""

    __table_args__ = (
        Index(
            "uq_assignment_current",
            "case_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="ck_assignment_period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    officer_id: str = Field(foreign_key="person.id", index=True)
    team_id: str = Field(foreign_key="team.id")
    from_at: datetime
    until_at: datetime | None = None
    why: str = ""


class JourneyEventRow(SQLModel, table=True):
    """One event of a journey: append-only (triggers forbid change). `details` and `duties` are JSON."""

    __tablename__ = "journey_event"
    __table_args__ = (
        _code_check("precision", "instant", "day", "month"),
        CheckConstraint(
            "correction IS NULL OR corrects IS NOT NULL AND correction IN ('amends', 'changes_news', 'never_happened')",
            name="ck_correction_known",
        ),
        Index("ix_journey_event_case", "case_id", "id"),
        Index(
            "ix_journey_event_crime_event",
            "crime_event_key",
            sqlite_where=text("crime_event_key IS NOT NULL"),
            postgresql_where=text("crime_event_key IS NOT NULL"),
        ),
        Index(
            "ix_journey_event_referral",
            "case_id",
            sqlite_where=text(REFERRAL_SENT),
            postgresql_where=text(REFERRAL_SENT),
        ),
        Index(
            "ix_journey_event_no_contacts",
            "case_id",
            sqlite_where=text(REPORTED_WITHOUT_CONTACTS),
            postgresql_where=text(REPORTED_WITHOUT_CONTACTS),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    case_id: int = Field(foreign_key="victim_case.id")
    kind: str
    happened_on: date
    happened_at: datetime | None = None
    precision: str
    received_on: date | None = None
    received_at: datetime | None = None
    recorded_at: datetime
    recorded_by: str = Field(foreign_key="person.id")
    subject: str | None = None
    details: str | None = Field(default=None, sa_column=Column(Text))
    duties: str | None = Field(default=None, sa_column=Column(Text))
    corrects: str | None = None
    correction: str | None = None
    crime_event_key: str | None = None
    source: str = "recorded"
    contacts_recorded: bool = True


class Due(SQLModel, table=True):
    """The projection of `assess`: one row per entitlement, deleted and derived again at will.

    `officer_id` and `team_id` held the case on the due day; `holder_id` and `holder_team_id` hold it now. `tier` is
    the one whose limit decided. `reported_month` ("2026-05") is that of `reported_on`, `outcome` is what the duty
    comes to in the board's figures. Dates and codes only: how a duty stands depends on the day asked.
    """

    __table_args__ = (
        Index(
            "ix_due_holder",
            "holder_id",
            "due_on",
            sqlite_where=text(OPEN_AND_COUNTED),
            postgresql_where=text(OPEN_AND_COUNTED),
        ),
        Index(
            "ix_due_holder_team",
            "holder_team_id",
            "due_on",
            sqlite_where=text(OPEN_AND_COUNTED),
            postgresql_where=text(OPEN_AND_COUNTED),
        ),
        Index(
            "ix_due_open",
            "due_on",
            "case_id",
            sqlite_where=text(OPEN_AND_COUNTED),
            postgresql_where=text(OPEN_AND_COUNTED),
        ),
        Index(
            "ix_due_expected",
            "holder_id",
            "due_on",
            sqlite_where=text(OPEN_AND_EXPECTED),
            postgresql_where=text(OPEN_AND_EXPECTED),
        ),
        # In the order in which the board groups: a year of a force is counted by reading along it, with no sort.
        Index("ix_due_reported", "policy", "reported_month", "owed_by", "right_number", "edition", "outcome"),
    )

    case_id: int = Field(primary_key=True, foreign_key="victim_case.id")
    rule: str = Field(primary_key=True)
    start_key: str = Field(primary_key=True)
    edition: str
    right_number: int
    owed_by: str
    owed_to: str
    policy: bool = False
    tier: str
    area: str
    crime_type: str
    counting: str
    started_on: date | None = None
    due_on: date | None = None
    reported_on: date
    reported_month: str
    outcome: str
    known_on: date
    provisional: bool = False
    ending: str | None = None
    ended_on: date | None = None
    ended_by: str | None = None
    officer_id: str
    team_id: str
    holder_id: str
    holder_team_id: str


class Breach(SQLModel, table=True):
    """Written once for each duty past its day, with who held it then; never deleted, overturned only by an event."""

    __table_args__ = (
        UniqueConstraint("case_id", "rule", "start_key", name="uq_breach_duty"),
        Index("ix_breach_found", "found_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id")
    rule: str
    start_key: str
    right_number: int
    owed_by: str
    due_on: date
    found_at: datetime
    officer_id: str
    team_id: str = Field(index=True)
    supervisor_id: str | None = None
    cause: str | None = None
    overturned_by: str | None = None
    overturned_at: datetime | None = None


class OutboxItem(SQLModel, table=True):
    """A notice that must leave: written in the transaction that caused it, sent by a worker under a lease."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "start_key", "step", "due_on", "recipient_id", name="uq_outbox_effect"),
        _code_check("status", "waiting", "leased", "sent", "failed", "outcome_unknown", "cancelled"),
        Index(
            "ix_outbox_unsettled",
            "status",
            "next_try_at",
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    rule: str
    start_key: str
    step: str
    due_on: date
    recipient_id: str = Field(foreign_key="person.id")
    status: str = "waiting"
    created_at: datetime
    next_try_at: datetime
    lease_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    reference: str = Field(unique=True)
    error: str | None = None


class Audit(SQLModel, table=True):
    """Who did what, when, to which cases: append-only (triggers forbid change). Holds no victim data."""

    __table_args__ = (
        _code_check(
            "operation",
            "collection",
            "alteration",
            "consultation",
            "disclosure",
            "combination",
            "erasure",
            "access",
        ),
    )

    seq: int | None = Field(default=None, primary_key=True)
    at: datetime
    operation: str
    what: str
    person_id: str
    role: str
    outcome: str = "done"
    case_count: int = 0
    cases_hash: str | None = None


class AuditSubject(SQLModel, table=True):
    """Which cases an audit row is about."""

    __tablename__ = "audit_subject"

    case_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True, foreign_key="audit.seq")


class JobRow(SQLModel, table=True):
    """A job as the scheduler that started last declared it, so that pages know what should run and when.

    It ticks every so many minutes, or at a time of day in London ("02:15").
    """

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("(every_minutes IS NULL) <> (daily_at IS NULL)", name="ck_job_one_trigger"),)

    name: str = Field(primary_key=True)
    position: int
    title: str
    does: str
    every_minutes: int | None = None
    daily_at: str | None = None
    late_after_minutes: int
    declared_at: datetime


class JobRun(SQLModel, table=True):
    """One run of one job for one slot: the unique key is the claim, so that two schedulers do a job once."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "slot_at", name="uq_job_run_slot"),
        _code_check("status", "running", "done", "failed"),
        Index("ix_job_run_latest", "job", "status", "slot_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    job: str
    slot_at: datetime
    started_at: datetime
    finished_at: datetime | None = None
    status: str = "running"
    summary: str = ""


class UnmatchedOutcome(SQLModel, table=True):
    """An outcome of a crime that is not in the database yet; joined if the crime arrives."""

    __tablename__ = "unmatched_outcome"

    key: str = Field(primary_key=True)
    source: str
    source_ref: str = Field(index=True)
    happened_on: date
    outcome: str


class ContactPoint(SQLModel, table=True):
    """Where a victim can be reached: sealed (AES-GCM), and never used unless confirmed safe."""

    __tablename__ = "contact_point"
    __table_args__ = (_code_check("safety", "safe", "unsafe", "not_confirmed", "do_not_use"),)

    id: str = Field(primary_key=True)
    case_id: int = Field(foreign_key="victim_case.id", index=True)
    kind: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    safety: str = "not_confirmed"
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None


class UsedForm(SQLModel, table=True):
    """A form that was already sent in, so that sending it twice is harmless."""

    __tablename__ = "used_form"

    key: str = Field(primary_key=True)
    person_id: str
    at: datetime
