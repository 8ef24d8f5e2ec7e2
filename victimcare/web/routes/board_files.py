"""The board's figures as files: what a file holds is shown first, and kept when it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.take_export import take_export
from victimcare.domain.exports import PURPOSES, Export, Manifest, Purpose
from victimcare.domain.law import Law
from victimcare.domain.people import Action
from victimcare.editions.feedback import published_survey
from victimcare.presentation import compliance, compliance_months, feedback, referral_rate, support_reached
from victimcare.presentation.csv import MEDIA_TYPE, csv_bytes
from victimcare.presentation.figure_names import Names, period_title
from victimcare.queries.exports import Taken, files_taken
from victimcare.queries.feedback_figures import HeardBy
from victimcare.web.board_reading import (
    Figures,
    TheFigures,
    chosen_breakdown,
    chosen_group,
    chosen_period,
    chosen_quarter,
    chosen_reading,
)
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, TheSettings
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import render
from victimcare.web.policies import policy

router = APIRouter(prefix="/board", dependencies=[policy(Action.TAKE_SUMMARIES)])
_PURPOSES = tuple((purpose.value, said) for purpose, said in PURPOSES.items())
_BY = "-by-"
"""Between the period and the breakdown that a file is of."""
TITLES = {
    Export.COMPLIANCE: "Duties met in time",
    Export.REFERRALS: "Referrals to support",
    Export.SUPPORT: "How far victims came",
    Export.PACKS: "Board pack",
    Export.FEEDBACK: "What victims answered",
    Export.MONTHS: "Duties met in time, month by month",
    Export.FEEDS: "Feed of open tables, written each night",
}


class TakeForm(Form):
    """What a file is taken for. `seen` is the hash of the file that was shown."""

    of: str = Field("", title="What it is of", max_length=40)
    seen: str = Field("", title="The file", max_length=64)
    purpose: Purpose = Field(title="What it is for", description="Choose what the file is for")


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be taken: its bytes, what they hold, and of what they are in words."""

    content: bytes
    manifest: Manifest
    of: str
    suffix: str = "csv"
    media_type: str = MEDIA_TYPE

    @property
    def name(self) -> str:
        """Its name comes from the menu, never from the address."""
        return f"{self.manifest.export.value}-{self.manifest.of}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class FileView:
    """What a file holds, before it is taken. `changed`: the figures are others than those that were shown."""

    manifest: Manifest
    title: str
    of: str
    purposes: tuple[tuple[str, str], ...]
    threshold: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class FilesView:
    """The files that were taken, with what they are called and what they were for."""

    files: tuple[Taken, ...]
    titles: dict[Export, str]
    purposes: dict[Purpose, str]


@dataclass(frozen=True, slots=True)
class Taker:
    """Gives a file to whoever asked for it, once it is kept that they took it."""

    request: Request
    person: CurrentPerson
    database: TheDatabase
    settings: TheSettings
    now: Now

    def take(self, form: Submitted[TakeForm], file: File) -> Response:
        """The file; or the page again, where something is missing, or the figures are others than were shown."""
        values = form.values
        if values is None:
            return file_page(self.request, file, self.settings.small_numbers_below, form=form, status=422)
        if values.seen != file.manifest.sha256:
            return file_page(self.request, file, self.settings.small_numbers_below, form=form, changed=True, status=409)
        with self.database.writing() as connection:
            take_export(connection, manifest=file.manifest, purpose=values.purpose, by=self.person, now=self.now)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.content, media_type=file.media_type, headers=headers)


TheTaker = Annotated[Taker, Depends()]


@router.get("/files")
def files(request: Request, person: CurrentPerson, database: TheDatabase) -> Response:
    """Which files were taken."""
    with database.reading() as connection:
        taken = files_taken(connection, person=person)
    return render(request, "board/files.html", FilesView(taken, TITLES, PURPOSES))


@router.get("/compliance/file")
def compliance_file(
    request: Request, figures: TheFigures, law: TheLaw, settings: TheSettings, period: str = "", by: str = ""
) -> Response:
    """What the file of a period and a breakdown of the menu holds."""
    return file_page(request, _compliance(figures, law, period, by), settings.small_numbers_below)


@router.post("/compliance/file")
def take_compliance(form: Sent[TakeForm], figures: TheFigures, law: TheLaw, taker: TheTaker) -> Response:
    """Take it."""
    period, _, by = form.text("of").partition(_BY)
    return taker.take(form, _compliance(figures, law, period, by))


@router.get("/months/file")
def months_file(
    request: Request, figures: TheFigures, law: TheLaw, settings: TheSettings, agency: str = ""
) -> Response:
    """What the file of an agency's months holds."""
    return file_page(request, _months(figures, law, agency), settings.small_numbers_below)


@router.post("/months/file")
def take_months(form: Sent[TakeForm], figures: TheFigures, law: TheLaw, taker: TheTaker) -> Response:
    """Take it."""
    return taker.take(form, _months(figures, law, form.text("of")))


@router.get("/referrals/file")
def referrals_file(request: Request, figures: TheFigures, settings: TheSettings, reading: str = "") -> Response:
    """What the file of the referral rate by month holds."""
    return file_page(request, _referrals(figures, reading), settings.small_numbers_below)


