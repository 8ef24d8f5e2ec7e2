"""Trying a profile of a force's own records on the first rows of an export, in the browser. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from pydantic import Field

from victimcare.domain.people import Action
from victimcare.exchange.records.lines import FileRefused
from victimcare.exchange.records.profiles import BadProfile, Profile, profile_of, published_names, published_text
from victimcare.exchange.records.trial import Trial, try_profile
from victimcare.web.forms import Exactly, FieldRefused, Form, Sent, Submitted, Uploaded, blank
from victimcare.web.pages import render
from victimcare.web.policies import policy

ADDRESS = "/people/systems/profile"
router = APIRouter(prefix=ADDRESS, dependencies=[policy(Action.TRY_PROFILE)])

_LONGEST_PROFILE, _LONGEST_PASTE = 100_000, 200_000


class TrialForm(Form):
    """A profile, and a sample: a file, or its first lines with the name that the file has."""

    profile: str = Field(title="The profile", description="Paste the profile", max_length=_LONGEST_PROFILE)
    sample: Uploaded | None = Field(None, title="The file")
    name: str = Field("", title="The name of the file", max_length=200)
    lines: Exactly = Field("", title="The first lines", max_length=_LONGEST_PASTE)


@dataclass(frozen=True, slots=True)
class TrialView:
    """The profiles that come with the program, and what came of a trial, if there was one."""

    published: tuple[str, ...]
    trial: Trial | None = None


@router.get("")
def profile_form(request: Request, example: str = "") -> Response:
    """An empty form, or one with a profile that comes with the program, to begin from."""
    return _page(request, blank(TrialForm, profile=published_text(example)))


@router.post("")
def try_it(request: Request, form: Sent[TrialForm]) -> Response:
    """What the profile makes of the sample."""
    if form.values is None:
        return _page(request, form)
    try:
        profile = profile_of(form.values.profile)
        name, content = _sample(form.values, profile)
        trial = try_profile(profile, name, content)
    except BadProfile as wrong:
        return _page(request, form.with_error("profile", f"The profile is refused: {wrong}"))
    except FieldRefused as wrong:
        return _page(request, form.with_error(wrong.field, wrong.message))
    except FileRefused as wrong:
        field = "sample" if form.values.sample else "lines"
        return _page(request, form.with_error(field, f"The sample is refused: {wrong.why}"))
    return _page(request, form, trial)


def _sample(values: TrialForm, profile: Profile) -> tuple[str, bytes]:
    """The name and the content of what was chosen, or of what was pasted as the profile says that it is written.

    Raises `FieldRefused`.
    """
    pasted = values.lines.strip()
    if values.sample and pasted:
        raise FieldRefused("lines", "Choose a file or paste its lines, not both")
    if values.sample:
        return values.sample.name, values.sample.content
    if not pasted:
        raise FieldRefused("sample", "Choose a file, or paste its first lines")
    if not values.name:
        raise FieldRefused("name", "Enter the name that the file has: a profile tells files by their names")
    export = profile.export_of(Path(values.name))
    encoding = export.layout.encoding if export else "utf-8"
    try:
        return values.name, values.lines.encode(encoding)
    except UnicodeEncodeError:
        raise FieldRefused("lines", f"The first lines have what cannot be written in {encoding}") from None


def _page(request: Request, form: Submitted[TrialForm], trial: Trial | None = None) -> Response:
    view = TrialView(tuple(published_names()), trial)
    return render(request, "people/profile_trial.html", view, form=form, status=422 if form.errors else 200)
