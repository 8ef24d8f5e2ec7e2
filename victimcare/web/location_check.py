"""Asking before words are kept that tell where a victim can be found.

A form with free text is a `MayTellLocation`. Before its words are stored:

    asked = to_ask(form, told)            # what `queries/notes.py` found in the words
    if asked: return render(request, "notes/location.html", view, form=form)

The page has everything typed in it (`cases/location.html`), with two buttons: keep it as it is, or go back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from victimcare.web.forms import Form, Submitted


class MayTellLocation(Form):
    """A form with free text. `location` is the answer of the page that asks, None before it was shown."""

    location: Literal["keep", "back"] | None = Field(None, title="What to do")


def to_ask(form: Submitted[Any], told: Sequence[str]) -> bool:
    """Whether the person must still be asked."""
    return bool(told) and form.values is not None and form.values.location is None


def goes_back(form: Submitted[Any]) -> bool:
    """Whether the person wants to change the words."""
    return form.values is not None and form.values.location == "back"