@router.post("/referrals/file")
def take_referrals(form: Sent[TakeForm], figures: TheFigures, taker: TheTaker) -> Response:
    """Take it."""
    return taker.take(form, _referrals(figures, form.text("of")))


@router.get("/support/file")
def support_file(
    request: Request, figures: TheFigures, law: TheLaw, settings: TheSettings, period: str = "", by: str = ""
) -> Response:
    """What the file of how far the victims of a period came holds."""
    return file_page(request, _support(figures, law, period, by), settings.small_numbers_below)


@router.post("/support/file")
def take_support(form: Sent[TakeForm], figures: TheFigures, law: TheLaw, taker: TheTaker) -> Response:
    """Take it."""
    period, _, by = form.text("of").partition(_BY)
    return taker.take(form, _support(figures, law, period, by))


@router.get("/feedback/file")
def feedback_file(
    request: Request, figures: TheFigures, settings: TheSettings, quarter: str = "", by: str = ""
) -> Response:
    """What the file of what victims answered in a quarter holds."""
    return file_page(request, _feedback(figures, settings, quarter, by), settings.small_numbers_below)


@router.post("/feedback/file")
def take_feedback_file(form: Sent[TakeForm], figures: TheFigures, settings: TheSettings, taker: TheTaker) -> Response:
    """Take it."""
    quarter, _, by = form.text("of").partition(_BY)
    return taker.take(form, _feedback(figures, settings, quarter, by))


def _compliance(figures: Figures, law: Law, period: str, by: str) -> File:
    chosen, breakdown = chosen_period(figures.menu(), period), chosen_breakdown(by, compliance.BREAKDOWNS)
    if chosen is None:
        raise HTTPException(404)
    view = figures.compliance(chosen, breakdown)
    rows = list(compliance.csv_rows(view, Names(law.code, view.teams)))
    of = f"{period_title(chosen)}, by {compliance.BREAKDOWNS[breakdown].lower()}"
    return _file(Export.COMPLIANCE, f"{chosen.id}{_BY}{breakdown.value}", compliance.CSV_HEADER, rows, of=of)


def _months(figures: Figures, law: Law, agency: str) -> File:
    chosen = next((one for one in figures.months(figures.menu()) if agency in ("", one.agency)), None)
    if chosen is None:
        raise HTTPException(404)
    name = Names(law.code, {}).of_agency(chosen.agency)
    rows = list(compliance_months.csv_rows(chosen, name))
    return _file(Export.MONTHS, chosen.agency, compliance_months.CSV_HEADER, rows, of=name)


def _support(figures: Figures, law: Law, period: str, by: str) -> File:
    chosen, breakdown = chosen_period(figures.menu(), period), chosen_breakdown(by, support_reached.BREAKDOWNS)
    if chosen is None:
        raise HTTPException(404)
    view = figures.support(chosen, breakdown)
    rows = list(support_reached.csv_rows(view, Names(law.code, view.teams)))
    of = f"{period_title(chosen)}, by {support_reached.BREAKDOWNS[breakdown].lower()}"
    return _file(Export.SUPPORT, f"{chosen.id}{_BY}{breakdown.value}", support_reached.CSV_HEADER, rows, of=of)


def _referrals(figures: Figures, reading: str) -> File:
    chosen = chosen_reading(reading)
    rows = list(referral_rate.csv_rows(figures.referrals(figures.menu(), chosen)))
    return _file(Export.REFERRALS, chosen.id, referral_rate.CSV_HEADER, rows, of="by month")


def _feedback(figures: Figures, settings: TheSettings, quarter: str, by: str) -> File:
    chosen, group = chosen_quarter(figures.feedback_quarters(), quarter), chosen_group(by)
    quarters = (chosen,) if group is not HeardBy.MONTH else tuple(reversed(figures.feedback_quarters()))
    views = (figures.feedback(one, group) for one in quarters)
    rows = [
        row
        for view in views
        for row in feedback.csv_rows(view, published_survey(), threshold=settings.small_numbers_below)
    ]
    asked_in = feedback.quarter_title(chosen) if group is not HeardBy.MONTH else "all quarters"
    of = f"{asked_in}, by {feedback.BREAKDOWNS[group].lower()}"
    return _file(Export.FEEDBACK, f"{chosen.id}{_BY}{group.value}", feedback.CSV_HEADER, rows, of=of)


def _file(export: Export, of_id: str, columns: tuple[str, ...], rows: Sequence[Sequence[str]], *, of: str) -> File:
    content = csv_bytes(columns, rows)
    return File(content, Manifest(export, of_id, columns, len(rows), sha256(content).hexdigest()), of)


def file_page(
    request: Request,
    file: File,
    threshold: int,
    *,
    form: Submitted[TakeForm] | None = None,
    changed: bool = False,
    status: int = 200,
) -> Response:
    """The page that says what a file holds, before it is taken."""
    view = FileView(file.manifest, TITLES[file.manifest.export], file.of, _PURPOSES, threshold, changed)
    return render(request, "board/file.html", view, form=form or blank(TakeForm), status=status)
