"""The bank holidays for a Code lead: the list in force, and a published one to propose and decide on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from victimcare.commands.approve_holidays import NoSuchList, StillMoving, approve_holidays
from victimcare.commands.propose_holidays import BadHolidayList, ListSource, propose_holidays, refuse_holidays
from victimcare.domain.people import Action
from victimcare.editions.published_holidays import LARGEST, read_published
from victimcare.queries.holiday_lists import HolidayLists, holiday_lists
from victimcare.queries.holiday_preview import HolidayPreview, holiday_preview
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.law_desk import LawDesk
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

ADDRESS = "/code/bank-holidays"
router = APIRouter(prefix=ADDRESS, dependencies=[policy(Action.CHECK_CODE)])

ListNumber = Annotated[int, row_of("holiday_list", "number")]
COUNTED_ON_A_PAGE = 1_000
"""Cases of which a page counts what would move; of more only the command does."""


class ListForm(Form):
    """The published list, as it is."""

    published: str = Field(
        title="The published list", description="Paste the published list", min_length=2, max_length=LARGEST
    )


@dataclass(frozen=True, slots=True)
class HolidaysView:
    """The lists, what the proposed one would move, and what could not be done."""

    lists: HolidayLists
    preview: HolidayPreview | None
    said: str = ""


class HolidayDesk(LawDesk[ListForm]):
    """The page of the bank holidays."""

    address: ClassVar[str] = ADDRESS
    refusals: ClassVar[tuple[type[Exception], ...]] = (NoSuchList, StillMoving)

    def shown(self, form: Submitted[ListForm] | None = None, *, status: int = 200, said: str = "") -> Response:
        """The page."""
        with self.database.reading() as connection:
            lists = holiday_lists(connection, law=self.law)
            preview = None
            if lists.proposed:
                preview = holiday_preview(
                    connection,
                    person=self.person,
                    number=lists.proposed.number,
                    law=self.law,
                    now=self.now,
                    most=COUNTED_ON_A_PAGE,
                )
        view = HolidaysView(lists, preview, said)
        return render(self.request, "code/bank_holidays.html", view, form=form or blank(ListForm), status=status)


def desk(request: Request, person: CurrentPerson, database: TheDatabase, law: TheLaw, now: Now) -> HolidayDesk:
    """The same as a dependency."""
    return HolidayDesk(request, person, database, law, now)


TheDesk = Annotated[HolidayDesk, Depends(desk)]


@router.get("")
def bank_holidays(holidays: TheDesk) -> Response:
    """The list in force, the one that is proposed with what it would move, and what was decided before."""
    return holidays.shown()


@router.post("")
def propose(form: Sent[ListForm], holidays: TheDesk) -> Response:
    """Propose the list that was pasted; one that cannot be trusted is refused in a sentence."""
    if form.values is None:
        return holidays.shown(form, status=422)
    try:
        published = read_published(form.values.published.encode())
        done = holidays.write(
            form.form_key,
            lambda connection: propose_holidays(
                connection,
                published=published,
                source=ListSource.PAGE,
                by=holidays.person,
                now=holidays.now,
                calendar=holidays.law.calendar,
            ),
        )
    except BadHolidayList as refused:
        return holidays.shown(form.with_error("published", f"The list is refused: {refused}"), status=422)
    if done.number is None:
        return holidays.shown(said="The list says what is known already: nothing would change.")
    return redirect(ADDRESS)


@router.post("/{number}/approve")
def approve(number: ListNumber, form: Sent[Button], holidays: TheDesk) -> Response:
    """Bring the proposed list into force."""
    by, now, law = holidays.person, holidays.now, holidays.law
    return holidays.decide(
        form, lambda connection: approve_holidays(connection, number=number, by=by, now=now, law=law)
    )


@router.post("/{number}/refuse")
def refuse(number: ListNumber, form: Sent[Button], holidays: TheDesk) -> Response:
    """Say that the proposed list is not to come into force."""
    by, now = holidays.person, holidays.now
    return holidays.decide(form, lambda connection: refuse_holidays(connection, number=number, by=by, now=now))
