"""Asking before a day is kept that can hardly be meant (`domain/doubtful_days.py`).

A form with the day on which something happened is a `MayDoubtDay`; a form about one case is asked of by `CaseWriter`,
whose `FormPage` says which `events` it would record. The page that asks has everything typed in it
(`cases/doubtful_day.html`), with two buttons: go back, or record it with that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Request, Response
from pydantic import Field

from victimcare.domain.doubtful_days import DoubtfulDay
from victimcare.queries.case_page import CasePage
from victimcare.web.forms import Form, Submitted
from victimcare.web.pages import render


class MayDoubtDay(Form):
    """A form with the day of what happened. `sure` is the answer of the page that asks, None before it was shown."""

    sure: Literal["yes", "no"] | None = Field(None, title="Whether the date is right")


@dataclass(frozen=True, slots=True)
class DoubtfulDayView:
    """What is doubtful, and where the form goes again. Without a case it is a crime that is being recorded."""

    doubt: DoubtfulDay
    action: str
    case: CasePage | None = None


def ask_day(
    request: Request, form: Submitted[Any], doubt: DoubtfulDay, *, action: str, case: CasePage | None = None
) -> Response:
    """The page that asks."""
    return render(request, "cases/doubtful_day.html", DoubtfulDayView(doubt, action, case), form=form)
