"""The form of an entry of the directory of services."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from victimcare.domain.directory import Capacity, Delivery, Service
from victimcare.domain.support_needs import SUPPORT_NEEDS
from victimcare.presentation.languages import LANGUAGES
from victimcare.web.forms import FieldRefused, Form, Submitted, blank

_OLDEST = 120
_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+")


class ServiceForm(Form):
    """What a service is. `version` is that of the entry that the person had before them."""

    version: int = Field(0, title="Version", ge=0, le=2**31 - 1)
    name: str = Field(title="Name", description="Enter the name of the service", max_length=60)
    contact_way: str = Field(
        title="How referrals reach it", description="Enter how referrals reach the service", max_length=200
    )
    delivery: Delivery = Field(Delivery.PRINT, title="How referrals leave", description="Choose how referrals leave")
    email: str = Field("", title="Secure e-mail address", max_length=200)
    certificate: str = Field("", title="Certificate", max_length=10_000)
    areas: list[str] = Field([], title="Areas", max_length=50)
    needs: list[str] = Field([], title="Needs", max_length=50)
    specialisms: list[str] = Field([], title="Specialist for", max_length=50)
    languages: list[str] = Field([], title="Languages", max_length=60)
    age_from: int | None = Field(
        None,
        title="Youngest age",
        description=f"Youngest age must be a whole number from 0 to {_OLDEST}",
        ge=0,
        le=_OLDEST,
    )
    age_to: int | None = Field(
        None, title="Oldest age", description=f"Oldest age must be a whole number from 0 to {_OLDEST}", ge=0, le=_OLDEST
    )
    capacity: Capacity = Field(title="Capacity", description="Choose whether it takes referrals now")
    listed_first: Literal["yes", ""] = Field("", title="Listed first")


def service_asked(values: ServiceForm, service_id: str, *, areas: Collection[str]) -> Service:
    """The service that the form describes. Raises `FieldRefused`."""
    _refuse_unknown("areas", values.areas, areas)
    _refuse_unknown("needs", values.needs, SUPPORT_NEEDS)
    _refuse_unknown("specialisms", values.specialisms, SUPPORT_NEEDS)
    _refuse_unknown("languages", values.languages, LANGUAGES)
    if not values.needs and not values.specialisms:
        raise FieldRefused("needs", "Choose at least one need that it meets, or that it is a specialist for")
    if values.age_from is not None and values.age_to is not None and values.age_from > values.age_to:
        raise FieldRefused("age_to", "Oldest age must not be less than the youngest")
    by_email = values.delivery is Delivery.EMAIL
    if by_email and not _ADDRESS.fullmatch(values.email):
        raise FieldRefused("email", "Enter the secure e-mail address of the service, like referrals@example.org")
    if by_email and not values.certificate:
        raise FieldRefused("certificate", "Paste the certificate of the service: nothing goes to it unsealed")
    return Service(
        id=service_id,
        name=values.name,
        areas=frozenset(values.areas),
        needs=frozenset(values.needs),
        specialisms=frozenset(values.specialisms),
        languages=frozenset(values.languages),
        age_from=values.age_from,
        age_to=values.age_to,
        capacity=values.capacity,
        contact_way=values.contact_way,
        checked_on=date.min,
        first=values.listed_first == "yes",
        delivery=values.delivery,
        email=values.email if by_email else "",
        certificate=values.certificate if by_email else "",
    )


def service_form(service: Service, version: int) -> Submitted[ServiceForm]:
    """The form filled in with an entry."""
    return blank(
        ServiceForm,
        version=str(version),
        name=service.name,
        contact_way=service.contact_way,
        delivery=service.delivery.value,
        email=service.email,
        certificate=service.certificate,
        areas=sorted(service.areas),
        needs=sorted(service.needs),
        specialisms=sorted(service.specialisms),
        languages=sorted(service.languages),
        age_from="" if service.age_from is None else str(service.age_from),
        age_to="" if service.age_to is None else str(service.age_to),
        capacity=service.capacity.value,
        listed_first="yes" if service.first else "",
    )


def _refuse_unknown(field: str, chosen: Sequence[str], known: Collection[str]) -> None:
    if set(chosen) - set(known):
        raise FieldRefused(field, "Choose from what is listed")
