"""Forms: what was typed, the values it makes, and what is wrong with it in the words of the page.

    class ContactForm(Form):
        happened_on: DateTyped = Field(title="Date of the contact", description="Enter the date of the contact")
        duties: list[str] = Field([], title="Duties")

    @router.post(..., dependencies=[policy(Action.RECORD_CONTACT)])
    def record(request: Request, form: Sent[ContactForm], ...) -> Response:
        if form.values is None:
            return render(request, "contacts/new.html", view, form=form, status=422)

A field's `title` begins its error messages; its `description` is said where nothing, or nothing known, was entered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_args, get_origin

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData

from victimcare.domain.readable_text import UNREADABLE, is_readable, readable_part
from victimcare.web.typed_dates import PARTS, is_date, parts_of

SHOW_AGAIN = "shown_again"
"""In a form that was kept while its sender signed in again: it is shown as it was typed, and does nothing yet."""
OURS = frozenset({"csrf_token", "form_key", SHOW_AGAIN})
_LONGEST_KEY = 64


class Form(BaseModel):
    """The base of every form's model. A field that it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=10_000)


class Button(Form):
    """A form that asks nothing: pressing it says all."""


class _Verbatim:
    """Marks a field of which not even the spaces around it are taken away."""


Exactly = Annotated[str, _Verbatim()]
"""What was typed, exactly."""
Password = Exactly
"""The same, which is never shown again (`fields.password`)."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was chosen: its name, and what is in it. It is in memory only, and never shown or kept by itself."""

    name: str
    content: bytes = field(repr=False)

    def __bool__(self) -> bool:
        """Whether one was chosen at all: a browser sends an empty one of no name otherwise."""
        return bool(self.name or self.content)


F = TypeVar("F", bound=Form)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field, in a sentence without a full stop, as the design system has it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Submitted(Generic[F]):
    """A form as it was sent: `values` where all is well, else None and `errors`. What was typed is kept."""

    model: type[F]
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: F | None = None
    errors: tuple[FieldError, ...] = ()

    def text(self, name: str) -> str:
        """What was typed into a field of one value."""
        return next(iter(self.typed.get(name, ())), "")

    def chosen(self, name: str) -> Sequence[str]:
        """What was chosen in a field of several."""
        return self.typed.get(name, ())

    def error(self, name: str) -> str | None:
        """The first thing wrong with a field."""
        return next((error.message for error in self.errors if error.field == name), None)

    def target(self, name: str) -> str:
        """The id of the element that the error summary goes to."""
        info = self.model.model_fields.get(name)
        return f"{name}-day" if info is not None and is_date(info) else name

    def with_error(self, name: str, message: str) -> Submitted[F]:
        """The same with something else that is wrong: what only the command could know. `name` may be no field."""
        return replace(self, values=None, errors=(*self.errors, FieldError(name, message)))

    @property
    def form_key(self) -> str:
        """The key that makes sending the form twice harmless (`commands/use_form.py`). Raises `FormRefused`."""
        key = self.text("form_key")
        if not 0 < len(key) <= _LONGEST_KEY:
            raise FormRefused("it has no key of ours")
        return key


def blank(model: type[F], **initial: str | Sequence[str]) -> Submitted[F]:
    """The form as first shown. `initial`: what is already filled in; a date field takes `name_day="22"` and so on."""
    typed = {name: [value] if isinstance(value, str) else list(value) for name, value in initial.items()}
    return Submitted(model, typed)


def read(model: type[F], sent: FormData) -> Submitted[F]:
    """The form as sent. Raises `FormRefused` for what no page of ours sends: unknown fields, one field twice, a file
    where none is asked for."""
    typed: dict[str, list[str]] = {}
    chosen: dict[str, Uploaded] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            typed.setdefault(name, []).append(value.replace("\r\n", "\n"))
        elif not takes_file(model, name) or name in chosen:
            raise FormRefused(f"{name} is a file")
        else:
            chosen[name] = Uploaded(readable_part(value.filename or ""), value.file.read())
    refuse_unknown(model, typed)
    unreadable = {_field_of(model, name) for name, values in typed.items() if not all(map(is_readable, values))}
    if unreadable:
        shown = {name: [readable_part(value) for value in values] for name, values in typed.items()}
        return Submitted(model, shown, errors=tuple(FieldError(name, _unreadable(model, name)) for name in unreadable))
    if SHOW_AGAIN in typed:
        return Submitted(model, typed)
    try:
        values = model.model_validate(_raw_values(model, typed) | {name: file for name, file in chosen.items() if file})
    except ValidationError as refused:
        return Submitted(model, typed, errors=_in_words(model, refused))
    return Submitted(model, typed, values)


