"""What an event of a kind must say, as systems and files say it: typed fields made from what the kind itself says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from victimcare.domain.event_kinds import Detail, DetailType, EventKind
from victimcare.editions.outcome_types import outcome_types_of
from victimcare.exchange.said_moments import DaySaid

_LETTERS = "0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff"
LABEL = f"^[{_LETTERS}][{_LETTERS} .,'\u2019()/:-]{{0,39}}$"
_MOST = 10_000


class Said(BaseModel):
    """The base of what systems and files say: a field that it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _whole(said: object) -> object:
    return int(said) if isinstance(said, float) and said.is_integer() else said


Whole = Annotated[StrictInt, Field(ge=0, le=_MOST), BeforeValidator(_whole)]
"""To JSON Schema 5.0 is an integer like 5."""


def detail_field(kind: EventKind, detail: Detail) -> tuple[Any, Any]:
    """The type and the field of one detail, as `create_model` takes them: codes where there are any."""
    about: dict[str, Any] = {"description": detail.label}
    typed: Any
    if detail.type is DetailType.DATE:
        typed = DaySaid
    elif detail.type is DetailType.YES_NO:
        typed = StrictBool
    elif detail.type is DetailType.NUMBER:
        typed = Whole
    else:
        codes = tuple(detail.choices or (code for code, _ in outcome_types_of(kind)))
        typed = Literal[codes]
    return (typed, Field(**about)) if detail.required else (typed | None, Field(None, **about))


def name_of(kind: EventKind) -> str:
    """What models of the kind begin with."""
    return "".join(word.capitalize() for word in kind.value.split("_"))
