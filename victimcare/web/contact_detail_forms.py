"""The forms about contact details: adding one, how it is used safely, a suspect's."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from victimcare.domain.contact_shapes import shape_wrong
from victimcare.domain.hearing_times import SAFE_AT
from victimcare.domain.safe_contact import PointKind, SafeUse
from victimcare.queries.contact_details import PointView
from victimcare.web.forms import Form, Submitted
from victimcare.web.location_check import Label

KINDS = (("phone", "Telephone"), ("email", "E-mail"), ("address", "Address"), ("other", "Something else"))
YES_NO = (("yes", "Yes"), ("no", "No"))

YesNo = Literal["yes", "no"]
Kind = Literal["phone", "email", "address", "other"]


class UseForm(Form):
    """How a point is used safely; what is left empty was not asked."""

    voicemail: YesNo | None = Field(None, title="Voicemail", description="Say whether you may leave a message")
    say_who: YesNo | None = Field(None, title="Who you are", description="Say whether you may say who you are")
    preview_safe: YesNo | None = Field(None, title="Messages", description="Say whether texts may be seen by others")
    safe_at: list[Literal[tuple(SAFE_AT)]] = Field([], title="Times that are safe")  # type: ignore[valid-type]
    times: str = Field("", title="When it is safe", max_length=200)
    if_another: str = Field("", title="What to say if someone else answers", max_length=200)
    code_word: str = Field("", title="Code word", max_length=50)


class ConfirmForm(UseForm):
    """The victim says that it is safe, and how."""

    version: int = Field(title="Version of the contact detail")


class PointForm(UseForm):
    """A new point, in place of `instead_of` or beside the others."""

    kind: Kind = Field(title="What it is", description="Choose what it is")
    value: str = Field(title="Number or address", description="Enter the number or address", max_length=500)
    confirmed: YesNo = Field(title="Safe", description="Say whether the victim told you that it is safe to use")
    instead_of: str | None = Field(None, title="In place of", max_length=60)
    version: int | None = Field(None, title="Version of the contact detail")


class SuspectsPointForm(Form):
    """Where a suspect is reached."""

    suspect: Label = Field(title="Suspect", description="Enter which suspect it is", max_length=80)
    kind: Kind = Field(title="What it is", description="Choose what it is")
    value: str = Field(title="Number or address", description="Enter the number or address", max_length=500)


def use_typed(form: UseForm) -> SafeUse:
    """How it is used, of a form without faults."""
    return SafeUse(
        voicemail=_truth(form.voicemail),
        say_who=_truth(form.say_who),
        preview_safe=_truth(form.preview_safe),
        safe_at=frozenset(form.safe_at),
        times=form.times,
        if_another=form.if_another,
        code_word=form.code_word,
    )


def typed_use(point: PointView) -> dict[str, str | list[str]]:
    """What is already known of how a point is used, as a form shows it: never the code word."""
    use = point.use or SafeUse()
    answers = {"voicemail": use.voicemail, "say_who": use.say_who, "preview_safe": use.preview_safe}
    said = {name: "yes" if answer else "no" for name, answer in answers.items() if answer is not None}
    return {**said, "times": use.times, "if_another": use.if_another, "safe_at": sorted(use.safe_at)}


def checked(form: Submitted[Any]) -> Submitted[Any]:
    """The form with what is wrong with the number or address, if it cannot be one."""
    if form.values is None:
        return form
    kind, value = PointKind(form.values.kind), form.values.value
    wrong = shape_wrong(kind, value)
    return form.with_error("value", wrong) if wrong else form


def _truth(answer: str | None) -> bool | None:
    return None if answer is None else answer == "yes"
