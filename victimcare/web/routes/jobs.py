"""How the jobs ran: for administrators. It is about the machinery, and reaches no case."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from victimcare.commands.retry_notices import retry_notices
from victimcare.domain.people import Action
from victimcare.queries.job_runs import JobsPage, jobs_page
from victimcare.queries.unheard import Unheard, unheard
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw
from victimcare.web.forms import Button, Sent
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/jobs", dependencies=[policy(Action.SEE_JOBS)])


@dataclass(frozen=True, slots=True)
class JobsView:
    """The page, what nobody was here to hear, and how many notices were just put back to wait."""

    page: JobsPage
    unheard: tuple[Unheard, ...]
    retried: int | None


@router.get("")
def jobs(
    request: Request,
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    law: TheLaw,
    retried: int | None = None,
) -> Response:
    """Each job: what it does, how it last went, when it is next due, and what has not left the outbox."""
    with database.reading() as connection:
        page = jobs_page(connection, now=now, law=law)
        nobody_heard = unheard(connection, person=person)
    return render(request, "jobs/index.html", JobsView(page, nobody_heard, retried))


@router.post("/retry-notices")
def retry(form: Sent[Button], database: TheDatabase, person: CurrentPerson, now: Now) -> Response:
    """Try the notices that were given up anew."""
    with database.writing() as connection:
        count = retry_notices(connection, by=person, now=now)
    return redirect(f"/jobs?retried={count}")
