"""How the victim of a case wants to hear now, for whoever writes to them."""

from __future__ import annotations

from sqlalchemy import Connection

from victimcare.domain.hearing_choices import Chosen
from victimcare.domain.people import Action, Person
from victimcare.queries.scope import case_row
from victimcare.store.contact_choices import chosen
from victimcare.store.journeys import journeys_of


def chosen_now(connection: Connection, *, person: Person, ref: str) -> Chosen:
    """By what means and at which times. Raises `NoSuchCase`."""
    case = case_row(connection, person, ref, Action.KEEP_CONTACT_DETAILS)
    return chosen(connection, case.id, journeys_of(connection, {case.id: case.ref})[case.id])
