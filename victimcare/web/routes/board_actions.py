"""What the board decided to do about its findings: the list, a new action, and what became of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.keep_board_actions import ActionRefused, NewAction, decide_action, end_action, move_due
from victimcare.commands.use_form import use_form
from victimcare.domain.board_actions import LONGEST_WORDS, VICTIMS_REFERRED, Measure, Step, Way
from victimcare.domain.people import Action, may
from victimcare.domain.quarter import Quarter
from victimcare.presentation import board_actions as words
from victimcare.presentation.compliance_months import months_shown
from victimcare.presentation.figure_names import Names
from victimcare.queries.board_actions import ActionView, StepTaken, board_actions, measures
from victimcare.web.board_reading import TheFigures
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheSettings, Today
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.location_check import Label
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import DateTyped

router = APIRouter(prefix="/board/actions")
SEEN, KEPT = [policy(Action.SEE_BOARD)], [policy(Action.KEEP_ACTIONS)]
ActionId = Annotated[int, row_of("board_action", "action_id")]


class ActionForm(Form):
    """An action as the board decided it."""

    words: Label = Field(title="What is to be done", description="Enter what is to be done", max_length=LONGEST_WORDS)
    measure: str = Field(title="Which figure should move", description="Choose the figure", max_length=60)
    way: Way = Field(title="Which way", description="Choose which way it should move")
    owner: str = Field(title="Which agency does it", description="Choose the agency that does it", max_length=60)
    decided_on: DateTyped = Field(title="Day of the decision", description="Enter the day of the decision")
    due_on: DateTyped = Field(title="To be done by", description="Enter the day by which it is to be done")


class DueForm(Form):
    """That it is due on another day."""

    due_on: DateTyped = Field(title="To be done by", description="Enter the day by which it is to be done")
    why_due: Label = Field(title="Why", description="Enter why it is due on another day", max_length=LONGEST_WORDS)


class EndForm(Form):
    """That it is done, or dropped."""

    step: Literal["done", "dropped"] = Field(title="How it ended", description="Say whether it is done or dropped")
    why: Label = Field(title="Why", description="Enter what was done, or why it was dropped", max_length=LONGEST_WORDS)


@dataclass(frozen=True, slots=True)
class Row:
    """An action in words. `standing` says how it stands, `overdue` whether its day has passed."""

    action: ActionView
    measure: str
    owner: str
    way: str
    standing: str
    overdue: bool
    baseline: str
    since: str
    before: str
    after: str
    moved: str
    change: str
    why: str


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """All actions, and whether one can be recorded: not before figures were published.

    `keeps`: whoever reads it records them.
    """

    rows: tuple[Row, ...]
    keeps: bool
    may_be_new: bool
    recorded: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class NewActionPage:
    """What can be chosen, and the quarter against which the figure is held."""

    measures: tuple[tuple[str, str], ...]
    owners: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    baseline: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action with its history, and what its agency's months say. `keeps`: whoever reads it records actions."""

    row: Row
    keeps: bool
    history: tuple[tuple[str, StepTaken], ...]
    months: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class ActionDesk:
    """Reads actions, and the figures that they name."""

    request: Request
    person: CurrentPerson
    database: TheDatabase
    law: TheLaw
    settings: TheSettings
    figures: TheFigures
    today: Today
    consulted: Consulted

    @property
    def keeps(self) -> bool:
        """Whether whoever asks records actions."""
        return may(self.person, Action.KEEP_ACTIONS)

    @property
    def names(self) -> Names:
        """What agencies and rights are called."""
        return Names(self.law.code, {})

    def rows(self, action_id: int | None = None) -> tuple[Row, ...]:
        """All actions, or one."""
        with self.database.reading() as connection:
            found = board_actions(
                connection,
                person=self.person,
                threshold=self.settings.small_numbers_below,
                action_id=action_id,
            )
        return tuple(self._row(action) for action in found)

    def _row(self, action: ActionView) -> Row:
        return Row(
            action=action,
            measure=words.measure_in_words(action.measure, self.names),
            owner=self.names.of_agency(action.owner),
            way=words.WAYS[action.way],
            standing=words.STEPS[action.last.step] if action.last.step.ends_it else "Open",
            overdue=action.is_overdue(self.today),
            baseline=words.quarter_in_words(action.baseline),
            since=words.quarter_in_words(action.since) if action.since else "",
            before=words.rate_in_words(action.before),
            after=words.rate_in_words(action.after) if action.since else "",
            moved=words.MOVED[action.moved],
            change=words.change(action),
            why=words.why(action),
        )

    def newest(self) -> Quarter:
        """The quarter against which a new action is held. 404 while no figures were published."""
        newest = self.figures.menu().newest
        if newest is None:
            raise HTTPException(404)
        return newest.quarters[0]

    def choices(self, baseline: Quarter) -> NewActionPage:
        """What can be chosen for a new action."""
        with self.database.reading() as connection:
            found = measures(connection, person=self.person, law=self.law, quarter=baseline)
        agencies = self.law.code.latest.agencies
        return NewActionPage(
            measures=tuple((each.code, words.measure_in_words(each, self.names)) for each in found),
            owners=tuple((agency, self.names.of_agency(agency)) for agency in agencies),
            ways=tuple((way.value, title) for way, title in words.WAYS.items()),
            baseline=words.quarter_in_words(baseline),
        )

    def page(self, action_id: int, *, recorded: bool = False) -> ActionPage:
        """One action. 404 where there is none."""
        rows = self.rows(action_id)
        if not rows:
            raise HTTPException(404)
        history = tuple((words.STEPS[each.step], each) for each in rows[0].action.steps)
        return ActionPage(rows[0], self.keeps, history, self._months(rows[0].action.measure), recorded)

    def _months(self, measure: Measure) -> str:
        """What the control chart of all the agency's duties says; "" for what has none."""
        if measure.agency == VICTIMS_REFERRED:
            return ""
        months = {one.agency: one for one in self.figures.months(self.figures.menu())}
        of = months.get(measure.agency)
        return " ".join(months_shown(of, self.names.of_agency(of.agency)).says) if of else ""

    def shown(
        self, page: ActionPage, due: Submitted[DueForm] | None = None, end: Submitted[EndForm] | None = None
    ) -> Response:
        """The page of an action with its two forms, of which one may have been sent with something wrong."""
        form = due if due is not None else end if end is not None else blank(EndForm)
        status = 422 if due is not None or end is not None else 200
        return render(self.request, "board/action.html", page, form=form, status=status)


