"""Reading how a victim can be reached, and trying what may be refused: every refusal says what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Path
from sqlalchemy import Connection

from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.open_contact_point import PointWithheld
from victimcare.domain.force_policy import ForcePolicy
from victimcare.editions.force_policy import published_policy
from victimcare.queries.before_contact import BeforeContact, before_contact
from victimcare.queries.contact_details import ContactDetails, PointView, contact_details
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheVault

PointId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,60}$")]


@dataclass(frozen=True, slots=True)
class ContactReader:
    """The contact details of a case for whoever is here, and a transaction for what they try with them."""

    person: CurrentPerson
    database: TheDatabase
    now: Now
    vault: TheVault
    consulted: Consulted

    @property
    def policy(self) -> ForcePolicy:
        """For how long a contact point stays confirmed here."""
        return published_policy()

    def read(self, ref: str) -> ContactDetails:
        """How each point stands, without what is sealed in it. Raises `NoSuchCase`, `CannotAudit`."""
        with self.database.reading() as connection:
            found = contact_details(
                connection, person=self.person, ref=ref, now=self.now, vault=self.vault, policy=self.policy
            )
        self.consulted("how to contact safely", [found.case_id])
        return found

    def before(self, ref: str) -> BeforeContact:
        """What to know before the victim is contacted. Raises `NoSuchCase`, `DoesNotOpen`."""
        with self.database.reading() as connection:
            return before_contact(connection, person=self.person, ref=ref, vault=self.vault)

    def open(self, ref: str) -> ContactDetails:
        """The same for whoever works on them. Raises `LocationProtected` too, and writes that down."""
        details = self.read(ref)
        if details.withheld and details.protection is not None:
            with self.trying("open contact details"):
                raise LocationProtected(details.protection.custodian_name)
        return details

    def point(self, ref: str, point_id: str) -> tuple[ContactDetails, PointView]:
        """The same with one of its points. 404 where there is none."""
        details = self.open(ref)
        point = details.point(point_id)
        if point is None:
            raise HTTPException(404)
        return details, point

    @contextmanager
    def trying(self, what: str) -> Iterator[Connection]:
        """A write transaction; what it refuses for safety's sake says what was tried, to be written down so."""
        try:
            with self.database.writing() as connection:
                yield connection
        except (LocationProtected, PointWithheld) as refused:
            refused.add_note(what)
            raise


TheContacts = Annotated[ContactReader, Depends(ContactReader)]
