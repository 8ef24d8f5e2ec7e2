"""The Jinja environment: always escaped, never lenient about the values of a view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    UndefinedError,
)

from victimcare.presentation import words
from victimcare.presentation.languages import language

_OWN = Path(__file__).parent / "templates"
_MACROS = ("components", "fields")


class ViewUndefined(ChainableUndefined):
    """Lenient, as the design system's macros need; but a name that a view does not have is a fault at once."""

    def __init__(self, hint: str | None = None, obj: Any = None, name: str | None = None, **more: Any) -> None:
        if is_dataclass(obj) and not isinstance(obj, type):
            raise UndefinedError(f"{type(obj).__name__} has no {name!r}")
        super().__init__(hint, obj, name, **more)


def environment(folders: Iterable[Path] = ()) -> Environment:
    """The environment for templates in these folders, with our macros as the globals `components` and `fields`.

    They are globals, not imports, so that a block of a page can be rendered alone.
    """
    made = Environment(
        loader=_loader(folders),
        autoescape=True,
        undefined=ViewUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for name in ("weekday", "day", "month", "clock", "instant", "counted", "or_none"):
        made.filters[name] = getattr(words, name)
    made.filters["language"] = language
    made.globals["due_label"] = words.due_label
    for name in _MACROS:
        made.globals[name] = made.get_template(f"macros/{name}.html").module
    return made


def _loader(folders: Iterable[Path]) -> BaseLoader:
    design_system = {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    return ChoiceLoader([FileSystemLoader([*folders, _OWN]), PrefixLoader(design_system)])