def refuse_unknown(model: type[Form], typed: Mapping[str, Sequence[str]]) -> None:
    """Raise `FormRefused` for a field that the form has not, or that it has once and was sent twice."""
    known = {name: many(info) for name, info in model.model_fields.items() if not is_date(info)}
    for name, info in model.model_fields.items():
        if is_date(info):
            known.update(dict.fromkeys(parts_of(name), False))
    known.update(dict.fromkeys(OURS, False))
    for name, values in typed.items():
        if name not in known:
            raise FormRefused(f"there is no field {name!r}")
        if takes_file(model, name) and any(values):
            raise FormRefused(f"{name} is no file")
        if len(values) > 1 and not known[name]:
            raise FormRefused(f"{name} came twice")


def takes_file(model: type[Form], name: str) -> bool:
    """Whether the field is one in which a file is chosen."""
    info = model.model_fields.get(name)
    return info is not None and Uploaded in get_args(info.annotation)


def many(info: FieldInfo) -> bool:
    """Whether the field takes several values."""
    return get_origin(info.annotation) in {list, tuple, set, frozenset}


def _raw_values(model: type[Form], typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the model is given: nothing at all for what was left empty."""
    raw: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if is_date(info):
            parts = [next(iter(typed.get(part, ())), "").strip() for part in parts_of(name)]
            if any(parts):
                raw[name] = tuple(parts)
        elif many(info):
            raw[name] = [value for value in typed.get(name, ()) if value]
        elif name in typed:
            value = typed[name][0] if _verbatim(info) else typed[name][0].strip()
            if value:
                raw[name] = value
    return raw


def _verbatim(info: FieldInfo) -> bool:
    return any(isinstance(mark, _Verbatim) for mark in info.metadata)


def _in_words(model: type[Form], refused: ValidationError) -> tuple[FieldError, ...]:
    found: dict[str, FieldError] = {}
    for error in refused.errors(include_input=False, include_url=False):
        name = str(error["loc"][0]) if error["loc"] else ""
        found.setdefault(name, FieldError(name, _message(model.model_fields.get(name), error)))
    return tuple(found.values())


def _message(info: FieldInfo | None, error: Any) -> str:
    title = (info and info.title) or "The form"
    if error["type"] == "value_error":
        said = str(error["ctx"]["error"])
        return f"{title} {said}" if said[:1].islower() else said
    if error["type"] == "string_too_long":
        return f"{title} must be {error['ctx']['max_length']:,} characters or fewer"
    return (info and info.description) or f"{title} is not one that is known here"


def _field_of(model: type[Form], name: str) -> str:
    """The field that an input is of: of one of the three of a date, the date."""
    field, _, part = name.rpartition("-")
    return field if field in model.model_fields and part in PARTS else name


def _unreadable(model: type[Form], name: str) -> str:
    info = model.model_fields.get(name)
    return f"{(info and info.title) or name} {UNREADABLE}"


async def _form_of(request: Request) -> FormData:
    return await request.form()


TheFormData = Annotated[FormData, Depends(_form_of)]

if TYPE_CHECKING:
    Sent = Annotated[Submitted[F], "as a route receives it"]
else:

    class Sent:
        """`Sent[SomeForm]`: a route's parameter, the form as it was sent."""

        def __class_getitem__(cls, model: type[Form]) -> Any:
            def submitted(data: TheFormData) -> Submitted[Any]:
                return read(model, data)

            return Annotated[Submitted, Depends(submitted)]


class FormRefused(ValueError):
    """The form has what no page of ours sends."""


class FieldRefused(ValueError):
    """What was typed cannot be, as only the case or the clock can tell; `field` is the one to correct."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)
