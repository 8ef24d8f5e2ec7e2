"""Whether and when a message may go: to the victim or to who is told, by a means that they want, at a safe time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from victimcare.domain.case import status_of
from victimcare.domain.force_policy import ForcePolicy
from victimcare.domain.hearing_times import next_allowed
from victimcare.domain.messages import Channel
from victimcare.editions.feedback import ASKS_FEEDBACK
from victimcare.store import contact_choices, contact_points, feedback, people_to_tell
from victimcare.store.cases import StoredCase
from victimcare.store.messages import NewMessage, StoredMessage
from victimcare.store.vault import Vault

_MEANS = {Channel.LETTER: "letter", Channel.EMAIL: "e-mail", Channel.TEXT: "text message"}


def leaves_at(
    connection: Connection,
    stored: StoredCase,
    message: NewMessage | StoredMessage,
    *,
    now: datetime,
    policy: ForcePolicy,
    vault: Vault,
) -> datetime:
    """The first instant from `now` on at which it may go; a letter at once. Ask when it is written, and when it goes.

    Raises `MessageRefused` where whom it is written to is told no more, where the victim does not want to hear so and
    nothing says why it goes all the same, and where only a person can tell when it is safe; where it asks how it was
    for them, and they may not be asked any more; `DoesNotOpen`.
    """
    if message.template == ASKS_FEEDBACK:
        _check_may_be_asked(connection, stored)
    if message.written_to and people_to_tell.name_if_told(connection, stored.id, message.written_to, vault) is None:
        raise MessageRefused(TOLD_NO_MORE)
    chosen = contact_choices.chosen(connection, stored.id, stored.case.journey)
    if not chosen.wants(message.channel.value) and not message.unwanted_because:
        raise MessageRefused(f"the victim does not want to hear by {_MEANS[message.channel]}")
    if message.channel is Channel.LETTER:
        return now
    use = contact_points.safe_use(connection, message.point_id, vault)
    if use.only_in_words:
        raise MessageRefused(ONLY_IN_WORDS)
    times = frozenset[str]() if message.urgent else chosen.times
    return next_allowed(now, safe=use.safe_at, chosen=times, hours=policy.contact_hours)


def _check_may_be_asked(connection: Connection, stored: StoredCase) -> None:
    if status_of(stored.case.journey.chains().values()) != "open":
        raise MessageRefused("the case is not open any more")
    if feedback.opted_out(connection, stored.id) is not None:
        raise MessageRefused("the victim does not want to be asked how it was for them")


TOLD_NO_MORE = "whom it is written to is told no more"
ONLY_IN_WORDS = "when it is safe is known in words only: confirm the contact detail again and tick the times"


class MessageRefused(ValueError):
    """What was asked cannot be done with this message."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)
