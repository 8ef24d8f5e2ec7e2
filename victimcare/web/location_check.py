"""Asking before words are kept that tell where a victim can be found.

A form with free text is a `MayTellLocation`. Before its words are stored:

    told = location_told(...)             # what `queries/notes.py` found in the words
    if goes_back(form): return render(...)  # the form again, with all that was typed
    if to_ask(form, told): return ask(request, form, told, action="/messages")

The page that asks has everything typed in it (`cases/location.html`), with two buttons: keep it as it is, or go back.
A form about one case is asked of by `CaseWriter`: its `FormPage` names the fields with `words`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Request, Response
from pydantic import AfterValidator, Field

from victimcare.domain.locations_in_text import told_in
from victimcare.queries.case_page import CasePage
from victimcare.web.forms import Form, Submitted
from victimcare.web.pages import render


def _without_place(typed: str) -> str:
    told = told_in(typed)
    if told:
        raise ValueError(f"must not tell {' or '.join(told)}")
    return typed


Label = Annotated[str, AfterValidator(_without_place)]
"""A label or a name that stands in journeys, lists and letters for good: it tells no place, not even if asked."""


class MayTellLocation(Form):
    """A form with free text. `location` is the answer of the page that asks, None before it was shown."""

    location: Literal["keep", "back"] | None = Field(None, title="What to do")


@dataclass(frozen=True, slots=True)
class LocationView:
    """What in the words tells a location, and where the form goes again."""

    told: Sequence[str]
    action: str
    case: CasePage | None = None


def to_ask(form: Submitted[Any], told: Sequence[str]) -> bool:
    """Whether the person must still be asked."""
    return bool(told) and form.values is not None and form.values.location is None


def goes_back(form: Submitted[Any]) -> bool:
    """Whether the person wants to change the words."""
    return form.values is not None and form.values.location == "back"


def ask(
    request: Request, form: Submitted[Any], told: Sequence[str], *, action: str, case: CasePage | None = None
) -> Response:
    """The page that asks. Without a case the words are of none, or of several."""
    return render(request, "cases/location.html", LocationView(told, action, case), form=form)
