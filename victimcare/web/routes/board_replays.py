"""Quarters reckoned anew for the board: as known on a past day, or by another edition, beside what was published."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.ask_for_replay import ByDutiesAlone, NotOffered, ask_for_replay
from victimcare.commands.use_form import use_form
from victimcare.domain.next_edition import BadSuccessor
from victimcare.domain.own_times import BadOwnTime, out_of_line
from victimcare.domain.people import Action
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import Told
from victimcare.editions.force_policy import published_policy
from victimcare.presentation.figure_names import Names, known_on_in_words
from victimcare.presentation.replay import Compared, compared, workload
from victimcare.presentation.replay_columns import LINES, TOLD, columns_of, notes_of
from victimcare.presentation.words import counted, day
from victimcare.queries.periods import Period
from victimcare.queries.replays import OfferedReplay, ShownBeside, replay_beside, replays_offered
from victimcare.web.board_reading import TheFigures, chosen_quarter, titled
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheLaw, TheSettings
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.offered import one_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board/replays", dependencies=[policy(Action.RECKON_ANEW)])


class AskForm(Form):
    """Which quarter is to be reckoned anew, and how."""

    quarter: str = Field(title="Quarter", description="Choose a quarter", min_length=1, max_length=7)
    how: str = Field(title="How", description="Choose a day or an edition", min_length=1, max_length=30)
    told: str = Field(title="What of it", description="Choose what is to be told", max_length=30)


@dataclass(frozen=True, slots=True)
class Line:
    """A way to reckon the quarter anew, in words: which day or law, and what of it is told."""

    code: str
    way: str
    offered: OfferedReplay

    @property
    def told(self) -> Told:
        """What of the quarter is told."""
        return self.offered.choice.told

    @property
    def words(self) -> str:
        """What is told, and the way."""
        return f"{TOLD[self.told]}: {self.way[0].lower()}{self.way[1:]}"

    @property
    def query(self) -> str:
        """What its address says beside the quarter."""
        return urlencode({"how": self.code} | _told_in_address(self.told))


@dataclass(frozen=True, slots=True)
class Beside:
    """What was reckoned beside what was published: the lines of each agency or table, under the same columns in both.

    `own_times`: each duty with the time that the force would ask of itself, where it was reckoned by those.
    """

    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Compared, ...]], ...]
    own_times: tuple[tuple[str, str], ...]
    published_on: str
    workload: str

    @property
    def of_all(self) -> int:
        """How many lines there are."""
        return sum(len(of_group) for _, of_group in self.lines)

    @property
    def told(self) -> int:
        """In how many of them any number may be shown."""
        return sum(line.tells for _, of_group in self.lines for line in of_group)


@dataclass(frozen=True, slots=True)
class ReplaysPage:
    """The quarters, how the chosen one can be reckoned anew, and the one way that is shown (None: none is chosen)."""

    quarters: tuple[tuple[str, str], ...]
    quarter: Quarter | None
    title: str
    lines: tuple[Line, ...]
    chosen: Line | None
    beside: Beside | None
    threshold: int

    @property
    def askable(self) -> list[tuple[str, str]]:
        """The ways in which something was not asked for yet, or failed."""
        return list({line.code: line.way for line in self.lines if line.offered.can_be_asked}.items())

    @property
    def line_heading(self) -> str:
        """What the lines of the one that is shown are."""
        return LINES[self.chosen.told] if self.chosen else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures are, in sentences."""
        return notes_of(self.chosen.told) if self.chosen else ()

    @property
    def told(self) -> list[tuple[str, str]]:
        """What of the quarter can be told."""
        return [(told.value, TOLD[told]) for told in Told]