TheActionDesk = Annotated[ActionDesk, Depends(ActionDesk)]


@router.get("", dependencies=SEEN)
def actions(request: Request, desk: TheActionDesk, recorded: bool = False) -> Response:
    """What was decided, and whether it moved."""
    page = ActionsPage(desk.rows(), desk.keeps, desk.figures.menu().newest is not None, recorded, words.MEANING)
    desk.consulted("board actions", ())
    return render(request, "board/actions.html", page)


@router.get("/new", dependencies=KEPT)
def new_action(request: Request, desk: TheActionDesk) -> Response:
    """The form of a new one."""
    return render(request, "board/action_new.html", desk.choices(desk.newest()), form=blank(ActionForm))


@router.post("", dependencies=KEPT)
def decide(request: Request, form: Sent[ActionForm], desk: TheActionDesk, now: Now) -> Response:
    """Record it, held against the newest published quarter: nobody chooses a baseline that pleases."""
    baseline = desk.newest()
    choices = desk.choices(baseline)
    for name, offered in (("measure", choices.measures), ("owner", choices.owners)):
        if form.values is not None and getattr(form.values, name) not in dict(offered):
            form = form.with_error(name, str(ActionForm.model_fields[name].description))
    values = form.values
    if values is None:
        return render(request, "board/action_new.html", choices, form=form, status=422)
    action = NewAction(
        values.words,
        Measure.read(values.measure),
        values.way,
        baseline.id,
        values.owner,
        values.decided_on,
        values.due_on,
    )
    try:
        with desk.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=desk.person, now=now)
            decide_action(connection, action=action, by=desk.person, now=now)
    except ActionRefused as refused:
        form = form.with_error(refused.field, refused.why)
        return render(request, "board/action_new.html", choices, form=form, status=422)
    return redirect("/board/actions?recorded=true")


@router.get("/{action_id}", dependencies=SEEN)
def one_action(action_id: ActionId, desk: TheActionDesk, recorded: bool = False) -> Response:
    """One action: whether it moved, and everything that became of it."""
    page = desk.page(action_id, recorded=recorded)
    desk.consulted(f"board action {action_id}", ())
    return desk.shown(page)


@router.post("/{action_id}/due", dependencies=KEPT)
def due_on_another_day(action_id: ActionId, form: Sent[DueForm], desk: TheActionDesk, now: Now) -> Response:
    """It is due on another day, and why: the day before stays in its history."""
    page = desk.page(action_id)
    if form.values is None:
        return desk.shown(page, due=form)
    try:
        with desk.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=desk.person, now=now)
            due_on, why = form.values.due_on, form.values.why_due
            move_due(connection, action_id=action_id, due_on=due_on, words=why, by=desk.person, now=now)
    except ActionRefused as refused:
        return desk.shown(page, due=form.with_error(refused.field, refused.why))
    return redirect(f"{router.prefix}/{desk.request.path_params['action_id']}?recorded=true")


@router.post("/{action_id}/end", dependencies=KEPT)
def done_or_dropped(action_id: ActionId, form: Sent[EndForm], desk: TheActionDesk, now: Now) -> Response:
    """It is done, or dropped, and why."""
    page = desk.page(action_id)
    if form.values is None:
        return desk.shown(page, end=form)
    try:
        with desk.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=desk.person, now=now)
            step, why = Step(form.values.step), form.values.why
            end_action(connection, action_id=action_id, step=step, words=why, by=desk.person, now=now)
    except ActionRefused as refused:
        return desk.shown(page, end=form.with_error(refused.field, refused.why))
    return redirect(f"{router.prefix}/{desk.request.path_params['action_id']}?recorded=true")
