"""What a job is given to work with, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from victimcare.commands.send_message import Post
from victimcare.domain.ladder import Ladder
from victimcare.domain.law import Law
from victimcare.editions.escalation import published_ladder
from victimcare.exchange.backup.make import Backups
from victimcare.exchange.feeds import Feeds
from victimcare.notices.channel import Channel
from victimcare.notices.event_channel import EventChannel
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.database import Database


def utc_now() -> datetime:
    """The clock of the scheduler."""
    return datetime.now(UTC)


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Work:
    """One run of one job.

    `now` is the instant as of which it works, `reached_at` the slot of the last run that succeeded. `clock` is for
    what takes time within a run (leases). A `dry_run` says what it would do and does nothing. Without `post` nothing
    is sent to victims, without `anchors` the audit is not anchored, and without `backups` none is made. The `ladder`
    says who hears of duties. `events` is the way to the systems of agencies. The bank holidays are asked for at
    `holidays_address`, where there is one, and open tables written where `feeds` says.
    """

    database: Database
    law: Law
    channel: Channel
    now: datetime
    reached_at: datetime | None = None
    clock: Callable[[], datetime] = utc_now
    stopping: Callable[[], bool] = _never
    full: bool = False
    dry_run: bool = False
    post: Post | None = None
    anchors: AnchorFile | None = None
    backups: Backups | None = None
    ladder: Ladder = field(default_factory=published_ladder)
    holidays_address: str | None = None
    feeds: Feeds | None = None
    events: EventChannel = field(default_factory=EventChannel)

    def stop_if_asked(self) -> None:
        """Raise `Stopped` where the scheduler is being stopped: between two pieces of work, never within one."""
        if self.stopping():
            raise Stopped


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did, in a sentence with no victim data. With `failures` it counts as failed, and is tried again."""

    summary: str
    failures: int = 0


Task = Callable[[Work], Done]


class Stopped(Exception):
    """The scheduler was stopped while the job was running."""

    def __init__(self) -> None:
        super().__init__("Stopped with the scheduler; the next run does the rest")
