"""A form about one case: opened with what the person then saw of it, and written only if that is still so.

    page = FormPage("contacts/new.html", _view)

    @router.post("/cases/{ref}/contacts", dependencies=[policy(Action.RECORD_CONTACT)])
    def record(ref: CaseRef, form: Sent[ContactForm], writer: TheCaseWriter) -> Response:
        return writer.write(
            ref,
            form,
            page,
            asked=_asked,
            record=lambda connection, contact, how: record_contact(connection, contact=contact, **how),
            done=f"/cases/{ref}",
        )

A page names its fields of free text (`words`): what in them tells where the victim is, is asked about first.

A `MayDoubtDay` whose page says which events it would record (`events`) is asked about a day that can hardly be meant.
A form whose consequences are shown before it is saved is a `CheckedForm`, and its page says what it would record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypedDict, TypeVar

from fastapi import Depends, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from victimcare.commands.doubt_day import doubt_day
from victimcare.commands.preview_events import preview_events
from victimcare.commands.record_event import CaseChanged, NewEvent
from victimcare.commands.use_form import use_form
from victimcare.domain.calendar import DayOutsideCalendar
from victimcare.domain.case import EventRefused
from victimcare.domain.doubtful_days import DoubtfulDay
from victimcare.domain.law import Law
from victimcare.domain.moved_deadlines import MovedDeadline
from victimcare.domain.people import Person
from victimcare.queries.case_page import CasePage
from victimcare.queries.notes import location_told
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_reading import TheCases, recorded_since
from victimcare.web.day_check import MayDoubtDay, ask_day
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, TheVault
from victimcare.web.forms import FieldRefused, Form, Submitted, blank
from victimcare.web.location_check import ask, goes_back, to_ask
from victimcare.web.pages import redirect, render

_MEANWHILE = "Somebody else recorded something on this case meanwhile"
_MEANWHILE_YOURSELF = "You recorded something on this case yourself meanwhile: look whether it was this"


class CaseForm(Form):
    """What every form about a case carries: the case as the person had it before them (`frame.seen` in templates)."""

    version: int = Field(title="Version of the case")
    events_seen: int = Field(title="Events seen")


class CheckedForm(CaseForm):
    """A form of which the consequences are shown before it is saved: first "check", then "record" or "change"."""

    step: Literal["check", "record", "change"] = Field("check", title="Step")


C = TypeVar("C", bound=CaseForm)
A = TypeVar("A")


class OnThisCase(TypedDict):
    """What every command on a case is told beside its own business."""

    ref: str
    by: Person
    now: datetime
    law: Law
    seen_version: int


@dataclass(frozen=True, slots=True)
class FormPage(Generic[A]):
    """The page that a form is on: its template, and what it shows of the case and of what changed meanwhile.

    `events` are those that it would record: of a `MayDoubtDay`, whose days are doubted, and of a `CheckedForm`, which
    has the template of a page between typing and saving too.
    `words` are the fields of a `MayTellLocation` in which somebody writes what they like.
    """

    template: str
    view: Callable[[CasePage, tuple[TimelineEntry, ...]], Any]
    check_template: str = ""
    events: Callable[[A], Sequence[NewEvent]] | None = None
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CheckView(Generic[A]):
    """What is about to be saved, and which deadlines it moves. `view` is that of the form's own page."""

    case: CasePage
    view: Any
    asked: A
    moved: tuple[MovedDeadline, ...]


def opened(model: type[C], case: CasePage, **initial: str | Sequence[str]) -> Submitted[C]:
    """The form as first shown; `initial` as of `forms.blank`."""
    return blank(model, version=str(case.version), events_seen=str(len(case.timeline)), **initial)


