"""The editions of the Code for a Code lead: every rule, what it rests on, and who compared it with the Code itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from victimcare.commands.check_code import CheckRefused, check_code
from victimcare.commands.use_form import use_form
from victimcare.domain.edition_entries import EntryKind, Finding
from victimcare.domain.evidence import Evidence
from victimcare.domain.people import Action
from victimcare.presentation.evidence import EVIDENCE_WORDS
from victimcare.queries.code_checks import CheckedEdition, CheckedEntry, checked_editions, checked_entry
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw
from victimcare.web.event_forms import CountedDay
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter(prefix="/code", dependencies=[policy(Action.CHECK_CODE)])

EditionId = Annotated[str, Path(pattern=r"^\d{4}-\d{2}-\d{2}[a-z]?$")]
EntryId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,60}$")]


class Shown(StrEnum):
    """Which entries the page lists."""

    ALL = "all"
    UNCHECKED = "unchecked"
    UNVERIFIED = "unverified"
    DIFFERENT = "different"


_SHOWN: dict[Shown, tuple[str, Callable[[CheckedEntry], bool]]] = {
    Shown.ALL: ("All", lambda one: True),
    Shown.UNCHECKED: ("Nobody has checked", lambda one: one.last is None),
    Shown.UNVERIFIED: ("Not verified", lambda one: not one.entry.verified),
    Shown.DIFFERENT: ("Found different", lambda one: one.differs),
}


class CheckForm(Form):
    """What an entry was compared with, and what was found."""

    finding: Finding = Field(title="What you found", description="Choose what you found")
    source: str = Field(
        title="What you compared it with", description="Enter what you compared it with", min_length=3, max_length=300
    )
    looked_on: CountedDay = Field(title="Day on which you looked", description="Enter the day on which you looked")
    difference: str = Field("", title="What is different", max_length=1_000)


@dataclass(frozen=True, slots=True)
class CodeView:
    """The editions, and which of their entries are shown."""

    editions: tuple[CheckedEdition, ...]
    shown: Shown

    def entries(self, edition: CheckedEdition, kind: EntryKind) -> list[CheckedEntry]:
        """Those of one kind that are shown."""
        return [one for one in edition.of_kind(kind) if _SHOWN[self.shown][1](one)]

    def choices(self, edition: CheckedEdition) -> list[tuple[str, str, int]]:
        """What can be shown of an edition: its value, in words, and how many entries that is."""
        return [(shown.value, words, sum(map(holds, edition.entries))) for shown, (words, holds) in _SHOWN.items()]

    kinds: tuple[EntryKind, ...] = tuple(EntryKind)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with its checks."""

    edition_id: str
    one: CheckedEntry
    evidence: dict[Evidence, str]
    findings: tuple[tuple[str, str], ...] = tuple((each.value, each.in_words) for each in Finding)


@router.get("")
def editions(
    request: Request, person: CurrentPerson, database: TheDatabase, law: TheLaw, show: Shown = Shown.ALL
) -> Response:
    """Every entry of every edition that is law, one that is to come among them."""
    with database.reading() as connection:
        found = checked_editions(connection, person=person, code=law.code)
    return render(request, "code/list.html", CodeView(found, show))


@router.get("/{edition_id}/{entry_id}")
def one_entry(
    request: Request,
    edition_id: EditionId,
    entry_id: EntryId,
    person: CurrentPerson,
    database: TheDatabase,
    law: TheLaw,
) -> Response:
    """One entry, what was found of it so far, and the form."""
    view = _view(database, person, law, edition_id, entry_id)
    return render(request, "code/entry.html", view, form=blank(CheckForm))


@router.post("/{edition_id}/{entry_id}")
def check(
    request: Request,
    edition_id: EditionId,
    entry_id: EntryId,
    form: Sent[CheckForm],
    person: CurrentPerson,
    database: TheDatabase,
    law: TheLaw,
    now: Now,
) -> Response:
    """Keep what was found."""
    view = _view(database, person, law, edition_id, entry_id)
    values = form.values
    if values is None:
        return _again(request, view, form)
    try:
        with database.writing() as connection:
            use_form(connection, form_key=form.form_key, by=person, now=now)
            check_code(
                connection,
                code=law.code,
                edition_id=edition_id,
                entry_id=entry_id,
                finding=values.finding,
                source=values.source,
                looked_on=values.looked_on,
                difference=values.difference,
                by=person,
                now=now,
            )
    except CheckRefused as refused:
        return _again(request, view, form.with_error(refused.field, refused.message))
    return redirect(f"/code/{edition_id}/{entry_id}")


def _view(database: TheDatabase, person: CurrentPerson, law: TheLaw, edition_id: str, entry_id: str) -> EntryView:
    with database.reading() as connection:
        found = checked_entry(connection, person=person, code=law.code, edition_id=edition_id, entry_id=entry_id)
    return EntryView(edition_id, found, EVIDENCE_WORDS)


def _again(request: Request, view: EntryView, form: Submitted[CheckForm]) -> Response:
    return render(request, "code/entry.html", view, form=form, status=422)
