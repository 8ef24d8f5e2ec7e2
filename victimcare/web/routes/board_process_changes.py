"""From which month on a process is another: declared for the board, with why, and withdrawn; both are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.declare_process_change import (
    ChangeRefused,
    NewChange,
    declare_process_change,
    withdraw_process_change,
)
from victimcare.commands.use_form import use_form
from victimcare.domain.people import Action, may
from victimcare.domain.process_changes import BOARD, LONGEST_REASON
from victimcare.domain.quarter import Quarter
from victimcare.presentation.definitions import DECLARED_CHANGE
from victimcare.presentation.figure_names import Names
from victimcare.presentation.words import month
from victimcare.queries.compliance import agencies_in_order
from victimcare.queries.process_changes import DeclaredView, process_changes
from victimcare.web.board_reading import TheFigures
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, Today
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.location_check import Label
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import DateTyped

router = APIRouter(prefix="/board/months/changes")
SEEN, KEPT = [policy(Action.SEE_BOARD)], [policy(Action.KEEP_ACTIONS)]
ChangeId = Annotated[int, row_of("process_change", "change_id")]
THE_AGENCY = "agency"
_DECIDED_BY = ((BOARD, "The board"), (THE_AGENCY, "The agency itself"))


class ChangeForm(Form):
    """A change of a process as it is declared."""

    agency: str = Field(title="Agency", description="Choose the agency", min_length=1, max_length=60)
    month: str = Field(title="From the month", description="Choose the month", min_length=1, max_length=7)
    reason: Label = Field(title="What changed", description="Enter what changed", max_length=LONGEST_REASON)
    decided_by: str = Field(title="Who decided it", description="Say who decided it", min_length=1, max_length=60)
    decided_on: DateTyped = Field(title="Day of the decision", description="Enter the day of the decision")


class WithdrawForm(Form):
    """Why a change was none."""

    why: Label = Field(title="Why", description="Enter why it is withdrawn", max_length=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Row:
    """A declared change in words."""

    declared: DeclaredView
    agency: str
    month: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """All that were declared, and whether one can be: not before figures were published.

    `keeps`: whoever reads it declares them.
    """

    rows: tuple[Row, ...]
    keeps: bool
    may_be_new: bool
    recorded: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class NewChangePage:
    """What can be chosen, each by its code and in words."""

    agencies: tuple[tuple[str, str], ...]
    months: tuple[tuple[str, str], ...]
    decided_by: tuple[tuple[str, str], ...] = _DECIDED_BY


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One declared change. `keeps`: whoever reads it declares and withdraws them."""

    row: Row
    keeps: bool
    recorded: bool


@dataclass(frozen=True, slots=True)
class ChangeDesk:
    """Reads what was declared, and what can be."""

    request: Request
    person: CurrentPerson
    database: TheDatabase
    law: TheLaw
    figures: TheFigures
    today: Today
    consulted: Consulted

    @property
    def keeps(self) -> bool:
        """Whether whoever asks declares changes."""
        return may(self.person, Action.KEEP_ACTIONS)

    @property
    def names(self) -> Names:
        """What agencies are called."""
        return Names(self.law.code, {})

    def rows(self, change_id: int | None = None) -> tuple[Row, ...]:
        """All of them, or one."""
        with self.database.reading() as connection:
            found = process_changes(connection, person=self.person, change_id=change_id)
        return tuple(self._row(one) for one in found)

    def _row(self, one: DeclaredView) -> Row:
        decided_by = "The board" if one.change.decided_by == BOARD else self.names.of_agency(one.change.decided_by)
        return Row(one, self.names.of_agency(one.change.agency), month(one.change.from_on), decided_by)

    def one(self, change_id: int) -> Row:
        """One of them. 404 where there is no such change."""
        rows = self.rows(change_id)
        if not rows:
            raise HTTPException(404)
        return rows[0]

    def choices(self) -> NewChangePage:
        """The agencies, and every month from the second one published to this one. 404 while none was published."""
        quarters = [quarter for period in self.figures.menu().quarters for quarter in period.quarters]
        if not quarters:
            raise HTTPException(404)
        months = tuple(reversed(_months(min(quarters), self.today)[1:]))
        return NewChangePage(
            agencies=tuple((each, self.names.of_agency(each)) for each in agencies_in_order(self.law)),
            months=tuple((f"{each:%Y-%m}", month(each)) for each in months),
        )

    def shown(self, change_id: int, form: Submitted[WithdrawForm] | None = None, *, recorded: bool = False) -> Response:
        """The page of one, with the form that withdraws it."""
        page = ChangePage(self.one(change_id), self.keeps, recorded)
        status = 200 if form is None else 422
        return render(self.request, "board/change.html", page, form=form or blank(WithdrawForm), status=status)


