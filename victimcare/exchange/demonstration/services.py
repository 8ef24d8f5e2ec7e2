"""The directory of the demonstration: Bedfordshire Victim Care Services by its name, every other service invented.

What is said of any of them, hours, capacity and telephone number, is invented for all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from victimcare.domain.directory import Capacity, Delivery, Service

BEDFORDSHIRE = "Bedfordshire Victim Care Services"
SPECIALIST = "Example Specialist Advisers"
SPECIALIST_ID = "specialist"
UNMET = ("hate_crime", "stalking")
"""Needs that no service of the demonstration meets now."""

_CERTIFICATE = Path(__file__).with_name("service_certificate.pem")
"""Invented; the key to it was thrown away, so that nobody opens what the demonstration seals."""
_EVERYWHERE: frozenset[str] = frozenset()
_GENERAL = frozenset({"emotional", "practical", "safety", "court"})


def services_on(today: date) -> list[Service]:
    """The entries as last checked, one of them too long ago."""
    return [
        replace(
            _service(
                "bedfordshire", BEDFORDSHIRE, 1, today, needs=_GENERAL, languages={"pl", "ro", "ur", "bn"}, first=True
            ),
            delivery=Delivery.EMAIL,
            email="referrals@example.invalid",
            certificate=_CERTIFICATE.read_text("ascii").strip(),
        ),
        _service(SPECIALIST_ID, SPECIALIST, 2, today, specialisms={"domestic_abuse", "sexual_violence"}, age_from=16),
        _service("children", "Example Children and Young People", 3, today, needs={"emotional", "safety"}, age_to=17),
        _service(
            "luton", "Example Luton Neighbours", 4, today, needs={"practical"}, areas={"Luton"}, languages={"ur", "pa"}
        ),
        _service(
            "bereaved",
            "Example Bereavement Listeners",
            5,
            today,
            specialisms={"bereavement"},
            capacity=Capacity.WAITING,
        ),
        _service("hate", "Example Stand Together", 6, today, specialisms={"hate_crime"}, capacity=Capacity.FULL),
        _service(
            "restore", "Example Restorative Justice", 7, today, needs={"restorative_justice"}, checked_days_ago=120
        ),
    ]


def _service(
    service_id: str,
    name: str,
    number: int,
    today: date,
    *,
    needs: frozenset[str] | set[str] = _EVERYWHERE,
    specialisms: frozenset[str] | set[str] = _EVERYWHERE,
    areas: frozenset[str] | set[str] = _EVERYWHERE,
    languages: frozenset[str] | set[str] = _EVERYWHERE,
    age_from: int | None = None,
    age_to: int | None = None,
    capacity: Capacity = Capacity.FREE,
    first: bool = False,
    checked_days_ago: int = 20,
) -> Service:
    return Service(
        id=service_id,
        name=name,
        areas=frozenset(areas),
        needs=frozenset(needs),
        specialisms=frozenset(specialisms),
        languages=frozenset(languages),
        age_from=age_from,
        age_to=age_to,
        capacity=capacity,
        contact_way=f"01632 96010{number} (invented)",
        checked_on=today - timedelta(days=checked_days_ago),
        first=first,
    )
