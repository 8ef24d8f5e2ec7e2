"""Leave: who is away, and who works on their cases meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.commands.name_cover import end_cover, name_cover
from victimcare.commands.use_form import use_form
from victimcare.domain.cover import Cover, CoverRefused
from victimcare.domain.people import Action
from victimcare.queries.covers import CoverPage, cover_page
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, Today
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.named_rows import TheRowNames
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import typed_parts

router = APIRouter()
_DONE = {"named": "The cover is named", "ended": "The cover has ended"}


class CoverForm(Form):
    """Who is away from when until when, and who stands in."""

    officer: str = Field(title="Who is away", description="Choose who is away", max_length=64)
    cover: str = Field(title="Who stands in", description="Choose who stands in", max_length=64)
    from_on: CountedDay = Field(title="First day away", description="Enter the first day away")
    until_on: CountedDay = Field(title="Day back", description="Enter the day on which they are back")


class EndForm(Form):
    """Which cover ends."""

    cover_id: str = Field(title="Cover", description="Choose a cover", max_length=32)


@dataclass(frozen=True, slots=True)
class CoversView:
    """What is arranged, what can be chosen, and what was just done."""

    page: CoverPage
    done: str = ""


@router.get("/leave", dependencies=[policy(Action.NAME_COVER)])
def leave(request: Request, person: CurrentPerson, database: TheDatabase, today: Today, done: str = "") -> Response:
    """Who is away and who stands in, and the form to name somebody."""
    view = CoversView(_read(person, database, today), _DONE.get(done, ""))
    form = blank(CoverForm, officer=person.id, **typed_parts("from_on", today))
    return render(request, "covers/leave.html", view, form=form)


@router.post("/leave", dependencies=[policy(Action.NAME_COVER)])
def name(
    request: Request,
    form: Sent[CoverForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
) -> Response:
    """Name who stands in."""
    asked = form.values
    if asked is None:
        return _again(request, form, _read(person, database, today))
    cover = Cover(asked.officer, asked.cover, asked.from_on, asked.until_on)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            name_cover(connection, cover=cover, by=person, now=now)
    except CoverRefused as refused:
        return _again(request, form.with_error(refused.field, str(refused)), _read(person, database, today))
    return redirect("/leave?done=named")


@router.post("/leave/end", dependencies=[policy(Action.NAME_COVER)])
def end(
    request: Request,
    form: Sent[EndForm],
    person: CurrentPerson,
    database: TheDatabase,
    now: Now,
    today: Today,
    names: TheRowNames,
) -> Response:
    """They are back: nobody stands in from now on. Raises `NamesNothing`, `NoSuchCover`."""
    if form.values is None:
        return _again(request, form, _read(person, database, today))
    with database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=person, now=now)
        end_cover(connection, cover_id=names.number("cover", form.values.cover_id), by=person, now=now)
    return redirect("/leave?done=ended")


def _again(request: Request, form: Submitted[CoverForm] | Submitted[EndForm], page: CoverPage) -> Response:
    return render(request, "covers/leave.html", CoversView(page), form=form, status=422)


def _read(person: CurrentPerson, database: TheDatabase, today: Today) -> CoverPage:
    with database.reading() as connection:
        return cover_page(connection, person=person, today=today)