def _months(first: Quarter, today: date) -> list[date]:
    """The first days of the months from a quarter's first to that of today."""
    until = 12 * today.year + today.month
    since = 12 * first.from_on.year + first.from_on.month
    return [date((number - 1) // 12, (number - 1) % 12 + 1, 1) for number in range(since, until + 1)]


TheChangeDesk = Annotated[ChangeDesk, Depends(ChangeDesk)]


@router.get("", dependencies=SEEN)
def changes(request: Request, desk: TheChangeDesk, recorded: bool = False) -> Response:
    """Every change that was declared, those withdrawn among them."""
    page = ChangesPage(desk.rows(), desk.keeps, desk.figures.menu().newest is not None, recorded, DECLARED_CHANGE)
    desk.consulted("board process changes", ())
    return render(request, "board/changes.html", page)


@router.get("/new", dependencies=KEPT)
def new_change(request: Request, desk: TheChangeDesk, agency: str = "") -> Response:
    """The form of a new one."""
    choices = desk.choices()
    form = blank(ChangeForm, agency=agency if agency in dict(choices.agencies) else "")
    return render(request, "board/change_new.html", choices, form=form)


@router.post("", dependencies=KEPT)
def declare(request: Request, form: Sent[ChangeForm], desk: TheChangeDesk, now: Now) -> Response:
    """Declare it."""
    choices = desk.choices()
    for name, offered in (("agency", choices.agencies), ("month", choices.months), ("decided_by", _DECIDED_BY)):
        if form.values is not None and getattr(form.values, name) not in dict(offered):
            form = form.with_error(name, str(ChangeForm.model_fields[name].description))
    values = form.values
    if values is None:
        return render(request, "board/change_new.html", choices, form=form, status=422)
    decided_by = BOARD if values.decided_by == BOARD else values.agency
    from_on = date.fromisoformat(f"{values.month}-01")
    change = NewChange(values.agency, from_on, values.reason, decided_by, values.decided_on)
    try:
        with desk.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=desk.person, now=now)
            declare_process_change(connection, change=change, by=desk.person, now=now)
    except ChangeRefused as refused:
        form = form.with_error(refused.field, refused.why)
        return render(request, "board/change_new.html", choices, form=form, status=422)
    return redirect("/board/months/changes?recorded=true")


@router.get("/{change_id}", dependencies=SEEN)
def one_change(change_id: ChangeId, desk: TheChangeDesk, recorded: bool = False) -> Response:
    """One declared change, and what became of it."""
    answer = desk.shown(change_id, recorded=recorded)
    desk.consulted(f"board process change {change_id}", ())
    return answer


@router.post("/{change_id}/withdraw", dependencies=KEPT)
def withdraw(change_id: ChangeId, form: Sent[WithdrawForm], desk: TheChangeDesk, now: Now) -> Response:
    """It was none: limits no longer begin anew for it, and it stays in the record."""
    desk.one(change_id)
    if form.values is None:
        return desk.shown(change_id, form)
    try:
        with desk.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=desk.person, now=now)
            withdraw_process_change(connection, change_id=change_id, reason=form.values.why, by=desk.person, now=now)
    except ChangeRefused as refused:
        return desk.shown(change_id, form.with_error(refused.field, refused.why))
    return redirect(f"{router.prefix}/{desk.request.path_params['change_id']}?recorded=true")