@dataclass(frozen=True, slots=True)
class CaseWriter:
    """Writes what a form asks of its case, or shows the form again with all that was typed and what is wrong."""

    request: Request
    cases: TheCases
    database: TheDatabase
    person: CurrentPerson
    now: Now
    law: TheLaw
    vault: TheVault

    def write(
        self,
        ref: str,
        form: Submitted[C],
        page: FormPage[A],
        *,
        asked: Callable[[C, CasePage], A],
        record: Callable[[Connection, A, OnThisCase], object],
        done: str | Callable[[], str],
    ) -> Response:
        """Record it in one transaction and go to `done`, which may be known only then.

        `asked` says what the values ask to record and raises `FieldRefused` for what only the case or the clock can
        tell; `record` is the command. Raises `NoSuchCase`, `FormAlreadySent`, `FormRefused`.
        """
        case = self.cases.read(ref)
        values = form.values
        if values is None:
            return self._show(page, form, case, status=422)
        if page.words and goes_back(form):
            return self._show(page, form, case, status=200)
        if page.words and to_ask(form, told := self._told(page.words, form, ref)):
            return ask(self.request, form, told, action=self.request.url.path, case=case)
        if values.version != case.version:
            return self._changed_meanwhile(page, form, case)
        how = OnThisCase(ref=ref, by=self.person, now=self.now, law=self.law, seen_version=values.version)
        try:
            wanted = asked(values, case)
            if isinstance(values, MayDoubtDay) and page.events is not None and values.sure != "yes":
                if values.sure == "no":
                    return self._show(page, form, case, status=200)
                if doubt := self._doubt(page.events(wanted), ref):
                    return ask_day(self.request, form, doubt, action=self.request.url.path, case=case)
            if isinstance(values, CheckedForm) and page.events is not None and values.step != "record":
                return self._check(page, form, case, wanted, page.events(wanted))
            with self.database.writing() as connection:
                use_form(connection, form_key=form.form_key, by=self.person, now=self.now)
                record(connection, wanted, how)
        except (FieldRefused, EventRefused, DayOutsideCalendar) as refused:
            return self._show(page, form.with_error(*_field_and_sentence(refused, form)), case, status=422)
        except CaseChanged:
            return self._changed_meanwhile(page, form, self.cases.read(ref))
        return redirect(done if isinstance(done, str) else done())

    def _told(self, words: Sequence[str], form: Submitted[C], ref: str) -> tuple[str, ...]:
        """What in these fields tells where the victim is."""
        typed = "\n".join(form.text(name) for name in words)
        with self.database.reading() as connection:
            return location_told(connection, person=self.person, ref=ref, words=typed, vault=self.vault)

    def _doubt(self, events: Sequence[NewEvent], ref: str) -> DoubtfulDay | None:
        with self.database.reading() as connection:
            return doubt_day(connection, ref=ref, events=events, now=self.now, law=self.law)

    def _check(
        self, page: FormPage[A], form: Submitted[C], case: CasePage, wanted: A, events: Sequence[NewEvent]
    ) -> Response:
        if form.text("step") == "change":
            return self._show(page, form, case, status=200)
        with self.database.reading() as connection:
            moved = preview_events(connection, ref=case.ref, events=events, by=self.person, now=self.now, law=self.law)
        return render(self.request, page.check_template, CheckView(case, page.view(case, ()), wanted, moved), form=form)

    def _show(self, page: FormPage[A], form: Submitted[C], case: CasePage, *, status: int) -> Response:
        return render(self.request, page.template, page.view(case, ()), form=form, status=status)

    def _changed_meanwhile(self, page: FormPage[A], form: Submitted[C], case: CasePage) -> Response:
        """What was typed stays, beside what changed; sending it again is then on purpose."""
        since = recorded_since(case, form.text("events_seen"))
        view = page.view(case, since)
        kept = {**form.typed, "version": [str(case.version)], "events_seen": [str(len(case.timeline))]}
        own = since and all(entry.by_id == self.person.id for entry in since)
        form = Submitted(form.model, kept).with_error("", _MEANWHILE_YOURSELF if own else _MEANWHILE)
        return render(self.request, page.template, view, form=form, status=409)


TheCaseWriter = Annotated[CaseWriter, Depends(CaseWriter)]


def _field_and_sentence(
    refused: FieldRefused | EventRefused | DayOutsideCalendar, form: Submitted[Any]
) -> tuple[str, str]:
    """The field at which to say why it was refused, and the sentence."""
    if isinstance(refused, FieldRefused):
        return refused.field, refused.message
    if isinstance(refused, DayOutsideCalendar):
        return "happened_on", str(refused).rstrip(".")
    named = (f"detail_{refused.field}", f"{refused.field}_on", refused.field)
    field = next((name for name in named if name in form.model.model_fields), "happened_on")
    return field, refused.why[:1].upper() + refused.why[1:]