@dataclass(frozen=True, slots=True)
class Replays:
    """Reads what was reckoned anew for this request."""

    request: Request
    person: CurrentPerson
    database: TheDatabase
    law: TheLaw
    settings: TheSettings
    figures: TheFigures

    def page(
        self, quarter_id: str, how: str = "", told: str = Told.RIGHT, form: Submitted[AskForm] | None = None
    ) -> Response:
        """The page of a quarter, with one way to reckon it where that is chosen. 404 for what is not on the menu."""
        menu = self.figures.menu()
        quarter = chosen_quarter(menu.published, quarter_id) if menu.published else None
        if quarter is None and (quarter_id or how):
            raise HTTPException(404)
        lines = self._lines(quarter) if quarter else ()
        what = one_of(told, list(Told)) or Told.RIGHT
        chosen = next((line for line in lines if (line.code, line.told) == (how, what)), None)
        if how and chosen is None:
            raise HTTPException(404)
        page = ReplaysPage(
            quarters=titled(menu.quarters),
            quarter=quarter,
            title=titled([Period.quarter(quarter)])[0][1] if quarter else "",
            lines=lines,
            chosen=chosen,
            beside=self._beside(quarter, chosen) if quarter and chosen else None,
            threshold=self.settings.small_numbers_below,
        )
        shown = form or blank(AskForm, quarter=quarter.id if quarter else "", told=what)
        return render(self.request, "board/replays.html", page, form=shown, status=422 if form else 200)

    def _lines(self, quarter: Quarter) -> tuple[Line, ...]:
        with self.database.reading() as connection:
            offered = replays_offered(
                connection,
                person=self.person,
                quarter=quarter,
                threshold=self.settings.small_numbers_below,
                own_times=published_policy().own_times,
            )
        return tuple(Line(one.choice.code, _in_words(one), one) for one in offered)

    def _beside(self, quarter: Quarter, line: Line) -> Beside | None:
        with self.database.reading() as connection:
            found = replay_beside(connection, person=self.person, quarter=quarter, offered=line.offered, law=self.law)
        return self._in_lines(found, line.offered) if found else None

    def _in_lines(self, found: ShownBeside, offered: OfferedReplay) -> Beside:
        told = offered.choice.told
        names, by_names = Names(self.law.code, found.teams), Names(found.by_law.code, found.teams)
        lines = list(compared(found.published, found.replayed, names, by_names, told=told))
        return Beside(
            columns=tuple(columns_of(told).values()),
            lines=tuple((group, tuple(of)) for group, of in groupby(lines, key=lambda line: line.group)),
            own_times=tuple(
                (by_names.of_rule(rule_id), counted(days, "working day"))
                for rule_id, days in out_of_line(offered.choice.own_times).items()
            ),
            published_on=known_on_in_words([table.known_on for table in found.published.tables]),
            workload=workload(found.published, found.replayed, officers=offered.officers or 0, told=told),
        )


TheReplays = Annotated[Replays, Depends(Replays)]


@router.get("")
def replays(
    replays: TheReplays, consulted: Consulted, quarter: str = "", how: str = "", told: str = Told.RIGHT
) -> Response:
    """How a quarter can be reckoned anew, how far that has come, and what may be shown of it. Raises `NotOffered`."""
    answer = replays.page(quarter, how, told)
    consulted(f"board replay {quarter} {how} {told}".strip(), ())
    return answer


@router.post("/new")
def ask(form: Sent[AskForm], replays: TheReplays, now: Now) -> Response:
    """Ask for a quarter to be reckoned anew."""
    values = form.values
    quarter = next((one for one in replays.figures.menu().published if one.id == form.text("quarter")), None)
    if values and quarter is None:
        form = form.with_error("quarter", "Choose a quarter of the list")
    if values and values.told not in list(Told):
        form, values = form.with_error("told", "Choose what is to be told"), None
    if values is None or quarter is None:
        return replays.page(quarter.id if quarter else "", form=form)
    try:
        with replays.database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=replays.person, now=now)
            ask_for_replay(
                connection,
                quarter=quarter,
                how=values.how,
                told=Told(values.told),
                threshold=replays.settings.small_numbers_below,
                own_times=published_policy().own_times,
                law=replays.law,
                by=replays.person,
                now=now,
            )
    except NotOffered:
        form = form.with_error("how", "Choose a day or an edition of the list")
        return replays.page(quarter.id, form=form)
    except ByDutiesAlone:
        form = form.with_error("told", "An edition, or times, change duties alone: choose duties, or a day under How")
        return replays.page(quarter.id, form=form)
    except (BadSuccessor, BadOwnTime) as refused:
        form = form.with_error("how", f"Cases cannot be reckoned so: {refused}")
        return replays.page(quarter.id, form=form)
    chosen = {"quarter": quarter.id, "how": values.how}
    return redirect(f"/board/replays?{urlencode(chosen | _told_in_address(Told(values.told)))}")


def _told_in_address(told: Told) -> dict[str, str]:
    return {} if told is Told.RIGHT else {"told": told.value}


def _in_words(offered: OfferedReplay) -> str:
    if offered.choice.own_times:
        return "By the force’s own times"
    return f"By the edition “{offered.edition}”" if offered.edition else f"As known on {day(offered.choice.known_on)}"
