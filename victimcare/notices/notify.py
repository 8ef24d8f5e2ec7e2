"""Sending through GOV.UK Notify, with the client that the Government Digital Service publishes.

Notify sends templates only: those of this service hold nothing but `((subject))` and `((body))`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3.exceptions import NewConnectionError

from victimcare.notices.channel import Channel, Delivery, Notice, NotSent, Outcome, OutcomeUnknown

DELIVERIES = {
    "created": Delivery.ACCEPTED,
    "sending": Delivery.ACCEPTED,
    "pending": Delivery.ACCEPTED,
    "sent": Delivery.ACCEPTED,  # to a telephone abroad, of which nobody tells more
    "delivered": Delivery.DELIVERED,
    "permanent-failure": Delivery.NOT_DELIVERED,
    "temporary-failure": Delivery.NOT_DELIVERED,
    "technical-failure": Delivery.NOT_DELIVERED,
}
"""What each status of Notify comes to."""

_BAD_REQUEST, _SERVER_FAULTS = 400, 500

# The client writes what it was answered into the log, and that may name an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Templates:
    """The ids of the templates there. Without one for text messages none are sent."""

    email: str
    text: str | None = None


class GovUkNotify:
    """Sends e-mails and text messages through Notify. What is sealed for a certificate goes by `mail` instead:

    Notify carries no such part.
    """

    def __init__(
        self, api_key: str, *, templates: Templates, address: str, mail: Channel | None = None, timeout: float = 10
    ) -> None:
        self._client = NotificationsAPIClient(api_key, base_url=address, timeout=timeout)
        self._templates = templates
        self._mail = mail

    def send(self, notice: Notice) -> None:
        """Hand it over. Raises `NotSent` or `OutcomeUnknown`."""
        if notice.certificate is not None:
            self._by_mail().send(notice)
            return
        try:
            self._hand_over(notice)
        except APIError as refused:
            raise _trouble(refused) from refused

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        """Whether Notify has it, by its reference."""
        if sealed:
            return self._mail.outcome(reference, sealed=True) if self._mail else Outcome.NOT_SENT
        try:
            return Outcome.SENT if self._found(reference) else Outcome.NOT_SENT
        except APIError:
            return Outcome.UNKNOWN

    def confirms(self, *, sealed: bool) -> bool:
        """Notify does; what is sealed goes another way."""
        return not sealed

    def delivery(self, reference: str) -> Delivery | None:
        """What Notify says of it now; None for what it does not know. Raises `OutcomeUnknown`."""
        try:
            found = self._found(reference)
        except APIError as away:
            raise OutcomeUnknown("GOV.UK Notify cannot be asked") from away
        return DELIVERIES.get(found[0]["status"]) if found else None

    def _found(self, reference: str) -> list[dict[str, Any]]:
        answered: dict[str, list[dict[str, Any]]] = self._client.get_all_notifications(reference=reference)
        return answered["notifications"]

    def _hand_over(self, notice: Notice) -> None:
        if not notice.as_text:
            words = {"subject": notice.subject, "body": notice.body}
            self._client.send_email_notification(
                notice.address, self._templates.email, personalisation=words, reference=notice.reference
            )
        elif self._templates.text is None:
            raise NotSent("this installation has no way to send text messages", for_good=True)
        else:
            self._client.send_sms_notification(
                notice.address, self._templates.text, {"body": notice.body}, reference=notice.reference
            )

    def _by_mail(self) -> Channel:
        if self._mail is None:
            raise NotSent("what is sealed goes by mail, and no mail server is set: print it instead", for_good=True)
        return self._mail


def _trouble(refused: APIError) -> NotSent | OutcomeUnknown:
    """What is refused did not leave; where the answer never came, Notify is asked for the reference later."""
    lost = refused.__cause__
    if isinstance(lost, requests.RequestException) and lost.response is None:
        if _never_connected(lost):
            return NotSent("GOV.UK Notify cannot be reached")
        return OutcomeUnknown("GOV.UK Notify did not answer")
    if refused.status_code >= _SERVER_FAULTS or lost is None:
        return OutcomeUnknown(f"GOV.UK Notify answered {refused.status_code}")
    return NotSent(f"GOV.UK Notify answered {refused.status_code}", for_good=refused.status_code == _BAD_REQUEST)


def _never_connected(lost: requests.RequestException) -> bool:
    if isinstance(lost, (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    reason = getattr(lost.args[0], "reason", None) if lost.args else None
    return isinstance(reason, NewConnectionError)
