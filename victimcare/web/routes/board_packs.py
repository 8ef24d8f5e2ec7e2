"""The board's packs: asked for here, made by a job, and taken as any file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import Field

from victimcare.commands.ask_for_pack import ask_for_pack
from victimcare.commands.use_form import use_form
from victimcare.domain.board_pack import SHORT_NAME, PackFormat, file_id
from victimcare.domain.exports import Export, Manifest
from victimcare.domain.people import Action, may
from victimcare.presentation.board_pack import csvw, ods
from victimcare.presentation.figure_names import period_title
from victimcare.queries.board_packs import NoSuchPack, PackShown, pack_file, packs_asked_for
from victimcare.queries.periods import Period, PeriodMenu
from victimcare.web.board_reading import Figures, TheFigures
from victimcare.web.deps import Consulted, CurrentPerson, Now, TheDatabase, TheSettings
from victimcare.web.forms import Form, Sent, Submitted, blank
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy
from victimcare.web.routes.board_files import File, TakeForm, TheTaker, file_page

router = APIRouter(prefix="/board/packs", dependencies=[policy(Action.TAKE_SUMMARIES)])

FORMATS = {
    PackFormat.PDF: ("PDF, to print or to send", "application/pdf"),
    PackFormat.HTML: ("Web page, to read on a screen", "text/html; charset=utf-8"),
    PackFormat.ODS: ("Spreadsheet (ODS)", ods.MEDIA_TYPE),
    PackFormat.CSV: ("CSV files with what each column means, in a ZIP file", csvw.MEDIA_TYPE),
    PackFormat.JSON: ("The figures in one document (JSON)", "application/json"),
}
"""What each file of a pack is for people, and its media type."""
BEFORE, NONE = "before", "none"


class AskForm(Form):
    """Of which period a pack is asked for, and against which it is held."""

    period: str = Field(title="Period", description="Choose a period", min_length=1, max_length=20)
    since: str = Field(BEFORE, title="Changed since", max_length=20)


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack of the list in words; `files` are their ids, what they are for people, and their sizes."""

    pack: PackShown
    title: str
    since: str
    short: str
    files: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PacksPage:
    """What can be asked for, and what was. `makes`: whoever reads it has packs made."""

    makes: bool
    periods: tuple[tuple[str, str], ...]
    since: tuple[tuple[str, str], ...]
    packs: tuple[PackLine, ...]
    asked: bool
    threshold: int


@dataclass(frozen=True, slots=True)
class Packs:
    """Reads the packs for this request."""

    request: Request
    person: CurrentPerson
    database: TheDatabase
    settings: TheSettings

    def page(self, figures: Figures, form: Submitted[AskForm], *, asked: bool = False, status: int = 200) -> Response:
        """The page, with the form as it stands."""
        menu = figures.menu()
        with self.database.reading() as connection:
            found = packs_asked_for(connection, person=self.person, threshold=self.threshold)
        page = PacksPage(
            makes=may(self.person, Action.MAKE_PACKS),
            periods=_options((*menu.quarters, *menu.years)),
            since=((BEFORE, "The one before it"), (NONE, "Do not compare"), *_options((*menu.quarters, *menu.years))),
            packs=tuple(map(_line, found)),
            asked=asked,
            threshold=self.threshold,
        )
        return render(self.request, "board/packs.html", page, form=form, status=status)

    def file(self, of: str) -> File:
        """The file of a pack that is called so: its period, its short name, and the format. 404 for any other."""
        rest, _, asked = of.rpartition("-")
        name = rest.rpartition("-")[2]
        if asked not in set(PackFormat) or len(name) != SHORT_NAME:
            raise HTTPException(404)
        which = PackFormat(asked)
        try:
            with self.database.reading() as connection:
                held = pack_file(connection, person=self.person, name=name, file_format=which, threshold=self.threshold)
        except NoSuchPack:
            raise HTTPException(404) from None
        if of != file_id(held.period.id, held.name, which):
            raise HTTPException(404)
        words, media_type = FORMATS[which]
        tables = tuple(f"{table.id.replace('-', ' ')}: {len(table.rows)} rows" for table in held.tables)
        rows = sum(len(table.rows) for table in held.tables)
        manifest = Manifest(Export.PACKS, of, tables, rows, held.sha256)
        title = f"{period_title(held.period)}. {words}"
        return File(held.content, manifest, title, suffix=which.suffix, media_type=media_type)

    @property
    def threshold(self) -> int:
        """Counts below it are hidden today."""
        return self.settings.small_numbers_below


ThePacks = Annotated[Packs, Depends()]


@router.get("")
def packs(packs: ThePacks, figures: TheFigures, consulted: Consulted, asked: Literal["", "yes"] = "") -> Response:
    """The form that asks for a pack, how far the packs have come that were asked for, and the files of the others."""
    consulted("board packs", ())
    newest = figures.menu().newest
    return packs.page(figures, blank(AskForm, period=newest.id if newest else "", since=BEFORE), asked=bool(asked))


@router.post("", dependencies=[policy(Action.MAKE_PACKS)])
def ask(form: Sent[AskForm], packs: ThePacks, figures: TheFigures, now: Now) -> Response:
    """Ask for a pack of a period of the menu."""
    values, menu = form.values, figures.menu()
    period = menu.chosen(values.period) if values else None
    if values and period is None:
        form = form.with_error("period", "Choose a period of the list")
    if values is None or period is None:
        return packs.page(figures, form, status=422)
    baseline = _baseline(menu, period, values.since)
    if baseline is not None and baseline not in menu.before(period):
        form = form.with_error("since", "Choose a period that was over when the other began")
        return packs.page(figures, form, status=422)
    with packs.database.writing() as connection:
        use_form(connection, form_key=form.form_key, by=packs.person, now=now)
        ask_for_pack(
            connection,
            period=period.id,
            baseline=baseline.id if baseline else "",
            force=packs.settings.force_name,
            threshold=packs.threshold,
            by=packs.person,
            now=now,
        )
    return redirect("/board/packs?asked=yes")


@router.get("/file")
def pack_of(request: Request, packs: ThePacks, of: str = "") -> Response:
    """What a file of a pack holds."""
    return file_page(request, packs.file(of), packs.threshold)


@router.post("/file")
def take_pack(form: Sent[TakeForm], packs: ThePacks, taker: TheTaker) -> Response:
    """Take it."""
    return taker.take(form, packs.file(form.text("of")))


def _baseline(menu: PeriodMenu, period: Period, since: str) -> Period | None:
    """The period that was chosen; the one before, where that was; None for none. 404 for one that there is not."""
    if since in (BEFORE, NONE, ""):
        return None if since == NONE else menu.one_before(period)
    chosen = menu.chosen(since)
    if chosen is None:
        raise HTTPException(404)
    return chosen


def _options(periods: tuple[Period, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((period.id, period_title(period)) for period in periods)


def _line(pack: PackShown) -> PackLine:
    taken = {} if pack.hides_too_little else pack.sizes
    return PackLine(
        pack=pack,
        title=period_title(pack.period),
        since=period_title(pack.baseline) if pack.baseline else "",
        short=(pack.name or pack.same_as)[:SHORT_NAME],
        files=tuple(
            (file_id(pack.period.id, pack.name, which), FORMATS[which][0], _size(taken[which]))
            for which in FORMATS
            if which in taken
        ),
    )


def _size(count: int) -> str:
    return f"{max(1, round(count / 1000)):,} KB"
