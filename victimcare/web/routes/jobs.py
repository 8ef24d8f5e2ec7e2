"""How the jobs ran: for administrators. It is about the machinery, and reaches no case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.settle_notices import (
    GivenUpBecause,
    NoSuchNotice,
    give_up_notice,
    retry_notice,
    retry_notices,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action
from victimcare.queries.failed_notices import FailedNotice, failed_notice, failed_notices
from victimcare.queries.job_runs import JobsPage, jobs_page
from victimcare.queries.unheard import Unheard, unheard
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/jobs", dependencies=[policy(Action.SEE_JOBS)])

NoticeId = Annotated[int, row_of("outbox", "notice_id")]


@dataclass(frozen=True, slots=True)
class JobsView:
    """The page, what failed to leave, what nobody was here to hear, and how many were just put back to wait."""

    page: JobsPage
    failed: tuple[FailedNotice, ...]
    unheard: tuple[Unheard, ...]
    retried: int | None


class GiveUpForm(Form):
    """Why it is not to be sent."""

    because: GivenUpBecause = Field(title="Why", description="Choose why it is not to be sent")


@dataclass(frozen=True, slots=True)
class FailedView:
    """One notice that failed, and why it may be given up."""

    notice: FailedNotice
    reasons: tuple[tuple[str, str], ...] = tuple((each.value, each.in_words) for each in GivenUpBecause)


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
        page, failed = jobs_page(connection, now=now, law=law), failed_notices(connection)
        nobody_heard = unheard(connection, person=person)
    return render(request, "jobs/index.html", JobsView(page, failed, nobody_heard, retried))


@router.post("/retry-notices")
def retry(form: Sent[Button], database: TheDatabase, person: CurrentPerson, now: Now) -> Response:
    """Try the notices that were given up anew."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        count = retry_notices(connection, by=person, now=now)
    return redirect(f"/jobs?retried={count}")


@router.get("/notices/{notice_id}")
def notice(request: Request, notice_id: NoticeId, database: TheDatabase) -> Response:
    """A notice that failed: try it again, or give it up."""
    return _shown(request, database, notice_id, blank(GiveUpForm))


@router.post("/notices/{notice_id}/retry")
def retry_one(
    notice_id: NoticeId, form: Sent[Button], database: TheDatabase, person: CurrentPerson, now: Now
) -> Response:
    """Try it again. Raises `NoSuchNotice`."""
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        retry_notice(connection, notice_id=notice_id, by=person, now=now)
    return redirect("/jobs?retried=1#notices")


@router.post("/notices/{notice_id}/give-up")
def give_up(
    request: Request,
    notice_id: NoticeId,
    form: Sent[GiveUpForm],
    database: TheDatabase,
    person: CurrentPerson,
    now: Now,
) -> Response:
    """Never send it. Raises `NoSuchNotice`."""
    if form.values is None:
        return _shown(request, database, notice_id, form, status=422)
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        give_up_notice(connection, notice_id=notice_id, because=form.values.because, by=person, now=now)
    return redirect("/jobs#notices")


def _shown(
    request: Request, database: TheDatabase, notice_id: int, form: Submitted[GiveUpForm], status: int = 200
) -> Response:
    with database.reading() as connection:
        found = failed_notice(connection, notice_id)
    if found is None:
        raise NoSuchNotice
    return render(request, "jobs/notice.html", FailedView(found), form=form, status=status)
