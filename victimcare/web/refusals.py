"""What is refused to somebody signed in is written down here, whatever it was, and nowhere else of all pages.

A refusal is an answer 403 or 404 of a route that asks who it is, and that something waits for nobody (409) where it may
be none of theirs. One row each, about the case of the address where there is one. What somebody typed wrong is none.
What a system is refused of a case is one whatever the reason: no person sees it and mends it.
"""

from __future__ import annotations

import re

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from victimcare.commands.answer_message import NoMessageWaits
from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.name_cover import NoSuchCover
from victimcare.commands.open_contact_point import PointWithheld
from victimcare.commands.open_in_emergency import EmergencyRefused
from victimcare.commands.refuse_case import refuse, refuse_case, refuse_location
from victimcare.domain.emergency_access import Refusal
from victimcare.domain.people import Action
from victimcare.store import cases
from victimcare.store.cases import NoSuchCase
from victimcare.store.disposals import NoSuchDisposal, NoSuchRun
from victimcare.web.api.problems import Refused, is_for_systems
from victimcare.web.offered import NotOffered
from victimcare.web.policies import Asks, NotAllowed, who_asks
from victimcare.web.security import log_fault

_MAY_BE_OTHERS = (NoMessageWaits, NoSuchDisposal, NoSuchRun, NoSuchCover)
_TO_SYSTEMS = (401, 409, 412, 422)
"""Of a case that there is: a token of theirs that is not good any more, and what cannot be recorded as it was sent."""
_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def write_refusal(request: Request, status: int, exception: Exception) -> Refusal | None:
    """Write it down in a transaction of its own, with whatever others are told of it; nothing where it is no refusal.

    Of a case that they opened in an emergency, why it was refused.
    """
    asks, ref = who_asks(request), request.path_params.get("ref")
    of_a_system = is_for_systems(request) and ref is not None and status in _TO_SYSTEMS
    if asks is None or not (of_a_system or _is_refusal(status, exception)):
        return None
    try:
        with request.app.state.database.writing() as connection:
            if of_a_system and cases.id_of(connection, str(ref)) is None:
                return None
            return _write(connection, ref, exception, asks)
    except (DBAPIError, NoConnectionFree) as broken:
        # Nothing of a case is on the page: it is shown all the same.
        log_fault(broken, "refusal not written down")
        return None


def _is_refusal(status: int, exception: Exception) -> bool:
    if isinstance(exception, (RequestValidationError, NotOffered)) or isinstance(exception.__cause__, EmergencyRefused):
        # An address that is none of ours; a choice that nobody is offered; and what was written down with whom it
        # tells (`routes/emergency_access.py`).
        return False
    return status in (403, 404) or isinstance(exception, _MAY_BE_OTHERS)


def _write(connection: Connection, ref: str | None, exception: Exception, asks: Asks) -> Refusal | None:
    by, now = asks.person, asks.at
    if isinstance(exception, NoSuchCase):
        return refuse_case(connection, ref=exception.ref, by=by, now=now)
    what = _what(exception, asks)
    if isinstance(exception, LocationProtected) and ref is not None:
        refuse_location(connection, what=what, ref=ref, by=by, now=now)
    else:
        operation = "disclosure" if isinstance(exception, PointWithheld) else "access"
        refuse(connection, what=what, ref=ref, operation=operation, by=by, now=now)
    return None


def _what(exception: Exception, asks: Asks) -> str:
    """What was tried, as whoever tried it noted on the exception; else what the route needs, and what came of it."""
    if noted := getattr(exception, "__notes__", None):
        return str(noted[0])
    needs = asks.needs.value if isinstance(asks.needs, Action) else "a page of everybody"
    if isinstance(exception, LocationProtected):
        return needs
    if isinstance(exception, NotAllowed):
        return f"{needs}: not allowed"
    if isinstance(exception, Refused):
        return f"{needs}: {exception.slug.replace('-', ' ')}"
    if isinstance(exception, HTTPException):
        return f"{needs}: nothing there"
    return f"{needs}: {_NEW_WORD.sub(' ', type(exception).__name__).lower()}"
