"""Who has looked at a case: for its supervisor, and printed for the victim who asks what was done with their data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from victimcare.domain.people import Action
from victimcare.presentation.paging import Paging
from victimcare.queries.access_log import AccessLog, Looked, access_log
from victimcare.queries.case_page import CasePage
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import Disclosed
from victimcare.web.offered import one_of
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(dependencies=[policy(Action.SEE_ACCESS_LOG)])
_PAGE = 50
_SHOWN = {
    Looked.EVERYTHING: "Everything",
    Looked.OUTSIDE: "By people whose case it was not",
    Looked.REFUSED: "What was refused",
    Looked.LEFT: "What was opened, printed or sent",
}


@dataclass(frozen=True, slots=True)
class AccessView:
    """A page of who did what with the case."""

    case: CasePage
    log: AccessLog
    wanted: Looked
    shown: tuple[tuple[str, str], ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class PrintedView:
    """All of it, for the victim: roles in place of names."""

    case: CasePage
    log: AccessLog
    since: datetime | None


@router.get("/cases/{ref}/access")
def access_page(request: Request, ref: CaseRef, cases: TheCases, shown: str = "", page: int = 1) -> Response:
    """Who looked at it and who changed it, newest first. Raises `NotOffered`."""
    case = cases.read(ref)
    wanted = Looked(one_of(shown, list(Looked)) or Looked.EVERYTHING)
    address = f"/cases/{ref}/access" + (f"?{urlencode({'shown': wanted})}" if shown else "")
    with cases.database.reading() as connection:
        all_of_it = access_log(connection, person=cases.person, ref=ref, wanted=wanted, limit=0)
        paging = Paging(page, all_of_it.total, _PAGE, address)
        log = access_log(
            connection, person=cases.person, ref=ref, wanted=wanted, offset=paging.offset, limit=paging.size
        )
    view = AccessView(case, log, wanted, tuple(_SHOWN.items()), paging)
    return render(request, "access/log.html", view)


@router.get("/cases/{ref}/access/print")
def printed(request: Request, ref: CaseRef, cases: TheCases, disclosed: Disclosed) -> Response:
    """Who has looked at my record: for a request under Data Protection Act 2018 s.45."""
    case = cases.read(ref)
    with cases.database.reading() as connection:
        log = access_log(connection, person=cases.person, ref=ref)
    disclosed("print who looked", [case.case_id], to="victim")
    since = log.accesses[-1].at if log.accesses else None
    return render(request, "access/printed.html", PrintedView(case, log, since))
