"""What machines outside tell us: a provider, whether a notice that it took was delivered."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from victimcare.commands.tell_delivery import tell_delivery
from victimcare.notices.notify import DELIVERIES
from victimcare.web.deps import Now, TheDatabase, TheLaw
from victimcare.web.policies import CALLBACKS, machine

router = APIRouter(
    prefix=CALLBACKS.rstrip("/"), dependencies=[machine(lambda settings: settings.notify_callback_token)]
)


class Receipt(BaseModel):
    """The delivery receipt of GOV.UK Notify, as far as it is read: not to whom it went."""

    reference: str | None = None
    status: str


@router.post("/govuk-notify", status_code=204)
def govuk_notify(receipt: Receipt, database: TheDatabase, now: Now, law: TheLaw) -> Response:
    """Keep what became of the notice. What is told of another, again, or late, is taken and changes nothing."""
    delivery = DELIVERIES.get(receipt.status)
    if receipt.reference and delivery is not None:
        with database.writing() as connection:
            tell_delivery(connection, reference=receipt.reference, delivery=delivery, now=now, law=law)
    return Response(status_code=204)
