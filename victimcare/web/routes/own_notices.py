"""How the person signed in is told of duties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.choose_notices import choose_notices
from victimcare.commands.use_form import use_form
from victimcare.domain.ladder import NoticeHours
from victimcare.queries.own_notices import OwnNotices, own_notices
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLadder
from victimcare.web.forms import Form, Sent, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import signed_in

router = APIRouter(prefix="/your-notices", dependencies=[signed_in()])


class Way(StrEnum):
    """One mail in the morning, or each notice by itself."""

    DIGEST = "digest"
    EACH = "each"


class NoticesForm(Form):
    """The choice."""

    way: Way = Field(title="How notices come", description="Choose how your notices come")


@dataclass(frozen=True, slots=True)
class OwnNoticesView:
    """How it is, in which hours anything comes, and whether it was just saved."""

    notices: OwnNotices
    hours: NoticeHours
    saved: bool = False


@router.get("")
def mine(
    request: Request, person: CurrentPerson, database: TheDatabase, ladder: TheLadder, saved: bool = False
) -> Response:
    """How it is now."""
    view = _view(person, database, ladder, saved=saved)
    way = Way.EACH if view.notices.each_alone else Way.DIGEST
    return render(request, "notices/own.html", view, form=blank(NoticesForm, way=way.value))


@router.post("")
def choose(
    request: Request,
    form: Sent[NoticesForm],
    person: CurrentPerson,
    database: TheDatabase,
    ladder: TheLadder,
    now: Now,
) -> Response:
    """Keep the choice."""
    if form.values is None:
        return render(request, "notices/own.html", _view(person, database, ladder), form=form, status=422)
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        choose_notices(connection, each_alone=form.values.way is Way.EACH, by=person, now=now)
    return redirect("/your-notices?saved=true")


def _view(person: CurrentPerson, database: TheDatabase, ladder: TheLadder, *, saved: bool = False) -> OwnNoticesView:
    with database.reading() as connection:
        return OwnNoticesView(own_notices(connection, person=person), ladder.hours, saved)
