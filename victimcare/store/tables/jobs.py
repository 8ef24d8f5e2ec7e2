"""What runs by itself, and when it ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from victimcare.store.tables.checks import code_check


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
        code_check("status", "running", "done", "failed"),
        Index("ix_job_run_latest", "job", "status", "slot_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    job: str
    slot_at: datetime
    started_at: datetime
    finished_at: datetime | None = None
    status: str = "running"
    summary: str = ""
