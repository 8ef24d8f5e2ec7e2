"""The editions of the Code for a Code lead: those that are law, and another to propose, decide on and put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from victimcare.commands.approve_edition import (
    NoSuchEdition,
    NothingToWithdraw,
    StillMoving,
    approve_edition,
    withdraw_edition,
)
from victimcare.commands.propose_edition import (
    LARGEST,
    BadEdition,
    BadSuccessor,
    EditionSource,
    propose_edition,
    refuse_edition,
)
from victimcare.domain.calendar import london_date
from victimcare.domain.edition_differences import of_kind
from victimcare.domain.edition_entries import EntryKind
from victimcare.domain.people import Action
from victimcare.queries.code_editions import CodeEditions, code_editions
from victimcare.queries.edition_preview import EditionPreview, edition_preview
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw
from victimcare.web.forms import Button, Form, Sent, Submitted, blank
from victimcare.web.law_desk import LawDesk
from victimcare.web.named_rows import row_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

ADDRESS = "/code/editions"
router = APIRouter(prefix=ADDRESS, dependencies=[policy(Action.CHECK_CODE)])

EditionNumber = Annotated[int, row_of("code_edition", "number")]
COUNTED_ON_A_PAGE = 1_000
"""Cases of which a page counts what would change; of more only the command does."""


class EditionForm(Form):
    """The edition, as it stands in its file."""

    text: str = Field(title="The edition", description="Paste the edition", min_length=2, max_length=LARGEST)


@dataclass(frozen=True, slots=True)
class EditionsView:
    """The editions, what the proposed one would change, and what could not be done."""

    found: CodeEditions
    preview: EditionPreview | None
    said: str = ""

    kinds: ClassVar[tuple[EntryKind, ...]] = tuple(EntryKind)
    of_kind = staticmethod(of_kind)


class EditionDesk(LawDesk[EditionForm]):
    """The page of the editions."""

    address: ClassVar[str] = ADDRESS
    refusals: ClassVar[tuple[type[Exception], ...]] = (NoSuchEdition, StillMoving, NothingToWithdraw, BadSuccessor)

    def shown(self, form: Submitted[EditionForm] | None = None, *, status: int = 200, said: str = "") -> Response:
        """The page."""
        with self.database.reading() as connection:
            found = code_editions(connection, law=self.law, today=london_date(self.now))
            preview = None
            if found.proposed and not found.proposed.too_late:
                preview = edition_preview(
                    connection,
                    person=self.person,
                    edition=found.proposed.edition,
                    law=self.law,
                    now=self.now,
                    most=COUNTED_ON_A_PAGE,
                )
        view = EditionsView(found, preview, said)
        return render(self.request, "code/editions.html", view, form=form or blank(EditionForm), status=status)


def desk(request: Request, person: CurrentPerson, database: TheDatabase, law: TheLaw, now: Now) -> EditionDesk:
    """The same as a dependency."""
    return EditionDesk(request, person, database, law, now)


TheDesk = Annotated[EditionDesk, Depends(desk)]


@router.get("")
def editions(desk: TheDesk) -> Response:
    """The editions that are law, the proposed one with what it would change, and what was decided before."""
    return desk.shown()


@router.post("")
def propose(form: Sent[EditionForm], desk: TheDesk) -> Response:
    """Propose the edition that was pasted; one that cannot be trusted is refused in a sentence."""
    if form.values is None:
        return desk.shown(form, status=422)
    text = form.values.text
    try:
        desk.write(
            form.form_key,
            lambda connection: propose_edition(
                connection, text=text, source=EditionSource.PAGE, by=desk.person, now=desk.now, law=desk.law
            ),
        )
    except (BadEdition, BadSuccessor) as refused:
        return desk.shown(form.with_error("text", f"The edition is refused: {refused}"), status=422)
    return redirect(ADDRESS)


@router.post("/{number}/approve")
def approve(number: EditionNumber, form: Sent[Button], desk: TheDesk) -> Response:
    """Make the proposed edition law from its day of commencement."""
    by, now, law = desk.person, desk.now, desk.law
    return desk.decide(form, lambda connection: approve_edition(connection, number=number, by=by, now=now, law=law))


@router.post("/{number}/refuse")
def refuse(number: EditionNumber, form: Sent[Button], desk: TheDesk) -> Response:
    """Say that the proposed edition is not to become law."""
    by, now = desk.person, desk.now
    return desk.decide(form, lambda connection: refuse_edition(connection, number=number, by=by, now=now))


@router.post("/{number}/put-back")
def put_back(number: EditionNumber, form: Sent[Button], desk: TheDesk) -> Response:
    """Put back the approved edition, which has not commenced."""
    by, now, law = desk.person, desk.now, desk.law
    return desk.decide(form, lambda connection: withdraw_edition(connection, number=number, by=by, now=now, law=law))
