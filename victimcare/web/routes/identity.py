"""Correcting what is known of a victim: what is right, which deadlines move, and only then the record; what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from victimcare.commands.correct_identity import (
    IdentityPutRight,
    NothingCorrected,
    correct_identity,
    identity_events,
)
from victimcare.commands.record_event import NewEvent
from victimcare.domain.code import Edition
from victimcare.domain.days_of_a_crime import birth_wrong
from victimcare.domain.identity import BORN_ON, FIELDS, Identity, differing
from victimcare.domain.kinds.case import WHY_CORRECTED
from victimcare.domain.people import Action
from victimcare.presentation.languages import LANGUAGES, language
from victimcare.presentation.words import day
from victimcare.queries.case_page import CasePage
from victimcare.queries.identity import IdentityCorrected, identity_corrections
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_forms import CheckedForm, FormPage, TheCaseWriter, opened
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import TheVault
from victimcare.web.forms import FieldRefused, Sent
from victimcare.web.location_check import MayTellLocation
from victimcare.web.pages import render
from victimcare.web.policies import policy
from victimcare.web.typed_dates import DateTyped, typed_parts

router = APIRouter()
Options = Sequence[tuple[str, str]]
_CHANGED = "changed"


class IdentityForm(CheckedForm, MayTellLocation):
    """What is right, all of it but the name, which is typed only where it was wrong; and why it was wrong."""

    name: str = Field("", title="Name", max_length=120)
    born_on: DateTyped | None = Field(None, title="Date of birth")
    basis: str = Field(title="Why they count as a victim", description="Choose why they count as a victim")
    language: str = Field(title="Language", description="Choose a language")
    reason: Literal[tuple(WHY_CORRECTED)] = Field(  # type: ignore[valid-type]
        title="What was wrong", description="Choose what was wrong"
    )
    changed_on: DateTyped | None = Field(None, title="Day of the change")
    note: str = Field("", title="Note", max_length=500)


@dataclass(frozen=True, slots=True)
class IdentityView:
    """The form, and every correction so far."""

    case: CasePage
    corrections: tuple[IdentityCorrected, ...]
    edition: Edition
    changed: tuple[TimelineEntry, ...] = ()
    reasons: Options = tuple(WHY_CORRECTED.items())

    @property
    def bases(self) -> Options:
        """Why somebody can count as a victim, and why this one does."""
        known = [(basis.id, basis.title) for basis in self.edition.victim_bases]
        return _with(known, self.case.basis)

    @property
    def languages(self) -> Options:
        """The languages, and that of the victim."""
        return _with(list(LANGUAGES.items()), self.case.language)

    def rows(self, before: Identity, after: Identity) -> list[tuple[str, str, str]]:
        """What is different, in words: the field, what was known and what is right."""
        return [
            (FIELDS[name], self._words(before, name), self._words(after, name)) for name in differing(before, after)
        ]

    def _words(self, known: Identity, name: str) -> str:
        value = getattr(known, name)
        if isinstance(value, date):
            return day(value)
        if name == "basis":
            return dict(self.bases).get(known.basis, known.basis)
        return language(known.language) if name == "language" else value or ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be put right, and the events that it is."""

    before: Identity
    put_right: IdentityPutRight
    events: Sequence[NewEvent]


@dataclass(frozen=True, slots=True)
class IdentityReader:
    """Reads what is known of the victim of a case, and what was before."""

    cases: TheCases
    vault: TheVault

    def view(self, case: CasePage, changed: tuple[TimelineEntry, ...] = ()) -> IdentityView:
        """The page of a case that was just read."""
        with self.cases.database.reading() as connection:
            made = identity_corrections(connection, person=self.cases.person, ref=case.ref, vault=self.vault)
        return IdentityView(case, made, self.cases.law.code.on(self.cases.today), changed)


TheIdentities = Annotated[IdentityReader, Depends(IdentityReader)]


@router.get("/cases/{ref}/identity", dependencies=[policy(Action.SEE_FILE)])
def identity_page(request: Request, ref: CaseRef, identities: TheIdentities) -> Response:
    """What is known, to be put right, and what was known before."""
    case = identities.cases.read(ref)
    known = _known(case)
    born_on = typed_parts("born_on", known.born_on) if known.born_on else {}
    form = opened(IdentityForm, case, basis=known.basis, language=known.language, **born_on)
    return render(request, "identity/identity.html", identities.view(case), form=form)


@router.post("/cases/{ref}/identity", dependencies=[policy(Action.RECORD_EVENT)])
def put_right(ref: CaseRef, form: Sent[IdentityForm], writer: TheCaseWriter, identities: TheIdentities) -> Response:
    """Show what changes and which deadlines move, and once that was seen record it."""
    page: FormPage[Asked] = FormPage(
        "identity/identity.html",
        identities.view,
        check_template="identity/check.html",
        events=lambda asked: asked.events,
        words=["note"],
    )
    return writer.write(
        ref,
        form,
        page,
        asked=partial(_asked, writer=writer, identities=identities),
        record=lambda connection, asked, how: correct_identity(
            connection, put_right=asked.put_right, vault=identities.vault, **how
        ),
        done=f"/cases/{ref}/victim?done=identity",
    )


def _asked(values: IdentityForm, case: CasePage, *, writer: TheCaseWriter, identities: TheIdentities) -> Asked:
    view, before = identities.view(case), _known(case)
    right = Identity(values.name or before.name, values.born_on, values.basis, values.language)
    if wrong := birth_wrong(right.born_on, case.today):
        raise FieldRefused("born_on", f"Date of birth {wrong}")
    if right.basis not in dict(view.bases):
        raise FieldRefused("basis", "Choose why they count as a victim")
    if right.language not in dict(view.languages):
        raise FieldRefused("language", "Choose a language")
    _check_change(values, before, right, case.today)
    asked = IdentityPutRight(right, values.reason, values.changed_on, values.note)
    with identities.cases.database.reading() as connection:
        try:
            events = identity_events(
                connection, ref=case.ref, put_right=asked, now=writer.now, law=identities.cases.law
            )
        except NothingCorrected as nothing:
            sentence = str(nothing)
            raise FieldRefused("name", sentence[:1].upper() + sentence[1:]) from None
    return Asked(before, asked, events)


def _check_change(values: IdentityForm, before: Identity, right: Identity, today: date) -> None:
    """Raise `FieldRefused` where the day of a change is missing, ahead, or of what does not change."""
    if (values.reason == _CHANGED) != (values.changed_on is not None):
        raise FieldRefused("changed_on", "Enter the day of the change where it has changed, and only then")
    if values.changed_on and values.changed_on > today:
        raise FieldRefused("changed_on", "Day of the change must be today or in the past")
    if values.reason == _CHANGED and BORN_ON in differing(before, right):
        raise FieldRefused("reason", "A date of birth does not change: say what was wrong with it")


def _known(case: CasePage) -> Identity:
    return Identity(case.victim_name, case.born_on, case.basis, case.language)


def _with(known: list[tuple[str, str]], code: str) -> Options:
    return known if code in dict(known) else [*known, (code, code)]
